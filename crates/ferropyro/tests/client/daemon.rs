//! The client and the daemon together, over TCP and Unix sockets.

use ferropyro::server::Methods;
use ferropyro::{Client, Codec, Daemon, Dialect, Exception, Location, Value, args};

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
