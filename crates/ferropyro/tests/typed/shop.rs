//! The object under test, with a member of every kind, and the two ways to reach it.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use ferropyro::{Client, Daemon, Exception, RemoteError, Stream, Value, remote};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

/// A shop.
///
/// It sells things.
#[remote]
pub trait Shop {
    /// Takes an order.
    async fn order(&self, item: String, count: u32) -> Result<Receipt, ShopError>;
    /// A price, less a discount.
    async fn price(&self, item: String, #[default] discount: i64, #[default(2)] times: i64) -> i64;
    /// Blocks its thread.
    fn count_stock(&self, shelves: Vec<u32>) -> u32;
    async fn receipts(&self, first: u32) -> Stream<Receipt>;
    async fn audit(&self, rows: i64) -> Result<Stream<i64>, ShopError>;
    async fn total(&self, prices: Stream<i64>) -> i64;
    #[oneway]
    async fn note(&self, line: String);
    async fn noted(&self) -> Vec<String>;
    #[attr]
    async fn sign(&self) -> Result<String, ShopError>;
    #[attr(set)]
    async fn set_sign(&self, sign: String) -> Result<(), ShopError>;
    #[attr]
    async fn visits(&self) -> u64;
    #[name("openAt")]
    async fn open_at(&self, hour: u8) -> bool;
    async fn picture(&self, data: Vec<u8>) -> Vec<u8>;
    async fn anything(&self, value: Value) -> Value;
    async fn introduce(&self, friend: ShopProxy) -> ShopProxy;
    async fn friends(&self, group: Group) -> HashMap<String, ShopProxy>;
    async fn ask(&self, friend: ShopProxy, item: String) -> Result<i64, Exception>;
    async fn wait_for_night(&self);
    async fn burn(&self);
    async fn r#type(&self) -> String;
}

/// What one gets for an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    pub item: String,
    pub count: u32,
    pub tags: (i64, String),
}

/// References inside data.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Group {
    pub leader: ShopProxy,
    pub others: Vec<ShopProxy>,
}

#[derive(Debug, PartialEq, thiserror::Error, RemoteError)]
pub enum ShopError {
    #[error("nothing ordered")]
    #[exception("ValueError")]
    Nothing,
    #[error("only {left} of {item} left")]
    #[exception("shop.OutOfStock")]
    OutOfStock { item: String, left: u32 },
    #[error("closed: {0}")]
    Closed(String),
}

#[derive(Default)]
pub(crate) struct Corner {
    pub(crate) sign: Mutex<String>,
    pub(crate) notes: Mutex<Vec<String>>,
    pub(crate) visits: AtomicU64,
    pub(crate) night: Notify,
    pub(crate) waiting: Notify,
}

impl Shop for Corner {
    async fn order(&self, item: String, count: u32) -> Result<Receipt, ShopError> {
        match count {
            0 => Err(ShopError::Nothing),
            1..10 => Ok(Receipt { item, count, tags: (-1, "t".to_owned()) }),
            _ => Err(ShopError::OutOfStock { item, left: 9 }),
        }
    }

    async fn price(&self, item: String, discount: i64, times: i64) -> i64 {
        (item.len() as i64 - discount) * times
    }

    fn count_stock(&self, shelves: Vec<u32>) -> u32 {
        std::thread::yield_now();
        shelves.iter().sum()
    }

    async fn receipts(&self, first: u32) -> Stream<Receipt> {
        Stream::from_items((first..first + 3).map(|count| Receipt {
            item: "tea".to_owned(),
            count,
            tags: (0, String::new()),
        }))
    }

    async fn audit(&self, rows: i64) -> Result<Stream<i64>, ShopError> {
        if rows < 0 {
            return Err(ShopError::Closed("no rows".to_owned()));
        }
        let end = Exception::from(ShopError::Nothing);
        Ok(Stream::from_results((0..rows).map(Ok).chain([Err(end)])))
    }

    async fn total(&self, mut prices: Stream<i64>) -> i64 {
        let mut total = 0;
        while let Some(price) = prices.next().await {
            total += price.unwrap_or_default();
        }
        total
    }

    async fn note(&self, line: String) {
        self.notes.lock().unwrap().push(line);
        self.waiting.notify_one();
    }

    async fn noted(&self) -> Vec<String> {
        self.notes.lock().unwrap().clone()
    }

    async fn sign(&self) -> Result<String, ShopError> {
        match &*self.sign.lock().unwrap() {
            sign if sign.is_empty() => Err(ShopError::Closed("no sign".to_owned())),
            sign => Ok(sign.clone()),
        }
    }

    async fn set_sign(&self, sign: String) -> Result<(), ShopError> {
        if sign.is_empty() {
            return Err(ShopError::Nothing);
        }
        *self.sign.lock().unwrap() = sign;
        Ok(())
    }

    async fn visits(&self) -> u64 {
        self.visits.fetch_add(1, Ordering::Relaxed) + 1
    }

    async fn open_at(&self, hour: u8) -> bool {
        (9..18).contains(&hour)
    }

    async fn picture(&self, mut data: Vec<u8>) -> Vec<u8> {
        data.reverse();
        data
    }

    async fn anything(&self, value: Value) -> Value {
        value
    }

    async fn introduce(&self, friend: ShopProxy) -> ShopProxy {
        friend
    }

    async fn friends(&self, group: Group) -> HashMap<String, ShopProxy> {
        let leader = ("leader".to_owned(), group.leader);
        let others = group.others.into_iter().enumerate();
        others.map(|(index, other)| (index.to_string(), other)).chain([leader]).collect()
    }

    async fn ask(&self, friend: ShopProxy, item: String) -> Result<i64, Exception> {
        Ok(friend.price(item).await?)
    }

    async fn wait_for_night(&self) {
        self.waiting.notify_one();
        self.night.notified().await;
        self.notes.lock().unwrap().push("night".to_owned());
        self.waiting.notify_one();
    }

    async fn burn(&self) {
        panic!("fire");
    }

    async fn r#type(&self) -> String {
        "corner".to_owned()
    }
}

/// A daemon with a shop, and a proxy that goes over a connection.
pub(crate) struct Served {
    pub(crate) daemon: Daemon,
    pub(crate) remote: ShopProxy,
    pub(crate) local: ShopProxy,
}

impl Served {
    pub(crate) async fn new() -> Self {
        let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
        let local: ShopProxy = daemon.serve("shop", Corner::default()).unwrap();
        let remote = Client::new().lookup(local.uri()).await.unwrap();
        Self { daemon, remote, local }
    }

    /// A proxy over a connection, the daemon's own, and one that no daemon knows.
    pub(crate) fn all(&self) -> [ShopProxy; 3] {
        [self.remote.clone(), self.local.clone(), ShopProxy::local(Corner::default())]
    }
}
