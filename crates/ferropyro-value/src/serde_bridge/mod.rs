//! The one bridge between serde and the codecs: any serde type walks straight through any of them.
//!
//! A serde type is never a [`Value`] first. What serde has no word for (sets, complex numbers, integers of
//! any size, class dictionaries) crosses it as newtype structs with private names, which other formats see
//! through. How serde's data model maps to Python's:
//!
//! | serde | Python |
//! |---|---|
//! | struct | dict of its fields |
//! | map | dict |
//! | tuple, tuple struct | tuple |
//! | sequence | list |
//! | newtype struct | what is in it |
//! | unit, unit struct, absent option | `None` |
//! | unit variant | its name as text |
//! | other variants | `{name: content}` |
//! | char, text | str |
//! | bytes | bytes |
//! | integers of any width | int |
//!
//! Reading is forgiving the way Python programmers expect: a list where a tuple is declared, an int (or a
//! bool, which is one) where a float is, serpent's base64 dict where bytes are, members that a struct does
//! not have. A wrong type is a [`DecodeErrorKind::Type`](crate::DecodeErrorKind::Type) that names both.

mod build;
mod classes;
mod contents;
mod de;
mod read;
mod scalars;
mod ser;
mod types;
mod value;
mod whole;

#[cfg(test)]
mod tests;

use serde::{Serialize, de::DeserializeOwned};

use crate::codec::{Decoder, Encoder};
use crate::{DecodeError, EncodeError, Value};

pub use types::{AsSet, AsTuple, Integer};
pub use whole::{decode_whole, encode_whole, whole_from_value, whole_to_value};

/// Names of newtype structs by which exact data passes through serde. Other formats see through them.
mod names {
    pub(super) const VALUE: &str = "$ferropyro::Value";
    pub(super) const SET: &str = "$ferropyro::Set";
    pub(super) const FROZEN_SET: &str = "$ferropyro::FrozenSet";
    pub(super) const TUPLE: &str = "$ferropyro::Tuple";
    pub(super) const COMPLEX: &str = "$ferropyro::Complex";
    pub(super) const BIG_INT: &str = "$ferropyro::BigInt";
    pub(super) const SURROGATE_STR: &str = "$ferropyro::SurrogateStr";
    pub(super) const DATE_TIME: &str = "$ferropyro::DateTime";
    pub(super) const DATE: &str = "$ferropyro::Date";
    pub(super) const TIME: &str = "$ferropyro::Time";
    pub(super) const TIME_DELTA: &str = "$ferropyro::TimeDelta";
    pub(super) const DECIMAL: &str = "$ferropyro::Decimal";
    pub(super) const UUID: &str = "$ferropyro::Uuid";
    pub(super) const ELLIPSIS: &str = "$ferropyro::Ellipsis";
    /// URIs, proxies, exceptions, daemons: a class dictionary that the dialect spells.
    pub(super) const CLASS: &str = "$ferropyro::Class";
    /// Those under which content is read back.
    pub(super) const EXACT: [&str; 13] = [
        SET,
        FROZEN_SET,
        TUPLE,
        COMPLEX,
        BIG_INT,
        SURROGATE_STR,
        DATE_TIME,
        DATE,
        TIME,
        TIME_DELTA,
        DECIMAL,
        UUID,
        ELLIPSIS,
    ];
    /// What all of them begin with.
    pub(super) const PREFIX: &str = "$ferropyro::";
}

/// Writes a serde type.
///
/// # Errors
/// The codec lacks a form for something in it, or its own `Serialize` fails.
pub fn encode<T: Serialize + ?Sized, E: Encoder>(data: &T, encoder: &mut E) -> Result<(), EncodeError> {
    data.serialize(ser::Serializer::new(encoder))
}

/// Reads a serde type.
///
/// # Errors
/// The bytes are malformed, or of another type.
pub fn decode<'de, T: DeserializeOwned, D: Decoder<'de>>(decoder: &mut D) -> Result<T, DecodeError> {
    T::deserialize(de::Deserializer::new(decoder))
}

/// A serde type as a value, as it would arrive at a peer whose codec keeps all types.
///
/// # Errors
/// A key that Python calls unhashable, or the type's own `Serialize` fails.
pub fn to_value<T: Serialize + ?Sized>(data: &T) -> Result<Value, EncodeError> {
    let mut encoder = build::ValueEncoder::default();
    encode(data, &mut encoder)?;
    Ok(encoder.finish())
}

/// A serde type from a value.
///
/// # Errors
/// The value is of another type.
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, DecodeError> {
    let plain = classes::dismantle(value);
    decode(&mut read::ValueDecoder::new(&plain))
}
