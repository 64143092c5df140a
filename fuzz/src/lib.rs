//! What the fuzz targets share: the properties of codecs, and feeding a session in pieces.
//!
//! The targets themselves are in `fuzz_targets`, one for each thing that reads bytes from the network. They
//! look for panics first; what they assert besides is said at each function.

use bytes::{Bytes, BytesMut};
use ferropyro_value::{Codec, Limits, Value, flavor};

/// For what we wrote ourselves: an encoder may nest a little deeper than what it was given.
const OWN: Limits = Limits { depth: 1000, items: 1 << 24, int_digits: 10_000 };

/// Decodes a payload, and if that works, checks that
/// - decoding with shared bytes gives the same,
/// - what the encoder makes of it can be decoded,
/// - encoding settles: what a codec cannot tell apart (serpent's empty sets and tuples, tuples and lists in
///   json) changes at most twice, then nothing does. Twice, since Python's arithmetic, which serpent's form of
///   complex numbers is, takes the signs of `-0.0-0.0j` away one after the other.
pub fn round_trip(codec: Codec, payload: &[u8]) {
    let limits = Limits::default();
    let Ok(value) = codec.decode_value(payload, &limits) else { return };
    let shared = codec.decode_shared(&Bytes::copy_from_slice(payload), &limits);
    assert_eq!(value, shared.expect("shared bytes decode alike"));

    // The codec reads more than it writes: objects nested in marshal's containers, keys of any kind.
    let Ok(first) = codec.encode_value(&value, &flavor::PYRO5) else { return };
    let Some(second) = again(codec, &first) else { return };
    let third = again(codec, &second);
    let fourth = third.as_deref().and_then(|third| again(codec, third));
    assert_eq!(third.map(Bytes::from), fourth.map(Bytes::from), "encoding {value:?} does not settle");
}

/// Decodes and encodes what was encoded. Nothing where keys became dicts: serpent writes bytes and NaN as
/// dicts, also where they are keys, and such a text cannot be read (wire protocol §6.1).
fn again(codec: Codec, payload: &[u8]) -> Option<Vec<u8>> {
    let value: Value = match codec.decode_value(payload, &OWN) {
        Ok(value) => value,
        Err(error) if error.message.contains("unhashable") => return None,
        Err(error) => panic!("what was encoded cannot be decoded: {error}"),
    };
    Some(codec.encode_value(&value, &flavor::PYRO5).expect("what was encoded before can be encoded again"))
}

/// Cuts an input into pieces: the first byte says how large they are. 0 means all at once.
#[must_use]
pub fn pieces(input: &[u8]) -> (&[u8], usize) {
    match input.split_first() {
        Some((0, stream)) => (stream, stream.len().max(1)),
        Some((size, stream)) => (stream, usize::from(*size)),
        None => (input, 1),
    }
}

/// Appends to the buffer that a session reads from.
pub fn feed(buffer: &mut BytesMut, piece: &[u8]) {
    buffer.extend_from_slice(piece);
}
