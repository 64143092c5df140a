//! Data that is a whole argument, result or item, not a part of one.
//!
//! Three types are told apart there, which serde cannot do: a `Vec<u8>` is bytes and not a list of numbers,
//! [`Bytes`] are shared with the payload instead of copied, and a [`Value`] is walked as what it is. Inside
//! other types they are what serde makes of them.

use std::any::Any;

use bytes::Bytes;
use serde::de::{DeserializeOwned, Visitor};
use serde::{Deserialize, Deserializer, Serialize, de};

use crate::codec::{Decoder, Encoder, Token};
use crate::{DecodeError, EncodeError, Value, walk};

use super::build::ValueEncoder;
use super::classes;
use super::read::ValueDecoder;

/// Writes a whole argument, result or item.
///
/// # Errors
/// As [`encode`](super::encode).
pub fn encode_whole<T: Serialize + 'static, E: Encoder>(
    data: &T,
    encoder: &mut E,
) -> Result<(), EncodeError> {
    let any: &dyn Any = data;
    if let Some(bytes) = any.downcast_ref::<Vec<u8>>() {
        encoder.bytes(bytes)
    } else if let Some(bytes) = any.downcast_ref::<Bytes>() {
        encoder.bytes(bytes)
    } else if let Some(value) = any.downcast_ref::<Value>() {
        walk::encode(value, encoder)
    } else {
        super::encode(data, encoder)
    }
}

/// Reads a whole argument, result or item.
///
/// # Errors
/// As [`decode`](super::decode).
pub fn decode_whole<'de, T: DeserializeOwned + 'static, D: Decoder<'de>>(
    decoder: &mut D,
) -> Result<T, DecodeError> {
    let mut place: Option<T> = None;
    let any: &mut dyn Any = &mut place;
    if let Some(place) = any.downcast_mut::<Option<Value>>() {
        *place = Some(walk::decode(decoder)?);
    } else if let Some(place) = any.downcast_mut::<Option<Vec<u8>>>() {
        let ByteBuf(bytes) = super::decode(decoder)?;
        *place = Some(bytes);
    } else if let Some(place) = any.downcast_mut::<Option<Bytes>>() {
        *place = Some(bytes(decoder)?);
    }
    match place {
        Some(data) => Ok(data),
        None => super::decode(decoder),
    }
}

/// A whole argument, result or item as a value.
///
/// # Errors
/// As [`to_value`](super::to_value).
pub fn whole_to_value<T: Serialize + 'static>(data: &T) -> Result<Value, EncodeError> {
    let any: &dyn Any = data;
    if let Some(value) = any.downcast_ref::<Value>() {
        return Ok(value.clone());
    }
    let mut encoder = ValueEncoder::default();
    encode_whole(data, &mut encoder)?;
    Ok(encoder.finish())
}

/// A whole argument, result or item from a value.
///
/// # Errors
/// The value is of another type.
pub fn whole_from_value<T: DeserializeOwned + 'static>(value: Value) -> Result<T, DecodeError> {
    let mut value = Some(value);
    let any: &mut dyn Any = &mut value;
    if let Some(place) = any.downcast_mut::<Option<T>>()
        && let Some(data) = place.take()
    {
        return Ok(data);
    }
    let plain = classes::dismantle(value.unwrap_or_default());
    decode_whole(&mut ValueDecoder::new(&plain))
}

fn bytes<'de, D: Decoder<'de>>(decoder: &mut D) -> Result<Bytes, DecodeError> {
    let start = decoder.mark();
    if let Token::Bytes(std::borrow::Cow::Borrowed(bytes)) = decoder.token()? {
        return Ok(decoder.share(bytes));
    }
    decoder.rewind(start);
    let ByteBuf(bytes) = super::decode(decoder)?;
    Ok(bytes.into())
}

/// Bytes in whatever form a codec has for them.
struct ByteBuf(Vec<u8>);

impl<'de> Deserialize<'de> for ByteBuf {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visit;

        impl<'de> Visitor<'de> for Visit {
            type Value = ByteBuf;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<ByteBuf, E> {
                Ok(ByteBuf(bytes.to_vec()))
            }

            fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<ByteBuf, E> {
                Ok(ByteBuf(bytes))
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<ByteBuf, A::Error> {
                let mut bytes = Vec::with_capacity(items.size_hint().unwrap_or_default().min(1024));
                while let Some(byte) = items.next_element()? {
                    bytes.push(byte);
                }
                Ok(ByteBuf(bytes))
            }
        }

        deserializer.deserialize_byte_buf(Visit)
    }
}
