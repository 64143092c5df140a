//! Reading JSON.

use std::borrow::Cow;

use num_bigint::BigInt;

use super::plain_prefix;
use crate::codec::{Container, Mark, Open, Token};
use crate::{DecodeError, DecodeErrorKind, Limits, SurrogateStr};

/// Reads JSON by the rules of Python's `json`: strict but for `NaN`, `Infinity`, `-Infinity`.
///
/// Arrays are lists, objects are dicts. Text without escapes is borrowed.
#[derive(Debug)]
pub struct Decoder<'de> {
    text: &'de str,
    offset: usize,
    depth: usize,
    items: usize,
    limits: Limits,
}

impl<'de> Decoder<'de> {
    /// A decoder of one payload.
    ///
    /// # Errors
    /// The payload is not UTF-8.
    pub fn new(bytes: &'de [u8], limits: &Limits) -> Result<Self, DecodeError> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            DecodeError::new(DecodeErrorKind::Value, "the json payload is not UTF-8", error.valid_up_to())
        })?;
        Ok(Self { text, offset: 0, depth: 0, items: limits.items, limits: *limits })
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.offset).copied()
    }

    /// The first byte that is not blank, not yet passed.
    #[inline]
    fn peek_past_blanks(&mut self) -> Option<u8> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.offset += 1,
                other => return other,
            }
        }
    }

    #[cold]
    fn error(&self, kind: DecodeErrorKind, message: impl Into<String>) -> DecodeError {
        DecodeError::new(kind, message, self.offset)
    }

    /// Something else than expected stands here, or nothing.
    #[cold]
    fn expecting(&self, what: &str) -> DecodeError {
        if self.offset >= self.text.len() {
            self.error(DecodeErrorKind::Truncated, format!("the json payload ends early: expecting {what}"))
        } else {
            self.error(DecodeErrorKind::Syntax, format!("malformed json: expecting {what}"))
        }
    }

    fn word(&mut self, word: &str, token: Token<'de>) -> Result<Token<'de>, DecodeError> {
        let rest = self.text.as_bytes().get(self.offset..).unwrap_or_default();
        if rest.starts_with(word.as_bytes()) {
            self.offset += word.len();
            Ok(token)
        } else {
            if word.as_bytes().starts_with(rest) {
                self.offset = self.text.len();
            }
            Err(self.expecting("a value"))
        }
    }

    fn open(&mut self, kind: Container) -> Result<Token<'de>, DecodeError> {
        if self.depth >= self.limits.depth {
            let message = format!("json containers nest deeper than {} levels", self.limits.depth);
            return Err(self.error(DecodeErrorKind::Limit, message));
        }
        self.depth += 1;
        self.offset += 1;
        Ok(Token::Open(Open::new(kind, None)))
    }

    /// Passes digits; gives how many there were.
    #[inline]
    fn digits(&mut self) -> usize {
        let rest = self.text.as_bytes().get(self.offset..).unwrap_or_default();
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.offset += count;
        count
    }

    fn number(&mut self) -> Result<Token<'de>, DecodeError> {
        let start = self.offset;
        let negative = self.peek() == Some(b'-');
        if negative {
            self.offset += 1;
            if self.peek() == Some(b'I') {
                return self.word("Infinity", Token::Float(f64::NEG_INFINITY));
            }
        }
        // 18 digits always fit, and most numbers have no more.
        let mut small = 0_i64;
        let first = self.offset;
        while let Some(byte @ b'0'..=b'9') = self.peek() {
            if self.offset - first >= 18 {
                break;
            }
            small = small * 10 + i64::from(byte - b'0');
            self.offset += 1;
        }
        if self.offset == first {
            return Err(self.expecting("a digit"));
        }
        let digits = self.offset - first + self.digits();
        if digits > 1 && self.text.as_bytes().get(first) == Some(&b'0') {
            self.offset = first;
            return Err(self.error(DecodeErrorKind::Syntax, "malformed json: a number with a leading zero"));
        }
        match self.peek() {
            Some(b'.' | b'e' | b'E') => self.float(start),
            _ if digits <= 18 => Ok(Token::Int(if negative { -small } else { small })),
            _ => self.long_int(start, digits),
        }
    }

    /// Reads the rest of a number behind its whole part.
    fn float(&mut self, start: usize) -> Result<Token<'de>, DecodeError> {
        if self.peek() == Some(b'.') {
            self.offset += 1;
            if self.digits() == 0 {
                return Err(self.expecting("a digit after the decimal point"));
            }
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.offset += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.offset += 1;
            }
            if self.digits() == 0 {
                return Err(self.expecting("a digit in the exponent"));
            }
        }
        let number = self.text.get(start..self.offset).and_then(|text| text.parse().ok());
        number.map(Token::Float).ok_or_else(|| self.expecting("a number"))
    }

    fn long_int(&self, start: usize, digits: usize) -> Result<Token<'de>, DecodeError> {
        if digits > self.limits.int_digits {
            let limit = self.limits.int_digits;
            let message = format!("an int of {digits} digits exceeds the limit of {limit} digits");
            return Err(DecodeError::new(DecodeErrorKind::Limit, message, start));
        }
        let text = self.text.get(start..self.offset).unwrap_or_default();
        if let Ok(number) = text.parse() {
            return Ok(Token::Int(number));
        }
        text.parse::<BigInt>()
            .map(|number| Token::BigInt(Box::new(number)))
            .map_err(|_| self.expecting("a number"))
    }

    /// Reads a string whose opening quote is next, if it has no escapes.
    #[inline]
    fn plain_string(&mut self) -> Option<&'de str> {
        let start = self.offset + 1;
        let end = start + plain_prefix(self.text.as_bytes().get(start..)?);
        if self.text.as_bytes().get(end) != Some(&b'"') {
            return None;
        }
        self.offset = end + 1;
        self.text.get(start..end)
    }

    /// Reads a string whose opening quote is next, and which cannot be borrowed.
    fn escaped_string(&mut self) -> Result<Token<'de>, DecodeError> {
        self.offset += 1;
        let bytes = self.text.as_bytes();
        let mut text = Vec::new();
        let mut surrogates = false;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    self.offset += 1;
                    let Some(letter) = self.peek() else { return Err(self.expecting("an escape")) };
                    let byte = match letter {
                        b'"' | b'\\' | b'/' => letter,
                        b'n' => b'\n',
                        b'r' => b'\r',
                        b't' => b'\t',
                        b'b' => 0x08,
                        b'f' => 0x0C,
                        b'u' => {
                            surrogates |= self.unicode_escape(&mut text)?;
                            continue;
                        }
                        _ => return Err(self.expecting("an escape that json has")),
                    };
                    text.push(byte);
                    self.offset += 1;
                }
                Some(byte) if byte < 0x20 => {
                    let message = "malformed json: a control character in a string";
                    return Err(self.error(DecodeErrorKind::Syntax, message));
                }
                Some(_) => {
                    let rest = bytes.get(self.offset..).unwrap_or_default();
                    let plain = rest.get(..plain_prefix(rest)).unwrap_or_default();
                    text.extend_from_slice(plain);
                    self.offset += plain.len();
                }
                None => return Err(self.expecting("the end of a string")),
            }
        }
        self.offset += 1;
        let token = if surrogates {
            SurrogateStr::new(&text).map(Token::SurrogateStr)
        } else {
            String::from_utf8(text).ok().map(|text| Token::Str(Cow::Owned(text)))
        };
        token.ok_or_else(|| self.error(DecodeErrorKind::Value, "a json string that is no text"))
    }

    /// Reads `uXXXX`, and the second half of a surrogate pair with it. Says whether a lone surrogate came.
    fn unicode_escape(&mut self, text: &mut Vec<u8>) -> Result<bool, DecodeError> {
        let unit = self.hex_digits()?;
        if (0xD800..0xDC00).contains(&unit)
            && self.text.as_bytes().get(self.offset..self.offset + 2) == Some(b"\\u")
        {
            let back = self.offset;
            self.offset += 1;
            let low = self.hex_digits()?;
            if (0xDC00..0xE000).contains(&low) {
                push_char(text, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
                return Ok(false);
            }
            self.offset = back;
        }
        Ok(push_char(text, unit))
    }

    /// Reads four hexadecimal digits behind the `u` that is next.
    fn hex_digits(&mut self) -> Result<u32, DecodeError> {
        self.offset += 1;
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            unit = unit << 4 | digit.ok_or_else(|| self.expecting("four hexadecimal digits"))?;
            self.offset += 1;
        }
        Ok(unit)
    }
}

/// Appends a code point in UTF-8, a surrogate in the three bytes of `surrogatepass`; says whether it was one.
fn push_char(text: &mut Vec<u8>, point: u32) -> bool {
    if let Some(character) = char::from_u32(point) {
        text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        return false;
    }
    let six_bits = |shift: u32| 0x80 | (point >> shift & 0x3F) as u8;
    text.extend_from_slice(&[0xED, six_bits(6), six_bits(0)]);
    true
}

impl<'de> crate::codec::Decoder<'de> for Decoder<'de> {
    #[inline]
    fn token(&mut self) -> Result<Token<'de>, DecodeError> {
        let Some(items) = self.items.checked_sub(1) else {
            let message = format!("the json payload has more than {} values", self.limits.items);
            return Err(self.error(DecodeErrorKind::Limit, message));
        };
        self.items = items;
        match self.peek_past_blanks() {
            Some(b'"') => match self.plain_string() {
                Some(text) => Ok(Token::Str(Cow::Borrowed(text))),
                None => self.escaped_string(),
            },
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'{') => self.open(Container::Dict),
            Some(b'[') => self.open(Container::List),
            Some(b'n') => self.word("null", Token::None),
            Some(b't') => self.word("true", Token::Bool(true)),
            Some(b'f') => self.word("false", Token::Bool(false)),
            Some(b'N') => self.word("NaN", Token::Float(f64::NAN)),
            Some(b'I') => self.word("Infinity", Token::Float(f64::INFINITY)),
            _ => Err(self.expecting("a value")),
        }
    }

    #[inline]
    fn borrowed_str(&mut self) -> Option<&'de str> {
        let items = self.items.checked_sub(1)?;
        if self.peek_past_blanks() != Some(b'"') {
            return None;
        }
        let text = self.plain_string()?;
        self.items = items;
        Some(text)
    }

    #[inline]
    fn more(&mut self, open: &mut Open) -> Result<bool, DecodeError> {
        let dict = open.kind == Container::Dict;
        let mut next = self.peek_past_blanks();
        if next == Some(if dict { b'}' } else { b']' }) {
            self.offset += 1;
            self.depth = self.depth.saturating_sub(1);
            return Ok(false);
        }
        if !open.first {
            if next != Some(b',') {
                return Err(self.expecting(if dict { "',' or '}'" } else { "',' or ']'" }));
            }
            self.offset += 1;
            next = self.peek_past_blanks();
        }
        open.first = false;
        if dict && next != Some(b'"') {
            return Err(self.expecting("a key in double quotes"));
        }
        Ok(true)
    }

    #[inline]
    fn value(&mut self) -> Result<(), DecodeError> {
        if self.peek_past_blanks() != Some(b':') {
            return Err(self.expecting("':'"));
        }
        self.offset += 1;
        Ok(())
    }

    fn mark(&self) -> Mark {
        Mark { offset: self.offset, depth: self.depth }
    }

    // Each pass over the payload has the whole budget of items.
    fn rewind(&mut self, mark: Mark) {
        self.offset = mark.offset;
        self.depth = mark.depth;
        self.items = self.limits.items;
    }

    fn finish(&mut self) -> Result<(), DecodeError> {
        match self.peek_past_blanks() {
            None => Ok(()),
            Some(_) => Err(self.error(DecodeErrorKind::Syntax, "extra data after the json document")),
        }
    }
}
