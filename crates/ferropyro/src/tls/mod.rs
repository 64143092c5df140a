//! TLS: who a daemon and its callers are, and whom they trust.
//!
//! [`ServerTls`] goes to [`DaemonBuilder::tls`](crate::server::DaemonBuilder::tls), [`ClientTls`] to
//! [`ClientBuilder::tls`](crate::client::ClientBuilder::tls); the `PYRO_SSL*` variables make the same of
//! files. The bytes are enciphered below the protocol, which knows nothing of it. It is for TCP: what goes
//! over a Unix socket does not leave the machine, and stays as it is.
//!
//! ```no_run
//! use ferropyro::tls::{Authorities, ClientTls, Identity, ServerTls};
//! use ferropyro::{Client, Daemon};
//!
//! # async fn example() -> ferropyro::Result<()> {
//! let tls = ServerTls::new(Identity::from_files("server-cert.pem", "server-key.pem")?)
//!     .require_client_certificate(Authorities::from_file("ca.pem")?);
//! let daemon = Daemon::builder().listen("0.0.0.0:7766").tls(tls).bind().await?;
//!
//! let tls = ClientTls::new()
//!     .trust(Authorities::from_file("ca.pem")?)
//!     .identity(Identity::from_files("client-cert.pem", "client-key.pem")?);
//! let client = Client::builder().tls(tls).build();
//! # Ok(()) }
//! ```

mod authorities;
mod client;
mod fault;
mod identity;
mod known;
mod pem;
mod server;
mod settings;
mod verifier;

use std::sync::{Arc, LazyLock};

use tokio_rustls::rustls;
use tokio_rustls::rustls::crypto::CryptoProvider;

pub use authorities::Authorities;
pub use client::ClientTls;
pub(crate) use client::{Connector, server_name};
pub(crate) use fault::{Side, is_fault};
pub use identity::Identity;
pub use server::ServerTls;
pub(crate) use settings::client_of;

use crate::{CallError, Error};

/// The cryptography that everything here uses, whatever the program's default is.
fn provider() -> Arc<CryptoProvider> {
    static PROVIDER: LazyLock<Arc<CryptoProvider>> =
        LazyLock::new(|| Arc::new(rustls::crypto::ring::default_provider()));
    Arc::clone(&PROVIDER)
}

/// A fault in what the program or its user has set.
fn misconfigured(text: impl Into<String>) -> Error {
    Error::from(CallError::<std::convert::Infallible>::Config(text.into()))
}
