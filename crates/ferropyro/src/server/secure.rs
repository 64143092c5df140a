//! The TLS handshake of a client, before it is a connection like any other.
//!
//! It runs in the connection's own task and its time for introducing itself, so that a slow client holds up
//! nobody. What the handshake wants to see is the business of [`tls`](crate::tls).

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{timeout, timeout_at};
use tokio_rustls::TlsAcceptor;

use super::connection::Connection;
use super::place::Place;
use crate::transport::{SecureStream, Stream};

/// With what every Pyro message begins, and no TLS one.
const PYRO: u8 = b'P';
/// How long a client may take to read why its handshake failed.
const LINGER: Duration = Duration::from_secs(2);
/// How much such a client may still send, in bytes.
const LINGER_BYTES: usize = 64 << 10;

/// Serves a client that has to use TLS. `denied` says why it is to be refused, if it is.
pub(super) async fn serve(
    stream: TcpStream,
    peer: String,
    denied: Option<String>,
    place: Place,
    acceptor: TlsAcceptor,
) {
    let shaken = Box::pin(shake(stream, &peer, denied, &place, &acceptor)).await;
    if let Some((stream, denied)) = shaken {
        Connection::placed(stream, peer, denied, place).await;
    }
}

/// The stream to go on with, and why its client is to be refused, if it is.
async fn shake(
    stream: TcpStream,
    peer: &str,
    denied: Option<String>,
    place: &Place,
    acceptor: &TlsAcceptor,
) -> Option<(Stream, Option<String>)> {
    let daemon = place.daemon();
    let deadline = daemon.instant(place.since().saturating_add(daemon.config.handshake_timeout));
    let outcome = tokio::select! {
        biased;
        () = daemon.draining.cancelled() => return None,
        outcome = timeout_at(deadline, accept(stream, acceptor)) => outcome,
    };
    let failed = |error: &dyn std::fmt::Display| {
        tracing::debug!(target: "ferropyro::server", peer, %error, "the TLS handshake failed");
    };
    match outcome {
        Ok(Accepted::Secure(stream)) => Some((Stream::Tls(stream), denied)),
        Ok(Accepted::Plain(stream)) => {
            // In the words of its own protocol, the client learns best what is wrong.
            let reason = "this daemon takes TLS connections only: switch TLS on in the client (PYRO_SSL)";
            failed(&"the client speaks Pyro's protocol without TLS");
            Some((stream.into(), Some(reason.to_owned())))
        }
        Ok(Accepted::Failed(error, stream)) => {
            failed(&error);
            tokio::select! {
                () = daemon.draining.cancelled() => {}
                _ = timeout(LINGER, let_go(stream)) => {}
            }
            None
        }
        Ok(Accepted::Gone) => None,
        Err(_) => {
            failed(&format!("it took longer than {:?}", daemon.config.handshake_timeout));
            None
        }
    }
}

enum Accepted {
    Secure(Box<SecureStream>),
    /// The client speaks Pyro's protocol at once.
    Plain(TcpStream),
    Failed(std::io::Error, TcpStream),
    Gone,
}

async fn accept(stream: TcpStream, acceptor: &TlsAcceptor) -> Accepted {
    let mut first = [0];
    match stream.peek(&mut first).await {
        Ok(1) if first == [PYRO] => return Accepted::Plain(stream),
        Ok(1) => {}
        Ok(_) | Err(_) => return Accepted::Gone,
    }
    match SecureStream::accept(stream, acceptor).await {
        Ok(stream) => Accepted::Secure(stream),
        Err((error, stream)) => Accepted::Failed(error, stream),
    }
}

/// Ends the sending side, and reads and drops what still comes: closing at once would make the client's system
/// throw away the alert that it has not read yet.
async fn let_go(mut stream: TcpStream) {
    if stream.shutdown().await.is_err() {
        return;
    }
    let mut scratch = [0; 1024];
    let mut left = LINGER_BYTES;
    while let Ok(1..) = stream.read(&mut scratch).await {
        left = left.saturating_sub(scratch.len());
        if left == 0 {
            return;
        }
    }
}
