//! [`Key`]: a value as a key of a dict or a member of a set, with Python's idea of equal keys.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::mem::discriminant;
use std::sync::OnceLock;

use num_bigint::BigInt;
use num_traits::{FromPrimitive, ToPrimitive};

use crate::{Set, Value};

/// A value as a key: `1`, `1.0`, `True` and `(1+0j)` are the same one, as in Python.
///
/// Python refuses lists, dicts and sets as keys ("unhashable"); decoders check that before they get here.
#[derive(Clone, Debug)]
pub(crate) struct Key(pub(crate) Value);

/// What finds a key: a key, or a text without making a [`Value`] of it. Hashes as the key that it finds.
pub(crate) trait Probe: Hash {
    /// Whether this finds the key.
    fn finds(&self, key: &Key) -> bool;
}

impl Probe for Key {
    fn finds(&self, key: &Key) -> bool {
        self == key
    }
}

/// A text as a [`Probe`].
#[derive(Hash)]
pub(crate) struct StrKey<'a>(pub(crate) &'a str);

impl Probe for StrKey<'_> {
    fn finds(&self, key: &Key) -> bool {
        matches!(&key.0, Value::Str(text) if text == self.0)
    }
}

/// The number behind a numeric key, in the form in which equal numbers are identical.
#[derive(PartialEq)]
enum Number<'a> {
    Int(i64),
    Big(Cow<'a, BigInt>),
    Float(u64),
    Complex(u64, u64),
}

fn number(value: &Value) -> Option<Number<'_>> {
    Some(match value {
        Value::Bool(flag) => Number::Int(i64::from(*flag)),
        Value::Int(number) => Number::Int(*number),
        Value::BigInt(number) => Number::Big(Cow::Borrowed(number)),
        Value::Float(number) => float(*number),
        Value::Complex(number) if number.imag == 0.0 => float(number.real),
        Value::Complex(number) => Number::Complex(number.real.to_bits(), number.imag.to_bits()),
        _ => return None,
    })
}

fn float(number: f64) -> Number<'static> {
    let exact = Number::Float(number.to_bits());
    if number.fract() != 0.0 {
        return exact; // NaN and the infinities too
    }
    match number.to_i64() {
        Some(number) => Number::Int(number),
        None => BigInt::from_f64(number).map_or(exact, |number| Number::Big(Cow::Owned(number))),
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Value::Str(a), Value::Str(b)) => a == b,
            (Value::Tuple(a), Value::Tuple(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_key(a, b))
            }
            (a, b) => same_key(a, b),
        }
    }
}

fn same_key(a: &Value, b: &Value) -> bool {
    match (number(a), number(b)) {
        (Some(a), Some(b)) => a == b,
        (None, None) => match (a, b) {
            (Value::Tuple(a), Value::Tuple(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_key(a, b))
            }
            _ => a == b,
        },
        _ => false,
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash_key(&self.0, state);
    }
}

fn hash_key<H: Hasher>(value: &Value, state: &mut H) {
    match value {
        // The same as `StrKey`, whose lookups must find it.
        Value::Str(text) => StrKey(text).hash(state),
        Value::Bytes(bytes) => bytes.hash(state),
        Value::Uuid(uuid) => uuid.hash(state),
        Value::SurrogateStr(text) => text.hash(state),
        Value::DateTime(date_time) => date_time.hash(state),
        Value::Date(date) => date.hash(state),
        Value::Time(time) => time.hash(state),
        Value::TimeDelta(delta) => delta.hash(state),
        Value::Decimal(decimal) => decimal.hash(state),
        Value::FrozenSet(set) => state.write_u64(hash_members(set)),
        Value::Tuple(items) => {
            state.write_usize(items.len());
            for item in items {
                hash_key(item, state);
            }
        }
        other => match number(other) {
            Some(Number::Int(number)) => number.hash(state),
            Some(Number::Big(number)) => number.hash(state),
            Some(Number::Float(bits)) => bits.hash(state),
            Some(Number::Complex(real, imag)) => (real, imag).hash(state),
            // Few different ones (`None`, `...`), or never in a payload (instances of classes, unhashable):
            // what comes from a peer must not collide by design.
            None => discriminant(other).hash(state),
        },
    }
}

/// A hash of members in any order, which no peer can predict.
fn hash_members(set: &Set) -> u64 {
    static KEYS: OnceLock<RandomState> = OnceLock::new();
    let keys = KEYS.get_or_init(RandomState::new);
    set.keys().fold(0, |sum: u64, member| sum.wrapping_add(keys.hash_one(member)))
}
