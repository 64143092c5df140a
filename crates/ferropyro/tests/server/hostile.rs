//! Peers that break the protocol in every way that is known: each gets what the genuine daemon would give
//! it, and nobody else notices.

use std::time::Duration;

use ferropyro::{Codec, Daemon, Dialect, Value};
use ferropyro_proto::{Flags, MessageType};

use crate::peer::Peer;
use crate::thing;

/// Runs a misdeed in each dialect, beside a client that must not notice.
fn beside_a_witness(misdeed: impl Fn(&Daemon, Dialect)) {
    beside_a_witness_of(&thing::daemon(), misdeed);
}

/// The same with a daemon that is somehow special.
fn beside_a_witness_of(daemon: &Daemon, misdeed: impl Fn(&Daemon, Dialect)) {
    for dialect in Dialect::ALL {
        let mut witness = Peer::connect(daemon, dialect, "obj.thing");
        misdeed(daemon, dialect);
        assert_eq!(
            witness.call("obj.thing", "echo", &[Value::from("still here")]),
            Ok(Value::from("still here"))
        );
        let mut newcomer = Peer::connect(daemon, dialect, "obj.thing");
        assert_eq!(newcomer.call("obj.thing", "noargs", &[]), Ok(Value::None));
    }
}

/// A daemon that does not wait long for anybody.
fn impatient() -> Daemon {
    let builder = Daemon::builder().listen("127.0.0.1:0").handshake_timeout(Duration::from_millis(50));
    thing::serve(builder.bind().wait().expect("the daemon binds"))
}

/// Puts another payload length into a frame's header.
fn announce(frame: &mut [u8], dialect: Dialect, length: u32) {
    frame[12..16].copy_from_slice(&length.to_be_bytes());
    if dialect == Dialect::Pyro4 {
        let word = |at: usize| u32::from(u16::from_be_bytes([frame[at], frame[at + 1]]));
        let sum = word(6)
            .wrapping_add(48)
            .wrapping_add(length)
            .wrapping_add(word(18))
            .wrapping_add(word(16))
            .wrapping_add(word(8))
            .wrapping_add(word(10))
            .wrapping_add(0x34E9);
        let [.., high, low] = sum.to_be_bytes();
        frame[22..24].copy_from_slice(&[high, low]);
    }
}

#[test]
fn random_bytes_are_refused_with_a_text() {
    beside_a_witness(|daemon, dialect| {
        let mut peer = Peer::dial(daemon, dialect);
        peer.write(&[0x5A; 100]);
        let refusal = peer.read().expect("a refusal");
        assert_eq!(refusal.message_type, MessageType::ConnectFail);
        assert_eq!(refusal.codec(), Some(Codec::Marshal));
        assert!(peer.text(&refusal).starts_with("invalid data"));
        assert!(peer.is_closed());
    });
}

#[test]
fn the_wake_up_bytes_of_a_pyro_daemon_that_shuts_down_are_tolerated() {
    beside_a_witness(|daemon, dialect| {
        let mut peer = Peer::dial(daemon, dialect);
        peer.write(b"!!!!!!!!!!!!!!!!");
        peer.finish();
        while peer.read().is_some() {}
    });
}

#[test]
fn an_unknown_version_is_refused() {
    beside_a_witness(|daemon, dialect| {
        let mut peer = Peer::dial(daemon, dialect);
        let mut frame = peer.frame(MessageType::Connect, Flags::NONE, b"");
        frame[4..6].copy_from_slice(&777_u16.to_be_bytes());
        peer.write(&frame);
        assert_eq!(peer.read().expect("a refusal").message_type, MessageType::ConnectFail);
        assert!(peer.is_closed());
    });
}

#[test]
fn a_wrong_checksum_or_magic_number_is_refused_before_and_closes_after_the_handshake() {
    beside_a_witness(|daemon, dialect| {
        let last = dialect.header_len() - 1;
        let mut peer = Peer::dial(daemon, dialect);
        let mut frame = peer.frame(MessageType::Connect, Flags::NONE, b"");
        frame[last] ^= 0xFF;
        peer.write(&frame);
        let refusal = peer.read().expect("a refusal");
        let text = peer.text(&refusal);
        assert!(
            text == "header checksum mismatch" || text == "invalid message or protocol version",
            "{text}"
        );
        assert!(peer.is_closed());

        let mut peer = Peer::connect(daemon, dialect, "obj.thing");
        let mut frame = peer.invoke(Flags::NONE, "obj.thing", "noargs", &[]);
        frame[last] ^= 0xFF;
        peer.write(&frame);
        assert!(peer.is_closed());
    });
}

#[test]
fn an_announcement_of_gigabytes_is_refused_at_once() {
    beside_a_witness(|daemon, dialect| {
        let length = if dialect == Dialect::Pyro4 { i32::MAX as u32 } else { u32::MAX };
        let mut peer = Peer::dial(daemon, dialect);
        let mut frame = peer.frame(MessageType::Connect, Flags::NONE, b"");
        announce(&mut frame, dialect, length);
        peer.write(&frame);
        let refusal = peer.read().expect("a refusal");
        assert!(peer.text(&refusal).contains("max"), "{}", peer.text(&refusal));
        assert!(peer.is_closed());

        let mut peer = Peer::connect(daemon, dialect, "obj.thing");
        let mut frame = peer.invoke(Flags::NONE, "obj.thing", "noargs", &[]);
        announce(&mut frame, dialect, length);
        peer.write(&frame);
        assert!(peer.is_closed());
    });
}

#[test]
fn half_a_frame_and_silence_end_with_the_handshake_timeout() {
    beside_a_witness_of(&impatient(), |daemon, dialect| {
        for length in [0, 3, 10, 30] {
            let mut peer = Peer::dial(daemon, dialect);
            let frame = peer.frame(MessageType::Connect, Flags::NONE, &[0; 100]);
            peer.write(&frame[..length]);
            assert!(peer.is_closed());
        }
    });
}

#[test]
fn half_a_call_and_silence_end_with_the_stall_timeout() {
    let builder = Daemon::builder().listen("127.0.0.1:0").stall_timeout(Duration::from_millis(50));
    let daemon = thing::serve(builder.bind().wait().expect("the daemon binds"));
    beside_a_witness_of(&daemon, |daemon, dialect| {
        for length in [3, 10, 60] {
            let mut peer = Peer::connect(daemon, dialect, "obj.thing");
            let frame = peer.invoke(Flags::NONE, "obj.thing", "echo", &[Value::from("x".repeat(100))]);
            peer.write(&frame[..length]);
            assert!(peer.is_closed());
        }
        let mut large = Peer::connect(daemon, dialect, "obj.thing");
        let frame = large.invoke(Flags::NONE, "obj.thing", "echo", &[Value::from("x".repeat(300_000))]);
        large.write(&frame[..250_000]);
        assert!(large.is_closed());
    });
}

#[test]
fn bytes_at_random_are_survived_before_and_after_the_handshake() {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut bytes = [0; 300];
    let mut shuffled = || {
        for byte in &mut bytes {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            [*byte, ..] = state.to_be_bytes();
        }
        bytes
    };
    let noise: Vec<_> = (0..50).map(|_| shuffled()).collect();
    beside_a_witness(|daemon, dialect| {
        for bytes in &noise {
            let mut stranger = Peer::dial(daemon, dialect);
            stranger.write(bytes);
            assert_eq!(stranger.read().expect("a refusal").message_type, MessageType::ConnectFail);
            let mut peer = Peer::connect(daemon, dialect, "obj.thing");
            peer.write(bytes);
            assert!(peer.is_closed());
            for codec in Codec::ALL {
                let mut peer = Peer::connect_in(daemon, dialect, codec, "obj.thing");
                peer.write(&peer.frame(MessageType::Invoke, Flags::NONE, bytes));
                assert!(peer.outcome().is_err());
            }
        }
    });
}

#[test]
fn half_a_frame_and_the_end_of_the_stream_are_closed_without_a_word() {
    beside_a_witness(|daemon, dialect| {
        for length in [1, 5, 10, 60] {
            let mut peer = Peer::dial(daemon, dialect);
            let frame = peer.frame(MessageType::Connect, Flags::NONE, &[b'x'; 100]);
            peer.write(&frame[..length]);
            peer.finish();
            assert!(peer.is_closed());
        }
    });
}

#[test]
fn a_payload_that_does_not_parse_is_answered_and_the_connection_lives() {
    beside_a_witness(|daemon, dialect| {
        for codec in Codec::ALL {
            let mut peer = Peer::connect_in(daemon, dialect, codec, "obj.thing");
            for payload in [b"".as_slice(), b"(((", b"\xFF\xFE\x00", b"[1, 2, 3]"] {
                peer.write(&peer.frame(MessageType::Invoke, Flags::NONE, payload));
                assert!(peer.outcome().is_err(), "{codec} {payload:?}");
            }
            assert_eq!(peer.call("obj.thing", "noargs", &[]), Ok(Value::None));
        }
    });
}

#[test]
fn nesting_ten_thousand_deep_is_answered_and_the_connection_lives() {
    beside_a_witness(|daemon, dialect| {
        let deep = |open: &str, close: &str| {
            format!("('obj.thing','echo',({}{},),{{}})", open.repeat(10_000), close.repeat(10_000))
        };
        let mut peer = Peer::connect(daemon, dialect, "obj.thing");
        for payload in [deep("[", "]"), deep("(", ",)"), deep("{1:", "}")] {
            peer.write(&peer.frame(MessageType::Invoke, Flags::NONE, payload.as_bytes()));
            assert!(peer.outcome().is_err());
        }
        assert_eq!(peer.call("obj.thing", "noargs", &[]), Ok(Value::None));

        let mut peer = Peer::connect_in(daemon, dialect, Codec::Msgpack, "obj.thing");
        peer.write(&peer.frame(MessageType::Invoke, Flags::NONE, &[0x91; 10_000]));
        assert!(peer.outcome().is_err());
        assert_eq!(peer.call("obj.thing", "noargs", &[]), Ok(Value::None));

        let json = format!("{{\"params\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
        let marshal = [b"(\x01\0\0\0".repeat(10_000), b"N".to_vec()].concat();
        for (codec, payload) in [(Codec::Json, json.into_bytes()), (Codec::Marshal, marshal)] {
            let mut peer = Peer::connect_in(daemon, dialect, codec, "obj.thing");
            peer.write(&peer.frame(MessageType::Invoke, Flags::NONE, &payload));
            assert!(peer.outcome().is_err());
            assert_eq!(peer.call("obj.thing", "noargs", &[]), Ok(Value::None));
        }
    });
}

#[test]
fn a_decompression_bomb_goes_off_nowhere() {
    let builder = Daemon::builder().listen("127.0.0.1:0").max_inflated(1 << 20);
    let daemon = thing::serve(builder.bind().wait().expect("the daemon binds"));
    let mut bomb = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::copy(&mut std::io::Read::take(std::io::repeat(b' '), 8 << 20), &mut bomb)
        .expect("it compresses");
    let bomb = bomb.finish().expect("it compresses");
    beside_a_witness_of(&daemon, |daemon, dialect| {
        let mut peer = Peer::connect(daemon, dialect, "obj.thing");
        peer.write(&peer.frame(MessageType::Invoke, Flags::COMPRESSED, &bomb));
        let exception = peer.outcome().expect_err("it is refused");
        assert!(exception.message().contains("1048576"), "{exception}");
        assert_eq!(peer.call("obj.thing", "noargs", &[]), Ok(Value::None), "the connection lives");

        let mut stranger = Peer::dial(daemon, dialect);
        stranger.write(&stranger.frame(MessageType::Connect, Flags::COMPRESSED, &bomb));
        assert_eq!(stranger.read().expect("a refusal").message_type, MessageType::ConnectFail);
        assert!(stranger.is_closed());
    });
}

#[test]
fn names_that_cannot_be_called_are_refused_in_the_words_of_pyro() {
    beside_a_witness(|daemon, dialect| {
        let mut peer = Peer::connect(daemon, dialect, "obj.thing");
        let mut refused = |object: &str, method: &str| {
            let exception = peer.call(object, method, &[]).expect_err("refused");
            (exception.name().to_owned(), exception.message())
        };
        let attribute = |text: &str| ("AttributeError".to_owned(), text.to_owned());
        for name in ["_private", "__private", "__init__", "____", "__getattribute__"] {
            let text = format!("attempt to access private attribute '{name}'");
            assert_eq!(refused("obj.thing", name), attribute(&text));
        }
        assert_eq!(refused("obj.thing", "nope"), attribute("'Thing' object has no attribute 'nope'"));
        assert_eq!(
            refused("obj.thing", "attr.real"),
            attribute("'Thing' object has no attribute 'attr.real'")
        );
        assert_eq!(refused("obj.thing", "attr"), attribute("attempt to access unexposed attribute 'attr'"));
        assert_eq!(refused("nobody", "echo"), ("DaemonError".to_owned(), "unknown object".to_owned()));
    });
}

#[test]
fn an_unknown_object_in_the_handshake_is_refused() {
    beside_a_witness(|daemon, dialect| {
        let mut peer = Peer::dial(daemon, dialect);
        let refusal = peer.introduce("nobody");
        assert_eq!(refusal.message_type, MessageType::ConnectFail);
        assert_eq!(peer.text(&refusal), "unknown object");
        assert_eq!(refusal.codec(), Some(Codec::Serpent), "the client's own codec");
        assert!(peer.is_closed());
    });
}

#[test]
fn an_unknown_serializer_closes_the_connection() {
    beside_a_witness(|daemon, dialect| {
        let mut peer = Peer::connect(daemon, dialect, "obj.thing");
        let mut frame = peer.invoke(Flags::NONE, "obj.thing", "noargs", &[]);
        match dialect {
            Dialect::Pyro4 => {
                frame[17] = 99;
                let length = u32::try_from(frame.len() - 24).expect("a small frame");
                announce(&mut frame, dialect, length);
            }
            Dialect::Pyro5 => frame[7] = 99,
        }
        peer.write(&frame);
        assert!(peer.is_closed());

        let mut stranger = Peer::dial(daemon, dialect);
        let mut frame = stranger.frame(MessageType::Connect, Flags::NONE, b"");
        match dialect {
            Dialect::Pyro4 => {
                frame[17] = 99;
                announce(&mut frame, dialect, 0);
                let refusal = {
                    stranger.write(&frame);
                    stranger.read().expect("a refusal")
                };
                assert_eq!(refusal.message_type, MessageType::ConnectFail);
            }
            Dialect::Pyro5 => {
                frame[7] = 99;
                stranger.write(&frame);
            }
        }
        assert!(stranger.is_closed(), "genuine Pyro5 says nothing");
    });
}

#[test]
fn a_call_before_the_handshake_is_refused() {
    beside_a_witness(|daemon, dialect| {
        let mut peer = Peer::dial(daemon, dialect);
        let frame = peer.invoke(Flags::NONE, "obj.thing", "noargs", &[]);
        peer.write(&frame);
        let refusal = peer.read().expect("a refusal");
        assert!(peer.text(&refusal).starts_with("invalid msg type 4 received"));
        assert!(peer.is_closed());
    });
}

#[test]
fn a_refusal_is_read_even_by_a_peer_that_goes_on_sending() {
    beside_a_witness(|daemon, dialect| {
        let mut peer = Peer::dial(daemon, dialect);
        peer.try_write(&[b'x'; 200 << 10]);
        assert_eq!(peer.read().expect("the refusal survives").message_type, MessageType::ConnectFail);
    });
}

#[test]
fn a_peer_that_vanishes_at_any_step_takes_nobody_with_it() {
    beside_a_witness(|daemon, dialect| {
        drop(Peer::dial(daemon, dialect));
        drop(Peer::connect(daemon, dialect, "obj.thing"));
        let mut peer = Peer::connect(daemon, dialect, "obj.thing");
        let frame = peer.invoke(Flags::NONE, "obj.thing", "echo", &[Value::from("x".repeat(1 << 20))]);
        peer.write(&frame[..frame.len() / 2]);
        drop(peer);
        let mut peer = Peer::connect(daemon, dialect, "obj.thing");
        peer.write(&frame);
        drop(peer);
    });
}
