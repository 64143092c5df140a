//! [`Names`]: the entries in memory, by name and by tag.
//!
//! Sorted by name, so that a prefix is a range; text tags have an index, so that a search by tags looks at no
//! more names than have the rarest of them. No locks here, and no storage.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use ferropyro_value::{Set, Value};

use super::{Entry, Filter};

/// The entries of a registry.
#[derive(Debug, Default)]
pub(super) struct Names {
    entries: BTreeMap<Arc<str>, Arc<Entry>>,
    tagged: HashMap<String, BTreeSet<Arc<str>>>,
}

impl Names {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Arc<Entry>> {
        self.entries.get(name)
    }

    /// Sets what is registered by a name.
    pub(super) fn insert(&mut self, name: Arc<str>, entry: Entry) {
        self.remove(&name);
        for tag in entry.tags.iter().filter_map(Value::as_str) {
            match self.tagged.get_mut(tag) {
                Some(names) => names.insert(Arc::clone(&name)),
                None => self.tagged.entry(tag.to_owned()).or_default().insert(Arc::clone(&name)),
            };
        }
        self.entries.insert(name, Arc::new(entry));
    }

    pub(super) fn remove(&mut self, name: &str) {
        let Some(entry) = self.entries.remove(name) else { return };
        for tag in entry.tags.iter().filter_map(Value::as_str) {
            if let Some(names) = self.tagged.get_mut(tag) {
                names.remove(name);
                if names.is_empty() {
                    self.tagged.remove(tag);
                }
            }
        }
    }

    /// Shows each entry that passes a filter, in the order of the names.
    pub(super) fn visit(&self, filter: Filter<'_>, mut found: impl FnMut(&Arc<str>, &Arc<Entry>)) {
        match filter {
            Filter::Everything => self.scan(|_| true, found),
            Filter::Prefix(prefix) => self
                .entries
                .range::<str, _>((Bound::Included(prefix), Bound::Unbounded))
                .take_while(|(name, _)| name.starts_with(prefix))
                .for_each(|(name, entry)| found(name, entry)),
            Filter::AllTags(tags) => {
                let has_all = |entry: &Entry| tags.iter().all(|tag| entry.tags.contains(tag));
                match self.rarest(tags) {
                    Some(names) => names
                        .iter()
                        .filter_map(|name| self.entries.get_key_value(name))
                        .filter(|(_, entry)| has_all(entry))
                        .for_each(|(name, entry)| found(name, entry)),
                    None => self.scan(has_all, found),
                }
            }
            Filter::AnyTag(tags) if tags.iter().all(|tag| tag.as_str().is_some()) => {
                let sets = tags.iter().filter_map(|tag| self.tagged.get(tag.as_str()?));
                let names: BTreeSet<&Arc<str>> = sets.flatten().collect();
                let entries = names.into_iter().filter_map(|name| self.entries.get_key_value(name));
                entries.for_each(|(name, entry)| found(name, entry));
            }
            Filter::AnyTag(tags) => {
                self.scan(|entry| tags.iter().any(|tag| entry.tags.contains(tag)), found);
            }
        }
    }

    fn scan(&self, keep: impl Fn(&Entry) -> bool, mut found: impl FnMut(&Arc<str>, &Arc<Entry>)) {
        let kept = self.entries.iter().filter(|(_, entry)| keep(entry));
        kept.for_each(|(name, entry)| found(name, entry));
    }

    /// The names with the rarest of the text tags; `None` when there is no text among the tags.
    fn rarest(&self, tags: &Set) -> Option<&BTreeSet<Arc<str>>> {
        static NOBODY: BTreeSet<Arc<str>> = BTreeSet::new();
        let names_of = |tag| self.tagged.get(tag).unwrap_or(&NOBODY);
        tags.iter().filter_map(Value::as_str).map(names_of).min_by_key(|names| names.len())
    }
}

impl FromIterator<(String, Entry)> for Names {
    fn from_iter<I: IntoIterator<Item = (String, Entry)>>(entries: I) -> Self {
        let mut names = Self::default();
        for (name, entry) in entries {
            names.insert(name.into(), entry);
        }
        names
    }
}
