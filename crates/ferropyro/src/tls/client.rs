//! [`ClientTls`]: whom a client trusts, and what it shows.

use std::fmt;
use std::sync::{Arc, OnceLock};

use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

use super::verifier::Verifier;
use super::{Authorities, Identity, misconfigured, provider};
use crate::{CallError, Result};

/// How a client uses TLS. Cheap to clone.
///
/// Unless told otherwise it trusts the system's authorities, wants the daemon's certificate to be for the host
/// that the object's address names, and shows no certificate itself.
#[derive(Clone, Debug)]
#[must_use = "it goes to ClientBuilder::tls"]
pub struct ClientTls {
    authorities: Authorities,
    identity: Option<Identity>,
    any_host: bool,
}

impl Default for ClientTls {
    fn default() -> Self {
        Self { authorities: Authorities::system(), identity: None, any_host: false }
    }
}

impl ClientTls {
    /// TLS with the system's authorities.
    pub fn new() -> Self {
        Self::default()
    }

    /// Trusts these authorities and no others. Pyro trusts the system's in any case:
    /// `Authorities::from_file("ca.pem")?.and(Authorities::system())` does that.
    pub fn trust(self, authorities: Authorities) -> Self {
        Self { authorities, ..self }
    }

    /// Shows this certificate to daemons that ask for one.
    pub fn identity(self, identity: Identity) -> Self {
        Self { identity: Some(identity), ..self }
    }

    /// Takes a trusted certificate whatever host it is for. Whoever has any certificate of these authorities
    /// can then pass for any daemon, so that they should be your own, and sign nothing but daemons.
    pub fn any_host_name(self) -> Self {
        Self { any_host: true, ..self }
    }

    fn build(&self) -> Result<Arc<ClientConfig>> {
        let builder = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|error| misconfigured(format!("TLS cannot be used: {error}")))?;
        let verifier = Verifier::new(self.authorities.clone(), self.any_host)?;
        // Ours is called dangerous since it is not the library's own; it is that one, and says what it adds.
        let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
        Ok(Arc::new(match &self.identity {
            Some(identity) => builder.with_client_cert_resolver(identity.resolver()),
            None => builder.with_no_client_auth(),
        }))
    }
}

/// A client's way to TLS: made at the first connection, since that may read many files, and kept.
pub(crate) struct Connector {
    plan: Plan,
    built: OnceLock<TlsConnector>,
}

type Plan = Box<dyn Fn() -> Result<ClientTls> + Send + Sync>;

impl Connector {
    /// For settings that are there, or that are yet to be read.
    pub(crate) fn new(plan: impl Fn() -> Result<ClientTls> + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { plan: Box::new(plan), built: OnceLock::new() })
    }

    /// What does the handshakes. Blocks at the first time.
    ///
    /// # Errors
    /// A file cannot be read, or does not hold what it should.
    pub(crate) fn connector(&self) -> Result<TlsConnector> {
        if let Some(connector) = self.built.get() {
            return Ok(connector.clone());
        }
        let connector = TlsConnector::from((self.plan)()?.build()?);
        Ok(self.built.get_or_init(|| connector).clone())
    }

    /// As [`connector`](Self::connector), without blocking the runtime that this is awaited in.
    pub(crate) async fn get(self: &Arc<Self>) -> Result<TlsConnector, CallError> {
        if let Some(connector) = self.built.get() {
            return Ok(connector.clone());
        }
        let this = Arc::clone(self);
        match tokio::task::spawn_blocking(move || this.connector()).await {
            Ok(outcome) => outcome.map_err(crate::Error::into_kind),
            Err(error) => Err(CallError::Config(format!("TLS cannot be used: {error}"))),
        }
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector").finish_non_exhaustive()
    }
}

/// The host of a location as certificates name it.
pub(crate) fn server_name(host: &str) -> Result<ServerName<'static>, CallError> {
    // An empty host is this one, as it is for a plain connection.
    let host = if host.is_empty() { "localhost" } else { host };
    ServerName::try_from(host.to_owned())
        .map_err(|_| CallError::Config(format!("no certificate can be for the host name '{host}'")))
}
