//! Limits: connections, idle ones, timeouts.

use std::time::Duration;

use ferropyro::{Codec, Daemon, Dialect, Value};
use ferropyro_proto::{Flags, MessageType};

use crate::peer::Peer;
use crate::thing;

#[test]
fn five_hundred_idle_connections_leave_room_for_one_that_calls() {
    let daemon = thing::daemon();
    let idle: Vec<_> =
        (0..500).map(|number| Peer::connect(&daemon, Dialect::ALL[number % 2], "obj.thing")).collect();
    assert!(daemon.connections() >= 500);
    let mut peer = Peer::connect(&daemon, Dialect::Pyro5, "obj.thing");
    assert_eq!(peer.call("obj.thing", "noargs", &[]), Ok(Value::None));
    for mut peer in idle {
        assert_eq!(peer.call("obj.thing", "noargs", &[]), Ok(Value::None));
    }
}

#[test]
fn one_connection_too_many_is_refused_with_the_limit_and_its_setting() {
    let builder = Daemon::builder().listen("127.0.0.1:0").max_connections(2);
    let daemon = thing::serve(builder.bind().wait().expect("the daemon binds"));
    for dialect in Dialect::ALL {
        let mut first = Peer::connect(&daemon, dialect, "obj.thing");
        let _second = Peer::connect(&daemon, dialect, "obj.thing");
        let mut third = Peer::dial(&daemon, dialect);
        let refusal = third.introduce("obj.thing");
        assert_eq!(refusal.message_type, MessageType::ConnectFail);
        let text = third.text(&refusal);
        assert!(text.contains("at most 2") && text.contains("max_connections"), "{text}");
        assert!(third.is_closed());
        assert_eq!(first.call("obj.thing", "noargs", &[]), Ok(Value::None));
        // The daemon has noticed that all three are gone when it takes two new ones.
        drop((first, _second, third));
        while daemon.connections() > 0 {
            std::thread::yield_now();
        }
    }
}

#[test]
fn an_idle_connection_is_closed_after_the_idle_timeout() {
    let builder = Daemon::builder().listen("127.0.0.1:0").idle_timeout(Some(Duration::from_millis(50)));
    let daemon = thing::serve(builder.bind().wait().expect("the daemon binds"));
    for dialect in Dialect::ALL {
        let mut peer = Peer::connect(&daemon, dialect, "obj.thing");
        assert_eq!(peer.call("obj.thing", "noargs", &[]), Ok(Value::None));
        assert!(peer.is_closed());
    }
}

#[test]
fn the_longest_time_there_is_means_for_ever() {
    let builder = Daemon::builder()
        .listen("127.0.0.1:0")
        .handshake_timeout(Duration::MAX)
        .idle_timeout(Some(Duration::MAX))
        .stall_timeout(Duration::MAX)
        .write_timeout(Duration::MAX)
        .stream_lifetime(Duration::MAX)
        .stream_linger(Duration::MAX)
        .drain_time(Duration::MAX);
    let daemon = thing::serve(builder.bind().wait().expect("the daemon binds"));
    for dialect in Dialect::ALL {
        let mut peer = Peer::connect(&daemon, dialect, "obj.thing");
        let frame = peer.invoke(Flags::NONE, "obj.thing", "gen", &[1.into()]);
        peer.write(&frame);
        assert!(peer.read().is_some());
        let large = Value::from("x".repeat(1 << 20));
        assert_eq!(peer.call("obj.thing", "echo", std::slice::from_ref(&large)), Ok(large));
    }
    daemon.shutdown();
    daemon.run().wait().expect("the daemon has ended");
}

#[test]
fn a_client_that_does_not_read_its_answers_is_dropped_after_the_write_timeout() {
    let builder = Daemon::builder().listen("127.0.0.1:0").write_timeout(Duration::from_millis(50));
    let daemon = thing::serve(builder.bind().wait().expect("the daemon binds"));
    let mut peer = Peer::connect_in(&daemon, Dialect::Pyro5, Codec::Msgpack, "obj.thing");
    let large = Value::from(vec![0; 32 << 20]);
    let frame = peer.invoke(Flags::NONE, "obj.thing", "echo", &[large]);
    peer.write(&frame);
    while daemon.connections() > 0 {
        std::thread::yield_now();
    }
}

#[test]
fn a_message_beyond_the_limit_closes_the_connection() {
    let builder = Daemon::builder().listen("127.0.0.1:0").max_message_size(10_000);
    let daemon = thing::serve(builder.bind().wait().expect("the daemon binds"));
    for dialect in Dialect::ALL {
        let mut peer = Peer::connect(&daemon, dialect, "obj.thing");
        let fits = Value::from("x".repeat(9_000));
        assert_eq!(peer.call("obj.thing", "echo", std::slice::from_ref(&fits)), Ok(fits));
        let frame = peer.invoke(Flags::NONE, "obj.thing", "echo", &[Value::from("x".repeat(20_000))]);
        peer.try_write(&frame);
        assert!(peer.is_closed());
    }
}
