//! Calls: results, exceptions, attributes, oneway calls, batches, contexts.

use std::sync::mpsc;

use ferropyro::server::{Methods, Signature};
use ferropyro::{Annotations, Codec, Daemon, Dialect, Dict, Uuid, Value};
use ferropyro_proto::{Flags, MessageType};

use crate::peer::Peer;
use crate::thing;

fn in_both_dialects(test: impl Fn(&Daemon, &mut Peer)) {
    let daemon = thing::daemon();
    for dialect in Dialect::ALL {
        test(&daemon, &mut Peer::connect(&daemon, dialect, "obj.thing"));
    }
}

#[test]
fn every_codec_carries_calls_in_both_dialects() {
    let daemon = thing::daemon();
    for dialect in Dialect::ALL {
        for codec in Codec::ALL {
            let mut peer = Peer::connect_in(&daemon, dialect, codec, "obj.thing");
            let value = Value::List(vec![Value::from(1), Value::from("zwei"), Value::None, Value::from(4.5)]);
            assert_eq!(
                peer.call("obj.thing", "echo", std::slice::from_ref(&value)),
                Ok(value),
                "{dialect} {codec}"
            );
        }
    }
}

#[test]
fn one_connection_may_change_the_codec_from_call_to_call() {
    in_both_dialects(|_, peer| {
        for codec in [Codec::Json, Codec::Serpent, Codec::Msgpack, Codec::Marshal] {
            peer.codec = codec;
            assert_eq!(peer.call("obj.thing", "echo", &[Value::from("x")]), Ok(Value::from("x")));
        }
    });
}

#[test]
fn pipelined_calls_are_answered_in_order() {
    in_both_dialects(|_, peer| {
        let mut frames = Vec::new();
        for number in 0..500 {
            frames.extend(peer.invoke(Flags::NONE, "obj.thing", "echo", &[Value::from(number)]));
        }
        peer.write(&frames);
        for number in 0..500 {
            let answer = peer.read().expect("an answer");
            assert_eq!(peer.value(&answer), Value::from(number));
        }
    });
}

#[test]
fn requests_that_were_sent_are_answered_although_the_client_sends_no_more() {
    in_both_dialects(|_, peer| {
        let mut frames = Vec::new();
        for _ in 0..100 {
            frames.extend(peer.invoke(Flags::NONE, "obj.thing", "long", &[]));
        }
        // They arrive in one piece, and their answers leave in many.
        peer.write(&frames);
        peer.finish();
        for number in 0..100 {
            let answer = peer.read().unwrap_or_else(|| panic!("an answer to call {number}"));
            assert_eq!(peer.text(&answer).len(), 5000);
        }
        assert!(peer.is_closed());
    });
}

#[test]
fn large_answers_and_small_ones_mix() {
    in_both_dialects(|_, peer| {
        let large = Value::from("x".repeat(200_000));
        let mut frames = Vec::new();
        for _ in 0..5 {
            frames.extend(peer.invoke(Flags::NONE, "obj.thing", "echo", &[Value::from("small")]));
            frames.extend(peer.invoke(Flags::NONE, "obj.thing", "echo", std::slice::from_ref(&large)));
        }
        peer.write(&frames);
        for _ in 0..5 {
            let small = peer.read().expect("an answer");
            assert_eq!(peer.value(&small), Value::from("small"));
            let answer = peer.read().expect("an answer");
            assert_eq!(peer.value(&answer), large);
        }
    });
}

#[test]
fn a_panic_is_an_exception_and_the_connection_lives() {
    in_both_dialects(|_, peer| {
        let exception = peer.call("obj.thing", "panic", &[Value::from("on purpose")]).expect_err("a panic");
        assert_eq!((exception.name(), exception.message().as_str()), ("RuntimeError", "on purpose"));
        let exception = peer.call("obj.thing", "panic_at_once", &[]).expect_err("a panic");
        assert_eq!((exception.name(), exception.message().as_str()), ("RuntimeError", "at once"));
        assert_eq!(peer.call("obj.thing", "noargs", &[]), Ok(Value::None));
    });
}

#[test]
fn a_panic_in_a_batch_is_the_exception_of_its_call() {
    in_both_dialects(|_, peer| {
        let batch = peer.batch(
            Flags::NONE,
            "obj.thing",
            &[("echo", &[Value::from(1)]), ("panic", &[Value::from("in a batch")]), ("noargs", &[])],
        );
        peer.write(&batch);
        let Ok(Value::List(results)) = peer.outcome() else { panic!("a list of results") };
        let [Value::Int(1), Value::Exception(exception)] = results.as_slice() else { panic!("{results:?}") };
        assert_eq!((exception.name(), exception.message().as_str()), ("RuntimeError", "in a batch"));
        assert!(exception.traceback().contains("in panic"), "{}", exception.traceback());
    });
}

#[test]
fn what_fails_outside_the_methods_fails_the_whole_batch() {
    in_both_dialects(|_, peer| {
        for name in ["_private", "__getattr__", "nope", "attr", "gen"] {
            let args = if name == "gen" { vec![Value::from(1)] } else { Vec::new() };
            let batch = peer.batch(Flags::NONE, "obj.thing", &[("noargs", &[]), (name, &args)]);
            peer.write(&batch);
            assert!(peer.outcome().is_err(), "{name}");
        }
        assert_eq!(peer.call("obj.thing", "noargs", &[]), Ok(Value::None));
    });
}

#[test]
fn errors_of_the_protocol_raised_by_a_method_end_the_connection_as_in_pyro() {
    let daemon = thing::daemon();
    for dialect in Dialect::ALL {
        for class in ["SecurityError", "SerializeError"] {
            let mut peer = Peer::connect(&daemon, dialect, "obj.thing");
            let class = format!("Pyro5.errors.{class}");
            let exception = peer.call("obj.thing", "raise", &[Value::from(class)]).expect_err("raised");
            assert_eq!(exception.message(), "raised");
            assert!(peer.is_closed());
        }
        for class in ["ConnectionClosedError", "TimeoutError", "ProtocolError"] {
            let mut peer = Peer::connect(&daemon, dialect, "obj.thing");
            let class = Value::from(format!("Pyro4.errors.{class}"));
            let frame = peer.invoke(Flags::NONE, "obj.thing", "raise", &[class]);
            peer.write(&frame);
            assert!(peer.is_closed(), "no answer");
        }
        let mut peer = Peer::connect(&daemon, dialect, "obj.thing");
        for class in ["Pyro5.errors.NamingError", "ValueError", "my.own.Error"] {
            assert!(peer.call("obj.thing", "raise", &[Value::from(class)]).is_err());
        }
    }
}

#[test]
fn a_result_that_cannot_be_sent_is_an_exception_and_the_connection_lives() {
    in_both_dialects(|_, peer| {
        let exception = peer.call("obj.thing", "unsendable", &[]).expect_err("nothing to send");
        assert_eq!(exception.name(), "TypeError");
        assert_eq!(peer.call("obj.thing", "noargs", &[]), Ok(Value::None));
    });
}

#[test]
fn attributes_are_read_and_set_and_protected() {
    in_both_dialects(|_, peer| {
        let attr = |peer: &mut Peer, method: &str, args: &[Value]| peer.call("obj.thing", method, args);
        assert_eq!(attr(peer, "__setattr__", &["attr".into(), 7.into()]), Ok(Value::None));
        assert_eq!(attr(peer, "__getattr__", &["attr".into()]), Ok(Value::from(7)));
        for (method, args) in [
            ("__setattr__", vec![Value::from("readonly"), Value::from(1)]),
            ("__setattr__", vec![Value::from("attr")]),
            ("__getattr__", vec![Value::from("noargs")]),
            ("__getattr__", vec![Value::from("nope")]),
            ("__getattr__", vec![Value::from(5)]),
            ("__getattr__", vec![]),
        ] {
            assert!(attr(peer, method, &args).is_err(), "{method} {args:?}");
        }
    });
}

#[test]
fn oneway_calls_get_no_answer_whatever_happens() {
    in_both_dialects(|_, peer| {
        for (object, method) in [
            ("obj.thing", "noargs"),
            ("obj.thing", "panic_at_once"),
            ("obj.thing", "_no"),
            ("nobody", "nope"),
        ] {
            let frame = peer.invoke(Flags::ONEWAY, object, method, &[]);
            peer.write(&frame);
        }
        let batch = peer.batch(Flags::ONEWAY, "obj.thing", &[("noargs", &[])]);
        peer.write(&batch);
        assert_eq!(
            peer.call("obj.thing", "oneway_call", &[Value::from(8)]),
            Ok(Value::None),
            "asked for an answer"
        );
        assert_eq!(peer.call("obj.thing", "__getattr__", &["attr".into()]), Ok(Value::from(8)));
    });
}

#[test]
fn a_oneway_call_that_waits_does_not_hold_up_the_next_call() {
    let (release, wait) = tokio::sync::oneshot::channel::<()>();
    let (done, finished) = mpsc::channel();
    let wait = std::sync::Mutex::new(Some(wait));
    let daemon = Daemon::bind("127.0.0.1:0").wait().expect("the daemon binds");
    let waiter = Methods::new("Waiter")
        .oneway("wait", move |_| {
            let wait = wait.lock().expect("unpoisoned").take();
            let done = done.clone();
            async move {
                if let Some(wait) = wait {
                    let _ = wait.await;
                }
                let _ = done.send(());
                Ok(())
            }
        })
        .method("ping", async |_| Ok("pong"));
    daemon.register("waiter", waiter).expect("the id is free");
    let mut peer = Peer::connect(&daemon, Dialect::Pyro5, "waiter");
    let oneway = peer.invoke(Flags::ONEWAY, "waiter", "wait", &[]);
    peer.write(&oneway);
    assert_eq!(peer.call("waiter", "ping", &[]), Ok(Value::from("pong")));
    drop(peer);
    release.send(()).expect("the call still waits");
    finished.recv().expect("the call goes on without its caller");
}

#[test]
fn the_context_tells_of_the_call_on_the_connection_and_on_a_thread() {
    in_both_dialects(|_, peer| {
        let Ok(Value::Tuple(facts)) = peer.call("obj.thing", "whoami", &[]) else { panic!("a tuple") };
        let [session, Value::Str(id), object, method] = facts.as_slice() else { panic!("{facts:?}") };
        assert!(session.as_int().is_some_and(|session| session > 0));
        assert!(Uuid::parse_str(id).is_ok_and(|id| !id.is_nil()));
        assert_eq!((object, method), (&Value::from("obj.thing"), &Value::from("whoami")));
        let Ok(Value::Tuple(facts)) = peer.call("obj.thing", "whoami_blocking", &[]) else {
            panic!("a tuple")
        };
        assert_eq!(facts.first(), Some(session));
        assert_ne!(facts.get(1), Some(&Value::from(id)), "another call, another correlation id");
        assert!(ferropyro::context().is_none(), "no context outside a call");
    });
}

#[test]
fn response_annotations_go_with_one_answer_and_the_daemons_with_all() {
    let own = || {
        let mut annotations = Annotations::new();
        annotations.insert(*b"DDDD", "daemon");
        annotations
    };
    let builder = Daemon::builder().listen("127.0.0.1:0").annotations(own);
    let daemon = thing::serve(builder.bind().wait().expect("the daemon binds"));
    for dialect in Dialect::ALL {
        let mut peer = Peer::connect(&daemon, dialect, "obj.thing");
        let mut annotations = |method: &str| {
            let frame = peer.invoke(Flags::NONE, "obj.thing", method, &[]);
            peer.write(&frame);
            let answer = peer.read().expect("an answer");
            (answer.annotations.get(*b"RESP").cloned(), answer.annotations.get(*b"DDDD").cloned())
        };
        assert_eq!(annotations("set_resp_ann"), (Some("response".into()), Some("daemon".into())));
        assert_eq!(annotations("noargs"), (None, Some("daemon".into())));
        assert_eq!(annotations("nope"), (None, Some("daemon".into())));
    }
}

#[test]
fn a_validator_sees_the_handshake_and_may_refuse_it() {
    let builder = Daemon::builder().listen("127.0.0.1:0").validator(|handshake| {
        assert!(handshake.peer.starts_with("127.0.0.1:"));
        match handshake.object {
            Some("obj.partial") => Err("not today".to_owned()),
            Some("panic") => std::panic::panic_any("in the validator"),
            _ => Ok(Value::from(("welcome", handshake.data.clone()))),
        }
    });
    let daemon = thing::serve(builder.bind().wait().expect("the daemon binds"));
    for dialect in Dialect::ALL {
        let mut peer = Peer::dial(&daemon, dialect);
        let welcome = peer.introduce("obj.thing");
        let value = peer.value(&welcome);
        let response = value.as_dict().and_then(|dict| dict.get("handshake")).cloned();
        assert_eq!(response, Some(Value::from(("welcome", "hello"))));
        let mut peer = Peer::dial(&daemon, dialect);
        let refusal = peer.introduce("obj.partial");
        assert_eq!(refusal.message_type, MessageType::ConnectFail);
        assert_eq!(peer.text(&refusal), "not today");
        let mut peer = Peer::dial(&daemon, dialect);
        assert_eq!(peer.introduce("panic").message_type, MessageType::ConnectFail);
    }
}

#[test]
fn a_daemon_with_a_key_refuses_callers_who_cannot_sign() {
    let builder = Daemon::builder().listen("127.0.0.1:0").hmac_key("secret");
    let daemon = thing::serve(builder.bind().wait().expect("the daemon binds"));
    for (dialect, reason) in
        [(Dialect::Pyro4, "hmac key config not symmetric"), (Dialect::Pyro5, "signed messages only")]
    {
        let mut peer = Peer::dial(&daemon, dialect);
        let refusal = peer.introduce("obj.thing");
        assert_eq!(refusal.message_type, MessageType::ConnectFail);
        assert!(peer.text(&refusal).contains(reason), "{}", peer.text(&refusal));
    }
}

#[test]
fn arguments_decode_straight_into_types() {
    let daemon = Daemon::bind("127.0.0.1:0").wait().expect("the daemon binds");
    const ADD: Signature<'_> = Signature::new("add", &["a"], &["b"]);
    let adder = Methods::new("Adder").request("add", |mut request, slot| {
        slot.ready(match request.bind::<(i64,), (i64,)>(&ADD) {
            Ok(((a,), (b,))) => request.ok(&(a + b.unwrap_or(1))),
            Err(exception) => request.fail(exception),
        });
    });
    daemon.register("adder", adder).expect("the id is free");
    for dialect in Dialect::ALL {
        for codec in Codec::ALL {
            let mut peer = Peer::connect_in(&daemon, dialect, codec, "adder");
            assert_eq!(peer.call("adder", "add", &[1.into(), 2.into()]), Ok(Value::from(3)));
            assert_eq!(peer.call("adder", "add", &[1.into()]), Ok(Value::from(2)));
            let keyword = |name: &str| [(name, 5)].into_iter().collect::<Dict>();
            assert_eq!(peer.call_with("adder", "add", &[1.into()], &keyword("b")), Ok(Value::from(6)));
            let mut fails = |args: &[Value], keyword: &Dict| {
                let exception = peer.call_with("adder", "add", args, keyword).expect_err("a TypeError");
                assert_eq!(exception.name(), "TypeError");
                exception.message()
            };
            assert_eq!(fails(&[], &keyword("b")), "add() missing 1 required positional argument: 'a'");
            assert_eq!(fails(&[1.into()], &keyword("c")), "add() got an unexpected keyword argument 'c'");
            let three = [1.into(), 2.into(), 3.into()];
            assert_eq!(
                fails(&three, &Dict::new()),
                "add() takes from 1 to 2 positional arguments but 3 were given"
            );
            assert!(fails(&[1.into(), "2".into()], &Dict::new()).starts_with("add() "));
            let batch = peer.batch(Flags::NONE, "adder", &[("add", &[1.into(), 2.into()])]);
            peer.write(&batch);
            assert_eq!(peer.outcome(), Ok(Value::List(vec![Value::from(3)])));
        }
    }
}

#[test]
fn oneway_calls_wait_for_their_turn_when_too_many_run() {
    let (started, starts) = mpsc::channel();
    let (release, released) = tokio::sync::mpsc::unbounded_channel::<()>();
    let released = std::sync::Arc::new(tokio::sync::Mutex::new(released));
    let started = std::sync::Mutex::new(started);
    let builder = Daemon::builder().listen("127.0.0.1:0").max_oneway_calls(2);
    let daemon = builder.bind().wait().expect("the daemon binds");
    let waiter = Methods::new("Waiter").oneway("wait", move |_| {
        let _ = started.lock().map(|started| started.send(()));
        let released = std::sync::Arc::clone(&released);
        async move {
            released.lock().await.recv().await;
            Ok(())
        }
    });
    daemon.register("waiter", waiter).expect("the id is free");
    let mut peer = Peer::connect(&daemon, Dialect::Pyro4, "waiter");
    let mut frames = Vec::new();
    for _ in 0..4 {
        frames.extend(peer.invoke(Flags::ONEWAY, "waiter", "wait", &[]));
    }
    peer.write(&frames);
    for _ in 0..2 {
        starts.recv().expect("two calls start");
    }
    assert!(starts.try_recv().is_err(), "the third one waits");
    for _ in 0..2 {
        release.send(()).expect("a call waits");
        starts.recv().expect("the next call starts");
    }
}
