//! Cutting frames out of a stream, in pieces of any size.

use super::*;
use crate::{Flags, FrameHead, FrameWriter, SendOptions};

const ANY: &[MessageType] = &[MessageType::Invoke, MessageType::Result, MessageType::Ping];

fn frame(dialect: Dialect, payload: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let options = SendOptions::default();
    let annotations = [(*b"TEST", "data")].into_iter().collect();
    let writer =
        FrameWriter::begin(&mut out, dialect, &annotations, Some(uuid::Uuid::from_u128(5)), &options)
            .unwrap();
    out.extend_from_slice(payload);
    let head =
        FrameHead { message_type: MessageType::Invoke, flags: Flags::ONEWAY, seq: 7, serializer_id: 1 };
    writer.finish(&mut out, &head, &options).unwrap();
    out
}

#[test]
fn a_frame_comes_whole_wherever_it_is_cut() {
    for dialect in Dialect::ALL {
        let bytes = frame(dialect, b"payload");
        for cut in 0..bytes.len() {
            let mut deframer = Deframer::new(None, ANY, 100);
            deframer.input().extend_from_slice(&bytes[..cut]);
            assert_eq!(deframer.next_frame(), Ok(None));
            assert_eq!(deframer.is_empty(), cut == 0);
            deframer.input().extend_from_slice(&bytes[cut..]);
            let frame = deframer.next_frame().unwrap().unwrap();
            assert_eq!(frame.payload, "payload");
            assert_eq!(frame.annotations.get(*b"TEST"), Some(&Bytes::from("data")));
            assert_eq!((frame.annotations.len(), frame.correlation), (1, Some(uuid::Uuid::from_u128(5))));
            assert_eq!((frame.seq, frame.serializer_id), (7, 1));
            assert!(deframer.is_empty());
        }
    }
}

#[test]
fn many_frames_come_from_one_read_and_share_its_memory() {
    let bytes = frame(Dialect::Pyro5, b"x").repeat(50);
    let mut deframer = Deframer::new(None, ANY, 100);
    deframer.input().extend_from_slice(&bytes);
    let start = deframer.buffer.as_ptr() as usize;
    for _ in 0..50 {
        let frame = deframer.next_frame().unwrap().unwrap();
        assert!((start..start + bytes.len()).contains(&(frame.payload.as_ptr() as usize)));
    }
    assert_eq!(deframer.next_frame(), Ok(None));
    deframer.release();
    assert_eq!(deframer.buffer.capacity(), 0);
}

#[test]
fn an_announced_length_takes_no_memory() {
    let mut header = frame(Dialect::Pyro5, b"");
    header.truncate(40);
    header[12..16].copy_from_slice(&(900_u32 << 20).to_be_bytes());
    let mut deframer = Deframer::new(None, ANY, 1 << 30);
    deframer.input().extend_from_slice(&header);
    assert_eq!(deframer.next_frame(), Ok(None));
    assert!(deframer.input().capacity() <= 2 * SMALL);
    for _ in 0..1000 {
        let spare = deframer.input().capacity() - deframer.buffer.len();
        assert!(spare > 0);
        deframer.buffer.extend_from_slice(&vec![0; spare.min(10_000)]);
        assert_eq!(deframer.next_frame(), Ok(None));
        assert!(deframer.buffer.capacity() <= 3 * deframer.buffer.len().max(SMALL));
    }
}

#[test]
fn the_memory_of_a_large_frame_goes_with_it() {
    let mut deframer = Deframer::new(None, ANY, 1 << 30);
    deframer.input().extend_from_slice(&frame(Dialect::Pyro5, &vec![0; 5 << 20]));
    assert!(deframer.next_frame().unwrap().is_some());
    assert!(deframer.input().capacity() <= 2 * SMALL);
}

#[test]
fn a_header_is_judged_before_its_payload_comes() {
    let bytes = frame(Dialect::Pyro5, b"payload");
    let mut deframer = Deframer::new(None, &[MessageType::Connect], 100);
    deframer.input().extend_from_slice(&bytes[..40]);
    let error = deframer.next_frame().unwrap_err();
    assert_eq!(error.to_string(), "invalid msg type 4 received (expected: 1)");
    let mut deframer = Deframer::new(None, ANY, 10);
    deframer.input().extend_from_slice(&bytes[..40]);
    assert_eq!(deframer.next_frame().unwrap_err().to_string(), "message too large (19, max=10)");
}

#[test]
fn the_first_six_bytes_are_judged_alone() {
    let mut deframer = Deframer::new(None, ANY, 10);
    deframer.input().extend_from_slice(b"GET / ");
    assert_eq!(deframer.next_frame().unwrap_err().to_string(), "invalid data");
    let mut deframer = Deframer::new(Some(Dialect::Pyro5), ANY, 10);
    deframer.input().extend_from_slice(b"PYRO\0\x30");
    assert_eq!(deframer.next_frame().unwrap_err().to_string(), "invalid protocol version: 48");
}

#[test]
fn the_first_frame_sets_the_dialect() {
    let mut deframer = Deframer::new(None, ANY, 100);
    deframer.input().extend_from_slice(&frame(Dialect::Pyro4, b"x"));
    assert!(deframer.next_frame().unwrap().is_some());
    deframer.input().extend_from_slice(&frame(Dialect::Pyro5, b"x"));
    assert_eq!(
        deframer.next_frame().unwrap_err().to_string(),
        "invalid data or unsupported protocol version"
    );
}

#[test]
fn there_is_room_to_read_into_even_while_frames_wait() {
    let bytes = frame(Dialect::Pyro5, &vec![0; 20_000]);
    let mut deframer = Deframer::new(None, ANY, 1 << 20);
    for byte in &bytes {
        assert!(deframer.input().capacity() > deframer.buffer.len());
        deframer.buffer.extend_from_slice(&[*byte]);
        if deframer.buffer.len() == 100 {
            assert_eq!(deframer.next_frame(), Ok(None));
        }
    }
    for _ in 0..3 {
        let spare = deframer.input().capacity() - deframer.buffer.len();
        assert!(spare > 0);
        deframer.buffer.extend_from_slice(&vec![0; spare]);
    }
}
