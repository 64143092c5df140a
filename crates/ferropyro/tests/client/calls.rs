//! What a call sends, and what becomes of each kind of answer.

use ferropyro::{CallError, Client, Codec, Exception, Uuid, Value, args};
use ferropyro_proto::Callee;

use crate::peer::{Peer, positional};

#[tokio::test]
async fn a_call_sends_its_arguments_and_gives_the_result() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async {
        let mut connection = peer.accept().await;
        let call = connection.expect("a").await;
        let Callee::Call(payload) = &call.callee else { panic!("a blob") };
        assert_eq!(payload.object(), "thing");
        let (positional, keyword) = payload.arguments().values().unwrap();
        assert_eq!(positional, [Value::Int(1), Value::from("x")]);
        assert_eq!(keyword, [("k", Value::Float(2.5)), ("late", Value::None)].into_iter().collect());
        connection.answer(&call, (1, "two")).await;
        connection
    };
    let call = proxy.call("a", args![1, "x", k = 2.5]).arg("late", None::<i64>).cast::<(i64, String)>();
    let (result, _connection) = tokio::join!(call.into_future(), server);
    assert_eq!(result.unwrap(), (1, "two".to_owned()));
}

#[tokio::test]
async fn every_codec_and_dialect_carries_calls() {
    for codec in Codec::ALL {
        for dialect in ferropyro::Dialect::ALL {
            let peer = Peer::bind().await;
            let client = Client::builder().serializer(codec).dialect(dialect).build();
            let proxy = client.proxy(peer.uri());
            let server = async {
                let mut connection = peer.accept().await;
                assert_eq!(connection.dialect(), Some(dialect));
                let call = connection.expect("a").await;
                assert_eq!(call.head.codec(), codec);
                connection.answer(&call, positional(&call)).await;
                connection
            };
            let (result, _connection) = tokio::join!(proxy.call("a", args!["x"]).into_future(), server);
            assert_eq!(result.unwrap().as_sequence(), Some(&[Value::from("x")][..]), "{codec} {dialect}");
        }
    }
}

#[tokio::test]
async fn an_exception_arrives_with_class_arguments_and_traceback() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async {
        let mut connection = peer.accept().await;
        let call = connection.expect("a").await;
        let exception = Exception::with_args("ValueError", vec![Value::from("bad"), Value::Int(3)]);
        connection.raise(&call, &exception.with_traceback(["Traceback:\n", "line\n"])).await;
        let call = connection.expect("b").await;
        connection.answer(&call, "alive").await;
        connection
    };
    let client = async {
        let error = proxy.call("a", ()).await.unwrap_err();
        let exception = error.exception().unwrap();
        assert_eq!(exception.class(), "builtins.ValueError");
        assert_eq!(exception.args(), [Value::from("bad"), Value::Int(3)]);
        assert_eq!(exception.traceback(), "Traceback:\nline\n");
        assert_eq!(proxy.call("b", ()).await.unwrap(), Value::from("alive"));
    };
    tokio::join!(client, server);
}

#[tokio::test]
async fn unknown_names_are_refused_before_anything_is_sent() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let client = async {
        let text = |error: CallError| error.to_string();
        let uri = proxy.uri();
        assert_eq!(
            text(proxy.call("nope", ()).await.unwrap_err()),
            format!("remote object '{uri}' has no exposed attribute or method 'nope'")
        );
        assert_eq!(
            text(proxy.set("a", 1).await.unwrap_err()),
            format!("remote object '{uri}' has no exposed attribute 'a'")
        );
        assert!(text(proxy.call("motto", ()).await.unwrap_err()).contains("get(\"motto\")"));
        assert!(text(proxy.get("a").await.unwrap_err()).starts_with(&format!("'a' is a method of {uri}")));
        let batch = proxy.batch((proxy.call("a", ()), proxy.call("nope", ()))).await;
        assert!(matches!(batch, Err(CallError::NoSuchMember { .. })));
        drop(proxy);
    };
    let server = async {
        let mut connection = peer.accept().await;
        assert!(connection.call().await.is_none());
    };
    tokio::join!(client, server);
}

#[tokio::test]
async fn attributes_are_read_and_set_by_pyros_own_method_names() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async {
        let mut connection = peer.accept().await;
        let call = connection.expect("__getattr__").await;
        assert_eq!(positional(&call), [Value::from("motto")]);
        connection.answer(&call, "plus ultra").await;
        let call = connection.expect("__setattr__").await;
        assert_eq!(positional(&call), [Value::from("motto"), Value::Int(7)]);
        connection.answer(&call, Value::None).await;
        connection
    };
    let client = async {
        assert_eq!(proxy.get("motto").cast::<String>().await.unwrap(), "plus ultra");
        proxy.set("motto", 7).await.unwrap();
    };
    tokio::join!(client, server);
}

#[tokio::test]
async fn annotations_and_the_correlation_id_go_along() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let id = Uuid::from_u128(7);
    let server = async {
        let mut connection = peer.accept().await;
        let call = connection.expect("a").await;
        assert_eq!(call.annotations.get(*b"TEST").unwrap(), "data");
        assert_eq!(call.head.correlation(), Some(id));
        connection.answer(&call, 1).await;
        let call = connection.expect("a").await;
        assert!(call.annotations.is_empty());
        assert_eq!(call.head.correlation(), None);
        connection.answer(&call, 1).await;
        connection
    };
    let client = async {
        proxy.call("a", ()).annotate(*b"TEST", "data").correlation(id).await.unwrap();
        proxy.call("a", ()).await.unwrap();
    };
    tokio::join!(client, server);
}

#[tokio::test]
async fn a_batch_stops_at_the_first_exception() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async {
        let mut connection = peer.accept().await;
        let call = connection.call().await.unwrap();
        assert!(call.batch && !call.oneway);
        let Callee::Call(payload) = &call.callee else { panic!("a blob") };
        let names: Vec<_> = payload.batch().unwrap().into_iter().map(|entry| entry.method).collect();
        assert_eq!(names, ["a", "b", "c"]);
        let results = vec![Ok(Value::Int(1)), Err(Exception::new("ValueError", "no"))];
        let mut out = Vec::new();
        call.head.batch(&mut out, &ferropyro::Annotations::new(), results).unwrap();
        connection.send_raw(&out).await;
        connection
    };
    let calls = vec![proxy.call("a", args![1]), proxy.call("b", args![x = 2]), proxy.call("c", ())];
    let batch = proxy.batch(calls);
    let (results, _connection) = tokio::join!(batch.into_future(), server);
    let results = results.unwrap();
    assert_eq!(results.len(), 3);
    assert!(matches!(results[0], Ok(Value::Int(1))));
    assert_eq!(results[1].as_ref().unwrap_err().exception().unwrap().name(), "ValueError");
    assert_eq!(results[2].as_ref().unwrap_err().to_string(), "did not run: call 2 of the batch, b(), failed");
}

#[tokio::test]
async fn items_are_fetched_one_by_one_until_the_end() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async {
        let mut connection = peer.accept().await;
        let call = connection.expect("a").await;
        connection.stream(&call, Some("id-1")).await;
        let call = connection.expect("get_next_stream_item").await;
        assert_eq!(call.callee.object(), "Pyro.Daemon");
        assert_eq!(positional(&call), [Value::from("id-1")]);
        connection.answer(&call, 10).await;
        let call = connection.expect("get_next_stream_item").await;
        connection.raise(&call, &Exception::with_args("StopIteration", vec![])).await;
        let call = connection.expect("b").await;
        connection.answer(&call, 0).await;
        connection
    };
    let client = async {
        let mut items = proxy.call("a", ()).stream().await.unwrap();
        assert_eq!(items.next().await.unwrap().unwrap(), Value::Int(10));
        assert!(items.next().await.is_none());
        assert!(items.next().await.is_none());
        drop(items);
        proxy.call("b", ()).await.unwrap();
    };
    tokio::join!(client, server);
}

#[tokio::test]
async fn a_stream_that_is_given_up_is_closed_at_the_daemon() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async {
        let mut connection = peer.accept().await;
        for id in ["read", "unread"] {
            let call = connection.expect("a").await;
            connection.stream(&call, Some(id)).await;
            let call = connection.expect("close_stream").await;
            assert!(call.oneway);
            assert_eq!(positional(&call), [Value::from(id)]);
        }
        let call = connection.expect("a").await;
        connection.stream(&call, None).await;
        let call = connection.expect("a").await;
        connection.answer(&call, 1).await;
        connection
    };
    let client = async {
        drop(proxy.call("a", ()).stream().await.unwrap());
        let error = proxy.call("a", ()).await.unwrap_err();
        assert!(error.to_string().contains(".stream()"), "{error}");
        let error = proxy.call("a", ()).stream().await.unwrap_err();
        assert!(error.to_string().contains("not configured to allow streaming"), "{error}");
        let error = proxy.call("a", ()).stream().await.unwrap_err();
        assert!(error.to_string().contains("no stream of items but of type int:"), "{error}");
    };
    tokio::join!(client, server);
}

#[tokio::test]
async fn an_answer_of_another_type_is_a_decode_error_and_the_connection_lives() {
    let peer = Peer::bind().await;
    let proxy = peer.proxy();
    let server = async {
        let mut connection = peer.accept().await;
        for _ in 0..2 {
            let call = connection.expect("a").await;
            connection.answer(&call, "text").await;
        }
        connection
    };
    let client = async {
        let error = proxy.call("a", ()).cast::<i64>().await.unwrap_err();
        assert!(matches!(error, CallError::Decode(_)), "{error}");
        assert_eq!(proxy.call("a", ()).cast::<String>().await.unwrap(), "text");
    };
    tokio::join!(client, server);
}

#[tokio::test]
async fn what_cannot_be_encoded_fails_alone() {
    let peer = Peer::bind().await;
    let client = Client::builder().serializer(Codec::Json).build();
    let proxy = client.proxy(peer.uri());
    let server = async {
        let mut connection = peer.accept().await;
        let call = connection.expect("b").await;
        connection.answer(&call, 1).await;
        connection
    };
    let client = async {
        let error = proxy.call("a", args![ferropyro::Bytes::from_static(b"x")]).await.unwrap_err();
        assert!(matches!(error, CallError::Encode(_)), "{error}");
        proxy.call("b", ()).await.unwrap();
    };
    tokio::join!(client, server);
}

#[test]
fn without_a_runtime_one_waits() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let server = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let peer = Peer::bind().await;
            sender.send(peer.uri()).unwrap();
            let mut connection = peer.accept().await;
            let call = connection.expect("a").await;
            connection.answer(&call, 5).await;
            assert!(connection.expect("note").await.oneway);
        });
    });
    let proxy = Client::new().lookup_any(receiver.recv().unwrap()).wait().unwrap();
    assert_eq!(proxy.call("a", ()).cast::<i64>().wait().unwrap(), 5);
    proxy.call("note", ()).oneway().wait().unwrap();
    server.join().unwrap();
}

#[tokio::test]
async fn waiting_inside_a_runtime_is_refused_with_advice() {
    let proxy = Client::new().proxy(Peer::bind().await.uri());
    let error = proxy.call("a", ()).wait().unwrap_err();
    assert!(matches!(&error, CallError::Misuse(text) if text.contains(".await")), "{error}");
}
