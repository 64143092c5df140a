//! Writing JSON.

use std::io::Write;

use jiff::SignedDuration;
use jiff::civil::{Date, Time};
use num_bigint::BigInt;
use uuid::Uuid;

use super::plain_prefix;
use crate::codec::{Container, MAX_DEPTH, isoformat, python_float};
use crate::{Complex, DateTime, Decimal, EncodeError, Flavor, SurrogateStr};

/// Writes JSON, byte for byte as Pyro does: `{"a": [1, 2.0, "é"]}`.
///
/// Tuples, sets and frozensets become arrays (of which Pyro refuses frozensets), UUIDs, decimals and dates
/// become text, keys that are numbers, bools or `None` become text as well.
#[derive(Debug)]
pub struct Encoder<'o> {
    out: &'o mut Vec<u8>,
    flavor: &'static Flavor,
    depth: usize,
    /// Whether the next scalar is a dict's key.
    at_key: bool,
}

impl<'o> Encoder<'o> {
    /// An encoder that appends to `out`.
    pub fn new(out: &'o mut Vec<u8>, flavor: &'static Flavor) -> Self {
        Self { out, flavor, depth: 0, at_key: false }
    }

    /// A scalar without quotes, which gets some as a key.
    #[inline]
    fn bare(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> Result<(), EncodeError> {
        if self.at_key {
            self.out.push(b'"');
            write(self.out);
            self.out.push(b'"');
        } else {
            write(self.out);
        }
        Ok(())
    }

    /// A scalar that is written as text, of characters that need no escape. As a key Python refuses it.
    fn quoted(&mut self, class: &str, write: impl FnOnce(&mut Vec<u8>)) -> Result<(), EncodeError> {
        self.refuse_as_key(class)?;
        self.out.push(b'"');
        write(self.out);
        self.out.push(b'"');
        Ok(())
    }

    fn refuse_as_key(&self, class: &str) -> Result<(), EncodeError> {
        if self.at_key { Err(key_of(class)) } else { Ok(()) }
    }

    #[cold]
    fn unsupported(&self, class: &str, instead: &str) -> Result<(), EncodeError> {
        self.refuse_as_key(class.rsplit('.').next().unwrap_or(class))?;
        Err(EncodeError::Unsupported {
            codec: "json",
            what: format!(
                "{class}: don't know how to serialize class <class '{class}'> using serializer JsonSerializer. \
                 Give it vars() or an appropriate __getstate__, {instead}"
            ),
        })
    }
}

#[cold]
fn key_of(class: &str) -> EncodeError {
    EncodeError::Unsupported {
        codec: "json",
        what: format!(
            "this key: keys must be str, int, float, bool or None, not {class}; marshal and serpent take it"
        ),
    }
}

const OTHER_CODEC: &str = "or use another serializer: serpent, msgpack and marshal carry it";

impl crate::codec::Encoder for Encoder<'_> {
    fn flavor(&self) -> &'static Flavor {
        self.flavor
    }

    #[inline]
    fn none(&mut self) -> Result<(), EncodeError> {
        self.bare(|out| out.extend_from_slice(b"null"))
    }

    #[inline]
    fn bool(&mut self, flag: bool) -> Result<(), EncodeError> {
        self.bare(|out| out.extend_from_slice(if flag { b"true" } else { b"false" }))
    }

    #[inline]
    fn int(&mut self, number: i64) -> Result<(), EncodeError> {
        self.bare(|out| out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes()))
    }

    fn big_int(&mut self, number: &BigInt) -> Result<(), EncodeError> {
        self.bare(|out| out.extend_from_slice(number.to_string().as_bytes()))
    }

    #[inline]
    fn float(&mut self, number: f64) -> Result<(), EncodeError> {
        self.bare(|out| {
            if number.is_finite() {
                python_float::write(out, number);
            } else if number.is_nan() {
                out.extend_from_slice(b"NaN");
            } else {
                out.extend_from_slice(if number > 0.0 { b"Infinity" } else { b"-Infinity" });
            }
        })
    }

    fn complex(&mut self, _: Complex) -> Result<(), EncodeError> {
        self.unsupported("complex", OTHER_CODEC)
    }

    #[inline]
    fn str(&mut self, text: &str) -> Result<(), EncodeError> {
        self.out.reserve(text.len() + 2);
        self.out.push(b'"');
        let mut rest = text.as_bytes();
        while let Some((plain, tail)) = rest.split_at_checked(plain_prefix(rest)) {
            self.out.extend_from_slice(plain);
            let Some((&byte, tail)) = tail.split_first() else { break };
            escape(self.out, byte);
            rest = tail;
        }
        self.out.push(b'"');
        Ok(())
    }

    fn surrogate_str(&mut self, text: &SurrogateStr) -> Result<(), EncodeError> {
        Err(EncodeError::Unsupported { codec: "json", what: format!("{text:?}: surrogates not allowed") })
    }

    fn bytes(&mut self, _: &[u8]) -> Result<(), EncodeError> {
        self.unsupported("bytes", "send base64 text, or use msgpack or marshal")
    }

    fn date_time(&mut self, date_time: &DateTime) -> Result<(), EncodeError> {
        self.quoted("datetime", |out| isoformat::write_date_time(out, date_time))
    }

    fn date(&mut self, date: Date) -> Result<(), EncodeError> {
        self.quoted("date", |out| isoformat::write_date(out, date))
    }

    fn time(&mut self, _: Time) -> Result<(), EncodeError> {
        self.unsupported("datetime.time", "send its text, or use serpent")
    }

    fn time_delta(&mut self, _: SignedDuration) -> Result<(), EncodeError> {
        self.unsupported("datetime.timedelta", "send its seconds as a number, or use serpent")
    }

    fn decimal(&mut self, decimal: &Decimal) -> Result<(), EncodeError> {
        self.quoted("Decimal", |out| out.extend_from_slice(decimal.as_str().as_bytes()))
    }

    fn uuid(&mut self, uuid: Uuid) -> Result<(), EncodeError> {
        self.quoted("UUID", |out| {
            out.extend_from_slice(uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer()).as_bytes());
        })
    }

    #[inline]
    fn begin(&mut self, kind: Container, _: usize) -> Result<(), EncodeError> {
        if self.at_key {
            return Err(key_of(python_name(kind)));
        }
        if self.depth >= MAX_DEPTH {
            return Err(EncodeError::TooDeep(MAX_DEPTH));
        }
        self.depth += 1;
        self.out.push(if kind == Container::Dict { b'{' } else { b'[' });
        Ok(())
    }

    // No value ends in an opening bracket, so the byte before tells whether this is the first item.
    #[inline]
    fn item(&mut self) -> Result<(), EncodeError> {
        if self.out.last() != Some(&b'[') {
            self.out.extend_from_slice(b", ");
        }
        Ok(())
    }

    #[inline]
    fn key(&mut self) -> Result<(), EncodeError> {
        if self.out.last() != Some(&b'{') {
            self.out.extend_from_slice(b", ");
        }
        self.at_key = true;
        Ok(())
    }

    #[inline]
    fn value(&mut self) -> Result<(), EncodeError> {
        self.at_key = false;
        self.out.extend_from_slice(b": ");
        Ok(())
    }

    #[inline]
    fn end(&mut self, kind: Container, _: usize) -> Result<(), EncodeError> {
        self.depth -= 1;
        self.out.push(if kind == Container::Dict { b'}' } else { b']' });
        Ok(())
    }
}

fn python_name(kind: Container) -> &'static str {
    match kind {
        Container::List => "list",
        Container::Tuple => "tuple",
        Container::Set => "set",
        Container::FrozenSet => "frozenset",
        Container::Dict => "dict",
    }
}

/// Writes a byte that may not stand in a string as it is.
fn escape(out: &mut Vec<u8>, byte: u8) {
    let letter = match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x08 => b'b',
        0x0C => b'f',
        _ => {
            // Writing into a vector cannot fail.
            let _ = write!(out, "\\u{byte:04x}");
            return;
        }
    };
    out.extend_from_slice(&[b'\\', letter]);
}
