//! The serde serializer over any encoder.

use num_bigint::BigInt;
use serde::{Serialize, ser};

use crate::codec::{Container, Encoder};
use crate::{EncodeError, Value, walk};

use super::{build::ValueEncoder, names, scalars};

/// Writes one value.
#[derive(Debug)]
pub(super) struct Serializer<'e, E> {
    encoder: &'e mut E,
    /// The container that a sequence is to be, whatever it calls itself. Nothing but a sequence will do then.
    kind: Option<Container>,
    /// False only directly inside one of our own newtypes, which write their exact content then.
    readable: bool,
}

impl<'e, E: Encoder> Serializer<'e, E> {
    pub(super) fn new(encoder: &'e mut E) -> Self {
        Self { encoder, kind: None, readable: true }
    }

    pub(super) fn sequence_as(mut self, kind: Container) -> Self {
        self.kind = Some(kind);
        self
    }

    /// The encoder, for anything but a sequence.
    fn plain(self) -> Result<&'e mut E, EncodeError> {
        match self.kind {
            None => Ok(self.encoder),
            Some(kind) => Err(ser::Error::custom(format_args!(
                "a tuple or a sequence is needed here, to be written as a {kind:?}"
            ))),
        }
    }

    fn sequence(self, natural: Container, len: Option<usize>) -> Result<Sequence<'e, E>, EncodeError> {
        let kind = self.kind.unwrap_or(natural);
        let Some(len) = len else {
            return Ok(Sequence::Unknown { encoder: self.encoder, kind, items: Vec::new() });
        };
        self.encoder.begin(kind, len)?;
        Ok(Sequence::Known { encoder: self.encoder, kind, len, written: 0, variant: false })
    }

    fn map(self, len: Option<usize>) -> Result<Map<'e, E>, EncodeError> {
        let encoder = self.plain()?;
        let Some(len) = len else {
            return Ok(Map::Unknown { encoder, entries: Vec::new() });
        };
        encoder.begin(Container::Dict, len)?;
        Ok(Map::Known { encoder, len, written: 0, variant: false })
    }

    /// Begins `{name: content}` up to the content.
    fn variant(self, name: &str) -> Result<&'e mut E, EncodeError> {
        let encoder = self.plain()?;
        encoder.begin(Container::Dict, 1)?;
        encoder.key()?;
        encoder.str(name)?;
        encoder.value()?;
        Ok(encoder)
    }
}

fn end_variant<E: Encoder>(encoder: &mut E) -> Result<(), EncodeError> {
    encoder.end(Container::Dict, 1)
}

/// Binary codecs write the length first, so that a wrong one must not get away.
fn check_len(announced: usize, written: usize) -> Result<(), EncodeError> {
    if announced == written {
        return Ok(());
    }
    Err(EncodeError::Custom(format!("{announced} items were announced, and {written} written")))
}

/// The value of any serde type, with the exact content of our own newtypes.
fn capture<T: Serialize + ?Sized>(data: &T, readable: bool) -> Result<Value, EncodeError> {
    let mut values = ValueEncoder::default();
    data.serialize(Serializer { encoder: &mut values, kind: None, readable })?;
    Ok(values.finish())
}

impl<'e, E: Encoder> ser::Serializer for Serializer<'e, E> {
    type Ok = ();
    type Error = EncodeError;
    type SerializeSeq = Sequence<'e, E>;
    type SerializeTuple = Sequence<'e, E>;
    type SerializeTupleStruct = Sequence<'e, E>;
    type SerializeTupleVariant = Sequence<'e, E>;
    type SerializeMap = Map<'e, E>;
    type SerializeStruct = Map<'e, E>;
    type SerializeStructVariant = Map<'e, E>;

    fn is_human_readable(&self) -> bool {
        self.readable
    }

    fn serialize_bool(self, flag: bool) -> Result<(), EncodeError> {
        self.plain()?.bool(flag)
    }

    fn serialize_i8(self, number: i8) -> Result<(), EncodeError> {
        self.serialize_i64(number.into())
    }

    fn serialize_i16(self, number: i16) -> Result<(), EncodeError> {
        self.serialize_i64(number.into())
    }

    fn serialize_i32(self, number: i32) -> Result<(), EncodeError> {
        self.serialize_i64(number.into())
    }

    fn serialize_i64(self, number: i64) -> Result<(), EncodeError> {
        self.plain()?.int(number)
    }

    fn serialize_i128(self, number: i128) -> Result<(), EncodeError> {
        match i64::try_from(number) {
            Ok(number) => self.serialize_i64(number),
            Err(_) => self.plain()?.big_int(&BigInt::from(number)),
        }
    }

    fn serialize_u8(self, number: u8) -> Result<(), EncodeError> {
        self.serialize_i64(number.into())
    }

    fn serialize_u16(self, number: u16) -> Result<(), EncodeError> {
        self.serialize_i64(number.into())
    }

    fn serialize_u32(self, number: u32) -> Result<(), EncodeError> {
        self.serialize_i64(number.into())
    }

    fn serialize_u64(self, number: u64) -> Result<(), EncodeError> {
        match i64::try_from(number) {
            Ok(number) => self.serialize_i64(number),
            Err(_) => self.plain()?.big_int(&BigInt::from(number)),
        }
    }

    fn serialize_u128(self, number: u128) -> Result<(), EncodeError> {
        match i64::try_from(number) {
            Ok(number) => self.serialize_i64(number),
            Err(_) => self.plain()?.big_int(&BigInt::from(number)),
        }
    }

    fn serialize_f32(self, number: f32) -> Result<(), EncodeError> {
        self.serialize_f64(number.into())
    }

    fn serialize_f64(self, number: f64) -> Result<(), EncodeError> {
        self.plain()?.float(number)
    }

    fn serialize_char(self, c: char) -> Result<(), EncodeError> {
        self.plain()?.str(c.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<(), EncodeError> {
        self.plain()?.str(text)
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<(), EncodeError> {
        self.plain()?.bytes(bytes)
    }

    fn serialize_none(self) -> Result<(), EncodeError> {
        self.plain()?.none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, data: &T) -> Result<(), EncodeError> {
        data.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), EncodeError> {
        self.plain()?.none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), EncodeError> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), EncodeError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        data: &T,
    ) -> Result<(), EncodeError> {
        if !name.starts_with(names::PREFIX) {
            return data.serialize(self);
        }
        match name {
            names::SET => data.serialize(self.sequence_as(Container::Set)),
            names::FROZEN_SET => data.serialize(self.sequence_as(Container::FrozenSet)),
            names::TUPLE => data.serialize(self.sequence_as(Container::Tuple)),
            _ => walk::encode(&scalars::exact(name, capture(data, false)?)?, self.plain()?),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        data: &T,
    ) -> Result<(), EncodeError> {
        let encoder = self.variant(variant)?;
        super::encode(data, encoder)?;
        end_variant(encoder)
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Sequence<'e, E>, EncodeError> {
        self.sequence(Container::List, len)
    }

    fn serialize_tuple(self, len: usize) -> Result<Sequence<'e, E>, EncodeError> {
        self.sequence(Container::Tuple, Some(len))
    }

    fn serialize_tuple_struct(self, _: &'static str, len: usize) -> Result<Sequence<'e, E>, EncodeError> {
        self.sequence(Container::Tuple, Some(len))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Sequence<'e, E>, EncodeError> {
        let encoder = self.variant(variant)?;
        encoder.begin(Container::Tuple, len)?;
        Ok(Sequence::Known { encoder, kind: Container::Tuple, len, written: 0, variant: true })
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Map<'e, E>, EncodeError> {
        self.map(len)
    }

    fn serialize_struct(self, _: &'static str, len: usize) -> Result<Map<'e, E>, EncodeError> {
        self.map(Some(len))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Map<'e, E>, EncodeError> {
        let encoder = self.variant(variant)?;
        encoder.begin(Container::Dict, len)?;
        Ok(Map::Known { encoder, len, written: 0, variant: true })
    }
}

/// A sequence being written.
#[derive(Debug)]
pub(super) enum Sequence<'e, E> {
    /// Straight through; inside `{name: …}` if it is a variant's.
    Known { encoder: &'e mut E, kind: Container, len: usize, written: usize, variant: bool },
    /// Its length comes out at the end, so that the items wait until then.
    Unknown { encoder: &'e mut E, kind: Container, items: Vec<Value> },
}

impl<E: Encoder> Sequence<'_, E> {
    fn item<T: Serialize + ?Sized>(&mut self, data: &T) -> Result<(), EncodeError> {
        match self {
            Self::Known { encoder, written, .. } => {
                *written += 1;
                encoder.item()?;
                super::encode(data, *encoder)
            }
            Self::Unknown { items, .. } => {
                items.push(capture(data, true)?);
                Ok(())
            }
        }
    }

    fn finish(self) -> Result<(), EncodeError> {
        match self {
            Self::Known { encoder, kind, len, written, variant } => {
                check_len(len, written)?;
                encoder.end(kind, len)?;
                if variant { end_variant(encoder) } else { Ok(()) }
            }
            Self::Unknown { encoder, kind, items } => walk::sequence(kind, items.iter(), encoder),
        }
    }
}

macro_rules! sequence {
    ($($name:ident $method:ident)*) => {$(
        impl<E: Encoder> ser::$name for Sequence<'_, E> {
            type Ok = ();
            type Error = EncodeError;

            fn $method<T: Serialize + ?Sized>(&mut self, data: &T) -> Result<(), EncodeError> {
                self.item(data)
            }

            fn end(self) -> Result<(), EncodeError> {
                self.finish()
            }
        }
    )*};
}
sequence!(SerializeSeq serialize_element SerializeTuple serialize_element
    SerializeTupleStruct serialize_field SerializeTupleVariant serialize_field);

/// A dict being written.
#[derive(Debug)]
pub(super) enum Map<'e, E> {
    /// Straight through; inside `{name: …}` if it is a variant's.
    Known { encoder: &'e mut E, len: usize, written: usize, variant: bool },
    /// Its length comes out at the end, so that keys and values wait until then, one after the other.
    Unknown { encoder: &'e mut E, entries: Vec<Value> },
}

impl<E: Encoder> Map<'_, E> {
    fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), EncodeError> {
        match self {
            Self::Known { encoder, written, .. } => {
                *written += 1;
                encoder.key()?;
                super::encode(key, *encoder)
            }
            Self::Unknown { entries, .. } => {
                entries.push(capture(key, true)?);
                Ok(())
            }
        }
    }

    fn value<T: Serialize + ?Sized>(&mut self, data: &T) -> Result<(), EncodeError> {
        match self {
            Self::Known { encoder, .. } => {
                encoder.value()?;
                super::encode(data, *encoder)
            }
            Self::Unknown { entries, .. } => {
                entries.push(capture(data, true)?);
                Ok(())
            }
        }
    }

    fn finish(self) -> Result<(), EncodeError> {
        match self {
            Self::Known { encoder, len, written, variant } => {
                check_len(len, written)?;
                encoder.end(Container::Dict, len)?;
                if variant { end_variant(encoder) } else { Ok(()) }
            }
            Self::Unknown { encoder, entries } => {
                let len = entries.len() / 2;
                encoder.begin(Container::Dict, len)?;
                for (place, value) in entries.iter().enumerate() {
                    if place % 2 == 0 { encoder.key() } else { encoder.value() }?;
                    walk::encode(value, encoder)?;
                }
                encoder.end(Container::Dict, len)
            }
        }
    }
}

impl<E: Encoder> ser::SerializeMap for Map<'_, E> {
    type Ok = ();
    type Error = EncodeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), EncodeError> {
        self.key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, data: &T) -> Result<(), EncodeError> {
        self.value(data)
    }

    fn end(self) -> Result<(), EncodeError> {
        self.finish()
    }
}

macro_rules! fields {
    ($($name:ident)*) => {$(
        impl<E: Encoder> ser::$name for Map<'_, E> {
            type Ok = ();
            type Error = EncodeError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                data: &T,
            ) -> Result<(), EncodeError> {
                self.key(name)?;
                self.value(data)
            }

            fn end(self) -> Result<(), EncodeError> {
                self.finish()
            }
        }
    )*};
}
fields!(SerializeStruct SerializeStructVariant);
