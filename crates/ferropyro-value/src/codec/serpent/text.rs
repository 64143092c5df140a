//! Text and bytes as Python's `repr` writes them.

use super::printable::Printable;
use crate::SurrogateStr;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Writes text as a literal.
pub(crate) fn write_str(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    if is_plain(bytes) {
        out.reserve(bytes.len() + 2);
        out.push(b'\'');
        out.extend_from_slice(bytes);
        out.push(b'\'');
        return;
    }
    let quote = quote_for(bytes);
    let mut printable = Printable::new();
    out.reserve(bytes.len() + 4);
    out.push(quote);
    let mut copied = 0;
    for (at, c) in text.char_indices() {
        let shown = match u8::try_from(c) {
            Ok(byte @ 0..=0x7F) => !is_special(byte, quote),
            _ => printable.contains(c.into()),
        };
        if !shown {
            out.extend_from_slice(bytes.get(copied..at).unwrap_or_default());
            escape(out, c.into());
            copied = at + c.len_utf8();
        }
    }
    out.extend_from_slice(bytes.get(copied..).unwrap_or_default());
    out.push(quote);
}

/// Writes text with lone surrogates as a literal.
pub(crate) fn write_surrogate_str(out: &mut Vec<u8>, text: &SurrogateStr) {
    let quote = quote_for(text.as_bytes());
    let mut printable = Printable::new();
    out.push(quote);
    for point in text.code_points() {
        match (u8::try_from(point), char::from_u32(point)) {
            (Ok(byte @ 0..=0x7F), _) if !is_special(byte, quote) => out.push(byte),
            (_, Some(c)) if point > 0x7F && printable.contains(point) => {
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
            _ => escape(out, point),
        }
    }
    out.push(quote);
}

/// Writes bytes as a bytes literal.
pub(crate) fn write_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    let quote = quote_for(bytes);
    out.reserve(bytes.len() + 3);
    out.extend_from_slice(&[b'b', quote]);
    for &byte in bytes {
        if byte < 0x80 && !is_special(byte, quote) {
            out.push(byte);
        } else {
            escape(out, byte.into());
        }
    }
    out.push(quote);
}

/// Whether the text can stand between single quotes as it is.
#[inline]
fn is_plain(bytes: &[u8]) -> bool {
    // The last chunk overlaps the one before it, so that no tail is left to be looked at byte by byte.
    if let Some(last) = bytes.last_chunk() {
        let (chunks, _) = bytes.as_chunks();
        chunks.iter().all(are_plain) && are_plain(last)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        is_plain_word(u64::from_ne_bytes(*first)) && is_plain_word(u64::from_ne_bytes(*last))
    } else if let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) {
        is_plain_word(u64::from(u32::from_ne_bytes(*first)) << 32 | u64::from(u32::from_ne_bytes(*last)))
    } else {
        bytes.iter().all(|byte| is_plain_byte(*byte))
    }
}

fn is_plain_byte(byte: u8) -> bool {
    (0x20..0x7F).contains(&byte) & (byte != b'\'') & (byte != b'\\')
}

/// All sixteen at once, once the vectorizer is done with it.
fn are_plain(bytes: &[u8; 16]) -> bool {
    bytes.iter().fold(true, |all, &byte| all & is_plain_byte(byte))
}

/// All eight at once: a byte minus a bound borrows from its high bit if it is below the bound.
fn is_plain_word(word: u64) -> bool {
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    let below = |word: u64, bound: u8| word.wrapping_sub(u64::from_ne_bytes([bound; 8])) & !word;
    let equal = |byte: u8| below(word ^ u64::from_ne_bytes([byte; 8]), 1);
    (word | below(word, 0x20) | equal(b'\'') | equal(b'\\') | equal(0x7F)) & HIGH == 0
}

/// Whether an ASCII byte must be escaped between these quotes.
fn is_special(byte: u8, quote: u8) -> bool {
    byte < 0x20 || byte == 0x7F || byte == b'\\' || byte == quote
}

/// Python prefers single quotes, unless that would need a backslash that double quotes would not.
fn quote_for(bytes: &[u8]) -> u8 {
    if bytes.contains(&b'\'') && !bytes.contains(&b'"') { b'"' } else { b'\'' }
}

fn escape(out: &mut Vec<u8>, point: u32) {
    let (letter, digits) = match point {
        0x09 => return out.extend_from_slice(b"\\t"),
        0x0A => return out.extend_from_slice(b"\\n"),
        0x0D => return out.extend_from_slice(b"\\r"),
        0x22 => return out.extend_from_slice(b"\\\""),
        0x27 => return out.extend_from_slice(b"\\'"),
        0x5C => return out.extend_from_slice(b"\\\\"),
        0..=0xFF => (b'x', 2),
        0x100..=0xFFFF => (b'u', 4),
        _ => (b'U', 8),
    };
    out.extend_from_slice(&[b'\\', letter]);
    for place in (0..digits).rev() {
        let digit = usize::try_from(point >> (4 * place) & 0xF).unwrap_or_default();
        out.push(HEX.get(digit).copied().unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_special_byte_anywhere_is_found() {
        for length in 0..40 {
            assert!(is_plain(&vec![b'x'; length]), "{length}");
            for at in 0..length {
                for byte in 0..=255 {
                    let mut bytes = vec![b'~'; length];
                    bytes[at] = byte;
                    assert_eq!(is_plain(&bytes), is_plain_byte(byte), "{byte} at {at} of {length}");
                }
            }
        }
    }
}
