//! Signed numbers, and the one sum that Python counts among literals: a real and an imaginary number.

use num_traits::ToPrimitive;

use super::decode::{Decoder, ends_value};
use super::numeral::{self, Numeral, Plain};
use crate::codec::Token;
use crate::{Complex, DecodeError, DecodeErrorKind};

impl<'de> Decoder<'de> {
    /// Passes a number in one of the common forms that stands alone.
    #[inline]
    pub(super) fn plain_number(&mut self, negative: bool) -> Option<Plain> {
        let (_, unsigned) = self.rest().split_at_checked(usize::from(negative))?;
        let (number, length) = numeral::read_plain(unsigned)?;
        if unsigned.get(length).is_some_and(|behind| !ends_value(*behind)) {
            return None;
        }
        self.pos += usize::from(negative) + length;
        Some(match number {
            Plain::Int(number) if negative => Plain::Int(-number),
            Plain::Float(number) if negative => Plain::Float(-number),
            number => number,
        })
    }

    /// A number, signed or not, or the sum of a real and an imaginary one, with the `groups` closed around it.
    pub(super) fn number(&mut self, mut groups: u32) -> Result<Token<'de>, DecodeError> {
        let negative = match self.peek() {
            Some(sign @ (b'-' | b'+')) => {
                self.pos += 1;
                sign == b'-'
            }
            _ => false,
        };
        let mut token = self.unsigned()?.into_token(negative);
        let mut summed = false;
        loop {
            self.pass_blanks()?;
            match self.peek() {
                Some(sign @ (b'-' | b'+')) => {
                    let real = match &token {
                        Token::Int(number) if !summed => as_float(*number),
                        Token::BigInt(number) if !summed => number.to_f64().unwrap_or(f64::INFINITY),
                        Token::Float(number) if !summed => *number,
                        _ => return Err(self.malformed_sum()),
                    };
                    if real.is_infinite() && matches!(token, Token::BigInt(_)) {
                        return Err(self.error(DecodeErrorKind::Value, "int too large to convert to float"));
                    }
                    self.pos += 1;
                    let Numeral::Imaginary(imag) = self.unsigned()? else {
                        return Err(self.malformed_sum());
                    };
                    // Python adds or subtracts whole complex numbers, which costs zeros their sign.
                    token = Token::Complex(if sign == b'+' {
                        Complex { real: real + 0.0, imag: 0.0 + imag }
                    } else {
                        Complex { real: real - 0.0, imag: 0.0 - imag }
                    });
                    summed = true;
                }
                Some(b')') if groups > 0 => {
                    self.leave();
                    groups -= 1;
                }
                _ if groups > 0 => return Err(self.unexpected("')'")),
                _ => return Ok(token),
            }
        }
    }

    #[cold]
    fn malformed_sum(&self) -> DecodeError {
        let message = "malformed literal: only a real and an imaginary number can be added or subtracted";
        self.error(DecodeErrorKind::Value, message)
    }

    /// An unsigned number behind blanks, perhaps in parentheses.
    fn unsigned(&mut self) -> Result<Numeral, DecodeError> {
        let mut groups = 0;
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            self.pass_blanks()?;
            while self.peek() == Some(b'(') {
                self.enter()?;
                groups += 1;
                self.pass_blanks()?;
            }
            if !matches!(self.peek(), Some(b'0'..=b'9' | b'.')) {
                return Err(self.error(DecodeErrorKind::Value, "malformed literal: a number must stand here"));
            }
        }
        let (numeral, length) = numeral::read(self.rest(), self.limits.int_digits)
            .map_err(|(kind, message)| self.error(kind, message))?;
        self.pos += length;
        self.leave_groups(groups)?;
        Ok(numeral)
    }
}

#[expect(clippy::cast_precision_loss, reason = "Python's float(int) rounds too")]
fn as_float(number: i64) -> f64 {
    number as f64
}
