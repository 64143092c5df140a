//! Every captured frame read, and written again to the same bytes.

use ferropyro_proto::{
    Annotations, CORRELATION, Deframer, Dialect, Frame, FrameError, FrameHead, FrameWriter, HmacKey,
    MessageType, SIGNATURE, SendOptions,
};
use uuid::Uuid;

use crate::vectors::{entries, flags, message_type, messages, number, text, unhex};

const ANY: &[MessageType] = &[
    MessageType::Connect,
    MessageType::ConnectOk,
    MessageType::ConnectFail,
    MessageType::Invoke,
    MessageType::Result,
    MessageType::Ping,
];

fn read(bytes: &[u8], key: Option<Option<&HmacKey>>) -> Result<Frame, FrameError> {
    let mut deframer = Deframer::new(None, ANY, 1 << 30);
    if let Some(key) = key {
        deframer.check_signatures(key.cloned());
    }
    deframer.input().extend_from_slice(bytes);
    let frame = deframer.next_frame()?.expect("a whole frame");
    assert!(deframer.is_empty());
    Ok(frame)
}

fn write(frame: &Frame, options: &SendOptions) -> Vec<u8> {
    let mut out = Vec::new();
    let writer =
        FrameWriter::begin(&mut out, frame.dialect, &frame.annotations, frame.correlation, options).unwrap();
    out.extend_from_slice(&frame.payload);
    let head = FrameHead {
        message_type: frame.message_type,
        flags: frame.flags,
        seq: frame.seq,
        serializer_id: frame.serializer_id,
    };
    writer.finish(&mut out, &head, options).unwrap();
    out
}

#[test]
fn every_captured_frame_says_what_it_said_to_pyro() {
    for dialect in Dialect::ALL {
        for entry in messages(dialect) {
            let name = text(&entry, "name");
            let frame = read(&unhex(text(&entry, "hex")), Some(None)).unwrap();
            assert_eq!(frame.dialect, dialect);
            assert_eq!(frame.message_type, message_type(text(&entry, "type")), "{name}");
            assert_eq!(frame.flags, flags(&entry["flags"]), "{name}");
            assert_eq!(frame.seq, number(&entry, "seq"), "{name}");
            assert_eq!(frame.serializer_id, number(&entry, "serializer"), "{name}");
            assert_eq!(frame.payload.len() as u64, entry["payload_len"].as_u64().unwrap(), "{name}");
            let mut annotations: Annotations = entry["annotations"]
                .as_array()
                .unwrap()
                .iter()
                .map(|chunk| {
                    let id = <[u8; 4]>::try_from(chunk[0].as_str().unwrap().as_bytes()).unwrap();
                    (id, unhex(chunk[1].as_str().unwrap()))
                })
                .collect();
            let correlation = match dialect {
                Dialect::Pyro4 => annotations.remove(CORRELATION).map(|id| Uuid::from_slice(&id).unwrap()),
                Dialect::Pyro5 => {
                    let id = Uuid::parse_str(text(&entry, "correlation")).unwrap();
                    (!id.is_nil()).then_some(id)
                }
            };
            assert_eq!(frame.correlation, correlation, "{name}");
            assert_eq!(frame.annotations, annotations, "{name}");
        }
    }
}

#[test]
fn every_captured_frame_is_written_again_to_the_same_bytes() {
    for dialect in Dialect::ALL {
        for entry in messages(dialect) {
            let bytes = unhex(text(&entry, "hex"));
            let frame = read(&bytes, None).unwrap();
            let written = write(&frame, &SendOptions::default());
            if frame.correlation.is_some() && frame.annotations.len() > 1 {
                // A daemon that adds annotations of its own puts them behind Pyro4's correlation id.
                assert_eq!(read(&written, None).unwrap(), frame);
                assert_eq!(written.len(), bytes.len());
            } else {
                assert_eq!(written, bytes, "{}", text(&entry, "name"));
            }
        }
    }
}

#[test]
fn every_compressed_frame_inflates() {
    let mut compressed = 0;
    for dialect in Dialect::ALL {
        for entry in messages(dialect) {
            let frame = read(&unhex(text(&entry, "hex")), None).unwrap();
            let was_compressed = entry["flags"].as_array().unwrap().iter().any(|flag| flag == "COMPRESSED");
            let inflated = frame.inflate(1 << 20).unwrap();
            if was_compressed {
                compressed += 1;
                assert!(inflated.payload.len() > 100);
            }
        }
    }
    assert!(compressed >= 8, "{compressed}");
}

#[test]
fn captured_signatures_are_verified_and_made_alike() {
    let key = HmacKey::new("secret-key");
    let options = SendOptions { hmac: Some(key.clone()), ..SendOptions::default() };
    for entry in entries(include_str!("../vectors/hmac.json")) {
        let name = text(&entry, "name");
        let bytes = unhex(text(&entry, "hex"));
        let verified = read(&bytes, Some(Some(&key)));
        match name {
            "hmac_wrong_key:connect" => assert_eq!(verified, Err(FrameError::HmacMismatch)),
            "hmac_client_none:connect" | "hmac_server_none:connectfail" => {
                assert_eq!(verified, Err(FrameError::HmacAsymmetric));
                assert!(read(&bytes, Some(None)).is_ok());
            }
            _ => {
                let frame = verified.unwrap();
                assert_eq!(frame.annotations.get(SIGNATURE), None);
                assert_eq!(write(&frame, &options), bytes, "{name}");
                assert_eq!(read(&bytes, Some(None)), Err(FrameError::HmacAsymmetric));
                let mut forged = bytes;
                *forged.last_mut().unwrap() ^= 1;
                assert_eq!(read(&forged, Some(Some(&key))), Err(FrameError::HmacMismatch));
            }
        }
    }
}
