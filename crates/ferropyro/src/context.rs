//! The context of a call while its method runs: who calls, with what, and what goes back beside the result.

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use ferropyro_proto::{Annotations, Callee, Dialect, ReplyHead};
use ferropyro_value::{Codec, Uuid};

use crate::server::Shared;

/// What a method can learn of the call that it serves. Cheap to clone.
#[derive(Clone)]
pub struct CallContext {
    inner: Arc<Inner>,
}

struct Inner {
    link: Arc<Link>,
    facts: Facts,
    response: Mutex<Annotations>,
}

/// What all calls of one session have in common.
pub(crate) struct Link {
    pub(crate) peer: String,
    pub(crate) session: u64,
    pub(crate) daemon: Arc<Shared>,
}

/// What a connection knows of one call.
pub(crate) struct Facts {
    /// What the reply is made with; it has a correlation id.
    pub(crate) head: ReplyHead,
    pub(crate) oneway: bool,
    pub(crate) annotations: Annotations,
    /// What is called; none once the call is answered and its memory given back.
    pub(crate) callee: Option<Callee>,
}

impl CallContext {
    pub(crate) fn new(link: Arc<Link>, facts: Facts) -> Self {
        Self { inner: Arc::new(Inner { link, facts, response: Mutex::default() }) }
    }

    /// A context for the next call of the same session, in the memory of this one where nobody else holds it.
    pub(crate) fn renew(mut self, facts: Facts) -> Self {
        match Arc::get_mut(&mut self.inner) {
            Some(inner) => {
                inner.facts = facts;
                *inner.response.get_mut().unwrap_or_else(PoisonError::into_inner) = Annotations::new();
                self
            }
            None => Self::new(Arc::clone(&self.inner.link), facts),
        }
    }

    /// Lets go of what was called, so that an idle connection does not hold the payload; `None` where somebody
    /// else still holds the context.
    pub(crate) fn vacate(mut self) -> Option<Self> {
        let inner = Arc::get_mut(&mut self.inner)?;
        inner.facts.callee = None;
        inner.facts.annotations = Annotations::new();
        Some(self)
    }

    pub(crate) fn head(&self) -> &ReplyHead {
        &self.inner.facts.head
    }

    pub(crate) fn callee(&self) -> Option<&Callee> {
        self.inner.facts.callee.as_ref()
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.inner.link.daemon
    }

    /// The address of the caller: `127.0.0.1:51234`, or the path of a Unix socket.
    #[must_use]
    pub fn peer(&self) -> &str {
        &self.inner.link.peer
    }

    /// A number for the caller's session (for a Pyro peer: its connection), unique in this daemon.
    #[must_use]
    pub fn session(&self) -> u64 {
        self.inner.link.session
    }

    /// The id of the object that is called.
    #[must_use]
    pub fn object(&self) -> &str {
        self.callee().map_or("", Callee::object)
    }

    /// The name of the method as it stands in the request; for attributes `__getattr__` or `__setattr__`.
    #[must_use]
    pub fn method(&self) -> &str {
        self.callee().map_or("", Callee::method)
    }

    /// The protocol that the caller speaks.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.head().dialect()
    }

    /// The serializer that the caller used.
    #[must_use]
    pub fn codec(&self) -> Codec {
        self.head().codec()
    }

    /// The sequence number of the request.
    #[must_use]
    pub fn sequence(&self) -> u16 {
        self.head().seq()
    }

    /// Whether the caller awaits no answer.
    #[must_use]
    pub fn is_oneway(&self) -> bool {
        self.inner.facts.oneway
    }

    /// The correlation id: the caller's, or a new one where it sent none. Calls made from inside the
    /// method carry it on.
    #[must_use]
    pub fn correlation_id(&self) -> Uuid {
        self.head().correlation().unwrap_or_default()
    }

    /// The annotations of the request.
    #[must_use]
    pub fn annotations(&self) -> &Annotations {
        &self.inner.facts.annotations
    }

    /// Adds an annotation to the answer. It goes with the result of this call and no other; an exception
    /// carries none.
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
                // Dropped after the borrow: the last hold on a daemon drops its objects, which are user code.
                drop(CURRENT.replace(self.0.take()));
            }
        }
        let _restore = Restore(CURRENT.replace(Some(self.clone())));
        code()
    }
}

impl fmt::Debug for CallContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallContext")
            .field("peer", &self.peer())
            .field("session", &self.session())
            .field("object", &self.object())
            .field("method", &self.method())
            .field("dialect", &self.dialect())
            .field("codec", &self.codec())
            .field("correlation_id", &self.correlation_id())
            .finish_non_exhaustive()
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
