//! Both ends of a session against each other, with the network cutting the bytes wherever it likes.

use std::sync::Arc;
use std::time::Duration;

use ferropyro_proto::{
    Annotations, BLOB_INFO, BlobInfo, CallParams, Callee, ClientConfig, ClientEvent, ClientSession,
    ConnectParams, Dialect, Fault, Flags, FrameError, FrameHead, FrameLimits, FrameWriter, HmacKey,
    Invocation, MessageType, Metadata, Reply, ReplyKind, SendError, SendOptions, ServerConfig, ServerEvent,
    ServerSession, SessionError,
};
use ferropyro_value::call::encode_call;
use ferropyro_value::{Codec, Dict, EncodeError, Exception, Limits, Uuid, Value};

const SECOND: Duration = Duration::from_secs(1);
const ID: Uuid = Uuid::from_u128(0x1111_2222_3333_4444_5555_6666_7777_8888);

/// A client, a server, and what is under way between them.
struct Pair {
    client: ClientSession,
    server: ServerSession,
    to_server: Vec<u8>,
    to_client: Vec<u8>,
    /// How many bytes arrive at once.
    cut: usize,
}

fn compressing() -> Arc<SendOptions> {
    Arc::new(SendOptions { compress: true, ..SendOptions::default() })
}

impl Pair {
    fn new(dialect: Dialect, codec: Codec, cut: usize, send: Arc<SendOptions>) -> Self {
        let mut to_server = Vec::new();
        let config = Arc::new(ClientConfig { send: Arc::clone(&send), ..ClientConfig::default() });
        let params = ConnectParams { codec, correlation: Some(ID), ..ConnectParams::new("obj.thing") };
        let client = ClientSession::connect(config, dialect, 0, &params, &mut to_server).unwrap();
        let config = Arc::new(ServerConfig { send, ..ServerConfig::default() });
        let server = ServerSession::new(config, Duration::ZERO);
        Self { client, server, to_server, to_client: Vec::new(), cut }
    }

    fn connected(dialect: Dialect, codec: Codec) -> Self {
        let mut pair = Self::new(dialect, codec, usize::MAX, Arc::default());
        let events = pair.run().unwrap();
        assert!(matches!(events.as_slice(), [ClientEvent::Connected { .. }]), "{events:?}");
        pair
    }

    fn invoke(&mut self, params: &CallParams, method: &str, args: &[Value]) -> u16 {
        let dialect = self.client.dialect();
        self.client
            .invoke(params, &mut self.to_server, |out, codec, flavor| {
                assert_eq!(flavor, dialect.flavor());
                encode_call(codec, flavor, "obj.thing", method, args, Some(&Dict::new()), out)
            })
            .unwrap()
    }

    /// Lets everything arrive that is under way, and answers it.
    fn run(&mut self) -> Result<Vec<ClientEvent>, SessionError> {
        let mut events = Vec::new();
        for piece in std::mem::take(&mut self.to_server).chunks(self.cut) {
            self.server.input().extend_from_slice(piece);
            while let Some(event) = self.server.poll(&mut self.to_client)? {
                serve(&mut self.server, event, &mut self.to_client);
            }
        }
        for piece in std::mem::take(&mut self.to_client).chunks(self.cut) {
            self.client.input().extend_from_slice(piece);
            while let Some(event) = self.client.poll()? {
                events.push(event);
            }
        }
        Ok(events)
    }

    fn only_reply(&mut self) -> Reply {
        match self.run().unwrap().pop() {
            Some(ClientEvent::Reply(reply)) => reply,
            other => panic!("{other:?}"),
        }
    }
}

fn metadata() -> Metadata {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Metadata { methods: names(&["echo", "fire"]), oneway: names(&["fire"]), attrs: names(&[]) }
}

/// A small daemon.
fn serve(server: &mut ServerSession, event: ServerEvent, out: &mut Vec<u8>) {
    match event {
        ServerEvent::Connect(request) => {
            assert_eq!(request.object.as_deref(), Some("obj.thing"));
            if request.handshake == Value::from("hello") {
                let annotations = [(*b"DMON", "from the daemon")].into_iter().collect();
                server
                    .accept(&request, &Value::from("welcome"), Some(&metadata()), &annotations, out)
                    .unwrap();
            } else {
                server.refuse(&request, "wrong password", &Annotations::new(), out).unwrap();
            }
        }
        ServerEvent::Inflate(frame) => server.resume(frame.inflate(64 << 20)),
        ServerEvent::Invoke(invocation) => answer(&invocation, out),
        ServerEvent::Malformed(malformed) if malformed.oneway => {}
        ServerEvent::Malformed(malformed) => {
            malformed.head.exception(out, &Annotations::new(), &malformed.exception).unwrap();
        }
    }
}

fn answer(invocation: &Invocation, out: &mut Vec<u8>) {
    let none = Annotations::new();
    let head = &invocation.head;
    if invocation.oneway {
        return;
    }
    let call = match &invocation.callee {
        Callee::Call(call) => call,
        Callee::Blob(blob) => {
            let info = &blob.about.info;
            return head
                .result(out, &none, |out, codec, flavor| codec.encode_value_into(info, flavor, out))
                .unwrap();
        }
    };
    assert_eq!(call.object(), "obj.thing");
    let (mut args, _) = call.arguments().values().unwrap();
    match call.method() {
        "echo" => {
            let echo = args.pop().unwrap();
            head.result(out, &invocation.annotations, |out, codec, flavor| {
                codec.encode_value_into(&echo, flavor, out)
            })
        }
        "stream" => head.stream(out, &none, args.pop().as_ref().and_then(Value::as_str)),
        "<batch>" => {
            head.batch(out, &none, vec![Ok(Value::from(1)), Err(Exception::new("ValueError", "two"))])
        }
        "unencodable" => {
            let odd = Exception::with_args("ValueError", vec![Value::Ellipsis]).with_traceback(["line\n"]);
            head.exception(out, &none, &odd)
        }
        method => head.exception(out, &none, &Exception::new("AttributeError", method)),
    }
    .unwrap();
}

fn decoded(reply: &Reply) -> Value {
    reply.codec.decode_value(&reply.payload, &Limits::default()).unwrap()
}

fn decoded_exception(reply: &Reply) -> Exception {
    match decoded(reply) {
        Value::Exception(exception) => *exception,
        other => panic!("{other:?}"),
    }
}

/// Every dialect with every codec.
fn everyone() -> impl Iterator<Item = (Dialect, Codec)> {
    Dialect::ALL.into_iter().flat_map(|dialect| Codec::ALL.map(|codec| (dialect, codec)))
}

#[test]
fn handshakes_and_calls_survive_any_cut() {
    for (dialect, codec) in everyone() {
        for cut in (1..48).step_by(3).chain([usize::MAX]) {
            let mut pair = Pair::new(dialect, codec, cut, Arc::default());
            let events = pair.run().unwrap();
            let [ClientEvent::Connected { handshake, metadata: Some(found), annotations, correlation }] =
                events.as_slice()
            else {
                panic!("{events:?}")
            };
            assert_eq!((handshake, found), (&Value::from("welcome"), &metadata()));
            assert_eq!(annotations.get(*b"DMON").unwrap(), "from the daemon");
            assert_eq!(*correlation, Some(ID));
            let params = CallParams {
                codec,
                annotations: [(*b"USER", "mine")].into_iter().collect(),
                correlation: Some(ID),
                ..CallParams::default()
            };
            let seqs: Vec<u16> = (0..3).map(|n| pair.invoke(&params, "echo", &[Value::from(n)])).collect();
            assert_eq!((seqs.as_slice(), pair.client.waiting()), ([1, 2, 3].as_slice(), 3));
            for (n, event) in pair.run().unwrap().into_iter().enumerate() {
                let ClientEvent::Reply(reply) = event else { panic!("{event:?}") };
                assert_eq!((reply.seq, &reply.kind), (seqs[n], &ReplyKind::Result));
                assert_eq!(decoded(&reply), Value::from(n));
                assert_eq!(reply.annotations.get(*b"USER").unwrap(), "mine");
                assert_eq!(reply.correlation, Some(ID));
            }
            assert_eq!(pair.client.waiting(), 0);
            pair.client.end_of_stream().unwrap();
            pair.server.end_of_stream().unwrap();
        }
    }
}

#[test]
fn exceptions_streams_batches_and_pings_are_told_apart() {
    for (dialect, codec) in everyone() {
        let mut pair = Pair::connected(dialect, codec);
        let params = CallParams { codec, correlation: Some(ID), ..CallParams::default() };
        let in_header = dialect == Dialect::Pyro5;

        pair.invoke(&params, "nope", &[]);
        let reply = pair.only_reply();
        assert_eq!(reply.kind, ReplyKind::Exception);
        assert_eq!(reply.correlation.is_some(), in_header);
        assert_eq!(decoded_exception(&reply).to_string(), "AttributeError: nope");

        pair.invoke(&params, "stream", &[Value::from("an-id")]);
        let reply = pair.only_reply();
        assert_eq!(reply.kind, ReplyKind::Stream { id: Some("an-id".into()) });
        assert_eq!(reply.correlation.is_some(), in_header);
        assert_eq!(decoded_exception(&reply).message(), "result of call is an iterator");
        assert!(decoded_exception(&reply).class().starts_with(dialect.flavor().errors_module));

        pair.invoke(&params, "stream", &[]);
        assert_eq!(pair.only_reply().kind, ReplyKind::Stream { id: None });

        pair.invoke(&CallParams { flags: Flags::BATCH, ..params.clone() }, "<batch>", &[]);
        let reply = pair.only_reply();
        assert_eq!(reply.kind, ReplyKind::Batch);
        let results = decoded(&reply).into_items().unwrap();
        assert_eq!(results[0], Value::from(1));
        assert!(matches!(&results[1], Value::Exception(e) if e.message() == "two"), "{results:?}");

        pair.client.ping(&mut pair.to_server).unwrap();
        pair.invoke(&params, "echo", &[Value::from("after")]);
        let events = pair.run().unwrap();
        assert!(matches!(events.as_slice(), [ClientEvent::Pong, ClientEvent::Reply(_)]), "{events:?}");
    }
}

#[test]
fn an_exception_that_cannot_be_encoded_is_told_as_a_pyro_error() {
    for (dialect, codec) in everyone() {
        let mut pair = Pair::connected(dialect, codec);
        pair.invoke(&CallParams { codec, ..CallParams::default() }, "unencodable", &[]);
        let exception = decoded_exception(&pair.only_reply());
        assert_eq!(exception.class(), format!("{}PyroError", dialect.flavor().errors_module));
        let message = exception.message();
        assert!(message.starts_with("Error serializing exception: "), "{message}");
        assert!(message.contains(". Original exception: <class 'ValueError'>: "), "{message}");
        assert_eq!(exception.traceback(), "line\n");
    }
}

#[test]
fn oneway_calls_are_not_waited_for() {
    for dialect in Dialect::ALL {
        let mut pair = Pair::connected(dialect, Codec::Json);
        let params = CallParams { codec: Codec::Json, ..CallParams::default() };
        assert_eq!(pair.invoke(&CallParams { flags: Flags::ONEWAY, ..params.clone() }, "fire", &[]), 1);
        assert_eq!(pair.client.waiting(), 0);
        assert_eq!(pair.invoke(&params, "echo", &[Value::from(2)]), 2);
        assert_eq!(pair.only_reply().seq, 2);
    }
}

#[test]
fn large_payloads_are_inflated_elsewhere_and_order_is_kept() {
    for dialect in Dialect::ALL {
        let mut pair = Pair::new(dialect, Codec::Json, 100_000, compressing());
        pair.run().unwrap();
        let params = CallParams { codec: Codec::Json, ..CallParams::default() };
        let text = "x".repeat(2 << 20);
        pair.invoke(&params, "echo", &[Value::from(&text)]);
        pair.invoke(&params, "echo", &[Value::from(2)]);
        assert!(pair.to_server.len() < 1 << 20);
        let events = pair.run().unwrap();
        let [ClientEvent::Reply(first), ClientEvent::Reply(second)] = events.as_slice() else { panic!() };
        assert_eq!(decoded(first), Value::from(&text));
        assert_eq!(decoded(second), Value::from(2));
    }
}

#[test]
fn a_bomb_is_answered_and_the_connection_stays() {
    for dialect in Dialect::ALL {
        let mut pair = Pair::new(dialect, Codec::Json, usize::MAX, compressing());
        let limits = FrameLimits { max_inflated: 100_000, ..FrameLimits::default() };
        let config = ServerConfig { limits, send: compressing(), ..ServerConfig::default() };
        pair.server = ServerSession::new(Arc::new(config), Duration::ZERO);
        pair.run().unwrap();
        let params = CallParams { codec: Codec::Json, ..CallParams::default() };
        pair.invoke(&params, "echo", &[Value::from("x".repeat(100_001))]);
        let exception = decoded_exception(&pair.only_reply());
        assert!(
            exception.message().starts_with("decompressed payload too large (max=100000)"),
            "{exception}"
        );
        pair.invoke(&params, "echo", &[Value::from(2)]);
        assert_eq!(decoded(&pair.only_reply()), Value::from(2));
    }
}

#[test]
fn blobs_pass_undecoded() {
    for (dialect, codec) in everyone() {
        let mut pair = Pair::connected(dialect, codec);
        let about = BlobInfo { info: "for you".into(), object: "obj.thing".into(), method: "take".into() };
        let mut params = CallParams { codec, flags: Flags::KEEP_SERIALIZED, ..CallParams::default() };
        params.annotations.insert(BLOB_INFO, about.encode(dialect).unwrap());
        pair.client
            .invoke(&params, &mut pair.to_server, |out, _, _| {
                out.extend_from_slice(b"whatever");
                Ok(())
            })
            .unwrap();
        assert_eq!(decoded(&pair.only_reply()), Value::from("for you"));
    }
}

#[test]
fn signed_sessions_need_the_same_key() {
    let signing =
        |key: &str| Arc::new(SendOptions { hmac: Some(HmacKey::new(key)), ..SendOptions::default() });
    let mut pair = Pair::new(Dialect::Pyro4, Codec::Json, 3, signing("key"));
    assert_eq!(pair.run().unwrap().len(), 1);
    pair.invoke(&CallParams { codec: Codec::Json, ..CallParams::default() }, "echo", &[Value::from(1)]);
    assert_eq!(decoded(&pair.only_reply()), Value::from(1));

    let mut pair = Pair::new(Dialect::Pyro4, Codec::Json, 3, signing("key"));
    let config = ServerConfig { send: signing("another"), ..ServerConfig::default() };
    pair.server = ServerSession::new(Arc::new(config), Duration::ZERO);
    assert_eq!(pair.run().unwrap_err(), SessionError::Frame(FrameError::HmacMismatch));
    assert!(!pair.to_client.is_empty(), "a refusal, signed");
    pair.client.input().extend_from_slice(&pair.to_client);
    let error = pair.client.poll().unwrap_err();
    assert_eq!((error.fault(), error.python_class()), (Fault::Security, "Pyro5.errors.SecurityError"));
}

#[test]
fn refusals_say_why() {
    for (dialect, codec) in everyone() {
        let params =
            ConnectParams { codec, handshake: Value::from("guess"), ..ConnectParams::new("obj.thing") };
        let mut pair = Pair::new(dialect, codec, usize::MAX, Arc::default());
        pair.to_server.clear();
        pair.client =
            ClientSession::connect(Arc::default(), dialect, 65_535, &params, &mut pair.to_server).unwrap();
        pair.server.input().extend_from_slice(&pair.to_server);
        let event = pair.server.poll(&mut pair.to_client).unwrap().unwrap();
        serve(&mut pair.server, event, &mut pair.to_client);
        assert_eq!(pair.server.poll(&mut pair.to_client).unwrap_err(), SessionError::Closed);
        pair.client.input().extend_from_slice(&pair.to_client);
        let Some(ClientEvent::Refused { reason, speaks, .. }) = pair.client.poll().unwrap() else { panic!() };
        assert_eq!((reason.as_str(), speaks), ("wrong password", dialect));
        let refused = pair.client.invoke(&CallParams::default(), &mut Vec::new(), |_, _, _| Ok(()));
        assert!(matches!(refused, Err(SendError::State(_))));
        pair.client.end_of_stream().unwrap();
    }
}

#[test]
fn a_refusal_in_the_other_dialect_tells_which_one_to_speak() {
    let mut out = Vec::new();
    let params = ConnectParams::new("obj.thing");
    let mut client = ClientSession::connect(Arc::default(), Dialect::Pyro5, 0, &params, &mut out).unwrap();
    // What a genuine Pyro4 says to that.
    let refusal = b"PYRO\0\x30\0\x03\0\0\0\0\0\0\0\x2e\0\x03\0\0\0\0\x35\x4d\
        \xfa\x2cinvalid data or unsupported protocol version";
    client.input().extend_from_slice(refusal);
    let Some(ClientEvent::Refused { reason, speaks, .. }) = client.poll().unwrap() else { panic!() };
    assert_eq!(speaks, Dialect::Pyro4);
    assert_eq!(reason, "invalid data or unsupported protocol version");
}

#[test]
fn calls_may_follow_connect_at_once() {
    for dialect in Dialect::ALL {
        let mut pair = Pair::new(dialect, Codec::Json, usize::MAX, Arc::default());
        pair.invoke(&CallParams { codec: Codec::Json, ..CallParams::default() }, "echo", &[Value::from(1)]);
        let events = pair.run().unwrap();
        assert!(
            matches!(events.as_slice(), [ClientEvent::Connected { .. }, ClientEvent::Reply(_)]),
            "{events:?}"
        );
    }
}

#[test]
fn connected_sockets_need_no_handshake() {
    for dialect in Dialect::ALL {
        let config = ServerConfig { handshake: false, ..ServerConfig::default() };
        let mut pair = Pair::new(dialect, Codec::Json, 1, Arc::default());
        pair.to_server.clear();
        pair.server = ServerSession::new(Arc::new(config), Duration::ZERO);
        pair.client = ClientSession::existing(Arc::default(), dialect, 65_535);
        let params = CallParams { codec: Codec::Json, ..CallParams::default() };
        assert_eq!(pair.invoke(&params, "echo", &[Value::from(1)]), 0, "65535 is followed by 0");
        assert_eq!(pair.only_reply().seq, 0);
        assert_eq!(pair.server.dialect(), Some(dialect));
    }
}

#[test]
fn a_call_that_cannot_be_encoded_uses_no_number() {
    let mut pair = Pair::connected(Dialect::Pyro5, Codec::Json);
    let refused = pair.client.invoke(&CallParams::default(), &mut pair.to_server, |out, _, _| {
        out.extend_from_slice(b"half");
        Err(EncodeError::TooDeep(1))
    });
    assert_eq!(refused, Err(SendError::Encode(EncodeError::TooDeep(1))));
    assert!(pair.to_server.is_empty());
    assert_eq!((pair.client.seq(), pair.client.waiting()), (0, 0));
}

#[test]
fn replies_out_of_order_or_in_another_codec_end_the_session() {
    let params = CallParams { codec: Codec::Json, ..CallParams::default() };
    let mut pair = Pair::connected(Dialect::Pyro5, Codec::Json);
    pair.invoke(&params, "echo", &[Value::from(1)]);
    let mut replies = Vec::new();
    pair.server.input().extend_from_slice(&pair.to_server);
    let Some(ServerEvent::Invoke(invocation)) = pair.server.poll(&mut replies).unwrap() else { panic!() };
    answer(&invocation, &mut replies);

    let mut other = Pair::connected(Dialect::Pyro5, Codec::Json);
    other.client.input().extend_from_slice(&replies);
    assert_eq!(other.client.poll().unwrap_err(), SessionError::Unasked(1));
    assert_eq!(other.client.poll().unwrap_err(), SessionError::Closed);

    let mut other = Pair::connected(Dialect::Pyro5, Codec::Json);
    other.client = ClientSession::existing(Arc::default(), Dialect::Pyro5, 7);
    other.invoke(&params, "echo", &[]);
    other.client.input().extend_from_slice(&replies);
    let error = other.client.poll().unwrap_err();
    assert_eq!(error.to_string(), "invoke: reply sequence out of sync, got 1 expected 8");

    let mut other = Pair::connected(Dialect::Pyro5, Codec::Json);
    other.invoke(&CallParams { codec: Codec::Msgpack, ..params }, "echo", &[]);
    other.client.input().extend_from_slice(&replies);
    let error = other.client.poll().unwrap_err();
    assert_eq!(
        (error.to_string().as_str(), error.fault()),
        ("invalid serializer in response: 3", Fault::Unsupported)
    );
}

#[test]
fn clients_are_given_time_and_no_more() {
    let config = Arc::new(ServerConfig { idle_timeout: Some(60 * SECOND), ..ServerConfig::default() });
    let mut server = ServerSession::new(Arc::clone(&config), 5 * SECOND);
    assert_eq!(server.deadline(), Some(15 * SECOND));
    server.progress(14 * SECOND);
    server.handle_timeout(14 * SECOND).unwrap();
    assert_eq!(server.handle_timeout(15 * SECOND), Err(SessionError::HandshakeTimeout));
    assert_eq!(server.deadline(), None);

    let mut pair = Pair::new(Dialect::Pyro5, Codec::Json, usize::MAX, Arc::default());
    pair.server = ServerSession::new(config, 5 * SECOND);
    pair.run().unwrap();
    assert_eq!(pair.server.deadline(), Some(65 * SECOND));
    pair.server.progress(30 * SECOND);
    pair.server.handle_timeout(65 * SECOND).unwrap();
    assert_eq!(pair.server.handle_timeout(90 * SECOND), Err(SessionError::IdleTimeout));
}

#[test]
fn a_client_may_be_silent_for_ever_between_messages_and_not_within_one() {
    let config = Arc::new(ServerConfig { handshake: false, ..ServerConfig::default() });
    let mut server = ServerSession::new(config, SECOND);
    assert_eq!(server.deadline(), None);
    let mut out = Vec::new();
    server.receive(b"PYRO");
    server.progress(10 * SECOND);
    assert!(server.poll(&mut out).unwrap().is_none());
    assert_eq!(server.deadline(), Some(130 * SECOND));
    server.receive(b"\x01\xF6");
    server.progress(100 * SECOND);
    server.handle_timeout(130 * SECOND).unwrap();
    assert_eq!(server.handle_timeout(220 * SECOND), Err(SessionError::StallTimeout));
}

#[test]
fn a_stream_that_ends_within_a_frame_is_noticed() {
    let mut pair = Pair::connected(Dialect::Pyro5, Codec::Json);
    pair.invoke(&CallParams { codec: Codec::Json, ..CallParams::default() }, "echo", &[Value::from(1)]);
    pair.server.input().extend_from_slice(&pair.to_server[..50]);
    assert!(pair.server.poll(&mut Vec::new()).unwrap().is_none());
    assert_eq!(pair.server.end_of_stream(), Err(SessionError::Truncated));
    assert_eq!(pair.client.end_of_stream().unwrap_err().to_string(), "receiving: not enough data");
}

#[test]
fn a_stranger_cannot_multiply_bytes_by_references() {
    // A list that is repeated in a list that is repeated, and so on: 16 items sixteen times over.
    let mut payload = b"{\xfa\x09handshake".to_vec();
    for _ in 0..16 {
        payload.extend_from_slice(b"\xdb\x10\0\0\0");
    }
    payload.extend_from_slice(&b"N".repeat(16));
    for level in (1..16_u32).rev() {
        for _ in 0..15 {
            payload.push(b'r');
            payload.extend_from_slice(&level.to_le_bytes());
        }
    }
    payload.push(b'0');
    let options = SendOptions::default();
    let mut bytes = Vec::new();
    let writer = FrameWriter::begin(&mut bytes, Dialect::Pyro5, &Annotations::new(), None, &options).unwrap();
    bytes.extend_from_slice(&payload);
    let head = FrameHead { message_type: MessageType::Connect, flags: Flags::NONE, seq: 0, serializer_id: 2 };
    writer.finish(&mut bytes, &head, &options).unwrap();
    let mut server = ServerSession::new(Arc::default(), Duration::ZERO);
    server.input().extend_from_slice(&bytes);
    let error = server.poll(&mut Vec::new()).unwrap_err();
    assert!(matches!(error, SessionError::Handshake(_)), "{error:?}");
}
