//! Backslash escapes in string and bytes literals.

use super::decode::Decoder;
use crate::{DecodeError, DecodeErrorKind};

impl Decoder<'_> {
    /// Passes the escape whose backslash stands here, and adds what it means.
    pub(super) fn escape(&mut self, is_bytes: bool, out: &mut Vec<u8>) -> Result<(), DecodeError> {
        let (length, plain) = match self.rest() {
            [_, b'\r', b'\n', ..] => (3, None),
            [_, b'\n' | b'\r', ..] => (2, None),
            [_, byte @ (b'\\' | b'\'' | b'"'), ..] => (2, Some(*byte)),
            [_, b'a', ..] => (2, Some(0x07)),
            [_, b'b', ..] => (2, Some(0x08)),
            [_, b'f', ..] => (2, Some(0x0C)),
            [_, b'n', ..] => (2, Some(b'\n')),
            [_, b'r', ..] => (2, Some(b'\r')),
            [_, b't', ..] => (2, Some(b'\t')),
            [_, b'v', ..] => (2, Some(0x0B)),
            [_, b'0'..=b'7', ..] => return self.octal(is_bytes, out),
            [_, b'x', ..] => return self.hexadecimal(2, is_bytes, out),
            [_, b'u', ..] if !is_bytes => return self.hexadecimal(4, is_bytes, out),
            [_, b'U', ..] if !is_bytes => return self.hexadecimal(8, is_bytes, out),
            [_, b'N', ..] if !is_bytes => {
                let message = "\\N{...} escapes are not supported; write the character itself, or \\uXXXX";
                return Err(self.error(DecodeErrorKind::Unsupported, message));
            }
            // No escape at all: the backslash stays, and what follows is read as usual.
            _ => (1, Some(b'\\')),
        };
        self.pos += length;
        out.extend(plain);
        Ok(())
    }

    fn octal(&mut self, is_bytes: bool, out: &mut Vec<u8>) -> Result<(), DecodeError> {
        self.pos += 1;
        let mut code = 0;
        for _ in 0..3 {
            let Some(digit @ b'0'..=b'7') = self.peek() else { break };
            code = code * 8 + u32::from(digit - b'0');
            self.pos += 1;
        }
        self.push_code(code, is_bytes, out)
    }

    fn hexadecimal(&mut self, digits: usize, is_bytes: bool, out: &mut Vec<u8>) -> Result<(), DecodeError> {
        let mut code = 0_u32;
        for at in 0..digits {
            let digit = self.bytes().get(self.pos + 2 + at).and_then(|byte| char::from(*byte).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.error(DecodeErrorKind::Syntax, "truncated escape in a string literal"));
            };
            code = code << 4 | digit;
        }
        self.push_code(code, is_bytes, out)?;
        self.pos += 2 + digits;
        Ok(())
    }

    fn push_code(&self, code: u32, is_bytes: bool, out: &mut Vec<u8>) -> Result<(), DecodeError> {
        if is_bytes {
            // Python drops the ninth bit of an octal escape.
            out.push(code.to_le_bytes()[0]);
        } else if let Some(c) = char::from_u32(code) {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        } else if code < 0x11_0000 {
            let [low, high, ..] = code.to_le_bytes();
            out.extend_from_slice(&[0xED, 0xA0 | (high & 0x07) << 2 | low >> 6, 0x80 | low & 0x3F]);
        } else {
            return Err(self.error(DecodeErrorKind::Syntax, "illegal Unicode character in an escape"));
        }
        Ok(())
    }
}
