//! What 160 malformed or odd conversations do to a genuine daemon, and to ours.
//!
//! The daemon behind the session is scripted: where the genuine one answered a call, ours answers it
//! likewise, so that what is compared is what the session decides.

use std::sync::Arc;
use std::time::Duration;

use ferropyro_proto::Dialect::{Pyro4, Pyro5};
use ferropyro_proto::{
    Annotations, Callee, Deframer, Dialect, Flags, Frame, Malformed, MessageType, Metadata, ServerConfig,
    ServerEvent, ServerSession,
};
use ferropyro_value::call::encode_call;
use ferropyro_value::{Codec, Dict, Exception, Limits, Value};
use serde_json::Value as Json;

use crate::vectors::{entries, message_type, number, text, unhex};

/// Where we differ from the genuine daemons on purpose: in which dialects, and why.
const DIFFERENT: &[(&[Dialect], &str, &str)] = &[
    (&[Pyro4], "garbage", "nobody knows which dialect garbage is in: it is refused in Pyro5's words"),
    (&[Pyro4, Pyro5], "other_pyro_version", "we speak that one, too, and read the frame as it"),
    (&[Pyro4], "invoke_disallowed_serializer", "the answer would have to be a pickle: close instead"),
    (&[Pyro5], "invoke_disallowed_serializer", "the class of msgpack-python's own error is not ours"),
    (
        &[Pyro4],
        "invoke_annotation_length_beyond",
        "a chunk that passes the area is an error, not cut short (§22)",
    ),
    (&[Pyro4], "huge_announced_size_v", "Pyro4 has no limit of its own: here it is 1 GiB as in Pyro5"),
    (&[Pyro4, Pyro5], "no_free_workers", "a session has no workers: its owner calls deny()"),
    (&[Pyro4, Pyro5], "no_free_workers_json", "a session has no workers: its owner calls deny()"),
    (&[Pyro4, Pyro5], "invoke_payload_method_none", "a TypeError says that it must be text"),
    (&[Pyro4, Pyro5], "invoke_payload_object_none", "a TypeError says that it must be text"),
    (&[Pyro4, Pyro5], "invoke_security_error_class", "classes are data here, whatever they are called (§22)"),
    (&[Pyro4, Pyro5], "invoke_serialize_error_class", "classes are data here, known or not (§22)"),
    (
        &[Pyro4, Pyro5],
        "invoke_exception_builtin_nonexc",
        "exceptions are data here, and never instantiated (§22)",
    ),
    (&[Pyro4, Pyro5], "invoke_class_other_version_proxy", "proxies of both dialects are understood"),
];

/// What a conversation came to.
#[derive(Debug, PartialEq)]
struct Outcome {
    replies: Vec<Reply>,
    closed: bool,
}

#[derive(Debug, PartialEq)]
struct Reply {
    message_type: MessageType,
    exception: bool,
    seq: u16,
    serializer_id: u16,
    /// Of a CONNECTFAIL.
    reason: Option<Value>,
    /// Of an exception.
    class: Option<String>,
}

fn genuine(entry: &Json, dialect: Dialect) -> Outcome {
    let replies = entry["replies"].as_array().unwrap().iter().map(|reply| {
        let serializer_id = number(reply, "serializer");
        let reason = reply["payload"].as_str().map(|payload| {
            dialect.codec(serializer_id).unwrap().decode_value(&unhex(payload), &Limits::default()).unwrap()
        });
        Reply {
            message_type: message_type(text(reply, "type")),
            exception: reply["exception"].as_bool().unwrap(),
            seq: number(reply, "seq"),
            serializer_id,
            reason,
            class: reply["class"].as_str().map(str::to_owned),
        }
    });
    Outcome { replies: replies.collect(), closed: entry["closed"].as_bool().unwrap() }
}

/// A daemon that answers calls as the genuine one did.
struct Scripted<'a> {
    session: ServerSession,
    out: Vec<u8>,
    genuine: &'a Outcome,
}

impl Scripted<'_> {
    /// Feeds bytes; gives whether the connection is closed.
    fn feed(&mut self, bytes: &[u8]) -> bool {
        self.session.input().extend_from_slice(bytes);
        loop {
            match self.session.poll(&mut self.out) {
                Err(_) => return true,
                Ok(None) => return false,
                Ok(Some(event)) => {
                    if self.serve(event) {
                        return true;
                    }
                }
            }
        }
    }

    fn serve(&mut self, event: ServerEvent) -> bool {
        let out = &mut self.out;
        let none = Annotations::new();
        match event {
            ServerEvent::Connect(request) => {
                let metadata = Metadata::default();
                self.session.accept(&request, &Value::from("hello"), Some(&metadata), &none, out).unwrap();
                false
            }
            ServerEvent::Inflate(frame) => panic!("{frame:?} is small"),
            ServerEvent::Malformed(Malformed { head, oneway, exception, close }) => {
                if !oneway {
                    head.exception(out, &none, &exception).unwrap();
                }
                close
            }
            ServerEvent::Invoke(invocation) => {
                let head = &invocation.head;
                let Callee::Call(call) = &invocation.callee else { panic!("a blob") };
                if let Err(error) = call.arguments().values() {
                    let Malformed { exception, close, .. } = invocation.malformed(&error);
                    head.exception(out, &none, &exception).unwrap();
                    return close;
                }
                if invocation.oneway {
                    return false;
                }
                let reply = self.genuine.replies.iter().find(|reply| reply.seq == head.seq());
                match reply.and_then(|reply| reply.class.as_deref()) {
                    Some(class) => head.exception(out, &none, &Exception::new(class, "scripted")),
                    None => head.result(out, &none, |out, codec, flavor| {
                        codec.encode_value_into(&Value::None, flavor, out)
                    }),
                }
                .unwrap();
                false
            }
        }
    }
}

fn ours(entry: &Json, dialect: Dialect, genuine: &Outcome) -> Outcome {
    let mut config = ServerConfig::default();
    if text(entry, "name") == "request_too_large" {
        config.limits.max_frame = 1000;
    }
    let session = ServerSession::new(Arc::new(config), Duration::ZERO);
    let mut daemon = Scripted { session, out: Vec::new(), genuine };
    if entry["after_handshake"].as_bool().unwrap() {
        assert!(!daemon.feed(&connect(dialect)), "the handshake before it");
        daemon.out.clear();
    }
    let sent = entry["sent"].as_array().unwrap();
    let closed = sent.iter().any(|bytes| daemon.feed(&unhex(bytes.as_str().unwrap())));
    let half_closed = text(entry, "name").ends_with("_halfclose");
    assert!(!half_closed || daemon.session.end_of_stream().is_err());
    Outcome { replies: replies(&daemon.out), closed: closed || half_closed }
}

fn connect(dialect: Dialect) -> Vec<u8> {
    let mut out = Vec::new();
    let params = ferropyro_proto::ConnectParams::new("obj.thing");
    ferropyro_proto::ClientSession::connect(Arc::default(), dialect, 0, &params, &mut out).unwrap();
    out
}

fn replies(out: &[u8]) -> Vec<Reply> {
    let expected =
        &[MessageType::ConnectOk, MessageType::ConnectFail, MessageType::Result, MessageType::Ping];
    let mut deframer = Deframer::new(None, expected, 1 << 20);
    deframer.input().extend_from_slice(out);
    std::iter::from_fn(|| deframer.next_frame().unwrap()).map(|frame| reply(&frame)).collect()
}

fn reply(frame: &Frame) -> Reply {
    let exception = frame.flags.contains(Flags::EXCEPTION);
    let decoded = |wanted: bool| {
        wanted.then(|| frame.codec().unwrap().decode_value(&frame.payload, &Limits::default()).unwrap())
    };
    Reply {
        message_type: frame.message_type,
        exception,
        seq: frame.seq,
        serializer_id: frame.serializer_id,
        reason: decoded(frame.message_type == MessageType::ConnectFail),
        class: decoded(exception).map(|value| match value {
            Value::Exception(exception) => exception.class().to_owned(),
            other => panic!("{other:?}"),
        }),
    }
}

/// Compares, but for the wording of a parser's complaint, which is each codec's own.
fn agrees(name: &str, ours: &Outcome, genuine: &Outcome) -> bool {
    if name != "connect_bad_payload" {
        return ours == genuine;
    }
    let without_reason = |outcome: &Outcome| {
        outcome
            .replies
            .iter()
            .map(|reply| (reply.message_type, reply.seq, reply.serializer_id))
            .collect::<Vec<_>>()
    };
    ours.closed == genuine.closed && without_reason(ours) == without_reason(genuine)
}

fn compare(dialect: Dialect, vectors: &str) {
    let mut differing = Vec::new();
    for entry in entries(vectors) {
        let name = text(&entry, "name");
        let genuine = genuine(&entry, dialect);
        let ours = ours(&entry, dialect, &genuine);
        let excused = DIFFERENT.iter().any(|(dialects, n, _)| dialects.contains(&dialect) && *n == name);
        if agrees(name, &ours, &genuine) == excused {
            differing.push(format!("{name}: excused {excused}\n  ours    {ours:?}\n  genuine {genuine:?}"));
        }
    }
    assert!(differing.is_empty(), "{} differ:\n{}", differing.len(), differing.join("\n"));
}

#[test]
fn odd_conversations_end_as_with_pyro4() {
    compare(Dialect::Pyro4, include_str!("../vectors/malformed-48.json"));
}

#[test]
fn odd_conversations_end_as_with_pyro5() {
    compare(Dialect::Pyro5, include_str!("../vectors/malformed-502.json"));
}

#[test]
fn a_codec_that_is_not_accepted_is_told_so_in_that_codec_and_the_connection_closed() {
    for dialect in Dialect::ALL {
        let config = ServerConfig { accepted: vec![Codec::Serpent], ..ServerConfig::default() };
        let outcome = Outcome { replies: Vec::new(), closed: true };
        let session = ServerSession::new(Arc::new(config), Duration::ZERO);
        let mut daemon = Scripted { session, out: Vec::new(), genuine: &outcome };
        daemon.feed(&connect(dialect));
        daemon.out.clear();
        let mut client = ferropyro_proto::ClientSession::existing(Arc::default(), dialect, 0);
        let params = ferropyro_proto::CallParams { codec: Codec::Json, ..Default::default() };
        let mut call = Vec::new();
        client
            .invoke(&params, &mut call, |out, codec, flavor| {
                encode_call(codec, flavor, "obj.thing", "echo", &[], Some(&Dict::new()), out)
            })
            .unwrap();
        assert!(daemon.feed(&call));
        let reply = replies(&daemon.out).pop().unwrap();
        assert_eq!(reply.serializer_id, dialect.serializer_id(Codec::Json));
        assert!(reply.class.unwrap().ends_with(".SerializeError"));
    }
}
