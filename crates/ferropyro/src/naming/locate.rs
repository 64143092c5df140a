//! Finding a name server (wire protocol §14.2): where the user said, else near by, else by broadcast.
//!
//! A place that was set is asked before the network is, also where it is another host: Pyro does it the other
//! way round, and may find the name server of somebody else.

use std::time::Duration;

use ferropyro_value::{Location, Uri};

use super::{NAME_SERVER, NameServer, broadcast};
use crate::{CallError, Client};

/// How long a place may take to answer before the next one is tried.
const PATIENCE: Duration = Duration::from_secs(3);

/// The name server at a location, or wherever one is found.
///
/// # Errors
/// [`CallError::NoNameServer`] with every place that was tried and what happened there.
pub(crate) async fn locate(client: &Client, location: Option<&Location>) -> Result<NameServer, CallError> {
    client.check()?;
    let mut tried = Vec::new();
    if let Some(location) = location {
        return attempt(client, location, &mut tried).await.ok_or_else(|| nowhere(&tried));
    }
    let hurried = client.derive(|settings| {
        settings.connect_timeout = settings.connect_timeout.min(PATIENCE);
        settings.handshake_timeout = settings.handshake_timeout.min(PATIENCE);
    });
    let settings = client.settings();
    for location in near(&settings.name_server) {
        if let Some(names) = attempt(&hurried, &location, &mut tried).await {
            return Ok(names);
        }
    }
    if settings.broadcast && settings.prefer != crate::transport::Prefer::V6 {
        match broadcast::find(&settings.broadcast_addresses, settings.broadcast_port).await {
            Ok(uri) => match uri.location() {
                Some(location) => {
                    if let Some(names) = attempt(&hurried, location, &mut tried).await {
                        return Ok(names);
                    }
                }
                None => tried.push(format!("broadcast: the answer {uri} has no location")),
            },
            Err(failure) => tried.push(format!("broadcast: {failure}")),
        }
    }
    Err(nowhere(&tried))
}

/// The place that is set, and for this host the address that some systems give their own name.
fn near(first: &Location) -> Vec<Location> {
    let mut places = vec![first.clone()];
    if let Location::Tcp { host, port } = first
        && (host == "localhost" || host == "::1" || host.starts_with("127."))
    {
        places.push(Location::tcp("127.0.1.1", *port));
    }
    places
}

async fn attempt(client: &Client, location: &Location, tried: &mut Vec<String>) -> Option<NameServer> {
    let proxy = client.proxy(Uri::object_at(NAME_SERVER, location.clone()));
    match proxy.bind().await {
        Ok(()) => Some(NameServer::new(proxy)),
        Err(error) => {
            tried.push(match error.kind() {
                CallError::Unreachable { reason, .. } => format!("{location}: {reason}"),
                other => format!("{location}: {other}"),
            });
            None
        }
    }
}

fn nowhere(tried: &[String]) -> CallError {
    CallError::NoNameServer(format!(
        "Failed to locate the nameserver: start one with `ferropyro ns`, or say where it is (PYRO_NS_HOST, or \
         @host:port in the address). Tried {}",
        tried.join("; ")
    ))
}
