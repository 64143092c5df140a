//! Byte streams and the places that accept them: TCP, Unix sockets, and later TLS.
//!
//! Nothing here knows frames. A [`Stream`] reads and writes; a [`Listener`] accepts.

mod address;
mod listener;
mod stream;
#[cfg(unix)]
mod unix;

pub(crate) use address::{Prefer, connect};
pub use listener::Listener;
pub use stream::Stream;
