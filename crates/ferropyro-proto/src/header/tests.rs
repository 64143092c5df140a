//! Headers of both dialects, right and wrong ones.

use super::*;

fn header(dialect: Dialect) -> Header {
    Header {
        dialect,
        message_type: 5,
        flags: Flags::EXCEPTION | Flags::BATCH,
        seq: 0xABCD,
        serializer_id: 3,
        annotations_len: 0x1234,
        payload_len: 0x0102_0304,
        correlation: None,
    }
}

fn encoded(header: &Header) -> Vec<u8> {
    let mut slot = vec![0xEE; header.dialect.header_len()];
    header.encode(&mut slot);
    slot
}

#[test]
fn a_header_of_pyro4_is_laid_out_with_its_checksum() {
    let bytes = encoded(&header(Dialect::Pyro4));
    assert_eq!(bytes, b"PYRO\0\x30\0\x05\0\x09\xAB\xCD\x01\x02\x03\x04\0\x03\x12\x34\0\0\xF6\x2F");
    assert_eq!(Header::parse(Dialect::Pyro4, &bytes), Ok(Some(header(Dialect::Pyro4))));
}

#[test]
fn a_header_of_pyro5_is_laid_out_with_its_correlation_id() {
    let id = Uuid::from_u128(0x0102_0304_0506_0708_090A_0B0C_0D0E_0F10);
    let mut header = header(Dialect::Pyro5);
    header.flags = header.flags | Flags::CORRELATION;
    header.correlation = Some(id);
    let bytes = encoded(&header);
    let start = b"PYRO\x01\xF6\x05\x03\0\x49\xAB\xCD\x01\x02\x03\x04\0\0\x12\x34";
    assert_eq!(bytes, [start, id.as_bytes().as_slice(), b"\0\0\x4D\xC5"].concat());
    assert_eq!(Header::parse(Dialect::Pyro5, &bytes), Ok(Some(header)));
}

#[test]
fn a_header_that_is_cut_is_waited_for() {
    for dialect in Dialect::ALL {
        let bytes = encoded(&header(dialect));
        for cut in 0..bytes.len() {
            assert_eq!(Header::parse(dialect, &bytes[..cut]), Ok(None));
        }
    }
}

#[test]
fn the_reserved_field_is_ignored_and_nothing_else_is() {
    for (dialect, reserved, last) in [(Dialect::Pyro4, 20, 23), (Dialect::Pyro5, 36, 39)] {
        let mut bytes = encoded(&header(dialect));
        bytes[reserved] = 0x55;
        assert_eq!(Header::parse(dialect, &bytes), Ok(Some(header(dialect))));
        bytes[last] ^= 1;
        assert!(Header::parse(dialect, &bytes).is_err());
    }
}

#[test]
fn a_negative_length_is_refused() {
    let bytes = encoded(&Header { payload_len: u32::MAX, ..header(Dialect::Pyro4) });
    assert_eq!(Header::parse(Dialect::Pyro4, &bytes), Err(FrameError::NegativeLength(-1)));
}

#[test]
fn each_dialect_has_its_words_for_what_it_does_not_speak() {
    let words = |prefix: &[u8; 6], expected| sniff(prefix, expected).unwrap_err().to_string();
    let pyro4 = "invalid data or unsupported protocol version";
    assert_eq!(words(b"PYRO\0\x31", None), pyro4);
    assert_eq!(words(b"PYRO\x01\xF6", Some(Dialect::Pyro4)), pyro4);
    assert_eq!(words(b"PYRO\x01\xF7", None), "invalid protocol version: 503");
    assert_eq!(words(b"GET / ", None), "invalid data");
    assert_eq!(sniff(b"PYRO\0\x30", None), Ok(Dialect::Pyro4));
}
