//! [`ClientBuilder`]: the settings of a client.

use std::sync::Arc;
use std::time::Duration;

use ferropyro_proto::{ClientConfig, Dialect, FrameLimits, HmacKey, SendOptions};
use ferropyro_value::{Codec, Limits, Location, Value};

use super::Client;
use crate::runtime::Runtime;
use crate::tls::{self, ClientTls, Connector};
use crate::transport::Prefer;
use crate::{CallError, Config};

/// What a client was told.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) codec: Codec,
    pub(crate) timeout: Option<Duration>,
    pub(crate) connect_timeout: Duration,
    pub(crate) handshake_timeout: Duration,
    pub(crate) dialect: Option<Dialect>,
    pub(crate) handshake: Value,
    pub(crate) max_retries: u32,
    pub(crate) max_pipelined: usize,
    pub(crate) prefer: Prefer,
    pub(crate) ns_port: u16,
    pub(crate) lookup_delay: Duration,
    pub(crate) broadcast_port: u16,
    pub(crate) broadcast_addresses: Arc<[String]>,
    pub(crate) broadcast: bool,
    /// Where the name server is looked for first.
    pub(crate) name_server: Location,
    pub(crate) protocol: Arc<ClientConfig>,
    /// TLS, where TCP connections use it.
    pub(crate) tls: Option<Arc<Connector>>,
}

/// Makes a [`Client`]. Whatever is not said is as the environment's `PYRO_*` variables say, else the default.
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it builds"]
pub struct ClientBuilder {
    settings: Settings,
    trouble: Option<String>,
}

impl ClientBuilder {
    pub(super) fn new() -> Self {
        match Config::from_env() {
            Ok(config) => Self::from_config(&config),
            Err(error) => Self { trouble: Some(error.to_string()), ..Self::from_config(&Config::default()) },
        }
    }

    /// The settings of a configuration instead of the environment's.
    pub fn from_config(config: &Config) -> Self {
        let mut send = SendOptions { compress: config.flag("COMPRESSION"), ..SendOptions::default() };
        let mut limits = FrameLimits::default();
        // Pyro4 writes 0 for no limit.
        if let Some(most) = config.number("MAX_MESSAGE_SIZE").filter(|most| *most > 0) {
            send.max_frame = most;
            limits.max_frame = most;
        }
        let protocol = ClientConfig { limits, value_limits: Limits::default(), send: Arc::new(send) };
        let retries = config.number("MAX_RETRIES").unwrap_or_default();
        let settings = Settings {
            codec: config.serializer(),
            timeout: config.seconds("COMMTIMEOUT"),
            connect_timeout: Duration::from_secs(10),
            handshake_timeout: Duration::from_secs(30),
            dialect: None,
            handshake: Value::from("hello"),
            max_retries: u32::try_from(retries).unwrap_or(u32::MAX),
            max_pipelined: 256,
            prefer: match config.number("PREFER_IP_VERSION") {
                Some(4) => Prefer::V4,
                Some(6) => Prefer::V6,
                _ => Prefer::System,
            },
            ns_port: config.ns_port(),
            lookup_delay: config.seconds("NS_LOOKUP_DELAY").unwrap_or_default(),
            broadcast_port: config.broadcast_port(),
            broadcast_addresses: config.broadcast_addresses().into(),
            broadcast: true,
            name_server: config.name_server(),
            protocol: Arc::new(protocol),
            tls: tls::client_of(config),
        };
        Self { settings, trouble: None }
    }

    /// The serializer of calls. Default serpent.
    pub fn serializer(mut self, codec: Codec) -> Self {
        self.settings.codec = codec;
        self
    }

    /// How long a call may take, from sending to the answer, connecting included. Default no limit.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = Some(timeout);
        self
    }

    /// How long it may take to reach a host. Default 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = timeout;
        self
    }

    /// How long a daemon may take to answer the handshake. Default 30 s.
    pub fn handshake_timeout(mut self, timeout: Duration) -> Self {
        self.settings.handshake_timeout = timeout;
        self
    }

    /// Speaks this dialect whatever the peer is. Default: finds out, beginning with Pyro5.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.settings.dialect = Some(dialect);
        self
    }

    /// Whether payloads are compressed where the dialect's rules say so. Default no.
    pub fn compress(mut self, compress: bool) -> Self {
        self.send_options(|send| send.compress = compress);
        self
    }

    /// Signs and checks the messages of Pyro4 with a key that both ends know. Pyro5 has no signatures.
    /// Default none.
    pub fn hmac_key(mut self, key: impl AsRef<[u8]>) -> Self {
        let key = HmacKey::new(key.as_ref());
        self.send_options(|send| send.hmac = Some(key));
        self
    }

    /// What a daemon's validator is told at connecting. Default the text `hello`.
    pub fn handshake(mut self, handshake: impl Into<Value>) -> Self {
        self.settings.handshake = handshake.into();
        self
    }

    /// Where the name server is. Default `localhost:9090`, then whichever answers a broadcast.
    pub fn name_server(mut self, location: Location) -> Self {
        self.settings.name_server = location;
        self
    }

    /// How long a lookup waits for a name, or for an object with the tags, to appear. Default not at all.
    pub fn lookup_delay(mut self, delay: Duration) -> Self {
        self.settings.lookup_delay = delay;
        self
    }

    /// The UDP port that is asked for a name server by broadcast. Default 9091.
    pub fn broadcast_port(mut self, port: u16) -> Self {
        self.settings.broadcast_port = port;
        self
    }

    /// Whether a name server may be looked for by broadcast. Default yes.
    pub fn broadcast(mut self, broadcast: bool) -> Self {
        self.settings.broadcast = broadcast;
        self
    }

    /// Uses TLS on every TCP connection, also to the name server; `None` on none. Nothing falls back to plain
    /// connections, and broadcasts are never protected. Unix sockets stay as they are. Default: as the
    /// `PYRO_SSL*` variables say, whose files are read at the first connection.
    pub fn tls(mut self, tls: impl Into<Option<ClientTls>>) -> Self {
        self.settings.tls = tls.into().map(|tls| Connector::new(move || Ok(tls.clone())));
        self
    }

    /// How often a method call is repeated whose connection ended or which timed out. It may then run more
    /// than once. Attributes, batches and streams are never repeated. Default 0.
    pub fn max_retries(mut self, times: u32) -> Self {
        self.settings.max_retries = times;
        self
    }

    /// How many calls may be on one connection at the same time; more wait for room. Default 256.
    pub fn max_pipelined(mut self, calls: usize) -> Self {
        self.settings.max_pipelined = calls;
        self
    }

    /// Bounds on the frames that come in. Default [`FrameLimits::default`].
    pub fn limits(mut self, limits: FrameLimits) -> Self {
        Arc::make_mut(&mut self.settings.protocol).limits = limits;
        self
    }

    /// Bounds on what a payload decodes to. Default [`Limits::default`].
    pub fn value_limits(mut self, limits: Limits) -> Self {
        Arc::make_mut(&mut self.settings.protocol).value_limits = limits;
        self
    }

    fn send_options(&mut self, change: impl FnOnce(&mut SendOptions)) {
        change(Arc::make_mut(&mut Arc::make_mut(&mut self.settings.protocol).send));
    }

    pub(crate) fn build_on(self, runtime: Runtime) -> Client {
        Client::with_settings(self.settings, self.trouble.map(CallError::Config), runtime)
    }

    /// The client. It uses the async runtime that this is called in, or one of its own.
    #[must_use]
    pub fn build(self) -> Client {
        self.build_on(Runtime::current_or_own())
    }
}
