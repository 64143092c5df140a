//! Connecting: from a location to a [`Stream`].
//!
//! What is said over the stream is not known here, nor who answers.

use std::future::poll_fn;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use ferropyro_value::Location;
use tokio::net::{TcpStream, UnixStream, lookup_host};
use tokio::time::{sleep, timeout};

use super::Stream;
use crate::CallError;

/// Which of a host's addresses are tried first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Prefer {
    /// The system's order, the families taking turns.
    #[default]
    System,
    /// IPv4.
    V4,
    /// IPv6.
    V6,
}

/// How long an address may keep silent before the next one is tried beside it (RFC 8305).
const HEAD_START: Duration = Duration::from_millis(250);

/// Connects. Where a host has several addresses, a later one is tried as soon as an earlier one fails, or
/// beside it when it keeps silent; the first that answers is taken.
///
/// # Errors
/// [`CallError::Unreachable`], with what it probably means.
pub(crate) async fn connect(
    location: &Location,
    within: Duration,
    prefer: Prefer,
) -> Result<Stream, CallError> {
    let outcome = timeout(within, async {
        match location {
            Location::Tcp { host, port } => tcp(host, *port, prefer).await,
            Location::Unix { path } => UnixStream::connect(path).await.map(Stream::from),
        }
    });
    let error = match outcome.await {
        Ok(Ok(stream)) => return Ok(stream),
        Ok(Err(error)) => error,
        Err(_) => {
            let text =
                format!("no answer within {within:?}: the host is down, or a firewall drops the packets");
            io::Error::new(io::ErrorKind::TimedOut, text)
        }
    };
    Err(CallError::Unreachable { peer: location.to_string(), reason: explain(location, &error) })
}

async fn tcp(host: &str, port: u16, prefer: Prefer) -> io::Result<Stream> {
    let addresses = resolve(host, port, prefer).await?;
    let stream = race(addresses).await?;
    Ok(Stream::from(stream))
}

/// The addresses of a host in the order to try them.
async fn resolve(host: &str, port: u16, prefer: Prefer) -> io::Result<Vec<SocketAddr>> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![(address, port).into()]);
    }
    if host.is_empty() || host.eq_ignore_ascii_case("localhost") {
        // Known without asking. Daemons that are told `localhost` listen on the first.
        let (v4, v6) = (Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into());
        let order: [IpAddr; 2] = if prefer == Prefer::V6 { [v6, v4] } else { [v4, v6] };
        return Ok(order.map(|address| (address, port).into()).to_vec());
    }
    let found: Vec<SocketAddr> = lookup_host((host, port)).await.map_err(unknown_host)?.collect();
    let (mut first, mut second): (Vec<_>, Vec<_>) = found.iter().partition(|address| match prefer {
        Prefer::V4 => address.is_ipv4(),
        Prefer::V6 => address.is_ipv6(),
        Prefer::System => found.first().is_some_and(|first| first.is_ipv4() == address.is_ipv4()),
    });
    if prefer != Prefer::System {
        first.append(&mut second);
        return Ok(first);
    }
    let mut order = Vec::with_capacity(found.len());
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    loop {
        let pair = [first.next(), second.next()];
        if pair == [None, None] {
            return Ok(order);
        }
        order.extend(pair.into_iter().flatten());
    }
}

/// Connects to the addresses, each with a head start before the next.
async fn race(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let mut waiting = addresses.into_iter();
    let mut running: Vec<Pin<Box<dyn Future<Output = io::Result<TcpStream>> + Send>>> = Vec::new();
    let mut failure = io::Error::new(io::ErrorKind::NotFound, UnknownHost);
    loop {
        match waiting.next() {
            Some(address) => running.push(Box::pin(TcpStream::connect(address))),
            None if running.is_empty() => return Err(failure),
            None => {}
        }
        let mut head_start = (waiting.len() > 0).then(|| Box::pin(sleep(HEAD_START)));
        let next = poll_fn(|cx| {
            let mut at = 0;
            while let Some(attempt) = running.get_mut(at) {
                match attempt.as_mut().poll(cx) {
                    Poll::Ready(outcome) => {
                        drop(running.swap_remove(at));
                        return Poll::Ready(Some(outcome));
                    }
                    Poll::Pending => at += 1,
                }
            }
            match &mut head_start {
                Some(head_start) => head_start.as_mut().poll(cx).map(|()| None),
                None => Poll::Pending,
            }
        });
        match next.await {
            Some(Ok(stream)) => return Ok(stream),
            Some(Err(error)) => failure = error,
            None => {}
        }
    }
}

/// Marks an error of the resolver, which has no kind of its own.
#[derive(Debug, thiserror::Error)]
#[error("the host name is unknown")]
struct UnknownHost;

fn unknown_host(_: io::Error) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, UnknownHost)
}

/// The system's words, and what they probably mean.
fn explain(location: &Location, error: &io::Error) -> String {
    let unix = matches!(location, Location::Unix { .. });
    match error.kind() {
        io::ErrorKind::ConnectionRefused if unix => {
            "connection refused: the socket file is there, and nobody listens on it (did its server end \
             without removing it?)"
                .to_owned()
        }
        io::ErrorKind::ConnectionRefused => {
            "connection refused: nothing listens there (is the server running, and is this its host and \
             port?)"
                .to_owned()
        }
        io::ErrorKind::NotFound if unix => {
            "there is no such socket file (is the server running, and is this its path?)".to_owned()
        }
        io::ErrorKind::NotFound => "the host name is unknown (is it spelled right?)".to_owned(),
        io::ErrorKind::PermissionDenied if unix => {
            "permission denied: this user may not write to the socket file".to_owned()
        }
        io::ErrorKind::TimedOut => match error.get_ref() {
            Some(ours) => ours.to_string(),
            None => "no answer: the host is down, or a firewall drops the packets".to_owned(),
        },
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn reason(location: Location) -> String {
        match connect(&location, Duration::from_secs(5), Prefer::System).await {
            Err(CallError::Unreachable { reason, .. }) => reason,
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn a_port_without_listener_is_said_to_be_one() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        assert!(reason(Location::tcp("127.0.0.1", port)).await.contains("nothing listens there"));
        assert!(reason(Location::tcp("localhost", port)).await.contains("nothing listens there"));
    }

    #[tokio::test]
    async fn a_missing_socket_file_is_said_to_be_missing() {
        let reason = reason(Location::unix("/nonexistent/socket")).await;
        assert!(reason.contains("no such socket file"), "{reason}");
    }

    #[tokio::test]
    async fn a_later_address_is_tried_when_the_first_refuses() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let good = listener.local_addr().unwrap();
        let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let bad = closed.local_addr().unwrap();
        drop(closed);
        assert_eq!(race(vec![bad, good]).await.unwrap().peer_addr().unwrap(), good);
    }

    #[tokio::test]
    async fn localhost_needs_no_resolver_and_the_families_have_an_order() {
        let order = resolve("LocalHost", 1, Prefer::System).await.unwrap();
        assert!(order[0].is_ipv4() && order[1].is_ipv6());
        assert!(resolve("localhost", 1, Prefer::V6).await.unwrap()[0].is_ipv6());
        assert_eq!(resolve("::1", 1, Prefer::V4).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn abstract_unix_sockets_are_reached() {
        use std::os::linux::net::SocketAddrExt;
        let name = format!("ferropyro-test-{}", std::process::id());
        let address = std::os::unix::net::SocketAddr::from_abstract_name(&name).unwrap();
        let _listener = std::os::unix::net::UnixListener::bind_addr(&address).unwrap();
        let location = Location::unix(format!("\0{name}"));
        assert!(connect(&location, Duration::from_secs(5), Prefer::System).await.is_ok());
    }
}
