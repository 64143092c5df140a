//! Clients and servers as the environment wants them.
//!
//! The key that signs Pyro4's messages is taken here: the library leaves it to its programs.

use ferropyro::client::ClientBuilder;
use ferropyro::server::DaemonBuilder;
use ferropyro::{Client, Config, Daemon};
use ferropyro_ns::NameServerBuilder;

/// The variable is `PYRO_HMAC_KEY`.
const KEY: &str = "HMAC_KEY";

pub(crate) fn client(config: &Config) -> ClientBuilder {
    let client = ClientBuilder::from_config(config);
    match config.text(KEY) {
        Some(key) => client.hmac_key(key),
        None => client,
    }
}

/// A client with nothing else to say.
pub(crate) fn plain_client(config: &Config) -> Client {
    client(config).build()
}

pub(crate) fn daemon(config: &Config) -> DaemonBuilder {
    let daemon = Daemon::builder().config(config);
    match config.text(KEY) {
        Some(key) => daemon.hmac_key(key),
        None => daemon,
    }
}

pub(crate) fn name_server(config: &Config) -> NameServerBuilder {
    let server = NameServerBuilder::from_config(config);
    match config.text(KEY) {
        Some(key) => server.hmac_key(key),
        None => server,
    }
}
