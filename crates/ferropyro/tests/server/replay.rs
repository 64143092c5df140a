//! Calls that were captured between genuine programs, sent again byte by byte: the answers must be the same
//! but for tracebacks.

use ferropyro::{Codec, Dialect, Exception, Value};
use ferropyro_proto::{Deframer, Flags, Frame, MessageType};
use serde_json::Value as Json;

use crate::peer::Peer;
use crate::thing;

#[test]
fn captured_pyro4_calls_get_the_captured_answers() {
    replay(Dialect::Pyro4);
}

#[test]
fn captured_pyro5_calls_get_the_captured_answers() {
    replay(Dialect::Pyro5);
}

fn replay(dialect: Dialect) {
    let entries: Vec<Json> =
        serde_json::from_str(include_str!("../vectors/calls.json")).expect("the vectors are JSON");
    let daemon = thing::daemon();
    let mut peer = Peer::dial(&daemon, dialect);
    let mut replayed = 0;
    for entry in &entries {
        let text = |key: &str| entry.get(key).and_then(Json::as_str).expect("a text");
        if entry.get("protocol").and_then(Json::as_u64) != Some(dialect.version().into()) {
            continue;
        }
        let name = text("name");
        peer.write(&hex(text("sent")));
        let expected = hex(text("received"));
        if name == "handshake" {
            // The genuine object has other members.
            assert_eq!(peer.read().expect("an answer").message_type, MessageType::ConnectOk);
        } else if !expected.is_empty() {
            let answer = peer.read().unwrap_or_else(|| panic!("an answer to {name}"));
            compare(name, &frame(&expected), &answer);
            replayed += 1;
        }
    }
    assert!(replayed > 20, "only {replayed} calls were replayed");
}

fn compare(name: &str, expected: &Frame, answer: &Frame) {
    assert_eq!(answer.message_type, expected.message_type, "{name}");
    // The captured daemon compressed its answers to this one.
    let flags = expected.flags.without(Flags::COMPRESSED);
    if expected.message_type == MessageType::Ping {
        // A genuine daemon makes up a correlation id even for a ping, which nobody can ask it for.
        assert_eq!((answer.seq, answer.serializer_id), (expected.seq, expected.serializer_id));
        assert_eq!(answer.payload, expected.payload);
        return;
    }
    assert_eq!(answer.flags, flags, "{name}");
    assert_eq!(answer.seq, expected.seq, "{name}");
    assert_eq!(answer.serializer_id, expected.serializer_id, "{name}");
    assert_eq!(answer.correlation.is_some(), expected.correlation.is_some(), "{name}");
    for (id, _) in answer.annotations.iter() {
        assert!(expected.annotations.get(id).is_some(), "{name}: annotation {id:?}");
    }
    assert_eq!(value(answer), value(expected), "{name}");
}

/// The payload, without tracebacks.
fn value(frame: &Frame) -> Value {
    let frame = frame.clone().inflate(1 << 20).expect("zlib data");
    plain(Codec::Serpent.decode_value(&frame.payload, &Default::default()).expect("serpent"))
}

fn plain(value: Value) -> Value {
    match value {
        Value::List(items) => Value::List(items.into_iter().map(plain).collect()),
        Value::Exception(exception) => {
            assert!(!exception.traceback().is_empty());
            Exception::from_parts(exception.class(), exception.args().to_vec(), Default::default()).into()
        }
        other => other,
    }
}

fn frame(bytes: &[u8]) -> Frame {
    let mut frames = Deframer::new(None, &[MessageType::Result, MessageType::Ping], 1 << 20);
    frames.input().extend_from_slice(bytes);
    frames.next_frame().expect("a frame").expect("a whole one")
}

fn hex(text: &str) -> Vec<u8> {
    let digit =
        |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()).expect("a digit");
    text.as_bytes().chunks_exact(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}
