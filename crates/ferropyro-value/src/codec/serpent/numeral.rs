//! Numerals as Python's grammar has them: an unsigned int, float or imaginary number at the start of bytes.
//!
//! Signs and complex sums are expressions, and the decoder's business.

use crate::codec::Token;
use crate::{BigInt, Complex, DecodeErrorKind};

/// An unsigned number.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Numeral {
    Int(i64),
    BigInt(BigInt),
    Float(f64),
    Imaginary(f64),
}

/// What is wrong with a numeral.
pub(super) type Fault = (DecodeErrorKind, &'static str);

const INVALID: Fault = (DecodeErrorKind::Syntax, "invalid number");
const TOO_LONG: Fault = (DecodeErrorKind::Limit, "the int has more digits than the limit allows");

/// Powers of ten that are exact doubles.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// A number in one of the common forms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Plain {
    Int(i64),
    Float(f64),
}

/// Reads a short decimal int, or a float with a point and no exponent, with how many bytes it takes.
#[inline]
pub(super) fn read_plain(text: &[u8]) -> Option<(Plain, usize)> {
    let mut mantissa = 0u64;
    let whole = digits(text, &mut mantissa);
    match text.get(whole) {
        Some(b'.') => {}
        Some(byte) if continues(*byte) => return None,
        _ => {
            let leading_zero = whole > 1 && text.first() == Some(&b'0');
            let number = i64::try_from(mantissa).ok()?;
            return ((1..=18).contains(&whole) && !leading_zero).then_some((Plain::Int(number), whole));
        }
    }
    let fraction = digits(text.get(whole + 1..)?, &mut mantissa);
    let end = whole + 1 + fraction;
    if whole + fraction == 0 || text.get(end).is_some_and(|byte| continues(*byte)) {
        return None;
    }
    // With mantissa and power both exact, the one division rounds correctly.
    #[expect(clippy::cast_precision_loss, reason = "exact up to 2^53")]
    let number = match POWERS.get(fraction) {
        Some(power) if whole + fraction <= 19 && mantissa <= 1 << 53 => mantissa as f64 / power,
        _ => std::str::from_utf8(text.get(..end)?).ok()?.parse().ok()?,
    };
    Some((Plain::Float(number), end))
}

/// Passes decimal digits; `mantissa` is right for 19 of them at most.
#[inline]
fn digits(text: &[u8], mantissa: &mut u64) -> usize {
    let mut passed = 0;
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        *mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
        passed += 1;
    }
    passed
}

/// Whether this byte behind a numeral would belong to it, or make it none.
fn continues(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Reads a numeral of any form, with how many bytes it takes.
pub(super) fn read(text: &[u8], int_digits: usize) -> Result<(Numeral, usize), Fault> {
    let radix = match text {
        [b'0', b'x' | b'X', ..] => Some((16, 4)),
        [b'0', b'o' | b'O', ..] => Some((8, 3)),
        [b'0', b'b' | b'B', ..] => Some((2, 1)),
        _ => None,
    };
    let (numeral, end) = match radix {
        Some((radix, bits)) => read_radix(text, radix, bits, int_digits)?,
        None => read_decimal(text, int_digits)?,
    };
    if text.get(end).is_some_and(|byte| continues(*byte)) { Err(INVALID) } else { Ok((numeral, end)) }
}

fn read_radix(text: &[u8], radix: u32, bits: usize, int_digits: usize) -> Result<(Numeral, usize), Fault> {
    let mut at = 2;
    let mut digits = Vec::new();
    loop {
        let digit_at = if text.get(at) == Some(&b'_') { at + 1 } else { at };
        match text.get(digit_at) {
            Some(byte) if char::from(*byte).is_digit(radix) => digits.push(*byte),
            _ => break,
        }
        at = digit_at + 1;
        // A decimal digit holds a bit more than 10/3 bits. CPython has no limit here, and could not print such an int.
        if digits.len().saturating_mul(bits) > int_digits.saturating_mul(10) / 3 + 8 {
            return Err(TOO_LONG);
        }
    }
    let number = BigInt::parse_bytes(&digits, radix).ok_or(INVALID)?;
    Ok((narrow(number), at))
}

fn read_decimal(text: &[u8], int_digits: usize) -> Result<(Numeral, usize), Fault> {
    let mut at = digit_part(text, 0).unwrap_or(0);
    let whole = at;
    let mut is_float = false;
    if text.get(at) == Some(&b'.') {
        is_float = true;
        at = digit_part(text, at + 1).unwrap_or(at + 1);
        if at == 1 {
            return Err(INVALID);
        }
    }
    if whole == 0 && !is_float {
        return Err(INVALID);
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        is_float = true;
        let signed = matches!(text.get(at + 1), Some(b'+' | b'-'));
        at = digit_part(text, at + 1 + usize::from(signed)).ok_or(INVALID)?;
    }
    let mut plain: Vec<u8> = text.get(..at).unwrap_or_default().to_vec();
    plain.retain(|byte| *byte != b'_');
    let plain = String::from_utf8(plain).map_err(|_| INVALID)?;
    let imaginary = matches!(text.get(at), Some(b'j' | b'J'));
    if is_float || imaginary {
        let number = plain.parse().map_err(|_| INVALID)?;
        return Ok(if imaginary {
            (Numeral::Imaginary(number), at + 1)
        } else {
            (Numeral::Float(number), at)
        });
    }
    if plain.len() > 1 && plain.starts_with('0') && plain.bytes().any(|byte| byte != b'0') {
        return Err((DecodeErrorKind::Syntax, "leading zeros in decimal integer literals are not permitted"));
    }
    if plain.len() > int_digits {
        return Err(TOO_LONG);
    }
    Ok((narrow(plain.parse().map_err(|_| INVALID)?), at))
}

/// The end of digits with single underscores between them, from `at` on; `None` without a digit.
fn digit_part(text: &[u8], mut at: usize) -> Option<usize> {
    if !text.get(at)?.is_ascii_digit() {
        return None;
    }
    loop {
        at += 1;
        match (text.get(at), text.get(at + 1)) {
            (Some(b'0'..=b'9'), _) => {}
            (Some(b'_'), Some(b'0'..=b'9')) => at += 1,
            _ => return Some(at),
        }
    }
}

fn narrow(number: BigInt) -> Numeral {
    i64::try_from(&number).map_or(Numeral::BigInt(number), Numeral::Int)
}

impl Numeral {
    /// The number as it stands, or negated.
    pub(super) fn into_token(self, negative: bool) -> Token<'static> {
        match (self, negative) {
            (Self::Int(number), false) => Token::Int(number),
            // Positive, so it cannot overflow.
            (Self::Int(number), true) => Token::Int(number.wrapping_neg()),
            (Self::BigInt(number), false) => Token::BigInt(Box::new(number)),
            (Self::BigInt(number), true) => {
                let number = -number;
                i64::try_from(&number).map_or_else(|_| Token::BigInt(Box::new(number)), Token::Int)
            }
            (Self::Float(number), false) => Token::Float(number),
            (Self::Float(number), true) => Token::Float(-number),
            (Self::Imaginary(imag), false) => Token::Complex(Complex { real: 0.0, imag }),
            // Python negates the whole complex number.
            (Self::Imaginary(imag), true) => Token::Complex(Complex { real: -0.0, imag: -imag }),
        }
    }
}
