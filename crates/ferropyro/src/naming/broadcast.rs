//! Asking the local network for a name server (wire protocol §13.4).
//!
//! The answer is not authenticated: the first one wins. It is checked to be the address of an object.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use ferropyro_value::Uri;
use tokio::net::{UdpSocket, lookup_host};
use tokio::time::timeout;

/// The whole question.
const QUESTION: &[u8] = b"GET_NSURI";

/// How long to wait for an answer, each time.
const WAIT: Duration = Duration::from_millis(700);

/// How often to ask.
const TIMES: usize = 3;

/// More than this is no address that a name server sends.
const LONGEST: usize = 512;

/// The address of the name server that answers first.
///
/// # Errors
/// What went wrong, for people: nobody answered, or the network could not be asked.
pub(super) async fn find(addresses: &[String], port: u16) -> Result<Uri, String> {
    let targets = targets(addresses, port).await;
    if targets.is_empty() {
        return Err("there is no address to send to (PYRO_BROADCAST_ADDRS)".to_owned());
    }
    ask(&targets, WAIT, TIMES).await.map_err(|error| match error.kind() {
        io::ErrorKind::TimedOut => format!("nobody answered on UDP port {port}"),
        _ => error.to_string(),
    })
}

async fn targets(addresses: &[String], port: u16) -> Vec<SocketAddr> {
    let mut targets = Vec::with_capacity(addresses.len());
    for address in addresses {
        if address == "<broadcast>" {
            targets.push((Ipv4Addr::BROADCAST, port).into());
        } else if let Ok(found) = lookup_host((address.as_str(), port)).await {
            targets.extend(found.filter(SocketAddr::is_ipv4).take(1));
        }
    }
    targets
}

async fn ask(targets: &[SocketAddr], wait: Duration, times: usize) -> io::Result<Uri> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).await?;
    socket.set_broadcast(true)?;
    for _ in 0..times {
        let mut failure = None;
        let mut sent = 0;
        for target in targets {
            match socket.send_to(QUESTION, target).await {
                Ok(_) => sent += 1,
                Err(error) => failure = Some(error),
            }
        }
        match failure {
            Some(error) if sent == 0 => return Err(error),
            _ => {}
        }
        if let Ok(uri) = timeout(wait, answer(&socket)).await {
            return uri;
        }
    }
    Err(io::ErrorKind::TimedOut.into())
}

/// The first answer that is the address of an object; others are passed over.
async fn answer(socket: &UdpSocket) -> io::Result<Uri> {
    let mut datagram = [0; LONGEST];
    loop {
        let length = match socket.recv_from(&mut datagram).await {
            Ok((length, _)) => length,
            // A host without responder may say so; others may have one.
            Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => continue,
            Err(error) => return Err(error),
        };
        let uri = datagram.get(..length).and_then(|text| std::str::from_utf8(text).ok()?.parse::<Uri>().ok());
        if let Some(uri) = uri.filter(|uri| uri.object().is_some()) {
            return Ok(uri);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn responder() -> (UdpSocket, SocketAddr) {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        (socket, address)
    }

    #[tokio::test]
    async fn the_first_valid_answer_is_taken() {
        let (socket, address) = responder().await;
        let server = async {
            let mut buffer = [0; 64];
            let (length, from) = socket.recv_from(&mut buffer).await.unwrap();
            assert_eq!(&buffer[..length], b"GET_NSURI");
            socket.send_to(b"no uri at all", from).await.unwrap();
            socket.send_to(b"PYRO:Pyro.NameServer@192.0.2.1:9090", from).await.unwrap();
        };
        let targets = [address];
        let (uri, ()) = tokio::join!(ask(&targets, Duration::from_secs(5), 1), server);
        assert_eq!(uri.unwrap().to_string(), "PYRO:Pyro.NameServer@192.0.2.1:9090");
    }

    #[tokio::test]
    async fn silence_is_a_timeout() {
        let (_socket, address) = responder().await;
        let error = ask(&[address], Duration::from_millis(1), 2).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn addresses_may_be_words_numbers_or_unknown() {
        let addresses = ["<broadcast>", "127.0.0.1"].map(str::to_owned);
        let targets = targets(&addresses, 9).await;
        assert_eq!(targets, ["255.255.255.255:9".parse().unwrap(), "127.0.0.1:9".parse().unwrap()]);
    }
}
