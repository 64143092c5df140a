//! Reading past values: their syntax is checked, nothing is converted or kept.

use super::decode::{Decoder, ends_value};
use crate::codec::{Container, Decoder as _, Open};
use crate::{DecodeError, DecodeErrorKind};

impl Decoder<'_> {
    /// Passes one value. What is skipped takes no memory, so it does not count against the limit of items.
    pub(super) fn skip_value(&mut self) -> Result<(), DecodeError> {
        if let Some(bare) = self.approach()? {
            return self.skip_container(bare);
        }
        let mut groups = 0;
        loop {
            match self.peek() {
                Some(quote @ (b'\'' | b'"')) if groups == 0 && self.plain_text(quote).is_some() => {
                    return Ok(());
                }
                Some(b'0'..=b'9' | b'-') if groups == 0 && self.pass_plain_number() => return Ok(()),
                Some(bracket @ (b'(' | b'[' | b'{')) => match self.open_any(bracket, groups)? {
                    Some(open) => return self.skip_container(open),
                    None => groups += 1,
                },
                Some(first) => return self.scalar(first, groups).map(drop),
                None => return Err(self.error(DecodeErrorKind::Syntax, "invalid syntax: a value is missing")),
            }
        }
    }

    fn skip_container(&mut self, mut open: Open) -> Result<(), DecodeError> {
        while self.more(&mut open)? {
            self.skip_value()?;
            if open.kind == Container::Dict {
                self.value()?;
                self.skip_value()?;
            }
        }
        Ok(())
    }

    /// Passes a number of decimal digits with at most one point, if that is all that stands here.
    fn pass_plain_number(&mut self) -> bool {
        let rest = self.rest();
        let unsigned = rest.strip_prefix(b"-").unwrap_or(rest);
        let whole = digits(unsigned);
        let mut end = whole;
        let plain = if unsigned.get(whole) == Some(&b'.') {
            end += 1 + digits(unsigned.get(whole + 1..).unwrap_or_default());
            whole > 0
        } else {
            // A zero that leads is for the careful reader to refuse, as is an int that may be too long.
            (1..=18).contains(&whole) && (whole == 1 || unsigned.first() != Some(&b'0'))
        };
        let behind = rest.len() - unsigned.len() + end;
        if !plain || !rest.get(behind).is_some_and(|byte| ends_value(*byte)) {
            return false;
        }
        self.pos += behind;
        true
    }
}

fn digits(text: &[u8]) -> usize {
    text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len())
}
