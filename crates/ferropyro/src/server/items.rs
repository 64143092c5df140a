//! [`ItemSource`]: items that a caller fetches one by one, made when they are asked for.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use ferropyro_value::call::Data;
use ferropyro_value::{Exception, Value, serde_bridge};
use futures_core::Stream as Items;

use super::request::encode_exception;
use super::{Reply, Request};
use crate::Stream;

/// Items for a caller to fetch one by one: an iterator, or a stream in the sense of async Rust. The caller's
/// end is a [`Stream`].
pub struct ItemSource(Box<dyn Source>);

/// Makes items, and holds one until it is taken: straight into a reply, so that it need not be a value first.
trait Source: Send {
    /// Makes the next item; whether there is one.
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<(), Exception>>>;

    /// Answers a request with the item that is there.
    fn reply(&mut self, request: Request) -> Reply;

    /// The item that is there, for code of this process that expects another type.
    fn value(&mut self) -> Result<Value, Exception>;
}

impl ItemSource {
    /// The items of an iterator. Each is made when the caller asks for it, on the thread that serves the
    /// caller: an iterator that takes long should be a stream.
    pub fn from_items<T: Into<Value> + 'static>(
        items: impl IntoIterator<Item = T, IntoIter: Send + 'static>,
    ) -> Self {
        Stream::from_items(items.into_iter().map(Into::into)).into()
    }

    /// The items of an iterator that can fail, which ends it.
    pub fn from_results<T: Into<Value> + 'static>(
        items: impl IntoIterator<Item = Result<T, Exception>, IntoIter: Send + 'static>,
    ) -> Self {
        Stream::from_results(items.into_iter().map(|item| item.map(Into::into))).into()
    }

    /// The items of a stream. An error ends it.
    pub fn from_stream<T: Into<Value> + 'static>(
        items: impl Items<Item = Result<T, Exception>> + Send + 'static,
    ) -> Self {
        Self::typed(Converted(Box::pin(items)))
    }

    /// Items of one type, which are written straight from it.
    pub(crate) fn typed<T: Data>(items: impl Items<Item = Result<T, Exception>> + Send + 'static) -> Self {
        Self(Box::new(Typed { items: Box::pin(items), item: None }))
    }

    /// Makes the next item; an error ends the items.
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<(), Exception>>> {
        self.0.poll_next(cx)
    }

    /// Answers a request with the item that was made.
    pub(super) fn reply(&mut self, request: Request) -> Reply {
        self.0.reply(request)
    }

    /// The next item as a value.
    pub(crate) fn poll_value(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Value, Exception>>> {
        Poll::Ready(match ready!(self.0.poll_next(cx)) {
            Some(Ok(())) => Some(self.0.value()),
            Some(Err(exception)) => Some(Err(exception)),
            None => None,
        })
    }
}

impl<T: Data> From<Stream<T>> for ItemSource {
    fn from(items: Stream<T>) -> Self {
        items.into_source()
    }
}

impl fmt::Debug for ItemSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemSource").finish_non_exhaustive()
    }
}

struct Typed<S, T> {
    items: Pin<Box<S>>,
    item: Option<T>,
}

impl<S: Items<Item = Result<T, Exception>> + Send, T: Data> Source for Typed<S, T> {
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<(), Exception>>> {
        let item = ready!(self.items.as_mut().poll_next(cx));
        Poll::Ready(item.map(|item| item.map(|item| self.item = Some(item))))
    }

    fn reply(&mut self, request: Request) -> Reply {
        match self.item.take() {
            Some(item) => request.give(item),
            None => request.value(Value::None),
        }
    }

    fn value(&mut self) -> Result<Value, Exception> {
        match self.item.take() {
            Some(item) => serde_bridge::whole_to_value(&item).map_err(|error| encode_exception(&error)),
            None => Ok(Value::None),
        }
    }
}

/// A stream whose items become values.
struct Converted<S>(Pin<Box<S>>);

impl<S: Items<Item = Result<T, Exception>>, T: Into<Value>> Items for Converted<S> {
    type Item = Result<Value, Exception>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(cx).map(|item| item.map(|item| item.map(Into::into)))
    }
}
