//! The client's end of a session: calls in, replies out, in the order of the calls.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use ferropyro_value::{Codec, EncodeError, Flavor, Limits, Value};
use uuid::Uuid;

use crate::{
    Annotations, Deframer, Dialect, Flags, FrameLimits, Metadata, SendError, SendOptions, SessionError,
};

/// How a client treats its connections; shared by all of them.
#[derive(Clone, Debug, Default)]
pub struct ClientConfig {
    /// Bounds on the frames that come in.
    pub limits: FrameLimits,
    /// Bounds on what handshakes decode to.
    pub value_limits: Limits,
    /// How frames are made. A key in here is also what incoming frames of Pyro4 are checked with.
    pub send: Arc<SendOptions>,
}

/// How a client introduces itself.
#[derive(Clone, Debug)]
pub struct ConnectParams {
    /// The id of the object that is wanted.
    pub object: String,
    /// For the daemon's validator. Clients say the text `hello` unless told otherwise.
    pub handshake: Value,
    /// Whether the object's metadata is wanted. Pyro5 sends it always.
    pub wants_metadata: bool,
    /// The codec of the handshake.
    pub codec: Codec,
    /// For the server.
    pub annotations: Annotations,
    /// The correlation id, if there is one.
    pub correlation: Option<Uuid>,
}

impl ConnectParams {
    /// The usual introduction: `hello`, metadata wanted, serpent, nothing else.
    #[must_use]
    pub fn new(object: impl Into<String>) -> Self {
        Self {
            object: object.into(),
            handshake: Value::from("hello"),
            wants_metadata: true,
            codec: Codec::default(),
            annotations: Annotations::new(),
            correlation: None,
        }
    }
}

/// How a call is made, beside its payload.
#[derive(Clone, Debug, Default)]
pub struct CallParams {
    /// The codec of call and reply.
    pub codec: Codec,
    /// Any of [`Flags::ONEWAY`], [`Flags::BATCH`], [`Flags::KEEP_SERIALIZED`] (the latter with the
    /// annotation that [`BlobInfo`](crate::BlobInfo) makes).
    pub flags: Flags,
    /// For the server.
    pub annotations: Annotations,
    /// The correlation id, if there is one.
    pub correlation: Option<Uuid>,
}

/// What a reply is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyKind {
    /// A result.
    Result,
    /// An exception.
    Exception,
    /// The result is an iterator, to be read from the daemon by this id; none where the server is not
    /// configured to allow streaming.
    Stream {
        /// The stream's id.
        id: Option<String>,
    },
    /// The results of a batch.
    Batch,
}

/// The reply to a call.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The call's number, as [`ClientSession::invoke`] gave it.
    pub seq: u16,
    /// What it is.
    pub kind: ReplyKind,
    /// The codec of the payload: the call's.
    pub codec: Codec,
    /// The reply's flags.
    pub flags: Flags,
    /// The payload, decompressed.
    pub payload: Bytes,
    /// The server's annotations.
    pub annotations: Annotations,
    /// The correlation id, if the server sent one.
    pub correlation: Option<Uuid>,
}

/// What a server says.
#[derive(Debug)]
pub enum ClientEvent {
    /// The server took us.
    Connected {
        /// The validator's answer.
        handshake: Value,
        /// What the object offers, unless the server did not say.
        metadata: Option<Metadata>,
        /// The server's annotations.
        annotations: Annotations,
        /// The correlation id, if the server sent one.
        correlation: Option<Uuid>,
    },
    /// The server refused us; the session is over.
    Refused {
        /// Why.
        reason: String,
        /// The dialect that the server speaks; if it is not ours, connect again with it.
        speaks: Dialect,
        /// The server's annotations.
        annotations: Annotations,
    },
    /// The reply to the call that waited longest.
    Reply(Reply),
    /// The answer to a ping.
    Pong,
}

/// The client's end of a session.
#[derive(Debug)]
pub struct ClientSession {
    config: Arc<ClientConfig>,
    dialect: Dialect,
    deframer: Deframer,
    seq: u16,
}

impl ClientSession {
    /// Opens a session: appends CONNECT to `out`. `seq` is the number of the last call on the connection
    /// before, 0 at first.
    ///
    /// # Errors
    /// The handshake cannot be encoded.
    pub fn connect(
        config: Arc<ClientConfig>,
        dialect: Dialect,
        seq: u16,
        params: &ConnectParams,
        out: &mut Vec<u8>,
    ) -> Result<Self, SendError> {
        todo!()
    }

    /// A session over a socket that was connected by other means: no handshake (wire protocol §17.5).
    #[must_use]
    pub fn existing(config: Arc<ClientConfig>, dialect: Dialect, seq: u16) -> Self {
        todo!()
    }

    /// Where to read into.
    pub fn input(&mut self) -> &mut BytesMut {
        todo!()
    }

    /// The next thing that the server says; `None` until more is read.
    ///
    /// # Errors
    /// The session is over: close.
    pub fn poll(&mut self) -> Result<Option<ClientEvent>, SessionError> {
        todo!()
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
        todo!()
    }

    /// Asks for a sign of life.
    ///
    /// # Errors
    /// The session is over, or not open yet.
    pub fn ping(&mut self, out: &mut Vec<u8>) -> Result<(), SendError> {
        todo!()
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

    /// Whether the server took us.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        todo!()
    }

    /// How many answers are owed.
    #[must_use]
    pub fn waiting(&self) -> usize {
        todo!()
    }

    /// Says that the server sends no more.
    ///
    /// # Errors
    /// It stopped within a frame, or owes answers.
    pub fn end_of_stream(&mut self) -> Result<(), SessionError> {
        todo!()
    }

    /// Drops the input buffer if it is empty, for a connection that is idle.
    pub fn release(&mut self) {
        self.deframer.release();
    }
}
