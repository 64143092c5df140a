//! [`Site`]: what the columns of one genuine Pyro share: the daemons and name servers on both sides, and what is
//! started on demand.

mod ours;
mod port;

use std::sync::{Mutex, OnceLock, PoisonError};

use ferropyro::server::DaemonBuilder;
use ferropyro::{Codec, Location};
use ferropyro_ns::{Broadcast, NameServer, NameServerBuilder};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::caller::{GenuineCaller, Uris};
use crate::certificates::Certificates;
use crate::command::Outcome;
use crate::peer::{Peer, Python};
use crate::pyro::{Direction, Pyro};

pub(crate) use ours::Served;
pub(crate) use port::lasting_port;

/// The key that the signing programs of the suite share.
pub(crate) const KEY: &str = "conformance key";

/// A genuine daemon has a thread for each connection, and 80 unless told; the rows together keep more.
const ROOM: &str = "THREADPOOL_SIZE=400";

/// One genuine Pyro, and our side of it.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) pyro: Pyro,
    python: Python,
    /// The things of our daemon, and the name server as `ns`.
    pub(crate) ours: Uris,
    /// The things of the genuine daemon, and the name server as `ns`.
    pub(crate) genuine: Uris,
    /// Where the name servers are.
    pub(crate) our_names: Names,
    pub(crate) genuine_names: Names,
    /// The name server of ours that bridges.
    pub(crate) bridge_names: Names,
    /// Runs our name server, and rows that await.
    pub(crate) runtime: tokio::runtime::Runtime,
    directory: TempDir,
    certificates: OnceLock<Certificates>,
    variants: Mutex<Vec<(&'static str, Served)>>,
    extras: Mutex<Vec<(String, Json, Peer)>>,
    others: Mutex<Option<GenuineCaller>>,
    // These end with the site.
    _served: Served,
    _names: NameServer,
    bridge: NameServer,
    _peers: Mutex<[Peer; 2]>,
}

/// Where a name server is.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    /// `host:port`.
    pub(crate) location: String,
    /// The UDP port on which it answers broadcasts.
    pub(crate) broadcast: u16,
}

impl Site {
    /// Starts both daemons and both name servers.
    pub(crate) fn start(pyro: Pyro, python: &Python) -> Result<Self, String> {
        let version = pyro.to_string();
        let server = python.start("server.py", &["--pyro", &version, "--config", ROOM])?;
        let names =
            python.start("names.py", &["--pyro", &version, "--broadcast", "127.0.0.1", "--config", ROOM])?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(|error| error.to_string())?;
        let served = Served::start(DaemonBuilder::default().listen("127.0.0.1:0"))?;
        let local =
            NameServer::builder().host("127.0.0.1").port(0).broadcast_host("127.0.0.1").broadcast_port(0);
        let start = |names: NameServerBuilder| {
            let names = runtime.block_on(names.start()).map_err(|error| error.to_string())?;
            let broadcast = match names.broadcast() {
                Broadcast::Running(Location::Tcp { port, .. }) => *port,
                other => return Err(format!("our name server does not answer broadcasts: {other:?}")),
            };
            let place = Names { location: names.location().to_string(), broadcast };
            Ok((names, place))
        };
        let (our_ns, our_names) = start(local.clone())?;
        let (bridge, bridge_names) = start(local.bridge(true))?;
        let mut ours = served.uris.clone();
        ours.insert("ns".to_owned(), our_ns.uri().to_string());

        let (server, ready) = server.ready()?;
        let mut genuine = uris(&ready);
        let (names, ready) = names.ready()?;
        let uri = ready.get("ns").and_then(Json::as_str).unwrap_or_default();
        genuine.insert("ns".to_owned(), uri.to_owned());
        let location = uri.split_once('@').map(|(_, location)| location.to_owned()).unwrap_or_default();
        let broadcast = ready.pointer("/broadcast/1").and_then(Json::as_u64);
        let broadcast = broadcast.and_then(|port| u16::try_from(port).ok()).unwrap_or_default();
        Ok(Self {
            pyro,
            python: python.clone(),
            ours,
            genuine,
            our_names,
            genuine_names: Names { location, broadcast },
            bridge_names,
            runtime,
            directory: TempDir::new().map_err(|error| error.to_string())?,
            certificates: OnceLock::new(),
            variants: Mutex::default(),
            extras: Mutex::default(),
            others: Mutex::default(),
            _served: served,
            _names: our_ns,
            bridge,
            _peers: Mutex::new([server, names]),
        })
    }

    /// The things that are called in a direction, as the genuine caller has to address them.
    pub(crate) fn target(&self, direction: Direction, caller: &mut GenuineCaller) -> Result<Uris, String> {
        match direction {
            Direction::Serve => Ok(self.ours.clone()),
            Direction::Call => Ok(self.genuine.clone()),
            Direction::Bridge => self.across(caller),
        }
    }

    /// The things of a genuine daemon of the other kind, which registers them at our bridging name server, where
    /// the genuine caller looks each of them up.
    fn across(&self, caller: &mut GenuineCaller) -> Result<Uris, String> {
        let names = &self.bridge_names.location;
        let far = self.extra(self.pyro.other(), &["--ns", names])?;
        let mut uris = Uris::new();
        for thing in far.into_keys() {
            let name = format!("PYRONAME:conformance.{thing}@{names}");
            let found = caller.raw(&json!({ "cmd": "resolve", "uri": name }))?;
            let Outcome::Ok(uri) = &found.outcome else { return Err(format!("{name}: {found}")) };
            uris.insert(thing, uri.trim_matches('\'').to_owned());
        }
        uris.insert("ns".to_owned(), self.bridge.uri().to_string());
        Ok(uris)
    }

    /// The things of another daemon of ours, which is started at the first use of its name.
    pub(crate) fn variant(&self, name: &'static str, builder: DaemonBuilder) -> Result<Uris, String> {
        let mut variants = self.variants.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, served)) = variants.iter().find(|(other, _)| *other == name) {
            return Ok(served.uris.clone());
        }
        let served = Served::start(builder)?;
        let uris = served.uris.clone();
        variants.push((name, served));
        Ok(uris)
    }

    /// The things of another genuine daemon, which is started at the first use of these arguments.
    pub(crate) fn extra(&self, pyro: Pyro, arguments: &[&str]) -> Result<Uris, String> {
        let key = format!("{pyro} {}", arguments.join(" "));
        let mut extras = self.extras.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, ready, _)) = extras.iter().find(|(name, ..)| *name == key) {
            return Ok(uris(ready));
        }
        let (peer, ready) = self.server(pyro, arguments)?;
        let uris = uris(&ready);
        extras.push((key, ready, peer));
        Ok(uris)
    }

    /// A genuine daemon of a row's own; with what it said when it was ready.
    pub(crate) fn server(&self, pyro: Pyro, arguments: &[&str]) -> Result<(Peer, Json), String> {
        let version = pyro.to_string();
        let arguments = [&["--pyro", version.as_str(), "--config", ROOM], arguments].concat();
        self.python.start("server.py", &arguments)?.ready()
    }

    /// A genuine name server with a storage of a row's own, and its address.
    pub(crate) fn names(&self, storage: &str) -> Result<(Peer, String), String> {
        let version = self.pyro.to_string();
        let (peer, ready) =
            self.python.start("names.py", &["--pyro", &version, "--storage", storage])?.ready()?;
        let uri = ready.get("ns").and_then(Json::as_str).unwrap_or_default().to_owned();
        Ok((peer, uri))
    }

    /// A genuine caller of a row's own.
    pub(crate) fn caller(&self, pyro: Pyro) -> Result<GenuineCaller, String> {
        let (peer, _) = self.python.start("client.py", &["--pyro", &pyro.to_string()])?.ready()?;
        Ok(GenuineCaller::new(peer))
    }

    /// Does something with a genuine caller of the other Pyro.
    pub(crate) fn with_other<T>(
        &self,
        work: impl FnOnce(&mut GenuineCaller) -> Result<T, String>,
    ) -> Result<T, String> {
        let mut other = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        if other.is_none() {
            *other = Some(self.caller(self.pyro.other())?);
        }
        other.as_mut().map_or_else(|| Err("there is no other caller".to_owned()), work)
    }

    /// A genuine caller of a row's own, with a serializer and settings of Pyro.
    pub(crate) fn caller_with(&self, codec: Codec, settings: &[String]) -> Result<GenuineCaller, String> {
        let version = self.pyro.to_string();
        let mut arguments = vec!["--pyro", version.as_str(), "--serializer", codec.name()];
        for setting in settings {
            arguments.extend(["--config", setting.as_str()]);
        }
        let (peer, _) = self.python.start("client.py", &arguments)?.ready()?;
        Ok(GenuineCaller::new(peer))
    }

    /// The certificates of all secure rows, which are made at the first use.
    pub(crate) fn certificates(&self) -> Result<&Certificates, String> {
        if let Some(made) = self.certificates.get() {
            return Ok(made);
        }
        let made = Certificates::make(self.directory.path())?;
        Ok(self.certificates.get_or_init(|| made))
    }

    /// A path for a socket that nobody else uses.
    pub(crate) fn path(&self, name: &str) -> String {
        self.directory.path().join(name).display().to_string()
    }
}

/// The addresses that a server said.
pub(crate) fn uris(ready: &Json) -> Uris {
    let entries = ready.as_object().into_iter().flatten();
    entries.filter_map(|(name, uri)| Some((name.clone(), uri.as_str()?.to_owned()))).collect()
}
