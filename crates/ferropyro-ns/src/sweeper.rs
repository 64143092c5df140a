//! The task behind auto-clean: connects where the [`Cleaner`] says, and removes what it decides.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use ferropyro::Location;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::{Check, Cleaner, Filter, Registration, Registry};

/// How many places are tried at once.
const CONCURRENT: usize = 32;

/// Does a round each period, for ever. A place that does not answer within `patience` is unreachable.
pub(crate) async fn sweep(registry: Arc<Registry>, mut cleaner: Cleaner, patience: Duration) {
    loop {
        tokio::time::sleep(cleaner.period()).await;
        let expired = round(&registry, &mut cleaner, patience).await;
        if expired.is_empty() {
            continue;
        }
        for Registration { name, entry } in &expired {
            tracing::info!(%name, uri = %entry.uri, "removing a name that is unreachable");
        }
        let registry = Arc::clone(&registry);
        let removal = tokio::task::spawn_blocking(move || registry.remove_unchanged(&expired));
        if let Ok(Err(error)) = removal.await {
            tracing::warn!(%error, "cannot remove names that are unreachable");
        }
    }
}

/// Tries every place once; gives back what is unreachable for too long.
async fn round(registry: &Registry, cleaner: &mut Cleaner, patience: Duration) -> Vec<Registration> {
    let mut checks = cleaner.plan(registry.list(Filter::Everything)).into_iter();
    let mut running = JoinSet::new();
    let mut expired = Vec::new();
    loop {
        while running.len() < CONCURRENT
            && let Some(check) = checks.next()
        {
            running.spawn(probe(check, patience));
        }
        match running.join_next().await {
            Some(Ok((check, Some(reachable)))) => {
                let now = Instant::now().into_std();
                expired.extend(cleaner.judge(now, check, reachable));
            }
            // It could not be tried; it is judged another time.
            Some(Ok((_, None)) | Err(_)) => {}
            None => break,
        }
    }
    tracing::debug!(unreachable = cleaner.unreachable(), names = registry.count(), "swept");
    expired
}

/// Whether a place takes a connection; `None` when the fault is on our side.
async fn probe(check: Check, patience: Duration) -> (Check, Option<bool>) {
    let outcome = tokio::time::timeout(patience, connect(&check.location)).await;
    let reachable = match outcome {
        Ok(Ok(())) => Some(true),
        Ok(Err(error)) if is_ours(&error) => None,
        Ok(Err(_)) | Err(_) => Some(false),
    };
    (check, reachable)
}

async fn connect(location: &Location) -> io::Result<()> {
    match location {
        Location::Tcp { host, port } => TcpStream::connect((host.as_str(), *port)).await.map(drop),
        #[cfg(unix)]
        Location::Unix { path } => tokio::net::UnixStream::connect(path).await.map(drop),
        #[cfg(not(unix))]
        Location::Unix { .. } => Err(io::ErrorKind::Unsupported.into()),
    }
}

/// Whether this process ran out of something (descriptors, memory), which says nothing of the other side.
fn is_ours(error: &io::Error) -> bool {
    const ENFILE: i32 = 23;
    const EMFILE: i32 = 24;
    error.kind() == io::ErrorKind::OutOfMemory
        || (cfg!(unix) && matches!(error.raw_os_error(), Some(ENFILE | EMFILE)))
}

#[cfg(test)]
mod tests {
    use ferropyro::Set;
    use tokio::net::TcpListener;

    use super::*;
    use crate::MIN_PERIOD;

    async fn reachable(location: Location) -> Option<bool> {
        probe(Check { location, registrations: Vec::new() }, Duration::from_secs(5)).await.1
    }

    #[tokio::test]
    async fn a_place_is_reachable_while_something_listens_there() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
        let port = listener.local_addr().expect("an address").port();
        assert_eq!(reachable(Location::tcp("127.0.0.1", port)).await, Some(true));
        drop(listener);
        assert_eq!(reachable(Location::tcp("127.0.0.1", port)).await, Some(false));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_unix_socket_is_tried_as_such() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("socket").to_str().expect("a path").to_owned();
        assert_eq!(reachable(Location::unix(&*path)).await, Some(false));
        let _listener = tokio::net::UnixListener::bind(&path).expect("bound");
        assert_eq!(reachable(Location::unix(path)).await, Some(true));
    }

    #[tokio::test]
    async fn a_round_tries_everything_and_removes_nothing_too_early() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
        let port = listener.local_addr().expect("an address").port();
        let registry = Registry::default();
        for number in 0..100 {
            let uri = format!("PYRO:x@127.0.0.1:{port}");
            registry.register(&format!("up{number}"), &uri, false, Set::new()).expect("registered");
            let uri = format!("PYRO:x@./u:/nowhere/{number}");
            registry.register(&format!("down{number}"), &uri, false, Set::new()).expect("registered");
        }
        let mut cleaner = Cleaner::new(MIN_PERIOD).expect("a period");
        assert!(round(&registry, &mut cleaner, Duration::from_secs(5)).await.is_empty());
        assert_eq!(cleaner.unreachable(), 100);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_unreachable_for_twenty_seconds_is_removed_and_the_name_server_stays() {
        let registry = Arc::new(Registry::default());
        for name in ["down", crate::NAME_SERVER] {
            registry.register(name, "PYRO:x@./u:/nowhere/at/all", false, Set::new()).expect("registered");
        }
        let cleaner = Cleaner::new(MIN_PERIOD).expect("a period");
        let sweeping = tokio::spawn(sweep(Arc::clone(&registry), cleaner, Duration::from_secs(5)));
        let started = Instant::now();
        while registry.count() > 1 && started.elapsed() < Duration::from_secs(60) {
            // The clock is the test's: it jumps ahead as soon as nothing else is to be done.
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        assert_eq!(registry.count(), 1);
        assert!(started.elapsed() >= crate::MAX_UNREACHABLE, "after {:?}", started.elapsed());
        sweeping.abort();
    }
}
