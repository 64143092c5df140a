//! Certificates made for a test, and daemons and clients that have them.

use std::sync::atomic::{AtomicUsize, Ordering};

use ferropyro::server::{DaemonBuilder, Methods};
use ferropyro::tls::{Authorities, ClientTls, Identity, ServerTls};
use ferropyro::{Client, Daemon, Error, Value, args, context};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    date_time_ymd,
};

/// An authority of a test's own.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, in PEM form.
pub(crate) struct Made {
    pub(crate) certificate: String,
    pub(crate) key: String,
    pub(crate) der: Vec<u8>,
}

impl Made {
    pub(crate) fn identity(&self) -> Identity {
        Identity::from_pem(&self.certificate, &self.key).expect("a certificate and its key")
    }
}

impl Authority {
    /// One with a name that no other has.
    pub(crate) fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(1);
        Self::named(&format!("authority {}", NEXT.fetch_add(1, Ordering::Relaxed)))
    }

    pub(crate) fn named(name: &str) -> Self {
        let mut params = CertificateParams::new([]).expect("no names");
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(
            CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a certificate"),
        )
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    pub(crate) fn authorities(&self) -> Authorities {
        Authorities::from_pem(self.pem()).expect("a certificate")
    }

    /// A server's certificate for these names.
    pub(crate) fn server(&self, names: &[&str]) -> Made {
        self.make(names, ExtendedKeyUsagePurpose::ServerAuth, |_| ())
    }

    pub(crate) fn client(&self, name: &str) -> Made {
        let name = name.to_owned();
        self.make(&[], ExtendedKeyUsagePurpose::ClientAuth, |params| {
            params.distinguished_name.push(DnType::CommonName, name);
        })
    }

    /// A certificate that was valid once.
    pub(crate) fn expired(&self, usage: ExtendedKeyUsagePurpose) -> Made {
        self.make(&["localhost", "127.0.0.1"], usage, |params| params.not_after = date_time_ymd(2001, 2, 3))
    }

    fn make(
        &self,
        names: &[&str],
        usage: ExtendedKeyUsagePurpose,
        change: impl FnOnce(&mut CertificateParams),
    ) -> Made {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).expect("names");
        params.extended_key_usages = vec![usage];
        change(&mut params);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate");
        Made { certificate: certificate.pem(), key: key.serialize_pem(), der: certificate.der().to_vec() }
    }

    /// TLS for a daemon on the loopback interface.
    pub(crate) fn server_tls(&self) -> ServerTls {
        ServerTls::new(self.server(&["localhost", "127.0.0.1"]).identity())
    }

    /// TLS for a client that trusts this authority.
    pub(crate) fn client_tls(&self) -> ClientTls {
        ClientTls::new().trust(self.authorities())
    }
}

/// A daemon on a free port.
pub(crate) async fn serve(tls: ServerTls) -> Daemon {
    bind(Daemon::builder().tls(tls)).await
}

/// The same, with more said of it.
pub(crate) async fn bind(builder: DaemonBuilder) -> Daemon {
    let daemon = builder.listen("127.0.0.1:0").bind().await.expect("the daemon binds");
    let thing = Methods::new("Thing")
        .method("echo", async |call| call.bind(["value"]).map(|[value]| value))
        .method("certificates", async |_| {
            let context = context().expect("a method runs in a context");
            let certificates = context.peer_certificates().iter().cloned();
            Ok(Value::List(certificates.map(|bytes| Value::Bytes(bytes.into())).collect()))
        });
    daemon.register("thing", thing).expect("the id is free");
    daemon
}

/// What a client gets from the daemon's echo.
pub(crate) async fn echo(daemon: &Daemon, tls: impl Into<Option<ClientTls>>) -> Result<(), Error> {
    let client = Client::builder().tls(tls).build();
    let answer = client.proxy(daemon.uri_for("thing")).call("echo", args![7]).await?;
    assert_eq!(answer, Value::from(7));
    Ok(())
}
