//! Python's regular expression syntax into that of the `regex` crate.
//!
//! The two languages differ in small ways everywhere (`\Z`, `[[]`, `{`, `$`, `\<`, octal escapes, flags), so
//! the pattern is read token by token as Python reads it and written anew. Errors are found here, with
//! Python's words and positions (in characters). The result is not optimised; the `regex` crate does that.

mod escapes;
mod groups;
mod sets;

use std::collections::HashSet;
use std::fmt::Write as _;

use super::PatternError;

/// Writes the pattern in the syntax of the `regex` crate, anchored at the start.
pub(super) fn translate(pattern: &[char]) -> Result<String, PatternError> {
    let mut translator = Translator {
        pattern,
        at: 0,
        out: String::with_capacity(pattern.len() + 16),
        open: Vec::new(),
        flags: Flags::default(),
        names: HashSet::new(),
        last: Last::Nothing,
    };
    translator.run()?;
    Ok(translator.out)
}

/// What stands before the place where a quantifier could stand.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    Nothing,
    Item,
    Quantified,
}

/// The flags that change how the pattern is read; `i` and `s` are only passed on.
#[derive(Clone, Copy, Default)]
struct Flags {
    ignore_case: bool,
    multi_line: bool,
    dot_all: bool,
    verbose: bool,
}

impl Flags {
    fn set(&mut self, letter: char, on: bool) {
        match letter {
            'i' => self.ignore_case = on,
            'm' => self.multi_line = on,
            's' => self.dot_all = on,
            'x' => self.verbose = on,
            // `u`: matching by Unicode is the default in both languages.
            _ => {}
        }
    }
}

struct Group {
    start: usize,
    outer: Flags,
}

struct Translator<'p> {
    pattern: &'p [char],
    at: usize,
    out: String,
    open: Vec<Group>,
    flags: Flags,
    names: HashSet<String>,
    last: Last,
}

/// A member of a character set: one character, or a class such as `\d` that cannot bound a range.
enum Member {
    Char(char),
    Class(char),
}

impl Translator<'_> {
    fn peek(&self) -> Option<char> {
        self.pattern.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek();
        self.at += usize::from(next.is_some());
        next
    }

    fn accept(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn text(&self, from: usize) -> String {
        self.pattern.get(from..self.at).unwrap_or_default().iter().collect()
    }

    fn run(&mut self) -> Result<(), PatternError> {
        self.leading_flags()?;
        self.out.push_str(r"\A");
        self.open_group(self.flags);
        while let Some(c) = self.next() {
            let start = self.at - 1;
            match c {
                _ if self.flags.verbose && c.is_ascii_whitespace() => {}
                '#' if self.flags.verbose => while self.next().is_some_and(|c| c != '\n') {},
                '\\' => self.escape(start)?,
                '[' => self.set(start)?,
                '(' => self.group(start)?,
                ')' => self.close(start)?,
                '|' => self.anchor("|"),
                '^' => self.anchor("^"),
                // Without `m`, Python's `$` also matches before a newline at the end.
                '$' => self.anchor(if self.flags.multi_line { "$" } else { r"(?:\n?\z)" }),
                '.' => self.item("."),
                '*' | '+' | '?' => self.quantifier(start, &c.to_string())?,
                '{' => self.braces(start)?,
                literal => self.literal(literal),
            }
        }
        match self.open.last() {
            Some(group) => Err(PatternError::new("missing ), unterminated subpattern", group.start)),
            None => {
                self.out.push(')');
                Ok(())
            }
        }
    }

    fn item(&mut self, text: &str) {
        self.out.push_str(text);
        self.last = Last::Item;
    }

    fn anchor(&mut self, text: &str) {
        self.out.push_str(text);
        self.last = Last::Nothing;
    }

    fn literal(&mut self, c: char) {
        push_char(&mut self.out, c);
        self.last = Last::Item;
    }

    fn quantifier(&mut self, start: usize, text: &str) -> Result<(), PatternError> {
        match self.last {
            Last::Nothing => return Err(PatternError::new("nothing to repeat", start)),
            Last::Quantified => return Err(PatternError::new("multiple repeat", start)),
            Last::Item => {}
        }
        self.out.push_str(text);
        if self.accept('?') {
            self.out.push('?');
        } else if self.accept('+') {
            return Err(PatternError::unsupported("possessive quantifiers", start));
        }
        self.last = Last::Quantified;
        Ok(())
    }

    /// `{n}`, `{n,m}`, `{,m}`, `{n,}`; anything else is a literal brace.
    fn braces(&mut self, start: usize) -> Result<(), PatternError> {
        let after = self.at;
        let low = self.digits();
        let comma = self.accept(',');
        let high = if comma { self.digits() } else { low.clone() };
        if !self.accept('}') || (low.is_empty() && !comma) {
            self.at = after;
            self.literal('{');
            return Ok(());
        }
        let number = |digits: &str, missing: u32| match digits {
            "" => Ok(missing),
            digits => {
                digits.parse().map_err(|_| PatternError::new("the repetition number is too large", after))
            }
        };
        let (least, most) = (number(&low, 0)?, number(&high, u32::MAX)?);
        if most < least {
            return Err(PatternError::new("min repeat greater than max repeat", after));
        }
        let text = if comma { format!("{{{least},{high}}}") } else { format!("{{{least}}}") };
        self.quantifier(start, &text)
    }

    fn digits(&mut self) -> String {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        self.text(start)
    }
}

/// Writes one character so that it stands for itself, in a set too.
fn push_char(out: &mut String, c: char) {
    if c.is_alphanumeric() {
        out.push(c);
    } else {
        push_code(out, u32::from(c));
    }
}

fn push_code(out: &mut String, code: u32) {
    // Writing to a String cannot fail.
    let _ = write!(out, r"\x{{{code:X}}}");
}
