//! What goes wrong between data and bytes.

use std::fmt::Display;
use std::ops::Deref;

use serde::de::{Expected, Unexpected};

/// Data cannot be encoded: the caller's fault, found before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// The codec has no form for this type.
    #[error("{codec} cannot carry {what}")]
    Unsupported {
        /// The codec's name.
        codec: &'static str,
        /// The type, and what to do instead.
        what: String,
    },
    /// A key or a set's member is of a type that serpent takes for neither. Python: `TypeError`.
    #[error(
        "one of the keys in a dict or set is not of a primitive hashable type: <class '{0}'>. \
         Use simple types as keys or use a list or tuple as container."
    )]
    UnsuitableKey(&'static str),
    /// Containers nest deeper than the receiver would read.
    #[error("object graph nesting too deep: more than {0} levels")]
    TooDeep(usize),
    /// A container or a text is longer than the codec can say.
    #[error("{0} is too long for {1}")]
    TooLong(&'static str, &'static str),
    /// The type's own `Serialize` reported an error.
    #[error("{0}")]
    Custom(String),
}

impl serde::ser::Error for EncodeError {
    fn custom<T: Display>(message: T) -> Self {
        Self::Custom(message.to_string())
    }
}

/// Bytes cannot be decoded: the peer's fault, or the wrong type was asked for.
///
/// As large as a pointer, since every step of a decoder hands over a `Result` with it. What it says is in
/// the [`DecodeFault`] that it dereferences to: `error.kind`, `error.message`, `error.offset`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{}", .0.message, at(.0.offset))]
pub struct DecodeError(Box<DecodeFault>);

/// What a [`DecodeError`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeFault {
    /// What kind of fault it is.
    pub kind: DecodeErrorKind,
    /// What is wrong, for people.
    pub message: String,
    /// Where in the payload, if that is known, in bytes from its start.
    pub offset: Option<usize>,
}

fn at(offset: Option<usize>) -> String {
    offset.map_or_else(String::new, |offset| format!(" (at byte {offset})"))
}

/// The kinds of [`DecodeError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The bytes are not of this codec's language. Python: `SyntaxError`.
    Syntax,
    /// A well-formed text that stands for no value, such as text that is not UTF-8 or an int of 5000
    /// digits. Python: `ValueError`.
    Value,
    /// The payload ends too early. Python: `EOFError`.
    Truncated,
    /// More than [`Limits`](crate::Limits) allow. Python: `ValueError`.
    Limit,
    /// A key that Python calls unhashable, or a value that is not of the type asked for. Python: `TypeError`.
    Type,
    /// A member is missing from a class dictionary or a call. Python: `KeyError`.
    Missing,
    /// A name with double underscores in a class dictionary, or a code object. Pyro: `SecurityError`.
    Refused,
    /// A form that the codec has, and that we do not support. Pyro: `SerializeError`.
    Unsupported,
}

impl DecodeError {
    /// An error at a place.
    #[cold]
    pub fn new(kind: DecodeErrorKind, message: impl Into<String>, offset: usize) -> Self {
        Self(Box::new(DecodeFault { kind, message: message.into(), offset: Some(offset) }))
    }

    /// An error without a place.
    #[cold]
    pub fn unplaced(kind: DecodeErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(DecodeFault { kind, message: message.into(), offset: None }))
    }

    /// The class of the exception that a Python peer gets for this, in Pyro5's spelling.
    #[must_use]
    pub fn python_class(&self) -> &'static str {
        match self.kind {
            DecodeErrorKind::Syntax => "builtins.SyntaxError",
            DecodeErrorKind::Value | DecodeErrorKind::Limit => "builtins.ValueError",
            DecodeErrorKind::Truncated => "builtins.EOFError",
            DecodeErrorKind::Type => "builtins.TypeError",
            DecodeErrorKind::Missing => "builtins.KeyError",
            DecodeErrorKind::Refused => "Pyro5.errors.SecurityError",
            DecodeErrorKind::Unsupported => "Pyro5.errors.SerializeError",
        }
    }
}

impl Deref for DecodeError {
    type Target = DecodeFault;

    fn deref(&self) -> &DecodeFault {
        &self.0
    }
}

impl serde::de::Error for DecodeError {
    fn custom<T: Display>(message: T) -> Self {
        Self::unplaced(DecodeErrorKind::Type, message.to_string())
    }

    fn invalid_type(got: Unexpected<'_>, expected: &dyn Expected) -> Self {
        // What serde calls an integer of more than 64 bits.
        if let Unexpected::Other(name) = got
            && let Some((number, _)) = name.strip_prefix("integer `").and_then(|rest| rest.split_once('`'))
        {
            return too_large(number, expected);
        }
        Self::custom(format_args!("expected {}, got {}", expected_name(expected), type_name(got)))
    }

    fn invalid_value(got: Unexpected<'_>, expected: &dyn Expected) -> Self {
        match got {
            Unexpected::Signed(number) => return too_large(&number.to_string(), expected),
            Unexpected::Unsigned(number) => return too_large(&number.to_string(), expected),
            _ => {}
        }
        Self::custom(format_args!("expected {expected}, got {got}"))
    }

    fn invalid_length(len: usize, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("expected {expected}, got {len} items"))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let names: Vec<_> = expected.iter().map(|name| format!("'{name}'")).collect();
        let expected = match names.as_slice() {
            [] => "nothing".to_owned(),
            [one] => one.clone(),
            [most @ .., last] => format!("{} or {last}", most.join(", ")),
        };
        // The name of a class, of one that `#[python_class]` tells apart: an object of the wrong one.
        let of_classes = variant.contains('.');
        let kind = if of_classes { DecodeErrorKind::Type } else { DecodeErrorKind::Value };
        Self::unplaced(kind, format!("expected {expected}, got '{variant}'"))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::unplaced(DecodeErrorKind::Missing, format!("missing member '{field}'"))
    }
}

/// An integer, or what it is called, that its type has no room for.
pub(crate) fn too_large(number: &str, expected: &dyn Expected) -> DecodeError {
    let expected = expected.to_string();
    let range = match expected.as_str() {
        "i8" => format!("{} to {}", i8::MIN, i8::MAX),
        "i16" => format!("{} to {}", i16::MIN, i16::MAX),
        "i32" => format!("{} to {}", i32::MIN, i32::MAX),
        "i64" => format!("{} to {}", i64::MIN, i64::MAX),
        "u8" => format!("0 to {}", u8::MAX),
        "u16" => format!("0 to {}", u16::MAX),
        "u32" => format!("0 to {}", u32::MAX),
        "u64" => format!("0 to {}", u64::MAX),
        "i128" => format!("{} to {}", i128::MIN, i128::MAX),
        "u128" => format!("0 to {}", u128::MAX),
        "isize" => format!("{} to {}", isize::MIN, isize::MAX),
        "usize" => format!("0 to {}", usize::MAX),
        _ => return serde::de::Error::custom(format_args!("expected {expected}, got {number}")),
    };
    let message = format!("{number} does not fit {expected} ({range})");
    DecodeError::unplaced(DecodeErrorKind::Value, message)
}

/// The type that a serde visitor waits for, as Python calls it where Python has a name for it.
fn expected_name(expected: &dyn Expected) -> String {
    let expected = expected.to_string();
    let python = match expected.as_str() {
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" | "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => {
            "int"
        }
        "f32" | "f64" => "float",
        "a string" | "a borrowed string" | "string" | "str" => "str",
        "a boolean" => "bool",
        "unit" => "None",
        "a sequence" => "list",
        "a map" => "dict",
        "byte array" | "a byte array" => "bytes",
        _ => return expected,
    };
    python.to_owned()
}

fn type_name(got: Unexpected<'_>) -> &str {
    match got {
        Unexpected::Bool(_) => "bool",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "int",
        Unexpected::Float(_) => "float",
        Unexpected::Char(_) | Unexpected::Str(_) => "str",
        Unexpected::Bytes(_) => "bytes",
        Unexpected::Unit | Unexpected::Option => "None",
        Unexpected::Seq => "list",
        Unexpected::Map => "dict",
        Unexpected::Other(name) => name,
        _ => "something else",
    }
}
