//! Calls without an answer: when they are written, and that they are.

use ferropyro::{Value, args};

use crate::peer::{Peer, positional};

#[tokio::test]
async fn a_oneway_method_is_called_without_waiting_for_an_answer() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async {
        let mut connection = peer.accept().await;
        assert!(connection.expect("note").await.oneway);
        assert!(connection.expect("a").await.oneway);
        let call = connection.expect("b").await;
        assert!(!call.oneway);
        connection.answer(&call, 1).await;
    };
    let client = async {
        assert_eq!(proxy.call("note", args![1]).await.unwrap(), Value::None);
        proxy.call("a", ()).oneway().await.unwrap();
        proxy.call("b", ()).await.unwrap();
    };
    tokio::join!(client, server);
}

#[tokio::test]
async fn dropping_the_last_handle_delivers_what_was_queued() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let (bound, mut connection) = tokio::join!(proxy.bind().into_future(), peer.accept());
    bound.unwrap();
    for number in 0..100 {
        proxy.call("note", args![number]).oneway().await.unwrap();
    }
    drop(proxy);
    for number in 0..100 {
        assert_eq!(positional(&connection.expect("note").await), [Value::Int(number)]);
    }
    assert!(connection.call().await.is_none());
}

#[tokio::test]
async fn more_than_the_socket_takes_is_delivered_after_the_last_handle_is_dropped() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let (bound, mut connection) = tokio::join!(proxy.bind().into_future(), peer.accept());
    bound.unwrap();
    proxy.call("note", args!["x".repeat(8 << 20)]).oneway().await.unwrap();
    drop(proxy);
    assert_eq!(positional(&connection.expect("note").await)[0].as_str().map(str::len), Some(8 << 20));
    assert!(connection.call().await.is_none());
}

#[tokio::test]
async fn what_is_queued_is_written_when_the_task_yields() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let (bound, mut connection) = tokio::join!(proxy.bind().into_future(), peer.accept());
    bound.unwrap();
    proxy.call("note", ()).oneway().await.unwrap();
    connection.expect("note").await;
}

#[tokio::test]
async fn flush_waits_until_everything_is_written() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let (bound, mut connection) = tokio::join!(proxy.bind().into_future(), peer.accept());
    bound.unwrap();
    proxy.call("note", args!["x".repeat(8 << 20)]).oneway().await.unwrap();
    let (flushed, call) = tokio::join!(proxy.flush().into_future(), connection.expect("note"));
    flushed.unwrap();
    assert!(call.oneway);
}

#[tokio::test]
async fn a_oneway_batch_has_no_answer() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async {
        let mut connection = peer.accept().await;
        let call = connection.call().await.unwrap();
        assert!(call.oneway && call.batch);
    };
    let (sent, ()) = tokio::join!(proxy.batch((proxy.call("a", ()),)).oneway().into_future(), server);
    sent.unwrap();
}
