//! Whatever comes: no panic, and memory within the bounds.

use std::sync::Arc;
use std::time::Duration;

use ferropyro_proto::{
    ClientConfig, ClientSession, ConnectParams, Dialect, FrameLimits, Header, ServerConfig, ServerEvent,
    ServerSession, inflate,
};
use proptest::prelude::*;

use crate::vectors::{messages, text, unhex};

fn limits() -> FrameLimits {
    FrameLimits { max_frame: 100_000, max_handshake: 10_000, max_inflated: 50_000 }
}

/// Feeds a server in pieces; gives whether it is still listening.
fn feed_server(bytes: &[u8], handshake: bool) -> bool {
    let config = ServerConfig { limits: limits(), handshake, ..ServerConfig::default() };
    let mut server = ServerSession::new(Arc::new(config), Duration::ZERO);
    let mut out = Vec::new();
    for piece in bytes.chunks(1000) {
        server.input().extend_from_slice(piece);
        loop {
            match server.poll(&mut out) {
                Err(_) => return false,
                Ok(None) => break,
                Ok(Some(ServerEvent::Inflate(frame))) => server.resume(frame.inflate(limits().max_inflated)),
                Ok(Some(_)) => {}
            }
        }
        assert!(server.input().capacity() <= 2 * bytes.len() + (16 << 10));
    }
    true
}

fn feed_client(bytes: &[u8], dialect: Dialect, connected: bool) {
    let config = Arc::new(ClientConfig { limits: limits(), ..ClientConfig::default() });
    let mut client = if connected {
        ClientSession::existing(config, dialect, 0)
    } else {
        ClientSession::connect(config, dialect, 0, &ConnectParams::new("x"), &mut Vec::new()).unwrap()
    };
    client.input().extend_from_slice(bytes);
    while let Ok(Some(_)) = client.poll() {}
}

fn a_dialect() -> impl Strategy<Value = Dialect> {
    prop_oneof![Just(Dialect::Pyro4), Just(Dialect::Pyro5)]
}

/// A captured frame in which some bytes are replaced: anywhere, or only behind the header, which in Pyro4
/// has a checksum that would give most of the damage away.
fn a_damaged_frame() -> impl Strategy<Value = Vec<u8>> {
    let frames: Vec<Vec<u8>> = Dialect::ALL
        .into_iter()
        .flat_map(|dialect| messages(dialect).into_iter().step_by(9).map(|entry| unhex(text(&entry, "hex"))))
        .collect();
    let damage = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4);
    (prop::sample::select(frames), damage, any::<bool>()).prop_map(|(mut frame, damage, anywhere)| {
        for (at, byte) in damage {
            let start = if anywhere { 0 } else { 24 };
            let at = start + at.index(frame.len() - start);
            frame[at] = byte;
        }
        frame
    })
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..5000), dialect in a_dialect()) {
        feed_server(&bytes, true);
        feed_client(&bytes, dialect, false);
        let _ = inflate(&bytes, 1000);
    }

    #[test]
    fn damaged_frames_never_panic(frames in prop::collection::vec(a_damaged_frame(), 1..4), dialect in a_dialect()) {
        let bytes = frames.concat();
        feed_server(&bytes, true);
        feed_server(&bytes, false);
        feed_client(&bytes, dialect, false);
        feed_client(&bytes, dialect, true);
    }

    #[test]
    fn headers_with_any_announcement_take_no_memory(
        message_type in 1_u16..=7,
        payload_len in any::<u32>(),
        annotations_len in any::<u32>(),
        dialect in a_dialect(),
    ) {
        let annotations_len = match dialect {
            Dialect::Pyro4 => annotations_len >> 16,
            Dialect::Pyro5 => annotations_len,
        };
        let header = Header {
            dialect,
            message_type,
            flags: Default::default(),
            seq: 1,
            serializer_id: 1,
            annotations_len,
            payload_len,
            correlation: None,
        };
        let mut bytes = vec![0; dialect.header_len()];
        header.encode(&mut bytes);
        let listening = feed_server(&bytes, false);
        let body = u64::from(payload_len) + u64::from(annotations_len);
        if body > limits().max_frame {
            prop_assert!(!listening);
        }
    }
}
