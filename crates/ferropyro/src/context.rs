//! The context of a call while its method runs: who calls, with what, and what goes back beside the result.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll};

use ferropyro_proto::{Annotations, Callee, Dialect, ReplyHead};
use ferropyro_value::{Codec, Uuid};

use crate::server::{Daemon, SessionInstances, Shared};

/// What a method can learn of the call that it serves. Cheap to clone.
#[derive(Clone)]
pub struct CallContext {
    inner: Arc<Inner>,
}

struct Inner {
    link: Arc<Link>,
    /// The daemon that serves the call; none where the object is nobody's but this process's.
    daemon: Option<Arc<Shared>>,
    facts: Facts,
    response: Mutex<Annotations>,
}

/// What all calls of one session have in common.
pub(crate) struct Link {
    pub(crate) peer: String,
    pub(crate) session: u64,
    /// The certificates that the peer has shown, in DER form.
    pub(crate) certificates: Box<[Vec<u8>]>,
    /// The objects that this session has to itself.
    pub(crate) instances: SessionInstances,
}

/// What is known of one call.
pub(crate) struct Facts {
    pub(crate) origin: Origin,
    pub(crate) oneway: bool,
    pub(crate) annotations: Annotations,
}

/// Where a call comes from.
pub(crate) enum Origin {
    /// A request that was read from a connection.
    Wire {
        /// What the reply is made with; it has a correlation id.
        head: ReplyHead,
        /// What is called; none once the call is answered and its memory given back.
        callee: Option<Callee>,
    },
    /// Code of this process, which calls the object directly.
    Local {
        object: Arc<str>,
        method: Cow<'static, str>,
        /// Made when somebody asks for it.
        correlation: OnceLock<Uuid>,
    },
}

impl Link {
    /// A session of a peer, which is gone when this is.
    pub(crate) fn new(peer: String, session: u64, certificates: Box<[Vec<u8>]>) -> Arc<Self> {
        Arc::new(Self { peer, session, certificates, instances: SessionInstances::default() })
    }
}

impl CallContext {
    pub(crate) fn new(link: Arc<Link>, daemon: Option<Arc<Shared>>, facts: Facts) -> Self {
        Self { inner: Arc::new(Inner { link, daemon, facts, response: Mutex::default() }) }
    }

    /// A context for the next call of the same session, in the memory of this one where nobody else holds it.
    pub(crate) fn renew(mut self, facts: Facts) -> Self {
        match Arc::get_mut(&mut self.inner) {
            Some(inner) => {
                inner.facts = facts;
                *inner.response.get_mut().unwrap_or_else(PoisonError::into_inner) = Annotations::new();
                self
            }
            None => Self::new(Arc::clone(&self.inner.link), self.inner.daemon.clone(), facts),
        }
    }

    /// Lets go of what was called, so that an idle connection does not hold the payload; `None` where somebody
    /// else still holds the context.
    pub(crate) fn vacate(mut self) -> Option<Self> {
        let inner = Arc::get_mut(&mut self.inner)?;
        if let Origin::Wire { callee, .. } = &mut inner.facts.origin {
            *callee = None;
        }
        inner.facts.annotations = Annotations::new();
        Some(self)
    }

    /// What a reply over a connection is made with.
    pub(crate) fn head(&self) -> Option<&ReplyHead> {
        match &self.inner.facts.origin {
            Origin::Wire { head, .. } => Some(head),
            Origin::Local { .. } => None,
        }
    }

    pub(crate) fn callee(&self) -> Option<&Callee> {
        match &self.inner.facts.origin {
            Origin::Wire { callee, .. } => callee.as_ref(),
            Origin::Local { .. } => None,
        }
    }

    pub(crate) fn shared(&self) -> Option<&Arc<Shared>> {
        self.inner.daemon.as_ref()
    }

    /// The daemon that serves the call, for methods that export objects; `None` where code of this process
    /// calls an object that no daemon serves.
    ///
    /// ```
    /// use ferropyro::{Exception, context, remote};
    ///
    /// #[remote]
    /// pub trait Account {
    ///     async fn owner(&self) -> String;
    /// }
    ///
    /// #[remote]
    /// pub trait Bank {
    ///     async fn open(&self, owner: String) -> Result<AccountProxy, Exception>;
    /// }
    ///
    /// # struct Savings { owner: String }
    /// # impl Account for Savings { async fn owner(&self) -> String { self.owner.clone() } }
    /// struct Branch;
    /// impl Bank for Branch {
    ///     async fn open(&self, owner: String) -> Result<AccountProxy, Exception> {
    ///         let daemon = context().and_then(|context| context.daemon());
    ///         let daemon = daemon.ok_or_else(|| Exception::new("RuntimeError", "no daemon serves this"))?;
    ///         Ok(daemon.export(Savings { owner })?)
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn daemon(&self) -> Option<Daemon> {
        self.shared().map(Daemon::of)
    }

    pub(crate) fn instances(&self) -> &SessionInstances {
        &self.inner.link.instances
    }

    /// Whether code of this process calls the object directly, without a connection.
    #[must_use]
    pub fn is_local(&self) -> bool {
        matches!(self.inner.facts.origin, Origin::Local { .. })
    }

    /// The address of the caller: `127.0.0.1:51234`, the path of a Unix socket, or `local` for code of this
    /// process.
    #[must_use]
    pub fn peer(&self) -> &str {
        &self.inner.link.peer
    }

    /// The certificates that the caller has shown and the daemon has verified, in DER form: its own first, then
    /// those in between it and the authority. Empty without TLS, and where the daemon asks for none.
    #[must_use]
    pub fn peer_certificates(&self) -> &[Vec<u8>] {
        &self.inner.link.certificates
    }

    /// A number for the caller's session (for a Pyro peer: its connection), unique in this daemon.
    #[must_use]
    pub fn session(&self) -> u64 {
        self.inner.link.session
    }

    /// The id of the object that is called.
    #[must_use]
    pub fn object(&self) -> &str {
        match &self.inner.facts.origin {
            Origin::Wire { callee, .. } => callee.as_ref().map_or("", Callee::object),
            Origin::Local { object, .. } => object,
        }
    }

    /// The name of the method as it stands in the request; for attributes `__getattr__` or `__setattr__`, or
    /// where the call is local the attribute's own.
    #[must_use]
    pub fn method(&self) -> &str {
        match &self.inner.facts.origin {
            Origin::Wire { callee, .. } => callee.as_ref().map_or("", Callee::method),
            Origin::Local { method, .. } => method,
        }
    }

    /// The protocol that the caller speaks; Pyro5's for a local call.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.head().map_or(Dialect::Pyro5, ReplyHead::dialect)
    }

    /// The serializer that the caller used; the default one for a local call, which needs none.
    #[must_use]
    pub fn codec(&self) -> Codec {
        self.head().map_or_else(Codec::default, ReplyHead::codec)
    }

    /// The sequence number of the request; 0 for a local call.
    #[must_use]
    pub fn sequence(&self) -> u16 {
        self.head().map_or(0, ReplyHead::seq)
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
        match &self.inner.facts.origin {
            Origin::Wire { head, .. } => head.correlation().unwrap_or_default(),
            Origin::Local { correlation, .. } => *correlation.get_or_init(Uuid::new_v4),
        }
    }

    /// The annotations of the request.
    #[must_use]
    pub fn annotations(&self) -> &Annotations {
        &self.inner.facts.annotations
    }

    /// The session's own resource of a type, made at the first call that asks for it. The session lets go of it
    /// when it ends, however it ends: a file, a transaction or a lock in it is closed by its `Drop`, once no call
    /// holds it any more (Pyro tracks resources for that).
    ///
    /// ```
    /// # use ferropyro::{CallContext, Exception};
    /// # #[derive(Default)]
    /// # struct Transaction;
    /// async fn begin() -> Result<(), Exception> {
    ///     let context = ferropyro::context().ok_or_else(|| Exception::new("RuntimeError", "no call"))?;
    ///     let transaction = context.resource(|| Ok::<_, Exception>(Transaction::default()))?;
    ///     # drop(transaction);
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// What `make` fails with; the next call that asks tries again. Other calls of the session wait while it runs.
    pub fn resource<T: Send + Sync + 'static, E>(
        &self,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        self.instances().resource(make)
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
