//! [`Shared`]: what a daemon's connections, tasks and handles have in common.
//!
//! It holds no runtime of its own, so that a task may hold it without keeping its own runtime alive.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::task::Waker;
use std::time::Duration;

use ferropyro_proto::{Annotations, ServerConfig};
use ferropyro_value::{Exception, Location, Uri};
use tokio::runtime::Handle;
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::builder::Limits;
use super::daemon::Guard;
use super::hooks::Hooks;
use super::inflation::Inflations;
use super::registry::Registry;
use super::streams::Streams;
use super::{Object, source};
use crate::runtime::Runtime;
use crate::{CallContext, Client};

/// What stands for times that the clock cannot express, such as `Duration::MAX`: thirty years.
const NEVER: Duration = Duration::from_secs(30 * 365 * 24 * 3600);
/// How long code that does not let go of its thread may take to end when the daemon does.
const GRACE: Duration = Duration::from_millis(500);

/// What a daemon consists of, without its handles.
pub(crate) struct Shared {
    pub(super) config: Arc<ServerConfig>,
    pub(super) limits: Limits,
    pub(super) hooks: Hooks,
    pub(super) registry: Registry,
    pub(super) streams: Streams,
    pub(super) inflations: Inflations,
    pub(super) locations: Vec<Location>,
    pub(super) local_addrs: Vec<SocketAddr>,
    pub(super) nat: Option<Location>,
    /// TLS, where TCP connections have to use it.
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) runtime: Handle,
    /// Whose proxies objects are given that come as arguments; made at the first one.
    client: OnceLock<Client>,
    pub(super) guard: OnceLock<Weak<Guard>>,
    started: Instant,
    phase: AtomicU8,
    sessions: AtomicU64,
    connections: Mutex<HashMap<u64, Arc<Control>>>,
    /// All tasks that must end before the daemon has.
    pub(super) tasks: TaskTracker,
    /// No new connections.
    pub(super) draining: CancellationToken,
    /// No time left for what still runs.
    pub(super) aborted: CancellationToken,
    /// Nothing runs any more.
    pub(super) ended: CancellationToken,
}

/// The daemon's hand on a connection.
#[derive(Debug, Default)]
pub(super) struct Control {
    /// Wakes the connection's task.
    pub(super) waker: OnceLock<Waker>,
    /// Oneway calls of this connection that are still running.
    pub(super) oneways: AtomicUsize,
    /// The memory that their requests take, in bytes.
    pub(super) oneway_bytes: AtomicUsize,
}

/// How far a daemon has come on its way to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// It serves.
    Serving,
    /// It answers what was asked already.
    Draining,
    /// It drops everything.
    Aborted,
}

/// Says that the daemon has ended, also where the runtime drops the task that waits for that.
struct End(Arc<Shared>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.ended.cancel();
    }
}

/// What a [`Shared`] is made of.
pub(super) struct Parts {
    pub(super) config: ServerConfig,
    pub(super) limits: Limits,
    pub(super) hooks: Hooks,
    pub(super) streams: Streams,
    pub(super) locations: Vec<Location>,
    pub(super) local_addrs: Vec<SocketAddr>,
    pub(super) nat: Option<Location>,
    pub(super) tls: Option<TlsAcceptor>,
    pub(super) runtime: Handle,
    pub(super) client: Option<Client>,
}

impl Shared {
    pub(super) fn new(parts: Parts) -> Self {
        let Parts { config, limits, hooks, streams, locations, local_addrs, nat, tls, runtime, client } =
            parts;
        let inflations = Inflations::new(runtime.clone(), config.limits.max_inflated);
        Self {
            config: Arc::new(config),
            limits,
            hooks,
            registry: Registry::default(),
            streams,
            inflations,
            locations,
            local_addrs,
            nat,
            tls,
            runtime,
            client: client.map_or_else(OnceLock::new, OnceLock::from),
            guard: OnceLock::new(),
            started: Instant::now(),
            phase: AtomicU8::new(Phase::Serving as u8),
            sessions: AtomicU64::new(1),
            connections: Mutex::default(),
            tasks: TaskTracker::new(),
            draining: CancellationToken::new(),
            aborted: CancellationToken::new(),
            ended: CancellationToken::new(),
        }
    }

    fn connections(&self) -> MutexGuard<'_, HashMap<u64, Arc<Control>>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Enters a connection; gives its session number.
    pub(super) fn enter(&self, control: &Arc<Control>) -> u64 {
        let session = self.sessions.fetch_add(1, Ordering::Relaxed);
        self.connections().insert(session, Arc::clone(control));
        session
    }

    pub(super) fn leave(&self, session: u64) {
        self.connections().remove(&session);
    }

    /// How many connections there are, those that are being refused included.
    pub(super) fn connection_count(&self) -> usize {
        self.connections().len()
    }

    /// The time on the clock of this daemon's sessions.
    pub(super) fn now(&self) -> Duration {
        self.started.elapsed()
    }

    /// A time on the clock of this daemon's sessions as one that can be slept until.
    pub(super) fn instant(&self, time: Duration) -> Instant {
        self.started.checked_add(time).unwrap_or(self.started + NEVER)
    }

    pub(super) fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Acquire) {
            0 => Phase::Serving,
            1 => Phase::Draining,
            _ => Phase::Aborted,
        }
    }

    fn wake_all(&self) {
        let wakers: Vec<_> =
            self.connections().values().filter_map(|control| control.waker.get().cloned()).collect();
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Begins the end: no new connections, answer what is owed, at most the drain time. Returns at once.
    pub(super) fn shut_down(self: &Arc<Self>) {
        let serving = Phase::Serving as u8;
        let draining = Phase::Draining as u8;
        if self.phase.compare_exchange(serving, draining, Ordering::AcqRel, Ordering::Acquire).is_err() {
            return;
        }
        tracing::debug!(target: "ferropyro::server", location = %self.location(), "the daemon shuts down");
        self.draining.cancel();
        self.tasks.close();
        self.wake_all();
        let end = End(Arc::clone(self));
        self.runtime.spawn(async move {
            let shared = &end.0;
            tokio::select! {
                () = shared.tasks.wait() => {}
                () = shared.aborted.cancelled() => {}
                () = tokio::time::sleep(shared.limits.drain_time) => {
                    tracing::warn!(
                        target: "ferropyro::server",
                        connections = shared.connection_count(),
                        "the drain time is over: what still runs is dropped"
                    );
                }
            }
            shared.abort();
            if tokio::time::timeout(GRACE, shared.tasks.wait()).await.is_err() {
                tracing::warn!(target: "ferropyro::server", "a method that cannot be interrupted is left running");
            }
            shared.streams.clear();
        });
    }

    /// The end, now.
    pub(super) fn abort(self: &Arc<Self>) {
        self.shut_down();
        self.phase.store(Phase::Aborted as u8, Ordering::Release);
        self.aborted.cancel();
        self.wake_all();
    }

    /// Where the daemon listens, in the first place.
    pub(crate) fn location(&self) -> &Location {
        static NOWHERE: Location = Location::Unix { path: String::new() };
        self.locations.first().unwrap_or(&NOWHERE)
    }

    /// The address that clients are told.
    pub(super) fn public_location(&self) -> &Location {
        self.nat.as_ref().unwrap_or_else(|| self.location())
    }

    pub(super) fn uri(&self, id: &str) -> Uri {
        Uri::object_at(id, self.public_location().clone())
    }

    /// The daemon's own annotations for an answer.
    pub(super) fn annotations(&self, context: &CallContext) -> Annotations {
        match &self.hooks.annotations {
            Some(annotations) => context.enter(|| annotations()),
            None => Annotations::new(),
        }
    }

    /// The daemon's own annotations for the answer to a handshake.
    pub(super) fn connect_annotations(&self) -> Annotations {
        self.hooks.annotations.as_ref().map_or_else(Annotations::new, |annotations| annotations())
    }

    /// Whose proxies objects are given that come as arguments.
    pub(crate) fn client(&self) -> Client {
        let make = || Client::builder().build_on(Runtime::Given(self.runtime.clone()));
        self.client.get_or_init(make).clone()
    }

    /// Whether an address is of an object of this daemon, registered or not.
    pub(crate) fn owns(&self, uri: &Uri) -> bool {
        let own = |location| self.nat.iter().chain(&self.locations).any(|own| own == location);
        uri.object().is_some() && uri.location().is_some_and(own)
    }

    /// The object of an id, registered or found for this question.
    pub(super) async fn find(&self, id: &str) -> Result<Arc<dyn Object>, Exception> {
        match (self.registry.find(id), &self.hooks.source) {
            (Some(object), _) => Ok(object),
            (None, Some(source)) => source::found(source.find(id).await),
            (None, None) => source::found(Ok(None)),
        }
    }

    /// The object of an id, if it is registered.
    pub(crate) fn object(&self, id: &str) -> Option<Arc<dyn Object>> {
        self.registry.find(id)
    }

    /// Whether the daemon serves no more.
    pub(crate) fn has_ended(&self) -> bool {
        self.aborted.is_cancelled() || self.ended.is_cancelled()
    }

    /// The key of signed messages, if the daemon has one.
    pub(crate) fn hmac_key(&self) -> Option<Vec<u8>> {
        self.config.send.hmac.as_ref().map(|key| key.as_bytes().to_vec())
    }

    /// Runs something that the daemon's end waits for, or ends.
    pub(crate) fn spawn(self: &Arc<Self>, work: impl Future<Output = ()> + Send + 'static) {
        let daemon = Arc::clone(self);
        let work = async move {
            tokio::select! {
                () = work => {}
                () = daemon.aborted.cancelled() => {}
            }
        };
        self.tasks.spawn_on(work, &self.runtime);
    }

    /// A line about the daemon, as `Pyro.Daemon.info()` gives it.
    pub(super) fn describe(&self) -> String {
        let nat = self.nat.as_ref().map_or_else(|| "None".to_owned(), ToString::to_string);
        format!(
            "Pyro.Daemon bound on {location}, NAT {nat}, {objects} objects registered. Servertype: <ferropyro \
             {version} on {location}; {connections} connections>",
            location = self.location(),
            objects = self.registry.len(),
            version = env!("CARGO_PKG_VERSION"),
            connections = self.connection_count(),
        )
    }
}
