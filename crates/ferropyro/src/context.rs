//! The context of a call while its method runs: who calls, with what, and what goes back beside the result.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use ferropyro_proto::{Annotations, Dialect};
use ferropyro_value::{Codec, Uuid};

/// What a method can learn of the call that it serves. Cheap to clone.
#[derive(Clone, Debug)]
pub struct CallContext {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    peer: String,
    session: u64,
    dialect: Dialect,
    codec: Codec,
    sequence: u16,
    oneway: bool,
    correlation: Uuid,
    annotations: Annotations,
    response: Mutex<Annotations>,
}

/// What a connection knows of a call, to make its context from.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) peer: String,
    pub(crate) session: u64,
    pub(crate) dialect: Dialect,
    pub(crate) codec: Codec,
    pub(crate) sequence: u16,
    pub(crate) oneway: bool,
    pub(crate) correlation: Uuid,
    pub(crate) annotations: Annotations,
}

impl CallContext {
    pub(crate) fn new(facts: Facts) -> Self {
        let Facts { peer, session, dialect, codec, sequence, oneway, correlation, annotations } = facts;
        let response = Mutex::default();
        Self {
            inner: Arc::new(Inner {
                peer,
                session,
                dialect,
                codec,
                sequence,
                oneway,
                correlation,
                annotations,
                response,
            }),
        }
    }

    /// The address of the caller: `127.0.0.1:51234`, or the path of a Unix socket.
    #[must_use]
    pub fn peer(&self) -> &str {
        &self.inner.peer
    }

    /// A number for the caller's session (for a Pyro peer: its connection), unique in this daemon.
    #[must_use]
    pub fn session(&self) -> u64 {
        self.inner.session
    }

    /// The protocol that the caller speaks.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.inner.dialect
    }

    /// The serializer that the caller used.
    #[must_use]
    pub fn codec(&self) -> Codec {
        self.inner.codec
    }

    /// The sequence number of the request.
    #[must_use]
    pub fn sequence(&self) -> u16 {
        self.inner.sequence
    }

    /// Whether the caller awaits no answer.
    #[must_use]
    pub fn is_oneway(&self) -> bool {
        self.inner.oneway
    }

    /// The correlation id: the caller's, or a new one where it sent none. Calls made from inside the
    /// method carry it on.
    #[must_use]
    pub fn correlation_id(&self) -> Uuid {
        self.inner.correlation
    }

    /// The annotations of the request.
    #[must_use]
    pub fn annotations(&self) -> &Annotations {
        &self.inner.annotations
    }

    /// Adds an annotation to the answer. It goes with the answer of this call and no other.
    pub fn annotate_response(&self, id: [u8; 4], data: impl Into<bytes::Bytes>) {
        self.inner.response.lock().unwrap_or_else(PoisonError::into_inner).insert(id, data.into());
    }

    pub(crate) fn take_response_annotations(&self) -> Annotations {
        std::mem::take(&mut *self.inner.response.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Runs a future with this context, for work that a method spawns.
    pub fn scope<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        Scope { context: self.clone(), future: Box::pin(future) }
    }

    /// Runs code with this context.
    pub(crate) fn enter<T>(&self, code: impl FnOnce() -> T) -> T {
        struct Restore(Option<CallContext>);
        impl Drop for Restore {
            fn drop(&mut self) {
                CURRENT.with_borrow_mut(|current| *current = self.0.take());
            }
        }
        let _restore = Restore(CURRENT.with_borrow_mut(|current| current.replace(self.clone())));
        code()
    }
}

thread_local! {
    static CURRENT: RefCell<Option<CallContext>> = const { RefCell::new(None) };
}

/// The context of the call that this code serves; `None` outside a call.
#[must_use]
pub fn context() -> Option<CallContext> {
    CURRENT.with_borrow(Clone::clone)
}

struct Scope<F> {
    context: CallContext,
    future: Pin<Box<F>>,
}

impl<F: Future> Future for Scope<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { context, future } = &mut *self;
        context.enter(|| future.as_mut().poll(cx))
    }
}
