//! Scalars that Rust has no type of its own for.

use std::fmt;
use std::str::FromStr;

use jiff::tz::Offset;

/// A complex number, as Python's `complex`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Complex {
    /// The real part.
    pub real: f64,
    /// The imaginary part.
    pub imag: f64,
}

/// A date and time of day: naive, or aware with a fixed offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DateTime {
    /// The reading of calendar and clock; Python keeps microseconds of it.
    pub civil: jiff::civil::DateTime,
    /// The offset from UTC of an aware one.
    pub offset: Option<Offset>,
}

impl fmt::Display for DateTime {
    /// As Python's `isoformat`: `2024-02-29T12:30:00.250000+02:00`, without a fraction where there is none.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let civil = self.civil;
        write!(f, "{}T{:02}:{:02}:{:02}", civil.date(), civil.hour(), civil.minute(), civil.second())?;
        match civil.subsec_nanosecond() {
            0 => {}
            nanos if nanos % 1000 == 0 => write!(f, ".{:06}", nanos / 1000)?,
            nanos => write!(f, ".{nanos:09}")?,
        }
        let Some(offset) = self.offset else { return Ok(()) };
        let seconds = offset.seconds();
        let sign = if seconds < 0 { '-' } else { '+' };
        let seconds = seconds.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}", seconds / 3600, seconds / 60 % 60)?;
        if seconds % 60 == 0 { Ok(()) } else { write!(f, ":{:02}", seconds % 60) }
    }
}

/// The text is no date and time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no date and time in ISO 8601")]
pub struct InvalidDateTime(String);

impl FromStr for DateTime {
    type Err = InvalidDateTime;

    /// Takes what [`Display`](fmt::Display) and Python's `isoformat` write, also with a blank for the `T`,
    /// with `Z` for the offset, or without a time of day.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse_date_time(text).ok_or_else(|| InvalidDateTime(text.to_owned()))
    }
}

fn parse_date_time(text: &str) -> Option<DateTime> {
    // Behind the date, so that its hyphens and a sign before the year are no offset.
    let time = text.find(['T', 't', ' ']).unwrap_or(text.len());
    let offset = text.char_indices().find(|&(at, c)| at > time && matches!(c, '+' | '-' | 'Z' | 'z'));
    let (civil, offset) = text.split_at_checked(offset.map_or(text.len(), |(at, _)| at))?;
    let offset = if offset.is_empty() { None } else { Some(parse_offset(offset)?) };
    Some(DateTime { civil: civil.parse().ok()?, offset })
}

fn parse_offset(text: &str) -> Option<Offset> {
    let (sign, parts) = match text.split_at_checked(1)? {
        ("+", parts) => (1, parts),
        ("-", parts) => (-1, parts),
        (_, "") => return Some(Offset::UTC),
        _ => return None,
    };
    let mut seconds = 0;
    for (part, unit) in parts.splitn(3, ':').zip([3600, 60, 1]) {
        if part.len() != 2 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        seconds += part.parse::<i32>().ok()? * unit;
    }
    Offset::from_seconds(sign * seconds).ok()
}

/// A decimal number of any precision, kept as the text that Python writes for it (`1E+2`, `0.10`, `NaN`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Decimal(String);

impl Decimal {
    /// The number as Python's `str(Decimal)` writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is no decimal number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no decimal number")]
pub struct InvalidDecimal(String);

impl FromStr for Decimal {
    type Err = InvalidDecimal;

    /// Takes what Python's `Decimal(text)` takes, without blanks and underscores: a sign, digits with a
    /// point, an exponent, or `NaN`, `sNaN`, `Infinity`, `Inf` in any case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidDecimal(text.to_owned());
        let body = text.strip_prefix(['+', '-']).unwrap_or(text);
        let word = body.to_ascii_lowercase();
        let nan = word.strip_prefix("snan").or_else(|| word.strip_prefix("nan"));
        if matches!(word.as_str(), "inf" | "infinity")
            || nan.is_some_and(|payload| payload.bytes().all(|byte| byte.is_ascii_digit()))
        {
            return Ok(Self(text.to_owned()));
        }
        let (number, exponent) =
            body.split_once(['e', 'E']).map_or((body, None), |(number, exponent)| (number, Some(exponent)));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let exponent_ok = exponent.is_none_or(|exponent| {
            let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            !exponent.is_empty() && digits(exponent)
        });
        if whole.len() + fraction.len() > 0 && digits(whole) && digits(fraction) && exponent_ok {
            Ok(Self(text.to_owned()))
        } else {
            Err(invalid())
        }
    }
}

/// Text with at least one lone surrogate: code points as Python's `surrogatepass` UTF-8 writes them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SurrogateStr(Box<[u8]>);

impl SurrogateStr {
    /// Wraps bytes that are UTF-8 but for three-byte sequences of lone surrogates (U+D800 to U+DFFF).
    /// `None` when they are anything else, plain UTF-8 included, which belongs into a `String`.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes;
        let mut surrogates = 0;
        loop {
            match std::str::from_utf8(rest) {
                Ok(_) => return (surrogates > 0).then(|| Self(bytes.into())),
                Err(error) => {
                    let (_, bad) = rest.split_at(error.valid_up_to());
                    match bad {
                        [0xED, 0xA0..=0xBF, 0x80..=0xBF, tail @ ..] => {
                            surrogates += 1;
                            rest = tail;
                        }
                        _ => return None,
                    }
                }
            }
        }
    }

    /// The bytes, in Python's `surrogatepass` UTF-8.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The code points, the lone surrogates among them.
    pub fn code_points(&self) -> impl Iterator<Item = u32> + '_ {
        let mut rest: &[u8] = &self.0;
        std::iter::from_fn(move || {
            let (&first, _) = rest.split_first()?;
            let length = match first {
                0x00..=0x7F => 1,
                0xC0..=0xDF => 2,
                0xE0..=0xEF => 3,
                _ => 4,
            };
            let (point, tail) = rest.split_at_checked(length)?;
            rest = tail;
            let lead = if length == 1 { u32::from(first) } else { u32::from(first) & (0x7F >> length) };
            Some(point.iter().skip(1).fold(lead, |code, byte| code << 6 | u32::from(byte & 0x3F)))
        })
    }
}

impl fmt::Debug for SurrogateStr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for point in self.code_points() {
            match char::from_u32(point) {
                Some(c) => write!(f, "{}", c.escape_debug())?,
                None => write!(f, "\\u{point:04x}")?,
            }
        }
        f.write_str("\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_what_python_writes() {
        for good in ["0", "-1.50", "1E+2", "1e-400", ".5", "5.", "NaN", "-Infinity", "sNaN123", "+1"] {
            assert_eq!(good.parse::<Decimal>().unwrap().as_str(), good);
        }
        for bad in ["", ".", "1e", "one", "1.2.3", "--1", "1e+", "0x1", "Infinit"] {
            assert!(bad.parse::<Decimal>().is_err(), "{bad}");
        }
    }

    #[test]
    fn surrogate_text_is_only_for_text_with_surrogates() {
        let text = SurrogateStr::new(b"a\xED\xA0\x80z").unwrap();
        assert_eq!(text.code_points().collect::<Vec<_>>(), [0x61, 0xD800, 0x7A]);
        assert_eq!(format!("{text:?}"), "\"a\\ud800z\"");
        assert!(SurrogateStr::new("plain €".as_bytes()).is_none());
        assert!(SurrogateStr::new(b"\xFF").is_none());
        assert!(SurrogateStr::new(b"\xED\xA0").is_none());
    }

    #[test]
    fn date_times_are_read_as_people_write_them() {
        let text = |text: &str| text.parse::<DateTime>().map(|date_time| date_time.to_string());
        for same in
            ["2024-02-29T12:30:00", "2024-02-29T12:30:00.250000+02:00", "0001-01-01T00:00:00-05:30:15"]
        {
            assert_eq!(text(same).as_deref(), Ok(same));
        }
        assert_eq!(text("2024-02-29 12:30:00Z").as_deref(), Ok("2024-02-29T12:30:00+00:00"));
        assert_eq!(text("2024-02-29").as_deref(), Ok("2024-02-29T00:00:00"));
        for bad in
            ["", "now", "2024-02-30", "2024-02-29T12:30:00+2", "2024-02-29T12:30:00+99:00", "2024-02-29T"]
        {
            assert!(text(bad).is_err(), "{bad}");
        }
    }
}
