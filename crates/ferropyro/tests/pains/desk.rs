//! The object that most of these tests call.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ferropyro::{Client, Daemon, Instances, Value, context, remote};
use tokio::sync::Semaphore;

#[remote]
pub(crate) trait Desk {
    /// Adds to a number that all callers share; gives it.
    async fn add(&self, count: u64) -> u64;
    async fn echo(&self, value: Value) -> Value;
    /// The number of the caller's session.
    async fn session(&self) -> u64;
    /// Says that it runs, and goes on when it is told to.
    async fn wait(&self) -> String;
    #[oneway]
    async fn note(&self, count: u64);
}

#[derive(Debug)]
pub(crate) struct Clerk {
    pub(crate) total: AtomicU64,
    /// A permit for each call of `wait` that has begun, and of `note` that is done.
    pub(crate) seen: Semaphore,
    /// A permit for each call of `wait` that may go on.
    pub(crate) go: Semaphore,
}

impl Default for Clerk {
    fn default() -> Self {
        Self { total: AtomicU64::new(0), seen: Semaphore::new(0), go: Semaphore::new(0) }
    }
}

impl Clerk {
    /// Waits for one call of `wait` or `note`.
    pub(crate) async fn see(&self) {
        self.seen.acquire().await.unwrap().forget();
    }
}

impl Desk for Clerk {
    async fn add(&self, count: u64) -> u64 {
        self.total.fetch_add(count, Ordering::SeqCst) + count
    }

    async fn echo(&self, value: Value) -> Value {
        value
    }

    async fn session(&self) -> u64 {
        context().unwrap().session()
    }

    async fn wait(&self) -> String {
        self.seen.add_permits(1);
        self.go.acquire().await.unwrap().forget();
        "done".to_owned()
    }

    async fn note(&self, count: u64) {
        self.total.fetch_add(count, Ordering::SeqCst);
        self.seen.add_permits(1);
    }
}

/// A daemon with a desk, which the test holds too.
pub(crate) struct Office {
    pub(crate) daemon: Daemon,
    pub(crate) clerk: Arc<Clerk>,
    pub(crate) own: DeskProxy,
}

impl Office {
    /// On a TCP port, in the runtime of the caller or, outside of any, in one of its own.
    pub(crate) async fn open() -> Self {
        Self::on(Daemon::bind("127.0.0.1:0").await.unwrap())
    }

    pub(crate) fn on(daemon: Daemon) -> Self {
        let clerk = Arc::new(Clerk::default());
        let own = daemon.serve("desk", Instances::shared_arc(Arc::clone(&clerk))).unwrap();
        Self { daemon, clerk, own }
    }

    /// A proxy with a connection of its own, which is made at its first call.
    pub(crate) async fn proxy(&self) -> DeskProxy {
        Client::new().lookup(self.own.uri()).await.unwrap()
    }
}
