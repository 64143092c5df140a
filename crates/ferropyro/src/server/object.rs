//! [`Object`]: what a daemon serves.
//!
//! One object-safe trait stands behind everything that can be called: the glue that `#[remote]` will
//! generate, the daemon's own object, the name server, a [`Methods`](super::Methods) table, a Python object.

use std::sync::Arc;

use super::{Interface, Request, Slot};

/// Something whose methods and attributes can be called from elsewhere.
///
/// The daemon checks names before it dispatches: a request names a member of the [`interface`](Self::interface).
pub trait Object: Send + Sync + 'static {
    /// What callers may use. Asked at each connection and each call, so it should be cheap.
    fn interface(&self) -> &Interface;

    /// Serves one request: answers into the slot at once, or puts a future or blocking work there.
    ///
    /// A panic, here or later, becomes an exception for the caller; the daemon lives on.
    fn dispatch(self: Arc<Self>, request: Request, slot: &mut Slot);

    /// Whether what stands behind it is no more, so that the daemon serves it no longer and its id is free. Default
    /// no.
    fn is_gone(&self) -> bool {
        false
    }
}
