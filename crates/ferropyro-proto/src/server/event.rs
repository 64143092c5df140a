//! What a connection asks of a server.

use bytes::Bytes;
use ferropyro_value::call::Call;
use ferropyro_value::{Codec, Exception, Value};

use crate::{Annotations, BlobInfo, Dialect, Frame, ReplyHead};

/// A client that introduces itself. Answer with [`accept`](crate::ServerSession::accept) or
/// [`refuse`](crate::ServerSession::refuse).
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

    /// The payload of the request, decompressed.
    #[must_use]
    pub fn payload(&self) -> &Bytes {
        match self {
            Self::Call(call) => call.payload(),
            Self::Blob(blob) => &blob.payload,
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

/// The argument of a call with [`KEEP_SERIALIZED`](crate::Flags::KEEP_SERIALIZED): a whole payload, not decoded (wire protocol §3.8).
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
    /// A frame that inflates to much: have it [inflated](Frame::inflate), to at most
    /// [`max_inflated`](crate::FrameLimits::max_inflated), where that disturbs nobody, and hand it back to
    /// [`resume`](crate::ServerSession::resume). Nothing more comes until then.
    Inflate(Frame),
}
