//! Python literals as people type and read them: `repr` of a value, and parsing one from a command line.

use crate::Value;

/// A value as Python's `repr` shows it: `{'a': 1, 'b': (2.0, None)}`.
#[must_use]
pub fn repr(value: &Value) -> String {
    todo!()
}

/// Reads a Python literal; `None` when the text is none.
#[must_use]
pub fn parse(text: &str) -> Option<Value> {
    todo!()
}
