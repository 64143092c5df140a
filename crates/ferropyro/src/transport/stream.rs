//! [`Stream`]: one connected byte stream, of whichever kind.
//!
//! No buffering and no frames: what is above decides when to read and how much to write.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;

use super::SecureStream;

/// A connected byte stream: TCP, TLS over TCP, or a Unix socket.
///
/// What is written to it may be kept back until it is flushed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Stream {
    /// Over TCP.
    Tcp(TcpStream),
    /// Over TCP, inside TLS.
    Tls(Box<SecureStream>),
    /// Over a Unix socket.
    #[cfg(unix)]
    Unix(UnixStream),
}

/// Runs an expression with the concrete stream, pinned.
macro_rules! with_stream {
    ($stream:expr, |$inner:ident| $body:expr) => {
        match $stream.get_mut() {
            Stream::Tcp(stream) => {
                let $inner = Pin::new(stream);
                $body
            }
            Stream::Tls(stream) => {
                let $inner = Pin::new(&mut **stream);
                $body
            }
            #[cfg(unix)]
            Stream::Unix(stream) => {
                let $inner = Pin::new(stream);
                $body
            }
        }
    };
}

impl Stream {
    /// The address of the other end: `127.0.0.1:51234`, or the path of the Unix socket, where one end has
    /// any. For messages and logs.
    #[must_use]
    pub fn peer(&self) -> String {
        let of_tcp = |stream: &TcpStream| {
            stream.peer_addr().map_or_else(|_| "a closed socket".to_owned(), |address| address.to_string())
        };
        match self {
            Stream::Tcp(stream) => of_tcp(stream),
            Stream::Tls(stream) => of_tcp(stream.tcp()),
            #[cfg(unix)]
            Stream::Unix(stream) => [stream.peer_addr(), stream.local_addr()]
                .into_iter()
                .flatten()
                .find_map(|address| Some(address.as_pathname()?.display().to_string()))
                .unwrap_or_else(|| "a Unix socket".to_owned()),
        }
    }
}

impl Stream {
    /// The certificates that the peer has shown, in DER form, its own first; none without TLS.
    pub(crate) fn peer_certificates(&self) -> Box<[Vec<u8>]> {
        match self {
            Stream::Tls(stream) => stream.peer_certificates(),
            Stream::Tcp(_) => Box::default(),
            #[cfg(unix)]
            Stream::Unix(_) => Box::default(),
        }
    }
}

impl From<TcpStream> for Stream {
    /// Small frames leave at once (`TCP_NODELAY`), and a dead peer is noticed at last (`SO_KEEPALIVE`).
    fn from(stream: TcpStream) -> Self {
        // Both only tune: a stream where they cannot be set still works.
        let _ = stream.set_nodelay(true);
        let _ = socket2::SockRef::from(&stream).set_keepalive(true);
        Self::Tcp(stream)
    }
}

#[cfg(unix)]
impl From<UnixStream> for Stream {
    fn from(stream: UnixStream) -> Self {
        Self::Unix(stream)
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        with_stream!(self, |stream| stream.poll_read(cx, buffer))
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        with_stream!(self, |stream| stream.poll_write(cx, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        with_stream!(self, |stream| stream.poll_write_vectored(cx, slices))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        with_stream!(self, |stream| stream.poll_flush(cx))
    }

    /// Ends the sending side; the other one can still be read.
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        with_stream!(self, |stream| stream.poll_shutdown(cx))
    }
}
