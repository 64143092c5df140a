//! The client and the daemon together, over TCP and Unix sockets.

use std::sync::Arc;
use std::task::{Context, Poll, Wake};

use ferropyro::server::{Methods, Request, Slot};
use ferropyro::{
    CallError, Client, Codec, Daemon, Dialect, Exception, Location, ProxyState, Uuid, Value, args,
};

fn object() -> Methods {
    Methods::new("Thing")
        .method("echo", async |call| {
            let [value] = call.bind(["value"])?;
            Ok(value)
        })
        .method("fail", async |_| Err::<Value, _>(Exception::new("ValueError", "no")))
        .attribute("motto", || "plus ultra")
}

#[tokio::test]
async fn every_codec_and_dialect_goes_both_ways() {
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let uri = daemon.register("thing", object()).unwrap();
    for codec in Codec::ALL {
        for dialect in Dialect::ALL {
            let client = Client::builder().serializer(codec).dialect(dialect).compress(true).build();
            let proxy = client.proxy(&uri);
            let long = "long ".repeat(100);
            assert_eq!(proxy.call("echo", args![value = long.as_str()]).await.unwrap(), Value::from(long));
            assert_eq!(proxy.get("motto").cast::<String>().await.unwrap(), "plus ultra");
            let error = proxy.call("fail", ()).await.unwrap_err();
            assert!(!error.exception().unwrap().traceback().is_empty());
        }
    }
}

#[tokio::test]
async fn unix_sockets_and_abstract_names_serve_as_well() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("socket").to_str().unwrap().to_owned();
    for path in [path, format!("\0ferropyro-{}", std::process::id())] {
        let daemon = Daemon::builder().listen(Location::unix(path).to_string()).bind().await.unwrap();
        let uri = daemon.register("thing", object()).unwrap();
        let proxy = Client::new().proxy(&uri);
        assert_eq!(proxy.call("echo", args![1]).cast::<i64>().await.unwrap(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_tasks_share_one_proxy() {
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let proxy = Client::new().proxy(daemon.register("thing", object()).unwrap());
    let tasks: Vec<_> = (0..32)
        .map(|task| {
            let proxy = proxy.clone();
            tokio::spawn(async move {
                for number in 0..50 {
                    let value = task * 1000 + number;
                    assert_eq!(proxy.call("echo", args![value]).cast::<i64>().await.unwrap(), value);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(daemon.connections(), 1);
}

#[tokio::test]
async fn a_call_made_inside_a_method_carries_the_correlation_id_on() {
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let client = Client::new();
    let inner = Methods::new("Inner")
        .method("id", async |_| Ok(ferropyro::context().map(|context| context.correlation_id())));
    let inner = client.proxy(daemon.register("inner", inner).unwrap());
    let outer = Methods::new("Outer").method("ask", move |_| {
        let inner = inner.clone();
        async move {
            inner.call("id", ()).await.map_err(|error| Exception::new("RuntimeError", error.to_string()))
        }
    });
    let outer = client.proxy(daemon.register("outer", outer).unwrap());
    let id = Uuid::from_u128(0x1234);
    let seen: String = outer.call("ask", ()).correlation(id).cast().await.unwrap();
    assert_eq!(seen, id.to_string());
}

#[tokio::test]
async fn annotations_of_the_answer_are_given_on_request() {
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let object = Methods::new("Thing").method("note", async |_| {
        if let Some(context) = ferropyro::context() {
            context.annotate_response(*b"TEST", "seen");
        }
        Ok(1)
    });
    let proxy = Client::new().proxy(daemon.register("thing", object).unwrap());
    let (value, annotations) = proxy.call("note", ()).cast::<i64>().with_annotations().await.unwrap();
    assert_eq!((value, annotations.get(*b"TEST").unwrap().as_ref()), (1, &b"seen"[..]));
}

#[tokio::test]
async fn a_proxy_travels_as_a_reference() {
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let proxy = Client::new().proxy(daemon.register("thing", object()).unwrap());
    let back: ProxyState = proxy.call("echo", args![&proxy]).cast().await.unwrap();
    assert_eq!(&back.uri, proxy.uri());
    let typed = Codec::Json.encode(&proxy, Dialect::Pyro5.flavor()).unwrap();
    assert!(String::from_utf8(typed).unwrap().contains("Pyro5.client.Proxy"));
}

/// Runs a future without any runtime.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Thread(std::thread::Thread);
    impl Wake for Thread {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Arc::new(Thread(std::thread::current())).into();
    let mut future = std::pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(output) => return output,
            Poll::Pending => std::thread::park(),
        }
    }
}

#[test]
fn any_executor_can_await_what_a_client_outside_a_runtime_does() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let daemon = runtime.block_on(Daemon::bind("127.0.0.1:0").into_future()).unwrap();
    let uri = daemon.register("thing", object()).unwrap();
    let proxy = block_on(Client::new().lookup_any(uri).into_future()).unwrap();
    let call = proxy.call("echo", args![7]).timeout(std::time::Duration::from_secs(10));
    assert_eq!(block_on(call.cast::<i64>().into_future()).unwrap(), 7);
}

#[tokio::test]
async fn a_blob_is_passed_on_as_it_came_and_only_in_its_dialect() {
    let (came, mut blobs) = tokio::sync::mpsc::unbounded_channel();
    let boxes = Methods::new("Boxes").request("put", move |request: Request, slot: &mut Slot| {
        came.send(request.blob().cloned()).unwrap();
        slot.ready(request.value(1));
    });
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let uri = daemon.register("boxes", boxes).unwrap().to_string();
    for dialect in Dialect::ALL {
        for codec in Codec::ALL {
            let client = Client::builder().dialect(dialect).serializer(codec).build();
            let proxy = client.lookup_any(&*uri).await.unwrap();
            proxy.call("put", args![1, "two"]).blob("info").await.unwrap();
            let first = blobs.recv().await.unwrap().unwrap();
            assert_eq!((first.dialect, first.codec), (dialect, codec));

            // A client of another codec, which the blob does not care about.
            let other = Client::builder().dialect(dialect).build().lookup_any(&*uri).await.unwrap();
            assert_eq!(other.pass_on("put", &first).await.unwrap(), Value::Int(1));
            let second = blobs.recv().await.unwrap().unwrap();
            assert_eq!(
                (second.dialect, second.codec, &second.payload, &second.about),
                (first.dialect, first.codec, &first.payload, &first.about),
            );

            for stranger in Dialect::ALL.into_iter().filter(|other| *other != dialect) {
                let other = Client::builder().dialect(stranger).build().lookup_any(&*uri).await.unwrap();
                let error = other.pass_on("put", &first).await.unwrap_err();
                assert!(
                    matches!(&error, CallError::Unsupported(text) if text.contains(&dialect.to_string()))
                );
                other.call("put", ()).await.unwrap();
                assert!(blobs.recv().await.unwrap().is_none());
            }
        }
    }
}
