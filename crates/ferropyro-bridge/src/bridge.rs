//! [`Bridge`]: which addresses lead through a daemon, and what they lead to.

use std::fmt;
use std::sync::{Arc, OnceLock};

use ferropyro::server::DaemonBuilder;
use ferropyro::{
    AnyProxy, CallError, Client, Codec, Daemon, Dialect, Error, Exception, Location, Metadata, Object,
    ProxyState, Uri,
};

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
        match self.connect(proxy).await {
            Ok((proxy, metadata)) => Ok(Some(Arc::new(Bridged::new(self.clone(), proxy, &metadata)))),
            Err((uri, error)) => Err(unreachable(&uri, &error.into())),
        }
    }

    /// Connects to an object, in a serializer that its daemon accepts, and asks what it offers.
    async fn connect(&self, proxy: AnyProxy) -> Result<(AnyProxy, Arc<Metadata>), (Uri, Error)> {
        let (uri, own) = (proxy.uri().clone(), proxy.codec());
        let mut outcome = proxy.metadata().await.map(|metadata| (proxy, metadata));
        for codec in Codec::ALL.into_iter().filter(|codec| *codec != own) {
            if !outcome.as_ref().is_err_and(refuses_serializer) {
                break;
            }
            let reference =
                ProxyState { serializer: Some(codec.name().to_owned()), ..ProxyState::new(uri.clone()) };
            let proxy = self.client().proxy(reference);
            outcome = proxy.metadata().await.map(|metadata| (proxy, metadata));
        }
        match outcome {
            // An object that offers nothing: its callers say so themselves.
            Err(error) if matches!(error.kind(), CallError::Unsupported(_)) => {
                Ok((self.client().proxy(uri), Arc::default()))
            }
            outcome => outcome.map_err(|error| (uri, error)),
        }
    }
}

/// Whether a daemon speaks, but not in the serializer that it was spoken to in. Pyro has no better sign of that than
/// its text.
fn refuses_serializer(error: &Error) -> bool {
    matches!(error.kind(), CallError::Refused { .. })
        && error.to_string().contains("serializer that is not accepted")
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
