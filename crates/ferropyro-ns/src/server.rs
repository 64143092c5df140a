//! [`NameServer`]: a running name server, its daemon, its responder to broadcasts, its auto-clean task.
//!
//! It puts the parts together and takes them apart again; each part's work is done elsewhere.

mod builder;
mod error;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use ferropyro::{Daemon, Location, Uri};
use tokio::task::JoinSet;

pub use builder::NameServerBuilder;
pub use error::StartError;

use crate::{NAME_SERVER, Registry};

/// Whether broadcasts are answered, and if not, why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broadcast {
    /// They are, on this address.
    Running(Location),
    /// Not: nobody else reaches a name server that listens on this machine only.
    Loopback,
    /// Not: IPv6 has no broadcasts.
    Ipv6,
    /// Not: they were switched off, or the name server listens on a Unix socket.
    Off,
}

/// A running name server. It ends with this handle.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # tokio::runtime::Runtime::new()?.block_on(async {
/// use ferropyro_ns::NameServer;
///
/// let names = NameServer::builder().host("127.0.0.1").port(0).start().await?;
/// println!("URI = {}", names.uri());
/// assert_eq!(names.count(), 1); // itself
/// names.stop().await?;
/// # Ok(()) }) }
/// ```
pub struct NameServer {
    daemon: Daemon,
    registry: Arc<Registry>,
    broadcast: Broadcast,
    /// The responder and the auto-clean; dropping them ends them.
    tasks: JoinSet<()>,
}

impl NameServer {
    /// A name server to be: on `localhost:9090`, in memory, unless told otherwise.
    pub fn builder() -> NameServerBuilder {
        NameServerBuilder::default()
    }

    /// Its URI, with the NAT address if one is set.
    #[must_use]
    pub fn uri(&self) -> Uri {
        self.daemon.uri_for(NAME_SERVER)
    }

    /// Its URI with the address that it listens on.
    #[must_use]
    pub fn internal_uri(&self) -> Uri {
        self.daemon.internal_uri_for(NAME_SERVER)
    }

    /// Where it listens.
    #[must_use]
    pub fn location(&self) -> &Location {
        self.daemon.location()
    }

    /// The address of its TCP port; `None` for a Unix socket.
    #[must_use]
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.daemon.local_addr()
    }

    /// Whether it answers broadcasts.
    #[must_use]
    pub fn broadcast(&self) -> &Broadcast {
        &self.broadcast
    }

    /// How many names are registered, its own included.
    #[must_use]
    pub fn count(&self) -> usize {
        self.registry.count()
    }

    /// The names.
    #[must_use]
    pub fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// The daemon that serves it; other objects may be registered there too.
    #[must_use]
    pub fn daemon(&self) -> &Daemon {
        &self.daemon
    }

    /// Waits for the end: for [`shutdown`](Self::shutdown), SIGINT or SIGTERM, and then for what still runs,
    /// at most 5 s. The storage is closed then.
    ///
    /// # Errors
    /// The program's signals cannot be caught.
    pub async fn run(mut self) -> ferropyro::Result<()> {
        let outcome = self.daemon.run().await;
        self.tasks.shutdown().await;
        let registry = Arc::clone(&self.registry);
        // Closing a database writes to the disk. What remains to be done is done when the handle is dropped.
        let _ = tokio::task::spawn_blocking(move || registry.close()).await;
        outcome
    }

    /// Begins the end, and returns at once.
    pub fn shutdown(&self) {
        self.daemon.shutdown();
    }

    /// Ends it, and waits until it has ended.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub async fn stop(self) -> ferropyro::Result<()> {
        self.shutdown();
        self.run().await
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.daemon.shutdown();
        // Others may still hold the registry, and the file is to be free for the next name server.
        self.registry.close();
    }
}

impl fmt::Debug for NameServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NameServer")
            .field("uri", &self.uri())
            .field("broadcast", &self.broadcast)
            .field("count", &self.count())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
