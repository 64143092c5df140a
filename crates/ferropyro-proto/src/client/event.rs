//! What a client asks of a server, and what the server says.

use std::sync::Arc;

use bytes::Bytes;
use ferropyro_value::{Codec, Limits, Value};
use uuid::Uuid;

use crate::{Annotations, Dialect, Flags, FrameLimits, Metadata, SendOptions};

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
    /// The call's number, as [`invoke`](crate::ClientSession::invoke) gave it.
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
