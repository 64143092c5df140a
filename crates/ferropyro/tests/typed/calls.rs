//! Calls: results, attributes, optional parameters, names, oneway calls, blocking methods, timeouts, panics.

use std::sync::Arc;
use std::time::Duration;

use ferropyro::{CallError, Client, Codec, Daemon, Instances, Value, args, remote};

use crate::shop::{Corner, Receipt, Served, ShopProxy};

#[tokio::test]
async fn every_kind_of_member_is_called() {
    let served = Served::new().await;
    for shop in served.all() {
        let receipt = shop.order("tea", 2).await.unwrap();
        assert_eq!(receipt, Receipt { item: "tea".to_owned(), count: 2, tags: (-1, "t".to_owned()) });
        assert_eq!(shop.count_stock(vec![1, 2, 3]).await.unwrap(), 6);
        assert!(shop.open_at(9).await.unwrap());
        assert_eq!(shop.r#type().await.unwrap(), "corner");
        shop.set_sign("open").await.unwrap();
        assert_eq!(shop.sign().await.unwrap(), "open");
        assert_eq!(shop.visits().await.unwrap() + 1, shop.visits().await.unwrap());
        assert_eq!(shop.picture(vec![1, 2, 255]).await.unwrap(), [255, 2, 1]);
        assert_eq!(shop.anything(Value::from(1.5)).await.unwrap(), Value::from(1.5));
    }
}

#[tokio::test]
async fn every_codec_carries_typed_calls() {
    let served = Served::new().await;
    for codec in Codec::ALL {
        let shop = served.remote.fork().with_codec(codec);
        assert_eq!(shop.order("tea", 2).await.unwrap().count, 2, "{codec}");
        assert_eq!(shop.price("tea").arg("discount", 1).await.unwrap(), 4, "{codec}");
        // Json has no bytes.
        if codec != Codec::Json {
            assert_eq!(shop.picture(vec![0, 200]).await.unwrap(), [200, 0], "{codec}");
        }
        let mut receipts = shop.receipts(1).await.unwrap();
        assert_eq!(receipts.next().await.unwrap().unwrap().count, 1, "{codec}");
    }
}

#[tokio::test]
async fn optional_parameters_are_given_by_name_or_have_their_defaults() {
    let served = Served::new().await;
    for shop in served.all() {
        assert_eq!(shop.price("tea").await.unwrap(), 6);
        assert_eq!(shop.price("tea").arg("discount", 1).await.unwrap(), 4);
        assert_eq!(shop.price("tea").arg("times", 1).arg("discount", 2).await.unwrap(), 1);
        // By place too, where nothing is declared.
        assert_eq!(shop.call("price", args!["tea", 1, 1]).cast::<i64>().await.unwrap(), 2);
        assert_eq!(shop.call("price", args![item = "tea", times = 1]).cast::<i64>().await.unwrap(), 3);
    }
}

#[tokio::test]
async fn untyped_and_typed_callers_see_the_same_object() {
    let served = Served::new().await;
    for shop in served.all() {
        let any = &*shop;
        let receipt = any.call("order", args!["tea", 1]).await.unwrap();
        let Value::Dict(receipt) = receipt else { panic!("a dict") };
        assert_eq!(receipt.get("item"), Some(&Value::from("tea")));
        assert_eq!(receipt.get("tags"), Some(&Value::from((-1, "t"))));
        any.set("sign", "shut").await.unwrap();
        assert_eq!(any.get("sign").await.unwrap(), Value::from("shut"));
        assert_eq!(any.call("openAt", args![1]).await.unwrap(), Value::from(false));
        // Bytes are bytes, not a list.
        let picture = any.call("picture", args![Value::from(vec![1_u8, 2])]).cast::<Vec<u8>>();
        assert_eq!(picture.await.unwrap(), [2, 1]);
        let unknown = any.call("open_at", args![1]).await.unwrap_err();
        assert!(matches!(unknown, CallError::NoSuchMember { .. }), "{unknown}");
    }
}

#[tokio::test]
async fn oneway_calls_are_not_waited_for() {
    let served = Served::new().await;
    let corner = Arc::new(Corner::default());
    let own: ShopProxy = served.daemon.serve("own", Arc::clone(&corner)).unwrap();
    let remote: ShopProxy = Client::new().lookup(own.uri()).await.unwrap();
    let here = ShopProxy::local(Arc::clone(&corner));
    for (round, shop) in [remote, own, here].into_iter().enumerate() {
        shop.note("declared so").await.unwrap();
        shop.flush().await.unwrap();
        corner.waiting.notified().await;
        // Any method can be called like that.
        shop.wait_for_night().oneway().await.unwrap();
        shop.flush().await.unwrap();
        corner.waiting.notified().await;
        corner.night.notify_one();
        corner.waiting.notified().await;
        assert_eq!(shop.noted().await.unwrap().len(), 2 * (round + 1));
    }
}

#[tokio::test]
async fn a_call_that_takes_too_long_times_out_and_goes_on_at_the_other_end() {
    let served = Served::new().await;
    let corner = Arc::new(Corner::default());
    let own: ShopProxy = served.daemon.serve("own", Instances::shared_arc(Arc::clone(&corner))).unwrap();
    let remote: ShopProxy = Client::new().lookup(own.uri()).await.unwrap();
    let here = ShopProxy::local(Instances::shared_arc(Arc::clone(&corner)));
    for (round, shop) in [remote, own, here].into_iter().enumerate() {
        let error = shop.wait_for_night().timeout(Duration::from_millis(20)).await.unwrap_err();
        assert!(matches!(error, CallError::Timeout { .. }), "{error}");
        corner.waiting.notified().await;
        corner.night.notify_one();
        corner.waiting.notified().await;
        assert_eq!(corner.notes.lock().unwrap().len(), round + 1);
    }
}

#[tokio::test]
async fn a_panic_is_an_exception_of_the_caller_and_the_object_lives() {
    let served = Served::new().await;
    for shop in served.all() {
        let error = shop.burn().await.unwrap_err();
        let exception = error.exception().expect("an exception");
        assert_eq!((exception.name(), exception.message().as_str()), ("RuntimeError", "fire"));
        assert!(!exception.traceback().is_empty());
        assert_eq!(shop.price("tea").await.unwrap(), 6);
    }
}

#[tokio::test]
async fn calls_are_values_that_can_be_spawned_and_sent() {
    let served = Served::new().await;
    for shop in served.all() {
        let call = shop.price("coffee");
        assert!(format!("{call:?}").contains("price"));
        let task = tokio::spawn(call.into_future());
        assert_eq!(task.await.unwrap().unwrap(), 12);
        let (price, annotations) = shop.price("x").with_annotations().await.unwrap();
        assert_eq!((price, annotations.is_empty()), (2, true));
    }
}

#[test]
fn everything_can_be_waited_for_without_a_runtime() {
    let daemon = Daemon::bind("127.0.0.1:0").wait().unwrap();
    let own: ShopProxy = daemon.serve("shop", Corner::default()).unwrap();
    let remote: ShopProxy = Client::new().lookup(own.uri()).wait().unwrap();
    for shop in [remote, own, ShopProxy::local(Corner::default())] {
        assert_eq!(shop.price("tea").wait().unwrap(), 6);
        assert_eq!(shop.count_stock(vec![4, 5]).wait().unwrap(), 9);
        shop.note("x").wait().unwrap();
        let mut receipts = shop.receipts(7).wait().unwrap();
        let mut counts = Vec::new();
        while let Some(receipt) = receipts.next_wait() {
            counts.push(receipt.unwrap().count);
        }
        assert_eq!(counts, [7, 8, 9]);
        let (price, open) = shop.batch((shop.price("tea"), shop.open_at(8))).wait().unwrap();
        assert_eq!((price.unwrap(), open.unwrap()), (6, false));
    }
    daemon.shutdown();
    daemon.run().wait().unwrap();
}

#[remote]
trait Clerk {
    /// A plain method may wait for others.
    fn ask(&self, shop: ShopProxy, item: String) -> Result<i64, ferropyro::Exception>;
    async fn ask_wrongly(&self, shop: ShopProxy) -> Result<i64, ferropyro::Exception>;
}

struct Waiting;

impl Clerk for Waiting {
    fn ask(&self, shop: ShopProxy, item: String) -> Result<i64, ferropyro::Exception> {
        Ok(shop.price(item).wait()?)
    }

    async fn ask_wrongly(&self, shop: ShopProxy) -> Result<i64, ferropyro::Exception> {
        Ok(shop.price("tea").wait()?)
    }
}

#[tokio::test]
async fn a_plain_method_runs_where_it_may_wait_and_an_async_one_is_told_not_to() {
    let served = Served::new().await;
    let own: ClerkProxy = served.daemon.serve("clerk", Waiting).unwrap();
    let remote: ClerkProxy = Client::new().lookup(own.uri()).await.unwrap();
    for clerk in [remote, own, ClerkProxy::local(Waiting)] {
        for shop in served.all().into_iter().take(2) {
            assert_eq!(clerk.ask(&shop, "tea").await.unwrap(), 6);
            let error = clerk.ask_wrongly(&shop).await.unwrap_err();
            assert!(error.to_string().contains("use .await here"), "{error}");
        }
    }
}

#[test]
fn an_object_of_a_daemon_that_has_ended_is_closed_and_did_not_run() {
    let daemon = Daemon::bind("127.0.0.1:0").wait().unwrap();
    let own: ShopProxy = daemon.serve("shop", Corner::default()).unwrap();
    daemon.shutdown();
    daemon.run().wait().unwrap();
    let error = own.price("tea").wait().unwrap_err();
    assert!(matches!(error, CallError::Closed { ran: ferropyro::Ran::Never, .. }), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn an_object_is_called_over_a_socket_pair() {
    let served = Served::new().await;
    for dialect in ferropyro::Dialect::ALL {
        let (ours, theirs) = tokio::net::UnixStream::pair().unwrap();
        served.daemon.serve_connection(theirs);
        let shop: ShopProxy = Client::new().proxy_over(ours, "shop", dialect).await.unwrap().into();
        assert_eq!(shop.price("tea").await.unwrap(), 6);
        assert_eq!(shop.metadata().await.unwrap().oneway, ["note"]);
        let mut receipts = shop.receipts(1).await.unwrap();
        assert_eq!(receipts.next().await.unwrap().unwrap().count, 1);
        // Once it is over, no other connection can be made.
        shop.release();
        let error = shop.price("tea").await.unwrap_err();
        assert!(error.to_string().contains("connected-stream"), "{error}");
        let (ours, theirs) = tokio::net::UnixStream::pair().unwrap();
        served.daemon.serve_connection(theirs);
        let unknown = Client::new().proxy_over(ours, "nobody", dialect).await.unwrap_err();
        assert_eq!(unknown.exception().unwrap().message(), "unknown object");
    }
}

#[test]
fn a_daemon_whose_runtime_is_gone_has_ended() {
    for runtime in [
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap(),
    ] {
        let (daemon, own) = runtime.block_on(async {
            let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
            let own: ShopProxy = daemon.serve("shop", Corner::default()).unwrap();
            (daemon, own)
        });
        drop(runtime);
        let error = own.price("tea").wait().unwrap_err();
        assert!(matches!(error, CallError::Closed { ran: ferropyro::Ran::Never, .. }), "{error}");
        daemon.run().wait().unwrap();
        daemon.stop().wait().unwrap();
    }
}

#[test]
fn a_call_with_a_timeout_does_not_panic_when_the_runtime_of_its_client_is_gone() {
    let daemon = Daemon::bind("127.0.0.1:0").wait().unwrap();
    let own: ShopProxy = daemon.serve("shop", Corner::default()).unwrap();
    let call = |shop: ShopProxy| shop.price("tea").timeout(Duration::from_secs(60)).wait().unwrap_err();
    for _ in 0..20 {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let remote = runtime.block_on(async {
            let remote: ShopProxy = Client::new().lookup(own.uri()).await.unwrap();
            remote.price("tea").await.unwrap();
            remote
        });
        drop(runtime);
        let callers = [(); 4].map(|()| {
            let shop = remote.clone();
            std::thread::spawn(move || call(shop))
        });
        for caller in callers {
            caller.join().unwrap();
        }
    }
}

#[test]
fn a_call_with_a_timeout_says_that_its_runtime_has_no_timers() {
    let daemon = Daemon::bind("127.0.0.1:0").wait().unwrap();
    let uri = ShopProxy::serve(&daemon, "shop", Corner::default()).unwrap().uri().clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
    runtime.block_on(async {
        let remote: ShopProxy = Client::new().lookup(&uri).await.unwrap();
        for shop in [ShopProxy::local(Corner::default()), remote] {
            let error = shop.wait_for_night().timeout(Duration::from_secs(60)).await.unwrap_err();
            assert!(error.to_string().contains("timers"), "{error}");
        }
    });
}
