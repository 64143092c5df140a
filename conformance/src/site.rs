//! [`Site`]: what the columns of one genuine Pyro share: the daemons on both sides, and what is started on demand.

use std::sync::{Mutex, OnceLock, PoisonError};

use ferropyro::server::Handshake;
use ferropyro::{Annotations, Client, Daemon, Value};
use serde_json::Value as Json;

use crate::caller::Uris;
use crate::objects;
use crate::peer::{Peer, Python};
use crate::pyro::Pyro;

/// One genuine Pyro, and our side of it.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) pyro: Pyro,
    pub(crate) python: Python,
    /// The things of our daemon.
    pub(crate) ours: Uris,
    /// The things of the genuine daemon.
    pub(crate) genuine: Uris,
    daemon: Daemon,
    _server: Peer,
    extras: Mutex<Vec<(String, Json, Peer)>>,
    signed: OnceLock<Result<Signed, String>>,
}

/// A daemon of ours that signs its messages.
#[derive(Debug)]
pub(crate) struct Signed {
    daemon: Daemon,
    pub(crate) uris: Uris,
}

/// The key that the signing programs of the suite share.
pub(crate) const KEY: &str = "conformance key";

impl Site {
    /// Starts both daemons.
    pub(crate) fn start(pyro: Pyro, python: &Python) -> Result<Self, String> {
        let server = python.start("server.py", &["--pyro", &pyro.to_string()])?;
        let (daemon, ours) = serve(Daemon::builder())?;
        let (server, ready) = server.ready()?;
        Ok(Self {
            pyro,
            python: python.clone(),
            ours,
            genuine: uris(&ready),
            daemon,
            _server: server,
            extras: Mutex::default(),
            signed: OnceLock::new(),
        })
    }

    /// Our daemon.
    pub(crate) fn daemon(&self) -> &Daemon {
        &self.daemon
    }

    /// What a further genuine program said when it was ready. It is started at the first use, and stays.
    pub(crate) fn extra(&self, script: &str, arguments: &[&str]) -> Result<Json, String> {
        let key = format!("{script} {}", arguments.join(" "));
        let mut extras = self.extras.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, ready, _)) = extras.iter().find(|(name, ..)| *name == key) {
            return Ok(ready.clone());
        }
        let version = self.pyro.to_string();
        let arguments = [&["--pyro", version.as_str()], arguments].concat();
        let (peer, ready) = self.python.start(script, &arguments)?.ready()?;
        extras.push((key, ready.clone(), peer));
        Ok(ready)
    }

    /// A daemon of ours that signs.
    pub(crate) fn signed(&self) -> Result<&Signed, String> {
        let start = || {
            let (daemon, uris) = serve(Daemon::builder().hmac_key(KEY))?;
            Ok(Signed { daemon, uris })
        };
        self.signed.get_or_init(start).as_ref().map_err(Clone::clone)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // The objects hold their daemon, which therefore does not end with its handle here.
        self.daemon.shutdown();
        if let Some(Ok(signed)) = self.signed.get() {
            signed.daemon.shutdown();
        }
    }
}

/// The addresses that a server said.
pub(crate) fn uris(ready: &Json) -> Uris {
    let entries = ready.as_object().into_iter().flatten();
    entries.filter_map(|(name, uri)| Some((name.clone(), uri.as_str()?.to_owned()))).collect()
}

/// Starts a daemon of ours with everything that `python/server.py` has.
pub(crate) fn serve(builder: ferropyro::server::DaemonBuilder) -> Result<(Daemon, Uris), String> {
    serve_at(builder.listen("127.0.0.1:0"))
}

/// As [`serve`], where the builder says.
pub(crate) fn serve_at(builder: ferropyro::server::DaemonBuilder) -> Result<(Daemon, Uris), String> {
    let annotations = || {
        let mut annotations = Annotations::new();
        annotations.insert(*b"DMON", &b"conformance"[..]);
        annotations
    };
    let daemon = builder.annotations(annotations).validator(validate).bind().wait();
    let daemon = daemon.map_err(|error| error.to_string())?;
    let uris = objects::serve_all(&daemon, &Client::new()).map_err(|error| error.to_string())?;
    Ok((daemon, uris))
}

/// Answers or refuses a handshake as the caller asks for.
fn validate(handshake: &Handshake<'_>) -> Result<Value, String> {
    let asked = handshake.data.as_dict();
    if let Some(reason) = asked.and_then(|asked| asked.get("refuse")) {
        return Err(reason.as_str().unwrap_or_default().to_owned());
    }
    let answer = asked.and_then(|asked| asked.get("answer"));
    Ok(answer.cloned().unwrap_or_else(|| Value::from("hello")))
}
