//! Finding out what an opening bracket opens: `(` a tuple or a group, `{` a dict or a set.
//!
//! Only the text behind the first part tells. Mostly that part is short; where it is nested, one scan
//! settles every bracket that it passes, so that no text is scanned twice on the way forward.

use super::decode::Decoder;
use super::quoted::plain_len;
use crate::{DecodeError, DecodeErrorKind};

/// What a bracket opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Parentheses around one value, which mean nothing.
    Group,
    Tuple,
    Set,
    Dict,
}

/// What the last scan found, in the order of the text.
#[derive(Debug, Default)]
pub(super) struct Lookahead {
    found: Vec<(usize, Option<Kind>)>,
    /// For each open bracket of the scan: the byte that opened it and its place in `found`.
    stack: Vec<(u8, usize)>,
}

/// Stands for the start of the document in a scan: the end of the line closes it.
const LINE: u8 = b'\n';

impl Decoder<'_> {
    /// What the bracket at the present position opens, if it is not empty.
    pub(super) fn look_ahead(&mut self) -> Result<Kind, DecodeError> {
        if let Some(kind) = first_part(self.rest()) {
            return Ok(kind);
        }
        let known = self.lookahead.found.binary_search_by_key(&self.pos, |(at, _)| *at);
        match known.ok().and_then(|index| self.lookahead.found.get(index)) {
            Some((_, Some(kind))) => Ok(*kind),
            _ => self.scan(false),
        }
    }

    /// Whether the document is a tuple without parentheses.
    pub(super) fn is_bare_tuple(&mut self) -> Result<bool, DecodeError> {
        // No serpent leaves the parentheses off, so what a serpent wrote is not scanned to its end for a comma.
        let written_by_serpent = self.bytes().starts_with(b"# serpent ");
        if written_by_serpent && matches!(self.peek(), Some(b'(' | b'[' | b'{')) {
            return Ok(false);
        }
        // Most other documents are one scalar. With brackets in it, it may be none at all, and say so.
        let structured = |byte: &u8| matches!(byte, b',' | b'(' | b')' | b'[' | b']' | b'{' | b'}');
        if !self.rest().iter().any(structured) || is_one_text(self.rest()) {
            return Ok(false);
        }
        Ok(self.scan(true)? == Kind::Tuple)
    }

    fn scan(&mut self, whole_line: bool) -> Result<Kind, DecodeError> {
        let Lookahead { mut found, mut stack } = std::mem::take(&mut self.lookahead);
        found.clear();
        stack.clear();
        if whole_line {
            found.push((self.pos, None));
            stack.push((LINE, 0));
        }
        let result = self.scan_with(&mut found, &mut stack);
        if whole_line {
            // The place of the document's first bracket would stand there twice.
            found.clear();
        }
        self.lookahead = Lookahead { found, stack };
        result
    }

    fn scan_with(
        &self,
        found: &mut Vec<(usize, Option<Kind>)>,
        stack: &mut Vec<(u8, usize)>,
    ) -> Result<Kind, DecodeError> {
        let bytes = self.bytes();
        let fault = |at, message| DecodeError::new(DecodeErrorKind::Syntax, message, at);
        let mut at = self.pos;
        loop {
            let top = stack.last().copied();
            let byte = match bytes.get(at) {
                Some(byte) => *byte,
                None if top.is_some_and(|(opener, _)| opener == LINE) => LINE,
                None => return Err(fault(self.pos, "the bracket was never closed")),
            };
            let mut decided = None;
            match byte {
                b'\'' | b'"' => {
                    at = end_of_quotes(bytes, at).ok_or_else(|| fault(at, "unterminated string literal"))?;
                    continue;
                }
                b'#' => {
                    let rest = bytes.get(at..).unwrap_or_default();
                    at += rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
                    continue;
                }
                b'(' | b'[' | b'{' => {
                    if self.depth + stack.len() > self.limits.depth {
                        return Err(DecodeError::new(DecodeErrorKind::Limit, super::decode::TOO_DEEP, at));
                    }
                    stack.push((byte, found.len()));
                    if byte != b'[' {
                        found.push((at, None));
                    }
                }
                b'\\' if matches!(bytes.get(at + 1), Some(b'\n' | b'\r')) => {
                    let crlf = bytes.get(at + 1..at + 3) == Some(b"\r\n");
                    at += if crlf { 2 } else { 1 };
                }
                b',' => {
                    decided = top.and_then(|(opener, index)| match opener {
                        b'(' | LINE => Some((index, Kind::Tuple)),
                        b'{' => Some((index, Kind::Set)),
                        _ => None,
                    });
                }
                b':' => {
                    let dict = top.filter(|(opener, _)| *opener == b'{');
                    decided = dict.map(|(_, index)| (index, Kind::Dict));
                }
                b')' | b']' | b'}' | b'\n' | b'\r' => match (byte, top) {
                    (b')', Some((b'(', index))) | (b'\n' | b'\r', Some((LINE, index))) => {
                        stack.pop();
                        decided = Some((index, Kind::Group));
                    }
                    (b'}', Some((b'{', index))) => {
                        stack.pop();
                        decided = Some((index, Kind::Set));
                    }
                    (b']', Some((b'[', _))) => {
                        stack.pop();
                    }
                    (b'\n' | b'\r', _) => {}
                    _ => return Err(fault(at, "unmatched closing bracket")),
                },
                _ => {}
            }
            if let Some((index, kind)) = decided
                && let Some((_, undecided @ None)) = found.get_mut(index)
            {
                *undecided = Some(kind);
                if index == 0 {
                    return Ok(kind);
                }
            }
            at += 1;
        }
    }
}

/// What the bracket at the start of `text` opens, where its first part is one simple scalar.
#[inline]
fn first_part(text: &[u8]) -> Option<Kind> {
    let (&opener, rest) = text.split_first()?;
    let behind = match rest.first()? {
        &quote @ (b'\'' | b'"') => {
            let (_, content) = rest.split_first()?;
            let (_, behind) = content.split_at_checked(plain_len(content, quote))?;
            behind.strip_prefix(&[quote])?
        }
        _ => {
            let number = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-');
            rest.split_at_checked(rest.iter().position(|byte| !number(byte))?)?.1
        }
    };
    match (opener, behind.first()?) {
        (b'(', b',') => Some(Kind::Tuple),
        (b'(', b')') => Some(Kind::Group),
        (b'{', b':') => Some(Kind::Dict),
        (b'{', b',' | b'}') => Some(Kind::Set),
        _ => None,
    }
}

/// Whether `text` is one string literal without escapes, from its first to its last byte.
fn is_one_text(text: &[u8]) -> bool {
    match text {
        [quote @ (b'\'' | b'"'), content @ .., last] => {
            last == quote && plain_len(content, *quote) == content.len()
        }
        _ => false,
    }
}

/// The place behind the string literal whose quotes open at `at`. In a raw one, too, a backslash keeps the
/// next quote from closing it.
fn end_of_quotes(bytes: &[u8], at: usize) -> Option<usize> {
    let quote = *bytes.get(at)?;
    let triple = bytes.get(at..)?.starts_with(&[quote; 3]);
    if !triple && bytes.get(at + 1) == Some(&quote) {
        return Some(at + 2);
    }
    let mut at = at + if triple { 3 } else { 1 };
    loop {
        at += plain_len(bytes.get(at..)?, quote);
        match *bytes.get(at)? {
            b'\\' if bytes.get(at + 1..at + 3) == Some(b"\r\n") => at += 3,
            b'\\' => at += 2,
            byte if byte == quote && !triple => return Some(at + 1),
            byte if byte == quote && bytes.get(at..)?.starts_with(&[quote; 3]) => return Some(at + 3),
            b'\n' | b'\r' if !triple => return None,
            _ => at += 1,
        }
    }
}
