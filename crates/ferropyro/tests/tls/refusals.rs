//! What is wrong is said at both ends, at once, and leaves nothing behind.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use ferropyro::tls::ClientTls;
use ferropyro::tls::ServerTls;
use ferropyro::{CallError, Client, Daemon, Dialect, args};
use rcgen::ExtendedKeyUsagePurpose;

use crate::authority::{Authority, bind, echo, serve};
use crate::log;

/// How a client fails, and what the daemon logs. All connections must be gone after it.
async fn fault(daemon: &Daemon, tls: impl Into<Option<ClientTls>>, expected: &str, logged: &str) {
    log::keep();
    let error = echo(daemon, tls).await.unwrap_err();
    assert!(matches!(error.kind(), CallError::Unreachable { .. } | CallError::Refused { .. }), "{error:?}");
    assert!(error.to_string().contains(expected), "{error}");
    while daemon.connections() > 0 || !log::lines_with("ferropyro::server").contains(logged) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_daemon_of_an_unknown_authority_is_refused() {
    let daemon = serve(Authority::new().server_tls()).await;
    let stranger = Authority::new();
    let expected = "its certificate is of no authority that is trusted here";
    fault(&daemon, stranger.client_tls(), expected, "the client refuses this daemon's certificate").await;
    fault(&daemon, ClientTls::new(), expected, "the client refuses this daemon's certificate").await;
}

#[tokio::test]
async fn an_authority_of_the_same_name_is_not_the_same() {
    let daemon = serve(Authority::named("twin").server_tls()).await;
    let expected = "it names: probably by another one of the same name";
    let logged = "the client refuses this daemon's certificate";
    fault(&daemon, Authority::named("twin").client_tls(), expected, logged).await;
}

#[tokio::test]
async fn an_expired_certificate_is_refused_on_either_side() {
    let authority = Authority::new();
    let old = authority.expired(ExtendedKeyUsagePurpose::ServerAuth);
    let daemon = serve(ServerTls::new(old.identity())).await;
    let expected = "its certificate expired at 2001-02-03T00:00:00Z";
    fault(&daemon, authority.client_tls(), expected, "certificate: it has expired, or is not valid yet")
        .await;

    let tls = authority.server_tls().require_client_certificate(authority.authorities());
    let daemon = serve(tls).await;
    let old = authority.expired(ExtendedKeyUsagePurpose::ClientAuth);
    let tls = authority.client_tls().identity(old.identity());
    fault(
        &daemon,
        tls,
        "this client's certificate: it has expired",
        "the client's certificate expired at 2001",
    )
    .await;
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused_unless_any_will_do() {
    let authority = Authority::new();
    let daemon = serve(ServerTls::new(authority.server(&["example.org"]).identity())).await;
    let expected = "its certificate is for example.org, and not for '127.0.0.1'";
    fault(&daemon, authority.client_tls(), expected, "the client refuses this daemon's certificate").await;
    echo(&daemon, authority.client_tls().any_host_name()).await.unwrap();
    let stranger = Authority::new().client_tls().any_host_name();
    fault(&daemon, stranger, "no authority that is trusted", "the client refuses this daemon's").await;
}

#[tokio::test]
async fn a_client_without_the_certificate_that_is_required_is_told_so() {
    let authority = Authority::new();
    let daemon = serve(authority.server_tls().require_client_certificate(authority.authorities())).await;
    let expected = "it requires a certificate of its clients: set one";
    fault(&daemon, authority.client_tls(), expected, "the client shows no certificate").await;
    let stranger = Authority::new().client("stranger");
    let tls = authority.client_tls().identity(stranger.identity());
    let logged = "the client's certificate is of no authority that is trusted here";
    fault(&daemon, tls, "it refuses this client's certificate: it trusts no authority", logged).await;
    let server = authority.server(&["x"]);
    let tls = authority.client_tls().identity(server.identity());
    fault(&daemon, tls, "it refuses this client's certificate", "lacks the extended key usage of a client")
        .await;
}

#[tokio::test]
async fn a_client_without_tls_is_told_so_in_its_own_protocol() {
    let authority = Authority::new();
    let daemon = serve(authority.server_tls()).await;
    fault(&daemon, None, "rejected: this daemon takes TLS connections only", "Pyro's protocol without TLS")
        .await;
    for dialect in Dialect::ALL {
        let client = Client::builder().tls(None).dialect(dialect).build();
        let error = client.proxy(daemon.uri_for("thing")).call("echo", args![1]).await.unwrap_err();
        assert!(error.to_string().contains("this daemon takes TLS connections only"), "{error}");
    }
}

#[tokio::test]
async fn a_client_with_tls_is_told_by_a_daemon_without() {
    let daemon = bind(Daemon::builder()).await;
    let tls = Authority::new().client_tls();
    fault(&daemon, tls, "its answer is not TLS", "the client speaks TLS, and this port does not").await;
}

#[tokio::test]
async fn a_daemon_that_ends_the_handshake_without_a_word_is_said_to() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let client = Client::builder().tls(Authority::new().client_tls()).build();
    let proxy = client.lookup_any(format!("PYRO:thing@127.0.0.1:{port}")).await.unwrap();
    let (error, ()) = tokio::join!(proxy.bind().into_future(), async { drop(listener.accept().await) });
    let error = error.unwrap_err().to_string();
    assert!(error.contains("it ended the connection during the TLS handshake"), "{error}");
}

#[tokio::test]
async fn a_daemon_whose_answer_is_a_tls_alert_is_said_to_want_tls() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let proxy = Client::builder().tls(None).build();
    let proxy = proxy.lookup_any(format!("PYRO:thing@127.0.0.1:{port}")).await.unwrap();
    let server = async {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut frame = [0; 1024];
        assert!(stream.read(&mut frame).await.unwrap() > 0);
        stream.write_all(&[21, 3, 1, 0, 2, 2, 70]).await.unwrap();
    };
    let (error, ()) = tokio::join!(proxy.bind().into_future(), server);
    let error = error.unwrap_err().to_string();
    assert!(error.contains("it takes TLS connections only"), "{error}");
}

#[tokio::test]
async fn nonsense_is_said_to_be_no_tls_and_goes() {
    log::keep();
    let daemon = serve(Authority::new().server_tls()).await;
    let mut stream = TcpStream::connect(daemon.local_addr().unwrap()).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    let peer = stream.local_addr().unwrap().to_string();
    let mut answer = Vec::new();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    tokio::task::spawn_blocking(move || stream.read_to_end(&mut answer).unwrap()).await.unwrap();
    assert!(
        log::lines_with(&peer).contains("what the client sends is not TLS"),
        "{}",
        log::lines_with(&peer)
    );
    while daemon.connections() > 0 {
        tokio::task::yield_now().await;
    }
}
