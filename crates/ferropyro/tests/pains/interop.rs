//! Programs of different Pyros at one daemon, and of Pyros that nobody speaks any more.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use ferropyro::{CallError, Client, Dialect, Location, Uri, Value};
use ferropyro_proto::{Flags, MessageType};

use crate::desk::Office;
use crate::limit::within;
use crate::peer::Peer;

#[tokio::test]
async fn p5_29_programs_of_both_pyros_call_one_object_at_the_same_time() {
    let office = Office::open().await;
    let daemon = office.daemon.clone();
    let calls = tokio::task::spawn_blocking(move || {
        let mut peers = Dialect::ALL.map(|dialect| Peer::connect(&daemon, dialect, "desk"));
        let mut totals = Vec::new();
        for _ in 0..2 {
            for peer in &mut peers {
                totals.push(peer.call("desk", "add", &[Value::from(1)]).unwrap());
            }
        }
        totals
    });
    assert_eq!(within(calls).await.unwrap(), [1, 2, 3, 4].map(Value::from));
}

/// The protocol version of Pyro 4.25.
const OLD: u16 = 46;

#[tokio::test]
async fn p4_190_a_program_of_an_old_pyro_is_told_so_at_once_and_does_not_hang() {
    let office = Office::open().await;
    let daemon = office.daemon.clone();
    let told = tokio::task::spawn_blocking(move || {
        let mut peer = Peer::dial(&daemon, Dialect::Pyro4);
        let mut frame = peer.frame(MessageType::Connect, Flags::NONE, b"");
        frame[4..6].copy_from_slice(&OLD.to_be_bytes());
        peer.write(&frame);
        let refusal = peer.read().expect("an answer");
        assert_eq!(refusal.message_type, MessageType::ConnectFail);
        let text = peer.text(&refusal);
        assert!(peer.is_closed());
        text
    });
    let text = within(told).await.unwrap();
    assert!(text.contains("unsupported protocol version"), "{text}");
}

#[tokio::test]
async fn p4_190_a_daemon_of_an_old_pyro_is_recognised_and_a_silent_one_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let uri = Uri::object_at("thing", Location::tcp("127.0.0.1", port));
    let old = tokio::task::spawn_blocking(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 40];
        stream.read_exact(&mut request).unwrap();
        let mut answer = b"PYRO".to_vec();
        answer.extend_from_slice(&OLD.to_be_bytes());
        answer.extend_from_slice(&[0; 34]);
        stream.write_all(&answer).unwrap();
        listener
    });
    let error = within(Client::new().proxy(&uri).bind()).await.unwrap_err();
    assert!(matches!(error.kind(), CallError::Protocol { .. }), "{error}");
    assert!(error.to_string().contains("unsupported protocol version"), "{error}");
    // From now on nobody answers there, although the system takes the connection.
    let _silent = within(old).await.unwrap();
    let hurried = Client::builder().handshake_timeout(Duration::from_millis(20)).build();
    let error = within(hurried.proxy(&uri).bind()).await.unwrap_err();
    assert!(matches!(error.kind(), CallError::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains("said nothing"), "{error}");
}
