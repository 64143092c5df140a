//! [`Bridge`]: which addresses lead through a daemon, and what they lead to.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket};
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
    ///
    /// Of a daemon that listens on all addresses of its machine, and was told no NAT address, they name the one that
    /// the machine has in its network.
    pub fn lead_through(&self, daemon: &Daemon) {
        if let Some(location) = daemon.uri_for("").location() {
            let _ = self.inner.location.set(reachable(location));
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

/// The location with an address that others can connect to.
fn reachable(location: &Location) -> Location {
    match location {
        Location::Tcp { host, port } => match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(all) if all.is_unspecified() => Location::tcp(own_address(all).to_string(), *port),
            _ => location.clone(),
        },
        other @ Location::Unix { .. } => other.clone(),
    }
}

/// The address of this machine from which packets leave for elsewhere; nothing is sent to find out.
fn own_address(all: IpAddr) -> IpAddr {
    // Addresses that documents use; nobody has them.
    let (elsewhere, alone): (IpAddr, IpAddr) = match all {
        IpAddr::V4(_) => (Ipv4Addr::new(192, 0, 2, 1).into(), Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(_) => (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).into(), Ipv6Addr::LOCALHOST.into()),
    };
    let found = UdpSocket::bind((all, 0)).and_then(|socket| {
        socket.connect((elsewhere, 9))?;
        socket.local_addr()
    });
    found.map_or(alone, |address| address.ip())
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
