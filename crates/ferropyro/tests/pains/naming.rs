//! Looking for name servers that are not there, and addresses for the other side of a NAT.

use std::time::Duration;

use ferropyro::{CallError, Client, Config, Daemon, Location};

use crate::limit::within;

/// A port where nobody listens, for as long as the test keeps it.
fn closed_port() -> (socket2::Socket, u16) {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket.bind(&std::net::SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    let port = socket.local_addr().unwrap().as_socket().unwrap().port();
    (socket, port)
}

#[tokio::test]
async fn p4_14_who_finds_no_name_server_reads_where_it_was_looked_for_and_what_to_do() {
    let (_taken, port) = closed_port();
    let client = Client::builder().name_server(Location::tcp("localhost", port)).broadcast(false).build();
    let error = within(client.lookup_any("PYRONAME:mythingy")).await.unwrap_err();
    let text = error.to_string();
    assert!(matches!(error.kind(), CallError::NoNameServer(_)), "{text}");
    // As Pyro begins it, for programs that look for that.
    assert!(text.starts_with("Failed to locate the nameserver"), "{text}");
    for part in [&format!("localhost:{port}: "), "ferropyro ns", "PYRO_NS_HOST", "@host:port"] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

/// The clock stands still and jumps where all wait, so that the test does not take the time that it measures.
#[tokio::test(start_paused = true)]
async fn p4_128_a_lookup_where_nobody_answers_ends_soon() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let client = Client::builder().name_server(Location::tcp("127.0.0.1", port)).broadcast(false).build();
    let begun = tokio::time::Instant::now();
    let error = client.lookup_any("PYRONAME:x").await.unwrap_err();
    assert!(matches!(error.kind(), CallError::NoNameServer(_)), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn p4_217_a_nat_address_without_a_port_has_that_of_the_daemon() {
    let variables =
        [("PYRO_HOST", "127.0.0.1"), ("PYRO_NATHOST", "myhost.example.com"), ("PYRO_NATPORT", "0")];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config = Config::from_vars(variables).unwrap();
    let daemon = Daemon::builder().config(&config).bind().await.unwrap();
    let port = daemon.local_addr().unwrap().port();
    assert_eq!(daemon.uri_for("x").to_string(), format!("PYRO:x@myhost.example.com:{port}"));
}
