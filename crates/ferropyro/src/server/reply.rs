//! [`Reply`]: the answer to a request, made by one of the request's methods.

use ferropyro_value::{Exception, Value};

/// The answer to a request. Only a [`Request`](super::Request) makes one.
#[derive(Debug)]
#[must_use = "a reply must be given back to the daemon"]
pub struct Reply(pub(super) Outcome);

#[derive(Debug)]
pub(super) enum Outcome {
    /// A frame at the end of the buffer that the request came with.
    Frame(Vec<u8>, After),
    /// Nobody waits for an answer.
    Nothing,
    /// For code of this process: the result.
    Value(Value),
    /// For code of this process: what the method raised.
    Raised(Exception),
    /// For code of this process: the method ran, and its result cannot be an answer.
    Broken(Exception),
}

/// What becomes of the connection after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// The next request.
    GoOn,
    /// The end, once the answer is sent.
    AnswerAndClose,
    /// The end, without an answer.
    Close,
}

impl After {
    /// What an exception means for the connection (wire protocol §1.10).
    pub(super) fn exception(exception: &Exception) -> Self {
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

    pub(super) fn local(outcome: Outcome) -> Self {
        Self(outcome)
    }
}
