//! serde for the types of our own, and the exact forms in which they pass through it.
//!
//! Each one is a newtype struct with a private name. Its content is natural (text, a pair of floats) for
//! formats that call themselves human readable, and exact (text or bytes) inside our own bridge, which
//! does not.

use std::borrow::Cow;

use num_bigint::BigInt;
use num_traits::ToPrimitive;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

use crate::codec::{Container, Token};
use crate::{
    Complex, DateTime, Decimal, Dict, EncodeError, Exception, Instance, ProxyState, Set, SurrogateStr, Uri,
    Value, walk,
};

use super::{classes, names};

/// The value whose exact content came under one of our names.
pub(super) fn exact(name: &str, content: Value) -> Result<Value, EncodeError> {
    let value = match (name, &content) {
        (names::CLASS, _) => return Ok(content),
        (names::ELLIPSIS, _) => Some(Value::Ellipsis),
        (names::COMPLEX, Value::Bytes(bytes)) => complex(bytes).map(Value::Complex),
        (names::BIG_INT, Value::Bytes(bytes)) => Some(Value::from(BigInt::from_signed_bytes_le(bytes))),
        (names::BIG_INT, Value::Int(number)) => Some(Value::Int(*number)),
        (names::SURROGATE_STR, Value::Bytes(bytes)) => SurrogateStr::new(bytes).map(Value::SurrogateStr),
        (names::UUID, Value::Bytes(bytes)) => Uuid::from_slice(bytes).ok().map(Value::Uuid),
        (names::DATE_TIME, Value::Str(text)) => text.parse().ok().map(Value::DateTime),
        (names::DATE, Value::Str(text)) => text.parse().ok().map(Value::Date),
        (names::TIME, Value::Str(text)) => text.parse().ok().map(Value::Time),
        (names::TIME_DELTA, Value::Str(text)) => text.parse().ok().map(Value::TimeDelta),
        (names::DECIMAL, Value::Str(text)) => text.parse().ok().map(Value::Decimal),
        _ => None,
    };
    value.ok_or_else(|| EncodeError::Custom(format!("no {name} in {}", content.type_name())))
}

/// The reverse: the name under which a token passes, and its exact content; no name for what serde has
/// words for.
pub(super) fn name_exact(token: Token<'_>) -> (Option<&'static str>, Token<'_>) {
    let owned = |text: String| Token::Str(Cow::Owned(text));
    let bytes = |bytes: Vec<u8>| Token::Bytes(Cow::Owned(bytes));
    let (name, content) = match token {
        Token::Open(open) => {
            let name = match open.kind {
                Container::Tuple => Some(names::TUPLE),
                Container::Set => Some(names::SET),
                Container::FrozenSet => Some(names::FROZEN_SET),
                Container::List | Container::Dict => None,
            };
            return (name, Token::Open(open));
        }
        Token::Complex(number) => (names::COMPLEX, bytes(complex_bytes(number).to_vec())),
        Token::BigInt(number) => (names::BIG_INT, bytes(number.to_signed_bytes_le())),
        Token::SurrogateStr(text) => (names::SURROGATE_STR, bytes(text.as_bytes().to_vec())),
        Token::Uuid(uuid) => (names::UUID, bytes(uuid.as_bytes().to_vec())),
        Token::DateTime(date_time) => (names::DATE_TIME, owned(date_time.to_string())),
        Token::Date(date) => (names::DATE, owned(date.to_string())),
        Token::Time(time) => (names::TIME, owned(time.to_string())),
        Token::TimeDelta(delta) => (names::TIME_DELTA, owned(delta.to_string())),
        Token::Decimal(decimal) => (names::DECIMAL, owned(decimal.to_string())),
        Token::Ellipsis => (names::ELLIPSIS, Token::None),
        other => return (None, other),
    };
    (Some(name), content)
}

fn complex_bytes(number: Complex) -> [u8; 16] {
    (u128::from(number.real.to_bits()) << 64 | u128::from(number.imag.to_bits())).to_be_bytes()
}

fn complex(bytes: &[u8]) -> Option<Complex> {
    let (real, imag) = bytes.split_first_chunk::<8>()?;
    let imag = imag.try_into().ok()?;
    Some(Complex { real: f64::from_be_bytes(*real), imag: f64::from_be_bytes(imag) })
}

struct Raw<'a>(&'a [u8]);

impl Serialize for Raw<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

impl Serialize for Complex {
    /// Two floats to other formats.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Content(Complex);
        impl Serialize for Content {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    (self.0.real, self.0.imag).serialize(serializer)
                } else {
                    serializer.serialize_bytes(&complex_bytes(self.0))
                }
            }
        }
        serializer.serialize_newtype_struct(names::COMPLEX, &Content(*self))
    }
}

/// A number of 128 bits or decimal text to other formats.
pub(super) struct BigIntContent<'a>(pub(super) &'a BigInt);

impl Serialize for BigIntContent<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return serializer.serialize_bytes(&self.0.to_signed_bytes_le());
        }
        match (self.0.to_u64(), self.0.to_i128()) {
            (Some(number), _) => serializer.serialize_u64(number),
            (None, Some(number)) => serializer.serialize_i128(number),
            (None, None) => serializer.collect_str(self.0),
        }
    }
}

pub(super) struct UuidContent(pub(super) Uuid);

impl Serialize for UuidContent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(&self.0)
        } else {
            Raw(self.0.as_bytes()).serialize(serializer)
        }
    }
}

impl Serialize for SurrogateStr {
    /// Text with replacement characters to other formats, which have no lone surrogates.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Content<'a>(&'a [u8]);
        impl Serialize for Content<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.serialize_str(&String::from_utf8_lossy(self.0))
                } else {
                    serializer.serialize_bytes(self.0)
                }
            }
        }
        serializer.serialize_newtype_struct(names::SURROGATE_STR, &Content(self.as_bytes()))
    }
}

impl Serialize for DateTime {
    /// ISO 8601 text to other formats.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(names::DATE_TIME, &self.to_string())
    }
}

impl Serialize for Decimal {
    /// Text to other formats.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(names::DECIMAL, self.as_str())
    }
}

impl Serialize for Instance {
    /// A map of the members, `__class__` among them.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.members.len() + 1))?;
        self.members.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
        map.serialize_entry("__class__", &self.class)?;
        map.end()
    }
}

/// A class dictionary.
pub(super) struct ClassContent<'a>(pub(super) &'a Value);

impl Serialize for ClassContent<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        classes::class_dict(self.0).unwrap_or_default().serialize(serializer)
    }
}

impl Serialize for Uri {
    /// Text to other formats, where a URI stands in settings.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Content<'a>(&'a Uri);
        impl Serialize for Content<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self.0)
                } else {
                    ClassContent(&Value::from(self.0.clone())).serialize(serializer)
                }
            }
        }
        serializer.serialize_newtype_struct(names::CLASS, &Content(self))
    }
}

macro_rules! serialize_as_value {
    ($($type:ty)*) => {$(
        impl Serialize for $type {
            /// A class dictionary.
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Value::from(self.clone()).serialize(serializer)
            }
        }
    )*};
}
serialize_as_value!(Exception ProxyState);

/// Types that are read as a value first, because they may come in several forms.
macro_rules! deserialize_from_value {
    ($($type:ty, $name:literal: $take:expr;)*) => {$(
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = Value::deserialize(deserializer)?;
                let got = value.type_name().to_owned();
                let take: fn(Value) -> Option<$type> = $take;
                take(value).ok_or_else(|| de::Error::custom(format_args!(concat!("expected ", $name, ", got {}"), got)))
            }
        }
    )*};
}

deserialize_from_value! {
    Complex, "complex": |value| match value {
        Value::Complex(number) => Some(number),
        Value::List(parts) | Value::Tuple(parts) => pair(&parts),
        number => number.as_float().map(|real| Complex { real, imag: 0.0 }),
    };
    Decimal, "a decimal number": |value| match value {
        Value::Decimal(decimal) => Some(decimal),
        Value::Str(text) => text.parse().ok(),
        Value::Int(number) => number.to_string().parse().ok(),
        Value::BigInt(number) => number.to_string().parse().ok(),
        _ => None,
    };
    DateTime, "a date and time": |value| match value {
        Value::DateTime(date_time) => Some(date_time),
        Value::Date(date) => Some(DateTime { civil: date.into(), offset: None }),
        Value::Str(text) => text.parse().ok(),
        _ => None,
    };
    Dict, "dict": |value| match value {
        Value::Dict(dict) => Some(dict),
        instance => classes::class_dict(&instance),
    };
    Set, "set": |value| match value {
        Value::Set(set) | Value::FrozenSet(set) => Some(set),
        Value::List(items) | Value::Tuple(items) => {
            items.iter().all(|item| walk::check_hashable(item).is_ok()).then(|| items.into_iter().collect())
        }
        _ => None,
    };
    SurrogateStr, "str with lone surrogates": |value| match value {
        Value::SurrogateStr(text) => Some(text),
        _ => None,
    };
    Instance, "an instance of a class": |value| match value {
        Value::Object(object) => Some(*object),
        _ => None,
    };
    Exception, "an exception": |value| match value {
        Value::Exception(exception) => Some(*exception),
        _ => None,
    };
    Uri, "a URI": |value| match value {
        Value::Uri(uri) => Some(*uri),
        Value::Proxy(proxy) => Some(proxy.uri),
        Value::Str(text) => text.parse().ok(),
        _ => None,
    };
    ProxyState, "a proxy": |value| match value {
        Value::Proxy(proxy) => Some(*proxy),
        Value::Uri(uri) => Some(ProxyState::new(*uri)),
        _ => None,
    };
}

fn pair(parts: &[Value]) -> Option<Complex> {
    match parts {
        [real, imag] => Some(Complex { real: real.as_float()?, imag: imag.as_float()? }),
        _ => None,
    }
}
