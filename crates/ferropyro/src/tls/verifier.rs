//! [`Verifier`] and [`ClientVerifier`]: judge the certificate that a daemon or a client shows.
//!
//! The judgement is that of rustls. Two things are added: a client may do without the host's name, and a
//! certificate that is listed itself is taken.

use std::fmt;
use std::sync::Arc;

use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme,
};

use super::{Authorities, known, misconfigured, provider};
use crate::Result;

pub(super) struct Verifier {
    inner: Arc<WebPkiServerVerifier>,
    authorities: Authorities,
    any_host: bool,
}

impl Verifier {
    pub(super) fn new(authorities: Authorities, any_host: bool) -> Result<Self> {
        let store = Arc::new(authorities.store()?);
        let inner = WebPkiServerVerifier::builder_with_provider(store, provider())
            .build()
            .map_err(|error| misconfigured(format!("TLS cannot be used: {error}")))?;
        Ok(Self { inner, authorities, any_host })
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("any_host", &self.any_host).finish_non_exhaustive()
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match self.inner.verify_server_cert(shown, intermediates, name, ocsp, now) {
            // The name is looked at when everything else is right.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if self.any_host => Ok(ServerCertVerified::assertion()),
            Err(Error::InvalidCertificate(_)) if self.authorities.contain(shown) => {
                known::verify_time(shown, now)?;
                if !self.any_host {
                    known::verify_name(shown, name)?;
                }
                Ok(ServerCertVerified::assertion())
            }
            outcome => outcome,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

pub(super) struct ClientVerifier {
    inner: Arc<dyn ClientCertVerifier>,
    authorities: Authorities,
}

impl ClientVerifier {
    /// Wants a certificate of one of these authorities, or takes it where there is one.
    pub(super) fn new(authorities: Authorities, required: bool) -> Result<Self> {
        let store = Arc::new(authorities.store()?);
        let inner = WebPkiClientVerifier::builder_with_provider(store, provider());
        let inner = if required { inner } else { inner.allow_unauthenticated() };
        let inner = inner.build().map_err(|error| misconfigured(format!("TLS cannot be used: {error}")))?;
        Ok(Self { inner, authorities })
    }
}

impl fmt::Debug for ClientVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientVerifier").finish_non_exhaustive()
    }
}

impl ClientCertVerifier for ClientVerifier {
    fn offer_client_auth(&self) -> bool {
        self.inner.offer_client_auth()
    }

    fn client_auth_mandatory(&self) -> bool {
        self.inner.client_auth_mandatory()
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.inner.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        shown: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        match self.inner.verify_client_cert(shown, intermediates, now) {
            Err(Error::InvalidCertificate(_)) if self.authorities.contain(shown) => {
                known::verify_time(shown, now).map(|()| ClientCertVerified::assertion())
            }
            outcome => outcome,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}
