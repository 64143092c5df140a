//! The server's end of a session: what one connection asks, in order.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use ferropyro_value::call::Call;
use ferropyro_value::{Codec, DecodeError, Exception, Limits, Value};
use uuid::Uuid;

use crate::{
    Annotations, BlobInfo, Deframer, Dialect, Flags, Frame, FrameError, FrameLimits, Metadata, ReplyHead,
    SendError, SendOptions, SessionError,
};

/// How a server treats its connections; shared by all of them.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// Bounds on the frames that come in.
    pub limits: FrameLimits,
    /// Bounds on what payloads decode to.
    pub value_limits: Limits,
    /// The codecs that calls may use. Default all four.
    pub accepted: Vec<Codec>,
    /// How frames are made. A key in here is also what incoming frames of Pyro4 are checked with.
    pub send: Arc<SendOptions>,
    /// How long a client may take to introduce itself. Default 10 s.
    pub handshake_timeout: Duration,
    /// How long a client may say nothing. Default: for ever.
    pub idle_timeout: Option<Duration>,
    /// Whether clients introduce themselves. Default true; false for a socket that was connected by other
    /// means (wire protocol §17.5).
    pub handshake: bool,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            limits: FrameLimits::default(),
            value_limits: Limits::default(),
            accepted: Codec::ALL.to_vec(),
            send: Arc::default(),
            handshake_timeout: Duration::from_secs(10),
            idle_timeout: None,
            handshake: true,
        }
    }
}

/// A client that introduces itself. Answer with [`ServerSession::accept`] or [`ServerSession::refuse`].
#[derive(Clone, Debug)]
pub struct ConnectRequest {
    /// For the daemon's validator.
    pub handshake: Value,
    /// The object that is wanted; always there where metadata is.
    pub object: Option<String>,
    /// Whether the answer is to carry the object's metadata.
    pub wants_metadata: bool,
    /// The client's annotations.
    pub annotations: Annotations,
    /// What the answer is made with. Its correlation id is the request's; give it one if it has none.
    pub head: ReplyHead,
}

/// What is called, arguments included.
#[derive(Clone, Debug)]
pub enum Callee {
    /// An ordinary call, or a batch.
    Call(Call),
    /// A call whose arguments are passed on undecoded.
    Blob(Blob),
}

impl Callee {
    /// The id of the object.
    #[must_use]
    pub fn object(&self) -> &str {
        match self {
            Self::Call(call) => call.object(),
            Self::Blob(blob) => &blob.about.object,
        }
    }

    /// The name of the method.
    #[must_use]
    pub fn method(&self) -> &str {
        match self {
            Self::Call(call) => call.method(),
            Self::Blob(blob) => &blob.about.method,
        }
    }
}

/// The argument of a call with [`Flags::KEEP_SERIALIZED`]: a whole payload, not decoded (wire protocol §3.8).
#[derive(Clone, Debug)]
pub struct Blob {
    /// What it is about.
    pub about: BlobInfo,
    /// The dialect of the payload.
    pub dialect: Dialect,
    /// The codec of the payload.
    pub codec: Codec,
    /// A call's payload, decompressed, with the data in the place of the positional arguments.
    pub payload: Bytes,
}

/// A call to answer.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// What is called.
    pub callee: Callee,
    /// The caller wants no reply, whatever happens.
    pub oneway: bool,
    /// The arguments are calls, answered by [`ReplyHead::batch`].
    pub batch: bool,
    /// The caller's annotations.
    pub annotations: Annotations,
    /// What the reply is made with. Its correlation id is the request's; give it one if it has none.
    pub head: ReplyHead,
}

/// A call that cannot be read. Answer it unless it is oneway.
#[derive(Clone, Debug)]
pub struct Malformed {
    /// What the reply is made with.
    pub head: ReplyHead,
    /// The caller wants no reply.
    pub oneway: bool,
    /// The exception to answer with.
    pub exception: Exception,
    /// Whether the connection is to be closed after the answer.
    pub close: bool,
}

/// What a connection asks.
#[derive(Debug)]
pub enum ServerEvent {
    /// A client introduces itself. Nothing more comes until it is answered.
    Connect(ConnectRequest),
    /// A call to answer.
    Invoke(Invocation),
    /// A call that cannot be read.
    Malformed(Malformed),
    /// A large compressed frame: have it [inflated](Frame::inflate) where that disturbs nobody, and hand it
    /// back to [`ServerSession::resume`]. Nothing more comes until then.
    Inflate(Frame),
}

/// The server's end of a session.
#[derive(Debug)]
pub struct ServerSession {
    config: Arc<ServerConfig>,
    deframer: Deframer,
}

impl ServerSession {
    /// Compressed payloads from this size on are handed out as [`ServerEvent::Inflate`].
    pub const INFLATE_ELSEWHERE: usize = 1 << 20;

    /// A session that starts at `now`, which is a time on any clock that only goes forward.
    #[must_use]
    pub fn new(config: Arc<ServerConfig>, now: Duration) -> Self {
        todo!()
    }

    /// Where to read into.
    pub fn input(&mut self) -> &mut BytesMut {
        todo!()
    }

    /// The next thing that the connection asks; `None` until more is read, or an answer is given. What the
    /// session answers by itself (pings, refusals) is appended to `out`.
    ///
    /// # Errors
    /// The session is over: send `out`, then shut down the sending side, drain and close.
    pub fn poll(&mut self, out: &mut Vec<u8>) -> Result<Option<ServerEvent>, SessionError> {
        todo!()
    }

    /// Hands an inflated frame back, or why it could not be inflated.
    pub fn resume(&mut self, frame: Result<Frame, FrameError>) {
        todo!()
    }

    /// Takes a client. `metadata` is what the object offers, where that was asked for.
    ///
    /// # Errors
    /// The response cannot be encoded; the client still waits.
    pub fn accept(
        &mut self,
        request: &ConnectRequest,
        response: &Value,
        metadata: Option<&Metadata>,
        annotations: &Annotations,
        out: &mut Vec<u8>,
    ) -> Result<(), SendError> {
        todo!()
    }

    /// Refuses a client for a reason that it is told, in its own codec. The session is over: send `out`,
    /// then shut down the sending side, drain and close.
    ///
    /// # Errors
    /// The annotations are too large.
    pub fn refuse(
        &mut self,
        request: &ConnectRequest,
        reason: &str,
        annotations: &Annotations,
        out: &mut Vec<u8>,
    ) -> Result<(), SendError> {
        todo!()
    }

    /// Refuses a client for want of resources: as [`refuse`](Self::refuse), always in marshal.
    ///
    /// # Errors
    /// None that can occur in practice.
    pub fn deny(
        &mut self,
        request: &ConnectRequest,
        reason: &str,
        out: &mut Vec<u8>,
    ) -> Result<(), SendError> {
        todo!()
    }

    /// The dialect, once the first frame told.
    #[must_use]
    pub fn dialect(&self) -> Option<Dialect> {
        todo!()
    }

    /// Whether the handshake is done, and was not refused.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        todo!()
    }

    /// When to call [`handle_timeout`](Self::handle_timeout), if nothing else happens. The idle time counts
    /// while the connection waits for its peer: do not look at it while a call runs.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        todo!()
    }

    /// Says that time has passed.
    ///
    /// # Errors
    /// The client took too long; close.
    pub fn handle_timeout(&mut self, now: Duration) -> Result<(), SessionError> {
        todo!()
    }

    /// Says that bytes came, or that a reply went out.
    pub fn progress(&mut self, now: Duration) {
        todo!()
    }

    /// Says that the peer sends no more.
    ///
    /// # Errors
    /// It stopped within a frame.
    pub fn end_of_stream(&mut self) -> Result<(), SessionError> {
        todo!()
    }

    /// Drops the input buffer if it is empty, for a connection that is idle.
    pub fn release(&mut self) {
        self.deframer.release();
    }
}
