//! [`Daemon`]: the handle on a server.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Weak};

use ferropyro_value::{Location, ProxyState, Uri, Uuid};

use super::connection::Connection;
use super::daemon_object::DAEMON_ID;
use super::registry::daemon_error;
use super::weak::WeakObject;
use super::{DaemonBuilder, Object, Proxy, Served, ServedBy, Shared};
use crate::client::Target;
use crate::runtime::Runtime;
use crate::transport::Stream;
use crate::{AnyProxy, CallError, Client, Error, Operation, Result};

/// A server: it listens, and calls the objects that are registered with it. Cheap to clone.
///
/// It serves from the moment it is bound until [`shutdown`](Self::shutdown), or until its last handle is
/// gone, which ends a daemon with a runtime of its own without waiting for calls that run.
/// [`run`](Self::run) waits for the end.
///
/// ```no_run
/// use ferropyro::Daemon;
/// use ferropyro::server::Methods;
///
/// # async fn example() -> ferropyro::Result<()> {
/// let greeter = Methods::new("Greeter").method("hello", async |call| {
///     let [name] = call.bind(["name"])?;
///     Ok(format!("Hello, {}", name.as_str().unwrap_or("you")))
/// });
/// let daemon = Daemon::bind("127.0.0.1:0").await?;
/// println!("{}", daemon.register("greeter", greeter)?);
/// daemon.run().await
/// # }
/// ```
#[derive(Clone)]
pub struct Daemon {
    shared: Arc<Shared>,
    /// None in a handle that outlived the last one that kept the daemon running.
    guard: Option<Arc<Guard>>,
}

/// Keeps a daemon running. The tasks of the daemon do not hold it.
pub(super) struct Guard {
    shared: Arc<Shared>,
    runtime: Runtime,
}

impl Guard {
    /// The first handle of a daemon.
    pub(super) fn handle(shared: Arc<Shared>, runtime: Runtime) -> Daemon {
        let guard = Arc::new(Self { shared: Arc::clone(&shared), runtime });
        // This is the only place that sets it, once for each daemon.
        let _ = shared.guard.set(Arc::downgrade(&guard));
        Daemon { shared, guard: Some(guard) }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.shared.shut_down();
    }
}

impl Daemon {
    /// Listens on an address, with everything else as by default: `host:port` (port 0 for any free one),
    /// `[ipv6]:port`, `./u:path` for a Unix socket.
    ///
    /// # Errors
    /// The address is none, or is taken.
    pub fn bind(address: impl Into<String>) -> Operation<Self> {
        Self::builder().listen(address).bind()
    }

    /// A daemon to be, to say more about.
    pub fn builder() -> DaemonBuilder {
        DaemonBuilder::default()
    }

    /// Serves an object of a declared type under an id, until it is unregistered, and gives its proxy. What is
    /// served is an object that implements the proxy's trait, for all callers, an `Arc` of one that the program keeps
    /// too, or [`Instances`](super::Instances).
    ///
    /// The proxy calls the object directly; passed to others, it is a reference to it.
    ///
    /// ```
    /// # use ferropyro::{Daemon, Instances, remote};
    /// #[remote]
    /// pub trait Counter {
    ///     async fn next(&self) -> u64;
    /// }
    /// # #[derive(Default)]
    /// # struct Ticker(std::sync::atomic::AtomicU64);
    /// # impl Counter for Ticker {
    /// #     async fn next(&self) -> u64 { self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) }
    /// # }
    ///
    /// # fn main() -> ferropyro::Result<()> {
    /// let daemon = Daemon::bind("127.0.0.1:0").wait()?;
    /// let counter: CounterProxy = daemon.serve("counter", Ticker::default())?;
    /// assert_eq!(counter.next().wait()?, 0);
    /// let _: CounterProxy = daemon.serve("own.counter", Instances::per_session(Ticker::default))?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`register`](Self::register).
    pub fn serve<P, O>(&self, id: &str, object: O) -> Result<P>
    where
        P: ServedBy<O>,
    {
        let uri = self.register(id, Served::<P, P::Object>::new(object))?;
        Ok(AnyProxy::of_target(Target::registered(&self.client(), &self.shared, uri)).into())
    }

    /// Serves an object of a declared type under an id that nobody can guess, and gives its proxy: to be passed
    /// to others, for instance to be called back.
    ///
    /// It stays until [`unregister`](Self::unregister), which takes the proxy.
    ///
    /// # Errors
    /// None that can occur in practice.
    pub fn export<P, O>(&self, object: O) -> Result<P>
    where
        P: ServedBy<O>,
    {
        self.serve(&anonymous_id(), object)
    }

    /// The client to which the proxies belong that come as arguments.
    #[must_use]
    pub fn client(&self) -> Client {
        self.shared.client()
    }

    /// A handle on the daemon that serves a call.
    pub(crate) fn of(shared: &Arc<Shared>) -> Self {
        let guard = shared.guard.get().and_then(Weak::upgrade);
        Self { shared: Arc::clone(shared), guard }
    }

    /// Serves an object under an id, until it is unregistered.
    ///
    /// # Errors
    /// The id is taken, or no address can have it: it is empty, or has a blank or an `@` in it.
    pub fn register(&self, id: &str, object: impl Object) -> Result<Uri> {
        check_id(id)?;
        self.shared.registry.add(id, Arc::new(object))?;
        Ok(self.uri_for(id))
    }

    /// Serves an object that the program holds too, under an id.
    ///
    /// # Errors
    /// As [`register`](Self::register), or the object is registered already.
    pub fn register_arc(&self, id: &str, object: Arc<dyn Object>) -> Result<Uri> {
        check_id(id)?;
        if self.shared.registry.holds(&object) {
            return Err(daemon_error("object or class already has a Pyro id").into());
        }
        self.shared.registry.add(id, object)?;
        Ok(self.uri_for(id))
    }

    /// Serves an object that the program holds, until it lets go of it: then its id is free. What the object
    /// offers is asked now.
    ///
    /// # Errors
    /// The id is taken.
    pub fn register_weak(&self, id: &str, object: &Arc<dyn Object>) -> Result<Uri> {
        self.register(id, WeakObject::new(object))
    }

    /// Serves an object under an id that nobody can guess.
    ///
    /// # Errors
    /// None that can occur in practice.
    pub fn register_anonymous(&self, object: impl Object) -> Result<Uri> {
        self.register(&anonymous_id(), object)
    }

    /// Serves an object under an id, in the place of any that has it now.
    pub fn replace(&self, id: &str, object: impl Object) -> Uri {
        self.shared.registry.replace(id, Arc::new(object));
        self.uri_for(id)
    }

    /// Serves an object no longer, named by its id, its address or a proxy of it; gives it back. The daemon's own
    /// object stays.
    pub fn unregister(&self, object: &(impl ObjectId + ?Sized)) -> Option<Arc<dyn Object>> {
        let id = object.object_id();
        if id == DAEMON_ID { None } else { self.shared.registry.remove(id) }
    }

    /// The ids of all objects, `Pyro.Daemon` first, in the order of their registration.
    #[must_use]
    pub fn registered(&self) -> Vec<String> {
        self.shared.registry.ids()
    }

    /// The URI of an id, whether an object is registered under it or not; with the NAT address, if one is set.
    #[must_use]
    pub fn uri_for(&self, id: &str) -> Uri {
        self.shared.uri(id)
    }

    /// The URI of an id with the address that the daemon listens on, whatever NAT address is set.
    #[must_use]
    pub fn internal_uri_for(&self, id: &str) -> Uri {
        Uri::object_at(id, self.shared.location().clone())
    }

    /// A reference to an object, to be passed to others. It carries the names of what the object offers, so
    /// that they need not ask.
    ///
    /// # Errors
    /// No object is registered under the id.
    pub fn reference(&self, id: &str) -> Result<ProxyState> {
        let object = self.shared.registry.find(id);
        let object = object.ok_or_else(|| daemon_error("object isn't registered in this daemon"))?;
        let metadata = object.interface().metadata();
        let mut reference = ProxyState::new(self.uri_for(id));
        reference.methods = metadata.methods.clone();
        reference.oneway = metadata.oneway.clone();
        reference.attrs = metadata.attrs.clone();
        reference.hmac_key = self.shared.hmac_key();
        Ok(reference)
    }

    /// The object that a URI means, if it is one of this daemon's.
    #[must_use]
    pub fn local_object(&self, uri: &Uri) -> Option<Arc<dyn Object>> {
        if self.shared.owns(uri) { self.shared.registry.find(uri.object()?) } else { None }
    }

    /// Where the daemon listens, in the first place: the host as it was given, the port as it is.
    #[must_use]
    pub fn location(&self) -> &Location {
        self.shared.location()
    }

    /// All places where the daemon listens.
    #[must_use]
    pub fn locations(&self) -> &[Location] {
        &self.shared.locations
    }

    /// The address of the first TCP port that the daemon listens on.
    #[must_use]
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.shared.local_addrs.first().copied()
    }

    /// How many clients are connected.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.connection_count()
    }

    /// Serves a stream that was connected by other means, such as one end of a socket pair. Nobody introduces
    /// himself on it: the first thing to come is a call (wire protocol §17.5).
    pub fn serve_connection(&self, stream: impl Into<Stream>) {
        let connection = Connection::given(stream.into(), &self.shared);
        self.shared.tasks.spawn_on(connection, &self.shared.runtime);
    }

    /// Waits for the end: for [`shutdown`](Self::shutdown), SIGINT or SIGTERM, and then for what still runs,
    /// at most the drain time. A second signal means now.
    ///
    /// # Errors
    /// The program's signals cannot be caught.
    pub fn run(&self) -> Operation<()> {
        let daemon = self.clone();
        let operation = async move {
            let shared = &daemon.shared;
            if shared.ended.is_cancelled() {
                return Ok(());
            }
            let mut signals = {
                let _runtime = shared.runtime.enter();
                Signals::new().map_err(|error| Error::io("cannot catch signals", error))?
            };
            tokio::select! {
                () = shared.ended.cancelled() => return Ok(()),
                () = signals.next() => shared.shut_down(),
            }
            tokio::select! {
                () = shared.ended.cancelled() => return Ok(()),
                () = signals.next() => shared.abort(),
            }
            shared.ended.cancelled().await;
            Ok(())
        };
        match &self.guard {
            Some(guard) => Operation::new(&guard.runtime, operation),
            None => Operation::new(&Runtime::Given(self.shared.runtime.clone()), operation),
        }
    }

    /// Begins the end, and returns at once: no new connections, what runs is finished and answered, at most
    /// for the drain time. A method may call this too.
    pub fn shutdown(&self) {
        self.shared.shut_down();
    }
}

impl Daemon {
    /// Begins the end, and waits for it: [`shutdown`](Self::shutdown), then [`run`](Self::run).
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn stop(&self) -> Operation<()> {
        self.shutdown();
        self.run()
    }
}

impl fmt::Debug for Daemon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Daemon")
            .field("location", &self.location())
            .field("objects", &self.shared.registry.len())
            .field("connections", &self.connections())
            .finish_non_exhaustive()
    }
}

/// An object must have an address that can be read again.
fn check_id(id: &str) -> Result<()> {
    if id.is_empty() || id.contains(|c: char| c.is_whitespace() || c == '@') {
        let text = format!(
            "'{id}' cannot be the id of an object: no address can have it, for it is empty or has a blank or an \
             '@' in it"
        );
        return Err(CallError::Misuse(text).into_error());
    }
    Ok(())
}

fn anonymous_id() -> String {
    format!("obj_{}", Uuid::new_v4().simple())
}

/// What names an object of a daemon: its id, its address, a proxy of it.
pub trait ObjectId {
    /// The id; empty where there is none.
    fn object_id(&self) -> &str;
}

impl ObjectId for str {
    fn object_id(&self) -> &str {
        self
    }
}

impl ObjectId for String {
    fn object_id(&self) -> &str {
        self
    }
}

impl ObjectId for Uri {
    fn object_id(&self) -> &str {
        self.object().unwrap_or_default()
    }
}

impl ObjectId for AnyProxy {
    fn object_id(&self) -> &str {
        self.uri().object_id()
    }
}

impl<P: Proxy> ObjectId for P {
    fn object_id(&self) -> &str {
        self.uri().object_id()
    }
}

/// The signals that end a program.
struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    #[cfg(unix)]
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    #[cfg(unix)]
    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    #[cfg(not(unix))]
    fn new() -> std::io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
