//! Clients as a daemon sees them: many, idle, going away.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ferropyro::server::Methods;
use ferropyro::{CallError, Client, Daemon, Dialect, Exception, Value, context};
use tokio::sync::mpsc;

use crate::desk::Office;
use crate::limit::{until, within};
use crate::peer::Peer;

#[tokio::test]
async fn p4_82_idle_proxies_use_up_no_workers() {
    // More than Pyro has threads, of which an idle proxy holds one. Here all of them, their daemon included, are
    // on one thread.
    let office = Office::open().await;
    let mut idle = Vec::new();
    for _ in 0..300 {
        let desk = office.proxy().await;
        within(desk.add(1)).await.unwrap();
        idle.push(desk);
    }
    assert_eq!(office.daemon.connections(), 300);
    assert_eq!(within(office.proxy().await.add(1)).await.unwrap(), 301);
    for desk in &idle {
        within(desk.add(0)).await.unwrap();
    }
}

#[tokio::test]
async fn p4_141_a_daemon_without_room_says_so_to_those_who_look_for_a_name_server() {
    let daemon = Daemon::builder().listen("127.0.0.1:0").max_connections(1).bind().await.unwrap();
    daemon.register("Pyro.NameServer", Methods::new("Names").method("ping", async |_| Ok(()))).unwrap();
    let client = Client::new();
    let first = within(client.name_server_at(daemon.location().clone())).await.unwrap();
    let error = within(client.name_server_at(daemon.location().clone())).await.unwrap_err();
    let text = error.to_string();
    assert!(matches!(error.kind(), CallError::NoNameServer(_)), "{text}");
    assert!(text.contains("at most 1") && text.contains("max_connections"), "{text}");
    within(first.ping()).await.unwrap();
}

/// The sockets of a port that are neither listening nor only remembered by the system.
#[cfg(target_os = "linux")]
fn sockets(port: u16) -> usize {
    const LISTEN: &str = "0A";
    const TIME_WAIT: &str = "06";
    let port = format!(":{port:04X}");
    let table = std::fs::read_to_string("/proc/self/net/tcp").unwrap();
    let of_port = |line: &&str| {
        let fields: Vec<_> = line.split_whitespace().collect();
        let [_, local, remote, state] = fields[..4] else { return false };
        (local.ends_with(&port) || remote.ends_with(&port)) && state != LISTEN && state != TIME_WAIT
    };
    table.lines().skip(1).filter(of_port).count()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn p4_146_connections_that_end_leave_no_open_sockets() {
    let office = Office::open().await;
    let port = office.daemon.local_addr().unwrap().port();
    for _ in 0..50 {
        let desks = [office.proxy().await, office.proxy().await];
        for desk in &desks {
            within(desk.add(1)).await.unwrap();
        }
        assert!(sockets(port) >= 4, "both ends of both");
    }
    until(|| office.daemon.connections() == 0 && sockets(port) == 0).await;
}

/// Something that a client has opened, counted while it is there.
struct Opened(Arc<AtomicUsize>);

impl Drop for Opened {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn p4_186_what_a_client_opened_is_closed_when_it_vanishes() {
    let open = Arc::<AtomicUsize>::default();
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let counted = Arc::clone(&open);
    let files = Methods::new("Files").method("open", move |_| {
        let counted = Arc::clone(&counted);
        async move {
            let context = context().ok_or_else(|| Exception::new("RuntimeError", "no call"))?;
            context.resource(|| {
                counted.fetch_add(1, Ordering::SeqCst);
                Ok::<_, Exception>(Opened(Arc::clone(&counted)))
            })?;
            Ok(())
        }
    });
    daemon.register("files", files).unwrap();
    let other = daemon.clone();
    let clients = tokio::task::spawn_blocking(move || {
        Dialect::ALL.map(|dialect| {
            let mut peer = Peer::connect(&other, dialect, "files");
            assert_eq!(peer.call("files", "open", &[]), Ok(Value::None));
            peer
        })
    });
    let [first, second] = within(clients).await.unwrap();
    assert_eq!(open.load(Ordering::SeqCst), 2);
    // As a process that is killed: without a word.
    drop(first);
    until(|| open.load(Ordering::SeqCst) == 1).await;
    drop(second);
    until(|| open.load(Ordering::SeqCst) == 0).await;
}

#[tokio::test]
async fn p4_207_a_daemon_counts_its_clients_and_hears_of_those_that_vanish() {
    let (told, mut gone) = mpsc::unbounded_channel();
    let builder = Daemon::builder().listen("127.0.0.1:0");
    let builder = builder.on_disconnect(move |client| assert!(told.send(client.session).is_ok()));
    let office = Office::on(builder.bind().await.unwrap());
    let (stays, goes) = (office.proxy().await, office.proxy().await);
    within(stays.add(1)).await.unwrap();
    let session = within(goes.session()).await.unwrap();
    assert_eq!(office.daemon.connections(), 2);
    drop(goes);
    assert_eq!(within(gone.recv()).await, Some(session));
    until(|| office.daemon.connections() == 1).await;
    within(stays.add(1)).await.unwrap();
}

#[tokio::test]
async fn p5_116_an_error_that_is_kept_keeps_no_connection() {
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let failing =
        Methods::new("Failing").method("fail", async |_| Err::<Value, _>(Exception::new("ValueError", "no")));
    let uri = daemon.register("failing", failing).unwrap();
    let error = {
        let proxy = Client::new().proxy(&uri);
        within(proxy.call("fail", ())).await.unwrap_err()
    };
    until(|| daemon.connections() == 0).await;
    assert_eq!(error.to_string(), "ValueError: no");
}
