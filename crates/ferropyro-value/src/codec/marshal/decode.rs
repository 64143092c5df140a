//! Reading marshal, versions 0 to 4.

use std::borrow::Cow;
use std::num::NonZeroU32;

use bytes::Bytes;
use num_bigint::{BigInt, BigUint, Sign};

use super::References;
use crate::codec::{self, Container, Mark, Open, Token};
use crate::{Complex, DecodeError, DecodeErrorKind, Limits, SurrogateStr};

/// Marks an object that can be referred to by number.
const FLAG_REF: u8 = 0x80;

/// From this length on, [`share`](crate::codec::Decoder::share) shares; below it, a copy is cheaper than
/// keeping a whole payload alive for a few bytes.
const SHARE_FROM: usize = 1024;

/// How many bytes of a repeated text count as one item of [`Limits::items`]: what a value takes in memory.
const BYTES_PER_ITEM: usize = 32;

/// Reads marshal. Text and bytes are borrowed.
///
/// A reference is read again at the place that it refers to, and all that is read counts again against
/// [`Limits::items`]; 310 bytes could stand for 2^30 items otherwise. A reference to a container that is
/// still open, which CPython makes of a list that contains itself, is an error.
#[derive(Debug)]
pub struct Decoder<'de> {
    payload: &'de [u8],
    offset: usize,
    depth: usize,
    /// How many more may be read.
    items: usize,
    limits: Limits,
    shared: Option<&'de Bytes>,
    references: References,
}

impl<'de> Decoder<'de> {
    /// A decoder of one payload.
    ///
    /// # Errors
    /// The payload is longer than [`MAX_LENGTH`](codec::MAX_LENGTH).
    pub fn new(bytes: &'de [u8], limits: &Limits) -> Result<Self, DecodeError> {
        codec::check_length(bytes)?;
        Ok(Self {
            payload: bytes,
            offset: 0,
            depth: 0,
            items: limits.items,
            limits: *limits,
            shared: None,
            references: References::default(),
        })
    }

    /// Shares bytes of 1 KiB and more with `payload`, which must be what the decoder was made from.
    #[must_use]
    pub fn sharing(self, payload: &'de Bytes) -> Self {
        Self { shared: Some(payload), ..self }
    }

    /// Begins with the reference table of an earlier reading of the same payload.
    pub(crate) fn knowing(self, references: References) -> Self {
        Self { references, ..self }
    }

    pub(crate) fn into_references(self) -> References {
        self.references
    }

    #[cold]
    fn error(&self, kind: DecodeErrorKind, message: impl Into<String>) -> DecodeError {
        DecodeError::new(kind, message, self.offset)
    }

    #[cold]
    fn bad(&self, what: &str) -> DecodeError {
        self.error(DecodeErrorKind::Value, format!("bad marshal data ({what})"))
    }

    #[cold]
    fn too_short(&self) -> DecodeError {
        self.error(DecodeErrorKind::Truncated, "marshal data too short")
    }

    #[cold]
    fn no_object(&self) -> DecodeError {
        self.error(DecodeErrorKind::Truncated, "EOF read where object expected")
    }

    fn rest(&self) -> &'de [u8] {
        self.payload.get(self.offset..).unwrap_or_default()
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let array = self.rest().first_chunk::<N>().ok_or_else(|| self.too_short())?;
        self.offset += N;
        Ok(*array)
    }

    #[inline]
    fn take(&mut self, length: usize) -> Result<&'de [u8], DecodeError> {
        let (taken, _) = self.rest().split_at_checked(length).ok_or_else(|| self.too_short())?;
        self.offset += length;
        Ok(taken)
    }

    fn length8(&mut self) -> Result<usize, DecodeError> {
        self.array().map(|[length]| usize::from(length))
    }

    fn length32(&mut self, what: &str) -> Result<usize, DecodeError> {
        let length = i32::from_le_bytes(self.array()?);
        usize::try_from(length).map_err(|_| self.bad(&format!("{what} size out of range")))
    }

    /// Counts values against the limit.
    #[inline]
    fn count(&mut self, items: usize) -> Result<(), DecodeError> {
        match self.items.checked_sub(items) {
            Some(items) => {
                self.items = items;
                Ok(())
            }
            None => {
                let limit = self.limits.items;
                let message =
                    format!("the marshal payload has more than {limit} values, repeated ones counted");
                Err(self.error(DecodeErrorKind::Limit, message))
            }
        }
    }

    /// The value at the offset, whose type byte is not a reference's.
    fn object(&mut self) -> Result<Token<'de>, DecodeError> {
        let start = self.offset;
        let Some(&first) = self.payload.get(start) else { return Err(self.no_object()) };
        self.offset += 1;
        let mut token = match first & !FLAG_REF {
            // Singletons are never registered, flag or not.
            b'N' => return Ok(Token::None),
            b'T' => return Ok(Token::Bool(true)),
            b'F' => return Ok(Token::Bool(false)),
            b'.' => return Ok(Token::Ellipsis),
            b'i' => Token::Int(i32::from_le_bytes(self.array()?).into()),
            b'I' => Token::Int(i64::from_le_bytes(self.array()?)),
            b'l' => self.long()?,
            b'g' => Token::Float(f64::from_le_bytes(self.array()?)),
            b'f' => Token::Float(self.float_text()?),
            b'y' => {
                let real = f64::from_le_bytes(self.array()?);
                Token::Complex(Complex { real, imag: f64::from_le_bytes(self.array()?) })
            }
            b'x' => {
                let real = self.float_text()?;
                Token::Complex(Complex { real, imag: self.float_text()? })
            }
            b's' => {
                let length = self.length32("bytes object")?;
                Token::Bytes(Cow::Borrowed(self.take(length)?))
            }
            b'u' | b't' => self.unicode()?,
            b'a' | b'A' => {
                let length = self.length32("string")?;
                self.latin1(length)?
            }
            b'z' | b'Z' => {
                let length = self.length8()?;
                self.latin1(length)?
            }
            b')' => {
                let length = self.length8()?;
                self.open(Container::Tuple, length)?
            }
            b'(' => {
                let length = self.length32("tuple")?;
                self.open(Container::Tuple, length)?
            }
            b'[' => {
                let length = self.length32("list")?;
                self.open(Container::List, length)?
            }
            b'<' => {
                let length = self.length32("set")?;
                self.open(Container::Set, length)?
            }
            b'>' => {
                let length = self.length32("set")?;
                self.open(Container::FrozenSet, length)?
            }
            b'{' => {
                self.deeper()?;
                Token::Open(Open::new(Container::Dict, None))
            }
            b'0' => return Err(self.error(DecodeErrorKind::Type, "NULL object in marshal data for object")),
            b'c' => {
                return Err(self.error(DecodeErrorKind::Refused, "code objects in marshal data are refused"));
            }
            b'S' => {
                let message = "the StopIteration class in marshal data is no data";
                return Err(self.error(DecodeErrorKind::Unsupported, message));
            }
            _ => return Err(self.bad("unknown type code")),
        };
        if first & FLAG_REF != 0 {
            match &mut token {
                Token::Open(open) => open.reference = self.references.register(start, false),
                _ => {
                    self.references.register(start, true);
                }
            }
        }
        Ok(token)
    }

    /// A reference: the object that it refers to is read again, then reading goes on behind the reference.
    fn referred(&mut self) -> Result<Token<'de>, DecodeError> {
        self.offset += 1;
        let number = i32::from_le_bytes(self.array()?);
        let behind = self.offset;
        let offset = usize::try_from(number).ok().and_then(|number| self.references.offset(number));
        self.offset = offset.ok_or_else(|| self.bad("invalid reference"))?;
        let mut token = self.object()?;
        match &mut token {
            Token::Open(open) => open.resume = u32::try_from(behind).ok().and_then(NonZeroU32::new),
            _ => {
                let length = self.offset.saturating_sub(offset.unwrap_or_default());
                self.offset = behind;
                self.count(length / BYTES_PER_ITEM)?;
            }
        }
        Ok(token)
    }

    fn deeper(&mut self) -> Result<(), DecodeError> {
        if self.depth >= self.limits.depth {
            let message = format!("marshal containers nest deeper than {} levels", self.limits.depth);
            return Err(self.error(DecodeErrorKind::Limit, message));
        }
        self.depth += 1;
        Ok(())
    }

    fn open(&mut self, kind: Container, length: usize) -> Result<Token<'de>, DecodeError> {
        // Each item takes a byte at least, so a length that promises more is a lie told to make us allocate.
        if length > self.rest().len() {
            return Err(self.no_object());
        }
        self.deeper()?;
        Ok(Token::Open(Open::new(kind, u32::try_from(length).ok())))
    }

    fn unicode(&mut self) -> Result<Token<'de>, DecodeError> {
        let length = self.length32("string")?;
        let bytes = self.take(length)?;
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Token::Str(Cow::Borrowed(text))),
            Err(_) => match SurrogateStr::new(bytes) {
                Some(text) => Ok(Token::SurrogateStr(text)),
                None => Err(self.error(DecodeErrorKind::Value, "a marshal text that is not UTF-8")),
            },
        }
    }

    /// What calls itself ASCII is read as Latin-1, as CPython does.
    fn latin1(&mut self, length: usize) -> Result<Token<'de>, DecodeError> {
        let bytes = self.take(length)?;
        Ok(Token::Str(match std::str::from_utf8(bytes) {
            Ok(text) if bytes.is_ascii() => Cow::Borrowed(text),
            _ => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
        }))
    }

    fn float_text(&mut self) -> Result<f64, DecodeError> {
        let length = self.length8()?;
        let text = std::str::from_utf8(self.take(length)?).ok();
        text.and_then(|text| text.parse().ok())
            .ok_or_else(|| self.error(DecodeErrorKind::Value, "could not convert string to float"))
    }

    /// A number of 15-bit digits, the least significant first.
    fn long(&mut self) -> Result<Token<'de>, DecodeError> {
        let count = i32::from_le_bytes(self.array()?);
        let length = usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX);
        let (digits, _) = self.take(length.saturating_mul(2))?.as_chunks::<2>();
        let digits = digits.iter().map(|digit| u16::from_le_bytes(*digit));
        if digits.clone().any(|digit| digit > 0x7FFF) {
            return Err(self.bad("digit out of range in long"));
        }
        if digits.clone().next_back() == Some(0) {
            return Err(self.bad("unnormalized long data"));
        }
        let negative = count < 0;
        if length <= 4 {
            // At most 60 bits.
            let magnitude = digits.rev().fold(0_i64, |number, digit| number << 15 | i64::from(digit));
            return Ok(Token::Int(if negative { -magnitude } else { magnitude }));
        }
        // 15 bits are 4.5 decimal digits.
        if (length - 1).saturating_mul(9) / 2 > self.limits.int_digits {
            let message = format!("an int in marshal data has more than {} digits", self.limits.int_digits);
            return Err(self.error(DecodeErrorKind::Limit, message));
        }
        let number =
            BigInt::from_biguint(if negative { Sign::Minus } else { Sign::Plus }, magnitude(digits, length));
        Ok(i64::try_from(&number).map_or_else(|_| Token::BigInt(Box::new(number)), Token::Int))
    }

    /// Leaves a container that was read to its end.
    fn close(&mut self, open: &Open) {
        self.depth = self.depth.saturating_sub(1);
        if let Some(number) = open.reference {
            self.references.complete(number);
        }
        if let Some(behind) = open.resume {
            self.offset = usize::try_from(behind.get()).unwrap_or(usize::MAX);
        }
    }
}

/// Packs 15-bit digits into words of 32.
fn magnitude(digits: impl Iterator<Item = u16>, length: usize) -> BigUint {
    let mut words = Vec::with_capacity(length / 2 + 1);
    let (mut waiting, mut bits) = (0_u64, 0);
    for digit in digits {
        waiting |= u64::from(digit) << bits;
        bits += 15;
        if bits >= 32 {
            #[expect(clippy::cast_possible_truncation, reason = "the lower half of a word")]
            words.push(waiting as u32);
            waiting >>= 32;
            bits -= 32;
        }
    }
    #[expect(clippy::cast_possible_truncation, reason = "at most 31 bits wait")]
    words.push(waiting as u32);
    BigUint::new(words)
}

impl<'de> crate::codec::Decoder<'de> for Decoder<'de> {
    fn token(&mut self) -> Result<Token<'de>, DecodeError> {
        self.count(1)?;
        match self.payload.get(self.offset) {
            Some(byte) if byte & !FLAG_REF == b'r' => self.referred(),
            _ => self.object(),
        }
    }

    #[inline]
    fn borrowed_str(&mut self) -> Option<&'de str> {
        // Short ASCII without the reference flag, as our own encoder and most keys have it.
        let (&(b'z' | b'Z'), rest) = self.rest().split_first()? else { return None };
        let (&length, rest) = rest.split_first()?;
        let text = rest.get(..usize::from(length)).filter(|text| text.is_ascii())?;
        let text = std::str::from_utf8(text).ok()?;
        self.items = self.items.checked_sub(1)?;
        self.offset += 2 + text.len();
        Some(text)
    }

    fn more(&mut self, open: &mut Open) -> Result<bool, DecodeError> {
        open.first = false;
        let more = match &mut open.left {
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
            None => match self.payload.get(self.offset) {
                Some(byte) if byte & !FLAG_REF == b'0' => {
                    self.offset += 1;
                    false
                }
                Some(_) => true,
                None => return Err(self.no_object()),
            },
        };
        if !more {
            self.close(open);
        }
        Ok(more)
    }

    #[inline]
    fn value(&mut self) -> Result<(), DecodeError> {
        Ok(())
    }

    fn mark(&self) -> Mark {
        Mark { offset: self.offset, depth: self.depth }
    }

    fn rewind(&mut self, mark: Mark) {
        self.offset = mark.offset;
        self.depth = mark.depth;
    }

    /// Anything may follow, as with CPython.
    fn finish(&mut self) -> Result<(), DecodeError> {
        Ok(())
    }

    fn share(&self, borrowed: &'de [u8]) -> Bytes {
        match self.shared {
            Some(payload) if borrowed.len() >= SHARE_FROM => share(payload, borrowed),
            _ => Bytes::copy_from_slice(borrowed),
        }
    }
}

/// A part of a payload; copied if it should turn out to be no part of it.
fn share(payload: &Bytes, part: &[u8]) -> Bytes {
    let start = part.as_ptr().addr().wrapping_sub(payload.as_ptr().addr());
    match start.checked_add(part.len()) {
        Some(end) if end <= payload.len() => payload.slice(start..end),
        _ => Bytes::copy_from_slice(part),
    }
}
