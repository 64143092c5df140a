//! A client that is nothing but a socket and the frames of the protocol crate.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use ferropyro::{Annotations, Codec, Daemon, Dialect, Dict, Exception, Value};
use ferropyro_proto::{Connect, Deframer, Flags, Frame, FrameHead, FrameWriter, MessageType, SendOptions};
use ferropyro_value::EncodeError;
use ferropyro_value::call::{Typed, WriteBatch, encode_batch, encode_call, write_entry};
use ferropyro_value::codec::Encoder;

/// What a client may be answered with.
const ANSWERS: &[MessageType] =
    &[MessageType::ConnectOk, MessageType::ConnectFail, MessageType::Result, MessageType::Ping];

pub(crate) struct Peer {
    stream: TcpStream,
    frames: Deframer,
    pub(crate) dialect: Dialect,
    pub(crate) codec: Codec,
    seq: u16,
}

/// Calls of a batch: names and positional arguments.
struct Calls<'a>(&'a [(&'a str, &'a [Value])]);

impl WriteBatch for Calls<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn write<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        self.0.iter().try_for_each(|(method, args)| {
            let arguments = Typed { attribute: None, positional: &args.to_vec(), keyword: None };
            write_entry(method, &arguments, encoder)
        })
    }
}

/// The outcome of a call.
pub(crate) type Outcome = Result<Value, Box<Exception>>;

impl Peer {
    /// Opens a connection and says nothing.
    pub(crate) fn dial(daemon: &Daemon, dialect: Dialect) -> Self {
        let address = daemon.local_addr().expect("the daemon listens on TCP");
        let stream = TcpStream::connect(address).expect("the daemon accepts");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout can be set");
        stream.set_nodelay(true).expect("the option can be set");
        Self { stream, frames: Deframer::new(None, ANSWERS, 1 << 30), dialect, codec: Codec::Serpent, seq: 0 }
    }

    /// Opens a connection and introduces itself.
    pub(crate) fn connect(daemon: &Daemon, dialect: Dialect, object: &str) -> Self {
        Self::connect_in(daemon, dialect, Codec::Serpent, object)
    }

    /// The same in another codec.
    pub(crate) fn connect_in(daemon: &Daemon, dialect: Dialect, codec: Codec, object: &str) -> Self {
        let mut peer = Self { codec, ..Self::dial(daemon, dialect) };
        let answer = peer.introduce(object);
        assert_eq!(answer.message_type, MessageType::ConnectOk, "{:?}", peer.text(&answer));
        peer
    }

    /// Sends a CONNECT; gives the answer.
    pub(crate) fn introduce(&mut self, object: &str) -> Frame {
        let connect = Connect { handshake: Value::from("hello"), object: Some(object.to_owned()) };
        let mut payload = Vec::new();
        connect.encode(self.codec, self.dialect, &mut payload).expect("text can be encoded");
        self.write(&self.frame(MessageType::Connect, Flags::META_ON_CONNECT, &payload));
        self.read().expect("an answer to the handshake")
    }

    /// A frame with the current sequence number.
    pub(crate) fn frame(&self, message_type: MessageType, flags: Flags, payload: &[u8]) -> Vec<u8> {
        self.annotated_frame(message_type, flags, &Annotations::new(), payload)
    }

    pub(crate) fn annotated_frame(
        &self,
        message_type: MessageType,
        flags: Flags,
        annotations: &Annotations,
        payload: &[u8],
    ) -> Vec<u8> {
        let options = SendOptions::default();
        let serializer_id = self.dialect.serializer_id(self.codec);
        let head = FrameHead { message_type, flags, seq: self.seq, serializer_id };
        let mut out = Vec::new();
        let writer =
            FrameWriter::begin(&mut out, self.dialect, annotations, None, &options).expect("no annotations");
        out.extend_from_slice(payload);
        writer.finish(&mut out, &head, &options).expect("the frame is small");
        out
    }

    /// The frame of a call.
    pub(crate) fn invoke(&mut self, flags: Flags, object: &str, method: &str, args: &[Value]) -> Vec<u8> {
        self.invoke_with(flags, object, method, args, &Dict::new())
    }

    fn invoke_with(
        &mut self,
        flags: Flags,
        object: &str,
        method: &str,
        args: &[Value],
        keyword: &Dict,
    ) -> Vec<u8> {
        self.seq = self.seq.wrapping_add(1);
        let mut payload = Vec::new();
        encode_call(self.codec, self.dialect.flavor(), object, method, args, Some(keyword), &mut payload)
            .expect("the arguments can be encoded");
        self.frame(MessageType::Invoke, flags, &payload)
    }

    /// The frame of a batch.
    pub(crate) fn batch(&mut self, flags: Flags, object: &str, calls: &[(&str, &[Value])]) -> Vec<u8> {
        self.seq = self.seq.wrapping_add(1);
        let mut payload = Vec::new();
        encode_batch(self.codec, self.dialect.flavor(), object, &Calls(calls), &mut payload)
            .expect("can be encoded");
        self.frame(MessageType::Invoke, flags | Flags::BATCH, &payload)
    }

    /// Calls, and waits for the answer.
    pub(crate) fn call(&mut self, object: &str, method: &str, args: &[Value]) -> Outcome {
        let frame = self.invoke(Flags::NONE, object, method, args);
        self.write(&frame);
        self.outcome()
    }

    /// Calls with keyword arguments, and waits for the answer.
    pub(crate) fn call_with(
        &mut self,
        object: &str,
        method: &str,
        args: &[Value],
        keyword: &Dict,
    ) -> Outcome {
        let frame = self.invoke_with(Flags::NONE, object, method, args, keyword);
        self.write(&frame);
        self.outcome()
    }

    /// The next answer, as the outcome of a call.
    pub(crate) fn outcome(&mut self) -> Outcome {
        let frame = self.read().expect("an answer");
        assert_eq!(frame.message_type, MessageType::Result);
        assert_eq!(frame.seq, self.seq, "the answer to this call");
        let failed = frame.flags.contains(Flags::EXCEPTION);
        match self.value(&frame) {
            Value::Exception(exception) if failed => {
                assert!(!exception.traceback().is_empty(), "a traceback with {exception}");
                Err(exception)
            }
            value => {
                assert!(!failed, "an exception, not {value:?}");
                Ok(value)
            }
        }
    }

    /// The payload of an answer.
    pub(crate) fn value(&self, frame: &Frame) -> Value {
        let codec = frame.codec().expect("a codec that exists");
        codec.decode_value(&frame.payload, &Default::default()).expect("an answer that can be read")
    }

    /// The payload of an answer that is a text, or what it is instead.
    pub(crate) fn text(&self, frame: &Frame) -> String {
        let value = self.value(frame);
        value.as_str().map_or_else(|| format!("{value:?}"), str::to_owned)
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).expect("the daemon reads");
    }

    /// Writes, whether or not the daemon still wants it.
    pub(crate) fn try_write(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes);
    }

    /// The next frame; `None` when the daemon has closed the connection.
    pub(crate) fn read(&mut self) -> Option<Frame> {
        loop {
            if let Some(frame) = self.frames.next_frame().expect("a frame of the protocol") {
                return Some(frame);
            }
            let mut chunk = [0; 64 << 10];
            match self.stream.read(&mut chunk) {
                Ok(0) => return None,
                Ok(len) => self.frames.input().extend_from_slice(&chunk[..len]),
                Err(error) if error.kind() == ErrorKind::ConnectionReset => return None,
                Err(error) => panic!("no answer: {error}"),
            }
        }
    }

    /// Says that nothing more will be sent.
    pub(crate) fn finish(&mut self) {
        self.stream.shutdown(Shutdown::Write).expect("the connection is open");
    }

    /// Whether the daemon has closed, or closes, the connection without another word.
    pub(crate) fn is_closed(&mut self) -> bool {
        self.read().is_none()
    }
}
