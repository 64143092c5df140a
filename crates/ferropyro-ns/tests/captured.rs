//! The conversations of the genuine clients with the genuine name servers, held again with ours: each captured
//! request is sent as it is, and the answer must mean what the captured one means.

use std::collections::BTreeSet;
use std::path::Path;

use ferropyro::{Codec, Dialect, Dict, Limits, Value};
use ferropyro_ns::{NAME_SERVER, NameServer};
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request and its answer, as hexadecimal digits.
#[derive(Deserialize)]
struct Exchange {
    name: String,
    request: String,
    reply: String,
}

/// What of a frame can be compared.
struct Frame {
    kind: u8,
    flags: u16,
    seq: u16,
    payload: Value,
}

fn from_hex(digits: &str) -> Vec<u8> {
    let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal digits");
    (0..digits.len()).step_by(2).map(byte).collect()
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> usize {
    usize::try_from(u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]))
        .expect("64 bits")
}

/// How many bytes follow the header (wire protocol §1.1, §1.2).
fn body_len(dialect: Dialect, header: &[u8]) -> usize {
    u32_at(header, 12)
        + match dialect {
            Dialect::Pyro4 => usize::from(u16_at(header, 18)),
            Dialect::Pyro5 => u32_at(header, 16),
        }
}

fn parse(dialect: Dialect, codec: Codec, frame: &[u8]) -> Frame {
    let payload = &frame[frame.len() - u32_at(frame, 12)..];
    let (kind, flags, seq) = match dialect {
        Dialect::Pyro4 => (frame[7], u16_at(frame, 8), u16_at(frame, 10)),
        Dialect::Pyro5 => (frame[6], u16_at(frame, 8), u16_at(frame, 10)),
    };
    let payload = codec.decode_value(payload, &Limits::default()).expect("a payload");
    Frame { kind, flags, seq, payload }
}

async fn exchange(stream: &mut TcpStream, dialect: Dialect, request: &[u8]) -> Vec<u8> {
    stream.write_all(request).await.expect("sent");
    let mut frame = vec![0; dialect.header_len()];
    stream.read_exact(&mut frame).await.expect("a header");
    let mut body = vec![0; body_len(dialect, &frame)];
    stream.read_exact(&mut body).await.expect("a body");
    frame.append(&mut body);
    frame
}

/// A value with everything taken out that may differ: the order of tags and names, the name server's own
/// address and tags, tracebacks.
fn essence(value: &Value) -> Value {
    match value {
        Value::Exception(exception) => {
            Value::Tuple(vec![Value::from(exception.class()), Value::Tuple(exception.args().to_vec())])
        }
        Value::Dict(dict) => {
            let own = |key: &Value| key.as_str() == Some(NAME_SERVER);
            let entries = dict.iter().filter(|(key, _)| !own(key));
            Value::Dict(entries.map(|(key, value)| (key.clone(), essence(value))).collect::<Dict>())
        }
        Value::Tuple(items) => Value::Tuple(items.iter().map(essence).collect()),
        Value::List(items) if items.iter().all(|item| item.as_str().is_some()) => {
            let sorted: BTreeSet<&str> = items.iter().filter_map(Value::as_str).collect();
            Value::List(sorted.into_iter().map(Value::from).collect())
        }
        Value::List(items) => Value::List(items.iter().map(essence).collect()),
        // A frozenset is what the genuine Pyro5 has for no tags.
        Value::FrozenSet(set) => Value::Set(set.clone()),
        other => other.clone(),
    }
}

/// The methods in an answer to CONNECT.
fn methods(payload: &Value) -> BTreeSet<String> {
    let meta =
        payload.as_dict().and_then(|dict| dict.get("meta")).and_then(Value::as_dict).expect("metadata");
    let methods = meta.get("methods").cloned().expect("methods").into_items().expect("a collection");
    methods.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Whether the genuine name server could not encode what it had to say: Pyro5 stumbles over names without tags
/// in json and msgpack, both over a URI inside a tuple in marshal.
fn is_own_failure(payload: &Value) -> bool {
    let Value::Exception(exception) = payload else { return false };
    exception.name() == "SerializeError" || exception.message() == "unmarshallable object"
}

async fn hold_again(dialect: Dialect, codec: Codec) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let file = directory.join(format!("protocol{}-{}-nameserver.json", dialect.version(), codec.name()));
    let exchanges: Vec<Exchange> =
        serde_json::from_slice(&std::fs::read(file).expect("captured messages")).expect("exchanges");
    assert!(exchanges.len() > 30);
    let server = NameServer::builder().host("127.0.0.1").port(0).start().await.expect("started");
    let mut stream = TcpStream::connect(server.local_addr().expect("a port")).await.expect("connected");
    for Exchange { name, request, reply } in exchanges {
        let answer = exchange(&mut stream, dialect, &from_hex(&request)).await;
        let ours = parse(dialect, codec, &answer);
        let genuine = parse(dialect, codec, &from_hex(&reply));
        let place = format!("{dialect:?} {} {name}: {:?}", codec.name(), ours.payload);
        assert_eq!((ours.kind, ours.seq), (genuine.kind, genuine.seq), "{place}");
        if name == "ns_connect" {
            assert!(methods(&ours.payload).is_superset(&methods(&genuine.payload)), "{place}");
            continue;
        }
        if is_own_failure(&genuine.payload) {
            assert!(matches!(ours.payload, Value::Dict(_) | Value::Tuple(_)), "{place}");
            continue;
        }
        assert_eq!(ours.flags & 1, genuine.flags & 1, "{place}: the flag that says exception");
        assert_eq!(essence(&ours.payload), essence(&genuine.payload), "{place}");
    }
    server.stop().await.expect("stopped");
}

#[tokio::test]
async fn pyro4_clients_are_answered_as_by_the_genuine_name_server() {
    for codec in Codec::ALL {
        hold_again(Dialect::Pyro4, codec).await;
    }
}

#[tokio::test]
async fn pyro5_clients_are_answered_as_by_the_genuine_name_server() {
    for codec in Codec::ALL {
        hold_again(Dialect::Pyro5, codec).await;
    }
}
