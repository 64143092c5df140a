//! Character sets in brackets.
//!
//! Python's have no nesting and no operators, so every character is written as its code.

use super::{Member, Translator};
use crate::pattern::PatternError;

impl Translator<'_> {
    /// A set; the bracket was read at `start`.
    pub(super) fn set(&mut self, start: usize) -> Result<(), PatternError> {
        let unterminated = || PatternError::new("unterminated character set", start);
        self.out.push('[');
        if self.accept('^') {
            self.out.push('^');
        }
        let first = self.at;
        loop {
            let place = self.at;
            let low = match self.next().ok_or_else(unterminated)? {
                ']' if place > first => break,
                '\\' => self.set_escape(place)?,
                c => Member::Char(c),
            };
            let is_range = self.peek() == Some('-') && self.pattern.get(self.at + 1) != Some(&']');
            if !is_range {
                self.push_member(&low);
                continue;
            }
            self.at += 1;
            let high_place = self.at;
            let high = match self.next().ok_or_else(unterminated)? {
                '\\' => self.set_escape(high_place)?,
                c => Member::Char(c),
            };
            match (&low, &high) {
                (Member::Char(a), Member::Char(b)) if a <= b => {}
                _ => {
                    return Err(PatternError::new(
                        format!("bad character range {}", self.text(place)),
                        place,
                    ));
                }
            }
            self.push_member(&low);
            self.out.push('-');
            self.push_member(&high);
        }
        self.item("]");
        Ok(())
    }

    fn set_escape(&mut self, start: usize) -> Result<Member, PatternError> {
        if self.accept('b') {
            return Ok(Member::Char('\x08'));
        }
        self.escaped_member(start)
    }
}
