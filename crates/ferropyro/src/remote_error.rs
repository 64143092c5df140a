//! [`RemoteError`]: the error types of remote methods, and how they travel as exceptions.
//!
//! For Python an error is an exception of the class that it names. Between programs that share the type it
//! stays typed: an attribute of the exception says which variant it was, with which fields, and nothing but
//! that attribute is read back, so that a stray `ValueError` is never taken for one of ours.

use std::convert::Infallible;

use ferropyro_value::call::Data;
use ferropyro_value::{Dict, Exception, Value, serde_bridge};

use crate::{CallError, Error};

/// The attribute that carries type, variant and fields.
const MARK: &str = "_ferropyroError";

/// Attributes that Python's exceptions have themselves, which a field's name must not hide.
const OWN: [&str; 3] = ["args", "add_note", "with_traceback"];

/// An error that a remote method can fail with; usually derived.
///
/// ```
/// use ferropyro::RemoteError;
///
/// #[derive(Debug, PartialEq, thiserror::Error, RemoteError)]
/// enum GreetError {
///     #[error("empty name")]
///     #[exception("ValueError")]
///     Empty,
///     #[error("no more than {max} letters")]
///     #[exception("ValueError")]
///     TooLong { max: usize },
/// }
///
/// let exception = GreetError::TooLong { max: 10 }.into_exception();
/// assert_eq!(exception.to_string(), "ValueError: no more than 10 letters");   // what Python sees
/// assert_eq!(GreetError::from_exception(&exception), Some(GreetError::TooLong { max: 10 }));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the error of a remote method",
    note = "derive it: `#[derive(Debug, thiserror::Error, ferropyro::RemoteError)]`, or use `ferropyro::Exception`"
)]
pub trait RemoteError: Into<Exception> + Send + 'static {
    /// The exception that the error travels as.
    fn into_exception(self) -> Exception;

    /// The error that an exception stands for; `None` where it is another exception.
    fn from_exception(exception: &Exception) -> Option<Self>;
}

impl RemoteError for Exception {
    fn into_exception(self) -> Exception {
        self
    }

    /// None: callers get it as [`CallError::Exception`], as they get all others.
    fn from_exception(_: &Exception) -> Option<Self> {
        None
    }
}

impl RemoteError for Infallible {
    fn into_exception(self) -> Exception {
        match self {}
    }

    fn from_exception(_: &Exception) -> Option<Self> {
        None
    }
}

impl<E: Into<Exception>> From<CallError<E>> for Exception {
    /// For methods that call others: a remote exception is passed on with its traceback, any other failure
    /// becomes an exception of the class that Pyro has for it.
    fn from(error: CallError<E>) -> Self {
        let error: CallError = match error {
            CallError::Exception(exception) => return *exception,
            other => other.flat_map_remote(|own| CallError::Exception(Box::new(own.into()))),
        };
        let class = match &error {
            CallError::Remote(never) => match *never {},
            CallError::Exception(exception) => return Self::clone(exception),
            CallError::Timeout { .. } => "Pyro5.errors.TimeoutError",
            CallError::Closed { .. } => "Pyro5.errors.ConnectionClosedError",
            CallError::Unreachable { .. } | CallError::Refused { .. } | CallError::Io { .. } => {
                "Pyro5.errors.CommunicationError"
            }
            CallError::Protocol { .. } => "Pyro5.errors.ProtocolError",
            CallError::Naming(_) | CallError::NoNameServer(_) => "Pyro5.errors.NamingError",
            CallError::Encode(_) | CallError::Decode(_) => "TypeError",
            CallError::NoSuchMember { .. } => "AttributeError",
            CallError::Uri(_) | CallError::Config(_) => "ValueError",
            CallError::Unsupported(_) | CallError::Misuse(_) | CallError::Skipped { .. } => "RuntimeError",
        };
        // As the exception of the method that made the call: the link that failed is not its caller's, and a
        // communication error of Pyro's own would end that one (wire protocol §1.10).
        let text = error.to_string();
        match class.strip_prefix("Pyro5.errors.") {
            Some("NamingError") => Self::new(class, text),
            Some(own) => Self::new("RuntimeError", format!("{own}: {text}")),
            None => Self::new(class, text),
        }
    }
}

impl From<Error> for Exception {
    fn from(error: Error) -> Self {
        error.into_kind().into()
    }
}

/// Makes the exception of an error; what `#[derive(RemoteError)]` calls.
#[derive(Debug)]
pub struct Raise {
    exception: Exception,
    head: [&'static str; 2],
    fields: Dict,
    /// Why a field cannot travel.
    trouble: Option<String>,
}

impl Raise {
    /// The exception of a variant: `class` is what Python sees.
    #[must_use]
    pub fn new(error: &'static str, variant: &'static str, class: &'static str, message: String) -> Self {
        let exception = Exception::new(class, message);
        Self { exception, head: [error, variant], fields: Dict::new(), trouble: None }
    }

    /// Adds a field. One with a name is an attribute of the exception too, for Python.
    #[must_use]
    pub fn field<T: Data>(mut self, name: &'static str, field: &T) -> Self {
        match serde_bridge::whole_to_value(field) {
            Ok(value) => {
                let named = !name.starts_with(|first: char| first.is_ascii_digit() || first == '_');
                if named && !OWN.contains(&name) {
                    self.exception.attributes_mut().insert(name, value.clone());
                }
                self.fields.insert(name, value);
            }
            Err(error) => self.trouble = Some(format!("{name}: {error}")),
        }
        self
    }

    /// The exception. Where a field cannot travel it is one without the mark, and says so in the log.
    #[must_use]
    pub fn finish(self) -> Exception {
        let Self { mut exception, head, fields, trouble } = self;
        if let Some(trouble) = trouble {
            tracing::warn!(target: "ferropyro::server::call", error = head[0], trouble, "an error loses its type");
            return exception;
        }
        let [error, variant] = head.map(Value::from);
        exception.attributes_mut().insert(MARK, Value::List(vec![error, variant, Value::Dict(fields)]));
        exception
    }
}

/// The type, variant and fields in an exception; what `#[derive(RemoteError)]` calls.
#[derive(Debug)]
pub struct Raised<'a> {
    variant: &'a str,
    fields: &'a Dict,
}

impl<'a> Raised<'a> {
    /// What an exception carries of an error type, if it does.
    #[must_use]
    pub fn read(exception: &'a Exception, error: &str) -> Option<Self> {
        match exception.attributes().get(MARK)?.as_sequence()? {
            [Value::Str(name), Value::Str(variant), Value::Dict(fields)] if name == error => {
                Some(Self { variant, fields })
            }
            _ => None,
        }
    }

    /// The variant's name; empty for a struct.
    #[must_use]
    pub fn variant(&self) -> &'a str {
        self.variant
    }

    /// A field, if it is there and of this type.
    #[must_use]
    pub fn get<T: Data>(&self, name: &str) -> Option<T> {
        serde_bridge::whole_from_value(self.fields.get(name)?.clone()).ok()
    }
}
