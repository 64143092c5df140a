//! What is printed: whole lines, flushed, and no panic when the reader is gone.

use std::io::{ErrorKind, IsTerminal, Write, stderr, stdout};

use crate::failure::Failure;

/// Prints a line and flushes it, since scripts wait for it.
///
/// # Errors
/// Nobody reads any more, which ends the command without a complaint; or the line cannot be written.
pub(crate) fn say(line: &str) -> Result<(), Failure> {
    let mut out = stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        // `ferropyro … | head` has what it wanted.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Failure::reader_gone()),
        Err(error) => Err(Failure::new(format!("ferropyro: cannot write to standard output: {error}"))),
    }
}

/// Prints a line of a server, which goes on serving where nobody reads it.
pub(crate) fn announce(line: &str) {
    let _ = say(line);
}

/// Prints a text on standard error, if there is one.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(stderr(), "{text}");
}

/// Whether people read the output, and not a program.
pub(crate) fn on_terminal() -> bool {
    stdout().is_terminal()
}

/// A heading: bold where that can be seen and is wanted.
pub(crate) fn heading(text: &str) -> String {
    if on_terminal() && colours_wanted() { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
}

/// Whether colours are welcome on a terminal (see no-color.org).
pub(crate) fn colours_wanted() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Rows with aligned columns, two blanks apart. The last column takes what it needs.
pub(crate) fn columns<const N: usize>(rows: &[[String; N]]) -> Vec<String> {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a", "bcd", "e"], ["äöü", "b", ""]].map(|row| row.map(str::to_owned));
        assert_eq!(columns(&rows), ["a    bcd  e", "äöü  b"]);
        assert!(columns::<2>(&[]).is_empty());
    }
}
