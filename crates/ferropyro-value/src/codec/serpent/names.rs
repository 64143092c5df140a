//! Names: the constants, the empty set, and the prefixes of string literals.

use super::decode::Decoder;
use crate::codec::{Container, Open, Token};
use crate::{DecodeError, DecodeErrorKind};

impl<'de> Decoder<'de> {
    /// A name: one of the constants, the empty set, or the prefix of a literal.
    pub(super) fn word(&mut self, groups: u32) -> Result<Token<'de>, DecodeError> {
        let rest = self.rest();
        let word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
        let end = rest.iter().position(|byte| !word(byte)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        if end <= 2 && matches!(behind.first(), Some(b'\'' | b'"')) {
            let token = self.literals()?;
            self.leave_groups(groups)?;
            return Ok(token);
        }
        let token = match word {
            b"None" => Token::None,
            b"True" => Token::Bool(true),
            b"False" => Token::Bool(false),
            b"set" => {
                self.pos += end;
                self.pass_empty_call()?;
                self.leave_groups(groups)?;
                return Ok(Token::Open(Open::new(Container::Set, Some(0))));
            }
            name => {
                let message =
                    format!("malformed literal: the name '{}' is no value", String::from_utf8_lossy(name));
                return Err(self.error(DecodeErrorKind::Value, &message));
            }
        };
        self.pos += end;
        self.leave_groups(groups)?;
        Ok(token)
    }

    fn pass_empty_call(&mut self) -> Result<(), DecodeError> {
        self.pass_blanks()?;
        if self.peek() != Some(b'(') {
            return Err(self.error(DecodeErrorKind::Value, "malformed literal: the name 'set' is no value"));
        }
        self.enter()?;
        self.pass_blanks()?;
        if self.peek() != Some(b')') {
            return Err(
                self.error(DecodeErrorKind::Value, "malformed literal: only set() without arguments is one")
            );
        }
        self.leave();
        Ok(())
    }
}
