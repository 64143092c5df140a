use super::{Decoder, Encoder};
use crate::codec::{Decoder as _, captured};
use crate::{Limits, flavor};

const CAPTURED: &str = include_str!("../../../tests/vectors/msgpack.json");

#[test]
fn captured_messages_are_read_as_pyro_reads_them() {
    for message in captured::messages(CAPTURED) {
        let mut decoder = Decoder::new(&message.bytes, &Limits::default()).unwrap();
        let tree = captured::tree(&mut decoder);
        match message.tree {
            Ok(expected) => {
                assert_eq!(tree, Ok(expected), "{}", message.name);
                decoder.finish().unwrap();
            }
            Err(reason) => assert_eq!(tree.unwrap_err().message, reason, "{}", message.name),
        }
    }
}

#[test]
fn captured_messages_are_written_byte_for_byte() {
    for message in captured::messages(CAPTURED).into_iter().filter(|message| message.tree.is_ok()) {
        let mut out = Vec::new();
        let mut decoder = Decoder::new(&message.bytes, &Limits::default()).unwrap();
        captured::transcode(&mut decoder, &mut Encoder::new(&mut out, &flavor::PYRO5)).unwrap();
        assert_eq!(out, message.bytes, "{}", message.name);
    }
}
