//! [`Memory`]: no storage at all; the registry's own memory is all there is.

use std::sync::Arc;

use ferropyro_value::Set;

use super::{Storage, StorageError};
use crate::Entry;

/// Keeps nothing: names are forgotten when the registry is dropped.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory;

impl Storage for Memory {
    fn load(&mut self) -> Result<Vec<(String, Entry)>, StorageError> {
        Ok(Vec::new())
    }

    fn put(&mut self, _name: &str, _entry: &Entry) -> Result<(), StorageError> {
        Ok(())
    }

    fn remove(&mut self, _names: &[Arc<str>]) -> Result<(), StorageError> {
        Ok(())
    }

    fn storable(&self, tags: Set) -> Result<Set, StorageError> {
        Ok(tags)
    }

    fn is_blocking(&self) -> bool {
        false
    }
}
