//! What stands after a backslash.
//!
//! Python refuses unknown letters and takes anything else that is no digit for itself; the `regex` crate has
//! meanings of its own for some of these, so none is passed on as it is.

use super::{Member, Translator, push_code};
use crate::pattern::PatternError;

impl Translator<'_> {
    /// An escape outside a set; the backslash was read at `start`.
    pub(super) fn escape(&mut self, start: usize) -> Result<(), PatternError> {
        match self.peek() {
            Some('A') => self.pass(r"\A"),
            Some('Z') => self.pass(r"\z"),
            Some('b') => self.pass(r"\b"),
            Some('B') => self.pass(r"\B"),
            Some('1'..='9') if !self.three_octal_digits() => {
                return Err(PatternError::unsupported("back-references", start));
            }
            _ => match self.escaped_member(start)? {
                Member::Class(class) => self.item(&format!(r"\{class}")),
                Member::Char(c) => self.literal(c),
            },
        }
        Ok(())
    }

    fn pass(&mut self, anchor: &str) {
        self.at += 1;
        self.anchor(anchor);
    }

    fn three_octal_digits(&self) -> bool {
        let three = self.pattern.get(self.at..self.at + 3);
        three.is_some_and(|digits| digits.iter().all(|c| c.is_digit(8)))
    }

    /// The escapes that mean the same inside a set and outside.
    pub(super) fn escaped_member(&mut self, start: usize) -> Result<Member, PatternError> {
        let c = self.next().ok_or_else(|| PatternError::new("bad escape (end of pattern)", start))?;
        Ok(Member::Char(match c {
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => return Ok(Member::Class(c)),
            'a' => '\x07',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\x0b',
            'x' => self.hex(start, 2)?,
            'u' => self.hex(start, 4)?,
            'U' => self.hex(start, 8)?,
            'N' => return Err(PatternError::unsupported(r"named characters (\N)", start)),
            '0'..='7' => {
                self.at -= 1;
                self.octal(start)?
            }
            '8' | '9' => return Err(PatternError::new(format!(r"bad escape \{c}"), start)),
            c if c.is_ascii_alphabetic() => {
                return Err(PatternError::new(format!(r"bad escape \{c}"), start));
            }
            c => c,
        }))
    }

    fn hex(&mut self, start: usize, digits: usize) -> Result<char, PatternError> {
        let first = self.at;
        while self.at < first + digits && self.peek().is_some_and(|c| c.is_ascii_hexdigit()) {
            self.at += 1;
        }
        if self.at < first + digits {
            return Err(PatternError::new(format!("incomplete escape {}", self.text(start)), start));
        }
        u32::from_str_radix(&self.text(first), 16)
            .ok()
            .and_then(char::from_u32)
            .ok_or_else(|| PatternError::new(format!("bad escape {}", self.text(start)), start))
    }

    fn octal(&mut self, start: usize) -> Result<char, PatternError> {
        let first = self.at;
        let mut code = 0;
        while self.at < first + 3 {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(8)) else { break };
            code = code * 8 + digit;
            self.at += 1;
        }
        if code > 0o377 {
            let message = format!("octal escape value {} outside of range 0-0o377", self.text(start));
            return Err(PatternError::new(message, start));
        }
        char::from_u32(code).ok_or_else(|| PatternError::new("bad escape", start))
    }

    pub(super) fn push_member(&mut self, member: &Member) {
        match member {
            Member::Char(c) => push_code(&mut self.out, u32::from(*c)),
            Member::Class(class) => self.out.extend(['\\', *class]),
        }
    }
}
