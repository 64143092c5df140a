//! Binding, registering, shutting down.

use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use ferropyro::server::Methods;
use ferropyro::{Config, Daemon, Dialect, Location, Object, Value};
use ferropyro_proto::Flags;

use crate::peer::Peer;
use crate::thing;

/// An object whose method `wait` says that it runs, and returns when it is told to.
fn waiter() -> (Methods, mpsc::Receiver<()>, tokio::sync::mpsc::UnboundedSender<()>) {
    let (running, runs) = mpsc::channel();
    let (release, released) = tokio::sync::mpsc::unbounded_channel::<()>();
    let released = Arc::new(tokio::sync::Mutex::new(released));
    let running = Mutex::new(running);
    let object = Methods::new("Waiter").method("wait", move |_| {
        let _ = running.lock().map(|running| running.send(()));
        let released = Arc::clone(&released);
        async move {
            released.lock().await.recv().await;
            Ok("done")
        }
    });
    (object, runs, release)
}

#[test]
fn shutting_down_finishes_the_call_that_runs_and_answers_it() {
    let daemon = thing::daemon();
    let (object, runs, release) = waiter();
    daemon.register("waiter", object).expect("the id is free");
    let mut idle = Peer::connect(&daemon, Dialect::Pyro4, "obj.thing");
    let mut peer = Peer::connect(&daemon, Dialect::Pyro5, "waiter");
    let frame = peer.invoke(Flags::NONE, "waiter", "wait", &[]);
    peer.write(&frame);
    runs.recv().expect("the call runs");
    daemon.shutdown();
    assert!(idle.is_closed(), "an idle connection is closed at once");
    release.send(()).expect("the call waits");
    assert_eq!(peer.outcome(), Ok(Value::from("done")));
    assert!(peer.is_closed());
    daemon.run().wait().expect("the daemon has ended");
    let address = daemon.local_addr().expect("a TCP port");
    assert!(std::net::TcpStream::connect(address).is_err(), "nobody listens any more");
}

#[test]
fn a_call_that_runs_beyond_the_drain_time_is_dropped() {
    let builder = Daemon::builder().listen("127.0.0.1:0").drain_time(Duration::from_millis(20));
    let daemon = builder.bind().wait().expect("the daemon binds");
    let (object, runs, _release) = waiter();
    daemon.register("waiter", object).expect("the id is free");
    let mut peer = Peer::connect(&daemon, Dialect::Pyro5, "waiter");
    let frame = peer.invoke(Flags::NONE, "waiter", "wait", &[]);
    peer.write(&frame);
    runs.recv().expect("the call runs");
    daemon.shutdown();
    daemon.run().wait().expect("the daemon has ended");
    assert!(peer.is_closed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_method_that_holds_its_thread_does_not_hold_up_the_end() {
    let builder = Daemon::builder().listen("127.0.0.1:0").drain_time(Duration::from_millis(20));
    let daemon = builder.bind().await.expect("the daemon binds");
    let (running, runs) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let (running, released) = (Mutex::new(running), Mutex::new(released));
    let stuck = Methods::new("Stuck").request("wait", move |request, slot| {
        let _ = running.lock().map(|running| running.send(()));
        let _ = released.lock().map(|released| released.recv());
        slot.ready(request.value("too late"));
    });
    daemon.register("stuck", stuck).expect("the id is free");
    let other = daemon.clone();
    let peer = tokio::task::spawn_blocking(move || {
        let mut peer = Peer::connect(&other, Dialect::Pyro5, "stuck");
        let frame = peer.invoke(Flags::NONE, "stuck", "wait", &[]);
        peer.write(&frame);
        runs.recv().expect("the call runs");
        peer
    });
    let _peer = peer.await.expect("no panic");
    daemon.shutdown();
    daemon.run().await.expect("the daemon has ended");
    drop(release);
}

#[test]
fn a_method_may_shut_its_daemon_down_and_is_answered() {
    let daemon = thing::daemon();
    let stopper = Methods::new("Stopper").request("stop", |request, slot| {
        request.daemon().expect("it is served by one").shutdown();
        slot.ready(request.value("stopping"));
    });
    daemon.register("stopper", stopper).expect("the id is free");
    let mut peer = Peer::connect(&daemon, Dialect::Pyro5, "stopper");
    assert_eq!(peer.call("stopper", "stop", &[]), Ok(Value::from("stopping")));
    assert!(peer.is_closed());
    daemon.run().wait().expect("the daemon has ended");
}

#[test]
fn a_daemon_ends_with_its_last_handle() {
    let daemon = thing::daemon();
    let mut peer = Peer::connect(&daemon, Dialect::Pyro5, "obj.thing");
    let other = daemon.clone();
    drop(daemon);
    assert_eq!(peer.call("obj.thing", "noargs", &[]), Ok(Value::None));
    drop(other);
    assert!(peer.is_closed());
}

#[test]
fn a_port_that_is_taken_is_an_error_that_says_what_to_do() {
    let daemon = thing::daemon();
    let address = daemon.location().to_string();
    let error = Daemon::bind(&address).wait().expect_err("the port is taken").to_string();
    assert!(error.contains(&address) && error.contains("port 0"), "{error}");
}

#[test]
fn a_location_shows_the_host_as_it_was_given_and_the_port_as_it_is() {
    let daemon = Daemon::bind("localhost:0").wait().expect("the daemon binds");
    let port = daemon.local_addr().expect("a TCP port").port();
    assert_ne!(port, 0);
    assert_eq!(daemon.location(), &Location::tcp("localhost", port));
    assert!(daemon.local_addr().is_some_and(|address| address.is_ipv4()));
    assert_eq!(daemon.uri_for("x").to_string(), format!("PYRO:x@localhost:{port}"));
}

#[test]
fn a_nat_address_is_handed_out_and_the_own_one_is_not_forgotten() {
    let builder = Daemon::builder().listen("127.0.0.1:0").nat("example.org", 0);
    let daemon = thing::serve(builder.bind().wait().expect("the daemon binds"));
    let port = daemon.local_addr().expect("a TCP port").port();
    assert_eq!(daemon.uri_for("x").to_string(), format!("PYRO:x@example.org:{port}"));
    assert_eq!(daemon.internal_uri_for("x").to_string(), format!("PYRO:x@127.0.0.1:{port}"));
    let reference = daemon.reference("obj.partial").expect("it is registered");
    assert_eq!(reference.uri, daemon.uri_for("obj.partial"));
    assert_eq!((reference.methods.len(), reference.attrs.as_slice()), (0, ["p".to_owned()].as_slice()));
    assert!(daemon.local_object(&daemon.uri_for("obj.thing")).is_some());
    assert!(daemon.local_object(&daemon.internal_uri_for("obj.thing")).is_some());
    assert!(daemon.local_object(&"PYRO:obj.thing@elsewhere:1".parse().expect("a URI")).is_none());

    let builder = Daemon::builder().listen("./u:/nowhere/at-all").nat("example.org", 0);
    assert!(builder.bind().wait().is_err());
}

#[test]
fn ids_are_taken_once_and_given_back() {
    let daemon = thing::daemon();
    assert_eq!(daemon.registered(), ["Pyro.Daemon", "obj.thing", "obj.partial"]);
    let error = daemon.register("obj.thing", thing::thing()).expect_err("the id is taken");
    let exception = error.exception().expect("a DaemonError");
    assert_eq!(exception.name(), "DaemonError");
    assert!(exception.message().starts_with("an object or class is already registered with that id"));

    daemon.replace("obj.thing", Methods::new("Other"));
    assert!(daemon.unregister("obj.thing").is_some_and(|object| object.interface().type_name() == "Other"));
    assert!(daemon.unregister("obj.thing").is_none(), "unknown ids are ignored");
    assert!(daemon.unregister("Pyro.Daemon").is_none(), "the daemon's own object stays");
    assert_eq!(daemon.registered(), ["Pyro.Daemon", "obj.partial"]);

    let shared: Arc<dyn Object> = Arc::new(thing::thing());
    daemon.register_arc("shared", Arc::clone(&shared)).expect("the id is free");
    let error = daemon.register_arc("again", shared).expect_err("it has an id");
    assert_eq!(
        error.exception().map(ferropyro::Exception::message).as_deref(),
        Some("object or class already has a Pyro id")
    );

    let uri = daemon.register_anonymous(thing::thing()).expect("a random id");
    let id = uri.object().expect("an object's URI");
    assert!(id.len() == 36 && id.starts_with("obj_"), "{id}");
    assert!(daemon.reference("nobody").is_err());
}

#[test]
fn an_object_that_was_unregistered_is_gone_for_connections_that_called_it() {
    let daemon = thing::daemon();
    let mut peer = Peer::connect(&daemon, Dialect::Pyro5, "obj.thing");
    assert_eq!(peer.call("obj.thing", "noargs", &[]), Ok(Value::None));
    daemon.unregister("obj.thing");
    assert_eq!(peer.call("obj.thing", "noargs", &[]).expect_err("gone").message(), "unknown object");
}

#[cfg(unix)]
#[test]
fn a_unix_socket_is_bound_over_a_stale_file_and_removed_at_the_end() {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("daemon.sock");
    let address = format!("./u:{}", path.display());
    drop(std::os::unix::net::UnixListener::bind(&path).expect("the socket binds"));
    assert!(path.exists(), "a stale socket");

    let daemon = thing::serve(Daemon::bind(&address).wait().expect("the stale socket is replaced"));
    assert_eq!(daemon.uri_for("x").to_string(), format!("PYRO:x@{address}"));
    assert!(std::os::unix::net::UnixStream::connect(&path).is_ok());
    assert!(Daemon::bind(&address).wait().is_err(), "a live one is not");
    daemon.shutdown();
    daemon.run().wait().expect("the daemon has ended");
    assert!(!path.exists());

    std::fs::write(&path, "precious").expect("a file");
    assert!(Daemon::bind(&address).wait().is_err(), "a file that is no socket is not replaced");
    assert!(path.exists());
}

#[cfg(target_os = "linux")]
#[test]
fn an_abstract_name_is_bound_without_a_file() {
    let name = format!("ferropyro-test-{}", std::process::id());
    let daemon = thing::serve(Daemon::bind(format!("./u:\0{name}")).wait().expect("the daemon binds"));
    assert!(Daemon::bind(format!("./u:\0{name}")).wait().is_err(), "the name is taken");
    assert!(daemon.local_addr().is_none());
}

#[tokio::test]
async fn a_daemon_bound_in_a_runtime_uses_it() {
    let daemon = Daemon::builder().listen("127.0.0.1:0").listen("[::1]:0").bind().await;
    // Not every machine has IPv6.
    let daemon = match daemon {
        Ok(daemon) => daemon,
        Err(_) => Daemon::bind("127.0.0.1:0").await.expect("the daemon binds"),
    };
    let daemon = thing::serve(daemon);
    let other = daemon.clone();
    let called = tokio::task::spawn_blocking(move || {
        Peer::connect(&other, Dialect::Pyro5, "obj.thing").call("obj.thing", "noargs", &[])
    });
    assert_eq!(called.await.expect("no panic"), Ok(Value::None));
    daemon.shutdown();
    daemon.run().await.expect("the daemon has ended");
}

#[cfg(unix)]
#[tokio::test]
async fn a_stream_that_was_connected_before_is_served_without_a_handshake() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let daemon = thing::serve(Daemon::bind("127.0.0.1:0").await.expect("the daemon binds"));
    let (mut ours, theirs) = tokio::net::UnixStream::pair().expect("a socket pair");
    daemon.serve_connection(theirs);
    let mut peer = Peer::dial(&daemon, Dialect::Pyro5);
    ours.write_all(&peer.invoke(Flags::NONE, "obj.thing", "__dunder__", &[])).await.expect("it is read");
    let mut answer = [0; 40];
    ours.read_exact(&mut answer).await.expect("it is answered");
    assert_eq!(answer[6], 5, "a RESULT");
    drop(ours);
}

#[test]
fn a_daemon_is_built_from_settings() {
    let variables =
        [("HOST", "127.0.0.1"), ("NATHOST", "example.org"), ("NATPORT", "4000"), ("ITER_STREAMING", "off")];
    let variables = variables.map(|(name, value)| (format!("PYRO_{name}"), value.to_owned()));
    let config = Config::from_vars(variables).expect("the settings are right");
    let daemon = thing::serve(Daemon::builder().config(&config).bind().wait().expect("the daemon binds"));
    assert_eq!(daemon.uri_for("x").to_string(), "PYRO:x@example.org:4000");
    assert!(daemon.location().to_string().starts_with("127.0.0.1:"));
    let mut peer = Peer::connect(&daemon, Dialect::Pyro5, "obj.thing");
    let frame = peer.invoke(Flags::NONE, "obj.thing", "gen", &[1.into()]);
    peer.write(&frame);
    assert!(peer.read().is_some_and(|answer| answer.annotations.is_empty()));
}

#[test]
fn housekeeping_is_done_while_the_daemon_serves_and_survives_a_panic() {
    let (told, done) = std::sync::mpsc::channel();
    let work = move || {
        // The test may be over.
        let _ = told.send(());
        std::panic::panic_any("a broken broom");
    };
    let builder = Daemon::builder().listen("127.0.0.1:0").housekeeping(Duration::from_millis(1), work);
    let daemon = builder.bind().wait().expect("the daemon binds");
    for _ in 0..3 {
        done.recv_timeout(Duration::from_secs(60)).expect("it is done again");
    }
    daemon.stop().wait().expect("the daemon has ended");
    while done.recv_timeout(Duration::from_secs(60)).is_ok() {}
    drop(daemon);
}

#[test]
fn a_weakly_registered_object_goes_when_the_program_lets_go_of_it() {
    let daemon = thing::daemon();
    let object: Arc<dyn Object> = Arc::new(Methods::new("Weak").method("one", async |_| Ok(1)));
    daemon.register_weak("weak", &object).expect("the id is free");
    let mut peer = Peer::connect(&daemon, Dialect::Pyro5, "weak");
    assert_eq!(peer.call("weak", "one", &[]), Ok(Value::from(1)));
    drop(object);
    let error = peer.call("weak", "one", &[]).expect_err("it is gone");
    assert_eq!(error.message(), "unknown object");
    daemon.register("weak", Methods::new("Other")).expect("the id is free again");
}
