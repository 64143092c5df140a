//! [`Listener`]: a place that accepts connections.
//!
//! It does not count connections and knows nothing of what is said on them.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, ToSocketAddrs};

use ferropyro_value::Location;
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;

use super::Stream;
use crate::{Error, Result};

/// How many connections may wait to be accepted; the system may allow fewer.
pub(super) const BACKLOG: i32 = 1024;

/// A TCP port or a Unix socket that accepts connections.
#[derive(Debug)]
pub struct Listener {
    socket: Kind,
    location: Location,
}

#[derive(Debug)]
enum Kind {
    Tcp(TcpListener),
    #[cfg(unix)]
    Unix(super::unix::UnixListener),
}

impl Listener {
    /// Starts to listen. A host name is resolved here, so this may block; it must run inside a runtime.
    ///
    /// # Errors
    /// The host is unknown, the address is taken, or the system refuses for another reason.
    pub(crate) fn bind(address: &Location) -> Result<Self> {
        match address {
            Location::Tcp { host, port } => Self::bind_tcp(host, *port),
            #[cfg(unix)]
            Location::Unix { path } => {
                let socket = Kind::Unix(super::unix::UnixListener::bind(path)?);
                Ok(Self { socket, location: address.clone() })
            }
            #[cfg(not(unix))]
            Location::Unix { .. } => {
                let reason = io::Error::new(ErrorKind::Unsupported, "this system has no Unix sockets");
                Err(Error::io(format!("cannot listen on {address}"), reason))
            }
        }
    }

    fn bind_tcp(host: &str, port: u16) -> Result<Self> {
        // An empty host is Pyro's way to say all addresses, and is shown as such.
        let host = if host.is_empty() { "0.0.0.0" } else { host };
        let failed = |error: io::Error| {
            let what = format!("cannot listen on {}", Location::tcp(host, port));
            let hint = match error.kind() {
                ErrorKind::AddrInUse => {
                    "another program, perhaps another daemon, listens there already; stop it, choose another \
                     port, or port 0 for any free one"
                }
                ErrorKind::AddrNotAvailable => {
                    "this machine has no such address; listen on one that it has, or on 0.0.0.0 for all of \
                     them, and set a NAT address if clients reach it under another"
                }
                ErrorKind::PermissionDenied => {
                    "ports below 1024 are for privileged programs; choose a higher one"
                }
                _ => return Error::io(what, error),
            };
            Error::io(what, io::Error::new(error.kind(), format!("{error}: {hint}")))
        };
        let resolved = (host, port).to_socket_addrs().map_err(|error| {
            let hint =
                "listen on a name or address of this machine, such as localhost, or on 0.0.0.0 for all";
            let what = format!("cannot listen on {}", Location::tcp(host, port));
            Error::io(
                what,
                io::Error::new(error.kind(), format!("the host name is not known: {error}; {hint}")),
            )
        });
        let mut addresses: Vec<SocketAddr> = resolved?.collect();
        // Names that have both kinds of address, `localhost` first of all, mean the one that every client tries.
        addresses.sort_by_key(SocketAddr::is_ipv6);
        let mut last = io::Error::new(ErrorKind::NotFound, "the host name has no address");
        for address in addresses {
            match listen(address) {
                Ok(socket) => {
                    let port = socket.local_addr().map_err(failed)?.port();
                    return Ok(Self { socket: Kind::Tcp(socket), location: Location::tcp(host, port) });
                }
                Err(error) => last = error,
            }
        }
        Err(failed(last))
    }

    /// The next connection, and the address of the one who made it.
    ///
    /// # Errors
    /// The system's; the listener goes on, though after some (no descriptors left) only a little later.
    pub async fn accept(&self) -> io::Result<(Stream, String)> {
        match &self.socket {
            Kind::Tcp(listener) => {
                let (stream, peer) = listener.accept().await?;
                Ok((stream.into(), peer.to_string()))
            }
            #[cfg(unix)]
            Kind::Unix(listener) => {
                let Location::Unix { path } = &self.location else {
                    return Err(ErrorKind::Unsupported.into());
                };
                Ok((listener.accept().await?.into(), path.replace('\0', "@")))
            }
        }
    }

    /// Where this listens: the host as it was given, the port as it is.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// The socket's own address; `None` for a Unix socket.
    #[must_use]
    pub fn local_addr(&self) -> Option<SocketAddr> {
        match &self.socket {
            Kind::Tcp(listener) => listener.local_addr().ok(),
            #[cfg(unix)]
            Kind::Unix(_) => None,
        }
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    // Elsewhere than on Unix the option lets two programs share one port.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    TcpListener::from_std(socket.into())
}
