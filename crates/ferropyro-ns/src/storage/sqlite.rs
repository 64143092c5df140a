//! [`Sqlite`]: the genuine name server's database, one file.
//!
//! While it is open the file is in write-ahead mode with `synchronous=NORMAL`: a change is handed to the
//! operating system before it is answered, so it survives the end of this process by any signal, without
//! waiting for the disk each time. The exclusive lock is taken at once and kept, so no other process changes
//! what the registry has in memory, and no shared memory file is needed. Closing goes back to a rollback
//! journal, so that afterwards there is one file again, which can be copied, and opened by the genuine
//! program (which can also recover one that was left by a killed process).
//!
//! No query is answered from here.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ferropyro_value::{Bytes, Set, Value};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, ToSql, TransactionBehavior, params};

use super::{Storage, StorageError};
use crate::Entry;

/// Both tables in the form in which the genuine name server makes them (wire protocol §13.2).
const SCHEMA: &str = "
    CREATE TABLE pyro_names (
        id integer PRIMARY KEY,
        name nvarchar NOT NULL UNIQUE,
        uri nvarchar NOT NULL
    );
    CREATE TABLE pyro_metadata (
        object integer NOT NULL,
        metadata nvarchar NOT NULL,
        FOREIGN KEY(object) REFERENCES pyro_names(id)
    );";

/// How long opening waits for a process that is just closing the file.
const PATIENCE: Duration = Duration::from_millis(200);

/// A database of names. It belongs to this process until it is dropped.
#[derive(Debug)]
pub struct Sqlite {
    database: Connection,
}

impl Sqlite {
    /// Opens a database, makes one where there is none, and brings one of the oldest format (without tags) up
    /// to date.
    ///
    /// # Errors
    /// The file cannot be opened, is no database, or is in use by another process.
    pub fn open(file: &Path) -> Result<Self, StorageError> {
        if file.as_os_str() == ":memory:" {
            return Err(StorageError::InMemoryDatabase);
        }
        Self::prepare(file).map(|database| Self { database }).map_err(|error| {
            match error.sqlite_error_code() {
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                    StorageError::InUse(file.to_owned())
                }
                _ => StorageError::Open { file: file.to_owned(), reason: error.to_string() },
            }
        })
    }

    fn prepare(file: &Path) -> rusqlite::Result<Connection> {
        let mut database = Connection::open(file)?;
        database.busy_timeout(PATIENCE)?;
        // Before anything is read: it decides how the first lock is taken.
        database.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
        database.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        database.pragma_update(None, "synchronous", "NORMAL")?;
        database.pragma_update(None, "foreign_keys", true)?;
        // References follow a renamed table otherwise, and the migration renames one.
        database.pragma_update(None, "legacy_alter_table", true)?;
        let change = database.transaction_with_behavior(TransactionBehavior::Exclusive)?;
        match (change.table_exists(None, "pyro_names")?, change.table_exists(None, "pyro_metadata")?) {
            (true, true) => {}
            (true, false) => {
                change.execute_batch("ALTER TABLE pyro_names RENAME TO pyro_names_old;")?;
                change.execute_batch(SCHEMA)?;
                change.execute_batch(
                    "INSERT INTO pyro_names(name, uri) SELECT name, uri FROM pyro_names_old;
                     DROP TABLE pyro_names_old;",
                )?;
            }
            (false, _) => {
                change.execute_batch("DROP TABLE IF EXISTS pyro_metadata;")?;
                change.execute_batch(SCHEMA)?;
            }
        }
        change.commit()?;
        Ok(database)
    }

    fn read_all(&self) -> rusqlite::Result<Vec<(String, Entry)>> {
        let mut tags = HashMap::<i64, Set>::new();
        let mut query = self.database.prepare("SELECT object, metadata FROM pyro_metadata")?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            tags.entry(row.get(0)?).or_default().insert(read_tag(row.get_ref(1)?)?);
        }
        let mut query = self.database.prepare("SELECT id, name, uri FROM pyro_names")?;
        let rows = query.query_map([], |row| {
            let tags = tags.remove(&row.get(0)?).unwrap_or_default();
            Ok((row.get(1)?, Entry { uri: row.get(2)?, tags }))
        })?;
        rows.collect()
    }

    fn write(&mut self, name: &str, entry: &Entry) -> rusqlite::Result<()> {
        let change = self.database.transaction()?;
        delete(&change, name)?;
        change
            .prepare_cached("INSERT INTO pyro_names(name, uri) VALUES (?, ?)")?
            .execute(params![name, entry.uri])?;
        let id = change.last_insert_rowid();
        let mut insert =
            change.prepare_cached("INSERT INTO pyro_metadata(object, metadata) VALUES (?, ?)")?;
        for tag in entry.tags.iter() {
            insert.execute(params![id, Tag(tag)])?;
        }
        drop(insert);
        change.commit()
    }

    fn delete_all(&mut self, names: &[Arc<str>]) -> rusqlite::Result<()> {
        let change = self.database.transaction()?;
        for name in names {
            delete(&change, name)?;
        }
        change.commit()
    }
}

fn delete(database: &Connection, name: &str) -> rusqlite::Result<()> {
    database
        .prepare_cached(
            "DELETE FROM pyro_metadata WHERE object IN (SELECT id FROM pyro_names WHERE name = ?)",
        )?
        .execute([name])?;
    database.prepare_cached("DELETE FROM pyro_names WHERE name = ?")?.execute([name])?;
    Ok(())
}

fn failure(operation: &'static str) -> impl Fn(rusqlite::Error) -> StorageError {
    move |error| StorageError::Sqlite { operation, reason: error.to_string() }
}

impl Storage for Sqlite {
    fn load(&mut self) -> Result<Vec<(String, Entry)>, StorageError> {
        self.read_all().map_err(failure("everything"))
    }

    fn put(&mut self, name: &str, entry: &Entry) -> Result<(), StorageError> {
        self.write(name, entry).map_err(failure("setitem"))
    }

    fn remove(&mut self, names: &[Arc<str>]) -> Result<(), StorageError> {
        let operation = if names.len() == 1 { "delitem" } else { "remove_items" };
        self.delete_all(names).map_err(failure(operation))
    }

    /// The column has text affinity, so SQLite makes texts of numbers: `1.0` becomes `'1.0'`, `True` `'1'`.
    fn storable(&self, tags: Set) -> Result<Set, StorageError> {
        if tags.iter().all(|tag| matches!(tag, Value::Str(_))) {
            return Ok(tags);
        }
        let as_kept = |tag: &Value| -> rusqlite::Result<Value> {
            let mut query = self
                .database
                .prepare_cached("SELECT CASE typeof(?1) WHEN 'blob' THEN ?1 ELSE CAST(?1 AS TEXT) END")?;
            query.query_row([Tag(tag)], |row| read_tag(row.get_ref(0)?))
        };
        tags.iter().map(as_kept).collect::<Result<_, _>>().map_err(failure("setitem"))
    }

    fn is_blocking(&self) -> bool {
        true
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        // Best effort: a file left in write-ahead mode is complete too, together with its `-wal` file.
        let _ = self.database.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()));
    }
}

/// A tag as a parameter of a statement.
struct Tag<'a>(&'a Value);

impl ToSql for Tag<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Str(text) => ValueRef::Text(text.as_bytes()),
            Value::Int(number) => ValueRef::Integer(*number),
            Value::Bool(flag) => ValueRef::Integer(i64::from(*flag)),
            Value::Float(number) => ValueRef::Real(*number),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
            other => {
                let text = format!(
                    "a tag of type '{}' is not supported by this storage; use text",
                    other.type_name()
                );
                return Err(rusqlite::Error::ToSqlConversionFailure(text.into()));
            }
        }))
    }
}

fn read_tag(column: ValueRef<'_>) -> rusqlite::Result<Value> {
    Ok(match column {
        ValueRef::Null => Value::None,
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Real(number) => Value::Float(number),
        ValueRef::Text(text) => Value::Str(std::str::from_utf8(text)?.to_owned()),
        ValueRef::Blob(bytes) => Value::Bytes(Bytes::copy_from_slice(bytes)),
    })
}

#[cfg(test)]
mod tests;
