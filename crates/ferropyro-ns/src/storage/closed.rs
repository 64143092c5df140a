//! [`Closed`]: what is left of a storage that was let go; it refuses every change.

use std::sync::Arc;

use ferropyro_value::Set;

use super::{Storage, StorageError};
use crate::Entry;

/// Keeps nothing and says so.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Closed;

impl Storage for Closed {
    fn load(&mut self) -> Result<Vec<(String, Entry)>, StorageError> {
        Err(StorageError::Closed)
    }

    fn put(&mut self, _name: &str, _entry: &Entry) -> Result<(), StorageError> {
        Err(StorageError::Closed)
    }

    fn remove(&mut self, _names: &[Arc<str>]) -> Result<(), StorageError> {
        Err(StorageError::Closed)
    }

    fn storable(&self, tags: Set) -> Result<Set, StorageError> {
        Ok(tags)
    }

    fn is_blocking(&self) -> bool {
        false
    }
}
