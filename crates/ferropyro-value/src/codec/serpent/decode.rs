//! Reading documents: values, containers, parentheses, complex sums (wire protocol §6.2).
//!
//! The decoder keeps no stack; what it must remember of an open container is in the walker's [`Open`].

use super::lookahead::{Kind, Lookahead};
use super::numeral::Plain;
use super::quoted::plain_len;
use crate::codec::{self, Container, Mark, Open, Token};
use crate::{DecodeError, DecodeErrorKind, Limits};

pub(super) const TOO_DEEP: &str = "too many nested parentheses";

/// Reads one serpent document, or any Python literal.
#[derive(Debug)]
pub struct Decoder<'de> {
    text: &'de str,
    pub(super) pos: usize,
    /// How many brackets are open, groups included; a tuple without parentheses counts as one.
    pub(super) depth: usize,
    /// The depth at which a line end ends the document: 1 in a tuple without parentheses, else 0.
    outer: usize,
    pub(super) limits: Limits,
    /// How many more values may come.
    items_left: usize,
    pub(super) lookahead: Lookahead,
}

impl<'de> Decoder<'de> {
    /// A decoder of one payload.
    ///
    /// # Errors
    /// The payload is not UTF-8, has a NUL in it, or is longer than [`MAX_LENGTH`](codec::MAX_LENGTH).
    pub fn new(bytes: &'de [u8], limits: &Limits) -> Result<Self, DecodeError> {
        codec::check_length(bytes)?;
        let text = std::str::from_utf8(bytes).map_err(|error| {
            DecodeError::new(DecodeErrorKind::Value, "the serpent data is not UTF-8", error.valid_up_to())
        })?;
        if bytes.contains(&0) {
            return Err(DecodeError::unplaced(
                DecodeErrorKind::Value,
                "The serpent data contains 0-bytes so it cannot be parsed by ast.literal_eval. Has it been corrupted?",
            ));
        }
        let items_left = limits.items;
        let lookahead = Lookahead::default();
        Ok(Self { text, pos: 0, depth: 0, outer: 0, limits: *limits, items_left, lookahead })
    }

    pub(super) fn bytes(&self) -> &'de [u8] {
        self.text.as_bytes()
    }

    pub(super) fn rest(&self) -> &'de [u8] {
        self.bytes().get(self.pos..).unwrap_or_default()
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes().get(self.pos).copied()
    }

    pub(super) fn in_brackets(&self) -> bool {
        self.depth > self.outer
    }

    #[cold]
    pub(super) fn error(&self, kind: DecodeErrorKind, message: &str) -> DecodeError {
        DecodeError::new(kind, message, self.pos)
    }

    /// Neither what may stand here nor the end of what could.
    #[cold]
    pub(super) fn unexpected(&self, wanted: &str) -> DecodeError {
        let rest = self.text.get(self.pos..).unwrap_or_default();
        let message = match rest.chars().next() {
            Some(found) => format!("invalid syntax: {wanted} expected, not {found:?}"),
            None => format!("invalid syntax: {wanted} expected, not the end of the document"),
        };
        self.error(DecodeErrorKind::Syntax, &message)
    }

    /// Passes an opening bracket.
    pub(super) fn enter(&mut self) -> Result<(), DecodeError> {
        if self.depth.saturating_sub(self.outer) >= self.limits.depth {
            return Err(self.error(DecodeErrorKind::Limit, TOO_DEEP));
        }
        self.depth += 1;
        self.pos += 1;
        Ok(())
    }

    /// Passes a closing bracket.
    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.pos += 1;
    }

    pub(super) fn leave_groups(&mut self, groups: u32) -> Result<(), DecodeError> {
        for _ in 0..groups {
            self.pass_blanks()?;
            match self.peek() {
                Some(b')') => self.leave(),
                _ => return Err(self.unexpected("')'")),
            }
        }
        Ok(())
    }

    /// Stands before a value: at the document's start finds it, and opens it if it is a tuple without parentheses.
    #[inline]
    pub(super) fn approach(&mut self) -> Result<Option<Open>, DecodeError> {
        if self.depth > 0 {
            self.pass_blanks()?;
            return Ok(None);
        }
        self.pass_start()?;
        if !self.is_bare_tuple()? {
            return Ok(None);
        }
        self.outer = 1;
        self.depth = 1;
        Ok(Some(Open::new(Container::Tuple, None)))
    }

    /// Opens the container at the present bracket; an empty one is closed again at once.
    #[inline]
    fn open(&mut self, kind: Container, groups: u32) -> Result<Open, DecodeError> {
        self.enter()?;
        self.pass_blanks()?;
        if self.peek() == Some(closing(kind)) {
            self.leave();
            self.leave_groups(groups)?;
            return Ok(Open::new(kind, Some(0)));
        }
        Ok(Open { groups, ..Open::new(kind, None) })
    }

    /// Opens the container at the present bracket, or passes it if it only groups (`None`).
    #[inline]
    pub(super) fn open_any(&mut self, bracket: u8, groups: u32) -> Result<Option<Open>, DecodeError> {
        let empty = self.bytes().get(self.pos + 1) == Some(&(bracket + if bracket == b'(' { 1 } else { 2 }));
        let kind = match bracket {
            b'[' => Container::List,
            b'(' if empty => Container::Tuple,
            b'{' if empty => Container::Dict,
            _ => match self.look_ahead()? {
                Kind::Tuple => Container::Tuple,
                Kind::Set => Container::Set,
                Kind::Dict => Container::Dict,
                Kind::Group => {
                    self.enter()?;
                    self.pass_blanks()?;
                    if self.peek() != Some(b')') {
                        return Ok(None);
                    }
                    // Blanks only: an empty tuple after all.
                    self.leave();
                    self.leave_groups(groups)?;
                    return Ok(Some(Open::new(Container::Tuple, Some(0))));
                }
            },
        };
        let mut open = self.open(kind, groups)?;
        if open.kind == Container::Set && open.left == Some(0) {
            // Blanks only between the braces: a dict after all.
            open.kind = Container::Dict;
        }
        Ok(Some(open))
    }

    /// Reads a value that is not behind a bare bracket: `groups` parentheses have been opened for it.
    pub(super) fn scalar(&mut self, first: u8, groups: u32) -> Result<Token<'de>, DecodeError> {
        match first {
            b'0'..=b'9' | b'-' | b'+' => self.number(groups),
            b'.' if self.rest().starts_with(b"...") => {
                self.pos += 3;
                self.leave_groups(groups)?;
                Ok(Token::Ellipsis)
            }
            b'.' => self.number(groups),
            b'\'' | b'"' => {
                let token = self.literals()?;
                self.leave_groups(groups)?;
                Ok(token)
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(groups),
            _ => Err(self.unexpected("a value")),
        }
    }
}

/// Whether this byte is for certain no blank and no closing bracket.
#[inline]
fn starts_value(byte: u8) -> bool {
    matches!(byte, b'\'' | b'"' | b'(' | b'-' | b'0'..=b'9' | b'A'..=b'Z' | b'[' | b'{')
}

/// Whether this byte right behind a scalar ends it for certain.
pub(super) fn ends_value(byte: u8) -> bool {
    matches!(byte, b',' | b':' | b']' | b'}' | b')')
}

/// The bracket that closes a container.
fn closing(kind: Container) -> u8 {
    match kind {
        Container::List => b']',
        Container::Tuple => b')',
        Container::Set | Container::FrozenSet | Container::Dict => b'}',
    }
}

impl<'de> codec::Decoder<'de> for Decoder<'de> {
    #[inline]
    fn token(&mut self) -> Result<Token<'de>, DecodeError> {
        match self.items_left.checked_sub(1) {
            Some(left) => self.items_left = left,
            None => return Err(self.error(DecodeErrorKind::Limit, "more values than the limit allows")),
        }
        if let Some(bare) = self.approach()? {
            return Ok(Token::Open(bare));
        }
        // Most values are one of these, and are inlined into the walker; the rest is not.
        match self.peek() {
            Some(quote @ (b'\'' | b'"')) => {
                if let Some(text) = self.plain_text(quote) {
                    return Ok(Token::Str(text.into()));
                }
            }
            Some(first @ (b'0'..=b'9' | b'-')) => match self.plain_number(first == b'-') {
                Some(Plain::Int(number)) => return Ok(Token::Int(number)),
                Some(Plain::Float(number)) => return Ok(Token::Float(number)),
                None => {}
            },
            _ => {}
        }
        self.any_token()
    }

    #[inline]
    fn borrowed_str(&mut self) -> Option<&'de str> {
        let quote @ (b'\'' | b'"') = self.peek()? else { return None };
        // A document that starts with text may be a tuple without parentheses.
        if self.depth == 0 {
            return None;
        }
        let items_left = self.items_left.checked_sub(1)?;
        let text = self.plain_text(quote)?;
        self.items_left = items_left;
        Some(text)
    }

    #[inline]
    fn more(&mut self, open: &mut Open) -> Result<bool, DecodeError> {
        if open.first && open.left.is_none() {
            // Not an empty container: these are closed when they are opened.
            open.first = false;
            return Ok(true);
        }
        if let Some([b',', next]) = self.bytes().get(self.pos..self.pos + 2)
            && starts_value(*next)
            && open.left.is_none()
        {
            self.pos += 1;
            return Ok(true);
        }
        self.more_or_end(open)
    }

    #[inline]
    fn value(&mut self) -> Result<(), DecodeError> {
        self.pass_blanks()?;
        if self.peek() != Some(b':') {
            return Err(self.unexpected("':'"));
        }
        self.pos += 1;
        Ok(())
    }

    fn mark(&self) -> Mark {
        Mark { offset: self.pos, depth: self.depth }
    }

    fn rewind(&mut self, mark: Mark) {
        self.pos = mark.offset;
        self.depth = mark.depth;
    }

    fn finish(&mut self) -> Result<(), DecodeError> {
        self.pass_end()?;
        if self.peek().is_some() {
            return Err(self.unexpected("the end of the document"));
        }
        Ok(())
    }

    fn skip(&mut self) -> Result<(), DecodeError> {
        self.skip_value()
    }
}

impl<'de> Decoder<'de> {
    /// Reads a value of any form, with the parentheses around it.
    fn any_token(&mut self) -> Result<Token<'de>, DecodeError> {
        let mut groups = 0;
        loop {
            match self.peek() {
                Some(bracket @ (b'(' | b'[' | b'{')) => match self.open_any(bracket, groups)? {
                    Some(open) => return Ok(Token::Open(open)),
                    None => groups += 1,
                },
                Some(first) => return self.scalar(first, groups),
                None => return Err(self.unexpected("a value")),
            }
        }
    }

    /// Passes the comma or the end behind an item or entry, with any blanks.
    fn more_or_end(&mut self, open: &mut Open) -> Result<bool, DecodeError> {
        if open.left == Some(0) {
            return Ok(false);
        }
        self.pass_blanks()?;
        let bare = !self.in_brackets();
        let closing = closing(open.kind);
        if self.peek() == Some(b',') {
            self.pos += 1;
            self.pass_blanks()?;
            if !self.closes(bare, closing) {
                return Ok(true);
            }
        }
        if !self.closes(bare, closing) {
            return Err(self.unexpected("',' or the closing bracket"));
        }
        if bare {
            self.depth = 0;
        } else {
            self.leave();
            self.leave_groups(open.groups)?;
        }
        open.left = Some(0);
        Ok(false)
    }

    #[inline]
    fn closes(&self, bare: bool, closing: u8) -> bool {
        match self.peek() {
            None => bare,
            Some(b'\n' | b'\r') if bare => true,
            Some(byte) => !bare && byte == closing,
        }
    }

    /// Passes a text without escapes that stands alone, the common case.
    #[inline]
    pub(super) fn plain_text(&mut self, quote: u8) -> Option<&'de str> {
        let start = self.pos + 1;
        let end = start + plain_len(self.bytes().get(start..)?, quote);
        let (found, behind) = self.bytes().get(end..)?.split_first()?;
        if *found != quote || behind.first().is_some_and(|behind| !ends_value(*behind)) {
            return None;
        }
        self.pos = end + 1;
        self.text.get(start..end)
    }
}
