//! [`RemoteItems`]: a result that is taken from its daemon item by item (wire protocol §4).

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use ferropyro_proto::{CallParams, Flags};
use serde::de::DeserializeOwned;

use super::answer;
use super::exchange::{Ask, Callee, DAEMON, Payload, Plain, Request};
use super::session::Bound;
use super::{AnyProxy, Call, CallFuture};
use crate::CallError;
use crate::runtime::Runtime;

type Fetch<T> = Call<T, Infallible, (String,)>;

/// The items of a result, each fetched when it is asked for.
///
/// It keeps its proxy's connection. Dropped before the end, it tells the daemon to close the stream.
pub(crate) struct RemoteItems<T> {
    proxy: AnyProxy,
    bound: Arc<Bound>,
    /// The daemon's name for it, until it has ended.
    id: Option<String>,
    /// The item that has been asked for.
    fetching: Option<Box<CallFuture<T, Infallible, (String,)>>>,
    fetch: fn(&AnyProxy, String) -> Fetch<T>,
}

impl<T: DeserializeOwned + Send + 'static> RemoteItems<T> {
    pub(super) fn new(proxy: &AnyProxy, bound: &Arc<Bound>, id: String) -> Self {
        let (proxy, bound) = (proxy.clone(), Arc::clone(bound));
        Self { proxy, bound, id: Some(id), fetching: None, fetch }
    }
}

fn fetch<T: DeserializeOwned + Send + 'static>(proxy: &AnyProxy, id: String) -> Fetch<T> {
    let mut request = Request::new(proxy, Ask::Daemon, "get_next_stream_item", Plain::positional((id,)));
    request.retries = 0;
    Call::new(proxy, request, answer::value)
}

impl<T> RemoteItems<T> {
    pub(crate) fn runtime(&self) -> &Runtime {
        self.proxy.client().runtime()
    }

    pub(crate) fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, CallError>>> {
        let asked = self.fetching.take();
        let Some(mut fetching) = asked.or_else(|| Some(Box::new(self.ask()?.into_future()))) else {
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

    fn ask(&self) -> Option<Fetch<T>> {
        Some((self.fetch)(&self.proxy, self.id.clone()?))
    }

    fn arrived(&mut self, item: Result<T, CallError>) -> Option<Result<T, CallError>> {
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

impl<T> Drop for RemoteItems<T> {
    fn drop(&mut self) {
        let Some(id) = self.id.take() else { return };
        let arguments = Plain::positional((id,));
        let params = CallParams { codec: self.proxy.codec(), flags: Flags::ONEWAY, ..CallParams::default() };
        let method = "close_stream";
        // Closing is a courtesy: where the link is over or full, the daemon's own limits end the stream.
        let _ = self.bound.link.send(
            &mut Context::from_waker(Waker::noop()),
            method.into(),
            &params,
            |out, codec, flavor| {
                let callee = Callee { codec, flavor, object: DAEMON, method, attribute: None };
                arguments.encode(&callee, out)
            },
        );
    }
}

impl<T> fmt::Debug for RemoteItems<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteItems")
            .field("proxy", &self.proxy)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
