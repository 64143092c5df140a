//! Callers that share a connection, or the making of one, and owe each other nothing.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use ferropyro::{CallError, Client, Value, args};

use crate::peer::{Peer, positional};

/// Polls a future once; it must not be done.
async fn start<F: Future<Output: std::fmt::Debug>>(mut future: Pin<&mut F>) {
    poll_fn(|cx| {
        assert!(future.as_mut().poll(cx).is_pending());
        Poll::Ready(())
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_nobody_fetches_takes_no_room_from_others() {
    let peer = Peer::bind().await;
    let proxy = Client::builder().max_pipelined(2).build().proxy(peer.uri());
    let (bound, mut connection) = tokio::join!(proxy.bind().into_future(), peer.accept());
    bound.unwrap();
    let mut idle = pin!(proxy.call("a", ()).into_future());
    start(idle.as_mut()).await;
    let server = async {
        for number in 0..9 {
            let call = connection.call().await.unwrap();
            connection.answer(&call, number).await;
        }
    };
    let client = async {
        for number in 1..9 {
            assert_eq!(proxy.call("b", ()).cast::<i64>().await.unwrap(), number);
        }
    };
    tokio::join!(client, server);
    assert_eq!(idle.await.unwrap(), Value::Int(0));
}

#[tokio::test]
async fn a_caller_that_began_to_connect_and_is_not_polled_holds_up_nobody() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let mut idle = pin!(proxy.call("a", ()).into_future());
    start(idle.as_mut()).await;
    let server = async {
        let mut connection = peer.accept().await;
        let call = connection.expect("b").await;
        connection.answer(&call, 2).await;
        connection
    };
    let (result, mut connection) = tokio::join!(proxy.call("b", ()).into_future(), server);
    assert_eq!(result.unwrap(), Value::Int(2));
    let server = async {
        let call = connection.expect("a").await;
        connection.answer(&call, 1).await;
    };
    let (result, ()) = tokio::join!(idle, server);
    assert_eq!(result.unwrap(), Value::Int(1));
}

#[tokio::test]
async fn all_who_wait_for_a_connection_hear_of_one_refusal_and_the_next_call_tries_again() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async {
        let mut connection = peer.accept_raw().await;
        connection.refuse("not today").await;
    };
    let call = || proxy.call("a", ()).into_future();
    let (first, second, third, ()) = tokio::join!(call(), call(), call(), server);
    for result in [first, second, third] {
        match result.unwrap_err() {
            CallError::Refused { reason, .. } => assert_eq!(reason, "not today"),
            other => panic!("{other}"),
        }
    }
    let server = async {
        let mut connection = peer.accept().await;
        let call = connection.expect("a").await;
        connection.answer(&call, 1).await;
    };
    let (result, ()) = tokio::join!(call(), server);
    assert_eq!(result.unwrap(), Value::Int(1));
}

#[tokio::test]
async fn a_caller_that_gives_up_connecting_leaves_the_others_their_connection() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let mut other = Box::pin(proxy.call("b", ()).into_future());
    {
        let mut given_up = pin!(proxy.call("a", ()).into_future());
        start(given_up.as_mut()).await;
        start(other.as_mut()).await;
    }
    let server = async {
        let mut connection = peer.accept().await;
        let call = connection.expect("b").await;
        connection.answer(&call, 2).await;
    };
    let (result, ()) = tokio::join!(other, server);
    assert_eq!(result.unwrap(), Value::Int(2));
}

#[tokio::test]
async fn callers_that_wait_for_room_go_elsewhere_when_a_call_times_out() {
    let peer = Peer::bind().await;
    let proxy = Client::builder().max_pipelined(1).build().proxy(peer.uri());
    let (bound, mut first) = tokio::join!(proxy.bind().into_future(), peer.accept());
    bound.unwrap();
    let late = tokio::spawn(proxy.call("a", ()).timeout(Duration::from_millis(5)).into_future());
    first.expect("a").await;
    let waiting = tokio::spawn(proxy.call("b", ()).into_future());
    let mut second = peer.accept().await;
    let call = second.expect("b").await;
    second.answer(&call, 1).await;
    assert_eq!(waiting.await.unwrap().unwrap(), Value::Int(1));
    assert!(matches!(late.await.unwrap(), Err(CallError::Timeout { .. })));
}

#[tokio::test]
async fn a_connection_that_ended_behind_an_abandoned_call_is_replaced_unseen() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let (bound, mut connection) = tokio::join!(proxy.bind().into_future(), peer.accept());
    bound.unwrap();
    {
        let mut abandoned = pin!(proxy.call("a", ()).into_future());
        start(abandoned.as_mut()).await;
    }
    let call = connection.expect("a").await;
    connection.answer(&call, 1).await;
    drop(connection);
    let server = async {
        let mut connection = peer.accept().await;
        let call = connection.expect("b").await;
        connection.answer(&call, 2).await;
    };
    let client = async {
        // Let the runtime see that the connection has ended.
        for _ in 0..3 {
            tokio::task::yield_now().await;
        }
        proxy.call("b", ()).await
    };
    let (result, ()) = tokio::join!(client, server);
    assert_eq!(result.unwrap(), Value::Int(2));
}

#[tokio::test]
async fn an_item_whose_caller_gave_up_waiting_is_not_lost() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let opening = async {
        let mut connection = peer.accept().await;
        let call = connection.expect("a").await;
        connection.stream(&call, Some("id-1")).await;
        connection
    };
    let (items, mut connection) = tokio::join!(proxy.call("a", ()).stream().into_future(), opening);
    let mut items = items.unwrap();
    {
        let mut given_up = pin!(items.next());
        start(given_up.as_mut()).await;
    }
    let server = async {
        for number in [10, 11] {
            let call = connection.expect("get_next_stream_item").await;
            assert_eq!(positional(&call), [Value::from("id-1")]);
            connection.answer(&call, number).await;
        }
    };
    let client = async {
        assert_eq!(items.next().await.unwrap().unwrap(), Value::Int(10));
        assert_eq!(items.next().await.unwrap().unwrap(), Value::Int(11));
    };
    tokio::join!(client, server);
}

#[test]
fn calls_after_the_end_of_their_runtime_fail_and_say_why() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let others = tokio::runtime::Runtime::new().unwrap();
    let peer = others.block_on(Peer::bind());
    let (bound, fresh) = runtime.block_on(async {
        let proxy = peer.proxy();
        let (bound, connection) = tokio::join!(proxy.bind().into_future(), peer.accept());
        bound.unwrap();
        drop(connection);
        (proxy.clone(), proxy.fork())
    });
    drop(runtime);
    for proxy in [bound, fresh] {
        let call = proxy.call("a", args![1]).timeout(Duration::from_secs(5));
        let error = call.wait().unwrap_err();
        assert!(error.to_string().contains("shut down"), "{error}");
    }
}

#[test]
fn what_was_queued_is_written_when_the_runtime_ends() {
    let others = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let peer = others.block_on(Peer::bind());
    let uri = peer.uri();
    let noted = others.spawn(async move { positional(&peer.accept().await.expect("note").await) });
    let proxy = runtime.block_on(async {
        let proxy = Client::new().proxy(uri);
        proxy.call("note", args![1]).oneway().await.unwrap();
        proxy
    });
    drop(runtime);
    assert_eq!(others.block_on(noted).unwrap(), [Value::Int(1)]);
    drop(proxy);
}
