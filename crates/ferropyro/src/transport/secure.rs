//! [`SecureStream`]: a TCP stream inside TLS.
//!
//! Whom to trust is not known here: the configuration that comes with a handshake does.

use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::{TlsAcceptor, TlsConnector, TlsStream};

use crate::tls::Side;

/// A TCP stream inside TLS, after the handshake.
///
/// What is written may stay in a buffer until it is flushed.
#[derive(Debug)]
pub struct SecureStream {
    stream: TlsStream<TcpStream>,
    side: Side,
}

impl SecureStream {
    /// The handshake of a client.
    ///
    /// # Errors
    /// What failed, in words; the daemon's certificate is not accepted, first of all.
    pub(crate) async fn connect(
        stream: TcpStream,
        connector: &TlsConnector,
        name: ServerName<'static>,
    ) -> io::Result<Box<Self>> {
        let side = Side::Client;
        let stream = Box::pin(connector.connect(name, stream)).await;
        let stream = stream.map_err(|error| side.explain_handshake(error))?;
        Ok(Box::new(Self { stream: TlsStream::Client(stream), side }))
    }

    /// The handshake of a server.
    ///
    /// # Errors
    /// What failed, in words; with the stream, on which the client has been told.
    pub(crate) async fn accept(
        stream: TcpStream,
        acceptor: &TlsAcceptor,
    ) -> Result<Box<Self>, (io::Error, TcpStream)> {
        let side = Side::Server;
        let stream = Box::pin(acceptor.accept(stream).into_fallible()).await;
        let stream = stream.map_err(|(error, stream)| (side.explain_handshake(error), stream))?;
        Ok(Box::new(Self { stream: TlsStream::Server(stream), side }))
    }

    /// The certificates that the peer has shown, in DER form, its own first.
    pub(crate) fn peer_certificates(&self) -> Box<[Vec<u8>]> {
        let shown = self.stream.get_ref().1.peer_certificates().unwrap_or_default();
        shown.iter().map(|certificate| certificate.to_vec()).collect()
    }

    /// The stream below.
    pub(super) fn tcp(&self) -> &TcpStream {
        self.stream.get_ref().0
    }
}

impl AsyncRead for SecureStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let side = self.side;
        Pin::new(&mut self.stream).poll_read(cx, buffer).map(|outcome| match outcome {
            // Python's programs close without TLS's farewell. Frames know their length, so that one which was
            // cut off is noticed.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(()),
            outcome => outcome.map_err(|error| side.explain(error)),
        })
    }
}

impl AsyncWrite for SecureStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let side = self.side;
        Pin::new(&mut self.stream).poll_write(cx, bytes).map_err(|error| side.explain(error))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let side = self.side;
        Pin::new(&mut self.stream).poll_write_vectored(cx, slices).map_err(|error| side.explain(error))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let side = self.side;
        Pin::new(&mut self.stream).poll_flush(cx).map_err(|error| side.explain(error))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let side = self.side;
        Pin::new(&mut self.stream).poll_shutdown(cx).map_err(|error| side.explain(error))
    }
}
