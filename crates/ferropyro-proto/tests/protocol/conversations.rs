//! Captured conversations, our session in the place of the genuine daemon or client: what was said by theirs
//! must be said by ours.

use std::sync::Arc;
use std::time::Duration;

use ferropyro_proto::{
    ClientEvent, ClientSession, Connect, ConnectOk, ConnectParams, Deframer, Dialect, Flags, Frame,
    Invocation, MessageType, ReplyHead, STREAM, SendOptions, ServerConfig, ServerEvent, ServerSession,
};
use ferropyro_value::{Codec, Exception, Limits, Value};

use crate::vectors::{messages, text, unhex};

const ANY: &[MessageType] = &[
    MessageType::Connect,
    MessageType::ConnectOk,
    MessageType::ConnectFail,
    MessageType::Invoke,
    MessageType::Result,
    MessageType::Ping,
];

fn read(dialect: Dialect, bytes: &[u8]) -> Frame {
    let mut deframer = Deframer::new(Some(dialect), ANY, 1 << 20);
    deframer.input().extend_from_slice(bytes);
    deframer.next_frame().unwrap().unwrap()
}

/// The captured frames in order, each with its name and bytes.
fn frames(dialect: Dialect) -> impl Iterator<Item = (String, Vec<u8>, Frame)> {
    messages(dialect).into_iter().map(move |entry| {
        let bytes = unhex(text(&entry, "hex"));
        let frame = read(dialect, &bytes);
        (text(&entry, "name").to_owned(), bytes, frame)
    })
}

fn server(frame: &Frame, handshake: bool) -> ServerSession {
    let compress = frame.flags.contains(Flags::COMPRESSED);
    let send = Arc::new(SendOptions { compress, ..SendOptions::default() });
    ServerSession::new(Arc::new(ServerConfig { send, handshake, ..ServerConfig::default() }), Duration::ZERO)
}

fn value(frame: &Frame) -> Value {
    let frame = frame.clone().inflate(1 << 20).unwrap();
    frame.codec().unwrap().decode_value(&frame.payload, &Limits::default()).unwrap()
}

/// Says again what a genuine daemon replied.
fn reply(invocation: Invocation, frame: &Frame) -> Vec<u8> {
    let mut head: ReplyHead = invocation.head;
    if let Some(id) = frame.correlation {
        head.set_correlation(id);
    }
    let mut out = Vec::new();
    let mut annotations = frame.annotations.clone();
    match value(frame) {
        _ if frame.flags.contains(Flags::ITEM_STREAM) => {
            let id = annotations.remove(STREAM).map(|id| String::from_utf8(id.to_vec()).unwrap());
            head.stream(&mut out, &annotations, id.as_deref())
        }
        Value::Exception(exception) if frame.flags.contains(Flags::EXCEPTION) => {
            head.exception(&mut out, &annotations, &exception)
        }
        value if frame.flags.contains(Flags::BATCH) => {
            let results = value.into_items().unwrap().into_iter().map(|item| match item {
                Value::Exception(exception) => Err(*exception),
                other => Ok(other),
            });
            head.batch(&mut out, &annotations, results.collect::<Vec<Result<Value, Exception>>>())
        }
        value => head.result(&mut out, &annotations, |out, codec, flavor| {
            codec.encode_value_into(&value, flavor, out)
        }),
    }
    .unwrap();
    out
}

/// Checks that ours is theirs byte for byte, or means the same where the bytes may differ.
fn check(ours: &[u8], theirs: &[u8], frame: &Frame, name: &str) {
    // References in marshal, levels of zlib, the order of members in one case and of annotations in another
    // are the encoder's choice; bytes inside an exception are written with other blanks by serpent.
    const FREE: [&str; 3] = ["exception_unicode", "response_annotations", "class_converted_result"];
    let free = frame.codec() == Some(Codec::Marshal)
        || frame.flags.contains(Flags::COMPRESSED)
        || FREE.iter().any(|part| name.contains(part));
    if !free {
        return assert_eq!(ours, theirs, "{name}");
    }
    let again = read(frame.dialect, ours);
    assert_eq!(value(&again), value(frame), "{name}");
    let head =
        |frame: &Frame| (frame.message_type, frame.flags, frame.seq, frame.serializer_id, frame.correlation);
    assert_eq!(head(&again), head(frame), "{name}");
    assert_eq!(again.annotations, frame.annotations, "{name}");
}

#[test]
fn captured_calls_are_read_and_captured_replies_made_again() {
    for dialect in Dialect::ALL {
        let (mut called, mut count) = (None, 0);
        for (name, bytes, frame) in frames(dialect) {
            if frame.message_type == MessageType::Invoke {
                called = Some((bytes, frame));
            } else if frame.message_type == MessageType::Result
                && let Some((call, _)) = called.take().filter(|(_, call)| call.seq == frame.seq)
            {
                let mut session = server(&frame, false);
                session.input().extend_from_slice(&call);
                let event = session.poll(&mut Vec::new()).unwrap();
                let Some(ServerEvent::Invoke(invocation)) = event else { panic!("{name}: {event:?}") };
                check(&reply(invocation, &frame), &bytes, &frame, &name);
                count += 1;
            }
        }
        assert!(count > 250, "{count}");
    }
}

#[test]
fn captured_handshakes_are_said_again() {
    for dialect in Dialect::ALL {
        let (mut connected, mut count) = (None, 0);
        for (name, bytes, frame) in frames(dialect) {
            if frame.message_type == MessageType::Connect {
                connected = Some((bytes, frame));
            } else if frame.message_type == MessageType::ConnectOk
                && let Some((connect_bytes, connect)) = connected.take()
            {
                check(&handshake(&connect_bytes, &connect, &frame, &name), &bytes, &frame, &name);
                count += 1;
            }
        }
        assert!(count >= 8, "{count}");
    }
}

/// Says CONNECT and CONNECTOK as captured, with a client and a server of ours; gives the latter's bytes.
fn handshake(connect_bytes: &[u8], connect: &Frame, ok: &Frame, name: &str) -> Vec<u8> {
    let dialect = connect.dialect;
    let limits = Limits::default();
    let wants_metadata = dialect == Dialect::Pyro5 || connect.flags.contains(Flags::META_ON_CONNECT);
    let said = Connect::decode(connect.codec().unwrap(), &connect.payload, wants_metadata, &limits).unwrap();
    let params = ConnectParams {
        handshake: said.handshake,
        wants_metadata,
        codec: connect.codec().unwrap(),
        annotations: connect.annotations.clone(),
        correlation: connect.correlation,
        ..ConnectParams::new(said.object.unwrap_or_default())
    };
    let mut to_server = Vec::new();
    let mut client =
        ClientSession::connect(Arc::default(), dialect, connect.seq, &params, &mut to_server).unwrap();
    check(&to_server, connect_bytes, connect, name);

    let mut session = server(ok, true);
    session.input().extend_from_slice(&to_server);
    let mut out = Vec::new();
    let Some(ServerEvent::Connect(mut request)) = session.poll(&mut out).unwrap() else { panic!("{name}") };
    if let Some(id) = ok.correlation {
        request.head.set_correlation(id);
    }
    let answer = ok.clone().inflate(1 << 20).unwrap();
    let ConnectOk { handshake, metadata } =
        ConnectOk::decode(ok.codec().unwrap(), &answer.payload, wants_metadata, &limits).unwrap();
    session.accept(&request, &handshake, metadata.as_ref(), &ok.annotations, &mut out).unwrap();
    client.input().extend_from_slice(&out);
    assert!(matches!(client.poll().unwrap(), Some(ClientEvent::Connected { .. })), "{name}");
    out
}
