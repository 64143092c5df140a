//! The bounds of a daemon hold for connections whose handshake is under way, too.

use std::io::Read;
use std::net::TcpStream;
use std::time::Duration;

use ferropyro::Daemon;

use crate::authority::{Authority, bind, echo, serve};

/// Waits for the end of a connection on which nothing is said.
async fn ends(mut stream: TcpStream) {
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let read = move || stream.read(&mut [0]).unwrap();
    assert_eq!(tokio::task::spawn_blocking(read).await.unwrap(), 0);
}

#[tokio::test]
async fn a_client_that_says_nothing_has_the_time_of_a_handshake() {
    let tls = Authority::new().server_tls();
    let daemon = bind(Daemon::builder().tls(tls).handshake_timeout(Duration::from_millis(50))).await;
    let silent = TcpStream::connect(daemon.local_addr().unwrap()).unwrap();
    ends(silent).await;
    while daemon.connections() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn handshakes_hold_up_nobody_and_count_as_connections() {
    let authority = Authority::new();
    let daemon = bind(Daemon::builder().tls(authority.server_tls()).max_connections(3)).await;
    let address = daemon.local_addr().unwrap();
    let _silent = [TcpStream::connect(address).unwrap(), TcpStream::connect(address).unwrap()];
    while daemon.connections() < 2 {
        tokio::task::yield_now().await;
    }
    echo(&daemon, authority.client_tls()).await.unwrap();
    while daemon.connections() > 2 {
        tokio::task::yield_now().await;
    }
    let _third = TcpStream::connect(address).unwrap();
    while daemon.connections() < 3 {
        tokio::task::yield_now().await;
    }
    let error = echo(&daemon, authority.client_tls()).await.unwrap_err().to_string();
    assert!(error.contains("too many connections: this daemon serves at most 3"), "{error}");
}

#[tokio::test]
async fn the_end_does_not_wait_for_handshakes() {
    let daemon = serve(Authority::new().server_tls()).await;
    let silent = TcpStream::connect(daemon.local_addr().unwrap()).unwrap();
    while daemon.connections() < 1 {
        tokio::task::yield_now().await;
    }
    daemon.shutdown();
    tokio::time::timeout(Duration::from_secs(4), daemon.run().into_future()).await.expect("at once").unwrap();
    ends(silent).await;
}
