//! The UDP socket that answers broadcasts; what it answers is in [`broadcast`](crate::broadcast).

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

use ferropyro::{Location, Uri};
use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::UdpSocket;

use crate::{StartError, broadcast};

/// How long nothing is read after the socket failed.
const PAUSE: Duration = Duration::from_millis(100);

/// A socket that waits for requests.
#[derive(Debug)]
pub(crate) struct Responder {
    socket: UdpSocket,
    location: Location,
}

impl Responder {
    /// Binds the socket; must run inside a runtime, and may resolve a host name.
    pub(crate) fn bind(location: &Location) -> Result<Self, StartError> {
        Self::try_bind(location)
            .map_err(|source| StartError::Broadcast { location: location.clone(), source })
    }

    fn try_bind(location: &Location) -> io::Result<Self> {
        let Location::Tcp { host, port } = location else { return Err(io::ErrorKind::Unsupported.into()) };
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the host name has no address");
        for address in (host.as_str(), *port).to_socket_addrs()? {
            match open(address) {
                Ok(socket) => {
                    let location = Location::tcp(host, socket.local_addr()?.port());
                    return Ok(Self { socket, location });
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Where it listens.
    pub(crate) fn location(&self) -> &Location {
        &self.location
    }

    /// Answers for ever, with the URI that callers in this network use.
    pub(crate) async fn run(self, uri: Uri) {
        let mut buffer = [0; broadcast::MAX_DATAGRAM];
        loop {
            if let Err(error) = self.answer_one(&mut buffer, &uri).await {
                // An answer that could not be delivered shows here too, so this is no reason to end.
                tracing::debug!(%error, location = %self.location, "the broadcast socket failed");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    async fn answer_one(&self, buffer: &mut [u8], uri: &Uri) -> io::Result<()> {
        let (len, peer) = self.socket.recv_from(buffer).await?;
        let request = buffer.get(..len).unwrap_or_default();
        if let Some(answer) = broadcast::answer(request, uri, || local_address(peer)) {
            tracing::debug!(%peer, "answering a broadcast");
            self.socket.send_to(&answer, peer).await?;
        }
        Ok(())
    }
}

fn open(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    // Several name servers of one machine may answer; each caller takes the first answer.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    if address.is_ipv4() {
        socket.set_broadcast(true)?;
    }
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    UdpSocket::from_std(socket.into())
}

/// The address of ours from which packets go to `peer`; nothing is sent to find out.
fn local_address(peer: SocketAddr) -> Option<IpAddr> {
    let any: SocketAddr = if peer.is_ipv4() { ([0; 4], 0).into() } else { ([0_u16; 8], 0).into() };
    let socket = std::net::UdpSocket::bind(any).ok()?;
    socket.connect(peer).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_request_is_answered_and_noise_is_not() {
        let responder = Responder::bind(&Location::tcp("127.0.0.1", 0)).expect("bound");
        let Location::Tcp { port, .. } = *responder.location() else { panic!("a port") };
        let uri = "PYRO:Pyro.NameServer@0.0.0.0:9090".parse().expect("a URI");
        let running = tokio::spawn(responder.run(uri));
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("bound");
        for datagram in [&b"noise"[..], &[b'x'; 300], b"", b"GET_NSURI"] {
            socket.send_to(datagram, ("127.0.0.1", port)).await.expect("sent");
        }
        let mut buffer = [0; 100];
        let len = socket.recv(&mut buffer).await.expect("received");
        assert_eq!(&buffer[..len], b"PYRO:Pyro.NameServer@127.0.0.1:9090");
        running.abort();
    }
}
