//! [`Operation`]: something that takes time and is not a call, such as a lookup or binding a port.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;

use crate::Result;
use crate::runtime::Runtime;

/// A lookup, a bind, a handshake: nothing happens until it is awaited or waited for.
#[must_use = "an operation does nothing until it is awaited, or waited for with .wait()"]
pub struct Operation<T> {
    runtime: Runtime,
    future: Pin<Box<dyn Future<Output = Result<T>> + Send>>,
}

impl<T> Operation<T> {
    pub(crate) fn new(runtime: &Runtime, future: impl Future<Output = Result<T>> + Send + 'static) -> Self {
        let inside = runtime.clone();
        Self { runtime: runtime.clone(), future: Box::pin(async move { inside.inside(future).await }) }
    }

    /// Parks this thread until the operation is done.
    ///
    /// # Errors
    /// The operation's own, and misuse inside an async runtime.
    pub fn wait(self) -> Result<T> {
        self.runtime.clone().wait(self.future)?
    }
}

impl<T> IntoFuture for Operation<T> {
    type Output = Result<T>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        self.future
    }
}

impl<T> fmt::Debug for Operation<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operation").finish_non_exhaustive()
    }
}
