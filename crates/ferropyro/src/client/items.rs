//! [`ItemStream`]: a result that is taken item by item (wire protocol §4).

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use ferropyro_proto::{CallParams, Flags, ReplyKind};
use ferropyro_value::Value;
use futures_core::Stream;

use super::exchange::{Ask, DAEMON, Outcome, Payload, Request};
use super::session::Bound;
use super::{AnyProxy, Call, CallFuture, answer};
use crate::{Arguments, CallError};

/// A result of a call that is not known to be a stream, nor to be none.
#[derive(Debug)]
pub enum Answer {
    /// A value; `None` for a oneway method.
    Value(Value),
    /// A stream, of which no item has been fetched.
    Stream(ItemStream),
}

impl Answer {
    pub(super) fn from_outcome(proxy: AnyProxy, outcome: Outcome) -> Result<Self, CallError> {
        let (reply, bound) = match outcome {
            Outcome::Done => return Ok(Self::Value(Value::None)),
            Outcome::Replied(reply, bound) => (reply, bound),
        };
        if let ReplyKind::Stream { id: Some(id) } = reply.kind {
            return Ok(Self::Stream(ItemStream { proxy, bound, id: Some(id), fetching: None }));
        }
        let limits = &proxy.client().settings().protocol.value_limits;
        let reply = answer::check(reply, bound.link.peer(), limits)?;
        Ok(Self::Value(reply.codec.decode_shared(&reply.payload, limits)?))
    }
}

/// The items of a result, each fetched when it is asked for.
///
/// It keeps its proxy's connection. Dropped before the end, it tells the daemon to close the stream. It is a
/// [`Stream`] too, for the combinators of async Rust; what a daemon serves is an
/// [`ItemSource`](crate::server::ItemSource).
#[derive(Debug)]
pub struct ItemStream {
    proxy: AnyProxy,
    bound: Arc<Bound>,
    /// The daemon's name for it, until it has ended.
    id: Option<String>,
    /// The item that has been asked for.
    fetching: Option<Box<CallFuture>>,
}

impl ItemStream {
    pub(super) fn from_outcome(proxy: AnyProxy, outcome: Outcome) -> Result<Self, CallError> {
        match Answer::from_outcome(proxy, outcome)? {
            Answer::Stream(items) => Ok(items),
            Answer::Value(value) => Err(CallError::Unsupported(format!(
                "the result is no stream of items but a {}: make the call without .stream()",
                value.type_name()
            ))),
        }
    }

    /// The next item; `None` at the end. Given up before it is done, it loses nothing: the item comes with the
    /// next call.
    ///
    /// # Errors
    /// Those of a call. An exception ends the stream; after any other error it may be asked again, and an
    /// item may be missing.
    pub async fn next(&mut self) -> Option<Result<Value, CallError>> {
        poll_fn(|cx| self.poll_item(cx)).await
    }

    /// Parks this thread until the next item is here; `None` at the end.
    ///
    /// # Errors
    /// As [`next`](Self::next); [`CallError::Misuse`] on a thread of an async runtime.
    pub fn next_wait(&mut self) -> Option<Result<Value, CallError>> {
        let runtime = self.proxy.client().runtime().clone();
        runtime.wait(self.next()).unwrap_or_else(|misuse| Some(Err(misuse.into())))
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Value, CallError>>> {
        let asked = self.fetching.take();
        let Some(mut fetching) = asked.or_else(|| Some(Box::new(self.fetch()?.into_future()))) else {
            return Poll::Ready(None);
        };
        match Pin::new(&mut *fetching).poll(cx) {
            Poll::Ready(item) => Poll::Ready(self.arrived(item)),
            Poll::Pending => {
                self.fetching = Some(fetching);
                Poll::Pending
            }
        }
    }

    fn fetch(&self) -> Option<Call> {
        let arguments = Arguments::from((self.id.as_ref()?,));
        let mut request = Request::new(&self.proxy, Ask::Daemon, "get_next_stream_item", arguments);
        request.retries = 0;
        Some(Call::new(self.proxy.clone(), request))
    }

    fn arrived(&mut self, item: Result<Value, CallError>) -> Option<Result<Value, CallError>> {
        match item {
            Ok(item) => Some(Ok(item)),
            Err(error) => {
                // The daemon has dropped the stream where it answered at all.
                if matches!(error, CallError::Exception(_)) {
                    self.id = None;
                }
                match error.exception() {
                    Some(exception) if exception.name() == "StopIteration" => None,
                    _ => Some(Err(error)),
                }
            }
        }
    }
}

impl Stream for ItemStream {
    type Item = Result<Value, CallError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(cx)
    }
}

impl Drop for ItemStream {
    fn drop(&mut self) {
        let Some(id) = self.id.take() else { return };
        let arguments = Arguments::from((id,));
        let params = CallParams { codec: self.proxy.codec(), flags: Flags::ONEWAY, ..CallParams::default() };
        let method = "close_stream";
        // Closing is a courtesy: where the link is over or full, the daemon's own limits end the stream.
        let _ = self.bound.link.send(
            &mut Context::from_waker(Waker::noop()),
            method.into(),
            &params,
            |out, codec, flavor| arguments.encode(codec, flavor, DAEMON, method, out),
        );
    }
}
