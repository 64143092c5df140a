//! [`NameServerBuilder`]: how a name server is to be, and starting it.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use ferropyro::client::ClientBuilder;
use ferropyro::tls::ServerTls;
use ferropyro::{Config, Daemon, Location, Set};
use ferropyro_bridge::Bridge;
use tokio::task::JoinSet;

use super::{Broadcast, NameServer, StartError};
use crate::responder::Responder;
use crate::service::Service;
use crate::storage::StorageKind;
use crate::{Cleaner, NAME_SERVER, Registry, sweeper};

/// The TCP port unless something else is said.
const DEFAULT_PORT: u16 = 9090;

/// The UDP port of responders unless something else is said.
const DEFAULT_BROADCAST_PORT: u16 = 9091;

/// The tags of the name server's own entry: what programs of either dialect search for.
const OWN_TAGS: [&str; 2] = ["class:Pyro4.naming.NameServer", "class:Pyro5.nameserver.NameServer"];

/// How a name server is to be. Each method says its default.
#[derive(Clone)]
#[must_use = "a builder does nothing until start() is awaited"]
pub struct NameServerBuilder {
    host: String,
    port: u16,
    unix_socket: Option<String>,
    storage: StorageKind,
    broadcast: bool,
    broadcast_host: Option<String>,
    broadcast_port: u16,
    nat: Option<(String, u16)>,
    hmac_key: Option<Vec<u8>>,
    autoclean: Option<Duration>,
    patience: Duration,
    bridge: bool,
    /// What else the environment says of daemons.
    config: Config,
    /// Where it is not what the configuration says.
    tls: Option<Option<ServerTls>>,
}

impl Default for NameServerBuilder {
    fn default() -> Self {
        Self {
            host: "localhost".to_owned(),
            port: DEFAULT_PORT,
            unix_socket: None,
            storage: StorageKind::Memory,
            broadcast: true,
            broadcast_host: None,
            broadcast_port: DEFAULT_BROADCAST_PORT,
            nat: None,
            hmac_key: None,
            autoclean: None,
            patience: Duration::from_secs(5),
            bridge: false,
            config: Config::default(),
            tls: None,
        }
    }
}

impl NameServerBuilder {
    /// The settings of a configuration: `HOST`, `NS_PORT`, `NS_BCHOST`, `NS_BCPORT`, `NATHOST`, `NATPORT`,
    /// `NS_AUTOCLEAN`, `COMMTIMEOUT`, and what [`DaemonBuilder::config`](ferropyro::server::DaemonBuilder::config)
    /// takes.
    pub fn from_config(config: &Config) -> Self {
        let default = Self::default();
        let nat_port = config.number("NATPORT").and_then(|port| u16::try_from(port).ok()).unwrap_or_default();
        Self {
            host: config.text("HOST").map_or(default.host, str::to_owned),
            port: config.ns_port(),
            broadcast_host: config.text("NS_BCHOST").map(str::to_owned),
            broadcast_port: config.broadcast_port(),
            nat: config.text("NATHOST").map(|host| (host.to_owned(), nat_port)),
            autoclean: config.seconds("NS_AUTOCLEAN"),
            patience: config.seconds("COMMTIMEOUT").unwrap_or(default.patience),
            config: config.clone(),
            ..Self::default()
        }
    }

    /// The host name or address to listen on. Default `localhost`; `0.0.0.0` for all addresses.
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.host = host.into();
        self
    }

    /// The TCP port to listen on. Default 9090; 0 for any free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Listens on a Unix socket instead of a TCP port. Default: a TCP port.
    pub fn unix_socket(mut self, path: impl Into<String>) -> Self {
        self.unix_socket = Some(path.into());
        self
    }

    /// Where the names are kept. Default: in memory.
    pub fn storage(mut self, storage: StorageKind) -> Self {
        self.storage = storage;
        self
    }

    /// Takes callers over TLS only; `None` takes them as they are. Broadcasts are never protected. Default: what
    /// the configuration's `SSL` settings say, else none.
    pub fn tls(mut self, tls: impl Into<Option<ServerTls>>) -> Self {
        self.tls = Some(tls.into());
        self
    }

    /// Whether to answer broadcasts at all. Default yes, unless the name server listens on this machine only
    /// (a loopback address, a Unix socket) or on IPv6, which has no broadcasts.
    pub fn broadcast(mut self, broadcast: bool) -> Self {
        self.broadcast = broadcast;
        self
    }

    /// The host name or address to wait for broadcasts on; with one, broadcasts are answered whatever the
    /// name server listens on. Default: none, which means all addresses.
    pub fn broadcast_host(mut self, host: impl Into<String>) -> Self {
        self.broadcast_host = Some(host.into());
        self
    }

    /// The UDP port to wait for broadcasts on. Default 9091; 0 for any free one.
    pub fn broadcast_port(mut self, port: u16) -> Self {
        self.broadcast_port = port;
        self
    }

    /// The address to hand out to clients on the other side of a NAT; port 0 stands for the name server's own
    /// port. Broadcasts are answered with the internal address all the same. Default none.
    pub fn nat(mut self, host: impl Into<String>, port: u16) -> Self {
        self.nat = Some((host.into(), port));
        self
    }

    /// The key that signs Pyro4 messages; callers without it, and those who speak Pyro5's protocol, are
    /// refused. Default none.
    pub fn hmac_key(mut self, key: impl Into<Vec<u8>>) -> Self {
        self.hmac_key = Some(key.into());
        self
    }

    /// Tries to connect to everything registered, once a period of at least 3 s, and removes what is
    /// unreachable for 20 s. Default none.
    pub fn autoclean(mut self, period: Duration) -> Self {
        self.autoclean = Some(period);
        self
    }

    /// How long auto-clean waits for a connection. Default 5 s.
    pub fn connect_timeout(mut self, time: Duration) -> Self {
        self.patience = time;
        self
    }

    /// Whether each caller gets addresses that it can use: where an object speaks the other Pyro's protocol only,
    /// one that leads through this name server, which hands its calls on (see [`ferropyro_bridge`]). Default no.
    pub fn bridge(mut self, bridge: bool) -> Self {
        self.bridge = bridge;
        self
    }

    /// Starts the name server, inside a tokio runtime with IO and time.
    ///
    /// # Errors
    /// [`StartError`] says what is in the way.
    pub async fn start(self) -> Result<NameServer, StartError> {
        let cleaner = self.autoclean.map(Cleaner::new).transpose()?;
        let storage = self.storage.clone();
        let registry = tokio::task::spawn_blocking(move || Registry::new(storage.open()?)).await;
        let registry = Arc::new(registry.map_err(|_| StartError::Interrupted)??);
        let bridge = self.bridge.then(|| Bridge::new(ClientBuilder::from_config(&self.config).build()));
        let daemon = self.daemon(bridge.as_ref()).await?;
        // From here on dropping the handle undoes what was done.
        let mut server = NameServer { daemon, registry, broadcast: Broadcast::Off, tasks: JoinSet::new() };
        server.broadcast = self.broadcast_from(&server);
        let responder = match &server.broadcast {
            Broadcast::Running(location) => Some(Responder::bind(location)?),
            Broadcast::Loopback | Broadcast::Ipv6 | Broadcast::Off => None,
        };
        let (registry, uri) = (Arc::clone(&server.registry), server.uri().to_string());
        let tags: Set = OWN_TAGS.into_iter().collect();
        let own =
            tokio::task::spawn_blocking(move || registry.register(NAME_SERVER, &uri, false, tags)).await;
        own.map_err(|_| StartError::Interrupted)??;
        let service = Service::new(Arc::clone(&server.registry));
        let service = match bridge {
            Some(bridge) => {
                bridge.lead_through(&server.daemon);
                service.across(bridge)
            }
            None => service,
        };
        server.daemon.register(NAME_SERVER, service)?;
        if let Some(responder) = responder {
            server.broadcast = Broadcast::Running(responder.location().clone());
            server.tasks.spawn(responder.run(server.internal_uri()));
        }
        if let Some(cleaner) = cleaner {
            server.tasks.spawn(sweeper::sweep(Arc::clone(&server.registry), cleaner, self.patience));
        }
        tracing::info!(uri = %server.uri(), names = server.count(), "the name server runs");
        Ok(server)
    }

    async fn daemon(&self, bridge: Option<&Bridge>) -> ferropyro::Result<Daemon> {
        let location = match &self.unix_socket {
            Some(path) => Location::unix(path.as_str()),
            None => Location::tcp(self.host.as_str(), self.port),
        };
        let mut daemon = Daemon::builder().config(&self.config).listen(location.to_string());
        if let Some((host, port)) = &self.nat {
            daemon = daemon.nat(host.as_str(), *port);
        }
        if let Some(key) = &self.hmac_key {
            daemon = daemon.hmac_key(key.as_slice());
        }
        if let Some(bridge) = bridge {
            daemon = bridge.serve_on(daemon);
        }
        if let Some(tls) = &self.tls {
            daemon = daemon.tls(tls.clone());
        }
        daemon.bind().await
    }

    /// Whether, and then where, this name server is to answer broadcasts.
    fn broadcast_from(&self, server: &NameServer) -> Broadcast {
        let ip = server.local_addr().map(|address| address.ip());
        let all = if ip.is_some_and(|ip| ip.is_ipv6()) { "::" } else { "0.0.0.0" };
        let host = self.broadcast_host.as_deref().filter(|host| !host.is_empty()).unwrap_or(all);
        let running = Broadcast::Running(Location::tcp(host, self.broadcast_port));
        match ip {
            _ if self.broadcast && self.broadcast_host.is_some() => running,
            None => Broadcast::Off,
            Some(IpAddr::V6(_)) => Broadcast::Ipv6,
            Some(ip) if ip.is_loopback() => Broadcast::Loopback,
            Some(_) if self.broadcast => running,
            Some(_) => Broadcast::Off,
        }
    }
}

impl fmt::Debug for NameServerBuilder {
    /// Without the key, which has no business in logs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NameServerBuilder")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("unix_socket", &self.unix_socket)
            .field("storage", &self.storage)
            .field("nat", &self.nat)
            .field("autoclean", &self.autoclean)
            .finish_non_exhaustive()
    }
}
