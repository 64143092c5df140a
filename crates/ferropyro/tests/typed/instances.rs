//! Instance modes: one object for all, for each session, for each call.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use ferropyro::{Client, Daemon, Exception, Instances, remote};

#[remote]
trait Counter {
    async fn next(&self) -> u64;
}

struct Ticker {
    count: AtomicU64,
    alive: Arc<AtomicUsize>,
}

impl Ticker {
    fn new(alive: &Arc<AtomicUsize>) -> Self {
        alive.fetch_add(1, Ordering::SeqCst);
        Self { count: AtomicU64::new(0), alive: Arc::clone(alive) }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Counter for Ticker {
    async fn next(&self) -> u64 {
        self.count.fetch_add(1, Ordering::SeqCst) + 1
    }
}

async fn proxies(daemon: &Daemon, own: &CounterProxy) -> [[CounterProxy; 2]; 2] {
    let remote = || async { Client::new().lookup::<CounterProxy>(own.uri()).await.unwrap() };
    let _ = daemon;
    [[remote().await, remote().await], [own.fork(), own.fork()]]
}

#[tokio::test]
async fn a_shared_object_is_one_for_all() {
    let alive = Arc::default();
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let own = CounterProxy::serve(&daemon, "counter", Ticker::new(&alive)).unwrap();
    let mut expected = 0;
    for proxy in proxies(&daemon, &own).await.iter().flatten() {
        expected += 1;
        assert_eq!(proxy.next().await.unwrap(), expected);
    }
    assert_eq!(alive.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_session_has_an_object_to_itself_until_it_ends() {
    let alive = Arc::<AtomicUsize>::default();
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let made = Arc::clone(&alive);
    let own =
        CounterProxy::serve(&daemon, "counter", Instances::per_session(move || Ticker::new(&made))).unwrap();
    for [one, two] in proxies(&daemon, &own).await {
        assert_eq!(one.next().await.unwrap(), 1);
        assert_eq!(one.clone().next().await.unwrap(), 2);
        assert_eq!(two.next().await.unwrap(), 1);
        assert_eq!(alive.load(Ordering::SeqCst), 2);
        let forked = one.fork();
        assert_eq!(forked.next().await.unwrap(), 1);
        drop((one, two, forked));
        while daemon.connections() > 0 {
            tokio::task::yield_now().await;
        }
        while alive.load(Ordering::SeqCst) > 0 {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn each_call_may_have_an_object_of_its_own() {
    let alive = Arc::<AtomicUsize>::default();
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let made = Arc::clone(&alive);
    let own =
        CounterProxy::serve(&daemon, "counter", Instances::per_call(move || Ticker::new(&made))).unwrap();
    for proxy in proxies(&daemon, &own).await.iter().flatten() {
        assert_eq!(proxy.next().await.unwrap(), 1);
        assert_eq!(proxy.next().await.unwrap(), 1);
    }
    assert_eq!(alive.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn an_object_that_cannot_be_made_fails_the_call_and_is_tried_again() {
    let alive = Arc::<AtomicUsize>::default();
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let (tries, made) = (AtomicUsize::new(0), Arc::clone(&alive));
    let create = move || match tries.fetch_add(1, Ordering::SeqCst) % 3 {
        0 => Err(Exception::new("OSError", "no disk")),
        1 => panic!("no memory"),
        _ => Ok(Ticker::new(&made)),
    };
    let own = CounterProxy::serve(&daemon, "counter", Instances::try_per_session(create)).unwrap();
    for [proxy, _] in proxies(&daemon, &own).await {
        let error = proxy.next().await.unwrap_err();
        assert_eq!(error.to_string(), "OSError: no disk");
        let error = proxy.next().await.unwrap_err();
        assert_eq!(error.to_string(), "RuntimeError: no memory");
        assert_eq!(proxy.next().await.unwrap(), 1);
        assert_eq!(proxy.next().await.unwrap(), 2);
    }
}

#[tokio::test]
async fn a_weakly_served_object_goes_when_the_program_lets_go_of_it() {
    let alive = Arc::<AtomicUsize>::default();
    let daemon = Daemon::bind("127.0.0.1:0").await.unwrap();
    let ticker = Arc::new(Ticker::new(&alive));
    let own = CounterProxy::serve(&daemon, "counter", Instances::weak(&ticker)).unwrap();
    let [[remote, _], _] = proxies(&daemon, &own).await;
    assert_eq!(remote.next().await.unwrap(), 1);
    assert_eq!(own.next().await.unwrap(), 2);
    drop(ticker);
    assert_eq!(alive.load(Ordering::SeqCst), 0);
    assert_eq!(daemon.registered(), ["Pyro.Daemon"]);
    for proxy in [&remote, &own, &remote.fork()] {
        let error = proxy.next().await.unwrap_err();
        assert!(error.to_string().contains("unknown object"), "{error}");
    }
    // The id is free.
    let again = CounterProxy::serve(&daemon, "counter", Ticker::new(&alive)).unwrap();
    assert_eq!(again.next().await.unwrap(), 1);
    assert_eq!(remote.fork().next().await.unwrap(), 2);
}
