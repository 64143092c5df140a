//! [`ServerTls`]: what a daemon shows its callers, and what it wants to see of them.

use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

use super::verifier::ClientVerifier;
use super::{Authorities, Identity, misconfigured, provider};
use crate::Result;

/// How a daemon uses TLS. Callers need no certificates unless it says so. Cheap to clone.
#[derive(Clone, Debug)]
#[must_use = "it goes to DaemonBuilder::tls"]
pub struct ServerTls {
    identity: Identity,
    clients: Clients,
}

/// What a client has to show.
#[derive(Clone, Debug)]
enum Clients {
    Unasked,
    Asked(Authorities),
    Required(Authorities),
}

impl ServerTls {
    /// TLS with this certificate, for everybody.
    pub fn new(identity: Identity) -> Self {
        Self { identity, clients: Clients::Unasked }
    }

    /// Takes only callers with a certificate of one of these authorities (mutual TLS). Which one a caller has
    /// is in [`CallContext::peer_certificates`](crate::CallContext::peer_certificates), and in what the
    /// validator is given.
    pub fn require_client_certificate(self, authorities: Authorities) -> Self {
        Self { clients: Clients::Required(authorities), ..self }
    }

    /// Asks callers for a certificate of one of these authorities, and takes those too that have none. A
    /// certificate of anybody else is refused.
    pub fn ask_for_client_certificate(self, authorities: Authorities) -> Self {
        Self { clients: Clients::Asked(authorities), ..self }
    }

    /// What does the handshakes. May read the system's authorities from files.
    pub(crate) fn acceptor(&self) -> Result<TlsAcceptor> {
        let builder = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|error| misconfigured(format!("TLS cannot be used: {error}")))?;
        let builder = match &self.clients {
            Clients::Unasked => builder.with_no_client_auth(),
            Clients::Asked(authorities) | Clients::Required(authorities) => {
                let required = matches!(self.clients, Clients::Required(_));
                let verifier = ClientVerifier::new(authorities.clone(), required)?;
                builder.with_client_cert_verifier(Arc::new(verifier))
            }
        };
        Ok(TlsAcceptor::from(Arc::new(builder.with_cert_resolver(self.identity.resolver()))))
    }
}
