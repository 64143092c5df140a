//! Item streams: read one by one, shared, lingering, ended.

use std::time::Duration;

use ferropyro::{Daemon, Dialect, Value};
use ferropyro_proto::{Flags, STREAM};

use crate::peer::{Outcome, Peer};
use crate::thing;

/// Calls a method that answers with a stream; gives its id.
fn start(peer: &mut Peer, method: &str, args: &[Value]) -> Value {
    let frame = peer.invoke(Flags::NONE, "obj.thing", method, args);
    peer.write(&frame);
    let answer = peer.read().expect("an answer");
    assert!(answer.flags.contains(Flags::ITEM_STREAM | Flags::EXCEPTION));
    let id = answer.annotations.get(STREAM).expect("the stream's id");
    Value::from(std::str::from_utf8(id).expect("text"))
}

fn next(peer: &mut Peer, id: &Value) -> Outcome {
    peer.call("Pyro.Daemon", "get_next_stream_item", std::slice::from_ref(id))
}

fn terminated(outcome: Outcome) -> bool {
    outcome.is_err_and(|exception| exception.message() == "item stream terminated")
}

fn bound(builder: ferropyro::server::DaemonBuilder) -> Daemon {
    thing::serve(builder.listen("127.0.0.1:0").bind().wait().expect("the daemon binds"))
}

#[test]
fn items_come_one_by_one_and_then_stop_iteration() {
    let daemon = thing::daemon();
    for dialect in Dialect::ALL {
        let mut peer = Peer::connect(&daemon, dialect, "obj.thing");
        let id = start(&mut peer, "gen", &[2.into()]);
        assert_eq!(next(&mut peer, &id), Ok(Value::from(0)));
        assert_eq!(next(&mut peer, &id), Ok(Value::from(1)));
        let end = next(&mut peer, &id).expect_err("the end");
        assert_eq!((end.class(), end.args()), ("builtins.StopIteration", [].as_slice()));
        assert!(terminated(next(&mut peer, &id)));
    }
}

#[test]
fn a_stream_that_fails_is_gone() {
    let daemon = thing::daemon();
    let mut peer = Peer::connect(&daemon, Dialect::Pyro5, "obj.thing");
    let id = start(&mut peer, "generr", &[]);
    assert_eq!(next(&mut peer, &id), Ok(Value::from(1)));
    assert_eq!(next(&mut peer, &id).expect_err("fails").message(), "in the stream");
    assert!(terminated(next(&mut peer, &id)));
}

#[test]
fn a_stream_that_panics_is_gone() {
    let daemon = thing::daemon();
    let mut peer = Peer::connect(&daemon, Dialect::Pyro5, "obj.thing");
    let id = start(&mut peer, "genpanic", &[]);
    assert_eq!(next(&mut peer, &id).expect_err("fails").message(), "in the stream");
    assert!(terminated(next(&mut peer, &id)));
}

#[test]
fn a_stream_that_is_closed_is_gone_and_closing_twice_is_nothing() {
    let daemon = thing::daemon();
    let mut peer = Peer::connect(&daemon, Dialect::Pyro5, "obj.thing");
    let id = start(&mut peer, "gen", &[5.into()]);
    for _ in 0..2 {
        assert_eq!(peer.call("Pyro.Daemon", "close_stream", std::slice::from_ref(&id)), Ok(Value::None));
    }
    assert!(terminated(next(&mut peer, &id)));
}

#[test]
fn another_connection_takes_a_lingering_stream_over() {
    let daemon = thing::daemon();
    let mut first = Peer::connect(&daemon, Dialect::Pyro5, "obj.thing");
    let id = start(&mut first, "gen", &[3.into()]);
    assert_eq!(next(&mut first, &id), Ok(Value::from(0)));
    drop(first);
    let mut second = Peer::connect(&daemon, Dialect::Pyro4, "obj.thing");
    assert_eq!(next(&mut second, &id), Ok(Value::from(1)));
}

#[test]
fn without_linger_a_stream_ends_with_its_connection() {
    let (told, gone) = std::sync::mpsc::channel();
    let told = std::sync::Mutex::new(told);
    let builder = Daemon::builder().stream_linger(Duration::ZERO).on_disconnect(move |_| {
        let _ = told.lock().map(|told| told.send(()));
    });
    let daemon = bound(builder);
    let mut first = Peer::connect(&daemon, Dialect::Pyro5, "obj.thing");
    let id = start(&mut first, "gen", &[3.into()]);
    drop(first);
    gone.recv().expect("the daemon notices");
    let mut second = Peer::connect(&daemon, Dialect::Pyro5, "obj.thing");
    assert!(terminated(next(&mut second, &id)));
}

#[test]
fn the_lifetime_of_a_stream_counts_from_its_start() {
    let daemon = bound(Daemon::builder().stream_lifetime(Duration::from_nanos(1)));
    let mut peer = Peer::connect(&daemon, Dialect::Pyro5, "obj.thing");
    let id = start(&mut peer, "gen", &[3.into()]);
    assert!(terminated(next(&mut peer, &id)));
}

#[test]
fn a_daemon_without_streaming_says_so() {
    let daemon = bound(Daemon::builder().item_streams(false));
    let mut peer = Peer::connect(&daemon, Dialect::Pyro5, "obj.thing");
    let frame = peer.invoke(Flags::NONE, "obj.thing", "gen", &[1.into()]);
    peer.write(&frame);
    let answer = peer.read().expect("an answer");
    assert!(answer.flags.contains(Flags::ITEM_STREAM | Flags::EXCEPTION));
    assert!(answer.annotations.get(STREAM).is_none());
}

#[test]
fn more_streams_than_allowed_are_an_error_that_names_the_setting() {
    let daemon = bound(Daemon::builder().max_streams(1));
    let mut peer = Peer::connect(&daemon, Dialect::Pyro5, "obj.thing");
    start(&mut peer, "gen", &[1.into()]);
    let exception = peer.call("obj.thing", "gen", &[1.into()]).expect_err("one too many");
    assert!(exception.message().contains("max_streams"), "{exception}");

    // A reader who has gone, and may come back, makes room for one who is here.
    drop(peer);
    while daemon.connections() > 0 {
        std::thread::yield_now();
    }
    let mut other = Peer::connect(&daemon, Dialect::Pyro5, "obj.thing");
    start(&mut other, "gen", &[1.into()]);
}
