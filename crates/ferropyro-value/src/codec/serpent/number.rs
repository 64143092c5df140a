//! Ints as Python's `repr` writes them, and the number that a span of time becomes.

use jiff::SignedDuration;

use crate::{BigInt, EncodeError};

/// What CPython converts between int and text at most, in decimal digits.
const MAX_INT_DIGITS: usize = 4300;

/// Writes an int.
pub(crate) fn write_int(out: &mut Vec<u8>, number: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Writes an int of any size, as far as a CPython peer would read it.
pub(crate) fn write_big_int(out: &mut Vec<u8>, number: &BigInt) -> Result<(), EncodeError> {
    // The conversion is quadratic: a number that is far too long is refused before it. 10 has more than 3 bits.
    let far_too_long = number.bits() > 4 * MAX_INT_DIGITS as u64;
    let text = if far_too_long { String::new() } else { number.to_string() };
    if far_too_long || text.trim_start_matches('-').len() > MAX_INT_DIGITS {
        return Err(EncodeError::TooLong("an int of more than 4300 digits", "serpent"));
    }
    out.extend_from_slice(text.as_bytes());
    Ok(())
}

/// The seconds of a timedelta as the nearest double, from the microseconds that Python keeps.
pub(crate) fn total_seconds(delta: SignedDuration) -> f64 {
    let micros = delta.as_micros();
    #[expect(clippy::cast_precision_loss, reason = "exact below 2^53")]
    if micros.unsigned_abs() < 1 << 53 {
        micros as f64 / 1e6
    } else {
        // A division would round twice; a decimal text is rounded once.
        format!("{micros}e-6").parse().unwrap_or(f64::INFINITY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_rounded_once() {
        assert_eq!(total_seconds(SignedDuration::new(86_402, 3_999)), 86_402.000_003);
        let large = SignedDuration::new(86_399_999_999_999, 999_999_000);
        assert_eq!(total_seconds(large), 86_399_999_999_999.999_999);
        assert_eq!(total_seconds(SignedDuration::from_secs(-86_400)), -86_400.0);
    }

    #[test]
    fn ints_end_where_cpython_stops_reading() {
        let largest: BigInt = BigInt::from(10).pow(4300) - 1;
        let mut out = Vec::new();
        write_big_int(&mut out, &-largest.clone()).unwrap();
        assert_eq!(out.len(), 4301);
        assert!(write_big_int(&mut out, &(largest + 1)).is_err());
        assert!(write_big_int(&mut out, &(BigInt::from(1) << 1_000_000)).is_err());
    }
}
