//! [`Call`]: a call as a value, which is sent when it is awaited.

use std::any::TypeId;
use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use ferropyro_proto::{AnnotationId, Annotations};
use ferropyro_value::call::Positional;
use ferropyro_value::{Bytes, Uuid, Value};
use serde::de::DeserializeOwned;

use super::answer::{self, Read};
use super::delivery::Delivery;
use super::exchange::{Ask, Plain, Request, Undecoded};
use super::{Answer, AnyProxy, Oneway};
use crate::{CallError, Error, Exception, Operation, Stream};

/// A call of a method, or of an attribute. Nothing happens until it is awaited, or waited for.
///
/// It owns its arguments, so that it can be kept, spawned, or given to another thread, and be part of a
/// [batch](AnyProxy::batch). They are encoded when it is sent.
///
/// `T` is the result, `E` the method's own error (none for a method that cannot fail by itself), `A` the
/// positional arguments: a tuple, or values where the proxy has no declared methods.
#[must_use = "a call does nothing until it is awaited, or waited for with .wait()"]
pub struct Call<T = Value, E = Infallible, A = Vec<Value>> {
    pub(super) proxy: AnyProxy,
    pub(super) request: Request<Plain<A>>,
    pub(super) read: Read<T, E>,
    /// `T`, as far as an object of this process is concerned.
    expects: TypeId,
}

impl<T: 'static, E: 'static, A> Call<T, E, A> {
    pub(crate) fn new(proxy: &AnyProxy, request: Request<Plain<A>>, read: Read<T, E>) -> Self {
        Self { proxy: proxy.clone(), request, read, expects: TypeId::of::<T>() }
    }
}

impl<A> Call<Value, Infallible, A> {
    /// The same call with its answer read straight into a type.
    pub fn cast<U: DeserializeOwned + Send + 'static>(self) -> Call<U, Infallible, A> {
        let Self { proxy, request, .. } = self;
        Call::new(&proxy, request, answer::value)
    }
}

impl<T, E, A: Positional> Call<T, E, A> {
    /// How long the call may take, connecting included. Default: the proxy's timeout.
    ///
    /// When the time is up the connection takes no more calls, since this call's answer would come first.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.request.timeout = Some(timeout);
        self
    }

    /// Adds a keyword argument: an optional parameter of a declared method, or any one of another.
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
    /// arguments of a blob. [`AnyProxy::pass_on`] sends on one that came in.
    pub fn blob(mut self, info: impl Into<Value>) -> Self {
        self.request.blob = Some(Box::new(Undecoded::Arguments(info.into())));
        self
    }

    /// Leaves it to the daemon to judge the name, instead of refusing one that its metadata lacks.
    pub fn unchecked(mut self) -> Self {
        self.request.unchecked = true;
        self
    }

    /// Sends the call without waiting for an answer. See [`Oneway`].
    pub fn oneway(self) -> Oneway<A> {
        Oneway::new(self.proxy, self.request)
    }

    /// Marks the call as one without an answer, as the method is.
    pub(crate) fn without_answer(mut self) -> Self {
        self.request.oneway = true;
        self
    }

    /// Makes the call, and takes the items of its result one by one.
    ///
    /// # Errors
    /// When awaited: those of a call; [`CallError::Unsupported`] if the result is no stream.
    pub fn stream(self) -> Operation<Stream<T>>
    where
        T: DeserializeOwned + Send + 'static,
    {
        self.then(TypeId::of::<Stream<T>>(), |proxy, outcome| answer::items::<T, Infallible>(proxy, outcome))
    }

    /// Makes the call for a result that may be a value or a stream of items.
    ///
    /// # Errors
    /// When awaited: those of a call.
    pub fn answer(self) -> Operation<Answer> {
        self.then(TypeId::of::<Value>(), answer::either)
    }

    /// As [`answer`](Self::answer), with the annotations that came with it: for those who hand calls on.
    ///
    /// # Errors
    /// When awaited: those of a call.
    pub fn answer_with_annotations(self) -> Operation<(Answer, Annotations)> {
        self.then(TypeId::of::<Value>(), |proxy, outcome| {
            let annotations = outcome.annotations();
            Ok::<_, CallError>((answer::either(proxy, outcome)?, annotations))
        })
    }

    /// Makes the call, and gives the annotations that came with the answer too.
    ///
    /// # Errors
    /// When awaited: those of a call.
    pub fn with_annotations(self) -> Operation<(T, Annotations)>
    where
        T: 'static,
        E: Into<Exception> + 'static,
    {
        let (expects, read) = (self.expects, self.read);
        self.then(expects, move |proxy, outcome| {
            let annotations = outcome.annotations();
            Ok::<_, Error>((read(proxy, outcome)?, annotations))
        })
    }

    /// Makes the call, and something else of its outcome.
    fn then<U, F: Into<Error>>(
        self,
        expects: TypeId,
        read: impl FnOnce(&AnyProxy, super::exchange::Outcome) -> Result<U, F> + Send + 'static,
    ) -> Operation<U> {
        let Self { proxy, request, .. } = self;
        let runtime = proxy.client().runtime().clone();
        Operation::new(&runtime, async move {
            let outcome = Delivery::new(proxy.target(), request, expects).await?;
            read(&proxy, outcome).map_err(Into::into)
        })
    }

    /// Parks this thread until the answer is here; for a oneway method, until the call is written.
    ///
    /// # Errors
    /// Those of the call; [`CallError::Misuse`] on a thread of an async runtime.
    pub fn wait(mut self) -> Result<T, CallError<E>> {
        self.request.flush = true;
        let runtime = self.proxy.client().runtime().clone();
        runtime.wait(self.into_future())?
    }
}

impl<T, E, A: Positional> IntoFuture for Call<T, E, A> {
    type Output = Result<T, CallError<E>>;
    type IntoFuture = CallFuture<T, E, A>;

    fn into_future(self) -> CallFuture<T, E, A> {
        let Self { proxy, request, read, expects } = self;
        CallFuture { delivery: Delivery::new(proxy.target(), request, expects), proxy, read }
    }
}

impl<T, E, A> fmt::Debug for Call<T, E, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("uri", self.proxy.uri()).field("name", &self.request.name).finish()
    }
}

/// A [`Call`] on its way. Dropping it gives the answer up, not the call: what was sent is sent.
#[must_use = "futures do nothing unless awaited"]
pub struct CallFuture<T = Value, E = Infallible, A = Vec<Value>> {
    proxy: AnyProxy,
    delivery: Delivery<A>,
    read: Read<T, E>,
}

impl<T, E, A: Positional> Future for CallFuture<T, E, A> {
    type Output = Result<T, CallError<E>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        match ready!(Pin::new(&mut this.delivery).poll(cx)) {
            Ok(outcome) => Poll::Ready((this.read)(&this.proxy, outcome)),
            Err(error) => Poll::Ready(Err(error.widen())),
        }
    }
}

impl<T, E, A> fmt::Debug for CallFuture<T, E, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallFuture").field("uri", self.proxy.uri()).finish_non_exhaustive()
    }
}

impl<P> Request<P> {
    /// A request with what the proxy says of all its calls.
    pub(crate) fn new(
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
