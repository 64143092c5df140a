//! What users of Pyro reported as hurting about name servers: one test an issue, named after it. See
//! `docs/pains.md`, and `crates/ferropyro/tests/pains` for all that needs no name server.

use std::collections::BTreeSet;
use std::time::Duration;

use ferropyro::server::Methods;
use ferropyro::{CallError, Client, Daemon, Dialect, Location};
use ferropyro_ns::NameServer;

/// What comes of a future that must not hang: only a hang reaches the limit.
async fn within<T>(future: impl IntoFuture<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), future).await.expect("it ends")
}

async fn names() -> NameServer {
    within(NameServer::builder().host("127.0.0.1").port(0).start()).await.unwrap()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn p4_122_a_name_server_on_the_address_that_debian_gives_the_host_is_found() {
    let names = within(NameServer::builder().host("127.0.1.1").port(0).start()).await.unwrap();
    let port = names.local_addr().unwrap().port();
    for host in ["localhost", "127.0.0.1"] {
        let client = Client::builder().name_server(Location::tcp(host, port)).broadcast(false).build();
        let found = within(client.name_server()).await.unwrap();
        assert_eq!(found.uri().location(), Some(&Location::tcp("127.0.1.1", port)));
    }
}

#[tokio::test]
async fn p4_36_calls_are_spread_over_the_objects_that_several_processes_offer() {
    let names = names().await;
    let client = Client::new();
    let registered = within(client.name_server_at(names.location().clone())).await.unwrap();
    let mut daemons = Vec::new();
    for number in 0..3 {
        let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
        let worker = Methods::new("Worker").method("number", move |_| async move { Ok(number) });
        let uri = daemon.register("worker", worker).unwrap();
        within(registered.register(format!("worker.{number}"), uri).metadata(["worker"])).await.unwrap();
        daemons.push(daemon);
    }
    let uri = format!("PYROMETA:worker@{}", names.location());
    let mut seen = BTreeSet::new();
    // Each is chosen in the end; that one is not among the first thousand will not happen.
    for _ in 0..1000 {
        let worker = within(client.lookup_any(&uri)).await.unwrap();
        seen.insert(within(worker.call("number", ()).cast::<i64>()).await.unwrap());
        if seen.len() == 3 {
            return;
        }
    }
    panic!("only {seen:?}");
}

#[tokio::test]
async fn p5_29_programs_of_both_pyros_use_one_name_server() {
    let names = names().await;
    let clients = Dialect::ALL.map(|dialect| Client::builder().dialect(dialect).build());
    for (number, client) in clients.iter().enumerate() {
        let registered = within(client.name_server_at(names.location().clone())).await.unwrap();
        within(registered.register(format!("name.{number}"), "PYRO:x@host:1")).await.unwrap();
    }
    for client in &clients {
        let registered = within(client.name_server_at(names.location().clone())).await.unwrap();
        let listed = within(registered.list_prefix("name.")).await.unwrap();
        assert_eq!(listed.len(), 2);
    }
}

#[tokio::test]
async fn p4_141_a_hundred_idle_clients_leave_a_name_server_free() {
    let names = names().await;
    let mut idle = Vec::new();
    for _ in 0..100 {
        let client = Client::new();
        idle.push(within(client.name_server_at(names.location().clone())).await.unwrap());
    }
    assert_eq!(names.daemon().connections(), 100);
    let late = within(Client::new().name_server_at(names.location().clone())).await.unwrap();
    within(late.register("late", "PYRO:x@host:1")).await.unwrap();
    let unknown = within(late.lookup("early")).await.unwrap_err();
    assert!(matches!(unknown.kind(), CallError::Naming(_)), "{unknown}");
}
