//! [`Call`]: a call as a value, which is sent when it is awaited.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use ferropyro_proto::{AnnotationId, Annotations, ReplyKind};
use ferropyro_value::{Bytes, Codec, DecodeError, Limits, Uuid, Value};
use serde::de::DeserializeOwned;

use super::exchange::{Ask, Exchange, Outcome, Request};
use super::{Answer, AnyProxy, ItemStream, Oneway, answer};
use crate::{Arguments, CallError, Operation};

/// Reads an answer.
type Decode<T> = fn(Codec, &Bytes, &Limits) -> Result<T, DecodeError>;

/// A call of a method, or of an attribute. Nothing happens until it is awaited, or waited for.
///
/// It owns its arguments, so that it can be kept, spawned, or given to another thread.
#[must_use = "a call does nothing until it is awaited, or waited for with .wait()"]
pub struct Call<T = Value> {
    proxy: AnyProxy,
    request: Request<Arguments>,
    decode: Decode<T>,
}

impl Call<Value> {
    pub(super) fn new(proxy: AnyProxy, request: Request<Arguments>) -> Self {
        let decode: Decode<Value> = |codec, payload, limits| codec.decode_shared(payload, limits);
        Self { proxy, request, decode }
    }

    /// The same call with its answer read straight into a type.
    pub fn cast<U: DeserializeOwned>(self) -> Call<U> {
        let Self { proxy, request, .. } = self;
        Call { proxy, request, decode: |codec, payload, limits| codec.decode(payload, limits) }
    }

    /// The same call with its answer thrown away, whatever it is.
    pub(super) fn ignore(self) -> Call<()> {
        let Self { proxy, request, .. } = self;
        Call { proxy, request, decode: |_, _, _| Ok(()) }
    }
}

impl<T> Call<T> {
    /// How long the call may take, connecting included. Default: the proxy's timeout.
    ///
    /// When the time is up the connection takes no more calls, since this call's answer would come first.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.request.timeout = Some(timeout);
        self
    }

    /// Adds a keyword argument.
    pub fn arg(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.request.payload.keyword.insert(name, value);
        self
    }

    /// Adds an annotation, for the daemon's side to see. `id` is four ASCII characters.
    pub fn annotate(mut self, id: AnnotationId, data: impl Into<Bytes>) -> Self {
        self.request.annotations.insert(id, data);
        self
    }

    /// The correlation id of the call. Default: that of the call in whose method this one is made, if any.
    pub fn correlation(mut self, id: Uuid) -> Self {
        self.request.correlation = Some(id);
        self
    }

    /// Sends the positional arguments as one blob, Pyro's `SerializedBlob`: the daemon hands it to the method
    /// undecoded, together with `info`, which marshal must be able to carry. Pyro's methods see no keyword
    /// arguments of a blob.
    pub fn blob(mut self, info: impl Into<Value>) -> Self {
        self.request.blob = Some(Box::new(info.into()));
        self
    }

    /// Leaves it to the daemon to judge the name, instead of refusing one that its metadata lacks.
    pub fn unchecked(mut self) -> Self {
        self.request.unchecked = true;
        self
    }

    /// Sends the call without waiting for an answer. See [`Oneway`].
    pub fn oneway(self) -> Oneway {
        Oneway::new(self.proxy, self.request)
    }

    /// Makes the call, and takes the items of its result one by one.
    ///
    /// # Errors
    /// When awaited: those of a call; [`CallError::Unsupported`] if the result is no stream.
    pub fn stream(self) -> Operation<ItemStream> {
        let Self { proxy, request, .. } = self;
        let runtime = proxy.client().runtime().clone();
        Operation::new(&runtime, async move {
            let outcome = Exchange::new(proxy.session(), request).await?;
            Ok(ItemStream::from_outcome(proxy, outcome)?)
        })
    }

    /// Makes the call for a result that may be a value or a stream of items.
    ///
    /// # Errors
    /// When awaited: those of a call.
    pub fn answer(self) -> Operation<Answer> {
        let Self { proxy, request, .. } = self;
        let runtime = proxy.client().runtime().clone();
        Operation::new(&runtime, async move {
            let outcome = Exchange::new(proxy.session(), request).await?;
            Ok(Answer::from_outcome(proxy, outcome)?)
        })
    }

    /// Makes the call, and gives the annotations that came with the answer too.
    ///
    /// # Errors
    /// When awaited: those of a call.
    pub fn with_annotations(self) -> Operation<(T, Annotations)>
    where
        T: 'static,
    {
        let Self { proxy, request, decode } = self;
        let runtime = proxy.client().runtime().clone();
        Operation::new(&runtime, async move {
            let outcome = Exchange::new(proxy.session(), request).await?;
            let annotations = match &outcome {
                Outcome::Replied(reply, _) => reply.annotations.clone(),
                Outcome::Done => Annotations::new(),
            };
            Ok((read(&proxy, outcome, decode)?, annotations))
        })
    }

    /// Parks this thread until the answer is here.
    ///
    /// # Errors
    /// Those of the call; [`CallError::Misuse`] on a thread of an async runtime.
    pub fn wait(self) -> Result<T, CallError> {
        let runtime = self.proxy.client().runtime().clone();
        runtime.wait(self.into_future())?
    }
}

impl<T> IntoFuture for Call<T> {
    type Output = Result<T, CallError>;
    type IntoFuture = CallFuture<T>;

    fn into_future(self) -> CallFuture<T> {
        let Self { proxy, request, decode } = self;
        CallFuture { exchange: Exchange::new(proxy.session(), request), proxy, decode }
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("uri", self.proxy.uri()).field("name", &self.request.name).finish()
    }
}

/// A [`Call`] on its way. Dropping it gives the answer up, not the call: what was sent is sent.
#[must_use = "futures do nothing unless awaited"]
pub struct CallFuture<T = Value> {
    proxy: AnyProxy,
    exchange: Exchange<Arguments>,
    decode: Decode<T>,
}

impl<T> Future for CallFuture<T> {
    type Output = Result<T, CallError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let outcome = ready!(Pin::new(&mut this.exchange).poll(cx))?;
        Poll::Ready(read(&this.proxy, outcome, this.decode))
    }
}

/// What the caller gets.
fn read<T>(proxy: &AnyProxy, outcome: Outcome, decode: Decode<T>) -> Result<T, CallError> {
    let limits = &proxy.client().settings().protocol.value_limits;
    let (reply, bound) = match outcome {
        Outcome::Replied(reply, bound) => (reply, bound),
        // What a Python caller of a oneway method gets: None.
        Outcome::Done => return Ok(decode(Codec::Serpent, &Bytes::from_static(b"None"), limits)?),
    };
    if matches!(reply.kind, ReplyKind::Stream { id: Some(_) }) {
        // Nobody will read it: the stream closes at the daemon when this is dropped.
        let unread = Outcome::Replied(reply.clone(), Arc::clone(&bound));
        drop(ItemStream::from_outcome(proxy.clone(), unread));
    }
    let reply = answer::check(reply, bound.link.peer(), limits)?;
    Ok(decode(reply.codec, &reply.payload, limits)?)
}

impl<T> fmt::Debug for CallFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallFuture").field("uri", self.proxy.uri()).finish_non_exhaustive()
    }
}

impl<P> Request<P> {
    /// A request with what the proxy says of all its calls.
    pub(super) fn new(
        proxy: &AnyProxy,
        ask: Ask,
        name: impl Into<std::borrow::Cow<'static, str>>,
        payload: P,
    ) -> Self {
        Self {
            ask,
            name: name.into(),
            payload,
            codec: proxy.codec(),
            annotations: Annotations::new(),
            correlation: None,
            blob: None,
            oneway: false,
            unchecked: false,
            flush: false,
            timeout: proxy.timeout(),
            retries: proxy.client().settings().max_retries,
        }
    }
}
