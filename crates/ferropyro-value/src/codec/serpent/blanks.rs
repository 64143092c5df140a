//! What stands between tokens: blanks, comments, line ends and continued lines.

use super::decode::Decoder;
use crate::{DecodeError, DecodeErrorKind};

impl Decoder<'_> {
    /// Passes whatever means nothing here. Line ends mean nothing inside brackets only.
    #[inline]
    pub(super) fn pass_blanks(&mut self) -> Result<(), DecodeError> {
        match self.peek() {
            // Every blank is at most `#`, but for the backslash.
            Some(byte) if byte > b'#' && byte != b'\\' => Ok(()),
            Some(_) => self.pass_blanks_slowly(),
            None => Ok(()),
        }
    }

    fn pass_blanks_slowly(&mut self) -> Result<(), DecodeError> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\x0C') => self.pos += 1,
                Some(b'\n' | b'\r') if self.in_brackets() => self.pos += 1,
                Some(b'#') => self.pass_comment(),
                Some(b'\\') => self.pass_continuation()?,
                _ => return Ok(()),
            }
        }
    }

    /// Passes the lines before the document's first value, which must start its line unless that is the first one.
    pub(super) fn pass_start(&mut self) -> Result<(), DecodeError> {
        while let Some(b' ' | b'\t') = self.peek() {
            self.pos += 1;
        }
        let mut column = 0_usize;
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => column += 1,
                Some(b'\x0C' | b'\n' | b'\r') => column = 0,
                Some(b'#') => {
                    self.pass_comment();
                    continue;
                }
                Some(b'\\') => {
                    self.pass_continuation()?;
                    continue;
                }
                Some(_) if column == 0 => return Ok(()),
                Some(_) => return Err(self.error(DecodeErrorKind::Syntax, "unexpected indent")),
                None => return Err(self.error(DecodeErrorKind::Syntax, "the document holds no value")),
            }
            self.pos += 1;
        }
    }

    /// Passes what may follow the document; leaves the position before anything else.
    pub(super) fn pass_end(&mut self) -> Result<(), DecodeError> {
        loop {
            self.pass_blanks()?;
            match self.peek() {
                Some(b'\n' | b'\r') => self.pos += 1,
                _ => return Ok(()),
            }
        }
    }

    fn pass_comment(&mut self) {
        let rest = self.rest();
        self.pos += rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
    }

    /// Passes a backslash at the end of a line. Another line must follow.
    fn pass_continuation(&mut self) -> Result<(), DecodeError> {
        let passed = match self.rest() {
            [b'\\', b'\r', b'\n', _, ..] => 3,
            [b'\\', b'\r' | b'\n', _, ..] => 2,
            _ => {
                let message = "unexpected character after line continuation character";
                return Err(self.error(DecodeErrorKind::Syntax, message));
            }
        };
        self.pos += passed;
        Ok(())
    }
}
