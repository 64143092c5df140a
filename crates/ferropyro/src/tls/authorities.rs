//! [`Authorities`]: whose word counts for who somebody is.

use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::pki_types::CertificateDer;

use super::{misconfigured, pem};
use crate::{Error, Result};

/// Certificates of those who may vouch for a peer, by signing its certificate. Cheap to clone.
///
/// A peer's own certificate may stand here too, such as one that signed itself (`openssl req -x509`): it is
/// taken as it is while it is valid, and of a daemon only for the host that is its alternative or common name.
#[derive(Clone, Default)]
pub struct Authorities {
    certificates: Arc<[CertificateDer<'static>]>,
    system: bool,
}

impl Authorities {
    /// Those that the operating system trusts. They are read when they are needed; the variables
    /// `SSL_CERT_FILE` and `SSL_CERT_DIR` name others.
    #[must_use]
    pub fn system() -> Self {
        Self { certificates: Arc::default(), system: true }
    }

    /// Those in a text of certificates in PEM form; what else it holds is passed over.
    ///
    /// # Errors
    /// [`CallError::Config`](crate::CallError::Config): there is no certificate, or one that cannot be read.
    pub fn from_pem(pem: impl AsRef<[u8]>) -> Result<Self> {
        let certificates = pem::certificates(pem.as_ref()).map_err(misconfigured)?;
        let known = Self { certificates: certificates.into(), system: false };
        known.store()?;
        Ok(known)
    }

    /// Those in a file of certificates in PEM form, or in all such files of a directory.
    ///
    /// # Errors
    /// [`CallError::Io`](crate::CallError::Io): it cannot be read;
    /// [`CallError::Config`](crate::CallError::Config): there is no certificate, or one that cannot be read.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let failed = |error| Error::io(format!("cannot read the authorities in {}", path.display()), error);
        if !fs::metadata(path).map_err(failed)?.is_dir() {
            let bytes = fs::read(path).map_err(failed)?;
            return Self::from_pem(bytes)
                .map_err(|error| misconfigured(format!("{}: {error}", path.display())));
        }
        let mut found = Vec::new();
        for entry in fs::read_dir(path).map_err(failed)? {
            let file = entry.map_err(failed)?.path();
            // Directories of authorities hold links, indexes and what not: what holds no certificate is none.
            if let Ok(bytes) = fs::read(&file) {
                found.extend(pem::certificates(&bytes).unwrap_or_default());
            }
        }
        if found.is_empty() {
            return Err(misconfigured(format!("{}: no file there holds a certificate", path.display())));
        }
        let known = Self { certificates: found.into(), system: false };
        known.store()?;
        Ok(known)
    }

    /// These and others.
    #[must_use]
    pub fn and(self, others: Self) -> Self {
        let Self { certificates, system } = others;
        let certificates = self.certificates.iter().chain(certificates.iter()).cloned().collect();
        Self { certificates, system: self.system || system }
    }

    /// Whether a certificate is one of these, and not only signed by one.
    pub(super) fn contain(&self, certificate: &CertificateDer<'_>) -> bool {
        self.certificates.contains(certificate)
    }

    /// What signatures are verified with. Reads the system's from files.
    pub(super) fn store(&self) -> Result<RootCertStore> {
        let mut store = RootCertStore::empty();
        for certificate in self.certificates.iter() {
            store.add(certificate.clone()).map_err(|error| {
                misconfigured(format!("a certificate of an authority cannot be used: {error}"))
            })?;
        }
        if self.system {
            let found = rustls_native_certs::load_native_certs();
            let (added, _) = store.add_parsable_certificates(found.certs);
            for error in &found.errors {
                tracing::debug!(target: "ferropyro::tls", %error, "an authority of the system is passed over");
            }
            if added == 0 && self.certificates.is_empty() {
                return Err(misconfigured(
                    "this system has no certificates of authorities: say which are trusted (PYRO_SSL_CACERTS, \
                     or Authorities::from_file)",
                ));
            }
        }
        Ok(store)
    }
}

impl fmt::Debug for Authorities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorities")
            .field("certificates", &self.certificates.len())
            .field("system", &self.system)
            .finish()
    }
}
