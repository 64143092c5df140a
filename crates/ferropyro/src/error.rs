//! What a call, a lookup or a daemon can fail with, and who is at fault.

use std::convert::Infallible;
use std::fmt;
use std::time::Duration;

use ferropyro_value::{DecodeError, EncodeError, Exception, UriError};

/// `Result` with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Whether the remote method ran, when the answer is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ran {
    /// It did not: nothing of the request was written, or the peer refused it first. Calling again is safe.
    Never,
    /// The request was written, wholly or in part, and no answer came. It may have run.
    Unknown,
}

/// Why a call gave no result. `E` is the method's own error type; untyped calls have none.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CallError<E = Infallible> {
    /// The method failed with its declared error.
    #[error("{0}")]
    Remote(E),
    /// The method, or the remote daemon on its behalf, raised an exception.
    #[error("{0}")]
    Exception(Box<Exception>),
    /// No answer within the time allowed. The request may have run, or may run yet.
    #[error("no answer from {peer} within {after:?}{}", waited(.behind.as_deref()))]
    Timeout {
        /// Whom the call went to.
        peer: String,
        /// The time that was allowed.
        after: Duration,
        /// The call of another task that this one waited behind on the same connection, if any.
        behind: Option<String>,
    },
    /// The connection ended before the answer came.
    #[error("the connection to {peer} closed before the answer came: {reason}{}", consequence(*.ran))]
    Closed {
        /// Whom the call went to.
        peer: String,
        /// What ended it.
        reason: String,
        /// Whether the method ran.
        ran: Ran,
    },
    /// No connection could be made: nothing of the call was sent.
    #[error("cannot connect to {peer}: {reason}")]
    Unreachable {
        /// The address.
        peer: String,
        /// The system's words and what they probably mean.
        reason: String,
    },
    /// The peer answered the handshake with a refusal: nothing of the call ran.
    #[error("connection to {peer} rejected: {reason}")]
    Refused {
        /// The address.
        peer: String,
        /// The peer's words.
        reason: String,
    },
    /// The peer broke the protocol, or speaks another one.
    #[error("{peer} broke the protocol: {reason}")]
    Protocol {
        /// The address.
        peer: String,
        /// How.
        reason: String,
    },
    /// The name server refused: an unknown name, one that is taken, a pattern that is none.
    #[error("{0}")]
    Naming(String),
    /// No name server answers; the text says where it was looked for, and what to do.
    #[error("{0}")]
    NoNameServer(String),
    /// The address is no URI.
    #[error(transparent)]
    Uri(#[from] UriError),
    /// The arguments cannot be encoded: the caller's fault, nothing was sent.
    #[error("cannot encode the call: {0}")]
    Encode(#[from] EncodeError),
    /// The answer came, and is not of the type that was asked for, or not of its codec's language.
    #[error("cannot decode the answer: {0}")]
    Decode(#[from] DecodeError),
    /// The remote object has no such method or attribute, as its metadata says; nothing was sent.
    #[error("remote object '{uri}' has no exposed {what} '{name}'")]
    NoSuchMember {
        /// The object.
        uri: String,
        /// `attribute or method`, or `attribute`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// The call is part of a batch and did not run, since one before it failed.
    #[error("did not run: call {after} of the batch, {name}(), failed")]
    Skipped {
        /// Which call of the batch failed, counted from 1.
        after: usize,
        /// Its method.
        name: String,
    },
    /// Towards this peer, or at all, this cannot be done.
    #[error("{0}")]
    Unsupported(String),
    /// A setting is not what it can be; the text says which.
    #[error("{0}")]
    Config(String),
    /// The program used the library wrongly; the text says how to do it right.
    #[error("{0}")]
    Misuse(String),
    /// The system refused something, such as an address to listen on.
    #[error("{what}: {source}")]
    Io {
        /// What was tried, on which address or file.
        what: String,
        /// The system's error.
        source: std::io::Error,
    },
}

fn waited(call: Option<&str>) -> String {
    call.map_or_else(String::new, |call| format!("; it waited behind {call} on the same connection"))
}

fn consequence(ran: Ran) -> &'static str {
    match ran {
        Ran::Never => "; the call did not run",
        Ran::Unknown => "; the call may have run",
    }
}

impl CallError {
    /// The same error for a method whose error type is `E`.
    #[must_use]
    pub fn widen<E>(self) -> CallError<E> {
        self.map_remote(|never| match never {})
    }

    /// The same error once more, for another caller that met it.
    pub(crate) fn duplicate(&self) -> Self {
        match self {
            Self::Remote(never) => match *never {},
            Self::Exception(exception) => Self::Exception(exception.clone()),
            Self::Timeout { peer, after, behind } => {
                Self::Timeout { peer: peer.clone(), after: *after, behind: behind.clone() }
            }
            Self::Closed { peer, reason, ran } => {
                Self::Closed { peer: peer.clone(), reason: reason.clone(), ran: *ran }
            }
            Self::Unreachable { peer, reason } => {
                Self::Unreachable { peer: peer.clone(), reason: reason.clone() }
            }
            Self::Refused { peer, reason } => Self::Refused { peer: peer.clone(), reason: reason.clone() },
            Self::Protocol { peer, reason } => Self::Protocol { peer: peer.clone(), reason: reason.clone() },
            Self::Naming(text) => Self::Naming(text.clone()),
            Self::NoNameServer(text) => Self::NoNameServer(text.clone()),
            Self::Uri(error) => Self::Uri(error.clone()),
            Self::Encode(error) => Self::Encode(error.clone()),
            Self::Decode(error) => Self::Decode(error.clone()),
            Self::NoSuchMember { uri, what, name } => {
                Self::NoSuchMember { uri: uri.clone(), what, name: name.clone() }
            }
            Self::Skipped { after, name } => Self::Skipped { after: *after, name: name.clone() },
            Self::Unsupported(text) => Self::Unsupported(text.clone()),
            Self::Config(text) => Self::Config(text.clone()),
            Self::Misuse(text) => Self::Misuse(text.clone()),
            Self::Io { what, source } => {
                let source = std::io::Error::new(source.kind(), source.to_string());
                Self::Io { what: what.clone(), source }
            }
        }
    }
}

impl<E> CallError<E> {
    /// Changes the type of the method's own error.
    pub fn map_remote<F>(self, map: impl FnOnce(E) -> F) -> CallError<F> {
        self.flat_map_remote(|error| CallError::Remote(map(error)))
    }

    /// Replaces the method's own error by whatever `map` makes of it.
    pub(crate) fn flat_map_remote<F>(self, map: impl FnOnce(E) -> CallError<F>) -> CallError<F> {
        match self {
            Self::Remote(error) => map(error),
            Self::Exception(exception) => CallError::Exception(exception),
            Self::Timeout { peer, after, behind } => CallError::Timeout { peer, after, behind },
            Self::Closed { peer, reason, ran } => CallError::Closed { peer, reason, ran },
            Self::Unreachable { peer, reason } => CallError::Unreachable { peer, reason },
            Self::Refused { peer, reason } => CallError::Refused { peer, reason },
            Self::Protocol { peer, reason } => CallError::Protocol { peer, reason },
            Self::Naming(text) => CallError::Naming(text),
            Self::NoNameServer(text) => CallError::NoNameServer(text),
            Self::Uri(error) => CallError::Uri(error),
            Self::Encode(error) => CallError::Encode(error),
            Self::Decode(error) => CallError::Decode(error),
            Self::NoSuchMember { uri, what, name } => CallError::NoSuchMember { uri, what, name },
            Self::Skipped { after, name } => CallError::Skipped { after, name },
            Self::Unsupported(text) => CallError::Unsupported(text),
            Self::Config(text) => CallError::Config(text),
            Self::Misuse(text) => CallError::Misuse(text),
            Self::Io { what, source } => CallError::Io { what, source },
        }
    }

    /// The exception that the remote side raised, if that is what happened.
    pub fn exception(&self) -> Option<&Exception> {
        match self {
            Self::Exception(exception) => Some(exception),
            _ => None,
        }
    }
}

impl<E> From<Exception> for CallError<E> {
    fn from(exception: Exception) -> Self {
        Self::Exception(Box::new(exception))
    }
}

/// Any error of this crate: a [`CallError`] without the type parameter, one pointer wide.
pub struct Error(Box<CallError>);

impl Error {
    /// What happened, to match on.
    #[must_use]
    pub fn kind(&self) -> &CallError {
        &self.0
    }

    /// What happened, owned.
    #[must_use]
    pub fn into_kind(self) -> CallError {
        *self.0
    }

    /// The exception that the remote side raised, if that is what happened.
    #[must_use]
    pub fn exception(&self) -> Option<&Exception> {
        self.0.exception()
    }

    pub(crate) fn io(what: impl Into<String>, source: std::io::Error) -> Self {
        Self(Box::new(CallError::Io { what: what.into(), source }))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}

impl<E: Into<Exception>> From<CallError<E>> for Error {
    /// A method's own error becomes the exception that it travels as.
    fn from(error: CallError<E>) -> Self {
        Self(Box::new(error.flat_map_remote(|own| CallError::Exception(Box::new(own.into())))))
    }
}

impl<E> From<Error> for CallError<E> {
    /// The error that is inside.
    fn from(error: Error) -> Self {
        error.into_kind().widen()
    }
}

impl From<UriError> for Error {
    fn from(error: UriError) -> Self {
        Self(Box::new(error.into()))
    }
}

impl From<EncodeError> for Error {
    fn from(error: EncodeError) -> Self {
        Self(Box::new(error.into()))
    }
}

impl From<DecodeError> for Error {
    fn from(error: DecodeError) -> Self {
        Self(Box::new(error.into()))
    }
}

impl From<Exception> for Error {
    fn from(exception: Exception) -> Self {
        Self(Box::new(exception.into()))
    }
}
