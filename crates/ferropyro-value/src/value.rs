//! [`Value`]: any data that a Python program can put into a call.
//!
//! A value is what is left when the codec is gone; it does not remember which codec carried it.

use bytes::Bytes;
use jiff::SignedDuration;
use jiff::civil::{Date, Time};
use num_bigint::BigInt;
use num_traits::ToPrimitive;
use uuid::Uuid;

use crate::{Complex, DateTime, Decimal, Dict, Exception, Instance, ProxyState, Set, SurrogateStr, Uri};

/// Data of a Python program.
///
/// Equality is exact: values are equal when type and content are, so that `Int(1)`, `Float(1.0)` and
/// `Bool(true)` differ, `-0.0` differs from `0.0`, and NaN equals NaN. Keys of a [`Dict`] and members of
/// a [`Set`] follow Python instead, where `1`, `1.0` and `True` are one key.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Value {
    /// `None`.
    #[default]
    None,
    /// `True` or `False`.
    Bool(bool),
    /// An integer that fits 64 bits.
    Int(i64),
    /// An integer that does not fit 64 bits. Decoders never produce a small one.
    BigInt(BigInt),
    /// A float: any IEEE 754 double.
    Float(f64),
    /// A complex number.
    Complex(Complex),
    /// Text.
    Str(String),
    /// Text with lone surrogates in it, which Python allows and Rust's `String` does not.
    SurrogateStr(SurrogateStr),
    /// `bytes`, `bytearray` or `memoryview`.
    Bytes(Bytes),
    /// A list.
    List(Vec<Value>),
    /// A tuple.
    Tuple(Vec<Value>),
    /// A set.
    Set(Set),
    /// A frozenset; only marshal tells it from a set.
    FrozenSet(Set),
    /// A dict, in insertion order.
    Dict(Dict),
    /// A `datetime.datetime`.
    DateTime(DateTime),
    /// A `datetime.date`.
    Date(Date),
    /// A `datetime.time` without time zone.
    Time(Time),
    /// A `datetime.timedelta`.
    TimeDelta(SignedDuration),
    /// A `decimal.Decimal`.
    Decimal(Decimal),
    /// A `uuid.UUID`.
    Uuid(Uuid),
    /// `...`; decoded, never encoded, since no Pyro sends it.
    Ellipsis,
    /// An instance of a class that is data to us: its class name and its members.
    Object(Box<Instance>),
    /// An exception as a value (an answer that *is* an exception is told apart by its frame).
    Exception(Box<Exception>),
    /// An address of an object.
    Uri(Box<Uri>),
    /// A reference to an object.
    Proxy(Box<ProxyState>),
    /// A daemon that was sent as a value; it arrives as a placeholder.
    Daemon,
}

impl Value {
    /// The Python name of this value's type, such as `int` or `str`; the class name for an object.
    #[must_use]
    pub fn type_name(&self) -> &str {
        match self {
            Self::None => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(_) | Self::BigInt(_) => "int",
            Self::Float(_) => "float",
            Self::Complex(_) => "complex",
            Self::Str(_) | Self::SurrogateStr(_) => "str",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "list",
            Self::Tuple(_) => "tuple",
            Self::Set(_) => "set",
            Self::FrozenSet(_) => "frozenset",
            Self::Dict(_) => "dict",
            Self::DateTime(_) => "datetime.datetime",
            Self::Date(_) => "datetime.date",
            Self::Time(_) => "datetime.time",
            Self::TimeDelta(_) => "datetime.timedelta",
            Self::Decimal(_) => "decimal.Decimal",
            Self::Uuid(_) => "uuid.UUID",
            Self::Ellipsis => "ellipsis",
            Self::Object(object) => &object.class,
            Self::Exception(exception) => exception.class(),
            Self::Uri(_) => "URI",
            Self::Proxy(_) => "Proxy",
            Self::Daemon => "Daemon",
        }
    }

    /// The text, if this is text.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The integer, if this is one that fits 64 bits (a bool is one in Python, and here).
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            Self::Bool(flag) => Some(i64::from(*flag)),
            _ => None,
        }
    }

    /// The number as a double, if this is an int, a bool or a float.
    #[must_use]
    pub fn as_float(&self) -> Option<f64> {
        match self {
            Self::Float(number) => Some(*number),
            Self::BigInt(number) => number.to_f64(),
            #[expect(clippy::cast_precision_loss, reason = "Python's float(int) rounds too")]
            other => other.as_int().map(|number| number as f64),
        }
    }

    /// The bool, if this is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The items of a list or tuple.
    #[must_use]
    pub fn as_sequence(&self) -> Option<&[Value]> {
        match self {
            Self::List(items) | Self::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// The dict, if this is one.
    #[must_use]
    pub fn as_dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(dict) => Some(dict),
            _ => None,
        }
    }

    /// Whether this is `None`.
    #[must_use]
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// The items of any list, tuple, set or frozenset, owned; the value itself when it is none of these.
    ///
    /// # Errors
    /// Gives the value back unchanged when it is no collection of items.
    pub fn into_items(self) -> Result<Vec<Value>, Value> {
        match self {
            Self::List(items) | Self::Tuple(items) => Ok(items),
            Self::Set(set) | Self::FrozenSet(set) => Ok(set.into_iter().collect()),
            other => Err(other),
        }
    }
}

/// Floats as exact equality sees them: all NaNs are one, zeros differ by sign.
fn same_float(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::None, Self::None) | (Self::Ellipsis, Self::Ellipsis) | (Self::Daemon, Self::Daemon) => {
                true
            }
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::BigInt(a), Self::BigInt(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => same_float(*a, *b),
            (Self::Complex(a), Self::Complex(b)) => same_float(a.real, b.real) && same_float(a.imag, b.imag),
            (Self::Str(a), Self::Str(b)) => a == b,
            (Self::SurrogateStr(a), Self::SurrogateStr(b)) => a == b,
            (Self::Bytes(a), Self::Bytes(b)) => a == b,
            (Self::List(a), Self::List(b)) | (Self::Tuple(a), Self::Tuple(b)) => a == b,
            (Self::Set(a), Self::Set(b)) | (Self::FrozenSet(a), Self::FrozenSet(b)) => a == b,
            (Self::Dict(a), Self::Dict(b)) => a == b,
            (Self::DateTime(a), Self::DateTime(b)) => a == b,
            (Self::Date(a), Self::Date(b)) => a == b,
            (Self::Time(a), Self::Time(b)) => a == b,
            (Self::TimeDelta(a), Self::TimeDelta(b)) => a == b,
            (Self::Decimal(a), Self::Decimal(b)) => a == b,
            (Self::Uuid(a), Self::Uuid(b)) => a == b,
            (Self::Object(a), Self::Object(b)) => a == b,
            (Self::Exception(a), Self::Exception(b)) => a == b,
            (Self::Uri(a), Self::Uri(b)) => a == b,
            (Self::Proxy(a), Self::Proxy(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Value {}

macro_rules! from_int {
    ($($int:ty),*) => {$(
        impl From<$int> for Value {
            fn from(number: $int) -> Self {
                i64::try_from(number).map_or_else(|_| Self::BigInt(BigInt::from(number)), Self::Int)
            }
        }
    )*};
}
from_int!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);

macro_rules! from_plain {
    ($($from:ty => $variant:ident),* $(,)?) => {$(
        impl From<$from> for Value {
            fn from(plain: $from) -> Self {
                Self::$variant(plain.into())
            }
        }
    )*};
}
from_plain!(
    bool => Bool, f64 => Float, f32 => Float, Complex => Complex, &str => Str, String => Str, char => Str,
    Bytes => Bytes, Vec<u8> => Bytes, &'static [u8] => Bytes, Vec<Value> => List, Set => Set, Dict => Dict,
    DateTime => DateTime, Date => Date, Time => Time, SignedDuration => TimeDelta, Decimal => Decimal,
    Uuid => Uuid, Instance => Object, Exception => Exception, Uri => Uri, ProxyState => Proxy,
    SurrogateStr => SurrogateStr,
);

impl From<()> for Value {
    fn from((): ()) -> Self {
        Self::None
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Str(text.clone())
    }
}

impl From<BigInt> for Value {
    /// A [`Value::Int`] where the number fits 64 bits.
    fn from(number: BigInt) -> Self {
        number.to_i64().map_or(Self::BigInt(number), Self::Int)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(option: Option<T>) -> Self {
        option.map_or(Self::None, Into::into)
    }
}

macro_rules! from_tuple {
    ($(($($name:ident),+))*) => {$(
        impl<$($name: Into<Value>),+> From<($($name,)+)> for Value {
            #[expect(non_snake_case, reason = "the type parameters name the fields")]
            fn from(($($name,)+): ($($name,)+)) -> Self {
                Self::Tuple(vec![$($name.into()),+])
            }
        }
    )*};
}
from_tuple!((A)(A, B)(A, B, C)(A, B, C, D)(A, B, C, D, F)(A, B, C, D, F, G));

impl<T: Into<Value>> FromIterator<T> for Value {
    /// A list of the items.
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}
