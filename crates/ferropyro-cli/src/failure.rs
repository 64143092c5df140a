//! How a command fails: what is printed, and the exit code that scripts rely on.

use std::process::ExitCode;

use ferropyro::{CallError, Error, Exception, UriError};
use ferropyro_ns::StartError;
use ferropyro_ns::storage::StorageError;

use crate::output::complain;

/// A failed command.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What is printed; nothing where everything is said.
    text: String,
    code: u8,
}

/// The remote side raised an exception, or a command found what it must report as an error.
const RAISED: u8 = 1;
/// The command line makes no sense.
const USAGE: u8 = 2;
/// Nobody answers.
const UNREACHABLE: u8 = 3;

impl Failure {
    /// The command's own finding.
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), code: RAISED }
    }

    /// A failure that standard output has told of, as the genuine programs do.
    pub(crate) fn told() -> Self {
        Self::new("")
    }

    /// Nobody reads what is printed: no failure at all.
    pub(crate) fn reader_gone() -> Self {
        Self { text: String::new(), code: 0 }
    }

    /// Nobody answers there.
    pub(crate) fn unreachable(text: impl Into<String>) -> Self {
        Self { text: text.into(), code: UNREACHABLE }
    }

    /// A wrong argument.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self { text: text.into(), code: USAGE }
    }

    /// Adds a line that says what to try.
    pub(crate) fn with_hint(mut self, hint: &str) -> Self {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(hint);
        self
    }

    /// Prints the text on standard error.
    pub(crate) fn report(&self) -> ExitCode {
        if !self.text.is_empty() {
            complain(&self.text);
        }
        ExitCode::from(self.code)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error.into_kind() {
            CallError::Exception(exception) => Self::new(describe(&exception)),
            error @ (CallError::Timeout { .. }
            | CallError::Closed { .. }
            | CallError::Unreachable { .. }
            | CallError::NoNameServer(_)
            | CallError::Protocol { .. }) => Self::unreachable(format!("ferropyro: {error}")),
            CallError::Naming(text) => Self::new(format!("NamingError: {text}")),
            error @ CallError::NoSuchMember { .. } => Self::new(format!("AttributeError: {error}")),
            CallError::Uri(error @ UriError::Syntax(_)) => Self::usage(format!("ferropyro: {error}")),
            CallError::Uri(error) => Self::usage(format!("ferropyro: {error}")).with_hint(
                "A URI is PYRO:object@host:port, PYRONAME:name, PYRONAME:name@host:port or PYROMETA:tag,tag.",
            ),
            error @ (CallError::Encode(_) | CallError::Misuse(_) | CallError::Config(_)) => {
                Self::usage(format!("ferropyro: {error}"))
            }
            error => Self::new(format!("ferropyro: {error}")),
        }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        Self::new(format!("ferropyro: {error}"))
    }
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Self {
        Self::usage(format!("ferropyro: {error}")).with_hint("A storage is `memory` or `sql:FILE`.")
    }
}

impl<E: Into<Exception>> From<CallError<E>> for Failure {
    fn from(error: CallError<E>) -> Self {
        Error::from(error).into()
    }
}

/// Class, message and remote traceback, as a Python programmer is used to read them.
fn describe(exception: &Exception) -> String {
    let class = exception.class().strip_prefix("builtins.").unwrap_or(exception.class());
    let message = exception.message();
    let line = if message.is_empty() { class.to_owned() } else { format!("{class}: {message}") };
    let traceback = exception.traceback();
    let traceback = match traceback.trim_end() {
        "" => "(the remote side sent none)",
        text => text,
    };
    format!("{line}\n\n--- remote traceback ---\n{traceback}")
}
