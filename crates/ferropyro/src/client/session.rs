//! [`Session`]: what the clones of a proxy share: an object, and the connection to its daemon.
//!
//! Pyro ties an object's session, its streams and resources to the connection. A session opens one when it
//! is needed and keeps it until it fails, times out or is released; then the next call opens another.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use ferropyro_proto::{ClientConfig, SendOptions};
use ferropyro_value::{Codec, ProxyState, Uuid, Value};
use tokio::sync::watch;

use super::deadline::runtime_is_gone;
use super::link::Link;
use super::members::Members;
use super::{Client, connect};
use crate::{CallError, naming};

/// An object as a client sees it, connected or not.
#[derive(Debug)]
pub(crate) struct Session {
    client: Client,
    reference: ProxyState,
    /// The serializer of the handshake, and of calls that are not told otherwise.
    codec: Codec,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    bound: Option<Arc<Bound>>,
    /// The number of the last call, which outlives connections.
    seq: u16,
    /// Tells all who wait what became of the attempt to connect that is under way, if one is.
    attempt: Weak<watch::Sender<Progress>>,
}

/// What has become of an attempt to connect; nothing yet at first.
type Progress = Option<Result<Arc<Bound>, Arc<CallError>>>;

/// A connection to the daemon, and what it said of the object.
#[derive(Debug)]
pub(super) struct Bound {
    pub(super) link: Arc<Link>,
    pub(super) members: Members,
    pub(super) object: String,
    /// What the daemon's validator answered.
    pub(super) handshake: Value,
}

/// A connection in the making.
pub(super) type Connecting = Pin<Box<dyn Future<Output = Result<Arc<Bound>, CallError>> + Send>>;

impl Session {
    pub(super) fn new(client: &Client, reference: ProxyState) -> Arc<Self> {
        let named = reference.serializer.as_deref().and_then(Codec::from_name);
        let codec = named.unwrap_or(client.settings().codec);
        Arc::new(Self { client: client.clone(), reference, codec, state: Mutex::default() })
    }

    /// The session of an object at the other end of a connection that was made by other means. It is lost with it.
    pub(super) fn over(client: &Client, reference: ProxyState, link: Link, members: Members) -> Arc<Self> {
        let object = reference.uri.object().unwrap_or_default().to_owned();
        let session = Self::new(client, reference);
        let bound = Bound { link: Arc::new(link), members, object, handshake: Value::None };
        session.state().bound = Some(Arc::new(bound));
        session
    }

    /// Says what the daemon has said of the object since.
    pub(super) fn learn(&self, members: Members) {
        let mut state = self.state();
        if let Some(bound) = state.bound.take() {
            let Bound { link, object, handshake, .. } = &*bound;
            let (link, object, handshake) = (Arc::clone(link), object.clone(), handshake.clone());
            state.bound = Some(Arc::new(Bound { link, members, object, handshake }));
        }
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn reference(&self) -> &ProxyState {
        &self.reference
    }

    pub(super) fn codec(&self) -> Codec {
        self.codec
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection, if there is one.
    pub(super) fn bound(&self) -> Option<Arc<Bound>> {
        self.state().bound.clone()
    }

    /// Lets a connection go: whoever is on it may finish, the next call opens another.
    pub(super) fn forget(&self, bound: &Arc<Bound>) {
        bound.link.retire();
        let mut state = self.state();
        if state.bound.as_ref().is_some_and(|current| Arc::ptr_eq(current, bound)) {
            state.bound = None;
            state.seq = bound.link.seq();
        }
    }

    /// Lets the connection go, if there is one. What was queued is sent.
    pub(super) fn release(&self) {
        if let Some(bound) = self.bound() {
            self.forget(&bound);
            bound.link.push();
        }
    }

    /// Connects, or waits for what comes of the attempt that is under way.
    ///
    /// A task makes the attempt, so that no caller depends on another one being polled, and all of them hear
    /// of a failure at once. Without callers it is given up.
    pub(super) fn connect(self: &Arc<Self>) -> Connecting {
        let session = Arc::clone(self);
        Box::pin(async move {
            // The first attempt may have been given up in the moment in which this caller joined it.
            for _ in 0..2 {
                let mut attempt = session.join_attempt()?;
                if let Ok(outcome) = attempt.wait_for(Option::is_some).await
                    && let Some(outcome) = &*outcome
                {
                    return outcome.as_ref().map(Arc::clone).map_err(|error| error.duplicate());
                }
            }
            Err(runtime_is_gone())
        })
    }

    /// News of the attempt that is under way, which begins if there is none.
    fn join_attempt(self: &Arc<Self>) -> Result<watch::Receiver<Progress>, CallError> {
        let runtime = self.client.runtime().handle()?;
        let mut state = self.state();
        if let Some(bound) = &state.bound {
            return Ok(watch::channel(Some(Ok(Arc::clone(bound)))).1);
        }
        if let Some(attempt) = state.attempt.upgrade().filter(|attempt| !attempt.is_closed()) {
            return Ok(attempt.subscribe());
        }
        let (sender, receiver) = watch::channel(None);
        let sender = Arc::new(sender);
        state.attempt = Arc::downgrade(&sender);
        drop(state);
        let correlation = crate::context().map(|context| context.correlation_id());
        let session = Arc::clone(self);
        runtime.spawn(async move {
            tokio::select! {
                outcome = session.open(correlation) => {
                    session.forget_attempt(&sender);
                    sender.send_replace(Some(outcome.map_err(Arc::new)));
                }
                () = sender.closed() => {}
            }
        });
        Ok(receiver)
    }

    /// Lets those who come from now on begin another attempt.
    fn forget_attempt(&self, over: &Arc<watch::Sender<Progress>>) {
        let mut state = self.state();
        if std::ptr::eq(state.attempt.as_ptr(), Arc::as_ptr(over)) {
            state.attempt = Weak::new();
        }
    }

    async fn open(&self, correlation: Option<Uuid>) -> Result<Arc<Bound>, CallError> {
        self.client.check()?;
        let uri = naming::resolve(&self.client, &self.reference.uri).await?;
        let (Some(object), Some(location)) = (uri.object(), uri.location()) else {
            return Err(CallError::Naming(format!("{uri} has no location")));
        };
        let introduction = connect::Introduction {
            object: object.to_owned(),
            location: location.clone(),
            handshake: self.handshake(),
            codec: self.codec,
            annotations: ferropyro_proto::Annotations::new(),
            correlation,
            config: self.protocol(),
            seq: self.state().seq,
        };
        let opened = connect::open(&self.client, &introduction).await?;
        let link = Arc::new(opened.link);
        // A daemon that said nothing of an object has nothing to say of it.
        let metadata = opened.metadata.unwrap_or_default();
        if metadata.is_empty() {
            return Err(CallError::Unsupported(format!(
                "remote object '{uri}' doesn't expose any methods or attributes. Did you forget setting \
                 @expose on them?"
            )));
        }
        let (object, handshake) = (introduction.object, opened.handshake);
        let bound = Arc::new(Bound { link, members: Members::new(metadata), object, handshake });
        self.state().bound = Some(Arc::clone(&bound));
        Ok(bound)
    }

    /// What the daemon's validator is told.
    fn handshake(&self) -> Value {
        let own = &self.reference.handshake;
        if own.as_str() == Some("hello") { self.client.settings().handshake.clone() } else { own.clone() }
    }

    /// The client's settings of the protocol, with the reference's own key.
    fn protocol(&self) -> Arc<ClientConfig> {
        let shared = &self.client.settings().protocol;
        let Some(key) = &self.reference.hmac_key else { return Arc::clone(shared) };
        let mut own = ClientConfig::clone(shared);
        let hmac = Some(ferropyro_proto::HmacKey::new(key.clone()));
        own.send = Arc::new(SendOptions { hmac, ..SendOptions::clone(&own.send) });
        Arc::new(own)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.release();
    }
}
