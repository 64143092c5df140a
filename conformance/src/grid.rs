//! The grid: a row for each feature, a column for each genuine Pyro, direction and serializer.

use std::collections::BTreeMap;
use std::fmt;

use ferropyro::Codec;

use crate::pyro::{Direction, Pyro};

/// What came of a row in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    /// As it should be.
    Pass,
    /// Not as it should be; each line says what was expected and what came.
    Fail(Vec<String>),
    /// The genuine program cannot do this itself; with the reason.
    Cannot(String),
}

/// A column's heading, in the order in which columns are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Heading {
    pub(crate) pyro: Pyro,
    pub(crate) direction: Direction,
    pub(crate) codec: Codec,
}

impl Heading {
    /// All columns, as they are printed.
    pub(crate) fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for pyro in Pyro::ALL {
            for direction in Direction::ALL {
                all.extend(Codec::ALL.map(|codec| Self { pyro, direction, codec }));
            }
        }
        all
    }

    /// Three letters for the serializer.
    fn short(self) -> &'static str {
        match self.codec {
            Codec::Serpent => "srp",
            Codec::Json => "jsn",
            Codec::Marshal => "mar",
            Codec::Msgpack => "msg",
        }
    }
}

impl fmt::Display for Heading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.pyro, self.direction, self.short())
    }
}

/// All cells that were run.
#[derive(Debug, Default)]
pub(crate) struct Grid {
    rows: Vec<&'static str>,
    cells: BTreeMap<(usize, usize), Cell>,
}

impl Grid {
    /// A grid with these rows, still empty.
    pub(crate) fn new(rows: Vec<&'static str>) -> Self {
        Self { rows, cells: BTreeMap::new() }
    }

    /// Fills in a cell.
    pub(crate) fn set(&mut self, row: &'static str, heading: Heading, cell: Cell) {
        let column = Heading::all().iter().position(|other| *other == heading);
        let row = self.rows.iter().position(|name| *name == row);
        if let (Some(row), Some(column)) = (row, column) {
            self.cells.insert((row, column), cell);
        }
    }

    /// How many cells passed, failed, and cannot be.
    pub(crate) fn counts(&self) -> (usize, usize, usize) {
        let count = |wanted: fn(&Cell) -> bool| self.cells.values().filter(|cell| wanted(cell)).count();
        (
            count(|cell| *cell == Cell::Pass),
            count(|cell| matches!(cell, Cell::Fail(_))),
            count(|cell| matches!(cell, Cell::Cannot(_))),
        )
    }

    fn name(&self, row: usize) -> &'static str {
        self.rows.get(row).copied().unwrap_or_default()
    }

    /// The reasons of what cannot be, each with its rows and columns.
    fn reasons(&self) -> BTreeMap<&str, BTreeMap<&'static str, Vec<String>>> {
        let headings = Heading::all();
        let mut reasons: BTreeMap<&str, BTreeMap<_, Vec<_>>> = BTreeMap::new();
        for ((row, column), cell) in &self.cells {
            if let (Cell::Cannot(reason), Some(heading)) = (cell, headings.get(*column)) {
                reasons
                    .entry(reason)
                    .or_default()
                    .entry(self.name(*row))
                    .or_default()
                    .push(heading.to_string());
            }
        }
        reasons
    }
}

impl fmt::Display for Grid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|name| name.chars().count()).max().unwrap_or_default();
        let headings = Heading::all();
        for line in 0..3 {
            write!(f, "{:width$}", "")?;
            for heading in &headings {
                let heading = heading.to_string();
                write!(f, " {:>6}", heading.split(' ').nth(line).unwrap_or_default())?;
            }
            writeln!(f)?;
        }
        for (row, name) in self.rows.iter().enumerate() {
            write!(f, "{name:width$}")?;
            for column in 0..headings.len() {
                let mark = match self.cells.get(&(row, column)) {
                    Some(Cell::Pass) => "ok",
                    Some(Cell::Fail(_)) => "FAIL",
                    Some(Cell::Cannot(_)) => "-",
                    None => "",
                };
                write!(f, " {mark:>6}")?;
            }
            writeln!(f)?;
        }
        let reasons = self.reasons();
        if !reasons.is_empty() {
            writeln!(f, "\n- the genuine program cannot:")?;
        }
        for (reason, rows) in reasons {
            writeln!(f, "  {reason}")?;
            for (row, columns) in rows {
                writeln!(f, "      {row}: {}", columns.join(", "))?;
            }
        }
        for ((row, column), cell) in &self.cells {
            if let (Cell::Fail(lines), Some(heading)) = (cell, headings.get(*column)) {
                writeln!(f, "\nFAIL {} [{heading}]", self.name(*row))?;
                for line in lines {
                    writeln!(f, "  {line}")?;
                }
            }
        }
        let (passed, failed, cannot) = self.counts();
        write!(f, "\n{passed} cells pass, {failed} fail, {cannot} the genuine program cannot")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_counts_its_cells_and_gives_reasons() {
        let mut grid = Grid::new(vec!["one", "two"]);
        let headings = Heading::all();
        grid.set("one", headings[0], Cell::Pass);
        grid.set("one", headings[1], Cell::Fail(vec!["expected 1, got 2".to_owned()]));
        grid.set("two", headings[19], Cell::Cannot("it has none".to_owned()));
        assert_eq!(grid.counts(), (1, 1, 1));
        let text = grid.to_string();
        assert!(text.contains("FAIL one [4 serve jsn]\n  expected 1, got 2"), "{text}");
        assert!(text.contains("  it has none\n      two: 5 call msg"), "{text}");
        assert!(text.ends_with("1 cells pass, 1 fail, 1 the genuine program cannot"), "{text}");
    }
}
