//! [`Identity`]: a certificate that says who one is, and the key that proves it.

use std::fmt;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use tokio_rustls::rustls;
use tokio_rustls::rustls::sign::{CertifiedKey, SingleCertAndKey};

use super::{misconfigured, pem, provider};
use crate::{Error, Result};

/// A certificate with those that lead from it to an authority, and its private key. Cheap to clone.
#[derive(Clone)]
pub struct Identity {
    key: Arc<CertifiedKey>,
}

impl Identity {
    /// From files in PEM form: the certificate, followed by those in between it and the authority if there are
    /// any, and the private key (PKCS#8, PKCS#1 or SEC1). Both may be the same file. Files are read now, and
    /// may block.
    ///
    /// # Errors
    /// [`CallError::Io`](crate::CallError::Io): a file cannot be read;
    /// [`CallError::Config`](crate::CallError::Config): as [`from_pem`](Self::from_pem), or the key is
    /// encrypted.
    pub fn from_files(certificate: impl AsRef<Path>, key: impl AsRef<Path>) -> Result<Self> {
        Self::read(certificate.as_ref(), key.as_ref(), None)
    }

    /// As [`from_files`](Self::from_files), with the password of a key in encrypted PKCS#8 form
    /// (`BEGIN ENCRYPTED PRIVATE KEY`). A key that is not encrypted needs none, and is taken.
    ///
    /// # Errors
    /// As there; and the password is wrong.
    pub fn from_files_with_password(
        certificate: impl AsRef<Path>,
        key: impl AsRef<Path>,
        password: &str,
    ) -> Result<Self> {
        Self::read(certificate.as_ref(), key.as_ref(), Some(password))
    }

    /// From texts in PEM form, which may be the same.
    ///
    /// # Errors
    /// [`CallError::Config`](crate::CallError::Config): one of the two is missing or cannot be read, or the key
    /// is that of another certificate.
    pub fn from_pem(certificate: impl AsRef<[u8]>, key: impl AsRef<[u8]>) -> Result<Self> {
        Self::parse(certificate.as_ref(), key.as_ref(), None).map_err(misconfigured)
    }

    /// As [`from_pem`](Self::from_pem), with the password of a key in encrypted PKCS#8 form.
    ///
    /// # Errors
    /// As there; and the password is wrong.
    pub fn from_pem_with_password(
        certificate: impl AsRef<[u8]>,
        key: impl AsRef<[u8]>,
        password: &str,
    ) -> Result<Self> {
        Self::parse(certificate.as_ref(), key.as_ref(), Some(password)).map_err(misconfigured)
    }

    pub(super) fn read(certificate: &Path, key: &Path, password: Option<&str>) -> Result<Self> {
        let read = |path: &Path, what: &str| {
            fs::read(path)
                .map_err(|error| Error::io(format!("cannot read the {what} in {}", path.display()), error))
        };
        let parsed = Self::parse(&read(certificate, "certificate")?, &read(key, "private key")?, password);
        parsed.map_err(|error| {
            let files = if certificate == key {
                certificate.display().to_string()
            } else {
                format!("{}, {}", certificate.display(), key.display())
            };
            misconfigured(format!("{files}: {error}"))
        })
    }

    fn parse(certificate: &[u8], key: &[u8], password: Option<&str>) -> Result<Self, String> {
        let chain = pem::certificates(certificate)?;
        let key = pem::private_key(key, password)?;
        let key = CertifiedKey::from_der(chain, key, &provider()).map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => "the private key is not that of the certificate".to_owned(),
            error => format!("the certificate and its key cannot be used: {error}"),
        })?;
        Ok(Self { key: Arc::new(key) })
    }

    /// What shows it to a peer.
    pub(super) fn resolver(&self) -> Arc<SingleCertAndKey> {
        Arc::new(SingleCertAndKey::from(Arc::clone(&self.key)))
    }
}

impl fmt::Debug for Identity {
    /// Nothing of the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("certificates", &self.key.cert.len()).finish_non_exhaustive()
    }
}
