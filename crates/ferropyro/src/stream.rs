//! [`Stream`]: items that are made when they are asked for, on either side of a call.
//!
//! A method returns one, or takes one; its caller takes the items one by one. Where the items come from (code
//! of this process, a remote object) the one who takes them does not see.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use ferropyro_value::call::Data;
use ferropyro_value::{Exception, Value, serde_bridge};
use futures_core::Stream as Items;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};
use tokio::sync::mpsc;

use crate::client::RemoteItems;
use crate::runtime::Runtime;
use crate::server::ItemSource;
use crate::{CallError, scope};

/// Items of one type that are made when they are asked for: the result of a remote method, or its argument.
///
/// ```
/// use ferropyro::{Stream, remote};
///
/// #[remote]
/// pub trait Counter {
///     async fn countdown(&self, from: u32) -> Stream<u32>;
/// }
///
/// struct Down;
/// impl Counter for Down {
///     async fn countdown(&self, from: u32) -> Stream<u32> {
///         Stream::from_items((1..=from).rev())
///     }
/// }
///
/// # fn main() -> ferropyro::Result<()> {
/// let mut numbers = CounterProxy::local(Down).countdown(3).wait()?;
/// while let Some(number) = numbers.next_wait() {
///     println!("{}", number?);
/// }
/// # Ok(()) }
/// ```
///
/// It is a [`futures_core::Stream`] too, for the combinators of async Rust. An item that fails ends it.
/// Dropped before the end, it tells the daemon that makes the items to stop.
///
/// As an argument a stream reaches objects of this process; towards another process it is
/// [`CallError::Unsupported`], since Pyro's protocols have no such thing. A caller there passes a list, which is
/// read as a stream.
pub struct Stream<T = Value> {
    source: Source<T>,
}

enum Source<T> {
    /// Made in this process.
    Local(Pin<Box<dyn Items<Item = Result<T, Exception>> + Send>>),
    /// Fetched from a daemon, item by item.
    Remote(RemoteItems<T>),
    /// Made in this process, as another type.
    Other(ItemSource, FromValue<T>),
}

/// Reads an item of another type.
type FromValue<T> = fn(Value) -> Result<T, CallError>;

impl<T: Send + 'static> Stream<T> {
    /// The items of an iterator. Each is made when it is asked for, on the thread that asks: an iterator that
    /// takes long should be a [`channel`](Self::channel).
    pub fn from_items(items: impl IntoIterator<Item = T, IntoIter: Send + 'static>) -> Self {
        Self::from_results(items.into_iter().map(Ok))
    }

    /// The items of an iterator that can fail, which ends it.
    pub fn from_results(
        items: impl IntoIterator<Item = Result<T, Exception>, IntoIter: Send + 'static>,
    ) -> Self {
        Self::from_stream(Iter(items.into_iter()))
    }

    /// The items of a stream in the sense of async Rust. An error ends it.
    pub fn from_stream(items: impl Items<Item = Result<T, Exception>> + Send + 'static) -> Self {
        Self { source: Source::Local(Box::pin(items)) }
    }

    /// A stream whose items other code puts in: a task, a thread. At most `room` of them wait there (at least
    /// one does); a sender that finds no room waits, or where the stream has been dropped learns of it.
    pub fn channel(room: usize) -> (Sender<T>, Self) {
        let (sender, receiver) = mpsc::channel(room.max(1));
        (Sender(sender), Self::from_stream(Received(receiver)))
    }
}

impl<T> Stream<T> {
    pub(crate) fn remote(items: RemoteItems<T>) -> Self {
        Self { source: Source::Remote(items) }
    }

    /// The next item; `None` at the end. Given up before it is done, it loses nothing: the item comes with the
    /// next call.
    ///
    /// # Errors
    /// What the method raised, or those of a call. An exception ends the stream; after any other error it may
    /// be asked again, and an item may be missing.
    pub async fn next(&mut self) -> Option<Result<T, CallError>> {
        poll_fn(|cx| self.poll_item(cx)).await
    }

    /// Parks this thread until the next item is here; `None` at the end.
    ///
    /// # Errors
    /// As [`next`](Self::next); [`CallError::Misuse`] on a thread of an async runtime.
    pub fn next_wait(&mut self) -> Option<Result<T, CallError>> {
        let runtime = match &self.source {
            Source::Remote(items) => items.runtime().clone(),
            Source::Local(_) | Source::Other(..) => Runtime::current_or_own(),
        };
        runtime.wait(self.next()).unwrap_or_else(|misuse| Some(Err(misuse.into())))
    }

    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, CallError>>> {
        match &mut self.source {
            Source::Local(items) => items.as_mut().poll_next(cx).map(|item| item.map(|item| Ok(item?))),
            Source::Remote(items) => items.poll_item(cx),
            Source::Other(items, read) => items.poll_value(cx).map(|item| item.map(|item| read(item?))),
        }
    }
}

impl<T: DeserializeOwned + Send + 'static> Stream<T> {
    /// Items that are made as another type.
    pub(crate) fn converted(items: ItemSource) -> Self {
        let read: FromValue<T> = |item| Ok(serde_bridge::whole_from_value(item)?);
        Self { source: Source::Other(items, read) }
    }
}

impl<T: Data> Stream<T> {
    /// For a daemon to serve.
    pub(crate) fn into_source(self) -> ItemSource {
        match self.source {
            Source::Local(items) => ItemSource::typed(items),
            Source::Other(items, _) => items,
            source @ Source::Remote(_) => ItemSource::typed(Relayed(Self { source })),
        }
    }
}

impl<T: Send + 'static> From<Vec<T>> for Stream<T> {
    fn from(items: Vec<T>) -> Self {
        Self::from_items(items)
    }
}

impl<T> Items for Stream<T> {
    type Item = Result<T, CallError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(cx)
    }
}

impl<T> Serialize for Stream<T> {
    /// Never: no Pyro can take a stream.
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(ser::Error::custom(scope::refuse(
            "a stream cannot be sent to another process as an argument, or inside other data: Pyro's protocols \
             lack that. Pass a list, or an object with a method that returns the stream"
                .to_owned(),
        )))
    }
}

impl<'de, T: Data> Deserialize<'de> for Stream<T> {
    /// From a list, whose items are all there already.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from)
    }
}

impl<T> fmt::Debug for Stream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Source::Remote(items) => f.debug_tuple("Stream").field(items).finish(),
            Source::Local(_) | Source::Other(..) => f.debug_struct("Stream").finish_non_exhaustive(),
        }
    }
}

/// Puts items into a [`Stream::channel`]. The stream ends when all senders are gone.
#[derive(Debug)]
pub struct Sender<T>(mpsc::Sender<Result<T, Exception>>);

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// Nobody takes items any more: the stream has been dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stream has been dropped: nobody takes its items any more")]
pub struct StreamDropped;

impl<T: Send> Sender<T> {
    /// Puts an item in, once there is room.
    ///
    /// # Errors
    /// The stream has been dropped.
    pub async fn send(&self, item: T) -> Result<(), StreamDropped> {
        self.0.send(Ok(item)).await.map_err(|_| StreamDropped)
    }

    /// Ends the stream with an error.
    ///
    /// # Errors
    /// The stream has been dropped.
    pub async fn fail(self, error: impl Into<Exception>) -> Result<(), StreamDropped> {
        self.0.send(Err(error.into())).await.map_err(|_| StreamDropped)
    }

    /// Puts an item in, parking this thread until there is room. For threads of their own; on a thread of an
    /// async runtime use [`send`](Self::send).
    ///
    /// # Errors
    /// The stream has been dropped.
    ///
    /// # Panics
    /// On a thread that an async runtime uses.
    pub fn send_wait(&self, item: T) -> Result<(), StreamDropped> {
        self.0.blocking_send(Ok(item)).map_err(|_| StreamDropped)
    }

    /// Ends the stream with an error, parking this thread until there is room. For threads of their own; on a
    /// thread of an async runtime use [`fail`](Self::fail).
    ///
    /// # Errors
    /// The stream has been dropped.
    ///
    /// # Panics
    /// On a thread that an async runtime uses.
    pub fn fail_wait(self, error: impl Into<Exception>) -> Result<(), StreamDropped> {
        self.0.blocking_send(Err(error.into())).map_err(|_| StreamDropped)
    }
}

/// An iterator as a stream that never waits.
struct Iter<I>(I);

// The iterator is used by reference only and never pinned.
impl<I> Unpin for Iter<I> {}

impl<I: Iterator> Items for Iter<I> {
    type Item = I::Item;

    fn poll_next(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next())
    }
}

struct Received<T>(mpsc::Receiver<Result<T, Exception>>);

impl<T> Items for Received<T> {
    type Item = Result<T, Exception>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(cx)
    }
}

/// The items of another daemon, handed on.
struct Relayed<T>(Stream<T>);

impl<T> Items for Relayed<T> {
    type Item = Result<T, Exception>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_item(cx).map(|item| item.map(|item| item.map_err(Exception::from)))
    }
}
