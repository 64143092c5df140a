//! The data of extension types: four of Pyro's, and MessagePack's own timestamp.
//!
//! Errors have no place here; the decoder, which knows where it stands, adds it.

use jiff::Timestamp;
use jiff::tz::Offset;
use num_bigint::BigInt;

use super::{local, ordinal};
use crate::codec::Token;
use crate::{Complex, DateTime, DecodeErrorKind};

/// Two doubles.
pub(super) const COMPLEX: u8 = 0x30;
/// An integer beyond 64 bits, as decimal text.
pub(super) const BIG_INT: u8 = 0x31;
/// A naive datetime: a double, its POSIX timestamp in the local zone.
pub(super) const DATE_TIME: u8 = 0x32;
/// A date: a C `long`, its ordinal.
pub(super) const DATE: u8 = 0x33;
/// MessagePack's code -1.
const TIMESTAMP: u8 = 0xFF;

type Result<T> = std::result::Result<T, (DecodeErrorKind, String)>;

/// What the data of an extension type stands for.
pub(super) fn decode(code: u8, data: &[u8], int_digits: usize) -> Result<Token<'static>> {
    match code {
        COMPLEX => complex(data),
        BIG_INT => big_int(data, int_digits),
        DATE_TIME => naive_date_time(data),
        DATE => date(data),
        TIMESTAMP => timestamp(data),
        _ => {
            let message = format!("invalid ext code for msgpack: {}", code.cast_signed());
            Err((DecodeErrorKind::Unsupported, message))
        }
    }
}

fn wrong_size<T>(what: &str, right: &str, data: &[u8]) -> Result<T> {
    let message = format!("a msgpack {what} of {} bytes instead of {right}", data.len());
    Err((DecodeErrorKind::Value, message))
}

fn no_such_date<T>(what: &str) -> Result<T> {
    Err((DecodeErrorKind::Value, format!("{what} is not in the years 1 to 9999")))
}

fn complex(data: &[u8]) -> Result<Token<'static>> {
    match data.as_chunks::<8>() {
        ([real, imag], []) => {
            let (real, imag) = (f64::from_le_bytes(*real), f64::from_le_bytes(*imag));
            Ok(Token::Complex(Complex { real, imag }))
        }
        _ => wrong_size("complex", "16", data),
    }
}

fn big_int(data: &[u8], int_digits: usize) -> Result<Token<'static>> {
    let digits = data.strip_prefix(b"-").or_else(|| data.strip_prefix(b"+")).unwrap_or(data);
    if digits.len() > int_digits {
        let message = format!("an int of {} digits exceeds the limit of {int_digits} digits", digits.len());
        return Err((DecodeErrorKind::Limit, message));
    }
    let text = std::str::from_utf8(data).ok().filter(|_| digits.iter().all(u8::is_ascii_digit));
    if let Some(number) = text.and_then(|text| text.parse().ok()) {
        return Ok(Token::Int(number));
    }
    text.and_then(|text| text.parse::<BigInt>().ok())
        .map(|number| Token::BigInt(Box::new(number)))
        .ok_or_else(|| {
            let message = format!("invalid literal for int() with base 10: b'{}'", data.escape_ascii());
            (DecodeErrorKind::Value, message)
        })
}

fn naive_date_time(data: &[u8]) -> Result<Token<'static>> {
    let Ok(bytes) = data.try_into() else { return wrong_size("datetime", "8", data) };
    let timestamp = f64::from_le_bytes(bytes);
    match local::from_timestamp(timestamp) {
        Some(civil) => Ok(Token::DateTime(DateTime { civil, offset: None })),
        None => no_such_date(&format!("timestamp {timestamp}")),
    }
}

/// A date of 8 bytes, or of 4, which is what a C `long` has on Windows.
fn date(data: &[u8]) -> Result<Token<'static>> {
    let ordinal = if let Ok(long) = data.try_into() {
        i64::from_le_bytes(long)
    } else if let Ok(long) = data.try_into() {
        i64::from(i32::from_le_bytes(long))
    } else {
        return wrong_size("date", "8 or 4", data);
    };
    ordinal::to_date(ordinal)
        .map_or_else(|| no_such_date(&format!("day {ordinal}")), |date| Ok(Token::Date(date)))
}

/// Seconds in 4 bytes; 30 bits of nanoseconds and 34 of seconds in 8; 4 bytes of nanoseconds and 8 of seconds
/// in 12.
fn timestamp(data: &[u8]) -> Result<Token<'static>> {
    let (seconds, nanoseconds) = if let Ok(word) = data.try_into() {
        (i64::from(u32::from_be_bytes(word)), 0)
    } else if let Ok(word) = data.try_into() {
        let word = u64::from_be_bytes(word);
        ((word & 0x3_FFFF_FFFF).cast_signed(), word >> 34)
    } else if let Some((nanoseconds, seconds)) = data.split_first_chunk::<4>()
        && let Ok(seconds) = seconds.try_into()
    {
        (i64::from_be_bytes(seconds), u64::from(u32::from_be_bytes(*nanoseconds)))
    } else {
        return wrong_size("timestamp", "4, 8 or 12", data);
    };
    let nanoseconds = i32::try_from(nanoseconds).ok().filter(|nanoseconds| *nanoseconds < 1_000_000_000);
    let instant = nanoseconds.and_then(|nanoseconds| Timestamp::new(seconds, nanoseconds).ok());
    let civil = instant.map(|instant| Offset::UTC.to_datetime(instant)).filter(|civil| civil.year() >= 1);
    match civil {
        Some(civil) => Ok(Token::DateTime(DateTime { civil, offset: Some(Offset::UTC) })),
        None => no_such_date(&format!("a timestamp of {seconds} seconds")),
    }
}
