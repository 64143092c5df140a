//! [`Registry`]: the names, and every question that can be asked about them.
//!
//! Answers come from memory and wait for no disk. A change is first made in the storage, then in memory, then
//! answered; changes stand in line for one lock, which lookups never take. Nothing here knows how a question
//! arrived.

mod names;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use ferropyro_value::{Set, Uri, Value};

use self::names::Names;
use crate::storage::{Closed, Memory, Storage, StorageError};
use crate::{Error, Pattern};

/// The name server's own name, and the id of its object. Its entry cannot be removed.
pub const NAME_SERVER: &str = "Pyro.NameServer";

/// What is registered by a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The URI's text: as the caller wrote it, or the usual form of a URI that came as an object.
    pub uri: String,
    /// The tags. They need not be text.
    pub tags: Set,
}

/// A name and its entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The name.
    pub name: Arc<str>,
    /// What is registered by it.
    pub entry: Arc<Entry>,
}

/// Which names to list.
#[derive(Clone, Copy, Debug)]
pub enum Filter<'a> {
    /// All of them.
    Everything,
    /// Names that begin with this text, letter case and all.
    Prefix(&'a str),
    /// Names whose tags include all of these.
    AllTags(&'a Set),
    /// Names whose tags include any of these.
    AnyTag(&'a Set),
}

/// Which names to remove. The name server's own is never among them.
#[derive(Clone, Copy, Debug)]
pub enum Removal<'a> {
    /// This name.
    Name(&'a str),
    /// Names that begin with this text.
    Prefix(&'a str),
    /// Names that a pattern matches at their start.
    Pattern(&'a Pattern),
}

/// The names of a name server. All methods may be called from any thread; those that change something block
/// for as long as the storage takes to commit.
#[derive(Debug)]
pub struct Registry {
    names: RwLock<Names>,
    /// Held through every change, so that storage and memory see changes in the same order.
    storage: Mutex<Box<dyn Storage>>,
    blocking: bool,
}

impl Default for Registry {
    /// An empty registry that keeps its names in memory only.
    fn default() -> Self {
        Self { names: RwLock::default(), storage: Mutex::new(Box::new(Memory)), blocking: false }
    }
}

impl Registry {
    /// A registry with the names that `storage` holds, which keeps changes there.
    ///
    /// # Errors
    /// The storage cannot be read.
    pub fn new(mut storage: Box<dyn Storage>) -> Result<Self, StorageError> {
        let names = storage.load()?.into_iter().collect();
        let blocking = storage.is_blocking();
        Ok(Self { names: RwLock::new(names), storage: Mutex::new(storage), blocking })
    }

    /// Whether changes wait for a disk, so that they do not belong on a thread that does IO.
    #[must_use]
    pub fn is_blocking(&self) -> bool {
        self.blocking
    }

    /// Lets go of the storage, so that another process can have the file. Lookups go on; changes fail.
    pub fn close(&self) {
        *self.lock() = Box::new(Closed);
    }

    /// How many names there are, the name server's own included.
    #[must_use]
    pub fn count(&self) -> usize {
        self.read().len()
    }

    /// What is registered by a name.
    ///
    /// # Errors
    /// [`Error::UnknownName`].
    pub fn lookup(&self, name: &str) -> Result<Arc<Entry>, Error> {
        self.read().get(name).cloned().ok_or_else(|| Error::UnknownName(name.to_owned()))
    }

    /// Registers a URI by a name, in place of what was registered by it (its tags included), unless `safe`.
    ///
    /// # Errors
    /// [`Error::InvalidUri`]; [`Error::AlreadyRegistered`] when `safe` and the name is taken;
    /// [`Error::Storage`].
    pub fn register(&self, name: &str, uri: &str, safe: bool, tags: Set) -> Result<(), Error> {
        uri.parse::<Uri>()?;
        let mut storage = self.lock();
        if safe && self.read().get(name).is_some() {
            return Err(Error::AlreadyRegistered(name.to_owned()));
        }
        let entry = Entry { uri: uri.to_owned(), tags: storage.storable(tags)? };
        storage.put(name, &entry)?;
        self.write().insert(name.into(), entry);
        Ok(())
    }

    /// Replaces the tags of a name.
    ///
    /// # Errors
    /// [`Error::UnknownName`]; [`Error::Storage`].
    pub fn set_tags(&self, name: &str, tags: Set) -> Result<(), Error> {
        let mut storage = self.lock();
        let uri = self.lookup(name)?.uri.clone();
        let entry = Entry { uri, tags: storage.storable(tags)? };
        storage.put(name, &entry)?;
        self.write().insert(name.into(), entry);
        Ok(())
    }

    /// Removes names, never the name server's own; says how many.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn remove(&self, which: Removal<'_>) -> Result<usize, Error> {
        // Before the line of changes is entered: matching may take its time.
        let matched = match which {
            Removal::Pattern(pattern) => self.matching(pattern),
            Removal::Name(_) | Removal::Prefix(_) => Vec::new(),
        };
        let mut storage = self.lock();
        let names: Vec<Arc<str>> = match which {
            Removal::Name(name) => self.read().get(name).map(|_| name.into()).into_iter().collect(),
            Removal::Prefix(prefix) => self.names(Filter::Prefix(prefix)),
            Removal::Pattern(_) => {
                let current = self.read();
                let names = matched.into_iter().map(|registration| registration.name);
                names.filter(|name| current.get(name).is_some()).collect()
            }
        };
        self.forget(storage.as_mut(), names)
    }

    /// Removes these registrations, except those that were changed to another URI since they were listed.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub fn remove_unchanged(&self, stale: &[Registration]) -> Result<usize, Error> {
        let mut storage = self.lock();
        let current = self.read();
        let unchanged =
            |old: &&Registration| current.get(&old.name).is_some_and(|now| now.uri == old.entry.uri);
        let names = stale.iter().filter(unchanged).map(|old| old.name.clone()).collect();
        drop(current);
        self.forget(storage.as_mut(), names)
    }

    /// The registrations that pass a filter, in the order of their names.
    #[must_use]
    pub fn list(&self, filter: Filter<'_>) -> Vec<Registration> {
        let mut found = Vec::new();
        self.read().visit(filter, |name, entry| {
            found.push(Registration { name: name.clone(), entry: entry.clone() });
        });
        found
    }

    /// The registrations whose names a pattern matches at their start, in the order of their names.
    ///
    /// No lock is held while names are matched, so a slow pattern keeps nobody else waiting.
    #[must_use]
    pub fn matching(&self, pattern: &Pattern) -> Vec<Registration> {
        let mut found = self.list(Filter::Everything);
        found.retain(|registration| pattern.matches(&registration.name));
        found
    }

    /// Tags in the form in which this registry's storage keeps them, to search with.
    ///
    /// # Errors
    /// [`Error::Storage`] for a tag that it cannot keep.
    pub fn storable(&self, tags: Set) -> Result<Set, Error> {
        // Every storage keeps text as it is, and a search for text is to wait for no change.
        if !self.blocking || tags.iter().all(|tag| matches!(tag, Value::Str(_))) {
            return Ok(tags);
        }
        Ok(self.lock().storable(tags)?)
    }

    fn names(&self, filter: Filter<'_>) -> Vec<Arc<str>> {
        let mut found = Vec::new();
        self.read().visit(filter, |name, _| found.push(name.clone()));
        found
    }

    fn forget(&self, storage: &mut dyn Storage, mut names: Vec<Arc<str>>) -> Result<usize, Error> {
        names.retain(|name| &**name != NAME_SERVER);
        if !names.is_empty() {
            storage.remove(&names)?;
            let mut all = self.write();
            for name in &names {
                all.remove(name);
            }
        }
        Ok(names.len())
    }

    // A panic while a lock is held cannot leave the map half changed, so poisoning says nothing.
    fn read(&self) -> RwLockReadGuard<'_, Names> {
        self.names.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Names> {
        self.names.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, Box<dyn Storage>> {
        self.storage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    /// The URI, parsed.
    ///
    /// # Errors
    /// [`Error::InvalidUri`] for an entry that another program put into the database.
    pub fn parse_uri(&self) -> Result<Uri, Error> {
        Ok(self.uri.parse()?)
    }

    /// The tags as the dialect of a caller has them: a set for Pyro5, a list for Pyro4.
    #[must_use]
    pub fn tags_value(&self, as_set: bool) -> Value {
        if as_set { Value::Set(self.tags.clone()) } else { Value::List(self.tags.iter().cloned().collect()) }
    }
}

#[cfg(test)]
mod tests;
