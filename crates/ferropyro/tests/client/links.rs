//! Many calls on one connection: order, timeouts, ends, and callers that go away.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use ferropyro::{CallError, Client, Exception, Ran, Value, args};

use crate::peer::{Peer, positional};

/// Polls a future once; it must not be done.
async fn start<F: Future<Output: std::fmt::Debug>>(mut future: std::pin::Pin<&mut F>) {
    poll_fn(|cx| {
        assert!(future.as_mut().poll(cx).is_pending());
        Poll::Ready(())
    })
    .await;
}

#[tokio::test]
async fn calls_of_many_tasks_are_on_the_way_together_and_answered_in_order() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let tasks: Vec<_> = (0..64)
        .map(|number| {
            let proxy = proxy.clone();
            tokio::spawn(async move { proxy.call("a", args![number]).cast::<i64>().await.unwrap() })
        })
        .collect();
    let mut connection = peer.accept().await;
    let mut calls = Vec::new();
    // All of them are here before any is answered.
    for _ in 0..64 {
        calls.push(connection.call().await.unwrap());
    }
    for call in &calls {
        connection.queue_answer(&call.head, positional(call)[0].clone());
    }
    connection.flush().await;
    for (number, task) in tasks.into_iter().enumerate() {
        assert_eq!(task.await.unwrap(), number as i64);
    }
}

#[tokio::test]
async fn more_calls_than_allowed_wait_for_room() {
    let peer = Peer::bind().await;
    let client = Client::builder().max_pipelined(2).build();
    let proxy = client.proxy(peer.uri());
    let tasks: Vec<_> = (0..6)
        .map(|number| {
            let proxy = proxy.clone();
            tokio::spawn(async move { proxy.call("a", args![number]).cast::<i64>().await.unwrap() })
        })
        .collect();
    let mut connection = peer.accept().await;
    for _ in 0..3 {
        let two = [connection.call().await.unwrap(), connection.call().await.unwrap()];
        for call in &two {
            connection.answer(call, positional(call)[0].clone()).await;
        }
    }
    for (number, task) in tasks.into_iter().enumerate() {
        assert_eq!(task.await.unwrap(), number as i64);
    }
}

#[tokio::test]
async fn a_timeout_names_the_call_ahead_and_leaves_the_others_their_answers() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let slow = tokio::spawn(proxy.call("a", ()).cast::<String>().into_future());
    let mut first = peer.accept().await;
    let ahead = first.expect("a").await;
    let late = proxy.call("b", ()).timeout(Duration::from_millis(5)).await.unwrap_err();
    match late {
        CallError::Timeout { behind, after, .. } => {
            assert_eq!(behind.as_deref(), Some("thing.a"));
            assert_eq!(after, Duration::from_millis(5));
        }
        other => panic!("{other}"),
    }
    // A new call goes over a new connection, and the old one still gives its answer.
    let again = tokio::spawn(proxy.call("c", ()).into_future());
    let mut second = peer.accept().await;
    let call = second.expect("c").await;
    second.answer(&call, 1).await;
    again.await.unwrap().unwrap();
    first.answer(&ahead, "slow").await;
    assert_eq!(slow.await.unwrap().unwrap(), "slow");
}

#[tokio::test]
async fn a_timeout_counts_connecting_too() {
    let peer = Peer::bind().await;
    let error = peer.proxy().with_timeout(Duration::from_millis(5)).call("a", ()).await.unwrap_err();
    assert!(matches!(error, CallError::Timeout { behind: None, .. }), "{error}");
}

#[tokio::test]
async fn a_call_that_was_written_may_have_run_when_the_connection_ends() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async {
        let mut connection = peer.accept().await;
        connection.expect("a").await;
    };
    let (result, ()) = tokio::join!(proxy.call("a", ()).into_future(), server);
    match result.unwrap_err() {
        CallError::Closed { ran, .. } => assert_eq!(ran, Ran::Unknown),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_call_that_was_not_written_never_ran() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async {
        let mut connection = peer.accept().await;
        let call = connection.expect("a").await;
        connection.answer(&call, 1).await;
        connection
    };
    let (result, connection) = tokio::join!(proxy.call("a", ()).into_future(), server);
    result.unwrap();
    // More than the sockets hold, so that the call behind it is not written.
    let large = "x".repeat(8 << 20);
    let mut first = pin!(proxy.call("a", args![large]).into_future());
    let mut second = pin!(proxy.call("b", ()).into_future());
    start(first.as_mut()).await;
    start(second.as_mut()).await;
    drop(connection);
    let ran = |result: Result<Value, CallError>| match result.unwrap_err() {
        CallError::Closed { ran, .. } => ran,
        other => panic!("{other}"),
    };
    assert_eq!(ran(first.await), Ran::Unknown);
    drop(peer);
    match second.await.unwrap_err() {
        // It waited for room, and found nobody to connect to, or its turn had come.
        CallError::Unreachable { .. } | CallError::Closed { ran: Ran::Never, .. } => {}
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_connection_that_the_daemon_closed_while_idle_is_replaced_unseen() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async {
        let mut connection = peer.accept().await;
        let call = connection.expect("a").await;
        connection.answer(&call, 1).await;
    };
    let (result, ()) = tokio::join!(proxy.call("a", ()).into_future(), server);
    result.unwrap();
    // Let the runtime see that the connection has ended.
    for _ in 0..3 {
        tokio::task::yield_now().await;
    }
    let server = async {
        let mut connection = peer.accept().await;
        let call = connection.expect("b").await;
        assert_eq!(call.head.seq(), 2, "the numbers go on");
        connection.answer(&call, 2).await;
    };
    let (result, ()) = tokio::join!(proxy.call("b", ()).into_future(), server);
    assert_eq!(result.unwrap(), Value::Int(2));
}

#[tokio::test]
async fn a_call_that_is_dropped_tears_no_frame_and_leaves_no_answer_to_others() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let (bound, mut connection) = tokio::join!(proxy.bind().into_future(), peer.accept());
    bound.unwrap();
    let large = "x".repeat(8 << 20);
    {
        let mut call = pin!(proxy.call("a", args![large.as_str()]).into_future());
        start(call.as_mut()).await;
    }
    let server = async {
        let abandoned = connection.expect("a").await;
        assert_eq!(positional(&abandoned)[0].as_str().map(str::len), Some(8 << 20));
        connection.answer(&abandoned, "for nobody").await;
        let call = connection.expect("b").await;
        connection.answer(&call, "for b").await;
    };
    let (result, ()) = tokio::join!(proxy.call("b", ()).cast::<String>().into_future(), server);
    assert_eq!(result.unwrap(), "for b");
}

#[tokio::test]
async fn a_caller_that_is_not_polled_holds_up_nobody() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let (bound, mut connection) = tokio::join!(proxy.bind().into_future(), peer.accept());
    bound.unwrap();
    let mut idle = pin!(proxy.call("a", ()).into_future());
    start(idle.as_mut()).await;
    let other = tokio::spawn(proxy.call("b", ()).into_future());
    let (a, b) = (connection.expect("a").await, connection.expect("b").await);
    connection.answer(&a, 1).await;
    connection.answer(&b, 2).await;
    assert_eq!(other.await.unwrap().unwrap(), Value::Int(2));
    assert_eq!(idle.await.unwrap(), Value::Int(1));
}

#[tokio::test]
async fn retries_repeat_method_calls_only() {
    let peer = Peer::bind().await;
    let client = Client::builder().max_retries(1).build();
    let proxy = client.proxy(peer.uri());
    let server = async {
        peer.accept().await.expect("a").await;
        let mut connection = peer.accept().await;
        let call = connection.expect("a").await;
        connection.answer(&call, 1).await;
        connection.expect("__getattr__").await;
    };
    let client = async {
        proxy.call("a", ()).await.unwrap();
        assert!(matches!(proxy.get("motto").await, Err(CallError::Closed { .. })));
    };
    tokio::join!(client, server);
}

#[tokio::test]
async fn a_peer_that_breaks_the_protocol_fails_the_call_and_the_next_one_connects_anew() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async {
        let mut connection = peer.accept().await;
        connection.expect("a").await;
        connection.send_raw(&[0; 64]).await;
        let mut connection = peer.accept().await;
        let call = connection.expect("a").await;
        connection.answer(&call, 1).await;
    };
    let client = async {
        let error = proxy.call("a", ()).await.unwrap_err();
        assert!(matches!(error, CallError::Protocol { .. }), "{error}");
        proxy.call("a", ()).await.unwrap();
    };
    tokio::join!(client, server);
}

#[tokio::test]
async fn after_an_exception_with_which_a_daemon_ends_the_connection_the_next_call_connects_anew() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async {
        let mut first = peer.accept().await;
        let call = first.expect("a").await;
        first.raise(&call, &Exception::new("ValueError", "goes on")).await;
        for class in ["Pyro5.errors.SerializeError", "Pyro4.errors.SecurityError"] {
            let call = first.expect("a").await;
            first.raise(&call, &Exception::new(class, "the end")).await;
            // The client does not wait to see it closed.
            first = peer.accept().await;
        }
        let call = first.expect("a").await;
        first.answer(&call, 1).await;
    };
    let client = async {
        for _ in 0..3 {
            let error = proxy.call("a", ()).await.unwrap_err();
            assert!(matches!(error, CallError::Exception(_)), "{error}");
        }
        proxy.call("a", ()).await.unwrap();
    };
    tokio::join!(client, server);
}

#[tokio::test]
async fn release_closes_and_the_next_call_connects() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async {
        for _ in 0..2 {
            let mut connection = peer.accept().await;
            let call = connection.expect("a").await;
            connection.answer(&call, 1).await;
            assert!(connection.call().await.is_none());
        }
    };
    let client = async {
        proxy.call("a", ()).await.unwrap();
        proxy.release();
        proxy.call("a", ()).await.unwrap();
        drop(proxy);
    };
    tokio::join!(client, server);
}

#[tokio::test]
async fn clones_share_a_connection_and_forks_do_not() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async { (peer.accept().await, peer.accept().await) };
    let client = async {
        proxy.clone().bind().await.unwrap();
        proxy.bind().await.unwrap();
        let fork = proxy.fork();
        assert_eq!(fork, proxy);
        fork.bind().await.unwrap();
        (proxy, fork)
    };
    tokio::join!(client, server);
}

#[tokio::test]
async fn a_ping_is_answered_by_the_session() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async {
        let mut connection = peer.accept().await;
        let call = connection.expect("a").await;
        connection.answer(&call, 1).await;
    };
    let client = async {
        proxy.ping().await.unwrap();
        proxy.call("a", ()).await.unwrap();
    };
    tokio::join!(client, server);
}

#[tokio::test]
async fn a_reference_carries_the_names_that_are_known() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    assert!(proxy.reference().methods.is_empty());
    let (metadata, _connection) = tokio::join!(proxy.metadata().into_future(), peer.accept());
    assert_eq!(metadata.unwrap().attrs, ["motto"]);
    assert_eq!(proxy.reference().oneway, ["note"]);
    assert!(matches!(Value::from(&proxy), Value::Proxy(state) if state.uri == peer.uri()));
}
