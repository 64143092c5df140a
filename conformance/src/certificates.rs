//! [`Certificates`]: an authority, and a server and a client that it knows, for both sides of the suite.

use std::fs;
use std::path::{Path, PathBuf};

use ferropyro::tls::{Authorities, ClientTls, Identity, ServerTls};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
};

/// Files of certificates and keys.
#[derive(Debug)]
pub(crate) struct Certificates {
    directory: PathBuf,
}

impl Certificates {
    /// Makes the files in a directory.
    pub(crate) fn make(directory: &Path) -> Result<Self, String> {
        let made = Self { directory: directory.to_owned() };
        made.write().map_err(|error| format!("cannot make certificates: {error}"))?;
        Ok(made)
    }

    fn write(&self) -> Result<(), Box<dyn std::error::Error>> {
        let mut params = CertificateParams::new([])?;
        params.distinguished_name.push(DnType::CommonName, "conformance authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
        fs::write(self.file("ca"), authority.pem())?;
        for (name, usage) in
            [("server", ExtendedKeyUsagePurpose::ServerAuth), ("client", ExtendedKeyUsagePurpose::ClientAuth)]
        {
            let mut params = CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned()])?;
            params.distinguished_name.push(DnType::CommonName, name);
            params.extended_key_usages = vec![usage];
            params.use_authority_key_identifier_extension = true;
            let key = KeyPair::generate()?;
            let certificate = params.signed_by(&key, &authority)?;
            fs::write(self.file(name), certificate.pem())?;
            fs::write(self.file(&format!("{name}-key")), key.serialize_pem())?;
        }
        Ok(())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.directory.join(name).with_extension("pem")
    }

    /// TLS for our daemon.
    pub(crate) fn server(&self, mutual: bool) -> Result<ServerTls, String> {
        let tls = ServerTls::new(self.identity("server")?);
        Ok(if mutual { tls.require_client_certificate(self.authorities()?) } else { tls })
    }

    /// TLS for our client.
    pub(crate) fn client(&self, identified: bool) -> Result<ClientTls, String> {
        let tls = ClientTls::new().trust(self.authorities()?);
        Ok(if identified { tls.identity(self.identity("client")?) } else { tls })
    }

    /// The same for a genuine daemon.
    pub(crate) fn server_settings(&self, mutual: bool) -> Vec<String> {
        let mut settings = vec![
            "SSL=True".to_owned(),
            self.setting("SSL_SERVERCERT", "server"),
            self.setting("SSL_SERVERKEY", "server-key"),
        ];
        if mutual {
            settings.extend(["SSL_REQUIRECLIENTCERT=True".to_owned(), self.setting("SSL_CACERTS", "ca")]);
        }
        settings
    }

    /// The same for a genuine client.
    pub(crate) fn client_settings(&self, identified: bool) -> Vec<String> {
        let mut settings = vec!["SSL=True".to_owned(), self.setting("SSL_CACERTS", "ca")];
        if identified {
            settings.push(self.setting("SSL_CLIENTCERT", "client"));
            settings.push(self.setting("SSL_CLIENTKEY", "client-key"));
        }
        settings
    }

    fn setting(&self, item: &str, file: &str) -> String {
        format!("{item}={}", ferropyro::literal::repr(&self.file(file).display().to_string().into()))
    }

    fn identity(&self, name: &str) -> Result<Identity, String> {
        let identity = Identity::from_files(self.file(name), self.file(&format!("{name}-key")));
        identity.map_err(|error| error.to_string())
    }

    fn authorities(&self) -> Result<Authorities, String> {
        Authorities::from_file(self.file("ca")).map_err(|error| error.to_string())
    }
}
