//! Writing MessagePack.

use jiff::SignedDuration;
use jiff::civil::{Date, Time};
use num_bigint::BigInt;
use num_traits::ToPrimitive;
use uuid::Uuid;

use super::{ext, local, ordinal};
use crate::codec::{Container, MAX_DEPTH};
use crate::{Complex, DateTime, Decimal, EncodeError, Flavor, SurrogateStr};

/// Writes MessagePack, byte for byte as Pyro does: every value in its smallest form, floats as doubles.
///
/// Tuples, sets and frozensets become arrays (of which Pyro refuses frozensets), UUIDs and decimals become
/// text. Any value may be a key, but receivers take only text and bytes.
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
    fn write<const N: usize>(&mut self, code: u8, payload: [u8; N]) {
        // One reservation for both.
        self.out.reserve(N + 1);
        self.out.push(code);
        self.out.extend_from_slice(&payload);
    }

    /// A length in the smallest of the three forms behind `first`, where the codes of a family stand in a row.
    #[inline]
    fn length(&mut self, what: &'static str, codes: [u8; 3], length: usize) -> Result<(), EncodeError> {
        let [short, medium, long] = codes;
        if let (Ok(length), true) = (u8::try_from(length), short != medium) {
            self.write(short, [length]);
        } else if let Ok(length) = u16::try_from(length) {
            self.write(medium, length.to_be_bytes());
        } else if let Ok(length) = u32::try_from(length) {
            self.write(long, length.to_be_bytes());
        } else {
            return Err(EncodeError::TooLong(what, "msgpack"));
        }
        Ok(())
    }

    /// Header and data of an extension type.
    fn ext(&mut self, code: u8, data: &[u8]) -> Result<(), EncodeError> {
        match data.len() {
            1 => self.out.push(0xD4),
            2 => self.out.push(0xD5),
            4 => self.out.push(0xD6),
            8 => self.out.push(0xD7),
            16 => self.out.push(0xD8),
            length => self.length("an int", [0xC7, 0xC8, 0xC9], length)?,
        }
        self.out.push(code);
        self.out.extend_from_slice(data);
        Ok(())
    }
}

#[cold]
fn unsupported(class: &str, instead: &str) -> EncodeError {
    EncodeError::Unsupported {
        codec: "msgpack",
        what: format!(
            "{class}: don't know how to serialize class <class '{class}'> using serializer MsgpackSerializer. \
             Give it vars() or an appropriate __getstate__, {instead}"
        ),
    }
}

impl crate::codec::Encoder for Encoder<'_> {
    fn flavor(&self) -> &'static Flavor {
        self.flavor
    }

    #[inline]
    fn none(&mut self) -> Result<(), EncodeError> {
        self.out.push(0xC0);
        Ok(())
    }

    #[inline]
    fn bool(&mut self, flag: bool) -> Result<(), EncodeError> {
        self.out.push(if flag { 0xC3 } else { 0xC2 });
        Ok(())
    }

    #[inline]
    fn int(&mut self, number: i64) -> Result<(), EncodeError> {
        if let Ok(unsigned) = u64::try_from(number) {
            self.unsigned(unsigned);
        } else if let Ok(number) = i8::try_from(number) {
            if number >= -32 {
                self.out.push(number.cast_unsigned());
            } else {
                self.write(0xD0, number.to_be_bytes());
            }
        } else if let Ok(number) = i16::try_from(number) {
            self.write(0xD1, number.to_be_bytes());
        } else if let Ok(number) = i32::try_from(number) {
            self.write(0xD2, number.to_be_bytes());
        } else {
            self.write(0xD3, number.to_be_bytes());
        }
        Ok(())
    }

    fn big_int(&mut self, number: &BigInt) -> Result<(), EncodeError> {
        if let Some(number) = number.to_i64() {
            return self.int(number);
        }
        if let Some(number) = number.to_u64() {
            self.unsigned(number);
            return Ok(());
        }
        self.ext(ext::BIG_INT, number.to_string().as_bytes())
    }

    #[inline]
    fn float(&mut self, number: f64) -> Result<(), EncodeError> {
        self.write(0xCB, number.to_be_bytes());
        Ok(())
    }

    fn complex(&mut self, number: Complex) -> Result<(), EncodeError> {
        let mut data = [0; 16];
        for (half, part) in data.chunks_exact_mut(8).zip([number.real, number.imag]) {
            half.copy_from_slice(&part.to_le_bytes());
        }
        self.ext(ext::COMPLEX, &data)
    }

    #[inline]
    fn str(&mut self, text: &str) -> Result<(), EncodeError> {
        self.out.reserve(text.len() + 5);
        match u8::try_from(text.len()) {
            Ok(length @ 0..32) => self.out.push(0xA0 | length),
            _ => self.length("a str", [0xD9, 0xDA, 0xDB], text.len())?,
        }
        self.out.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn surrogate_str(&mut self, text: &SurrogateStr) -> Result<(), EncodeError> {
        Err(EncodeError::Unsupported { codec: "msgpack", what: format!("{text:?}: surrogates not allowed") })
    }

    #[inline]
    fn bytes(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        self.out.reserve(bytes.len() + 5);
        self.length("bytes", [0xC4, 0xC5, 0xC6], bytes.len())?;
        self.out.extend_from_slice(bytes);
        Ok(())
    }

    fn date_time(&mut self, date_time: &DateTime) -> Result<(), EncodeError> {
        if date_time.offset.is_some() {
            return Err(EncodeError::Unsupported {
                codec: "msgpack",
                what:
                    "this datetime: msgpack cannot serialize datetime with timezone info; send a naive one, \
                       its text, or use serpent or json, which make it text"
                        .to_owned(),
            });
        }
        self.ext(ext::DATE_TIME, &local::to_timestamp(date_time.civil).to_le_bytes())
    }

    fn date(&mut self, date: Date) -> Result<(), EncodeError> {
        self.ext(ext::DATE, &ordinal::of_date(date).to_le_bytes())
    }

    fn time(&mut self, _: Time) -> Result<(), EncodeError> {
        Err(unsupported("datetime.time", "send its text, or use serpent"))
    }

    fn time_delta(&mut self, _: SignedDuration) -> Result<(), EncodeError> {
        Err(unsupported("datetime.timedelta", "send its seconds as a number, or use serpent"))
    }

    fn decimal(&mut self, decimal: &Decimal) -> Result<(), EncodeError> {
        self.str(decimal.as_str())
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
        let dict = kind == Container::Dict;
        match u8::try_from(len) {
            Ok(length @ 0..16) => self.out.push(if dict { 0x80 | length } else { 0x90 | length }),
            _ if dict => self.length("a dict", [0xDE, 0xDE, 0xDF], len)?,
            _ => self.length("a list", [0xDC, 0xDC, 0xDD], len)?,
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
    fn end(&mut self, _: Container, _: usize) -> Result<(), EncodeError> {
        self.depth -= 1;
        Ok(())
    }
}

impl Encoder<'_> {
    #[inline]
    fn unsigned(&mut self, number: u64) {
        if let Ok(number) = u8::try_from(number) {
            if number < 128 {
                self.out.push(number);
            } else {
                self.write(0xCC, [number]);
            }
        } else if let Ok(number) = u16::try_from(number) {
            self.write(0xCD, number.to_be_bytes());
        } else if let Ok(number) = u32::try_from(number) {
            self.write(0xCE, number.to_be_bytes());
        } else {
            self.write(0xCF, number.to_be_bytes());
        }
    }
}
