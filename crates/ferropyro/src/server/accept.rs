//! Accepting connections: a task for each address that a daemon listens on.

use std::sync::Arc;
use std::time::Duration;

use super::connection::Connection;
use super::place::Place;
use super::{Shared, secure};
use crate::transport::{Listener, Stream};

/// How many connections may be in the course of being refused; more are dropped without a word.
const MAX_REFUSALS: usize = 256;
/// How long to wait when the system has no descriptor to spare.
const PAUSE: Duration = Duration::from_millis(50);

/// Accepts until the daemon shuts down. Dropped by a runtime that ends, it ends the daemon.
pub(super) async fn run(listener: Listener, accepting: Accepting) {
    let shared = &accepting.0;
    loop {
        let accepted = tokio::select! {
            biased;
            () = shared.draining.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                let count = shared.connection_count();
                let max = shared.limits.max_connections;
                if count >= max.saturating_add(MAX_REFUSALS) {
                    tracing::debug!(target: "ferropyro::server", peer, "too many connections: dropped");
                    continue;
                }
                let denied = (count >= max).then(|| {
                    tracing::debug!(target: "ferropyro::server", peer, count, "too many connections: refused");
                    format!("too many connections: this daemon serves at most {max} (max_connections)")
                });
                match (stream, &shared.tls) {
                    (Stream::Tcp(stream), Some(acceptor)) => {
                        let place = Place::take(shared);
                        shared.tasks.spawn(secure::serve(stream, peer, denied, place, acceptor.clone()));
                    }
                    (stream, _) => {
                        let connection = Connection::accepted(stream, peer, denied, shared);
                        shared.tasks.spawn(connection);
                    }
                }
            }
            Err(error) => {
                // A connection that died before it was accepted costs nothing; a lack of descriptors would
                // make this a busy loop.
                tracing::warn!(target: "ferropyro::server", %error, "cannot accept a connection");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// What ends a daemon that no longer accepts. Made before the task is, which may be dropped before it has begun.
pub(super) struct Accepting(pub(super) Arc<Shared>);

impl Drop for Accepting {
    fn drop(&mut self) {
        self.0.shut_down();
    }
}
