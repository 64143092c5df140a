//! Which characters Python's `repr` shows as they are.
//!
//! The table is that of Python 3.11 (Unicode 14). Another version escapes a few characters more or fewer,
//! and reads both forms.

mod table;

use table::FLIPS;

/// Answers for one text; remembers the range of the last answer, since texts stay within their script.
pub(super) struct Printable {
    start: u32,
    end: u32,
    printable: bool,
}

impl Printable {
    pub(super) fn new() -> Self {
        Self { start: 0, end: 0, printable: false }
    }

    /// Whether `str.isprintable()` is true for this code point.
    pub(super) fn contains(&mut self, point: u32) -> bool {
        if !(self.start..self.end).contains(&point) {
            let passed = FLIPS.partition_point(|&flip| flip <= point);
            self.start = passed.checked_sub(1).and_then(|before| FLIPS.get(before)).copied().unwrap_or(0);
            self.end = FLIPS.get(passed).copied().unwrap_or(u32::MAX);
            self.printable = passed % 2 == 1;
        }
        self.printable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printable_is_what_python_calls_so() {
        let mut printable = Printable::new();
        for yes in ['a', ' ', '~', '¡', 'ÿ', 'Ā', '€', '中', '😀', '\u{301}'] {
            assert!(printable.contains(yes.into()), "{yes}");
        }
        for no in
            ['\0', '\u{7f}', '\u{a0}', '\u{ad}', '\u{200b}', '\u{2028}', '\u{3000}', '\u{e000}', '\u{10ffff}']
        {
            assert!(!printable.contains(no.into()), "{:04x}", u32::from(no));
        }
        assert!(!printable.contains(0xD800));
    }
}
