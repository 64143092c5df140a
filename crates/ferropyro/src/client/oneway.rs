//! [`Oneway`]: a call that nobody answers.

use std::any::TypeId;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use ferropyro_value::Value;
use ferropyro_value::call::Positional;

use super::AnyProxy;
use super::delivery::Delivery;
use super::exchange::{Plain, Request};
use crate::CallError;

/// A call without an answer: success and failure of the method stay unknown.
///
/// Awaited, it is done when it is queued on the connection; what is queued is written with the next call,
/// when 32 KiB have gathered, when the task yields, by [`AnyProxy::flush`], or when the last handle of the
/// proxy is dropped. Waited for, it is done when it is written.
#[must_use = "a call does nothing until it is awaited, or waited for with .wait()"]
pub struct Oneway<A = Vec<Value>> {
    proxy: AnyProxy,
    request: Request<Plain<A>>,
}

impl<A: Positional> Oneway<A> {
    pub(super) fn new(proxy: AnyProxy, mut request: Request<Plain<A>>) -> Self {
        request.oneway = true;
        Self { proxy, request }
    }

    /// Parks this thread until the call is written.
    ///
    /// # Errors
    /// No connection can be made, the arguments cannot be encoded, the object has no such method;
    /// [`CallError::Misuse`] on a thread of an async runtime.
    pub fn wait(mut self) -> Result<(), CallError> {
        self.request.flush = true;
        let runtime = self.proxy.client().runtime().clone();
        runtime.wait(self.into_future())?
    }
}

impl<A: Positional> IntoFuture for Oneway<A> {
    type Output = Result<(), CallError>;
    type IntoFuture = OnewayFuture<A>;

    fn into_future(self) -> OnewayFuture<A> {
        OnewayFuture { delivery: Delivery::new(self.proxy.target(), self.request, TypeId::of::<()>()) }
    }
}

impl<A> fmt::Debug for Oneway<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Oneway").field("uri", self.proxy.uri()).field("name", &self.request.name).finish()
    }
}

/// A [`Oneway`] on its way.
#[derive(Debug)]
#[must_use = "futures do nothing unless awaited"]
pub struct OnewayFuture<A = Vec<Value>> {
    delivery: Delivery<A>,
}

impl<A: Positional> Future for OnewayFuture<A> {
    type Output = Result<(), CallError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        ready!(Pin::new(&mut self.delivery).poll(cx))?;
        Poll::Ready(Ok(()))
    }
}
