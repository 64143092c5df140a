//! From the URI on the command line to a proxy, and from an error to what the user may do about it.

use std::time::Duration;

use ferropyro::{AnyProxy, CallError, Codec, Config, Error};
use tokio::time::timeout;

use crate::cli::Reach;
use crate::failure::Failure;
use crate::{settings, suggest};

/// How long somebody who took the connection may stay silent. A person waits, so less than a program does.
const PATIENCE: Duration = Duration::from_secs(10);

/// A proxy for the URI, with the options that `call` and `inspect` share.
pub(crate) async fn reach(uri: &str, options: &Reach, config: &Config) -> Result<AnyProxy, Failure> {
    let mut builder = settings::client(config).handshake_timeout(PATIENCE);
    if let Some(time) = options.timeout {
        builder = builder.timeout(time).connect_timeout(time).handshake_timeout(time);
    }
    if let Some(codec) = options.serializer {
        builder = builder.serializer(codec);
    }
    if let Some(protocol) = options.protocol {
        builder = builder.dialect(protocol.into());
    }
    let client = builder.build();
    let looking = async {
        match client.lookup_any(uri).await {
            Ok(proxy) => Ok(proxy),
            Err(error) => Err(suggest::similar_names(&client, uri, error).await),
        }
    };
    match options.timeout {
        None => looking.await,
        Some(time) => timeout(time, looking).await.unwrap_or_else(|_| {
            Err(Failure::unreachable(format!(
                "ferropyro: {uri} was not resolved within {time:?}: no name server answered by then (is one \
                 running? see `ferropyro nsc ping`)"
            )))
        }),
    }
}

/// Adds what to try where the error alone does not say it.
pub(crate) fn explain(error: CallError, proxy: &AnyProxy, options: &Reach, config: &Config) -> Failure {
    let hint = match &error {
        CallError::Exception(exception) if exception.name() == "SerializeError" => {
            let used = options.serializer.unwrap_or_else(|| config.serializer());
            let others = Codec::ALL.into_iter().filter(|codec| *codec != used).map(Codec::name);
            let others = others.collect::<Vec<_>>().join(", ");
            Some(format!("If the server does not accept {used}, try --serializer with one of {others}."))
        }
        CallError::Refused { reason, .. }
            if options.protocol.is_some() && reason.contains("protocol version") =>
        {
            Some("The server speaks another protocol: leave --protocol out.".to_owned())
        }
        CallError::Refused { reason, .. } if reason.contains("unknown object") => {
            proxy.uri().location().map(|location| {
                format!("`ferropyro call PYRO:Pyro.Daemon@{location} registered` shows the objects there.")
            })
        }
        _ => None,
    };
    let failure = Failure::from(Error::from(error));
    match hint {
        Some(hint) => failure.with_hint(&hint),
        None => failure,
    }
}
