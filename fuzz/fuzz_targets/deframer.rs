//! Any stream of bytes as frames: cut into pieces, it gives the frames that it gives at once.

#![no_main]

use ferropyro_proto::{Deframer, Frame, MessageType};
use libfuzzer_sys::fuzz_target;

const EXPECTED: &[MessageType] = &[
    MessageType::Connect,
    MessageType::ConnectOk,
    MessageType::ConnectFail,
    MessageType::Invoke,
    MessageType::Result,
    MessageType::Ping,
];

fn frames(stream: &[u8], size: usize) -> (Vec<Frame>, bool) {
    let mut deframer = Deframer::new(None, EXPECTED, 1 << 20);
    let mut frames = Vec::new();
    for piece in stream.chunks(size) {
        ferropyro_fuzz::feed(deframer.input(), piece);
        loop {
            match deframer.next_frame() {
                Ok(Some(frame)) => frames.push(frame),
                Ok(None) => break,
                Err(_) => return (frames, true),
            }
        }
    }
    (frames, false)
}

fuzz_target!(|input: &[u8]| {
    let (stream, size) = ferropyro_fuzz::pieces(input);
    assert_eq!(frames(stream, size), frames(stream, stream.len().max(1)));
    for frame in frames(stream, size).0 {
        if let Ok(frame) = frame.inflate(1 << 20) {
            assert!(frame.payload.len() <= 1 << 20 || frame.payload.len() <= stream.len());
        }
    }
});
