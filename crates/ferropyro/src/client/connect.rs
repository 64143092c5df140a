//! Connecting to a daemon: the socket, the handshake, and which dialect is spoken there.
//!
//! A caller that was not told opens with Pyro5. Each genuine daemon refuses the wrong version in its own
//! frames, so that a refusal says which dialect to use.

use std::io::ErrorKind;
use std::sync::Arc;

use ferropyro_proto::{
    Annotations, ClientConfig, ClientEvent, ClientSession, ConnectParams, Dialect, FrameError, Metadata,
    SessionError,
};
use ferropyro_value::{Codec, Location, Uuid, Value};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use super::Client;
use super::exchange::DAEMON;
use super::link::{Link, send_error};
use crate::tls::{is_fault, server_name};
use crate::transport::{self, SecureStream, Stream};
use crate::{CallError, Ran};

/// With what a daemon answers that expects TLS.
const TLS_ALERT: [u8; 2] = [21, 3];

/// What to connect to, and what to say there.
#[derive(Debug)]
pub(super) struct Introduction {
    pub(super) object: String,
    pub(super) location: Location,
    pub(super) handshake: Value,
    pub(super) codec: Codec,
    pub(super) annotations: Annotations,
    pub(super) correlation: Option<Uuid>,
    pub(super) config: Arc<ClientConfig>,
    /// The number of the last call on the connection before.
    pub(super) seq: u16,
}

/// A connection that the daemon took.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) link: Link,
    pub(super) metadata: Option<Metadata>,
    /// What the daemon's validator answered.
    pub(super) handshake: Value,
}

enum Outcome {
    Taken(Box<Opened>),
    /// The daemon speaks the other dialect, or ended the connection as one does that speaks the other.
    Other(Dialect, CallError),
}

/// Connects and introduces.
pub(super) async fn open(client: &Client, introduction: &Introduction) -> Result<Opened, CallError> {
    let settings = client.settings();
    let known = settings.dialect.or_else(|| client.known_dialect(&introduction.location));
    // Who has a key expects signatures, which only Pyro4 has.
    let signed = introduction.config.send.hmac.is_some();
    let first = known.unwrap_or(if signed { Dialect::Pyro4 } else { Dialect::default() });
    // What was known may be true no more.
    let forget = |_: &CallError| client.forget_dialect(&introduction.location);
    let other = match attempt(client, introduction, first, known.is_none()).await.inspect_err(forget)? {
        Outcome::Taken(opened) => return Ok(taken(client, introduction, *opened)),
        Outcome::Other(_, error) if settings.dialect.is_some() => return Err(error),
        Outcome::Other(dialect, _) => dialect,
    };
    match attempt(client, introduction, other, false).await.inspect_err(forget)? {
        Outcome::Taken(opened) => Ok(taken(client, introduction, *opened)),
        Outcome::Other(_, error) => Err(error).inspect_err(forget),
    }
}

/// Whether a dialect is spoken at a location: connects once, and lets go.
pub(super) async fn speaks(
    client: &Client,
    location: &Location,
    dialect: Dialect,
) -> Result<bool, CallError> {
    let settings = client.settings();
    let introduction = Introduction {
        object: DAEMON.to_owned(),
        location: location.clone(),
        handshake: settings.handshake.clone(),
        codec: settings.codec,
        annotations: Annotations::new(),
        correlation: None,
        config: Arc::clone(&settings.protocol),
        seq: 0,
    };
    match attempt(client, &introduction, dialect, false).await {
        Ok(Outcome::Taken(_)) => Ok(true),
        Ok(Outcome::Other(..)) => Ok(false),
        // In the dialect that was asked in.
        Err(CallError::Refused { .. }) => Ok(true),
        Err(error) => Err(error),
    }
}

fn taken(client: &Client, introduction: &Introduction, opened: Opened) -> Opened {
    client.learn_dialect(&introduction.location, opened.link.dialect());
    opened
}

async fn attempt(
    client: &Client,
    introduction: &Introduction,
    dialect: Dialect,
    guess: bool,
) -> Result<Outcome, CallError> {
    let settings = client.settings();
    let stream =
        transport::connect(&introduction.location, settings.connect_timeout, settings.prefer).await?;
    let peer = introduction.location.to_string();
    let within = settings.handshake_timeout;
    let Ok(outcome) = timeout(within, shake(client, introduction, stream, dialect, guess)).await else {
        let reason = format!(
            "it took the connection and said nothing within {within:?} (it is busy, or no Pyro port)"
        );
        return Err(CallError::Unreachable { peer, reason });
    };
    outcome
}

async fn shake(
    client: &Client,
    introduction: &Introduction,
    stream: Stream,
    dialect: Dialect,
    guess: bool,
) -> Result<Outcome, CallError> {
    let settings = client.settings();
    let peer = introduction.location.to_string();
    let mut stream = secure(client, &introduction.location, stream).await?;
    let mut out = Vec::with_capacity(256);
    let config = Arc::clone(&introduction.config);
    let params = introduction.params();
    let mut session =
        ClientSession::connect(config, dialect, introduction.seq, &params, &mut out).map_err(send_error)?;
    // A daemon may refuse before it has read everything: what it says counts more than that.
    let unwritten = stream.write_all(&out).await.is_err() || stream.flush().await.is_err();
    loop {
        match session.poll() {
            Ok(None) => {}
            Ok(Some(ClientEvent::Connected { handshake, metadata, .. })) => {
                let runtime = client.runtime().handle()?;
                let link = Link::new(peer, stream, session, runtime, settings.max_pipelined);
                return Ok(Outcome::Taken(Box::new(Opened { link, metadata, handshake })));
            }
            Ok(Some(ClientEvent::Refused { reason, speaks, .. })) => {
                let remedy = remedy(&reason, introduction.codec);
                let error = CallError::Refused { peer, reason: reason + &remedy };
                return if speaks == dialect { Err(error) } else { Ok(Outcome::Other(speaks, error)) };
            }
            Ok(Some(ClientEvent::Reply(_) | ClientEvent::Pong)) => {
                return Err(CallError::Protocol {
                    peer,
                    reason: "an answer before the handshake".to_owned(),
                });
            }
            Err(_) if session.input().starts_with(&TLS_ALERT) => {
                let reason =
                    "it takes TLS connections only: switch TLS on here (PYRO_SSL, or ClientBuilder::tls)";
                return Err(CallError::Unreachable { peer, reason: reason.to_owned() });
            }
            Err(error) => return Err(strange(peer, &error)),
        }
        let reason = match stream.read_buf(session.input()).await {
            Ok(0) if unwritten => "it was reset during the handshake".to_owned(),
            Ok(0) => "the peer closed it during the handshake".to_owned(),
            Ok(_) => continue,
            // TLS's own refusal, which with TLS 1.3 can come after the handshake.
            Err(error) if is_fault(&error) => {
                return Err(CallError::Unreachable { peer, reason: error.to_string() });
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {
                "it was reset during the handshake".to_owned()
            }
            Err(error) => error.to_string(),
        };
        // A genuine daemon that expects TLS goes without a word.
        let plain = matches!(stream, Stream::Tcp(_));
        let hint = if plain { " (does it expect TLS? PYRO_SSL switches it on)" } else { "" };
        let reason = reason + hint;
        let error = CallError::Closed { peer, reason, ran: Ran::Never };
        // The refusal of a daemon that closes with unread bytes can get lost.
        return if guess { Ok(Outcome::Other(other(dialect), error)) } else { Err(error) };
    }
}

/// Has TLS between the stream and us, where the client wants it and the location has it.
async fn secure(client: &Client, location: &Location, stream: Stream) -> Result<Stream, CallError> {
    let (Some(tls), Location::Tcp { host, .. }) = (&client.settings().tls, location) else {
        return Ok(stream);
    };
    let Stream::Tcp(stream) = stream else { return Ok(stream) };
    let (connector, name) = (tls.get().await?, server_name(host)?);
    match SecureStream::connect(stream, &connector, name).await {
        Ok(stream) => Ok(Stream::Tls(stream)),
        Err(error) => Err(CallError::Unreachable { peer: location.to_string(), reason: error.to_string() }),
    }
}

fn other(dialect: Dialect) -> Dialect {
    match dialect {
        Dialect::Pyro4 => Dialect::Pyro5,
        Dialect::Pyro5 => Dialect::Pyro4,
    }
}

impl Introduction {
    fn params(&self) -> ConnectParams {
        let mut params = ConnectParams::new(self.object.clone());
        params.handshake = self.handshake.clone();
        params.codec = self.codec;
        params.annotations = self.annotations.clone();
        params.correlation = self.correlation;
        params
    }
}

/// What to do about a refusal, where its words let us know.
fn remedy(reason: &str, codec: Codec) -> String {
    if reason.contains("serializer") && reason.contains("not accepted") {
        let others: Vec<_> =
            Codec::ALL.into_iter().filter(|other| *other != codec).map(Codec::name).collect();
        format!(" (the daemon does not accept {codec}; try {})", others.join(", "))
    } else if reason.contains("hmac") {
        " (both ends need the same key, or none)".to_owned()
    } else {
        String::new()
    }
}

/// An answer that is no handshake: probably no Pyro at all.
fn strange(peer: String, error: &SessionError) -> CallError {
    let reason = match error {
        SessionError::Frame(FrameError::HmacMismatch | FrameError::HmacAsymmetric) => {
            let reason = error.to_string();
            let remedy = remedy(&reason, Codec::default());
            return CallError::Refused { peer, reason: reason + &remedy };
        }
        SessionError::Frame(
            FrameError::Magic { .. } | FrameError::MagicNumber | FrameError::Version { .. },
        ) => format!("it is no Pyro port: its answer is of another protocol ({error})"),
        other => other.to_string(),
    };
    CallError::Protocol { peer, reason }
}
