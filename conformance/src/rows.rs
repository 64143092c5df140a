//! The rows: one function for each feature.
//!
//! A row works in every column: it gives commands to the column, which knows who calls whom.

mod attributes;
mod batches;
mod blobs;
mod bridge;
mod calls;
mod connections;
mod context;
mod exceptions;
mod names;
mod oneways;
mod references;
mod secure;
mod streams;
mod together;
mod transports;
mod typed;
mod values;
mod wire;

use crate::column::{Column, Verdict};

/// A feature, and how it is tried.
pub(crate) struct Row {
    /// Its name in the grid.
    pub(crate) name: &'static str,
    /// What exactly is tried.
    pub(crate) doc: &'static str,
    /// Tries it in a column.
    pub(crate) run: fn(&mut Column<'_>) -> Verdict,
    /// Whether it is tried through the bridge, too.
    pub(crate) across: bool,
}

/// What gives the rows of a group of features.
type Group = fn() -> Vec<Row>;

/// All rows in the order of the grid, or those with a text in their name.
pub(crate) fn all(filter: Option<&str>) -> Vec<Row> {
    // Each with whether all of its rows are about what a bridge has to carry, too.
    let groups: [(Group, bool); 18] = [
        (connections::rows, false),
        (calls::rows, true),
        (values::rows, true),
        (exceptions::rows, true),
        (attributes::rows, true),
        (oneways::rows, true),
        (batches::rows, true),
        (streams::rows, true),
        (references::rows, true),
        (context::rows, true),
        (blobs::rows, true),
        (wire::rows, false),
        (names::rows, true),
        (transports::rows, false),
        (secure::rows, false),
        (together::rows, false),
        (typed::rows, false),
        (bridge::rows, true),
    ];
    let rows = groups.into_iter().flat_map(|(rows, across)| {
        rows().into_iter().map(move |row| Row { across: across || row.across, ..row })
    });
    rows.filter(|row| filter.is_none_or(|text| row.name.contains(text))).collect()
}

impl Row {
    /// The row, tried through the bridge as well.
    fn across(self) -> Self {
        Self { across: true, ..self }
    }
}

/// A row.
fn row(name: &'static str, doc: &'static str, run: fn(&mut Column<'_>) -> Verdict) -> Row {
    Row { name, doc, run, across: false }
}
