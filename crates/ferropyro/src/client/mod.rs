//! Calling objects in other processes.
//!
//! A [`Client`] finds objects; an [`AnyProxy`] stands for one; a [`Call`] is a value that is awaited, waited
//! for, or sent without waiting. Serving objects is the business of [`server`](crate::server).

mod answer;
mod batch;
mod builder;
mod call;
mod connect;
mod deadline;
mod delivery;
mod exchange;
mod existing;
mod items;
mod link;
mod local;
mod members;
mod oneway;
mod proxy;
mod session;
mod slots;
mod target;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use ferropyro_proto::Dialect;
use ferropyro_value::{Location, ProxyState, Uri};

pub use answer::Answer;
pub(crate) use answer::{items as read_items, value as read_value};
pub use batch::{Batch, BatchCalls};
pub use builder::ClientBuilder;
pub(crate) use builder::Settings;
pub use call::{Call, CallFuture};
pub(crate) use exchange::{Ask, Outcome, Plain, Request};
pub(crate) use items::RemoteItems;
pub use oneway::{Oneway, OnewayFuture};
pub use proxy::AnyProxy;
pub(crate) use target::Target;

use crate::naming::{self, NameServer};
use crate::runtime::Runtime;
use crate::server::{Proxy, Served, ServedBy};
use crate::transport::Stream;
use crate::{CallError, Operation, Result};

/// Finds objects and connects to them. Cheap to clone; clones share what they learn of the peers.
///
/// Made inside an async runtime, a client uses that one; made outside, it starts a small one of its own at
/// the first use, so that programs without async can [`wait`](Call::wait) for everything. A current-thread runtime
/// works while a thread is in its `block_on`: at other times there is nobody to do what is waited for, timeouts
/// included.
///
/// ```no_run
/// # use ferropyro::{Client, args};
/// # fn main() -> ferropyro::Result<()> {
/// let greeter = Client::new().lookup_any("PYRONAME:example.greeter").wait()?;
/// println!("{}", greeter.call("hello", args!["world"]).cast::<String>().wait()?);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    /// What the builder said, or why it cannot be.
    settings: Settings,
    trouble: Option<CallError>,
    runtime: Runtime,
    /// What is spoken where. Shared by clients that were derived from one another.
    dialects: Arc<Mutex<HashMap<Location, Dialect>>>,
}

impl Inner {
    fn duplicate(&self) -> Self {
        let Self { settings, trouble, runtime, dialects } = self;
        Self {
            settings: settings.clone(),
            trouble: trouble.as_ref().map(CallError::duplicate),
            runtime: runtime.clone(),
            dialects: Arc::clone(dialects),
        }
    }
}

impl Default for Client {
    fn default() -> Self {
        Self::new()
    }
}

impl Client {
    /// A client with the settings of the environment (`PYRO_*` variables), else the defaults.
    ///
    /// A variable that cannot be understood fails the first operation, not this.
    #[must_use]
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// A client with settings of its own.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    fn with_settings(settings: Settings, trouble: Option<CallError>, runtime: Runtime) -> Self {
        crate::zone::adopt_system_zone();
        Self { inner: Arc::new(Inner { settings, trouble, runtime, dialects: Arc::default() }) }
    }

    /// The client of proxies that belong to none.
    pub(crate) fn unbound() -> Self {
        static UNBOUND: LazyLock<Client> = LazyLock::new(|| {
            let trouble = CallError::Misuse(
                "this proxy was read outside of a call, so that it belongs to no client: give it one, \
                 client.proxy(proxy.reference())"
                    .to_owned(),
            );
            Client { inner: Arc::new(Inner { trouble: Some(trouble), ..Client::new().inner.duplicate() }) }
        });
        UNBOUND.clone()
    }

    /// A client with other settings that shares the rest.
    pub(crate) fn derive(&self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut inner = self.inner.duplicate();
        change(&mut inner.settings);
        Self { inner: Arc::new(inner) }
    }

    /// Finds an object and gives a typed proxy for it. A `PYRONAME:` or `PYROMETA:` address is resolved now; the
    /// connection to the object is made at the first call.
    ///
    /// # Errors
    /// When awaited: the address is none; no name server can be found, or it does not know the name.
    pub fn lookup<P: Proxy>(&self, uri: impl AsUri) -> Operation<P> {
        let any = self.lookup_any(uri);
        Operation::new(self.runtime(), async move { Ok(P::from(any.await?)) })
    }

    /// A proxy for an object of this program, to be passed to others of this process, which call it directly.
    ///
    /// Nothing listens for calls from elsewhere: passed to another process, it is [`CallError::Unsupported`].
    /// [`Daemon::export`](crate::Daemon::export) gives one that can be.
    ///
    /// # Errors
    /// None that can occur in practice.
    pub fn export<P, O>(&self, object: O) -> Result<P>
    where
        P: ServedBy<O>,
    {
        let object = Served::<P, P::Object>::new(object);
        Ok(AnyProxy::of_target(Target::local(self, Arc::new(object))).into())
    }

    /// Finds an object and gives a proxy for it. A `PYRONAME:` or `PYROMETA:` address is resolved now; the
    /// connection to the object is made at the first call.
    ///
    /// # Errors
    /// When awaited: the address is none; no name server can be found, or it does not know the name.
    pub fn lookup_any(&self, uri: impl AsUri) -> Operation<AnyProxy> {
        let client = self.clone();
        let uri = uri.as_uri(self.inner.settings.ns_port);
        Operation::new(self.runtime(), async move {
            let uri = naming::resolve(&client, &uri?).await?;
            Ok(AnyProxy::new(&client, uri))
        })
    }

    /// The address of the object that a name or tags stand for; a `PYRO:` address is given back as it is.
    /// Of several objects with the tags of a `PYROMETA:` address, any one.
    ///
    /// # Errors
    /// As [`lookup_any`](Self::lookup_any).
    pub fn resolve(&self, uri: impl AsUri) -> Operation<Uri> {
        let client = self.clone();
        let uri = uri.as_uri(self.inner.settings.ns_port);
        Operation::new(self.runtime(), async move { Ok(naming::resolve(&client, &uri?).await?) })
    }

    /// A proxy for a reference or an address, without looking anything up: that happens at the first call,
    /// and anew at each connecting.
    pub fn proxy(&self, reference: impl Into<Reference>) -> AnyProxy {
        AnyProxy::from_reference(self, reference.into().0)
    }

    /// A proxy for an object at the other end of a stream that was connected by other means, such as one end of a
    /// socket pair. Nobody introduces himself on it (wire protocol §17.5), so that the dialect must be said; the
    /// daemon's side is [`Daemon::serve_connection`](crate::Daemon::serve_connection), or a genuine Pyro's
    /// `connected_socket`. Clones share the stream; once it is over no other is made.
    ///
    /// # Errors
    /// When awaited: the other end does not know the object, or is no Pyro of that dialect.
    pub fn proxy_over(
        &self,
        stream: impl Into<Stream>,
        object: impl Into<String>,
        dialect: Dialect,
    ) -> Operation<AnyProxy> {
        let (client, stream, object) = (self.clone(), stream.into(), object.into());
        Operation::new(
            self.runtime(),
            async move { Ok(existing::over(&client, stream, object, dialect).await?) },
        )
    }

    /// Whether a dialect is spoken at a location. Nothing is remembered.
    ///
    /// # Errors
    /// When awaited: nobody can be reached there, or it is no Pyro.
    pub fn speaks(&self, location: &Location, dialect: Dialect) -> Operation<bool> {
        let (client, location) = (self.clone(), location.clone());
        Operation::new(self.runtime(), async move { Ok(connect::speaks(&client, &location, dialect).await?) })
    }

    /// The name server: the one that the builder or `PYRO_NS_HOST` says, or one that answers a broadcast.
    ///
    /// # Errors
    /// When awaited: none can be found; the text says where it was looked for.
    pub fn name_server(&self) -> Operation<NameServer> {
        let client = self.clone();
        Operation::new(self.runtime(), async move { Ok(naming::locate(&client, None).await?) })
    }

    /// The name server at a location.
    ///
    /// # Errors
    /// When awaited: there is none.
    pub fn name_server_at(&self, location: Location) -> Operation<NameServer> {
        let client = self.clone();
        Operation::new(self.runtime(), async move { Ok(naming::locate(&client, Some(&location)).await?) })
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    pub(crate) fn runtime(&self) -> &Runtime {
        &self.inner.runtime
    }

    /// An error if the settings were such that nothing can be done with them.
    pub(crate) fn check(&self) -> Result<(), CallError> {
        self.inner.trouble.as_ref().map_or(Ok(()), |trouble| Err(trouble.duplicate()))
    }

    fn dialects(&self) -> std::sync::MutexGuard<'_, HashMap<Location, Dialect>> {
        self.inner.dialects.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is spoken at a location, if that is known.
    fn known_dialect(&self, location: &Location) -> Option<Dialect> {
        self.dialects().get(location).copied()
    }

    fn learn_dialect(&self, location: &Location, dialect: Dialect) {
        /// A client that sees more places than this is better off asking again than remembering all.
        const MOST: usize = 4096;
        let mut dialects = self.dialects();
        if dialects.len() >= MOST {
            dialects.clear();
        }
        dialects.insert(location.clone(), dialect);
    }

    fn forget_dialect(&self, location: &Location) {
        self.dialects().remove(location);
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("settings", &self.inner.settings).finish_non_exhaustive()
    }
}

/// Texts and [`Uri`]s, wherever an address is wanted.
pub trait AsUri {
    /// The address; `ns_port` where a name server's port is left out.
    ///
    /// # Errors
    /// The text is no address.
    fn as_uri(&self, ns_port: u16) -> Result<Uri, CallError>;
}

impl AsUri for Uri {
    fn as_uri(&self, _: u16) -> Result<Uri, CallError> {
        Ok(self.clone())
    }
}

impl AsUri for str {
    fn as_uri(&self, ns_port: u16) -> Result<Uri, CallError> {
        Ok(Uri::parse(self, ns_port)?)
    }
}

impl AsUri for String {
    fn as_uri(&self, ns_port: u16) -> Result<Uri, CallError> {
        self.as_str().as_uri(ns_port)
    }
}

impl<T: AsUri + ?Sized> AsUri for &T {
    fn as_uri(&self, ns_port: u16) -> Result<Uri, CallError> {
        (**self).as_uri(ns_port)
    }
}

/// Whatever a proxy can be made from without looking anything up.
#[derive(Debug)]
pub struct Reference(ProxyState);

impl From<ProxyState> for Reference {
    fn from(state: ProxyState) -> Self {
        Self(state)
    }
}

impl From<&ProxyState> for Reference {
    fn from(state: &ProxyState) -> Self {
        Self(state.clone())
    }
}

impl From<Uri> for Reference {
    fn from(uri: Uri) -> Self {
        Self(ProxyState::new(uri))
    }
}

impl From<&Uri> for Reference {
    fn from(uri: &Uri) -> Self {
        uri.clone().into()
    }
}
