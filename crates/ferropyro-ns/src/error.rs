//! [`Error`]: why the name server refused a request, in the classes and words that Pyro programs know.
//!
//! What keeps a name server from starting is [`StorageError`](crate::storage::StorageError) and its kin; this
//! is about one request.

use std::borrow::Cow;

use ferropyro_value::{Exception, UriError};

use crate::pattern::PatternError;
use crate::storage::StorageError;

/// Why a request was refused (wire protocol §13.1). The message is what the genuine name server says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing is registered by this name. Python: `NamingError`.
    #[error("unknown name: {0}")]
    UnknownName(String),
    /// A safe registration of a name that is taken. Python: `NamingError`.
    #[error("name already registered: {0}")]
    AlreadyRegistered(String),
    /// A pattern that is no regular expression, or one that we do not run. Python: `NamingError`.
    #[error("invalid regex: {0}")]
    InvalidRegex(#[from] PatternError),
    /// The database failed; nothing was changed. Python: `NamingError`.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The text to register is no URI. Python: `PyroError`.
    #[error("{}", genuine_text(.0))]
    InvalidUri(#[from] UriError),
    /// An argument of the wrong type. Python: `TypeError`.
    #[error("{0}")]
    Type(Cow<'static, str>),
    /// Arguments that do not go together. Python: `ValueError`.
    #[error("{0}")]
    Value(Cow<'static, str>),
}

impl Error {
    /// The class that a Python caller sees, in Pyro5's spelling.
    #[must_use]
    pub fn python_class(&self) -> &'static str {
        match self {
            Self::UnknownName(_) | Self::AlreadyRegistered(_) | Self::InvalidRegex(_) | Self::Storage(_) => {
                "Pyro5.errors.NamingError"
            }
            Self::InvalidUri(_) => "Pyro5.errors.PyroError",
            Self::Type(_) => "builtins.TypeError",
            Self::Value(_) => "builtins.ValueError",
        }
    }
}

impl From<&Error> for Exception {
    fn from(error: &Error) -> Self {
        Self::new(error.python_class(), error.to_string())
    }
}

/// The genuine parser's words: programs compare them, so our longer explanations stay at home.
fn genuine_text(error: &UriError) -> Cow<'static, str> {
    match error {
        UriError::Syntax(_) => "invalid uri".into(),
        UriError::Protocol(_) => "invalid uri (protocol)".into(),
        UriError::Location(_) => "invalid uri (location)".into(),
        other => other.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uri_errors_speak_the_genuine_words() {
        for (text, expected) in [
            ("THISISBAD", "invalid uri"),
            ("PYROX:a@h:1", "invalid uri (protocol)"),
            ("PYRO:a@./u:", "invalid uri (location)"),
            ("PYRO:a@h:x", "invalid port in uri, port=x"),
        ] {
            let error = Error::from(text.parse::<ferropyro_value::Uri>().expect_err(text));
            assert_eq!(error.to_string(), expected);
            assert_eq!(Exception::from(&error).class(), "Pyro5.errors.PyroError");
        }
    }
}
