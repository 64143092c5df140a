//! Certificates that signed themselves, as `openssl req -x509` makes them and Pyro's programs use them.

use ferropyro::tls::{Authorities, ClientTls, Identity, ServerTls};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, KeyPair, date_time_ymd};

use crate::authority::{Authority, echo, serve};

/// An authority by its own word, for a host that is its common name.
fn made(host: &str, change: impl FnOnce(&mut CertificateParams)) -> (Identity, Authorities) {
    let mut params = CertificateParams::new([]).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, host);
    change(&mut params);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap().pem();
    let identity = Identity::from_pem(&certificate, key.serialize_pem()).unwrap();
    (identity, Authorities::from_pem(certificate).unwrap())
}

#[tokio::test]
async fn one_that_is_listed_is_taken_by_both_ends() {
    let (server, trusted) = made("LocalHost", |_| ());
    let (client, clients) = made("somebody", |_| ());
    let daemon = serve(ServerTls::new(server).require_client_certificate(clients)).await;
    let error = echo(&daemon, ClientTls::new().trust(trusted.clone())).await.unwrap_err().to_string();
    assert!(error.contains("and not for '127.0.0.1'"), "{error}");
    let tls = ClientTls::new().trust(trusted).identity(client);
    let client = ferropyro::Client::builder().tls(tls).build();
    let port = daemon.local_addr().unwrap().port();
    let uri = ferropyro::Uri::object_at("thing", ferropyro::Location::tcp("localhost", port));
    client.proxy(uri).call("echo", ferropyro::args![1]).await.unwrap();
}

#[tokio::test]
async fn one_that_has_expired_is_not_taken() {
    let (server, trusted) = made("localhost", |params| params.not_after = date_time_ymd(2001, 2, 3));
    let daemon = serve(ServerTls::new(server)).await;
    let error = echo(&daemon, ClientTls::new().trust(trusted).any_host_name()).await.unwrap_err().to_string();
    assert!(error.contains("its certificate expired at 2001-02-03"), "{error}");
}

#[tokio::test]
async fn one_with_alternative_names_is_for_no_other_host() {
    let (server, trusted) = made("127.0.0.1", |params| {
        params
            .subject_alt_names
            .push("example.org".to_owned().try_into().map(rcgen::SanType::DnsName).unwrap());
    });
    let daemon = serve(ServerTls::new(server)).await;
    let error = echo(&daemon, ClientTls::new().trust(trusted.clone())).await.unwrap_err().to_string();
    assert!(error.contains("its certificate is for example.org, and not for '127.0.0.1'"), "{error}");
    echo(&daemon, ClientTls::new().trust(trusted).any_host_name()).await.unwrap();
}

#[tokio::test]
async fn one_that_is_not_listed_is_refused() {
    let (server, _) = made("localhost", |_| ());
    let daemon = serve(ServerTls::new(server)).await;
    let error = echo(&daemon, Authority::new().client_tls().any_host_name()).await.unwrap_err().to_string();
    assert!(error.contains("is that of an authority, or signed itself: if it is the right one"), "{error}");
}
