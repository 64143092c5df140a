//! [`DaemonBuilder`]: how a daemon is to be, before it listens.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ferropyro_proto::{Annotations, HmacKey, SendOptions, ServerConfig};
use ferropyro_value::{Codec, Exception, Location, Value};

use super::daemon::Guard;
use super::daemon_object::{DAEMON_ID, DaemonObject};
use super::hooks::{Disconnected, Handshake, Hooks};
use super::housekeeping::Housekeeping;
use super::shared::{Parts, Shared};
use super::source::Source;
use super::streams::{StreamSettings, Streams};
use super::{Daemon, Object, accept, housekeeping};
use crate::config::Setting;
use crate::runtime::Runtime;
use crate::tls::ServerTls;
use crate::transport::Listener;
use crate::{CallError, Client, Config, Error, Operation, Result};

/// Bounds that are the daemon's own business, and not that of its sessions.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    pub(super) max_connections: usize,
    pub(super) max_oneways: usize,
    pub(super) drain_time: Duration,
    pub(super) write_timeout: Duration,
}

/// How a daemon is to be. Each method says its default.
#[must_use = "a builder does nothing until bind() is awaited, or waited for"]
#[derive(Clone)]
pub struct DaemonBuilder {
    addresses: Vec<String>,
    host: String,
    nat: Option<(String, u16)>,
    config: ServerConfig,
    send: SendOptions,
    limits: Limits,
    streams: StreamSettings,
    hooks: Hooks,
    client: Option<Client>,
    housekeeping: Option<Housekeeping>,
    tls: Tls,
}

/// Where a daemon's TLS comes from.
#[derive(Clone)]
enum Tls {
    Given(Option<ServerTls>),
    /// From the files that settings name, which are read when the daemon binds.
    Settings(Config),
}

impl Default for DaemonBuilder {
    fn default() -> Self {
        Self {
            addresses: Vec::new(),
            host: "localhost".to_owned(),
            nat: None,
            config: ServerConfig::default(),
            send: SendOptions::default(),
            limits: Limits {
                max_connections: 4096,
                max_oneways: 1024,
                drain_time: Duration::from_secs(5),
                write_timeout: Duration::from_secs(120),
            },
            streams: StreamSettings::default(),
            hooks: Hooks::default(),
            client: None,
            housekeeping: None,
            tls: Tls::Given(None),
        }
    }
}

impl DaemonBuilder {
    /// Listens on an address: `host:port` (port 0 for any free one), `[ipv6]:port`, `./u:path` for a Unix
    /// socket, `./u:\0name` for one of Linux's abstract names. May be said several times; the first
    /// address is the one in URIs. Default: `localhost:0`.
    pub fn listen(mut self, address: impl Into<String>) -> Self {
        self.addresses.push(address.into());
        self
    }

    /// Takes what the settings say of daemons: the host to listen on where no address is given, the NAT
    /// address, the accepted serializers, compression, the largest message, the idle timeout
    /// (`COMMTIMEOUT`), how item streams are treated, and TLS (`SSL`), as in
    /// [`ServerTls::from_config`].
    pub fn config(mut self, config: &Config) -> Self {
        if let Some(host) = config.text("HOST") {
            host.clone_into(&mut self.host);
        }
        if let Some(host) = config.text("NATHOST") {
            let port = config.number("NATPORT").and_then(|port| u16::try_from(port).ok());
            self.nat = Some((host.to_owned(), port.unwrap_or(0)));
        }
        if let Setting::List(names) = config.setting("SERIALIZERS_ACCEPTED") {
            self.config.accepted = names.iter().filter_map(|name| Codec::from_name(name)).collect();
        }
        if let Some(bytes) = config.number("MAX_MESSAGE_SIZE").filter(|bytes| *bytes > 0) {
            self = self.max_message_size(bytes);
        }
        self.send.compress = config.flag("COMPRESSION");
        self.config.idle_timeout = config.seconds("COMMTIMEOUT");
        if config.flag("SSL") {
            self.tls = Tls::Settings(config.clone());
        }
        self.streams.enabled = config.flag("ITER_STREAMING");
        self.streams.linger = config.seconds("ITER_STREAM_LINGER").unwrap_or_default();
        self.streams.lifetime = config.seconds("ITER_STREAM_LIFETIME").unwrap_or_default();
        self
    }

    /// Hands out URIs with another address than the one the daemon listens on, for clients on the other side
    /// of a NAT. Port 0 stands for the daemon's own port.
    pub fn nat(mut self, host: impl Into<String>, port: u16) -> Self {
        self.nat = Some((host.into(), port));
        self
    }

    /// Takes callers over TLS only, on each TCP port; `None` takes them as they are. Unix sockets stay without.
    /// The handshake counts as part of the time that a client has to introduce itself. Default: none.
    pub fn tls(mut self, tls: impl Into<Option<ServerTls>>) -> Self {
        self.tls = Tls::Given(tls.into());
        self
    }

    /// How many connections there may be at once; further ones are refused with a text that says so.
    /// Default 4096.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.limits.max_connections = connections;
        self
    }

    /// How many bytes of payload and annotations a message may have, either way, as it is on the wire.
    /// Default 1 GiB. Memory is taken as the bytes arrive, not as they are announced.
    pub fn max_message_size(mut self, bytes: u64) -> Self {
        self.config.limits.max_frame = bytes;
        self.send.max_frame = bytes;
        self
    }

    /// How many bytes a compressed payload may have when it is decompressed. Default 64 MiB.
    pub fn max_inflated(mut self, bytes: usize) -> Self {
        self.config.limits.max_inflated = bytes;
        self
    }

    /// How deep, how many and how long the values in a message may be. Default: see
    /// [`Limits`](ferropyro_value::Limits).
    pub fn value_limits(mut self, limits: ferropyro_value::Limits) -> Self {
        self.config.value_limits = limits;
        self
    }

    /// How long a client may take to introduce itself. Default 10 s.
    pub fn handshake_timeout(mut self, time: Duration) -> Self {
        self.config.handshake_timeout = time;
        self
    }

    /// How long a connection may stay unused before it is closed. Default `None`: for ever.
    pub fn idle_timeout(mut self, time: Option<Duration>) -> Self {
        self.config.idle_timeout = time;
        self
    }

    /// How long a client may pause within a message before the connection is closed. Default 120 s.
    pub fn stall_timeout(mut self, time: Duration) -> Self {
        self.config.stall_timeout = time;
        self
    }

    /// How long a client may leave an answer unread before the connection is closed. Default 120 s.
    pub fn write_timeout(mut self, time: Duration) -> Self {
        self.limits.write_timeout = time;
        self
    }

    /// How long a daemon that shuts down waits for calls that run and answers that are owed. Default 5 s.
    pub fn drain_time(mut self, time: Duration) -> Self {
        self.limits.drain_time = time;
        self
    }

    /// How many oneway calls of a connection may run at once; when there are that many the next one is not
    /// read. Default 1024. It is not read either while the requests of those that run take 64 MiB together.
    pub fn max_oneway_calls(mut self, calls: usize) -> Self {
        self.limits.max_oneways = calls.max(1);
        self
    }

    /// How many item streams may be open at once in the daemon. Default 4096.
    pub fn max_streams(mut self, streams: usize) -> Self {
        self.streams.max = streams;
        self
    }

    /// Whether methods may answer with item streams. Default true.
    pub fn item_streams(mut self, enabled: bool) -> Self {
        self.streams.enabled = enabled;
        self
    }

    /// How long an item stream is kept whose reader has gone, so that it can come back. Default 30 s; zero
    /// ends a stream with its reader's connection.
    pub fn stream_linger(mut self, time: Duration) -> Self {
        self.streams.linger = time;
        self
    }

    /// How long an item stream may exist. Default zero: for ever.
    pub fn stream_lifetime(mut self, time: Duration) -> Self {
        self.streams.lifetime = time;
        self
    }

    /// The serializers that callers may use. Default: all four.
    pub fn accept_codecs(mut self, codecs: impl IntoIterator<Item = Codec>) -> Self {
        self.config.accepted = codecs.into_iter().collect();
        self
    }

    /// The key that signs the messages of Pyro4 callers, both ways. Callers without it are refused; those
    /// who speak Pyro5's protocol, which has no signatures, too. Default: none.
    pub fn hmac_key(mut self, key: impl Into<Vec<u8>>) -> Self {
        self.send.hmac = Some(HmacKey::new(key));
        self
    }

    /// Whether answers are compressed. Compressed requests are read in any case. Default false.
    pub fn compress(mut self, compress: bool) -> Self {
        self.send.compress = compress;
        self
    }

    /// Annotations that go with every answer. Asked for each answer, inside the call's context.
    pub fn annotations(mut self, annotations: impl Fn() -> Annotations + Send + Sync + 'static) -> Self {
        self.hooks.annotations = Some(Arc::new(annotations));
        self
    }

    /// Decides over clients that introduce themselves: with a value for the client, or with the reason for
    /// refusing it. Default: any client is welcome, and gets `hello`.
    pub fn validator(
        mut self,
        validator: impl Fn(&Handshake<'_>) -> Result<Value, String> + Send + Sync + 'static,
    ) -> Self {
        self.hooks.validator = Some(Arc::new(validator));
        self
    }

    /// Is asked for objects that are not registered, by their ids: at connecting, and at the first call of each
    /// connection. `None` means that there is no such object; an error is told to the caller. Others of the same
    /// connection wait meanwhile, a handshake at most as long as handshakes may take. Default: none.
    pub fn source<F>(mut self, find: impl Fn(String) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Option<Arc<dyn Object>>, Exception>> + Send + 'static,
    {
        self.hooks.source = Some(Source::new(find));
        self
    }

    /// Calls `work` from time to time, as long as the daemon serves, on a thread that does IO: it must not block. A
    /// panic in it is logged. Default: nothing.
    pub fn housekeeping(mut self, every: Duration, work: impl Fn() + Send + Sync + 'static) -> Self {
        self.housekeeping = Some(Housekeeping { every, work: Arc::new(work) });
        self
    }

    /// The client to which the proxies belong that objects get as arguments: its settings hold for calls back.
    /// Default: one with the settings of the environment.
    pub fn client(mut self, client: Client) -> Self {
        self.client = Some(client);
        self
    }

    /// Is told of each client that went away after its handshake.
    pub fn on_disconnect(mut self, told: impl Fn(&Disconnected<'_>) + Send + Sync + 'static) -> Self {
        self.hooks.on_disconnect = Some(Arc::new(told));
        self
    }

    /// Starts to listen. The daemon uses the async runtime that this is called in, else one of its own.
    ///
    /// # Errors
    /// An address that is none, or is taken; a NAT address together with a Unix socket.
    pub fn bind(self) -> Operation<Daemon> {
        let runtime = Runtime::current_or_own();
        let on = runtime.clone();
        Operation::new(&runtime, async move {
            let handle = on.handle()?;
            // Host names are looked up here, which may block.
            let bound = handle.spawn_blocking(move || self.bind_here(on)).await;
            bound.map_err(|error| Error::io("cannot start the daemon", std::io::Error::other(error)))?
        })
    }

    fn bind_here(mut self, runtime: Runtime) -> Result<Daemon> {
        let handle = runtime.handle()?;
        raise_descriptor_limit();
        crate::zone::adopt_system_zone();
        let tls = match &self.tls {
            Tls::Given(tls) => tls.clone(),
            Tls::Settings(config) => ServerTls::from_config(config)?,
        };
        let tls = tls.map(|tls| tls.acceptor()).transpose()?;
        let mut listeners = Vec::new();
        for address in &self.addresses {
            listeners.push(Listener::bind(&Location::parse(address, Some(0))?)?);
        }
        if listeners.is_empty() {
            listeners.push(Listener::bind(&Location::tcp(self.host, 0))?);
        }
        let locations: Vec<_> = listeners.iter().map(|listener| listener.location().clone()).collect();
        let nat = self.nat.take().map(|nat| nat_location(nat, locations.first())).transpose()?;
        self.config.send = Arc::new(self.send);
        let shared = Arc::new(Shared::new(Parts {
            config: self.config,
            limits: self.limits,
            hooks: self.hooks,
            streams: Streams::new(self.streams),
            local_addrs: listeners.iter().filter_map(Listener::local_addr).collect(),
            locations,
            nat,
            tls,
            runtime: handle.clone(),
            client: self.client,
        }));
        shared.registry.replace(DAEMON_ID, Arc::new(DaemonObject));
        if let Some(work) = self.housekeeping {
            shared.tasks.spawn_on(housekeeping::run(work, Arc::clone(&shared)), &handle);
        }
        for listener in listeners {
            tracing::debug!(target: "ferropyro::server", location = %listener.location(), "listening");
            let accepting = accept::Accepting(Arc::clone(&shared));
            shared.tasks.spawn_on(accept::run(listener, accepting), &handle);
        }
        Ok(Guard::handle(shared, runtime))
    }
}

/// What clients are told instead of the daemon's own address (wire protocol §14.3).
fn nat_location((host, port): (String, u16), own: Option<&Location>) -> Result<Location> {
    match own {
        Some(Location::Tcp { port: own, .. }) => Ok(Location::tcp(host, if port == 0 { *own } else { port })),
        _ => Err(CallError::Misuse(
            "cannot use nathost together with unixsocket: a NAT address needs a daemon whose first address is \
             a TCP port"
                .to_owned(),
        )
        .into_error()),
    }
}

/// Connections are cheap here, and the usual limit of 1024 descriptors would end them first.
fn raise_descriptor_limit() {
    #[cfg(unix)]
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::debug!(target: "ferropyro::server", %error, "the limit of open files stays as it is");
    }
}

impl fmt::Debug for DaemonBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DaemonBuilder")
            .field("addresses", &self.addresses)
            .field("nat", &self.nat)
            .field("config", &self.config)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
