//! The SQLite storage, with files of the genuine schema among them.

use std::path::PathBuf;

use super::*;
use crate::{Filter, Registry, Removal};

fn directory() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary directory")
}

fn file(directory: &tempfile::TempDir) -> PathBuf {
    directory.path().join("names.sqlite")
}

fn open(file: &Path) -> Registry {
    Registry::new(Box::new(Sqlite::open(file).expect("opened"))).expect("loaded")
}

fn raw(file: &Path, sql: &str) {
    Connection::open(file).expect("opened").execute_batch(sql).expect(sql);
}

#[test]
fn names_and_tags_are_there_after_reopening() {
    let directory = directory();
    let registry = open(&file(&directory));
    assert!(registry.is_blocking());
    let odd: Set = ["ünï", "", "it's; DROP TABLE pyro_names--", "\u{1f600}\n"].into_iter().collect();
    registry.register("näme", "pyro:x@h:1", false, odd.clone()).expect("registered");
    registry.register("gone", "PYRO:y@h:1", false, Set::new()).expect("registered");
    registry.register("twice", "PYRO:y@h:1", false, odd.clone()).expect("registered");
    registry.register("twice", "PYRO:z@h:1", false, Set::new()).expect("registered");
    registry.remove(Removal::Name("gone")).expect("removed");
    let before = registry.list(Filter::Everything);
    drop(registry);

    let registry = open(&file(&directory));
    assert_eq!(registry.list(Filter::Everything), before);
    assert_eq!(registry.lookup("näme").expect("there").tags, odd);
    registry.set_tags("twice", ["new"].into_iter().collect()).expect("set");
    registry.remove(Removal::Prefix("n")).expect("removed");
    drop(registry);
    let registry = open(&file(&directory));
    assert_eq!(registry.count(), 1);
    assert_eq!(registry.lookup("twice").expect("there").tags, ["new"].into_iter().collect());
}

#[test]
fn tags_that_are_not_text_read_the_same_before_and_after_reopening() {
    let directory = directory();
    let registry = open(&file(&directory));
    let tags: Set = [Value::Int(5), Value::Float(1.0), Value::from(vec![0_u8, 255]), Value::Float(1.5)]
        .into_iter()
        .collect();
    registry.register("a", "PYRO:x@h:1", false, tags).expect("registered");
    let before = registry.lookup("a").expect("there");
    let expected: Set =
        [Value::from("5"), Value::from("1.0"), Value::from(vec![0_u8, 255]), Value::from("1.5")]
            .into_iter()
            .collect();
    assert_eq!(before.tags, expected);
    let search = registry.storable([5].into_iter().collect()).expect("a search");
    assert_eq!(registry.list(Filter::AllTags(&search)).len(), 1, "a search by the number finds it");
    drop(registry);
    assert_eq!(open(&file(&directory)).lookup("a"), Ok(before));
}

#[test]
fn a_tag_that_cannot_be_kept_is_refused_and_nothing_changes() {
    let directory = directory();
    let registry = open(&file(&directory));
    let tags: Set = [Value::from((1, 2))].into_iter().collect();
    let error = registry.register("a", "PYRO:x@h:1", false, tags).expect_err("refused").to_string();
    assert!(error.starts_with("sqlite error in setitem: ") && error.contains("'tuple'"), "{error}");
    assert_eq!(registry.count(), 0);
}

#[test]
fn a_second_owner_of_the_file_is_told_what_to_do() {
    let directory = directory();
    let first = open(&file(&directory));
    let error = Sqlite::open(&file(&directory)).expect_err("in use");
    assert_eq!(error, StorageError::InUse(file(&directory)));
    assert!(error.to_string().contains("stop that process"), "{error}");
    first.close();
    assert!(Sqlite::open(&file(&directory)).is_ok());
}

#[test]
fn closing_leaves_one_file_in_the_ordinary_journal_mode() {
    let directory = directory();
    let registry = open(&file(&directory));
    registry.register("a", "PYRO:x@h:1", false, Set::new()).expect("registered");
    drop(registry);
    assert_eq!(directory.path().read_dir().expect("a directory").count(), 1);
    let mode: String = Connection::open(file(&directory))
        .and_then(|database| database.query_row("PRAGMA journal_mode", [], |row| row.get(0)))
        .expect("a mode");
    assert_eq!(mode, "delete");
}

#[test]
fn a_file_left_by_a_killed_process_keeps_every_change() {
    let directory = directory();
    let registry = open(&file(&directory));
    registry.register("a", "PYRO:x@h:1", false, ["t"].into_iter().collect()).expect("registered");
    // What the disk holds while the name server runs is what a kill leaves behind.
    let left = directory.path().join("left.sqlite");
    std::fs::copy(file(&directory), &left).expect("copied");
    std::fs::copy(directory.path().join("names.sqlite-wal"), directory.path().join("left.sqlite-wal"))
        .expect("copied");
    assert_eq!(open(&left).list(Filter::Everything), registry.list(Filter::Everything));
}

#[test]
fn a_database_of_the_genuine_name_server_opens() {
    let directory = directory();
    raw(
        &file(&directory),
        "CREATE TABLE pyro_names
            (
                id integer PRIMARY KEY,
                name nvarchar NOT NULL UNIQUE,
                uri nvarchar NOT NULL
            );
        CREATE TABLE pyro_metadata
            (
                object integer NOT NULL,
                metadata nvarchar NOT NULL,
                FOREIGN KEY(object) REFERENCES pyro_names(id)
            );
        INSERT INTO pyro_names(id, name, uri) VALUES (3, 'a', 'PYRO:a@h:1'), (7, 'b', 'PYRO:b@h:1');
        INSERT INTO pyro_metadata(object, metadata) VALUES (7, 'x'), (7, 5);",
    );
    let registry = open(&file(&directory));
    assert_eq!(registry.count(), 2);
    assert_eq!(registry.lookup("b").expect("there").tags, ["x", "5"].into_iter().collect());
    registry.register("b", "PYRO:c@h:1", false, Set::new()).expect("registered over it");
}

#[test]
fn a_database_of_the_oldest_format_is_brought_up_to_date() {
    let directory = directory();
    raw(
        &file(&directory),
        "CREATE TABLE pyro_names(name nvarchar PRIMARY KEY NOT NULL, uri nvarchar NOT NULL);
        INSERT INTO pyro_names VALUES ('a', 'PYRO:a@h:1'), ('b', 'PYRO:b@h:1');",
    );
    let registry = open(&file(&directory));
    assert_eq!(registry.count(), 2);
    registry.set_tags("a", ["t"].into_iter().collect()).expect("tags can be kept now");
    drop(registry);
    let tables: i64 = Connection::open(file(&directory))
        .and_then(|database| {
            database
                .query_row("SELECT count(*) FROM sqlite_schema WHERE type = 'table'", [], |row| row.get(0))
        })
        .expect("a count");
    assert_eq!(tables, 2);
    assert_eq!(open(&file(&directory)).lookup("a").expect("there").tags.len(), 1);
}

#[test]
fn what_is_no_database_is_refused_with_the_reason() {
    let directory = directory();
    std::fs::write(file(&directory), b"this is a text and no database, however long it may be")
        .expect("written");
    let error = Sqlite::open(&file(&directory)).expect_err("no database").to_string();
    assert!(error.contains("not a database"), "{error}");
    let missing = directory.path().join("missing").join("names.sqlite");
    let error = Sqlite::open(&missing).expect_err("no directory").to_string();
    assert!(error.contains("missing") && error.contains("unable to open"), "{error}");
    assert_eq!(Sqlite::open(Path::new(":memory:")).expect_err("refused"), StorageError::InMemoryDatabase);
}
