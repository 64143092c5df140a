//! How a daemon ends: from anywhere, at once where nothing runs, after what runs where something does.

use std::sync::atomic::Ordering;
use std::time::Duration;

use ferropyro::{CallError, Daemon, Ran, context, remote};

use crate::desk::Office;
use crate::limit::{in_time, within};

#[remote]
trait Switch {
    /// Shuts its daemon down.
    async fn off(&self) -> String;
    /// The same from a thread.
    fn off_blocking(&self) -> String;
}

struct Lever;

impl Switch for Lever {
    async fn off(&self) -> String {
        context().unwrap().daemon().unwrap().shutdown();
        "off".to_owned()
    }

    fn off_blocking(&self) -> String {
        context().unwrap().daemon().unwrap().shutdown();
        "off".to_owned()
    }
}

#[tokio::test]
async fn p4_137_a_method_shuts_its_own_daemon_down_and_is_answered() {
    for blocking in [false, true] {
        let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
        let own: SwitchProxy = daemon.serve("switch", Lever).unwrap();
        let switch: SwitchProxy = ferropyro::Client::new().lookup(own.uri()).await.unwrap();
        let call = if blocking { switch.off_blocking() } else { switch.off() };
        assert_eq!(within(call).await.unwrap(), "off");
        within(daemon.run()).await.unwrap();
    }
}

#[test]
fn p4_121_a_daemon_is_shut_down_by_another_thread_than_the_one_that_runs_it() {
    in_time(|| {
        let daemon = Daemon::bind("127.0.0.1:0").wait().unwrap();
        let running = daemon.clone();
        let runs = std::thread::spawn(move || running.run().wait());
        daemon.shutdown();
        runs.join().unwrap().unwrap();
    });
}

#[tokio::test]
async fn p4_164_a_daemon_with_idle_clients_ends_at_once() {
    // Longer than the limit of the test: were it waited for, it would be noticed.
    let builder = Daemon::builder().listen("127.0.0.1:0").drain_time(Duration::from_secs(3600));
    let office = Office::on(builder.bind().await.unwrap());
    let (tcp, idle) = (office.proxy().await, office.proxy().await);
    within(tcp.add(1)).await.unwrap();
    within(idle.bind()).await.unwrap();
    office.daemon.shutdown();
    within(office.daemon.run()).await.unwrap();
}

#[tokio::test]
async fn p5_15_what_runs_is_finished_and_answered_and_nothing_new_is_taken() {
    let office = Office::open().await;
    let desk = office.proxy().await;
    let running = tokio::spawn(desk.wait().into_future());
    within(office.clerk.see()).await;
    office.daemon.shutdown();
    let late = within(office.proxy().await.add(1)).await.unwrap_err();
    assert!(
        matches!(late, CallError::Unreachable { .. } | CallError::Closed { ran: Ran::Never, .. }),
        "{late}"
    );
    office.clerk.go.add_permits(1);
    assert_eq!(within(running).await.unwrap().unwrap(), "done");
    within(office.daemon.run()).await.unwrap();
    assert_eq!(office.clerk.total.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn p4_229_a_daemon_that_was_shut_down_serves_no_connected_proxy() {
    let office = Office::open().await;
    let desk = office.proxy().await;
    assert_eq!(within(desk.add(1)).await.unwrap(), 1);
    office.daemon.shutdown();
    within(office.daemon.run()).await.unwrap();
    let error = within(desk.add(1)).await.unwrap_err();
    assert!(matches!(error, CallError::Unreachable { .. } | CallError::Closed { .. }), "{error}");
    assert!(within(office.own.add(1)).await.is_err(), "nor the daemon's own");
    assert_eq!(office.clerk.total.load(Ordering::SeqCst), 1);
}
