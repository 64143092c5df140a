//! What the broadcast responder answers (wire protocol §13.4).
//!
//! A pure function of the datagram; the socket is the server's.

use std::net::IpAddr;

use ferropyro_value::{Location, Uri};

/// The datagram that asks for the name server's URI; nothing else is answered.
pub const REQUEST: &[u8] = b"GET_NSURI";

/// How many bytes of a datagram are read: enough to tell a request from a longer one.
pub const MAX_DATAGRAM: usize = 100;

/// The answer to a datagram: the text of `uri` (the internal one, never the NAT address) in ISO-8859-1.
///
/// `local` is asked only for a name server that listens on all addresses; it gives the address of ours that
/// the requester can reach. `None` is silence: no request, or a URI that the encoding cannot say.
pub fn answer(request: &[u8], uri: &Uri, local: impl FnOnce() -> Option<IpAddr>) -> Option<Vec<u8>> {
    if request != REQUEST {
        return None;
    }
    let text = match (uri.object(), uri.location()) {
        (Some(object), Some(Location::Tcp { host, port })) if host == "0.0.0.0" || host == "::" => {
            match local() {
                Some(address) => {
                    Uri::object_at(object, Location::tcp(address.to_string(), *port)).to_string()
                }
                None => uri.to_string(),
            }
        }
        _ => uri.to_string(),
    };
    text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn reply(request: &[u8], uri: &str) -> Option<String> {
        let uri = uri.parse().expect("a URI");
        let answer = answer(request, &uri, || Some(Ipv4Addr::new(192, 168, 1, 5).into()));
        answer.map(|bytes| bytes.into_iter().map(char::from).collect())
    }

    #[test]
    fn only_the_exact_request_is_answered() {
        let uri = "PYRO:Pyro.NameServer@127.0.0.1:9090";
        assert_eq!(reply(b"GET_NSURI", uri).as_deref(), Some(uri));
        for other in [&b"GET_NSURI\n"[..], b"get_nsuri", b"GET_NSURIx", b"", b"\xff\xfe"] {
            assert_eq!(reply(other, uri), None, "{other:?}");
        }
    }

    #[test]
    fn an_unspecified_host_becomes_the_address_that_the_requester_reaches() {
        let expected = Some("PYRO:Pyro.NameServer@192.168.1.5:9090".to_owned());
        assert_eq!(reply(REQUEST, "PYRO:Pyro.NameServer@0.0.0.0:9090"), expected);
        assert_eq!(reply(REQUEST, "PYRO:Pyro.NameServer@[::]:9090"), expected);
        let unspecified = "PYRO:Pyro.NameServer@0.0.0.0:9090".parse().expect("a URI");
        let bytes = answer(REQUEST, &unspecified, || None).expect("an answer");
        assert_eq!(bytes, b"PYRO:Pyro.NameServer@0.0.0.0:9090");
    }

    #[test]
    fn the_answer_is_latin_1_or_silence() {
        let uri = "PYRO:Pyro.NameServer@hôst:9090".parse().expect("a URI");
        let bytes = answer(REQUEST, &uri, || None).expect("an answer");
        assert_eq!(bytes, b"PYRO:Pyro.NameServer@h\xf4st:9090");
        assert_eq!(reply(REQUEST, "PYRO:Pyro.NameServer@h\u{20ac}st:9090"), None);
    }
}
