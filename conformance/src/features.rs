//! The page `docs/features.md`: what it names exists.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::rows;

/// The columns of a table of what is here: the feature, how, by what it is proved, the example, the page.
const COLUMNS: usize = 5;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The lines of the tables of what is here.
fn lines(page: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| -> Option<Vec<String>> {
        let cells = line.strip_prefix('|')?.strip_suffix('|')?.split('|');
        Some(cells.map(|cell| cell.trim().to_owned()).collect())
    };
    let lines = page.lines().filter_map(cells).filter(|cells| cells.len() == COLUMNS);
    lines.filter(|cells| !matches!(cells[2].as_str(), "proved by" | "---")).collect()
}

/// What stands between backticks.
fn spans(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// Where the links lead.
fn links(cell: &str) -> impl Iterator<Item = &str> {
    cell.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target)
}

/// The names of all functions in the sources of the crates: tests are among them.
fn functions() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut folders = vec![root().join("crates")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = std::fs::read_to_string(&path).expect("a source");
                let heads = source.split("fn ").skip(1).filter_map(|rest| rest.split('(').next());
                names.extend(heads.map(str::to_owned));
            }
        }
    }
    names
}

fn page() -> String {
    std::fs::read_to_string(root().join("docs/features.md")).expect("the page")
}

#[test]
fn what_proves_a_feature_exists() {
    let rows: BTreeSet<_> = rows::all(None).into_iter().map(|row| row.name.to_owned()).collect();
    let functions = functions();
    let page = page();
    let lines = lines(&page);
    assert!(lines.len() > 60, "{}", lines.len());
    for line in lines {
        for name in spans(&line[2]) {
            let known = if name.contains('_') { &functions } else { &rows };
            assert!(known.contains(name), "{}: nothing proves it by the name of {name}", line[0]);
        }
    }
}

#[test]
fn each_row_proves_a_feature() {
    let page = page();
    let lines = lines(&page);
    let named: BTreeSet<_> = lines.iter().flat_map(|line| spans(&line[2])).collect();
    let missing: Vec<_> =
        rows::all(None).into_iter().map(|row| row.name).filter(|name| !named.contains(name)).collect();
    assert!(missing.is_empty(), "docs/features.md does not name these rows: {missing:?}");
}

#[test]
fn the_examples_and_pages_that_are_named_exist() {
    let examples = root().join("examples");
    for line in lines(&page()) {
        for name in spans(&line[3]) {
            let exists = examples.join(format!("{name}.rs")).exists() || examples.join(name).is_dir();
            assert!(exists, "{}: there is no example {name}", line[0]);
        }
    }
    for link in links(&page()) {
        assert!(root().join("docs").join(link).exists(), "{link} leads nowhere");
    }
}
