//! Streams: as results, as arguments, that fail, that are dropped.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ferropyro::{CallError, Client, Daemon, Stream, Value, args, remote};

use crate::shop::{Served, ShopError, ShopProxy};

#[tokio::test]
async fn items_come_one_by_one_with_their_types() {
    let served = Served::new().await;
    for shop in served.all() {
        let mut receipts = shop.receipts(4).await.unwrap();
        let mut counts = Vec::new();
        while let Some(receipt) = receipts.next().await {
            counts.push(receipt.unwrap().count);
        }
        assert_eq!(counts, [4, 5, 6]);
        assert!(receipts.next().await.is_none());
    }
}

#[tokio::test]
async fn a_stream_may_fail_at_its_start_and_in_the_middle() {
    let served = Served::new().await;
    for shop in served.all() {
        assert!(matches!(shop.audit(-1).await, Err(CallError::Remote(ShopError::Closed(_)))));
        let mut rows = shop.audit(2).await.unwrap();
        assert_eq!(rows.next().await.unwrap().unwrap(), 0);
        assert_eq!(rows.next().await.unwrap().unwrap(), 1);
        let error = rows.next().await.unwrap().unwrap_err();
        assert_eq!(error.to_string(), "ValueError: nothing ordered");
        assert!(rows.next().await.is_none());
    }
}

#[tokio::test]
async fn a_caller_without_types_takes_the_same_items() {
    let served = Served::new().await;
    for shop in served.all() {
        let mut receipts = shop.call("receipts", args![1]).stream().await.unwrap();
        let Value::Dict(first) = receipts.next().await.unwrap().unwrap() else { panic!("a dict") };
        assert_eq!(first.get("count"), Some(&Value::from(1)));
        let mut rows = shop.call("audit", args![1]).cast::<u8>().stream().await.unwrap();
        assert_eq!(rows.next().await.unwrap().unwrap(), 0_u8);
        let no_stream = shop.call("price", args!["tea"]).stream().await.unwrap_err();
        assert!(no_stream.to_string().contains("is no stream of items but of type int"), "{no_stream}");
        let a_stream = shop.call("receipts", args![1]).await.unwrap_err();
        assert!(a_stream.to_string().contains("use .stream()"), "{a_stream}");
    }
}

#[tokio::test]
async fn a_stream_is_an_argument_of_local_objects_and_a_list_of_all() {
    let served = Served::new().await;
    for shop in [&served.local, &ShopProxy::local(crate::shop::Corner::default())] {
        assert_eq!(shop.total(Stream::from_items([1, 2, 3])).await.unwrap(), 6);
        let (sender, prices) = Stream::channel(1);
        let feed = async {
            for price in [10, 20] {
                sender.send(price).await.unwrap();
            }
            drop(sender);
        };
        let (total, ()) = tokio::join!(shop.total(prices).into_future(), feed);
        assert_eq!(total.unwrap(), 30);
    }
    let error = served.remote.total(Stream::from_items([1])).await.unwrap_err();
    assert!(
        matches!(&error, CallError::Unsupported(reason) if reason.contains("a stream cannot be sent")),
        "{error}"
    );
    for shop in served.all() {
        let numbers = Value::from_iter([1, 2, 3]);
        assert_eq!(shop.call("total", args![numbers]).cast::<i64>().await.unwrap(), 6);
    }
}

#[test]
fn a_thread_feeds_a_stream_and_ends_it_with_an_error() {
    let (sender, mut numbers) = Stream::channel(1);
    let feed = std::thread::spawn(move || {
        for number in 0..3 {
            sender.send_wait(number).unwrap();
        }
        sender.fail_wait(ferropyro::Exception::new("OSError", "the disk is gone")).unwrap();
    });
    for number in 0..3 {
        assert_eq!(numbers.next_wait().unwrap().unwrap(), number);
    }
    assert_eq!(numbers.next_wait().unwrap().unwrap_err().to_string(), "OSError: the disk is gone");
    assert!(numbers.next_wait().is_none());
    feed.join().unwrap();
    let (sender, numbers) = Stream::<u8>::channel(1);
    drop(numbers);
    assert!(sender.fail_wait(ferropyro::Exception::new("OSError", "nobody hears")).is_err());
}

#[tokio::test]
async fn the_items_of_one_daemon_are_handed_on_by_another() {
    #[remote]
    trait Relay {
        async fn relay(&self, shop: ShopProxy) -> Result<Stream<i64>, ferropyro::Exception>;
    }
    struct Middle;
    impl Relay for Middle {
        async fn relay(&self, shop: ShopProxy) -> Result<Stream<i64>, ferropyro::Exception> {
            Ok(shop.audit(2).await?)
        }
    }
    let served = Served::new().await;
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let own: RelayProxy = daemon.serve("relay", Middle).unwrap();
    let relay: RelayProxy = Client::new().lookup(own.uri()).await.unwrap();
    let mut rows = relay.relay(&served.local).await.unwrap();
    assert_eq!(rows.next().await.unwrap().unwrap(), 0);
    assert_eq!(rows.next().await.unwrap().unwrap(), 1);
    assert_eq!(rows.next().await.unwrap().unwrap_err().to_string(), "ValueError: nothing ordered");
}

struct Counted(Arc<AtomicUsize>);

impl Iterator for Counted {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        Some(1)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[remote]
trait Endless {
    async fn numbers(&self) -> Stream<u64>;
    async fn dropped(&self) -> usize;
}

struct Source(Arc<AtomicUsize>);

impl Endless for Source {
    async fn numbers(&self) -> Stream<u64> {
        Stream::from_items(Counted(Arc::clone(&self.0)))
    }

    async fn dropped(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn a_stream_that_is_dropped_half_way_is_dropped_at_the_other_end() {
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let own: EndlessProxy = daemon.serve("endless", Source(Arc::default())).unwrap();
    let remote: EndlessProxy = Client::new().lookup(own.uri()).await.unwrap();
    for (round, source) in [remote, own].into_iter().enumerate() {
        let mut numbers = source.numbers().await.unwrap();
        assert_eq!(numbers.next().await.unwrap().unwrap(), 1);
        drop(numbers);
        // Calls are served in order, so that the close has been.
        assert_eq!(source.dropped().await.unwrap(), round + 1);
    }
}
