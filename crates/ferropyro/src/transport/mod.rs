//! Byte streams and the places that accept them: TCP, TLS over TCP, Unix sockets.
//!
//! Nothing here knows frames. A [`Stream`] reads and writes; a [`Listener`] accepts.

mod address;
mod listener;
mod secure;
mod stream;
#[cfg(unix)]
mod unix;

pub(crate) use address::{Prefer, connect};
pub use listener::Listener;
pub use secure::SecureStream;
pub use stream::Stream;
