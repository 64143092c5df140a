//! Dicts and sets with Python's idea of equal keys, in insertion order.

use std::borrow::Cow;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::mem::discriminant;
use std::sync::OnceLock;

use indexmap::{Equivalent, IndexMap, IndexSet};
use num_bigint::BigInt;
use num_traits::{FromPrimitive, ToPrimitive};

use crate::Value;

/// A value as a key: `1`, `1.0`, `True` and `(1+0j)` are the same one, as in Python.
///
/// Python refuses lists, dicts and sets as keys ("unhashable"); decoders check that before they get here.
#[derive(Clone, Debug)]
struct Key(Value);

/// Looks a text key up without making a [`Value`] of it.
#[derive(Hash)]
struct StrKey<'a>(&'a str);

impl Equivalent<Key> for StrKey<'_> {
    fn equivalent(&self, key: &Key) -> bool {
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
    set.0.iter().fold(0, |sum: u64, member| sum.wrapping_add(keys.hash_one(member)))
}

/// A dict: keys in insertion order, Python's equality of keys, the last of equal keys wins.
#[derive(Clone, Debug, Default)]
pub struct Dict(IndexMap<Key, Value>);

impl Dict {
    /// An empty dict.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty dict with room for `capacity` entries.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self(IndexMap::with_capacity(capacity))
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets `key` to `value`; gives back the value that it replaces. The first key object stays, as in Python.
    pub fn insert(&mut self, key: impl Into<Value>, value: impl Into<Value>) -> Option<Value> {
        self.0.insert(Key(key.into()), value.into())
    }

    /// The value at a text key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(&StrKey(key))
    }

    /// The value at any key.
    #[must_use]
    pub fn get_value(&self, key: &Value) -> Option<&Value> {
        match key {
            Value::Str(text) => self.get(text),
            other => self.0.get(&Key(other.clone())),
        }
    }

    /// Takes the entry of a text key out; the order of the others stays.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.0.shift_remove(&StrKey(key))
    }

    /// The entries in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Value, &Value)> {
        self.0.iter().map(|(key, value)| (&key.0, value))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.0.keys().map(|key| &key.0)
    }

    /// The values in order.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.0.values()
    }
}

impl PartialEq for Dict {
    /// Exact in keys and values, whatever the order.
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self.0.iter().all(|(key, value)| {
                other.0.get_key_value(key).is_some_and(|(k, v)| k.0 == key.0 && v == value)
            })
    }
}

impl Eq for Dict {}

impl IntoIterator for Dict {
    type Item = (Value, Value);
    type IntoIter = Entries;

    fn into_iter(self) -> Self::IntoIter {
        Entries(self.0.into_iter())
    }
}

/// The entries of a dict, owned, in order.
#[derive(Debug)]
pub struct Entries(indexmap::map::IntoIter<Key, Value>);

impl Iterator for Entries {
    type Item = (Value, Value);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (key.0, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Entries {}

impl<K: Into<Value>, V: Into<Value>> FromIterator<(K, V)> for Dict {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self(entries.into_iter().map(|(key, value)| (Key(key.into()), value.into())).collect())
    }
}

/// A set: members in insertion order, Python's equality of members.
#[derive(Clone, Debug, Default)]
pub struct Set(IndexSet<Key>);

impl Set {
    /// An empty set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no member.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a member; false if an equal one was there.
    pub fn insert(&mut self, member: impl Into<Value>) -> bool {
        self.0.insert(Key(member.into()))
    }

    /// Whether an equal member is there.
    #[must_use]
    pub fn contains(&self, member: &Value) -> bool {
        match member {
            Value::Str(text) => self.0.contains(&StrKey(text)),
            other => self.0.contains(&Key(other.clone())),
        }
    }

    /// The members in insertion order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.0.iter().map(|key| &key.0)
    }
}

impl PartialEq for Set {
    /// Exact in members, whatever the order.
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.0.iter().all(|key| other.0.get(key).is_some_and(|k| k.0 == key.0))
    }
}

impl Eq for Set {}

impl IntoIterator for Set {
    type Item = Value;
    type IntoIter = Members;

    fn into_iter(self) -> Self::IntoIter {
        Members(self.0.into_iter())
    }
}

/// The members of a set, owned, in insertion order.
#[derive(Debug)]
pub struct Members(indexmap::set::IntoIter<Key>);

impl Iterator for Members {
    type Item = Value;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|key| key.0)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Members {}

impl<T: Into<Value>> FromIterator<T> for Set {
    fn from_iter<I: IntoIterator<Item = T>>(members: I) -> Self {
        Self(members.into_iter().map(|member| Key(member.into())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_python_calls_equal_are_one_key() {
        let mut dict = Dict::new();
        dict.insert(1, "int");
        dict.insert(1.0, "float");
        dict.insert(true, "bool");
        assert_eq!(dict.len(), 1);
        assert_eq!(dict.get_value(&Value::Int(1)), Some(&Value::from("bool")));
        assert_eq!(dict.keys().next(), Some(&Value::Int(1)), "the first key object stays");
    }

    #[test]
    fn text_keys_are_found_without_a_value() {
        let dict: Dict = [("a", 1), ("b", 2)].into_iter().collect();
        assert_eq!(dict.get("b"), Some(&Value::Int(2)));
        assert_eq!(dict.get("c"), None);
    }

    #[test]
    fn tuples_and_equal_numbers_inside_them_are_keys() {
        let mut set = Set::new();
        assert!(set.insert((1, "x")));
        assert!(!set.insert((1.0, "x")));
        assert!(set.insert((2, "x")));
    }

    #[test]
    fn equality_of_containers_is_exact_and_ignores_order() {
        let a: Dict = [("a", 1), ("b", 2)].into_iter().collect();
        let b: Dict = [("b", 2), ("a", 1)].into_iter().collect();
        assert_eq!(a, b);
        let int: Set = [1].into_iter().collect();
        let float: Set = [1.0].into_iter().collect();
        assert_ne!(int, float);
    }

    #[test]
    fn equal_numbers_of_any_type_hash_alike() {
        let complex = |real| Value::from(crate::Complex { real, imag: 0.0 });
        let big = BigInt::from(3).pow(80);
        let mut set = Set::new();
        for same in [Value::from(3), 3.0.into(), complex(3.0)] {
            set.insert(same);
        }
        assert_eq!(set.len(), 1);
        assert!(set.insert(3.5) && set.insert(big.clone()) && !set.insert(big));
        assert!(set.insert(0.0) && !set.insert(-0.0) && !set.insert(false));
        assert!(set.insert(1e20) && !set.insert(BigInt::from(10).pow(20)));
        assert!(set.insert(f64::INFINITY) && set.insert(f64::NAN) && set.insert(f64::NEG_INFINITY));
    }

    #[test]
    fn removing_an_entry_keeps_the_order() {
        let mut dict: Dict = [("a", 1), ("b", 2), ("c", 3)].into_iter().collect();
        assert_eq!(dict.remove("a"), Some(Value::Int(1)));
        assert_eq!(dict.remove("a"), None);
        assert_eq!(dict.keys().collect::<Vec<_>>(), [&Value::from("b"), &Value::from("c")]);
        assert_eq!(dict.insert("b", 4), Some(Value::Int(2)));
        assert_eq!(dict.into_iter().next(), Some((Value::from("b"), Value::Int(4))));
    }

    /// What a peer can send as keys must spread, or a payload of them takes quadratic time.
    #[test]
    fn different_keys_have_different_hashes() {
        let keys = RandomState::new();
        let frozen = |members: [i32; 2]| Value::FrozenSet(members.into_iter().collect());
        let surrogates = |text: &[u8]| Value::from(crate::SurrogateStr::new(text).unwrap());
        let day = |day| Value::Date(jiff::civil::date(2024, 1, day));
        let different = [
            frozen([1, 2]),
            frozen([1, 3]),
            surrogates(b"a\xED\xA0\x80"),
            surrogates(b"b\xED\xA0\x80"),
            day(1),
            day(2),
        ];
        let hashes: std::collections::HashSet<u64> =
            different.into_iter().map(|key| keys.hash_one(Key(key))).collect();
        assert_eq!(hashes.len(), 6);
        assert_eq!(keys.hash_one(Key(frozen([1, 2]))), keys.hash_one(Key(frozen([2, 1]))));
    }
}
