//! Lines on standard output: whole, flushed, and no panic when the reader is gone.

use std::io::{ErrorKind, Write, stdout};

/// Prints a line and flushes it, since scripts wait for it.
pub(crate) fn say(line: &str) {
    let mut out = stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Ok(()) => {}
        // `ferropyro … | head` has what it wanted.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => {
            eprintln!("ferropyro: cannot write to standard output: {error}");
            std::process::exit(1);
        }
    }
}
