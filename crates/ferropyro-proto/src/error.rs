//! What goes wrong on a connection, and whose fault it is.
//!
//! Texts are those of the genuine Pyro where it has one for the case, since users search for them.

use ferropyro_value::{DecodeError, DecodeErrorKind, EncodeError, Exception};

use crate::{Dialect, MessageType};

/// Who must act on an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The peer broke the protocol.
    Peer,
    /// The peer wants what we lack or do not allow.
    Unsupported,
    /// More than a configured limit.
    Limit,
    /// A signature is wrong or missing.
    Security,
    /// This side misused the API.
    Caller,
    /// The connection ended or nothing came in time.
    Link,
    /// The peer refused, and said why.
    Refused,
}

/// A frame cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// The bytes are not of any Pyro protocol.
    #[error("{}", match .dialect { Dialect::Pyro4 => "invalid data or unsupported protocol version", Dialect::Pyro5 => "invalid data" })]
    Magic {
        /// The dialect that was expected.
        dialect: Dialect,
    },
    /// A Pyro protocol that we do not speak, or do not speak on this connection.
    #[error("{}", match .dialect {
        Dialect::Pyro4 => "invalid data or unsupported protocol version".to_owned(),
        Dialect::Pyro5 => format!("invalid protocol version: {version}"),
    })]
    Version {
        /// The dialect that was expected.
        dialect: Dialect,
        /// The version that came.
        version: u16,
    },
    /// A Pyro4 header whose checksum is wrong.
    #[error("header checksum mismatch")]
    Checksum,
    /// A Pyro5 header that does not end in its magic number.
    #[error("invalid message or protocol version")]
    MagicNumber,
    /// A Pyro4 header with a negative payload length.
    #[error("negative payload length: {0}")]
    NegativeLength(i32),
    /// A message type that does not exist, or not in this state.
    #[error("invalid msg type {got} received{}", expected_types(*.dialect, .expected))]
    MessageType {
        /// The dialect of the frame.
        dialect: Dialect,
        /// The type that came.
        got: u16,
        /// The types that can come now.
        expected: &'static [MessageType],
    },
    /// The annotations do not add up.
    #[error("invalid annotations: {0}")]
    Annotations(&'static str),
    /// Payload and annotations are larger than allowed.
    #[error("{}", too_large(*.dialect, *.size, *.max))]
    TooLarge {
        /// The dialect of the frame.
        dialect: Dialect,
        /// The announced size in bytes.
        size: u64,
        /// The limit in bytes.
        max: u64,
    },
    /// A payload that is larger than allowed once decompressed.
    #[error("decompressed payload too large (max={max}); raise the limit if such messages are expected")]
    InflatedTooLarge {
        /// The limit in bytes.
        max: usize,
    },
    /// A compressed payload that is not zlib data.
    #[error("error while decompressing data: {0}")]
    Deflate(&'static str),
    /// A signature that was made with another key, or for other data.
    #[error("message hmac mismatch")]
    HmacMismatch,
    /// A signature where no key is configured, or none where one is.
    #[error("hmac key config not symmetric")]
    HmacAsymmetric,
}

fn expected_types(dialect: Dialect, expected: &[MessageType]) -> String {
    match dialect {
        Dialect::Pyro4 => String::new(),
        Dialect::Pyro5 => {
            let list: Vec<_> =
                expected.iter().map(|message_type| (*message_type as u8).to_string()).collect();
            format!(" (expected: {})", list.join(","))
        }
    }
}

fn too_large(dialect: Dialect, size: u64, max: u64) -> String {
    match dialect {
        Dialect::Pyro4 => format!("max message size exceeded ({size} where max={max})"),
        Dialect::Pyro5 => format!("message too large ({size}, max={max})"),
    }
}

impl FrameError {
    /// Who must act.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Version { .. } => Fault::Unsupported,
            Self::TooLarge { .. } | Self::InflatedTooLarge { .. } => Fault::Limit,
            Self::HmacMismatch | Self::HmacAsymmetric => Fault::Security,
            _ => Fault::Peer,
        }
    }

    /// The exception class in which genuine Pyro reports this, in Pyro5's spelling.
    #[must_use]
    pub fn python_class(&self) -> &'static str {
        match self {
            Self::TooLarge { dialect: Dialect::Pyro4, .. } => "Pyro5.errors.MessageTooLargeError",
            Self::HmacMismatch | Self::HmacAsymmetric => "Pyro5.errors.SecurityError",
            Self::Deflate(_) => "zlib.error",
            _ => "Pyro5.errors.ProtocolError",
        }
    }
}

/// A frame cannot be made. Nothing of it was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// The payload cannot be encoded.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// Payload and annotations are larger than allowed.
    #[error("{}", too_large(*.dialect, *.size, *.max))]
    TooLarge {
        /// The dialect of the frame.
        dialect: Dialect,
        /// The size in bytes.
        size: u64,
        /// The limit in bytes.
        max: u64,
    },
    /// The annotations do not fit the header.
    #[error("annotations too large for {dialect}: {size} bytes (max={max})")]
    Annotations {
        /// The dialect of the frame.
        dialect: Dialect,
        /// Their size in bytes.
        size: usize,
        /// The limit in bytes.
        max: usize,
    },
    /// The session is not in a state in which this can be sent.
    #[error("{0}")]
    State(&'static str),
}

impl SendError {
    /// Who must act.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::TooLarge { .. } => Fault::Limit,
            _ => Fault::Caller,
        }
    }

    /// The exception class in which genuine Pyro reports this, in Pyro5's spelling.
    #[must_use]
    pub fn python_class(&self) -> &'static str {
        match self {
            Self::Encode(_) => "Pyro5.errors.SerializeError",
            Self::TooLarge { dialect: Dialect::Pyro4, .. } => "Pyro5.errors.MessageTooLargeError",
            Self::TooLarge { .. } | Self::Annotations { .. } => "Pyro5.errors.ProtocolError",
            Self::State(_) => "Pyro5.errors.PyroError",
        }
    }
}

/// A session is over. Send what it wrote before, then close.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// A frame that cannot be read.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// A handshake payload that cannot be read.
    #[error("invalid handshake: {0}")]
    Handshake(String),
    /// A serializer that the server does not accept.
    #[error("message used serializer that is not accepted: {0}")]
    NotAccepted(u16),
    /// A reply in a serializer other than the call's.
    #[error("invalid serializer in response: {0}")]
    Serializer(u16),
    /// A reply to another call than the one that waits longest.
    #[error("invoke: reply sequence out of sync, got {got} expected {expected}")]
    OutOfSync {
        /// The number that came.
        got: u16,
        /// The number that was to come.
        expected: u16,
    },
    /// A reply, and no call that waits for one.
    #[error("reply {0} without a call that waits for it")]
    Unasked(u16),
    /// The connection ended within a frame, or with answers owed.
    #[error("receiving: not enough data")]
    Truncated,
    /// The handshake was not complete in time.
    #[error("no handshake within the time allowed")]
    HandshakeTimeout,
    /// Nothing came for longer than allowed.
    #[error("connection idle for too long")]
    IdleTimeout,
    /// A message began, and did not go on for longer than allowed.
    #[error("a message stopped halfway for too long")]
    StallTimeout,
    /// The session was over before.
    #[error("the session is closed")]
    Closed,
}

impl SessionError {
    /// Who must act.
    #[must_use]
    pub fn fault(&self) -> Fault {
        match self {
            Self::Frame(error) => error.fault(),
            Self::NotAccepted(_) | Self::Serializer(_) => Fault::Unsupported,
            Self::Handshake(_) | Self::OutOfSync { .. } | Self::Unasked(_) => Fault::Peer,
            Self::Truncated | Self::HandshakeTimeout | Self::IdleTimeout | Self::StallTimeout => Fault::Link,
            Self::Closed => Fault::Caller,
        }
    }

    /// The exception class in which genuine Pyro reports this, in Pyro5's spelling.
    #[must_use]
    pub fn python_class(&self) -> &'static str {
        match self {
            Self::Frame(error) => error.python_class(),
            Self::NotAccepted(_) | Self::Serializer(_) => "Pyro5.errors.SerializeError",
            Self::Handshake(_) | Self::OutOfSync { .. } | Self::Unasked(_) => "Pyro5.errors.ProtocolError",
            Self::HandshakeTimeout | Self::IdleTimeout | Self::StallTimeout => "Pyro5.errors.TimeoutError",
            Self::Truncated | Self::Closed => "Pyro5.errors.ConnectionClosedError",
        }
    }
}

/// A payload's fault as the exception that a Python peer gets.
pub(crate) fn decode_exception(error: &DecodeError) -> Exception {
    let message = match error.kind {
        // A KeyError's argument is the key; its text, which this message is, shows it in quotes.
        DecodeErrorKind::Missing => {
            let key = error.message.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
            key.unwrap_or(&error.message)
        }
        _ => &error.message,
    };
    Exception::new(error.python_class(), message)
}
