//! [`ItemSource`]: items that a caller fetches one by one, made when they are asked for.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use ferropyro_value::{Exception, Value};
use futures_core::Stream;

/// Items for a caller to fetch one by one: an iterator, or a stream in the sense of async Rust. The caller's
/// end is an [`ItemStream`](crate::client::ItemStream).
pub struct ItemSource(Pin<Box<dyn Stream<Item = Result<Value, Exception>> + Send>>);

impl ItemSource {
    /// The items of an iterator. Each is made when the caller asks for it, on the thread that serves the
    /// caller: an iterator that takes long should be a stream.
    pub fn from_items<T: Into<Value> + 'static>(
        items: impl IntoIterator<Item = T, IntoIter: Send + 'static>,
    ) -> Self {
        Self::from_results(items.into_iter().map(Ok))
    }

    /// The items of an iterator that can fail, which ends it.
    pub fn from_results<T: Into<Value> + 'static>(
        items: impl IntoIterator<Item = Result<T, Exception>, IntoIter: Send + 'static>,
    ) -> Self {
        Self(Box::pin(Iter(items.into_iter())))
    }

    /// The items of a stream. An error ends it.
    pub fn from_stream<T: Into<Value> + 'static>(
        items: impl Stream<Item = Result<T, Exception>> + Send + 'static,
    ) -> Self {
        Self(Box::pin(Converted(Box::pin(items))))
    }

    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Value, Exception>>> {
        self.0.as_mut().poll_next(cx)
    }
}

impl fmt::Debug for ItemSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemSource").finish_non_exhaustive()
    }
}

/// An iterator as a stream that never waits.
struct Iter<I>(I);

// The iterator is used by reference only and never pinned.
impl<I> Unpin for Iter<I> {}

impl<I: Iterator<Item = Result<T, Exception>>, T: Into<Value>> Stream for Iter<I> {
    type Item = Result<Value, Exception>;

    fn poll_next(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next().map(|item| item.map(Into::into)))
    }
}

/// A stream whose items become values.
struct Converted<S>(Pin<Box<S>>);

impl<S: Stream<Item = Result<T, Exception>>, T: Into<Value>> Stream for Converted<S> {
    type Item = Result<Value, Exception>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(cx).map(|item| item.map(|item| item.map(Into::into)))
    }
}
