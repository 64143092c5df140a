//! [`Served`]: a daemon of ours with everything that `python/server.py` has.

use ferropyro::server::{DaemonBuilder, Handshake};
use ferropyro::{Annotations, Client, Daemon, Value};

use crate::caller::Uris;
use crate::objects::{self, Tally};

/// A daemon of ours and its things. It ends with this.
#[derive(Debug)]
pub(crate) struct Served {
    daemon: Daemon,
    pub(crate) uris: Uris,
}

impl Served {
    /// Starts it where the builder says.
    pub(crate) fn start(builder: DaemonBuilder) -> Result<Self, String> {
        let gone = Tally::default();
        let left = gone.clone();
        let daemon = builder
            .annotations(annotations)
            .validator(validate)
            .on_disconnect(move |_| left.add("gone"))
            .bind()
            .wait()
            .map_err(|error| error.to_string())?;
        let uris = objects::serve_all(&daemon, &Client::new(), gone).map_err(|error| error.to_string())?;
        Ok(Self { daemon, uris })
    }

    /// A handle on it.
    pub(crate) fn daemon(&self) -> Daemon {
        self.daemon.clone()
    }

    /// Ends it, and waits until it has ended.
    pub(crate) fn stop(self) -> Result<(), String> {
        self.daemon.shutdown();
        self.daemon.run().wait().map_err(|error| error.to_string())
    }
}

/// What goes with every answer.
fn annotations() -> Annotations {
    let mut annotations = Annotations::new();
    annotations.insert(*b"DMON", &b"conformance"[..]);
    annotations
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
