//! [`Bridge`]: which addresses lead through a daemon, and what they lead to.

use std::fmt;
use std::sync::{Arc, OnceLock};

use ferropyro::server::DaemonBuilder;
use ferropyro::{Client, Daemon, Dialect, Exception, Location, Object, Uri};

use crate::id;
use crate::object::Bridged;
use crate::spoken::Spoken;

/// Lets the objects behind a daemon be called by programs of either Pyro. Cheap to clone.
///
/// Whoever can reach the daemon can call, through it, whatever the daemon's machine can reach. Keep it where the
/// programs are that it serves, as one keeps Pyro itself.
#[derive(Clone)]
pub struct Bridge {
    inner: Arc<Inner>,
}

struct Inner {
    client: Client,
    /// Where the bridge's own daemon can be reached.
    location: OnceLock<Location>,
    spoken: Spoken,
}

impl Bridge {
    /// A bridge that calls the objects behind it with this client: its timeouts and settings hold.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { inner: Arc::new(Inner { client, location: OnceLock::new(), spoken: Spoken::default() }) }
    }

    /// Lets a daemon serve what is behind the bridge.
    pub fn serve_on(&self, daemon: DaemonBuilder) -> DaemonBuilder {
        let bridge = self.clone();
        daemon.source(move |id| {
            let bridge = bridge.clone();
            async move { bridge.find(&id).await }
        })
    }

    /// Says which daemon serves it, so that addresses can lead there. The first one counts.
    pub fn lead_through(&self, daemon: &Daemon) {
        if let Some(location) = daemon.uri_for("").location() {
            let _ = self.inner.location.set(location.clone());
        }
    }

    /// The address that leads to an object through the bridge; through it already, the address that it leads to.
    /// Addresses that name no object, such as `PYRONAME:` ones, stay.
    #[must_use]
    pub fn across(&self, uri: &Uri) -> Uri {
        let Some(own) = self.inner.location.get() else { return uri.clone() };
        if uri.location() == Some(own)
            && let Some(behind) = uri.object().and_then(id::decode)
        {
            return behind;
        }
        match id::encode(uri) {
            Some(id) => Uri::object_at(id, own.clone()),
            None => uri.clone(),
        }
    }

    /// The address of an object for a program that speaks a dialect: the object's own where that is spoken there,
    /// else one through the bridge. Where nobody answers there is nothing to bridge, and the address stays.
    pub async fn for_dialect(&self, uri: &Uri, dialect: Dialect) -> Uri {
        let own = self.inner.location.get();
        let direct = match uri.object().and_then(id::decode).filter(|_| uri.location() == own) {
            // Somebody registered it as it leads through here: some may go straight there.
            Some(behind) => behind,
            // What the bridge's own daemon serves speaks both.
            None if uri.location() == own || uri.object().is_none() => return uri.clone(),
            None => uri.clone(),
        };
        let Some(location) = direct.location() else { return direct };
        match self.inner.spoken.ask(&self.inner.client, location, dialect).await {
            Some(false) => self.across(&direct),
            Some(true) => direct,
            None => uri.clone(),
        }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.inner.client
    }

    /// The object that an id stands for.
    async fn find(&self, id: &str) -> Result<Option<Arc<dyn Object>>, Exception> {
        let Some(uri) = id::decode(id) else { return Ok(None) };
        let proxy = self.client().proxy(uri);
        let metadata = proxy.metadata().await.map_err(|error| unreachable(proxy.uri(), &error.into()))?;
        Ok(Some(Arc::new(Bridged::new(self.clone(), proxy, &metadata))))
    }
}

/// Says on which side of the bridge something is wrong.
fn unreachable(uri: &Uri, exception: &Exception) -> Exception {
    let text = format!("the bridge cannot reach {uri}: {}", exception.message());
    Exception::from_parts(exception.class(), vec![text.into()], exception.attributes().clone())
}

impl fmt::Debug for Bridge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bridge").field("location", &self.inner.location.get()).finish_non_exhaustive()
    }
}
