//! Writing serpent documents, byte for byte as the genuine serpent does for Pyro (wire protocol §6.1).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use jiff::civil::{Date, Time};

use super::{HEADER, number, text};
use crate::codec::{self, Container, MAX_DEPTH, isoformat, python_float};
use crate::{BigInt, Complex, DateTime, Decimal, EncodeError, Flavor, SurrogateStr, Uuid};

const NAN: &[u8] = b"{'__class__':'float','value':'nan'}";

/// Writes one serpent document.
///
/// Separators need no state: a container's first part is the one behind an opening bracket, since no
/// value ends in one.
#[derive(Debug)]
pub struct Encoder<'o> {
    out: &'o mut Vec<u8>,
    flavor: &'static Flavor,
    depth: usize,
    /// Whether the next value is a dict's key or a set's member, where serpent refuses some types.
    key: bool,
    /// The depths of the open sets.
    sets: Vec<usize>,
}

impl<'o> Encoder<'o> {
    /// An encoder that appends to `out`; it writes the header line at once.
    pub fn new(out: &'o mut Vec<u8>, flavor: &'static Flavor) -> Self {
        out.extend_from_slice(HEADER);
        Self { out, flavor, depth: 0, key: false, sets: Vec::new() }
    }

    fn refuse_as_key(&self, class: &'static str) -> Result<(), EncodeError> {
        if self.key { Err(EncodeError::UnsuitableKey(class)) } else { Ok(()) }
    }

    /// Text that holds nothing to escape.
    fn quoted(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        self.out.push(b'\'');
        write(self.out);
        self.out.push(b'\'');
    }

    fn separate(&mut self) {
        if !matches!(self.out.last(), Some(b'[' | b'(' | b'{')) {
            self.out.push(b',');
        }
    }
}

impl codec::Encoder for Encoder<'_> {
    fn flavor(&self) -> &'static Flavor {
        self.flavor
    }

    fn none(&mut self) -> Result<(), EncodeError> {
        self.refuse_as_key("NoneType")?;
        self.out.extend_from_slice(b"None");
        Ok(())
    }

    fn bool(&mut self, flag: bool) -> Result<(), EncodeError> {
        self.out.extend_from_slice(if flag { b"True" } else { b"False" });
        Ok(())
    }

    fn int(&mut self, number: i64) -> Result<(), EncodeError> {
        number::write_int(self.out, number);
        Ok(())
    }

    fn big_int(&mut self, number: &BigInt) -> Result<(), EncodeError> {
        number::write_big_int(self.out, number)
    }

    fn float(&mut self, number: f64) -> Result<(), EncodeError> {
        // There is no literal for these; a number too large reads as infinity.
        match number {
            f64::INFINITY => self.out.extend_from_slice(b"1e30000"),
            f64::NEG_INFINITY => self.out.extend_from_slice(b"-1e30000"),
            _ if number.is_nan() => self.out.extend_from_slice(NAN),
            _ => python_float::write(self.out, number),
        }
        Ok(())
    }

    fn complex(&mut self, number: Complex) -> Result<(), EncodeError> {
        let Complex { real, imag } = number;
        if real.is_nan() || imag.is_nan() {
            self.out.extend_from_slice(b"{'__class__':'complex','real':");
            self.float(real)?;
            self.out.extend_from_slice(b",'imag':");
            self.float(imag)?;
            self.out.push(b'}');
            return Ok(());
        }
        self.out.push(b'(');
        self.float(real)?;
        if imag.is_sign_positive() {
            self.out.push(b'+');
        }
        self.float(imag)?;
        self.out.extend_from_slice(b"j)");
        Ok(())
    }

    fn str(&mut self, text: &str) -> Result<(), EncodeError> {
        text::write_str(self.out, text);
        Ok(())
    }

    fn surrogate_str(&mut self, text: &SurrogateStr) -> Result<(), EncodeError> {
        text::write_surrogate_str(self.out, text);
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        if self.flavor.bytes_repr {
            text::write_bytes(self.out, bytes);
            return Ok(());
        }
        // The only place where serpent writes blanks.
        self.out.extend_from_slice(b"{'data': '");
        let too_long = || EncodeError::TooLong("bytes", "serpent");
        let start = self.out.len();
        let length = base64::encoded_len(bytes.len(), true).ok_or_else(too_long)?;
        self.out.resize(start.checked_add(length).ok_or_else(too_long)?, 0);
        let room = self.out.get_mut(start..).unwrap_or_default();
        STANDARD.encode_slice(bytes, room).map_err(|_| too_long())?;
        self.out.extend_from_slice(b"', 'encoding': 'base64'}");
        Ok(())
    }

    fn date_time(&mut self, date_time: &DateTime) -> Result<(), EncodeError> {
        self.refuse_as_key("datetime.datetime")?;
        self.quoted(|out| isoformat::write_date_time(out, date_time));
        Ok(())
    }

    fn date(&mut self, date: Date) -> Result<(), EncodeError> {
        self.refuse_as_key("datetime.date")?;
        self.quoted(|out| isoformat::write_date(out, date));
        Ok(())
    }

    fn time(&mut self, time: Time) -> Result<(), EncodeError> {
        self.refuse_as_key("datetime.time")?;
        self.quoted(|out| isoformat::write_time(out, time));
        Ok(())
    }

    fn time_delta(&mut self, delta: SignedDuration) -> Result<(), EncodeError> {
        self.refuse_as_key("datetime.timedelta")?;
        self.float(number::total_seconds(delta))
    }

    fn decimal(&mut self, decimal: &Decimal) -> Result<(), EncodeError> {
        self.quoted(|out| out.extend_from_slice(decimal.as_str().as_bytes()));
        Ok(())
    }

    fn uuid(&mut self, uuid: Uuid) -> Result<(), EncodeError> {
        self.refuse_as_key("uuid.UUID")?;
        let mut room = Uuid::encode_buffer();
        let text = uuid.hyphenated().encode_lower(&mut room);
        self.quoted(|out| out.extend_from_slice(text.as_bytes()));
        Ok(())
    }

    fn begin(&mut self, kind: Container, len: usize) -> Result<(), EncodeError> {
        // The genuine serpent refuses the first value below level 200; an empty container there has none.
        if self.depth + usize::from(len > 0) > MAX_DEPTH {
            return Err(EncodeError::TooDeep(MAX_DEPTH));
        }
        match kind {
            Container::List => self.refuse_as_key("list")?,
            Container::Dict => self.refuse_as_key("dict")?,
            Container::Set => self.refuse_as_key("set")?,
            Container::FrozenSet => self.refuse_as_key("frozenset")?,
            Container::Tuple => {}
        }
        self.key = false;
        self.depth += 1;
        self.out.push(match kind {
            Container::List => b'[',
            Container::Tuple => b'(',
            Container::Dict => b'{',
            // An empty set has no literal; serpent writes an empty tuple for it.
            Container::Set | Container::FrozenSet if len == 0 => b'(',
            Container::Set | Container::FrozenSet => {
                self.sets.push(self.depth);
                b'{'
            }
        });
        Ok(())
    }

    fn item(&mut self) -> Result<(), EncodeError> {
        self.separate();
        self.key = self.sets.last() == Some(&self.depth);
        Ok(())
    }

    fn key(&mut self) -> Result<(), EncodeError> {
        self.separate();
        self.key = true;
        Ok(())
    }

    fn value(&mut self) -> Result<(), EncodeError> {
        self.out.push(b':');
        self.key = false;
        Ok(())
    }

    fn end(&mut self, kind: Container, len: usize) -> Result<(), EncodeError> {
        self.key = false;
        match kind {
            Container::List => self.out.push(b']'),
            Container::Tuple if len == 1 => self.out.extend_from_slice(b",)"),
            Container::Tuple => self.out.push(b')'),
            Container::Dict => self.out.push(b'}'),
            Container::Set | Container::FrozenSet if len == 0 => self.out.push(b')'),
            Container::Set | Container::FrozenSet => {
                self.sets.pop();
                self.out.push(b'}');
            }
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(())
    }
}
