//! The rows: one function for each feature.
//!
//! A row works in every column: it gives commands to the column, which knows who calls whom.

mod attributes;
mod batches;
mod blobs;
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
}

/// All rows in the order of the grid, or those with a text in their name.
pub(crate) fn all(filter: Option<&str>) -> Vec<Row> {
    let groups: [fn() -> Vec<Row>; 17] = [
        connections::rows,
        calls::rows,
        values::rows,
        exceptions::rows,
        attributes::rows,
        oneways::rows,
        batches::rows,
        streams::rows,
        references::rows,
        context::rows,
        blobs::rows,
        wire::rows,
        names::rows,
        transports::rows,
        secure::rows,
        together::rows,
        typed::rows,
    ];
    let rows = groups.into_iter().flat_map(|rows| rows());
    rows.filter(|row| filter.is_none_or(|text| row.name.contains(text))).collect()
}

/// A row.
fn row(name: &'static str, doc: &'static str, run: fn(&mut Column<'_>) -> Verdict) -> Row {
    Row { name, doc, run }
}
