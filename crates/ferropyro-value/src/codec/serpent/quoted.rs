//! String and bytes literals: prefixes, quotes, adjacent literals.
//!
//! What a backslash means is in `escape`.

use std::borrow::Cow;

use super::decode::Decoder;
use crate::codec::Token;
use crate::{DecodeError, DecodeErrorKind, SurrogateStr};

/// How many bytes at the start of `bytes` are neither the quote nor a backslash nor a control character.
/// Eight at a time.
#[inline]
pub(super) fn plain_len(bytes: &[u8], quote: u8) -> usize {
    const LOW: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    const CONTROL: u64 = u64::from_ne_bytes([0x20; 8]);
    const BACKSLASH: u64 = u64::from_ne_bytes([b'\\'; 8]);
    let quotes = u64::from_ne_bytes([quote; 8]);
    // The high bit of every byte that is zero; of those above the lowest hit, some others too.
    let zero = |word: u64| word.wrapping_sub(LOW) & !word & HIGH;
    let mut rest = bytes;
    let mut passed = 0;
    while let Some((chunk, tail)) = rest.split_first_chunk() {
        let word = u64::from_le_bytes(*chunk);
        let hits = zero(word ^ quotes) | zero(word ^ BACKSLASH) | (word.wrapping_sub(CONTROL) & !word & HIGH);
        if hits != 0 {
            return passed + hits.trailing_zeros() as usize / 8;
        }
        passed += 8;
        rest = tail;
    }
    let special = |byte: &u8| *byte == quote || *byte == b'\\' || *byte < 0x20;
    passed + rest.iter().position(special).unwrap_or(rest.len())
}

/// The content of one literal, text as `surrogatepass` UTF-8.
struct Literal<'de> {
    is_bytes: bool,
    content: Cow<'de, [u8]>,
}

impl<'de> Decoder<'de> {
    /// One literal, or several adjacent ones, which are one value.
    pub(super) fn literals(&mut self) -> Result<Token<'de>, DecodeError> {
        let start = self.pos;
        let mut literal = self.literal()?;
        loop {
            self.pass_blanks()?;
            if !self.at_literal() {
                break;
            }
            let next = self.literal()?;
            if next.is_bytes != literal.is_bytes {
                return Err(self.error(DecodeErrorKind::Syntax, "cannot mix bytes and nonbytes literals"));
            }
            literal.content.to_mut().extend_from_slice(&next.content);
        }
        if literal.is_bytes {
            return Ok(Token::Bytes(literal.content));
        }
        let not_text = |at| DecodeError::new(DecodeErrorKind::Value, "the literal is no text", at);
        match literal.content {
            Cow::Borrowed(content) => {
                std::str::from_utf8(content).map(|text| Token::Str(text.into())).map_err(|_| not_text(start))
            }
            Cow::Owned(content) => match String::from_utf8(content) {
                Ok(text) => Ok(Token::Str(text.into())),
                Err(error) => SurrogateStr::new(error.as_bytes())
                    .map(Token::SurrogateStr)
                    .ok_or_else(|| not_text(start)),
            },
        }
    }

    /// Whether a string or bytes literal starts here.
    fn at_literal(&self) -> bool {
        let rest = self.rest();
        let letters = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        letters <= 2 && matches!(rest.get(letters), Some(b'\'' | b'"'))
    }

    /// One literal.
    fn literal(&mut self) -> Result<Literal<'de>, DecodeError> {
        let (is_bytes, raw) = self.prefix()?;
        let quote = self.peek().unwrap_or_default();
        let triple = self.rest().starts_with(&[quote; 3]);
        self.pos += if triple { 3 } else { 1 };
        let start = self.pos;
        let mut run = start;
        let mut changed: Vec<u8> = Vec::new();
        let end = loop {
            self.pos += plain_len(self.rest(), quote);
            match (self.peek(), self.bytes().get(self.pos + 1)) {
                (Some(byte), _) if byte == quote => {
                    if !triple {
                        break self.pos;
                    }
                    if self.rest().starts_with(&[quote; 3]) {
                        break self.pos;
                    }
                    self.pos += 1;
                }
                // In a raw literal the backslash stays, and so does the quote behind it.
                (Some(b'\\'), Some(behind)) if raw && *behind != b'\r' => self.pos += 2,
                (Some(b'\\'), Some(b'\r')) if raw => {
                    self.keep(&mut changed, run);
                    changed.push(b'\\');
                    self.pos += 1;
                    self.pass_line_end(&mut changed);
                    run = self.pos;
                }
                (Some(b'\\'), Some(_)) if !raw => {
                    self.keep(&mut changed, run);
                    self.escape(is_bytes, &mut changed)?;
                    run = self.pos;
                }
                (Some(b'\r'), _) if triple => {
                    self.keep(&mut changed, run);
                    self.pass_line_end(&mut changed);
                    run = self.pos;
                }
                (None | Some(b'\\' | b'\r'), _) => return Err(self.unterminated()),
                (Some(b'\n'), _) if !triple => return Err(self.unterminated()),
                _ => self.pos += 1,
            }
        };
        self.pos += if triple { 3 } else { 1 };
        let source = self.bytes().get(start..end).unwrap_or_default();
        if is_bytes && !source.is_ascii() {
            return Err(
                self.error(DecodeErrorKind::Syntax, "bytes can only contain ASCII literal characters")
            );
        }
        // An escaped line end changes the content without leaving anything.
        let content = if run == start {
            Cow::Borrowed(source)
        } else {
            changed.extend_from_slice(self.bytes().get(run..end).unwrap_or_default());
            Cow::Owned(changed)
        };
        Ok(Literal { is_bytes, content })
    }

    /// Passes the letters before the quote: whether they say bytes, and whether raw.
    fn prefix(&mut self) -> Result<(bool, bool), DecodeError> {
        let rest = self.rest();
        let letters = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let mut lower = [0; 2];
        for (to, from) in lower.iter_mut().zip(rest.iter().take(letters)) {
            *to = from.to_ascii_lowercase();
        }
        let flags = match &lower {
            [0, _] | [b'u', 0] => (false, false),
            [b'r', 0] => (false, true),
            [b'b', 0] => (true, false),
            b"br" | b"rb" => (true, true),
            [b'f', 0] | b"fr" | b"rf" => {
                return Err(
                    self.error(DecodeErrorKind::Value, "malformed literal: an f-string is an expression")
                );
            }
            _ => return Err(self.error(DecodeErrorKind::Syntax, "invalid syntax: no such string prefix")),
        };
        self.pos += letters;
        Ok(flags)
    }

    /// Keeps the source from `run` up to here.
    fn keep(&self, changed: &mut Vec<u8>, run: usize) {
        changed.extend_from_slice(self.bytes().get(run..self.pos).unwrap_or_default());
    }

    /// Passes a carriage return, with its line feed, which Python reads as a line feed.
    fn pass_line_end(&mut self, changed: &mut Vec<u8>) {
        self.pos += if self.rest().starts_with(b"\r\n") { 2 } else { 1 };
        changed.push(b'\n');
    }

    #[cold]
    pub(super) fn unterminated(&self) -> DecodeError {
        self.error(DecodeErrorKind::Syntax, "unterminated string literal")
    }
}
