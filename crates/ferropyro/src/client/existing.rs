//! Calling over a stream that was connected by other means, on which nobody introduces himself (wire protocol §17.5).

use std::convert::Infallible;
use std::sync::Arc;

use ferropyro_proto::{ClientSession, Dialect, Metadata};
use ferropyro_value::{Location, ProxyState, Uri, Value};

use super::exchange::{Ask, Plain, Request};
use super::link::Link;
use super::members::Members;
use super::session::Session;
use super::target::Target;
use super::{AnyProxy, Call, Client, answer};
use crate::CallError;
use crate::transport::Stream;

/// Where the objects at the other ends of such streams are. Nobody listens there: once the stream is over, that is it.
const CONNECTED: &str = "connected-stream";

/// A proxy for an object at the other end of a stream on which nobody introduces himself.
pub(super) async fn over(
    client: &Client,
    stream: Stream,
    object: String,
    dialect: Dialect,
) -> Result<AnyProxy, CallError> {
    client.check()?;
    let settings = client.settings();
    let runtime = client.runtime().handle()?;
    let peer = stream.peer();
    let protocol = ClientSession::existing(Arc::clone(&settings.protocol), dialect, 0);
    let link = Link::new(peer.clone(), stream, protocol, runtime, settings.max_pipelined);
    let uri = Uri::object_at(object.as_str(), Location::unix(CONNECTED));
    let members = Members::new(Metadata::default());
    let session = Session::over(client, ProxyState::new(uri), link, members);
    let proxy = AnyProxy::of_target(Target::Remote(Arc::clone(&session)));
    let request = Request::new(&proxy, Ask::Daemon, "get_metadata", Plain::positional((object,)));
    let told = Call::<Value, Infallible, _>::new(&proxy, request, answer::value).await?;
    let metadata = Metadata::from_value(&told).ok_or_else(|| CallError::Protocol {
        peer,
        reason: format!("the metadata of an object is no {}", told.type_name()),
    })?;
    session.learn(Members::new(metadata));
    Ok(proxy)
}
