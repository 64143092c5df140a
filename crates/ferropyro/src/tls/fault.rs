//! [`Fault`]: what went wrong in TLS, in words that say whose doing it is and what helps.

use std::io::{self, ErrorKind};

use jiff::Timestamp;
use tokio_rustls::rustls::pki_types::UnixTime;
use tokio_rustls::rustls::{AlertDescription, CertificateError, Error};

/// A failure of TLS itself, and not of the socket below.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Fault(String);

/// Which end of a connection we are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Client,
    Server,
}

/// Whether an error is one of TLS itself.
pub(crate) fn is_fault(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<Fault>())
}

impl Side {
    /// An error of a stream in words, if it is one of TLS.
    pub(crate) fn explain(self, error: io::Error) -> io::Error {
        let kind = error.kind();
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
            Some(fault) => io::Error::new(kind, Fault(self.words(fault))),
            None => error,
        }
    }

    /// An error of a handshake in words.
    pub(crate) fn explain_handshake(self, error: io::Error) -> io::Error {
        let ended = matches!(
            error.kind(),
            ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe
        );
        if !ended {
            return self.explain(error);
        }
        let text = match self {
            Self::Client => {
                "it ended the connection during the TLS handshake: it probably does not use TLS (is PYRO_SSL on \
                 there?), or has no certificate that it can show"
            }
            Self::Server => "the client ended the connection during the TLS handshake",
        };
        io::Error::new(error.kind(), Fault(text.to_owned()))
    }

    fn words(self, error: &Error) -> String {
        match (self, error) {
            (Self::Client, Error::InvalidMessage(_)) => {
                "its answer is not TLS: it probably does not use it (is PYRO_SSL on there?)".to_owned()
            }
            (Self::Server, Error::InvalidMessage(_)) => {
                "what the client sends is not TLS (is PYRO_SSL on there?)".to_owned()
            }
            (Self::Server, Error::NoCertificatesPresented) => {
                "the client shows no certificate, and this daemon requires one (PYRO_SSL_CLIENTCERT there)"
                    .to_owned()
            }
            (_, Error::InvalidCertificate(fault)) => self.refused(fault),
            (_, Error::AlertReceived(alert)) => self.told(*alert),
            (_, Error::PeerIncompatible(_) | Error::PeerMisbehaved(_)) => {
                format!("the two ends cannot agree on a way to use TLS: {error}")
            }
            _ => format!("TLS failed: {error}"),
        }
    }

    /// Why we refuse the peer's certificate.
    fn refused(self, fault: &CertificateError) -> String {
        let whose = match self {
            Self::Client => "its certificate",
            Self::Server => "the client's certificate",
        };
        match fault {
            CertificateError::BadSignature => format!(
                "{whose} is not signed by the authority that it names: probably by another one of the same name, \
                 such as one that was made anew"
            ),
            CertificateError::Expired => format!("{whose} has expired: it needs a new one"),
            CertificateError::ExpiredContext { not_after, .. } => {
                format!("{whose} expired at {}: it needs a new one", date(*not_after))
            }
            CertificateError::NotValidYet => {
                format!("{whose} is not valid yet (is this machine's clock right?)")
            }
            CertificateError::NotValidYetContext { not_before, .. } => {
                format!("{whose} is not valid before {} (is this machine's clock right?)", date(*not_before))
            }
            CertificateError::UnknownIssuer => format!(
                "{whose} is of no authority that is trusted here: if it is the right one, add the authority \
                 that signed it to those trusted here (PYRO_SSL_CACERTS)"
            ),
            CertificateError::NotValidForNameContext { expected, presented } => {
                let expected = expected.to_str();
                let names = match presented.as_slice() {
                    [] => "is for no host at all (it has no subject alternative names)".to_owned(),
                    names => format!(
                        "is for {}",
                        names.iter().map(|name| plain(name)).collect::<Vec<_>>().join(", ")
                    ),
                };
                format!(
                    "{whose} {names}, and not for '{expected}': call it by a name that its certificate has, or give \
                     it one for this name (`ferropyro certs --host {expected}`)"
                )
            }
            CertificateError::NotValidForName => {
                format!("{whose} is for another host than the one that was called")
            }
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => format!(
                "{whose} is not for this use: it lacks the extended key usage of a {}",
                match self {
                    Self::Client => "server",
                    Self::Server => "client",
                }
            ),
            // The variant of this name is not to be had from here.
            CertificateError::Other(other) if other.0.to_string() == "CaUsedAsEndEntity" => format!(
                "{whose} is that of an authority, or signed itself: if it is the right one, add it to those trusted \
                 here (PYRO_SSL_CACERTS)"
            ),
            CertificateError::Other(other) => format!("{whose} cannot be accepted: {}", other.0),
            other => format!("{whose} cannot be accepted: {other}"),
        }
    }

    /// What the peer says of why it goes.
    fn told(self, alert: AlertDescription) -> String {
        let (peer, ours) = match self {
            Self::Client => ("it", "this client's certificate"),
            Self::Server => ("the client", "this daemon's certificate"),
        };
        match alert {
            AlertDescription::CertificateRequired if self == Self::Client => {
                "it requires a certificate of its clients: set one (PYRO_SSL_CLIENTCERT and PYRO_SSL_CLIENTKEY, or \
                 ClientTls::identity)"
                    .to_owned()
            }
            AlertDescription::HandshakeFailure if self == Self::Client => {
                "it refuses the TLS handshake: it may require a certificate of its clients (PYRO_SSL_CLIENTCERT), or \
                 share no cipher or version with us"
                    .to_owned()
            }
            AlertDescription::UnknownCA => {
                format!("{peer} refuses {ours}: it trusts no authority that signed it (PYRO_SSL_CACERTS there)")
            }
            AlertDescription::CertificateExpired => {
                format!("{peer} refuses {ours}: it has expired, or is not valid yet")
            }
            AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateUnknown
            | AlertDescription::AccessDenied
            | AlertDescription::DecryptError => format!("{peer} refuses {ours} (with the alert {alert:?})"),
            AlertDescription::ProtocolVersion => {
                format!("{peer} speaks only versions of TLS that are not secure; 1.2 and 1.3 are spoken here")
            }
            other => format!("{peer} ended TLS: {other:?}"),
        }
    }
}

/// A name as certificates are shown with: `DnsName("host")`.
fn plain(shown: &str) -> &str {
    shown.split_once('(').map_or(shown, |(_, rest)| rest.trim_end_matches(')')).trim_matches('"')
}

fn date(time: UnixTime) -> String {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    Timestamp::from_second(seconds).map_or_else(|_| format!("second {seconds}"), |time| time.to_string())
}
