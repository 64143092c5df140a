//! The registry: which object answers to which id.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, Weak};

use ferropyro_value::Exception;
use indexmap::IndexMap;

use super::Object;

/// The objects of a daemon by id, in the order of their registration.
#[derive(Default)]
pub(crate) struct Registry {
    objects: RwLock<IndexMap<String, Arc<dyn Object>>>,
    /// Counts the changes, so that a connection knows whether the object it called last is still the one.
    version: AtomicU64,
}

/// The object that a connection called last: most call the same one again.
#[derive(Default)]
pub(super) struct LastObject {
    found: Option<(u64, String, Known)>,
}

/// An object that a connection remembers.
enum Known {
    /// The registry has it; a connection that is idle does not keep it alive beyond that.
    Registered(Weak<dyn Object>),
    /// Nobody else may have it.
    Found(Arc<dyn Object>),
}

impl Known {
    fn object(&self) -> Option<Arc<dyn Object>> {
        match self {
            Self::Registered(object) => object.upgrade(),
            Self::Found(object) => Some(Arc::clone(object)),
        }
    }
}

impl Registry {
    fn read(&self) -> RwLockReadGuard<'_, IndexMap<String, Arc<dyn Object>>> {
        self.objects.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, IndexMap<String, Arc<dyn Object>>> {
        let objects = self.objects.write().unwrap_or_else(PoisonError::into_inner);
        // Under the lock: who sees the new number finds the registry locked until the change is made, and
        // cannot remember the object of before as that of now.
        self.version.fetch_add(1, Ordering::Release);
        objects
    }

    /// Registers an object under a free id.
    pub(super) fn add(&self, id: &str, object: Arc<dyn Object>) -> Result<(), Exception> {
        let mut objects = self.write();
        if objects.get(id).is_some_and(|object| !object.is_gone()) {
            return Err(daemon_error(format!(
                "an object or class is already registered with that id: '{id}' (unregister() frees it)"
            )));
        }
        let gone = objects.insert(id.to_owned(), object);
        drop(objects);
        drop(gone);
        Ok(())
    }

    /// Registers an object under an id, whatever had it before.
    pub(super) fn replace(&self, id: &str, object: Arc<dyn Object>) {
        let before = self.write().insert(id.to_owned(), object);
        drop(before);
    }

    /// Forgets an object; gives it back.
    pub(super) fn remove(&self, id: &str) -> Option<Arc<dyn Object>> {
        self.write().shift_remove(id)
    }

    /// The object of that id.
    pub(super) fn find(&self, id: &str) -> Option<Arc<dyn Object>> {
        self.read().get(id).filter(|object| !object.is_gone()).cloned()
    }

    /// The object of that id, without a look into the registry where it was the last one asked for.
    pub(super) fn find_again(&self, id: &str, last: &mut LastObject) -> Option<Arc<dyn Object>> {
        let version = self.version.load(Ordering::Acquire);
        if let Some((then, known, object)) = &last.found
            && *then == version
            && known == id
            && let Some(object) = object.object()
        {
            return Some(object);
        }
        let object = self.find(id)?;
        last.found = Some((version, id.to_owned(), Known::Registered(Arc::downgrade(&object))));
        Some(object)
    }

    /// Lets a connection remember an object that is not registered, until the registry changes.
    pub(super) fn remember(&self, id: &str, object: &Arc<dyn Object>, last: &mut LastObject) {
        let version = self.version.load(Ordering::Acquire);
        last.found = Some((version, id.to_owned(), Known::Found(Arc::clone(object))));
    }

    /// Whether this very object is registered, under any id.
    pub(super) fn holds(&self, object: &Arc<dyn Object>) -> bool {
        self.read().values().any(|other| Arc::ptr_eq(other, object))
    }

    /// The ids in the order of registration.
    pub(super) fn ids(&self) -> Vec<String> {
        let objects = self.read();
        let there = objects.iter().filter(|(_, object)| !object.is_gone());
        there.map(|(id, _)| id.clone()).collect()
    }

    /// How many objects there are.
    pub(super) fn len(&self) -> usize {
        self.read().len()
    }
}

/// An error of the daemon itself, as genuine Pyro raises it.
pub(super) fn daemon_error(text: impl Into<String>) -> Exception {
    Exception::new("Pyro5.errors.DaemonError", text)
}
