//! What is inside containers, as serde asks for it: items, entries, variants.

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{self, DeserializeSeed, Visitor};

use crate::codec::{Decoder, Open};
use crate::{DecodeError, DecodeErrorKind};

use super::de::Deserializer;

/// The items or entries of a container.
pub(super) struct Contents<'d, D> {
    decoder: &'d mut D,
    open: Open,
    ended: bool,
    read: usize,
}

pub(super) fn too_many(expected: usize) -> DecodeError {
    DecodeError::unplaced(DecodeErrorKind::Type, format!("expected {expected} items, got more"))
}

impl<'d, 'de, D: Decoder<'de>> Contents<'d, D> {
    pub(super) fn new(decoder: &'d mut D, open: Open) -> Self {
        Self { decoder, open, ended: false, read: 0 }
    }

    pub(super) fn next(&mut self) -> Result<bool, DecodeError> {
        if self.ended || !self.decoder.more(&mut self.open)? {
            self.ended = true;
            return Ok(false);
        }
        self.read += 1;
        Ok(true)
    }

    /// The container must have been read to its end.
    pub(super) fn finish(mut self) -> Result<(), DecodeError> {
        let read = self.read;
        if self.next()? { Err(too_many(read)) } else { Ok(()) }
    }

    fn hint(&self) -> Option<usize> {
        // The peer's word: serde caps what it reserves for it at a MiB.
        self.open.left.and_then(|left| usize::try_from(left).ok())
    }
}

impl<'de, D: Decoder<'de>> de::SeqAccess<'de> for &mut Contents<'_, D> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, DecodeError> {
        if !self.next()? {
            return Ok(None);
        }
        seed.deserialize(Deserializer::new(self.decoder)).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        self.hint()
    }
}

impl<'de, D: Decoder<'de>> de::MapAccess<'de> for &mut Contents<'_, D> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, DecodeError> {
        if !self.next()? {
            return Ok(None);
        }
        seed.deserialize(Deserializer::of_key(self.decoder)).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, DecodeError> {
        self.decoder.value()?;
        seed.deserialize(Deserializer::new(self.decoder))
    }

    fn size_hint(&self) -> Option<usize> {
        self.hint()
    }
}

/// `{name: content}` as a variant; stands before the name.
impl<'de, D: Decoder<'de>> de::EnumAccess<'de> for &mut Contents<'_, D> {
    type Error = DecodeError;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), DecodeError> {
        let name = seed.deserialize(Deserializer::new(self.decoder))?;
        self.decoder.value()?;
        Ok((name, self))
    }
}

impl<'de, D: Decoder<'de>> de::VariantAccess<'de> for &mut Contents<'_, D> {
    type Error = DecodeError;

    fn unit_variant(self) -> Result<(), DecodeError> {
        de::Deserialize::deserialize(Deserializer::new(self.decoder))
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, DecodeError> {
        seed.deserialize(Deserializer::new(self.decoder))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, DecodeError> {
        Deserializer::new(self.decoder).sequence(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        de::Deserializer::deserialize_map(Deserializer::new(self.decoder), visitor)
    }
}

/// A value that serde has no word for, as a variant whose name is one of our [names](super::names).
pub(super) struct Exact<'d, 'de, D> {
    pub(super) name: &'static str,
    pub(super) content: Deserializer<'d, 'de, D>,
}

impl<'de, D: Decoder<'de>> de::EnumAccess<'de> for Exact<'_, 'de, D> {
    type Error = DecodeError;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), DecodeError> {
        Ok((seed.deserialize(BorrowedStrDeserializer::<DecodeError>::new(self.name))?, self))
    }
}

impl<'de, D: Decoder<'de>> de::VariantAccess<'de> for Exact<'_, 'de, D> {
    type Error = DecodeError;

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, DecodeError> {
        seed.deserialize(self.content)
    }

    fn unit_variant(self) -> Result<(), DecodeError> {
        de::Deserialize::deserialize(self.content)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, DecodeError> {
        self.content.sequence(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        de::Deserializer::deserialize_map(self.content, visitor)
    }
}
