//! Writing marshal, version 4 without references.

use jiff::SignedDuration;
use jiff::civil::{Date, Time};
use num_bigint::{BigInt, Sign};
use uuid::Uuid;

use crate::codec::{Container, MAX_DEPTH};
use crate::{Complex, DateTime, Decimal, EncodeError, Flavor, SurrogateStr};

/// Writes marshal. UUIDs become text; dates, times and decimals have no form, as with Pyro.
#[derive(Debug)]
pub struct Encoder<'o> {
    out: &'o mut Vec<u8>,
    flavor: &'static Flavor,
    depth: usize,
}

impl<'o> Encoder<'o> {
    /// An encoder that appends to `out`.
    pub fn new(out: &'o mut Vec<u8>, flavor: &'static Flavor) -> Self {
        Self { out, flavor, depth: 0 }
    }

    #[inline]
    fn write<const N: usize>(&mut self, code: u8, body: [u8; N]) {
        // One reservation for both.
        self.out.reserve(N + 1);
        self.out.push(code);
        self.out.extend_from_slice(&body);
    }

    /// A type byte and a length of four bytes.
    fn length(&mut self, what: &'static str, code: u8, length: usize) -> Result<(), EncodeError> {
        let length = i32::try_from(length).map_err(|_| EncodeError::TooLong(what, "marshal"))?;
        self.write(code, length.to_le_bytes());
        Ok(())
    }

    /// An integer beyond 32 bits: its number of digits, with its sign, then digits of 15 bits.
    fn long(&mut self, negative: bool, words: impl Iterator<Item = u32>) -> Result<(), EncodeError> {
        self.write(b'l', [0; 4]);
        let start = self.out.len();
        let (mut waiting, mut bits) = (0_u64, 0);
        let mut digit = |waiting: u64| {
            self.out.extend_from_slice(&((waiting & 0x7FFF) as u16).to_le_bytes());
        };
        for word in words {
            waiting |= u64::from(word) << bits;
            bits += 32;
            while bits >= 15 {
                digit(waiting);
                waiting >>= 15;
                bits -= 15;
            }
        }
        digit(waiting);
        while self.out.len() > start && self.out.ends_with(&[0, 0]) {
            self.out.truncate(self.out.len() - 2);
        }
        let digits = i32::try_from((self.out.len() - start) / 2);
        let digits = digits.map_err(|_| EncodeError::TooLong("an int", "marshal"))?;
        let digits = if negative { -digits } else { digits };
        if let Some(length) = self.out.get_mut(start - 4..start) {
            length.copy_from_slice(&digits.to_le_bytes());
        }
        Ok(())
    }
}

#[cold]
fn unsupported(class: &str) -> EncodeError {
    EncodeError::Unsupported {
        codec: "marshal",
        what: format!(
            "{class}: don't know how to serialize class <class '{class}'> using serializer MarshalSerializer. \
             Give it vars() or an appropriate __getstate__, or send it as text"
        ),
    }
}

impl crate::codec::Encoder for Encoder<'_> {
    fn flavor(&self) -> &'static Flavor {
        self.flavor
    }

    #[inline]
    fn none(&mut self) -> Result<(), EncodeError> {
        self.out.push(b'N');
        Ok(())
    }

    #[inline]
    fn bool(&mut self, flag: bool) -> Result<(), EncodeError> {
        self.out.push(if flag { b'T' } else { b'F' });
        Ok(())
    }

    #[inline]
    fn int(&mut self, number: i64) -> Result<(), EncodeError> {
        if let Ok(number) = i32::try_from(number) {
            self.write(b'i', number.to_le_bytes());
            return Ok(());
        }
        let magnitude = number.unsigned_abs();
        #[expect(clippy::cast_possible_truncation, reason = "the halves of a word")]
        let words = [magnitude as u32, (magnitude >> 32) as u32];
        self.long(number < 0, words.into_iter())
    }

    fn big_int(&mut self, number: &BigInt) -> Result<(), EncodeError> {
        match i64::try_from(number) {
            Ok(number) => self.int(number),
            Err(_) => self.long(number.sign() == Sign::Minus, number.iter_u32_digits()),
        }
    }

    #[inline]
    fn float(&mut self, number: f64) -> Result<(), EncodeError> {
        self.write(b'g', number.to_le_bytes());
        Ok(())
    }

    fn complex(&mut self, number: Complex) -> Result<(), EncodeError> {
        self.write(b'y', number.real.to_le_bytes());
        self.out.extend_from_slice(&number.imag.to_le_bytes());
        Ok(())
    }

    #[inline]
    fn str(&mut self, text: &str) -> Result<(), EncodeError> {
        if !text.is_ascii() {
            self.length("a text", b'u', text.len())?;
        } else if let Ok(length) = u8::try_from(text.len()) {
            self.write(b'z', [length]);
        } else {
            self.length("a text", b'a', text.len())?;
        }
        self.out.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn surrogate_str(&mut self, text: &SurrogateStr) -> Result<(), EncodeError> {
        self.length("a text", b'u', text.as_bytes().len())?;
        self.out.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        self.length("bytes", b's', bytes.len())?;
        self.out.extend_from_slice(bytes);
        Ok(())
    }

    fn date_time(&mut self, _: &DateTime) -> Result<(), EncodeError> {
        Err(unsupported("datetime.datetime"))
    }

    fn date(&mut self, _: Date) -> Result<(), EncodeError> {
        Err(unsupported("datetime.date"))
    }

    fn time(&mut self, _: Time) -> Result<(), EncodeError> {
        Err(unsupported("datetime.time"))
    }

    fn time_delta(&mut self, _: SignedDuration) -> Result<(), EncodeError> {
        Err(unsupported("datetime.timedelta"))
    }

    fn decimal(&mut self, _: &Decimal) -> Result<(), EncodeError> {
        Err(unsupported("decimal.Decimal"))
    }

    fn uuid(&mut self, uuid: Uuid) -> Result<(), EncodeError> {
        self.str(uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer()))
    }

    #[inline]
    fn begin(&mut self, kind: Container, len: usize) -> Result<(), EncodeError> {
        if self.depth >= MAX_DEPTH {
            return Err(EncodeError::TooDeep(MAX_DEPTH));
        }
        self.depth += 1;
        match (kind, u8::try_from(len)) {
            (Container::Dict, _) => self.out.push(b'{'),
            (Container::Tuple, Ok(len)) => self.write(b')', [len]),
            (Container::Tuple, Err(_)) => self.length("a tuple", b'(', len)?,
            (Container::List, _) => self.length("a list", b'[', len)?,
            (Container::Set, _) => self.length("a set", b'<', len)?,
            (Container::FrozenSet, _) => self.length("a frozenset", b'>', len)?,
        }
        Ok(())
    }

    #[inline]
    fn item(&mut self) -> Result<(), EncodeError> {
        Ok(())
    }

    #[inline]
    fn key(&mut self) -> Result<(), EncodeError> {
        Ok(())
    }

    #[inline]
    fn value(&mut self) -> Result<(), EncodeError> {
        Ok(())
    }

    #[inline]
    fn end(&mut self, kind: Container, _: usize) -> Result<(), EncodeError> {
        self.depth = self.depth.saturating_sub(1);
        if kind == Container::Dict {
            self.out.push(b'0');
        }
        Ok(())
    }
}
