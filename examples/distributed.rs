//! Work for whoever has time: a dispatcher with a queue, and workers that fetch from it, here to find the prime
//! factors of numbers.
//!
//! Nobody asks again and again: a worker that finds the queue empty waits in its call until there is something, and
//! the one who wants the results does the same at the other end.
//!
//! Names and work items are those of Pyro's example, so that its workers help:
//!
//! ```python
//! dispatcher = Pyro5.api.Proxy("PYRONAME:example.distributed.dispatcher")
//! item = dispatcher.getWork(timeout=5)        # ValueError: no items in queue
//! item.result, item.processedBy = factorize(item.data), "a Python"
//! dispatcher.putResult(item)
//! ```

use std::collections::{BTreeMap, VecDeque};
use std::error::Error;
use std::sync::Mutex;
use std::time::Duration;

use ferropyro::{CallError, Client, Daemon, RemoteError, python_class, remote};
use ferropyro_ns::NameServer;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Keeps work until somebody has time for it, and results until somebody wants them.
#[remote]
pub trait Dispatcher {
    /// Leaves work here.
    #[name("putWork")]
    async fn put_work(&self, item: WorkItem) -> Result<(), QueueError>;
    /// Takes work; waits for it so many seconds.
    #[name("getWork")]
    async fn get_work(&self, #[default(5.0)] timeout: f64) -> Result<WorkItem, QueueError>;
    /// Leaves a result here.
    #[name("putResult")]
    async fn put_result(&self, item: WorkItem) -> Result<(), QueueError>;
    /// Takes a result; waits for it so many seconds.
    #[name("getResult")]
    async fn get_result(&self, #[default(5.0)] timeout: f64) -> Result<WorkItem, QueueError>;
    /// Lets workers go home: there will be no more work.
    async fn close(&self);
}

/// A number, and in the end its factors.
#[python_class("workitem.Workitem")]
#[derive(Clone, Debug)]
pub struct WorkItem {
    /// Tells items apart.
    #[serde(rename = "itemId")]
    pub id: u32,
    /// The number.
    pub data: u64,
    /// Its prime factors, once they are known.
    pub result: Option<Vec<u64>>,
    /// Who found them.
    #[serde(rename = "processedBy")]
    pub processed_by: Option<String>,
}

/// Why a queue gives nothing, or takes nothing.
#[derive(Debug, thiserror::Error, RemoteError)]
#[exception("ValueError")]
pub enum QueueError {
    /// Nothing came in time.
    #[error("no items in queue")]
    Empty,
    /// There will be no more.
    #[error("the queue is closed")]
    Closed,
}

/// Items, and a permit for each.
struct Queue {
    items: Mutex<VecDeque<WorkItem>>,
    ready: Semaphore,
}

impl Queue {
    fn new() -> Self {
        Self { items: Mutex::default(), ready: Semaphore::new(0) }
    }

    fn put(&self, item: WorkItem) -> Result<(), QueueError> {
        if self.ready.is_closed() {
            return Err(QueueError::Closed);
        }
        self.items.lock().unwrap().push_back(item);
        self.ready.add_permits(1);
        Ok(())
    }

    async fn get(&self, seconds: f64) -> Result<WorkItem, QueueError> {
        // A time from the network: below zero, or no number, means not to wait.
        let patience = Duration::try_from_secs_f64(seconds).unwrap_or_default();
        // Waiting costs neither a thread nor a connection of its own, however many workers do.
        let permit =
            tokio::time::timeout(patience, self.ready.acquire()).await.map_err(|_| QueueError::Empty)?;
        permit.map_err(|_| QueueError::Closed)?.forget();
        self.items.lock().unwrap().pop_front().ok_or(QueueError::Empty)
    }
}

struct Queues {
    work: Queue,
    results: Queue,
}

impl Dispatcher for Queues {
    async fn put_work(&self, item: WorkItem) -> Result<(), QueueError> {
        self.work.put(item)
    }

    async fn get_work(&self, timeout: f64) -> Result<WorkItem, QueueError> {
        self.work.get(timeout).await
    }

    async fn put_result(&self, item: WorkItem) -> Result<(), QueueError> {
        self.results.put(item)
    }

    async fn get_result(&self, timeout: f64) -> Result<WorkItem, QueueError> {
        self.results.get(timeout).await
    }

    async fn close(&self) {
        self.work.ready.close();
    }
}

fn factorize(mut number: u64) -> Vec<u64> {
    let mut factors = Vec::new();
    let mut candidate = 2;
    while candidate * candidate <= number {
        if number.is_multiple_of(candidate) {
            factors.push(candidate);
            number /= candidate;
        } else {
            candidate += 1;
        }
    }
    if number > 1 {
        factors.push(number);
    }
    factors
}

/// A worker, as it would run on another machine. Gives how many items it has done.
async fn work(client: Client, name: String) -> ferropyro::Result<u32> {
    let dispatcher: DispatcherProxy = client.lookup("PYRONAME:example.distributed.dispatcher").await?;
    let mut done = 0;
    loop {
        // Left to its default, the dispatcher waits for 5 seconds.
        let mut item = match dispatcher.get_work().await {
            Ok(item) => item,
            Err(CallError::Remote(QueueError::Empty)) => continue,
            Err(CallError::Remote(QueueError::Closed)) => return Ok(done),
            Err(other) => return Err(other.into()),
        };
        let number = item.data;
        // What computes for long goes to a thread for that; the runtime's own have connections to serve.
        let factors = tokio::task::spawn_blocking(move || factorize(number));
        item.result = factors.await.ok();
        item.processed_by = Some(name.clone());
        dispatcher.put_result(item).await?;
        done += 1;
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let name_server = NameServer::builder().host("127.0.0.1").port(0).start().await?;
    let client = Client::builder().name_server(name_server.location().clone()).build();
    let daemon = Daemon::bind("127.0.0.1:0").await?;
    let queues = Queues { work: Queue::new(), results: Queue::new() };
    let served: DispatcherProxy = daemon.serve("dispatcher", queues)?;
    client.name_server().await?.register("example.distributed.dispatcher", served.uri()).await?;

    let mut workers = JoinSet::new();
    for number in 1..=3 {
        workers.spawn(work(client.clone(), format!("worker {number}")));
    }

    let dispatcher: DispatcherProxy = client.lookup("PYRONAME:example.distributed.dispatcher").await?;
    let items = 12;
    for id in 1..=items {
        let data = (3211 + u64::from(id) * 7919) * (4567 + u64::from(id) * 104_729);
        dispatcher.put_work(WorkItem { id, data, result: None, processed_by: None }).await?;
    }
    // They come in the order in which they are done.
    let mut results = BTreeMap::new();
    for _ in 0..items {
        let item = dispatcher.get_result().arg("timeout", 60.0).await?;
        results.insert(item.id, item);
    }
    for item in results.values() {
        let factors: Vec<_> = item.result.iter().flatten().map(ToString::to_string).collect();
        println!("{} = {}", item.data, factors.join(" * "));
    }
    dispatcher.close().await?;
    let mut done = 0;
    while let Some(worker) = workers.join_next().await {
        done += worker??;
    }
    println!("3 workers did {done} items");
    Ok(())
}
