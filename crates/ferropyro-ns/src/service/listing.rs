//! A list of registrations as it travels: a dict of URI texts, or of pairs of URI text and tags.
//!
//! It is written straight from the shared entries, so that a list of 100,000 names copies none of them.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::{Entry, Registration};

/// Registrations in the form that a caller asked for.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) registrations: Vec<Registration>,
    pub(crate) with_tags: bool,
    /// Tags as a set (Pyro5), or as a list (Pyro4).
    pub(crate) as_sets: bool,
}

impl Serialize for Listing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.registrations.len()))?;
        for Registration { name, entry } in &self.registrations {
            match (self.with_tags, self.as_sets) {
                (false, _) => map.serialize_entry(&**name, &entry.uri)?,
                (true, true) => map.serialize_entry(&**name, &(&entry.uri, &entry.tags))?,
                (true, false) => map.serialize_entry(&**name, &(&entry.uri, TagList(entry)))?,
            }
        }
        map.end()
    }
}

struct TagList<'a>(&'a Entry);

impl Serialize for TagList<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.tags.iter())
    }
}
