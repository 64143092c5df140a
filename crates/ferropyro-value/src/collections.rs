//! Dicts and sets with Python's idea of equal keys, in insertion order.

use std::fmt;

use crate::Value;
use crate::key::{Key, StrKey};
use crate::table::Table;

/// A dict: keys in insertion order, Python's equality of keys, the last of equal keys wins.
#[derive(Clone, Default)]
pub struct Dict(Table<Value>);

impl Dict {
    /// An empty dict.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty dict with room for `capacity` entries.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self(Table::with_capacity(capacity))
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.entries().len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.entries().is_empty()
    }

    /// Sets `key` to `value`; gives back the value that it replaces. The first key object stays, as in Python.
    #[inline]
    pub fn insert(&mut self, key: impl Into<Value>, value: impl Into<Value>) -> Option<Value> {
        self.0.insert(Key(key.into()), value.into())
    }

    /// The value at a text key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(&StrKey(key)).map(|(_, value)| value)
    }

    /// The value at any key.
    #[must_use]
    pub fn get_value(&self, key: &Value) -> Option<&Value> {
        match key {
            Value::Str(text) => self.get(text),
            other => self.0.get(&Key(other.clone())).map(|(_, value)| value),
        }
    }

    /// Takes the entry of a text key out; the order of the others stays.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.0.remove(&StrKey(key))
    }

    /// The entries in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Value, &Value)> {
        self.0.entries().iter().map(|(key, value)| (&key.0, value))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.0.entries().iter().map(|(key, _)| &key.0)
    }

    /// The values in order.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.0.entries().iter().map(|(_, value)| value)
    }
}

impl PartialEq for Dict {
    /// Exact in keys and values, whatever the order.
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self
                .0
                .entries()
                .iter()
                .all(|(key, value)| other.0.get(key).is_some_and(|(k, v)| k.0 == key.0 && v == value))
    }
}

impl Eq for Dict {}

impl fmt::Debug for Dict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl IntoIterator for Dict {
    type Item = (Value, Value);
    type IntoIter = Entries;

    fn into_iter(self) -> Self::IntoIter {
        Entries(self.0.into_entries().into_iter())
    }
}

/// The entries of a dict, owned, in order.
#[derive(Debug)]
pub struct Entries(std::vec::IntoIter<(Key, Value)>);

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
        let mut dict = Self::new();
        for (key, value) in entries {
            dict.insert(key, value);
        }
        dict
    }
}

/// A set: members in insertion order, Python's equality of members.
#[derive(Clone, Default)]
pub struct Set(Table<()>);

impl Set {
    /// An empty set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.entries().len()
    }

    /// Whether there is no member.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.entries().is_empty()
    }

    /// Adds a member; false if an equal one was there.
    pub fn insert(&mut self, member: impl Into<Value>) -> bool {
        self.0.insert(Key(member.into()), ()).is_none()
    }

    /// Whether an equal member is there.
    #[must_use]
    pub fn contains(&self, member: &Value) -> bool {
        match member {
            Value::Str(text) => self.0.get(&StrKey(text)).is_some(),
            other => self.0.get(&Key(other.clone())).is_some(),
        }
    }

    /// The members in insertion order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Value> {
        self.keys().map(|key| &key.0)
    }

    pub(crate) fn keys(&self) -> impl ExactSizeIterator<Item = &Key> {
        self.0.entries().iter().map(|(key, ())| key)
    }
}

impl PartialEq for Set {
    /// Exact in members, whatever the order.
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len()
            && self.keys().all(|key| other.0.get(key).is_some_and(|(k, ())| k.0 == key.0))
    }
}

impl Eq for Set {}

impl fmt::Debug for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl IntoIterator for Set {
    type Item = Value;
    type IntoIter = Members;

    fn into_iter(self) -> Self::IntoIter {
        Members(self.0.into_entries().into_iter())
    }
}

/// The members of a set, owned, in insertion order.
#[derive(Debug)]
pub struct Members(std::vec::IntoIter<(Key, ())>);

impl Iterator for Members {
    type Item = Value;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, ())| key.0)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Members {}

impl<T: Into<Value>> FromIterator<T> for Set {
    fn from_iter<I: IntoIterator<Item = T>>(members: I) -> Self {
        let mut set = Self::new();
        for member in members {
            set.insert(member);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher, RandomState};

    use num_bigint::BigInt;

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
    fn debug_shows_what_is_inside_in_order() {
        let dict: Dict = [("b", 1), ("a", 2)].into_iter().collect();
        assert_eq!(format!("{dict:?}"), r#"{Str("b"): Int(1), Str("a"): Int(2)}"#);
        let set: Set = [2, 1].into_iter().collect();
        assert_eq!(format!("{set:?}"), "{Int(2), Int(1)}");
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
