//! Where the names are kept: [`Memory`] or [`Sqlite`].
//!
//! A storage is written to and, once, read; questions are answered by the [`Registry`](crate::Registry) from
//! memory.

mod closed;
mod memory;
mod sqlite;

use std::fmt::Debug;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use ferropyro_value::Set;

pub(crate) use closed::Closed;
pub use memory::Memory;
pub use sqlite::Sqlite;

use crate::Entry;

/// Keeps the names of one registry. Each change is durable when its method returns.
pub trait Storage: Debug + Send {
    /// Everything that is kept.
    ///
    /// # Errors
    /// It cannot be read.
    fn load(&mut self) -> Result<Vec<(String, Entry)>, StorageError>;

    /// Keeps an entry, in place of what was kept by the name.
    ///
    /// # Errors
    /// It cannot be written; then nothing has changed.
    fn put(&mut self, name: &str, entry: &Entry) -> Result<(), StorageError>;

    /// Forgets names, all of them or, when it fails, none.
    ///
    /// # Errors
    /// It cannot be written; then nothing has changed.
    fn remove(&mut self, names: &[Arc<str>]) -> Result<(), StorageError>;

    /// The tags as they will be read back.
    ///
    /// # Errors
    /// A tag that cannot be kept.
    fn storable(&self, tags: Set) -> Result<Set, StorageError>;

    /// Whether writing waits for a disk.
    fn is_blocking(&self) -> bool;
}

/// A storage that fails, or cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StorageError {
    /// The database failed at an operation of the genuine storage's name (`setitem`, `delitem`, …).
    #[error("sqlite error in {operation}: {reason}")]
    Sqlite {
        /// What was being done.
        operation: &'static str,
        /// What SQLite says.
        reason: String,
    },
    /// Another process has the file.
    #[error(
        "the database {} is in use by another process; a name server keeps its file to itself, so stop that \
         process or give this name server a file of its own", .0.display()
    )]
    InUse(PathBuf),
    /// The storage was closed; nothing was changed.
    #[error("the name server is shutting down and changes nothing any more; try again when it is back")]
    Closed,
    /// The file cannot be opened as a database.
    #[error("cannot open the database {}: {reason}; is it an SQLite file in a directory that can be written?", .file.display())]
    Open {
        /// The file.
        file: PathBuf,
        /// What SQLite says.
        reason: String,
    },
    /// `sql::memory:`.
    #[error("the sqlite :memory: database is not supported; use the storage `memory`, which is the default")]
    InMemoryDatabase,
    /// `dbm:…`.
    #[error("dbm storage is not supported, since it cannot keep metadata; use sql:FILE")]
    Dbm,
    /// No storage that we know.
    #[error("invalid storage type '{0}'")]
    UnknownType(String),
}

/// Which storage to use; what Pyro's option `-s` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum StorageKind {
    /// `memory`: names are forgotten when the name server ends. The default.
    #[default]
    Memory,
    /// `sql:FILE`: names are kept in an SQLite file of the genuine name server's format.
    Sqlite(PathBuf),
}

impl StorageKind {
    /// Opens the storage.
    ///
    /// # Errors
    /// The database cannot be opened, or belongs to another process.
    pub fn open(&self) -> Result<Box<dyn Storage>, StorageError> {
        Ok(match self {
            Self::Memory => Box::new(Memory),
            Self::Sqlite(file) => Box::new(Sqlite::open(file)?),
        })
    }
}

impl FromStr for StorageKind {
    type Err = StorageError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            None if text == "memory" || text.is_empty() => Ok(Self::Memory),
            Some(("sql", ":memory:")) => Err(StorageError::InMemoryDatabase),
            Some(("sql", file)) if !file.is_empty() => Ok(Self::Sqlite(file.into())),
            Some(("dbm", file)) if !file.is_empty() => Err(StorageError::Dbm),
            _ => Err(StorageError::UnknownType(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_storage_option_reads_as_in_pyro() {
        assert_eq!("memory".parse(), Ok(StorageKind::Memory));
        assert_eq!("sql:names.sqlite".parse(), Ok(StorageKind::Sqlite("names.sqlite".into())));
        assert_eq!("sql:/a:b".parse(), Ok(StorageKind::Sqlite("/a:b".into())));
        for (text, message) in [
            ("wrong", "invalid storage type 'wrong'"),
            ("sql:", "invalid storage type 'sql:'"),
            ("wrong:x", "invalid storage type 'wrong:x'"),
            ("dbm:x", "dbm storage is not supported, since it cannot keep metadata; use sql:FILE"),
        ] {
            assert_eq!(text.parse::<StorageKind>().expect_err(text).to_string(), message);
        }
        assert_eq!("sql::memory:".parse::<StorageKind>(), Err(StorageError::InMemoryDatabase));
    }
}
