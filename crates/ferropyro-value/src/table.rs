//! [`Table`]: keys with something beside them, in insertion order.
//!
//! Most dicts that travel are records of a few entries: these are searched one by one, and cost one
//! allocation. From [`SMALL`] entries on an index of hashes finds them, with keys that no peer can predict.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use crate::key::{Key, Probe};

/// Up to so many entries comparing them all is faster than hashing.
const SMALL: usize = 8;

/// Entries in insertion order; of equal keys the first stays, with what was said of it last.
#[derive(Clone)]
pub(crate) struct Table<V> {
    entries: Vec<(Key, V)>,
    /// There once the table is no longer small.
    index: Option<Box<Index>>,
}

/// The places of the entries, by the hashes of their keys.
#[derive(Clone, Default)]
struct Index {
    hashes: RandomState,
    places: HashTable<usize>,
}

impl<V> Default for Table<V> {
    fn default() -> Self {
        Self { entries: Vec::new(), index: None }
    }
}

impl<V> Table<V> {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self { entries: Vec::with_capacity(capacity), index: None }
    }

    pub(crate) fn entries(&self) -> &[(Key, V)] {
        &self.entries
    }

    pub(crate) fn into_entries(self) -> Vec<(Key, V)> {
        self.entries
    }

    /// The entry that a probe finds.
    pub(crate) fn get(&self, probe: &impl Probe) -> Option<&(Key, V)> {
        self.entries.get(self.place(probe)?)
    }

    /// Sets what stands beside a key; gives back what stood there.
    #[inline]
    pub(crate) fn insert(&mut self, key: Key, value: V) -> Option<V> {
        if let Some((_, old)) = self.place(&key).and_then(|place| self.entries.get_mut(place)) {
            return Some(std::mem::replace(old, value));
        }
        let place = self.entries.len();
        self.entries.push((key, value));
        match &mut self.index {
            Some(index) => index.insert(&self.entries, place),
            None if self.entries.len() > SMALL => self.build_index(),
            None => {}
        }
        None
    }

    /// Takes an entry out; the order of the others stays. Linear in their number.
    pub(crate) fn remove(&mut self, probe: &impl Probe) -> Option<V> {
        let place = self.place(probe)?;
        let (_, value) = self.entries.remove(place);
        self.index = None;
        if self.entries.len() > SMALL {
            self.build_index();
        }
        Some(value)
    }

    fn place(&self, probe: &impl Probe) -> Option<usize> {
        match self.index.as_deref() {
            None => self.entries.iter().position(|(key, _)| probe.finds(key)),
            Some(Index { hashes, places }) => {
                let found = |place: &usize| self.entries.get(*place).is_some_and(|(key, _)| probe.finds(key));
                places.find(hashes.hash_one(probe), found).copied()
            }
        }
    }

    fn build_index(&mut self) {
        let mut index = Box::<Index>::default();
        for place in 0..self.entries.len() {
            index.insert(&self.entries, place);
        }
        self.index = Some(index);
    }
}

impl Index {
    /// Notes the place of an entry whose key is not yet there.
    fn insert<V>(&mut self, entries: &[(Key, V)], place: usize) {
        let Self { hashes, places } = self;
        let hash = |place: &usize| entries.get(*place).map_or(0, |(key, _)| hashes.hash_one(key));
        places.insert_unique(hash(&place), place, hash);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Value;
    use crate::key::StrKey;

    fn key(number: i64) -> Key {
        Key(Value::Int(number))
    }

    #[test]
    fn small_and_large_tables_answer_alike() {
        for size in [0, 1, 7, 8, 9, 100, 1000] {
            let mut table = Table::default();
            for number in 0..size {
                assert_eq!(table.insert(key(number), number), None);
                assert_eq!(table.insert(key(number), -number), Some(number));
            }
            assert!(table.entries().iter().map(|(_, value)| -value).eq(0..size), "order stays");
            for number in 0..size {
                assert_eq!(table.get(&key(number)).map(|(_, value)| *value), Some(-number));
            }
            assert_eq!(table.get(&key(size)).map(|(_, value)| *value), None);
        }
    }

    #[test]
    fn what_is_taken_out_is_gone_and_the_rest_is_found() {
        for size in [3, 9, 10, 50] {
            let mut table: Table<i64> = Table::default();
            for number in 0..size {
                table.insert(key(number), number);
            }
            assert_eq!(table.remove(&key(1)), Some(1));
            assert_eq!(table.remove(&key(1)), None);
            assert_eq!(table.remove(&StrKey("1")), None);
            assert!(
                table.entries().iter().map(|(_, value)| *value).eq((0..size).filter(|number| *number != 1))
            );
            assert_eq!(table.get(&key(size - 1)).map(|(_, value)| *value), Some(size - 1));
        }
    }
}
