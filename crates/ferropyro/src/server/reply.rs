//! [`Reply`]: the answer to a request, made by one of the request's methods.

use std::any::Any;

use ferropyro_value::{EncodeError, Exception, Value};

use super::ItemSource;
use super::request::encode_exception;

/// The answer to a request. Only a [`Request`](super::Request) makes one.
#[derive(Debug)]
#[must_use = "a reply must be given back to the daemon"]
pub struct Reply(pub(crate) Outcome);

#[derive(Debug)]
pub(crate) enum Outcome {
    /// A frame at the end of the buffer that the request came with.
    Frame(Vec<u8>, After),
    /// Nobody waits for an answer.
    Nothing,
    /// For code of this process: the result as a value, which is not what it expects by itself.
    Value(Value),
    /// For code of this process: the result, of just the type that it expects.
    Typed(Box<dyn Any + Send>),
    /// For code of this process: items.
    Items(ItemSource),
    /// For code of this process: what the method raised.
    Raised(Exception),
    /// For code of this process: the method ran, and its result cannot be an answer.
    Broken(Exception),
}

/// What becomes of the connection after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// The next request.
    GoOn,
    /// The end, once the answer is sent.
    AnswerAndClose,
    /// The end, without an answer.
    Close,
}

impl After {
    /// What an exception means for the connection (wire protocol §1.10).
    pub(crate) fn exception(exception: &Exception) -> Self {
        let class = exception.class();
        let own = class.strip_prefix("Pyro5.errors.").or_else(|| class.strip_prefix("Pyro4.errors."));
        match own {
            Some("SerializeError" | "SecurityError") => Self::AnswerAndClose,
            Some(
                "CommunicationError"
                | "ConnectionClosedError"
                | "TimeoutError"
                | "ProtocolError"
                | "MessageTooLargeError",
            ) => Self::Close,
            _ => Self::GoOn,
        }
    }
}

impl Reply {
    pub(super) fn frame(out: Vec<u8>, after: After) -> Self {
        Self(Outcome::Frame(out, after))
    }

    pub(super) fn nothing() -> Self {
        Self(Outcome::Nothing)
    }

    /// An exception for code of this process.
    pub(super) fn raised(exception: Exception) -> Self {
        Self(Outcome::Raised(exception))
    }

    pub(super) fn local(outcome: Outcome) -> Self {
        Self(outcome)
    }

    /// A result for code of this process, unless it could not be made into a value.
    pub(super) fn value(value: Result<Value, EncodeError>) -> Self {
        Self(match value {
            Ok(value) => Outcome::Value(value),
            Err(error) => Outcome::Broken(encode_exception(&error)),
        })
    }
}
