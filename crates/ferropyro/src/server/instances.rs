//! [`Instances`]: whether callers share an object, and the instances that belong to one session.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use ferropyro_value::Exception;

use super::registry::daemon_error;

/// Which instance of a type a call goes to: Pyro's instance modes.
///
/// | | instances | Pyro's name |
/// |---|---|---|
/// | [`shared`](Self::shared) | one for all callers; the default where an object is served as it is | `single` |
/// | [`weak`](Self::weak) | one for all callers, as long as the program holds it | `weak=True` |
/// | [`per_session`](Self::per_session) | one for each proxy (a connection, where the caller is a Pyro), until it is gone | `session` |
/// | [`per_call`](Self::per_call) | one for each call | `percall` |
pub struct Instances<T> {
    kind: Kind<T>,
}

enum Kind<T> {
    Shared(Arc<T>),
    Weak(Weak<T>),
    PerSession { key: Key, create: Creator<T> },
    PerCall(Creator<T>),
}

type Creator<T> = Box<dyn Fn() -> Result<T, Exception> + Send + Sync>;

/// Tells apart what belongs to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// The instance of a registration.
    Registration(u64),
    /// A resource of a type.
    Resource(TypeId),
}

impl Key {
    fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self::Registration(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

impl<T: Send + Sync + 'static> Instances<T> {
    /// One object for all callers. Several may be inside at once.
    pub fn shared(object: T) -> Self {
        Self::shared_arc(Arc::new(object))
    }

    /// One object for all callers, which the program holds too.
    pub fn shared_arc(object: Arc<T>) -> Self {
        Self { kind: Kind::Shared(object) }
    }

    /// One object for all callers, which the program holds and this does not: when the program lets go of it, the
    /// daemon serves it no longer, and its id is free (Pyro5's `weak=True`).
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use ferropyro::{Daemon, Instances, remote};
    /// # #[remote]
    /// # pub trait Job { async fn state(&self) -> String; }
    /// # struct Running;
    /// # impl Job for Running { async fn state(&self) -> String { "running".to_owned() } }
    /// # fn main() -> ferropyro::Result<()> {
    /// let daemon = Daemon::bind("127.0.0.1:0").wait()?;
    /// let job = Arc::new(Running);
    /// let proxy: JobProxy = daemon.serve("job", Instances::weak(&job))?;
    /// assert_eq!(proxy.state().wait()?, "running");
    /// drop(job);
    /// assert!(!daemon.registered().contains(&"job".to_owned()));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn weak(object: &Arc<T>) -> Self {
        Self { kind: Kind::Weak(Arc::downgrade(object)) }
    }

    /// An object for each session, made at its first call and dropped when the session ends.
    pub fn per_session(create: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self::try_per_session(move || Ok::<_, Exception>(create()))
    }

    /// As [`per_session`](Self::per_session), where making an object can fail: its caller gets the error, and
    /// the session's next call tries again.
    pub fn try_per_session<E: Into<Exception>>(
        create: impl Fn() -> Result<T, E> + Send + Sync + 'static,
    ) -> Self {
        let create: Creator<T> = Box::new(move || create().map_err(Into::into));
        Self { kind: Kind::PerSession { key: Key::next(), create } }
    }

    /// An object for each call, dropped after it.
    pub fn per_call(create: impl Fn() -> T + Send + Sync + 'static) -> Self {
        Self::try_per_call(move || Ok::<_, Exception>(create()))
    }

    /// As [`per_call`](Self::per_call), where making an object can fail: its caller gets the error.
    pub fn try_per_call<E: Into<Exception>>(
        create: impl Fn() -> Result<T, E> + Send + Sync + 'static,
    ) -> Self {
        Self { kind: Kind::PerCall(Box::new(move || create().map_err(Into::into))) }
    }

    /// The instance for a call of a session.
    pub(super) fn get(&self, session: &SessionInstances) -> Result<Arc<T>, Exception> {
        match &self.kind {
            Kind::Shared(object) => Ok(Arc::clone(object)),
            Kind::Weak(object) => object.upgrade().ok_or_else(|| daemon_error("unknown object")),
            Kind::PerSession { key, create } => session.get_or_create(*key, create),
            Kind::PerCall(create) => create().map(Arc::new),
        }
    }

    /// Whether there will be no instance any more.
    pub(super) fn are_gone(&self) -> bool {
        matches!(&self.kind, Kind::Weak(object) if object.strong_count() == 0)
    }
}

impl<T> fmt::Debug for Instances<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            Kind::Shared(_) => "Instances::shared",
            Kind::Weak(_) => "Instances::weak",
            Kind::PerSession { .. } => "Instances::per_session",
            Kind::PerCall(_) => "Instances::per_call",
        })
    }
}

/// The objects that one session has to itself.
#[derive(Default)]
pub(crate) struct SessionInstances(Mutex<HashMap<Key, Arc<dyn Any + Send + Sync>>>);

impl SessionInstances {
    /// The session's resource of a type.
    pub(crate) fn resource<T: Send + Sync + 'static, E>(
        &self,
        create: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        self.get_or_create(Key::Resource(TypeId::of::<T>()), create)
    }

    /// The session's instance. Others of the session wait while it is made: it is made once.
    fn get_or_create<T: Send + Sync + 'static, E>(
        &self,
        key: Key,
        create: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        let mut instances = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(instance) = instances.get(&key)
            && let Ok(instance) = Arc::clone(instance).downcast::<T>()
        {
            return Ok(instance);
        }
        let instance = Arc::new(create()?);
        instances.insert(key, Arc::<T>::clone(&instance));
        Ok(instance)
    }

    /// Lets go of all of them: the session is over.
    pub(crate) fn clear(&self) {
        // Dropping them runs user code, so it happens when the lock is free.
        let gone = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        drop(gone);
    }
}
