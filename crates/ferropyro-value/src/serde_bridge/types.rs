//! What serde's data model lacks, as wrappers for the fields and arguments of user types.

use std::ops::{Deref, DerefMut};

use num_bigint::BigInt;
use num_traits::ToPrimitive;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::Value;

use super::names;
use super::scalars::BigIntContent;

macro_rules! wrapper {
    ($(#[$doc:meta])* $name:ident, $token:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name<C>(pub C);

        impl<C: Serialize> Serialize for $name<C> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_newtype_struct($token, &self.0)
            }
        }

        impl<'de, C: Deserialize<'de>> Deserialize<'de> for $name<C> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                C::deserialize(deserializer).map(Self)
            }
        }

        impl<C> Deref for $name<C> {
            type Target = C;

            fn deref(&self) -> &C {
                &self.0
            }
        }

        impl<C> DerefMut for $name<C> {
            fn deref_mut(&mut self) -> &mut C {
                &mut self.0
            }
        }

        impl<C> From<C> for $name<C> {
            fn from(collection: C) -> Self {
                Self(collection)
            }
        }
    };
}

wrapper! {
    /// A collection that travels as a Python `set` instead of a list: `AsSet<HashSet<i64>>`,
    /// `AsSet<Vec<String>>`. Reading takes a set, frozenset, list or tuple.
    ///
    /// ```
    /// # use ferropyro_value::{AsSet, Value, serde_bridge::to_value};
    /// let value = to_value(&AsSet(vec![1, 2]))?;
    /// assert_eq!(value, Value::Set([1, 2].into_iter().collect()));
    /// # Ok::<(), ferropyro_value::EncodeError>(())
    /// ```
    AsSet, names::SET
}

wrapper! {
    /// A collection that travels as a Python `tuple` instead of a list: `AsTuple<Vec<i64>>`. Rust's own
    /// tuples need no wrapper.
    AsTuple, names::TUPLE
}

/// An integer of any size, where `i128` will not do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Integer(pub BigInt);

impl<N: Into<BigInt>> From<N> for Integer {
    fn from(number: N) -> Self {
        Self(number.into())
    }
}

impl From<Integer> for Value {
    fn from(number: Integer) -> Self {
        number.0.into()
    }
}

impl Serialize for Integer {
    /// A number where it fits 128 bits to other formats, else decimal text.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.to_i64() {
            Some(number) => serializer.serialize_i64(number),
            None => serializer.serialize_newtype_struct(names::BIG_INT, &BigIntContent(&self.0)),
        }
    }
}

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Int(number) => Ok(Self(number.into())),
            Value::BigInt(number) => Ok(Self(number)),
            Value::Bool(flag) => Ok(Self(i64::from(flag).into())),
            other => Err(de::Error::custom(format_args!("expected int, got {}", other.type_name()))),
        }
    }
}
