//! The exception classes that every Python has, and what is wrong with a name that is none of them.
//!
//! A class in a module may be anything: only the reader's Python knows.

use crate::names::is_class_in_module;

/// The built-in exception classes, sorted.
const BUILTINS: [&str; 65] = [
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BaseException",
    "BlockingIOError",
    "BrokenPipeError",
    "BufferError",
    "BytesWarning",
    "ChildProcessError",
    "ConnectionAbortedError",
    "ConnectionError",
    "ConnectionRefusedError",
    "ConnectionResetError",
    "DeprecationWarning",
    "EOFError",
    "EncodingWarning",
    "EnvironmentError",
    "Exception",
    "FileExistsError",
    "FileNotFoundError",
    "FloatingPointError",
    "FutureWarning",
    "GeneratorExit",
    "IOError",
    "ImportError",
    "ImportWarning",
    "IndentationError",
    "IndexError",
    "InterruptedError",
    "IsADirectoryError",
    "KeyError",
    "KeyboardInterrupt",
    "LookupError",
    "MemoryError",
    "ModuleNotFoundError",
    "NameError",
    "NotADirectoryError",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "PendingDeprecationWarning",
    "PermissionError",
    "ProcessLookupError",
    "PythonFinalizationError",
    "RecursionError",
    "ReferenceError",
    "ResourceWarning",
    "RuntimeError",
    "RuntimeWarning",
    "StopAsyncIteration",
    "StopIteration",
    "SyntaxError",
    "SyntaxWarning",
    "SystemError",
    "SystemExit",
    "TabError",
    "TimeoutError",
    "TypeError",
    "UnboundLocalError",
    "UnicodeError",
    "UnicodeWarning",
    "UserWarning",
    "ValueError",
    "Warning",
    "ZeroDivisionError",
];

/// Built-in classes that Python cannot make of a message alone, and what comes nearest.
const NEED_MORE: [(&str, &str); 5] = [
    ("BaseExceptionGroup", "BaseException"),
    ("ExceptionGroup", "Exception"),
    ("UnicodeDecodeError", "UnicodeError"),
    ("UnicodeEncodeError", "UnicodeError"),
    ("UnicodeTranslateError", "UnicodeError"),
];

/// What is wrong with the name of an exception class, if something is.
pub(super) fn fault(name: &str) -> Option<String> {
    if BUILTINS.binary_search(&name).is_ok() || is_class_in_module(name) {
        return None;
    }
    if let Some((_, near)) = NEED_MORE.iter().find(|(class, _)| *class == name) {
        return Some(format!("Python cannot make a `{name}` of a message alone: use `{near}`"));
    }
    if name.contains('.') {
        return Some(format!("`{name}` is no name of a class: write module and class, `shop.OutOfStock`"));
    }
    let near = BUILTINS.iter().map(|class| (distance(class, name), class)).min();
    let suggestion = match near {
        Some((steps, class)) if steps <= name.len() / 3 => format!(" (is it `{class}`?)"),
        _ => String::new(),
    };
    Some(format!(
        "no built-in exception of Python is called `{name}`{suggestion}; a class of your own needs its module: \
         `#[exception(\"shop.OutOfStock\")]`"
    ))
}

/// How many letters to add, take out or change to get from one word to another.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    let mut steps = row.len() - 1;
    for (above, a) in from.chars().enumerate() {
        let mut diagonal = above;
        let mut left = above + 1;
        for (b, cell) in to.chars().zip(row.iter_mut().skip(1)) {
            let changed = diagonal + usize::from(a != b);
            diagonal = *cell;
            left = changed.min(left + 1).min(*cell + 1);
            *cell = left;
        }
        steps = left;
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_classes_are_sorted_for_the_search() {
        assert!(BUILTINS.is_sorted());
    }

    #[test]
    fn letters_are_counted_between_words() {
        let cases = [("ValueError", "ValueErr", 2), ("OSError", "IOError", 2), ("a", "a", 0), ("abc", "", 3)];
        for (from, to, steps) in cases {
            assert_eq!(distance(from, to), steps, "{from} {to}");
        }
    }
}
