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

/// Whether the text can stand between single quotes as it is. Sixteen bytes at a time, for the vectorizer.
fn is_plain(bytes: &[u8]) -> bool {
    let (chunks, tail) = bytes.as_chunks::<16>();
    let plain = |byte: u8| (0x20..0x7F).contains(&byte) & (byte != b'\'') & (byte != b'\\');
    chunks.iter().all(|chunk| chunk.iter().fold(true, |all, &byte| all & plain(byte)))
        && tail.iter().fold(true, |all, &byte| all & plain(byte))
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
