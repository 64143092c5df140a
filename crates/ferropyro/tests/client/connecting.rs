//! Reaching a daemon: dialects, refusals, and peers that are none.

use std::sync::Arc;
use std::time::Duration;

use ferropyro::{Annotations, CallError, Client, Codec, Dialect, Location, Metadata, Uri, Value};
use ferropyro_proto::{
    Flags, FrameHead, FrameWriter, HmacKey, MessageType, SendOptions, ServerConfig, ServerEvent,
};

use crate::peer::{Peer, metadata};

/// What a Pyro4 daemon answers to anything that is not of its protocol: a CONNECTFAIL framed as 48.
fn refusal_of_pyro4() -> Vec<u8> {
    let (dialect, options, mut frame) = (Dialect::Pyro4, SendOptions::default(), Vec::new());
    let writer = FrameWriter::begin(&mut frame, dialect, &Annotations::new(), None, &options).unwrap();
    let reason = Value::from("invalid data or unsupported protocol version");
    Codec::Marshal.encode_value_into(&reason, dialect.flavor(), &mut frame).unwrap();
    let serializer_id = dialect.serializer_id(Codec::Marshal);
    let head =
        FrameHead { message_type: MessageType::ConnectFail, flags: Flags::NONE, seq: 0, serializer_id };
    writer.finish(&mut frame, &head, &options).unwrap();
    frame
}

#[tokio::test]
async fn a_daemon_of_pyro4_is_found_out_once_and_remembered() {
    let peer = Peer::bind().await;
    let client = Client::new();
    let server = async {
        let mut connection = peer.accept_raw().await;
        assert!(matches!(connection.event().await, Some(ServerEvent::Connect(_))));
        assert_eq!(connection.dialect(), Some(Dialect::Pyro5));
        connection.send_raw(&refusal_of_pyro4()).await;
        drop(connection);
        for _ in 0..2 {
            let mut connection = peer.accept_raw().await;
            connection.take_client().await;
            assert_eq!(connection.dialect(), Some(Dialect::Pyro4));
        }
    };
    let client = async {
        client.proxy(peer.uri()).bind().await.unwrap();
        client.proxy(peer.uri()).bind().await.unwrap();
    };
    tokio::join!(client, server);
}

#[tokio::test]
async fn a_daemon_that_closes_without_a_word_is_asked_in_the_other_dialect() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async {
        let mut connection = peer.accept_raw().await;
        connection.event().await;
        drop(connection);
        let mut connection = peer.accept().await;
        assert_eq!(connection.dialect(), Some(Dialect::Pyro4));
        let call = connection.expect("a").await;
        connection.answer(&call, 1).await;
    };
    let (result, ()) = tokio::join!(proxy.call("a", ()).into_future(), server);
    result.unwrap();
}

#[tokio::test]
async fn a_dialect_that_is_forced_is_not_changed() {
    let peer = Peer::bind().await;
    let proxy = Client::builder().dialect(Dialect::Pyro5).build().proxy(peer.uri());
    let server = async {
        let mut connection = peer.accept_raw().await;
        connection.event().await;
        connection.send_raw(&refusal_of_pyro4()).await;
    };
    let (bound, ()) = tokio::join!(proxy.bind().into_future(), server);
    assert!(matches!(bound.unwrap_err().kind(), CallError::Refused { .. }));
}

#[tokio::test]
async fn the_reason_of_a_refusal_is_told() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async { peer.accept_raw().await.refuse("unknown object").await };
    let (bound, ()) = tokio::join!(proxy.bind().into_future(), server);
    let expected = format!("connection to {} rejected: unknown object", peer.location());
    assert_eq!(bound.unwrap_err().to_string(), expected);
}

#[tokio::test]
async fn a_refused_serializer_names_others_to_try() {
    let peer = Peer::with_config(ServerConfig { accepted: vec![Codec::Json], ..Default::default() }).await;
    let proxy = peer.proxy();
    let server = async {
        let mut connection = peer.accept_raw().await;
        connection.refuse_all().await;
    };
    let (bound, ()) = tokio::join!(proxy.bind().into_future(), server);
    let error = bound.unwrap_err().to_string();
    assert!(error.contains("does not accept serpent; try json"), "{error}");
}

#[tokio::test]
async fn a_wrong_key_is_said_to_be_one() {
    let send = SendOptions { hmac: Some(HmacKey::new("right")), ..SendOptions::default() };
    let peer = Peer::with_config(ServerConfig { send: Arc::new(send), ..Default::default() }).await;
    let client = Client::builder().dialect(Dialect::Pyro4).hmac_key("wrong").build();
    let proxy = client.proxy(peer.uri());
    let server = async { peer.accept_raw().await.refuse_all().await };
    let (bound, ()) = tokio::join!(proxy.bind().into_future(), server);
    let error = bound.unwrap_err().to_string();
    assert!(error.contains("both ends need the same key"), "{error}");
}

#[tokio::test]
async fn signed_calls_are_taken_where_the_key_is_right() {
    let send = SendOptions { hmac: Some(HmacKey::new("key")), ..SendOptions::default() };
    let peer = Peer::with_config(ServerConfig { send: Arc::new(send), ..Default::default() }).await;
    let client = Client::builder().dialect(Dialect::Pyro4).hmac_key("key").build();
    let proxy = client.proxy(peer.uri());
    let server = async {
        let mut connection = peer.accept().await;
        let call = connection.expect("a").await;
        connection.answer(&call, 1).await;
        connection
    };
    let (result, _connection) = tokio::join!(proxy.call("a", ()).into_future(), server);
    result.unwrap();
}

#[tokio::test]
async fn a_peer_that_is_no_pyro_is_said_to_be_none() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async {
        let mut connection = peer.accept_raw().await;
        connection.event().await;
        connection.send_raw(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await;
        connection
    };
    let (bound, _connection) = tokio::join!(proxy.bind().into_future(), server);
    let error = bound.unwrap_err().to_string();
    assert!(error.contains("no Pyro port"), "{error}");
}

#[tokio::test]
async fn a_peer_that_says_nothing_is_given_up() {
    let peer = Peer::bind().await;
    let client = Client::builder().handshake_timeout(Duration::from_millis(5)).build();
    let error = client.proxy(peer.uri()).bind().await.unwrap_err();
    assert!(error.to_string().contains("said nothing within 5ms"), "{error}");
}

#[tokio::test]
async fn nothing_exposed_is_the_genuine_error() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async {
        let mut connection = peer.accept_raw().await;
        connection.take_client_with(&Metadata::default()).await;
    };
    let (bound, ()) = tokio::join!(proxy.bind().into_future(), server);
    let error = bound.unwrap_err().to_string();
    assert!(error.contains("doesn't expose any methods or attributes"), "{error}");
}

#[tokio::test]
async fn the_handshake_value_goes_there_and_the_answer_comes_back() {
    let peer = Peer::bind().await;
    let client = Client::builder().handshake(("user", 7)).build();
    let proxy = client.proxy(peer.uri());
    let server = async {
        let mut connection = peer.accept_raw().await;
        let Some(ServerEvent::Connect(request)) = connection.event().await else { panic!("no handshake") };
        assert_eq!(request.handshake, Value::from(("user", 7)));
        assert_eq!(request.object.as_deref(), Some("thing"));
        connection.accept_request(&request, "welcome", &metadata()).await;
        connection
    };
    let (response, _connection) = tokio::join!(proxy.handshake_response().into_future(), server);
    assert_eq!(response.unwrap(), Value::from("welcome"));
}

#[tokio::test]
async fn many_first_calls_make_one_connection() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async {
        let mut connection = peer.accept().await;
        for _ in 0..3 {
            let call = connection.call().await.unwrap();
            connection.answer(&call, 1).await;
        }
        connection
    };
    let (a, b, c, _connection) = tokio::join!(
        proxy.call("a", ()).into_future(),
        proxy.clone().call("b", ()).into_future(),
        proxy.call("c", ()).into_future(),
        server
    );
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
}

#[tokio::test]
async fn settings_that_cannot_be_fail_the_first_operation() {
    let vars = [("PYRO_SERIALIZER".to_owned(), "pickle".to_owned())];
    assert!(matches!(ferropyro::Config::from_vars(vars), Err(CallError::Config(_))));
}

#[tokio::test]
async fn a_text_that_is_no_address_is_refused() {
    let error = Client::new().lookup_any("hello").await.unwrap_err();
    assert!(matches!(error.kind(), CallError::Uri(_)));
}

#[tokio::test]
async fn nobody_there_is_said_with_what_to_do() {
    let peer = Peer::bind().await;
    let uri = peer.uri();
    drop(peer);
    let error = Client::new().proxy(uri).call("a", ()).await.unwrap_err();
    assert!(
        matches!(&error, CallError::Unreachable { reason, .. } if reason.contains("is the server running"))
    );
    let nowhere = Uri::object_at("x", Location::unix("/nonexistent"));
    let error = Client::new().proxy(nowhere).call("a", ()).await.unwrap_err();
    assert!(error.to_string().contains("no such socket file"), "{error}");
}
