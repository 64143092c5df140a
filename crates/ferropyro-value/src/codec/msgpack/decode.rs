//! Reading MessagePack.

use std::borrow::Cow;

use bytes::Bytes;

use super::ext;
use crate::codec::{Container, Mark, Open, Token};
use crate::{DecodeError, DecodeErrorKind, Limits};

/// From this length on, [`share`](crate::codec::Decoder::share) shares; below it, a copy is cheaper than
/// keeping a whole payload alive for a few bytes.
const SHARE_FROM: usize = 1024;

/// Reads MessagePack with Pyro's extension types.
///
/// Arrays are lists, maps are dicts. Text and bytes are borrowed. Keys are text or bytes, as with Pyro.
#[derive(Debug)]
pub struct Decoder<'de> {
    payload: &'de [u8],
    rest: &'de [u8],
    depth: usize,
    items: usize,
    limits: Limits,
    shared: Option<&'de Bytes>,
}

impl<'de> Decoder<'de> {
    /// A decoder of one payload.
    ///
    /// # Errors
    /// None here; the result is there because other codecs have a header to check.
    pub fn new(bytes: &'de [u8], limits: &Limits) -> Result<Self, DecodeError> {
        Ok(Self { payload: bytes, rest: bytes, depth: 0, items: limits.items, limits: *limits, shared: None })
    }

    /// Shares bytes of 1 KiB and more with `payload`, which must be what the decoder was made from.
    #[must_use]
    pub fn sharing(self, payload: &'de Bytes) -> Self {
        Self { shared: Some(payload), ..self }
    }

    #[cold]
    fn error(&self, kind: DecodeErrorKind, message: impl Into<String>) -> DecodeError {
        DecodeError::new(kind, message, self.payload.len() - self.rest.len())
    }

    #[cold]
    fn truncated(&self) -> DecodeError {
        self.error(DecodeErrorKind::Truncated, "the msgpack payload ends early: incomplete input")
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (array, rest) = self.rest.split_first_chunk::<N>().ok_or_else(|| self.truncated())?;
        self.rest = rest;
        Ok(*array)
    }

    #[inline]
    fn take(&mut self, length: usize) -> Result<&'de [u8], DecodeError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or_else(|| self.truncated())?;
        self.rest = rest;
        Ok(taken)
    }

    #[inline]
    fn length8(&mut self) -> Result<usize, DecodeError> {
        self.array().map(|[length]| usize::from(length))
    }

    #[inline]
    fn length16(&mut self) -> Result<usize, DecodeError> {
        self.array().map(|length| usize::from(u16::from_be_bytes(length)))
    }

    #[inline]
    fn length32(&mut self) -> Result<usize, DecodeError> {
        // What does not fit a usize does not fit the payload either.
        self.count32().map(|length| usize::try_from(length).unwrap_or(usize::MAX))
    }

    fn count16(&mut self) -> Result<u32, DecodeError> {
        self.array().map(|count| u32::from(u16::from_be_bytes(count)))
    }

    fn count32(&mut self) -> Result<u32, DecodeError> {
        self.array().map(u32::from_be_bytes)
    }

    #[inline(always)]
    fn text(&mut self, length: usize) -> Result<Token<'de>, DecodeError> {
        match std::str::from_utf8(self.take(length)?) {
            Ok(text) => Ok(Token::Str(Cow::Borrowed(text))),
            Err(_) => Err(self.error(DecodeErrorKind::Value, "a msgpack str that is not UTF-8")),
        }
    }

    #[inline]
    fn bytes(&mut self, length: usize) -> Result<Token<'de>, DecodeError> {
        Ok(Token::Bytes(Cow::Borrowed(self.take(length)?)))
    }

    #[inline]
    fn open(&mut self, kind: Container, length: u32) -> Result<Token<'de>, DecodeError> {
        if self.depth >= self.limits.depth {
            let message = format!("msgpack containers nest deeper than {} levels", self.limits.depth);
            return Err(self.error(DecodeErrorKind::Limit, message));
        }
        // Each value takes a byte at least, so a length that promises more is a lie told to make us allocate.
        let items = usize::try_from(length).unwrap_or(usize::MAX);
        let values = if kind == Container::Dict { items.saturating_mul(2) } else { items };
        if values > self.rest.len() {
            return Err(self.truncated());
        }
        if values > self.items {
            return Err(self.too_many());
        }
        self.depth += 1;
        Ok(Token::Open(Open::new(kind, Some(length))))
    }

    #[cold]
    fn too_many(&self) -> DecodeError {
        self.error(
            DecodeErrorKind::Limit,
            format!("the msgpack payload has more than {} values", self.limits.items),
        )
    }

    /// The value behind a code that has no length or content in itself.
    fn long_form(&mut self, code: u8) -> Result<Token<'de>, DecodeError> {
        match code {
            0xE0..=0xFF => Ok(Token::Int(i64::from(code.cast_signed()))),
            0xC0 => Ok(Token::None),
            0xC2 => Ok(Token::Bool(false)),
            0xC3 => Ok(Token::Bool(true)),
            0xC4 => self.length8().and_then(|length| self.bytes(length)),
            0xC5 => self.length16().and_then(|length| self.bytes(length)),
            0xC6 => self.length32().and_then(|length| self.bytes(length)),
            0xC7 => self.length8().and_then(|length| self.ext(length)),
            0xC8 => self.length16().and_then(|length| self.ext(length)),
            0xC9 => self.length32().and_then(|length| self.ext(length)),
            0xCA => Ok(Token::Float(f64::from(f32::from_be_bytes(self.array()?)))),
            0xCC => Ok(Token::Int(i64::from(u8::from_be_bytes(self.array()?)))),
            0xCD => Ok(Token::Int(i64::from(u16::from_be_bytes(self.array()?)))),
            0xCE => Ok(Token::Int(i64::from(u32::from_be_bytes(self.array()?)))),
            0xCF => {
                let number = u64::from_be_bytes(self.array()?);
                Ok(i64::try_from(number).map_or_else(|_| Token::BigInt(Box::new(number.into())), Token::Int))
            }
            0xD0 => Ok(Token::Int(i64::from(i8::from_be_bytes(self.array()?)))),
            0xD1 => Ok(Token::Int(i64::from(i16::from_be_bytes(self.array()?)))),
            0xD2 => Ok(Token::Int(i64::from(i32::from_be_bytes(self.array()?)))),
            0xD3 => Ok(Token::Int(i64::from_be_bytes(self.array()?))),
            0xD4 => self.ext(1),
            0xD5 => self.ext(2),
            0xD6 => self.ext(4),
            0xD7 => self.ext(8),
            0xD8 => self.ext(16),
            0xD9 => self.length8().and_then(|length| self.text(length)),
            0xDA => self.length16().and_then(|length| self.text(length)),
            0xDB => self.length32().and_then(|length| self.text(length)),
            0xDC => self.count16().and_then(|count| self.open(Container::List, count)),
            0xDD => self.count32().and_then(|count| self.open(Container::List, count)),
            0xDE => self.count16().and_then(|count| self.open(Container::Dict, count)),
            0xDF => self.count32().and_then(|count| self.open(Container::Dict, count)),
            _ => Err(self.error(DecodeErrorKind::Syntax, "malformed msgpack: a code that is never used")),
        }
    }

    fn ext(&mut self, length: usize) -> Result<Token<'de>, DecodeError> {
        let [code] = self.array()?;
        let data = self.take(length)?;
        ext::decode(code, data, self.limits.int_digits).map_err(|(kind, message)| self.error(kind, message))
    }

    /// Refuses a key that Pyro's receivers refuse, by the byte that it starts with.
    #[inline]
    fn check_key(&self) -> Result<(), DecodeError> {
        match self.rest.first() {
            None | Some(0xA0..=0xBF | 0xD9..=0xDB | 0xC4..=0xC6) => Ok(()),
            Some(&code) => Err(self.wrong_key(code)),
        }
    }

    #[cold]
    fn wrong_key(&self, code: u8) -> DecodeError {
        let name = match code {
            0xC0 => "NoneType",
            0xC2 | 0xC3 => "bool",
            0xCA | 0xCB => "float",
            0x80..=0x8F | 0xDE | 0xDF => "dict",
            0x90..=0x9F | 0xDC | 0xDD => "list",
            0xC7..=0xC9 | 0xD4..=0xD8 => "ExtType",
            _ => "int",
        };
        self.error(
            DecodeErrorKind::Value,
            format!("{name} is not allowed for map key when strict_map_key=True"),
        )
    }
}

impl<'de> crate::codec::Decoder<'de> for Decoder<'de> {
    #[inline(always)]
    fn token(&mut self) -> Result<Token<'de>, DecodeError> {
        let Some((&code, rest)) = self.rest.split_first() else { return Err(self.truncated()) };
        let Some(items) = self.items.checked_sub(1) else { return Err(self.too_many()) };
        self.items = items;
        self.rest = rest;
        // The short forms are most of any payload. Inlining them into the walker, always, made reading records
        // 8 % faster: what the walker does not ask for, the compiler leaves out.
        match code {
            0x00..=0x7F => Ok(Token::Int(i64::from(code))),
            0x80..=0x8F => self.open(Container::Dict, u32::from(code & 0x0F)),
            0x90..=0x9F => self.open(Container::List, u32::from(code & 0x0F)),
            0xA0..=0xBF => self.text(usize::from(code & 0x1F)),
            0xCB => Ok(Token::Float(f64::from_be_bytes(self.array()?))),
            _ => self.long_form(code),
        }
    }

    #[inline]
    fn borrowed_str(&mut self) -> Option<&'de str> {
        let (&code @ 0xA0..=0xBF, rest) = self.rest.split_first()? else { return None };
        let (text, rest) = rest.split_at_checked(usize::from(code & 0x1F))?;
        let text = std::str::from_utf8(text).ok()?;
        self.items = self.items.checked_sub(1)?;
        self.rest = rest;
        Some(text)
    }

    #[inline]
    fn more(&mut self, open: &mut Open) -> Result<bool, DecodeError> {
        match open.left.and_then(|left| left.checked_sub(1)) {
            Some(left) => {
                open.left = Some(left);
                if open.kind == Container::Dict {
                    self.check_key()?;
                }
                Ok(true)
            }
            None => {
                self.depth = self.depth.saturating_sub(1);
                Ok(false)
            }
        }
    }

    #[inline]
    fn value(&mut self) -> Result<(), DecodeError> {
        Ok(())
    }

    fn mark(&self) -> Mark {
        Mark { offset: self.payload.len() - self.rest.len(), depth: self.depth }
    }

    // Each pass over the payload has the whole budget of items.
    fn rewind(&mut self, mark: Mark) {
        self.rest = self.payload.get(mark.offset..).unwrap_or_default();
        self.depth = mark.depth;
        self.items = self.limits.items;
    }

    fn finish(&mut self) -> Result<(), DecodeError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(self.error(DecodeErrorKind::Syntax, "unpack(b) received extra data."))
        }
    }

    fn share(&self, borrowed: &'de [u8]) -> Bytes {
        let shared = self.shared.filter(|_| borrowed.len() >= SHARE_FROM).and_then(|payload| {
            let start = borrowed.as_ptr().addr().checked_sub(payload.as_ptr().addr())?;
            let end = start.checked_add(borrowed.len())?;
            // Were it not the payload that this decoder was made from, slicing it would panic.
            (end <= payload.len()).then(|| payload.slice(start..end))
        });
        shared.unwrap_or_else(|| Bytes::copy_from_slice(borrowed))
    }
}
