//! What the `PYRO_SSL*` variables say (wire protocol §17.3), and the files that they name.

use std::path::Path;

use super::{Authorities, ClientTls, Connector, Identity, ServerTls, misconfigured};
use crate::{Config, Result};

impl ServerTls {
    /// What the settings say of daemons; `None` where `SSL` is off. The files are read now.
    ///
    /// `SSL_SERVERCERT` is the certificate and `SSL_SERVERKEY` its key, which is looked for in the file of the
    /// certificate where it is empty; `SSL_SERVERKEYPASSWD` is the key's password. With `SSL_REQUIRECLIENTCERT`
    /// callers need a certificate of an authority in `SSL_CACERTS`, a file or a directory.
    ///
    /// # Errors
    /// [`CallError::Config`](crate::CallError::Config): a setting is missing, or its file is not what it should
    /// be.
    pub fn from_config(config: &Config) -> Result<Option<Self>> {
        if !config.flag("SSL") {
            return Ok(None);
        }
        let Some(identity) = identity(config, ["SSL_SERVERCERT", "SSL_SERVERKEY", "SSL_SERVERKEYPASSWD"])?
        else {
            return Err(misconfigured(
                "PYRO_SSL is on, so that a daemon needs a certificate: set PYRO_SSL_SERVERCERT and PYRO_SSL_SERVERKEY \
                 to its files (`ferropyro certs` makes some)",
            ));
        };
        let tls = Self::new(identity);
        if !config.flag("SSL_REQUIRECLIENTCERT") {
            return Ok(Some(tls));
        }
        match authorities(config)? {
            Some(authorities) => Ok(Some(tls.require_client_certificate(authorities))),
            None => Err(misconfigured(
                "PYRO_SSL_REQUIRECLIENTCERT is on: set PYRO_SSL_CACERTS to the authorities whose certificates clients \
                 may have",
            )),
        }
    }
}

impl ClientTls {
    /// What the settings say of callers; `None` where `SSL` is off. The files are read now.
    ///
    /// `SSL_CACERTS` is a file or a directory of authorities that are trusted beside the system's; the daemon's
    /// certificate must be for the host that is called. `SSL_CLIENTCERT`, `SSL_CLIENTKEY` and
    /// `SSL_CLIENTKEYPASSWD` are what the client shows where it is asked.
    ///
    /// # Errors
    /// [`CallError::Config`](crate::CallError::Config): a file is not what it should be.
    pub fn from_config(config: &Config) -> Result<Option<Self>> {
        if !config.flag("SSL") {
            return Ok(None);
        }
        let mut tls = Self::new();
        if let Some(authorities) = authorities(config)? {
            tls = tls.trust(authorities.and(Authorities::system()));
        }
        if let Some(identity) = identity(config, ["SSL_CLIENTCERT", "SSL_CLIENTKEY", "SSL_CLIENTKEYPASSWD"])?
        {
            tls = tls.identity(identity);
        }
        Ok(Some(tls))
    }
}

/// As [`ClientTls::from_config`], with the files read when they are needed.
pub(crate) fn client_of(config: &Config) -> Option<std::sync::Arc<Connector>> {
    let config = config.flag("SSL").then(|| config.clone())?;
    Some(Connector::new(move || Ok(ClientTls::from_config(&config)?.unwrap_or_default())))
}

fn identity(config: &Config, [certificate, key, password]: [&str; 3]) -> Result<Option<Identity>> {
    let Some(file) = config.text(certificate) else { return Ok(None) };
    let key_file = config.text(key).unwrap_or(file);
    let identity = Identity::read(Path::new(file), Path::new(key_file), config.text(password));
    let names = if key_file == file {
        format!("PYRO_{certificate}")
    } else {
        format!("PYRO_{certificate}, PYRO_{key}")
    };
    identity.map(Some).map_err(|error| misconfigured(format!("{names}: {error}")))
}

fn authorities(config: &Config) -> Result<Option<Authorities>> {
    let Some(path) = config.text("SSL_CACERTS") else { return Ok(None) };
    let authorities = Authorities::from_file(path);
    authorities.map(Some).map_err(|error| misconfigured(format!("PYRO_SSL_CACERTS: {error}")))
}
