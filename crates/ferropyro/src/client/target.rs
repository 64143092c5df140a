//! [`Target`]: what a proxy stands for: an object elsewhere, or one in this process, which is called directly.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, Weak};

use ferropyro_proto::Metadata;
use ferropyro_value::{Exception, Location, ProxyState, Uri, Uuid};

use super::Client;
use super::session::Session;
use crate::context::Link;
use crate::server::{Interface, Object, Shared};
use crate::{CallError, Ran};

/// Where objects of this process are that no daemon serves. Nobody listens there.
const IN_PROCESS: &str = "in-process";

/// What a proxy stands for.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// An object that a connection leads to.
    Remote(Arc<Session>),
    /// An object of this process.
    Local(Arc<LocalSession>),
}

/// An object of this process as one proxy and its clones see it.
pub(crate) struct LocalSession {
    pub(super) client: Client,
    pub(super) object: Arc<LocalObject>,
    pub(super) link: Arc<Link>,
}

/// An object of this process.
pub(crate) struct LocalObject {
    pub(super) uri: Uri,
    /// The id in it.
    pub(super) id: Arc<str>,
    held: Held,
}

enum Held {
    /// By its proxies alone.
    Here(Arc<dyn Object>),
    /// By a daemon, until it is unregistered. The proxies keep neither alive: an object may hold a proxy of
    /// itself.
    Registered(Weak<Shared>),
}

/// The objects that no daemon serves, so that a reference that passed as a value finds its object again.
static HERE: LazyLock<Mutex<HashMap<Arc<str>, Weak<LocalObject>>>> = LazyLock::new(Mutex::default);

fn here() -> MutexGuard<'static, HashMap<Arc<str>, Weak<LocalObject>>> {
    HERE.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Target {
    /// An object that no daemon serves.
    pub(crate) fn local(client: &Client, object: Arc<dyn Object>) -> Self {
        let id: Arc<str> = format!("obj_{}", Uuid::new_v4().simple()).into();
        let uri = Uri::object_at(&*id, Location::unix(IN_PROCESS));
        let object = Arc::new(LocalObject { uri, id: Arc::clone(&id), held: Held::Here(object) });
        here().insert(id, Arc::downgrade(&object));
        Self::Local(LocalSession::new(client, object))
    }

    /// An object of a daemon in this process, whether it is registered (still) or not.
    pub(crate) fn registered(client: &Client, daemon: &Arc<Shared>, uri: Uri) -> Self {
        let id = uri.object().unwrap_or_default().into();
        let object = LocalObject { uri, id, held: Held::Registered(Arc::downgrade(daemon)) };
        Self::Local(LocalSession::new(client, Arc::new(object)))
    }

    /// The object that a reference to one that no daemon serves stands for, in a session of its own.
    pub(crate) fn find_local(client: &Client, uri: &Uri) -> Option<Self> {
        match uri.location()? {
            Location::Unix { path } if path == IN_PROCESS => {
                let object = here().get(uri.object()?)?.upgrade()?;
                Some(Self::Local(LocalSession::new(client, object)))
            }
            _ => None,
        }
    }

    pub(super) fn client(&self) -> &Client {
        match self {
            Self::Remote(session) => session.client(),
            Self::Local(session) => &session.client,
        }
    }

    pub(super) fn uri(&self) -> &Uri {
        match self {
            Self::Remote(session) => &session.reference().uri,
            Self::Local(session) => &session.object.uri,
        }
    }

    /// The same object in a session of its own.
    pub(super) fn fork(&self) -> Self {
        match self {
            Self::Remote(session) => {
                Self::Remote(Session::new(session.client(), session.reference().clone()))
            }
            Self::Local(session) => {
                Self::Local(LocalSession::new(&session.client, Arc::clone(&session.object)))
            }
        }
    }
}

impl LocalSession {
    fn new(client: &Client, object: Arc<LocalObject>) -> Arc<Self> {
        // Daemons count the sessions of their connections from 1.
        static NEXT: AtomicU64 = AtomicU64::new(1 << 63);
        let link = Link::new("local".to_owned(), NEXT.fetch_add(1, Ordering::Relaxed), Box::default());
        Arc::new(Self { client: client.clone(), object, link })
    }
}

impl LocalObject {
    /// The object and its daemon, to be called now.
    ///
    /// # Errors
    /// It is registered no longer, or its daemon has ended.
    pub(super) fn find(&self) -> Result<Found, CallError> {
        let daemon = match &self.held {
            Held::Here(object) => return Ok(Found { object: Arc::clone(object), daemon: None }),
            Held::Registered(daemon) => daemon.upgrade().filter(|daemon| !daemon.has_ended()),
        };
        let daemon = daemon.ok_or_else(|| CallError::Closed {
            peer: self.uri.location().map_or_else(String::new, Location::to_string),
            reason: "the daemon, which is in this process, has ended".to_owned(),
            ran: Ran::Never,
        })?;
        match daemon.object(&self.id) {
            Some(object) => Ok(Found { object, daemon: Some(daemon) }),
            None => Err(Exception::new("Pyro5.errors.DaemonError", "unknown object").into()),
        }
    }

    /// Whether other processes can reach it.
    pub(super) fn is_registered(&self) -> bool {
        matches!(self.held, Held::Registered(_))
    }

    /// What is known of it.
    pub(super) fn interface(&self) -> Result<Interface, CallError> {
        Ok(self.find()?.object.interface().clone())
    }

    /// The names that it offers.
    pub(super) fn metadata(&self) -> Result<Metadata, CallError> {
        Ok(self.find()?.object.interface().metadata().clone())
    }

    /// What travels of it.
    pub(super) fn reference(&self) -> ProxyState {
        let mut reference = ProxyState::new(self.uri.clone());
        if let Ok(Found { object, daemon }) = self.find() {
            let Metadata { methods, oneway, attrs } = object.interface().metadata().clone();
            (reference.methods, reference.oneway, reference.attrs) = (methods, oneway, attrs);
            reference.hmac_key = daemon.and_then(|daemon| daemon.hmac_key());
        }
        reference
    }
}

/// An object of this process, and the daemon that serves it, if one does.
pub(super) struct Found {
    pub(super) object: Arc<dyn Object>,
    pub(super) daemon: Option<Arc<Shared>>,
}

impl Drop for LocalObject {
    fn drop(&mut self) {
        if !self.is_registered() {
            here().remove(&self.id);
        }
    }
}

impl fmt::Debug for LocalSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LocalSession").field(&format_args!("{}", self.object.uri)).finish()
    }
}
