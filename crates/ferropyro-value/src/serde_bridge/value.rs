//! serde for [`Value`]: exact through our own codecs, natural through other formats.

use std::fmt;

use serde::de::{self, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq, SerializeTuple};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Dict, Set, Value, walk};

use super::scalars::{BigIntContent, ClassContent, UuidContent};
use super::{names, scalars};

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Int(number) => serializer.serialize_i64(*number),
            Self::BigInt(number) => {
                serializer.serialize_newtype_struct(names::BIG_INT, &BigIntContent(number))
            }
            Self::Float(number) => serializer.serialize_f64(*number),
            Self::Complex(number) => number.serialize(serializer),
            Self::Str(text) => serializer.serialize_str(text),
            Self::SurrogateStr(text) => text.serialize(serializer),
            Self::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Self::List(items) => serializer.collect_seq(items),
            Self::Tuple(items) => {
                let mut tuple = serializer.serialize_tuple(items.len())?;
                items.iter().try_for_each(|item| tuple.serialize_element(item))?;
                tuple.end()
            }
            Self::Set(set) => set.serialize(serializer),
            Self::FrozenSet(set) => serializer.serialize_newtype_struct(names::FROZEN_SET, &Members(set)),
            Self::Dict(dict) => dict.serialize(serializer),
            Self::DateTime(date_time) => date_time.serialize(serializer),
            Self::Date(date) => serializer.serialize_newtype_struct(names::DATE, date),
            Self::Time(time) => serializer.serialize_newtype_struct(names::TIME, time),
            Self::TimeDelta(delta) => serializer.serialize_newtype_struct(names::TIME_DELTA, delta),
            Self::Decimal(decimal) => decimal.serialize(serializer),
            Self::Uuid(uuid) => serializer.serialize_newtype_struct(names::UUID, &UuidContent(*uuid)),
            Self::Ellipsis => serializer.serialize_newtype_struct(names::ELLIPSIS, &()),
            Self::Object(object) => object.serialize(serializer),
            Self::Uri(uri) => uri.serialize(serializer),
            Self::Exception(_) | Self::Proxy(_) | Self::Daemon => {
                serializer.serialize_newtype_struct(names::CLASS, &ClassContent(self))
            }
        }
    }
}

impl Serialize for Dict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        self.iter().try_for_each(|(key, value)| map.serialize_entry(key, value))?;
        map.end()
    }
}

struct Members<'a>(&'a Set);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_seq(Some(self.0.len()))?;
        self.0.iter().try_for_each(|member| members.serialize_element(member))?;
        members.end()
    }
}

impl Serialize for Set {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(names::SET, &Members(self))
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(names::VALUE, ValueVisitor)
    }
}

struct ValueVisitor;

macro_rules! visit_into {
    ($($method:ident: $plain:ty),* $(,)?) => {$(
        fn $method<E: de::Error>(self, plain: $plain) -> Result<Value, E> {
            Ok(Value::from(plain))
        }
    )*};
}

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    visit_into! {
        visit_bool: bool, visit_i64: i64, visit_i128: i128, visit_u64: u64, visit_u128: u128, visit_f64: f64,
        visit_str: &str, visit_string: String, visit_byte_buf: Vec<u8>,
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Value, E> {
        Ok(Value::from(bytes.to_vec()))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::None)
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    /// Other formats come here, and tell what they can tell.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::with_capacity(items.size_hint().unwrap_or(0).min(1024));
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut dict = Dict::with_capacity(entries.size_hint().unwrap_or(0).min(1024));
        while let Some(key) = entries.next_key::<Value>()? {
            walk::check_hashable(&key).map_err(de::Error::custom)?;
            dict.insert(key, entries.next_value::<Value>()?);
        }
        walk::classify(dict).map_err(de::Error::custom)
    }

    fn visit_enum<A: EnumAccess<'de>>(self, exact: A) -> Result<Value, A::Error> {
        let (ExactName(name), content) = exact.variant()?;
        match name {
            names::TUPLE => Ok(Value::Tuple(content.newtype_variant()?)),
            names::SET => members(content.newtype_variant()?).map(Value::Set),
            names::FROZEN_SET => members(content.newtype_variant()?).map(Value::FrozenSet),
            name => scalars::exact(name, content.newtype_variant()?).map_err(de::Error::custom),
        }
    }
}

fn members<E: de::Error>(members: Vec<Value>) -> Result<Set, E> {
    members.iter().try_for_each(walk::check_hashable).map_err(de::Error::custom)?;
    Ok(members.into_iter().collect())
}

/// One of our [`names`].
struct ExactName(&'static str);

impl<'de> Deserialize<'de> for ExactName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl Visitor<'_> for NameVisitor {
            type Value = ExactName;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any value")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<ExactName, E> {
                let known = names::EXACT.iter().find(|name| **name == text);
                known
                    .map(|name| ExactName(name))
                    .ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_str(NameVisitor)
    }
}
