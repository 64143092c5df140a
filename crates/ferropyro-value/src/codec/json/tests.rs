use super::{Decoder, Encoder};
use crate::codec::{Decoder as _, captured};
use crate::{Limits, flavor};

const CAPTURED: &str = include_str!("../../../tests/vectors/json.json");

#[test]
fn captured_messages_are_read_as_pyro_reads_them() {
    for message in captured::messages(CAPTURED) {
        let mut decoder = Decoder::new(&message.bytes, &Limits::default()).unwrap();
        let tree = captured::tree(&mut decoder);
        assert_eq!(tree.as_ref(), Ok(message.tree.as_ref().unwrap()), "{}", message.name);
        decoder.finish().unwrap();
    }
}

#[test]
fn captured_messages_are_written_byte_for_byte() {
    for message in captured::messages(CAPTURED) {
        let mut out = Vec::new();
        let mut decoder = Decoder::new(&message.bytes, &Limits::default()).unwrap();
        captured::transcode(&mut decoder, &mut Encoder::new(&mut out, &flavor::PYRO5)).unwrap();
        assert_eq!(out, message.bytes, "{}", message.name);
    }
}
