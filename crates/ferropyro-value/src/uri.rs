//! [`Uri`]: the address of an object (wire protocol §14.1).
//!
//! Parsing and printing only; finding what a name stands for is the business of the naming client.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::{DecodeError, DecodeErrorKind, Value};

/// The TCP port of name servers unless something else is said.
pub const DEFAULT_NS_PORT: u16 = 9090;

/// The address of an object: where it is, or under which name or tags to look it up.
///
/// ```
/// # use ferropyro_value::{Uri, UriKind, Location};
/// let uri: Uri = "pyro:greeter@localhost:7766".parse()?;
/// assert_eq!(uri.to_string(), "PYRO:greeter@localhost:7766");
/// assert_eq!(uri.object(), Some("greeter"));
/// assert_eq!(uri.location(), Some(&Location::tcp("localhost", 7766)));
/// # Ok::<(), ferropyro_value::UriError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Uri {
    kind: UriKind,
    location: Option<Location>,
}

/// What a [`Uri`] names.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UriKind {
    /// `PYRO:object@location`: this object of the daemon there.
    Object(String),
    /// `PYRONAME:name[@location]`: whatever the name server (there, or where one is found) knows by this name.
    Name(String),
    /// `PYROMETA:tag1,tag2[@location]`: any object that the name server knows to have all these tags.
    Meta(BTreeSet<String>),
}

/// Where a daemon or a name server listens.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Location {
    /// A host name or address, and a TCP port.
    Tcp {
        /// A name, an IPv4 address, or an IPv6 address without brackets. Empty: any (as Pyro allows).
        host: String,
        /// The port.
        port: u16,
    },
    /// A Unix socket.
    Unix {
        /// The file's path; a leading NUL means Linux's abstract name space.
        path: String,
    },
}

impl Location {
    /// A TCP location.
    #[must_use]
    pub fn tcp(host: impl Into<String>, port: u16) -> Self {
        Self::Tcp { host: host.into(), port }
    }

    /// A Unix socket's location.
    #[must_use]
    pub fn unix(path: impl Into<String>) -> Self {
        Self::Unix { path: path.into() }
    }

    /// Parses `host`, `host:port`, `[ipv6]:port`, `./u:path`; `default_port` where the text has none.
    ///
    /// # Errors
    /// The texts of the genuine parser; also where the genuine one is lax: for a port outside 0 to 65535,
    /// for digits that are not ASCII or have underscores between them, and for text behind `[address]:port`.
    pub fn parse(text: &str, default_port: Option<u16>) -> Result<Self, UriError> {
        if let Some(path) = text.strip_prefix("./u:") {
            if path.is_empty() || path.contains(':') {
                return Err(UriError::Location(text.to_owned()));
            }
            return Ok(Self::unix(path));
        }
        let (host, port) = if let Some(rest) = text.strip_prefix('[') {
            if rest.starts_with('[') {
                return Err(UriError::TooManyBrackets);
            }
            let (address, rest) = rest.split_once(']').ok_or(UriError::NotIpv6)?;
            let numeric = |c: char| c.is_ascii_hexdigit() || matches!(c, ':' | '%');
            if address.is_empty() || !address.chars().all(numeric) {
                return Err(UriError::NotIpv6);
            }
            match rest.strip_prefix(':') {
                Some(port) => (address, port),
                None if rest.is_empty() => (address, ""),
                None => return Err(UriError::Port("None".to_owned())),
            }
        } else {
            text.split_once(':').unwrap_or((text, ""))
        };
        let port = if port.is_empty() {
            default_port.ok_or_else(|| UriError::Port("None".to_owned()))?
        } else {
            port.trim().parse().map_err(|_| UriError::Port(port.to_owned()))?
        };
        Ok(Self::tcp(host, port))
    }

    /// Whether this says nothing (an empty host), so that it is not printed.
    fn is_blank(&self) -> bool {
        matches!(self, Self::Tcp { host, .. } if host.is_empty())
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "{host}:{port}"),
            Self::Unix { path } => write!(f, "./u:{path}"),
        }
    }
}

/// A text is no URI. The message begins with what the genuine Pyro says of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UriError {
    /// It does not look like a URI at all.
    #[error("invalid uri: {0:?} (expected PYRO:object@host:port, PYRONAME:name or PYROMETA:tag,tag)")]
    Syntax(String),
    /// It begins with another word than the three known ones.
    #[error("invalid uri (protocol): {0:?} (known are PYRO, PYRONAME and PYROMETA)")]
    Protocol(String),
    /// The path of a Unix socket is empty or has a colon in it.
    #[error("invalid uri (location): {0:?}")]
    Location(String),
    /// The port is missing or not a number from 0 to 65535.
    #[error("invalid port in uri, port={0}")]
    Port(String),
    /// `[[`.
    #[error("invalid ipv6 address: enclosed in too many brackets")]
    TooManyBrackets,
    /// Something else than an address in brackets.
    #[error("invalid ipv6 address: the part between brackets must be a numeric ipv6 address")]
    NotIpv6,
}

impl Uri {
    /// `PYRO:object@location`.
    #[must_use]
    pub fn object_at(object: impl Into<String>, location: Location) -> Self {
        Self { kind: UriKind::Object(object.into()), location: Some(location) }
    }

    /// `PYRONAME:name[@location]`.
    #[must_use]
    pub fn name(name: impl Into<String>, location: Option<Location>) -> Self {
        Self { kind: UriKind::Name(name.into()), location }
    }

    /// `PYROMETA:tags[@location]`.
    #[must_use]
    pub fn meta<T: Into<String>>(tags: impl IntoIterator<Item = T>, location: Option<Location>) -> Self {
        Self { kind: UriKind::Meta(tags.into_iter().map(Into::into).collect()), location }
    }

    /// What it names.
    #[must_use]
    pub fn kind(&self) -> &UriKind {
        &self.kind
    }

    /// The object id of a `PYRO:` URI.
    #[must_use]
    pub fn object(&self) -> Option<&str> {
        match &self.kind {
            UriKind::Object(object) => Some(object),
            UriKind::Name(_) | UriKind::Meta(_) => None,
        }
    }

    /// Where the daemon is, or for names and tags the name server, if said.
    #[must_use]
    pub fn location(&self) -> Option<&Location> {
        self.location.as_ref().filter(|location| !location.is_blank())
    }

    /// Parses a URI; `ns_port` is the name server's port where `PYRONAME:` and `PYROMETA:` leave it out.
    ///
    /// # Errors
    /// [`UriError`] says what is wrong.
    pub fn parse(text: &str, ns_port: u16) -> Result<Self, UriError> {
        let syntax = || UriError::Syntax(text.to_owned());
        let (protocol, rest) = text.split_once(':').ok_or_else(syntax)?;
        let protocol = protocol.to_ascii_uppercase();
        let letters = protocol.strip_prefix("PYRO").ok_or_else(syntax)?;
        if !letters.chars().all(|c| c.is_ascii_alphabetic()) {
            return Err(syntax());
        }
        let (object, location) = split_location(rest);
        // Python's `$` also matches before a newline at the end.
        let object = if location.is_none() { object.strip_suffix('\n').unwrap_or(object) } else { object };
        let location = location.map(|location| location.strip_suffix('\n').unwrap_or(location));
        if object.is_empty()
            || object.contains(char::is_whitespace)
            || location.is_some_and(|l| l.contains('\n'))
        {
            return Err(syntax());
        }
        let (kind, default_port) = match letters {
            "" => (UriKind::Object(object.to_owned()), None),
            "NAME" => (UriKind::Name(object.to_owned()), Some(ns_port)),
            "META" => (UriKind::Meta(object.split(',').map(str::to_owned).collect()), Some(ns_port)),
            _ => return Err(UriError::Protocol(protocol)),
        };
        let location = location.map(|location| Location::parse(location, default_port)).transpose()?;
        if letters.is_empty() && location.is_none() {
            return Err(syntax());
        }
        Ok(Self { kind, location })
    }

    /// As printed, but with a location that says nothing, which parsing needs to see again.
    pub(crate) fn to_text(&self) -> String {
        match &self.location {
            Some(blank) if blank.is_blank() => format!("{self}@{blank}"),
            _ => self.to_string(),
        }
    }

    /// The state tuple as it travels: protocol, object, socket name, host, port (wire protocol §11.1).
    pub(crate) fn to_state(&self) -> Value {
        let (protocol, object) = match &self.kind {
            UriKind::Object(object) => ("PYRO", Value::from(object)),
            UriKind::Name(name) => ("PYRONAME", Value::from(name)),
            UriKind::Meta(tags) => ("PYROMETA", Value::Set(tags.iter().map(Value::from).collect())),
        };
        let (path, host, port) = match &self.location {
            Some(Location::Unix { path }) => (Value::from(path), Value::None, Value::None),
            Some(Location::Tcp { host, port }) => (Value::None, Value::from(host), Value::from(*port)),
            None => (Value::None, Value::None, Value::None),
        };
        Value::Tuple(vec![Value::from(protocol), object, path, host, port])
    }

    pub(crate) fn from_state(state: &Value) -> Result<Self, DecodeError> {
        let wrong = |what: &str| DecodeError::unplaced(DecodeErrorKind::Type, format!("uri state: {what}"));
        let Some([protocol, object, path, host, port]) = state.as_sequence() else {
            return Err(wrong("not a tuple of five"));
        };
        let text =
            |value: &Value| value.as_str().map(str::to_owned).ok_or_else(|| wrong("the object is no text"));
        let kind = match protocol.as_str() {
            Some("PYRO") => UriKind::Object(text(object)?),
            Some("PYRONAME") => UriKind::Name(text(object)?),
            Some("PYROMETA") => {
                let tags = object.clone().into_items().map_err(|_| wrong("the tags are no collection"))?;
                UriKind::Meta(tags.iter().map(text).collect::<Result<_, _>>()?)
            }
            _ => return Err(wrong("an unknown protocol")),
        };
        let location = match (path, host) {
            (Value::Str(path), _) => Some(Location::unix(path.clone())),
            (_, Value::Str(host)) => {
                let port = port.as_int().and_then(|port| u16::try_from(port).ok());
                Some(Location::tcp(host.clone(), port.ok_or_else(|| wrong("the port is no port"))?))
            }
            _ => None,
        };
        Ok(Self { kind, location })
    }
}

/// Splits at the first `@` that has something on both sides.
fn split_location(text: &str) -> (&str, Option<&str>) {
    let at = text.char_indices().skip(1).find(|&(at, c)| c == '@' && at + 1 < text.len());
    match at {
        Some((at, _)) => {
            let (object, location) = text.split_at(at);
            (object, location.strip_prefix('@'))
        }
        None => (text, None),
    }
}

impl FromStr for Uri {
    type Err = UriError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text, DEFAULT_NS_PORT)
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            UriKind::Object(object) => write!(f, "PYRO:{object}")?,
            UriKind::Name(name) => write!(f, "PYRONAME:{name}")?,
            UriKind::Meta(tags) => {
                f.write_str("PYROMETA:")?;
                for (index, tag) in tags.iter().enumerate() {
                    if index > 0 {
                        f.write_str(",")?;
                    }
                    f.write_str(tag)?;
                }
            }
        }
        match self.location() {
            Some(location) => write!(f, "@{location}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
