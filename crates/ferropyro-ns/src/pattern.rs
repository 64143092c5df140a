//! [`Pattern`]: a Python regular expression as the name server runs it, on the `regex` crate.
//!
//! Time is linear in the name's length whatever the pattern, which is why look-around, back-references,
//! atomic groups and possessive quantifiers are refused rather than emulated. Nothing is captured: only
//! whether a name matches is asked.

mod translate;

use regex::{Regex, RegexBuilder};

/// How many characters a pattern may have.
const MAX_CHARS: usize = 4096;
/// How many bytes a compiled pattern may take.
const MAX_COMPILED: usize = 4 << 20;
/// How deep groups may nest.
const MAX_NESTING: u32 = 100;

/// A pattern that names are matched with: from the start of the name, as Python's `re.match` does, the end
/// left open.
#[derive(Clone, Debug)]
pub struct Pattern(Regex);

/// Why a text is no pattern, in the words of Python's parser where it would refuse the text too.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}{}", at(*.position))]
pub struct PatternError {
    message: String,
    position: Option<usize>,
}

fn at(position: Option<usize>) -> String {
    position.map_or_else(String::new, |position| format!(" at position {position}"))
}

impl PatternError {
    fn new(message: impl Into<String>, position: usize) -> Self {
        Self { message: message.into(), position: Some(position) }
    }

    fn unplaced(message: impl Into<String>) -> Self {
        Self { message: message.into(), position: None }
    }

    fn unsupported(what: &str, position: usize) -> Self {
        Self::unplaced(format!(
            "{what} are not supported by this name server (position {position}), use a pattern without them"
        ))
    }
}

impl Pattern {
    /// Compiles a pattern in Python's syntax.
    ///
    /// # Errors
    /// The text is no regular expression, uses what cannot run in linear time (look-around,
    /// back-references, atomic groups, possessive quantifiers), or is too large: 4096 characters, 4 MiB
    /// compiled, groups 100 deep.
    pub fn new(python: &str) -> Result<Self, PatternError> {
        let chars: Vec<char> = python.chars().take(MAX_CHARS + 1).collect();
        if chars.len() > MAX_CHARS {
            return Err(PatternError::unplaced(format!("it is longer than {MAX_CHARS} characters")));
        }
        let translated = translate::translate(&chars)?;
        RegexBuilder::new(&translated)
            .size_limit(MAX_COMPILED)
            .nest_limit(MAX_NESTING)
            .build()
            .map(Self)
            .map_err(|error| PatternError::unplaced(describe(&error)))
    }

    /// Whether the name begins with something that the pattern matches.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        self.0.is_match(name)
    }
}

/// The regex crate draws its syntax errors over several lines; the last one says what is wrong.
fn describe(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(limit) => {
            format!("it takes more than {limit} bytes compiled, use a simpler pattern")
        }
        other => {
            let text = other.to_string();
            let last = text.lines().next_back().unwrap_or(&text);
            last.strip_prefix("error: ").unwrap_or(last).to_owned()
        }
    }
}

#[cfg(test)]
mod tests;
