//! The client's end of a session: calls in, replies out, in the order of the calls.
//!
//! The session keeps no call and no payload; who waits for which reply is the caller's part, by the number
//! that each call is given.

mod event;

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::BytesMut;
use ferropyro_value::{Codec, EncodeError, Flavor, literal};

pub use event::{CallParams, ClientConfig, ClientEvent, ConnectParams, Reply, ReplyKind};

use crate::outgoing::write_frame;
use crate::{
    Annotations, Connect, ConnectOk, Deframer, Dialect, Flags, Frame, FrameError, FrameHead, MessageType,
    STREAM, SendError, SessionError,
};

const BEFORE: &[MessageType] = &[MessageType::ConnectOk, MessageType::ConnectFail];
const AFTER: &[MessageType] = &[MessageType::Result, MessageType::Ping];

/// The serializer number of a ping, which is not a serializer; the genuine one's choice.
const PING_SERIALIZER: u16 = 42;

/// The client's end of a session.
#[derive(Debug)]
pub struct ClientSession {
    config: Arc<ClientConfig>,
    dialect: Dialect,
    deframer: Deframer,
    state: State,
    seq: u16,
    waiting: VecDeque<Waiting>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Connecting,
    Open,
    Closed,
}

/// An answer that is owed.
#[derive(Clone, Copy, Debug)]
enum Waiting {
    Call { seq: u16, codec: Codec },
    Ping,
}

impl ClientSession {
    /// Opens a session: appends CONNECT to `out`. `seq` is the number of the last call on the connection
    /// before, 0 at first.
    ///
    /// # Errors
    /// The handshake cannot be encoded; nothing was written.
    pub fn connect(
        config: Arc<ClientConfig>,
        dialect: Dialect,
        seq: u16,
        params: &ConnectParams,
        out: &mut Vec<u8>,
    ) -> Result<Self, SendError> {
        // A refusal may be framed in the other dialect, which then is the one to speak.
        let session = Self::new(config, dialect, seq, State::Connecting, None, BEFORE);
        let wants_metadata = dialect == Dialect::Pyro5 || params.wants_metadata;
        let connect = Connect {
            handshake: params.handshake.clone(),
            object: wants_metadata.then(|| params.object.clone()),
        };
        let head = FrameHead {
            message_type: MessageType::Connect,
            flags: Flags::NONE.with(Flags::META_ON_CONNECT, wants_metadata),
            seq,
            serializer_id: dialect.serializer_id(params.codec),
        };
        let send = &session.config.send;
        write_frame(out, dialect, &head, params.correlation, &params.annotations, send, |out| {
            connect.encode(params.codec, dialect, out)
        })?;
        Ok(session)
    }

    /// A session over a socket that was connected by other means: no handshake (wire protocol §17.5).
    #[must_use]
    pub fn existing(config: Arc<ClientConfig>, dialect: Dialect, seq: u16) -> Self {
        Self::new(config, dialect, seq, State::Open, Some(dialect), AFTER)
    }

    fn new(
        config: Arc<ClientConfig>,
        dialect: Dialect,
        seq: u16,
        state: State,
        accepts: Option<Dialect>,
        expected: &'static [MessageType],
    ) -> Self {
        let mut deframer = Deframer::new(accepts, expected, config.limits.max_frame);
        deframer.check_signatures(config.send.hmac.clone());
        Self { config, dialect, deframer, state, seq, waiting: VecDeque::new() }
    }

    /// Where to read into.
    pub fn input(&mut self) -> &mut BytesMut {
        self.deframer.input()
    }

    /// The next thing that the server says; `None` until more is read.
    ///
    /// # Errors
    /// The session is over: close.
    pub fn poll(&mut self) -> Result<Option<ClientEvent>, SessionError> {
        if self.state == State::Closed {
            return Err(SessionError::Closed);
        }
        let polled = self.next_event();
        if polled.is_err() {
            self.state = State::Closed;
        }
        polled
    }

    fn next_event(&mut self) -> Result<Option<ClientEvent>, SessionError> {
        let Some(frame) = self.deframer.next_frame()? else { return Ok(None) };
        let frame = frame.inflate(self.config.limits.max_inflated)?;
        match frame.message_type {
            MessageType::ConnectFail => self.refused(frame),
            MessageType::ConnectOk => self.connected(frame),
            MessageType::Ping => self.pong(&frame),
            _ => self.reply(frame),
        }
        .map(Some)
    }

    fn connected(&mut self, frame: Frame) -> Result<ClientEvent, SessionError> {
        if frame.dialect != self.dialect {
            let version = frame.dialect.version();
            return Err(FrameError::Version { dialect: self.dialect, version }.into());
        }
        // Not necessarily ours: the genuine client goes by what the reply says, too. But never pickle.
        let codec = frame.codec().ok_or(SessionError::Serializer(frame.serializer_id))?;
        let with_metadata = self.dialect == Dialect::Pyro5 || frame.flags.contains(Flags::META_ON_CONNECT);
        let ConnectOk { handshake, metadata } =
            ConnectOk::decode(codec, &frame.payload, with_metadata, &self.config.value_limits)
                .map_err(|error| SessionError::Handshake(error.to_string()))?;
        self.state = State::Open;
        self.deframer.expect(AFTER, self.config.limits.max_frame);
        let Frame { annotations, correlation, .. } = frame;
        Ok(ClientEvent::Connected { handshake, metadata, annotations, correlation })
    }

    fn refused(&mut self, frame: Frame) -> Result<ClientEvent, SessionError> {
        let reason = if frame.payload.is_empty() {
            "?".to_owned()
        } else {
            let codec = frame.codec().ok_or(SessionError::Serializer(frame.serializer_id))?;
            let reason = codec.decode_value(&frame.payload, &self.config.value_limits);
            let reason = reason.map_err(|error| SessionError::Handshake(error.to_string()))?;
            reason.as_str().map_or_else(|| literal::repr(&reason), str::to_owned)
        };
        self.state = State::Closed;
        Ok(ClientEvent::Refused { reason, speaks: frame.dialect, annotations: frame.annotations })
    }

    fn reply(&mut self, frame: Frame) -> Result<ClientEvent, SessionError> {
        let (expected, codec) = match self.waiting.pop_front() {
            Some(Waiting::Call { seq, codec }) => (seq, codec),
            Some(Waiting::Ping) | None => return Err(SessionError::Unasked(frame.seq)),
        };
        if frame.seq != expected {
            return Err(SessionError::OutOfSync { got: frame.seq, expected });
        }
        if frame.codec() != Some(codec) {
            return Err(SessionError::Serializer(frame.serializer_id));
        }
        let kind = if frame.flags.contains(Flags::ITEM_STREAM) {
            ReplyKind::Stream { id: stream_id(&frame.annotations)? }
        } else if frame.flags.contains(Flags::EXCEPTION) {
            ReplyKind::Exception
        } else if frame.flags.contains(Flags::BATCH) {
            ReplyKind::Batch
        } else {
            ReplyKind::Result
        };
        let Frame { seq, flags, payload, annotations, correlation, .. } = frame;
        Ok(ClientEvent::Reply(Reply { seq, kind, codec, flags, payload, annotations, correlation }))
    }

    fn pong(&mut self, frame: &Frame) -> Result<ClientEvent, SessionError> {
        match self.waiting.pop_front() {
            Some(Waiting::Ping) => Ok(ClientEvent::Pong),
            Some(Waiting::Call { .. }) | None => Err(SessionError::Unasked(frame.seq)),
        }
    }

    /// Makes a call: `encode` appends its payload in the codec and flavor that it is told. Gives the call's
    /// number. Calls may be made before the server took us, and before earlier ones are answered.
    ///
    /// # Errors
    /// What `encode` says, or the frame is too large; nothing was written, no number used.
    pub fn invoke(
        &mut self,
        params: &CallParams,
        out: &mut Vec<u8>,
        encode: impl FnOnce(&mut Vec<u8>, Codec, &'static Flavor) -> Result<(), EncodeError>,
    ) -> Result<u16, SendError> {
        self.check_not_closed()?;
        let CallParams { codec, flags, annotations, correlation } = params;
        let seq = self.seq.wrapping_add(1);
        let head = FrameHead {
            message_type: MessageType::Invoke,
            flags: *flags,
            seq,
            serializer_id: self.dialect.serializer_id(*codec),
        };
        let flavor = self.dialect.flavor();
        write_frame(out, self.dialect, &head, *correlation, annotations, &self.config.send, |out| {
            encode(out, *codec, flavor)
        })?;
        self.seq = seq;
        if !flags.contains(Flags::ONEWAY) {
            self.waiting.push_back(Waiting::Call { seq, codec: *codec });
        }
        Ok(seq)
    }

    /// Asks for a sign of life.
    ///
    /// # Errors
    /// The session is over.
    pub fn ping(&mut self, out: &mut Vec<u8>) -> Result<(), SendError> {
        self.check_not_closed()?;
        let head = FrameHead {
            message_type: MessageType::Ping,
            flags: Flags::NONE,
            seq: self.seq,
            serializer_id: PING_SERIALIZER,
        };
        write_frame(out, self.dialect, &head, None, &Annotations::new(), &self.config.send, |out| {
            out.extend_from_slice(b"ping");
            Ok(())
        })?;
        self.waiting.push_back(Waiting::Ping);
        Ok(())
    }

    fn check_not_closed(&self) -> Result<(), SendError> {
        match self.state {
            State::Closed => Err(SendError::State("the session is closed; open another")),
            State::Connecting | State::Open => Ok(()),
        }
    }

    /// The dialect.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The number of the last call, for the next connection to go on from.
    #[must_use]
    pub fn seq(&self) -> u16 {
        self.seq
    }

    /// Whether the server took us, and the session is not over.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.state == State::Open
    }

    /// How many answers are owed, to pings too; that to CONNECT does not count.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Says that the server sends no more.
    ///
    /// # Errors
    /// It stopped within a frame, or owes answers.
    pub fn end_of_stream(&mut self) -> Result<(), SessionError> {
        let owing = self.state == State::Connecting || !(self.waiting.is_empty() && self.deframer.is_empty());
        let refused = self.state == State::Closed;
        self.state = State::Closed;
        if owing && !refused { Err(SessionError::Truncated) } else { Ok(()) }
    }

    /// Drops the input buffer if it is empty, for a connection that is idle.
    pub fn release(&mut self) {
        self.deframer.release();
    }
}

/// The stream's id; none where the server does not stream.
fn stream_id(annotations: &Annotations) -> Result<Option<String>, FrameError> {
    match annotations.get(STREAM) {
        Some(id) if !id.is_empty() => match std::str::from_utf8(id) {
            Ok(id) => Ok(Some(id.to_owned())),
            Err(_) => Err(FrameError::Annotations("a stream id that is not text")),
        },
        _ => Ok(None),
    }
}
