//! [`AnyProxy`]: a remote object without declared types.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use ferropyro_proto::{Dialect, Metadata};
use ferropyro_value::{Codec, ProxyState, Uri, Value};
use serde::{Serialize, Serializer};

use super::exchange::{Ask, Exchange, Request};
use super::session::Session;
use super::{Batch, Call, Client};
use crate::{Arguments, Operation};

/// A remote object whose methods are called by name.
///
/// Clones share one connection, and with it what the daemon ties to a connection: the object's session, its
/// streams and resources. Calls of several tasks may be on it at the same time; they are answered in order,
/// so that a quick one waits behind a slow one. [`fork`](Self::fork) gives a proxy with a connection of its
/// own. A callback that calls the object back while the object waits for it needs that: on the shared
/// connection it would wait for itself.
#[derive(Clone)]
pub struct AnyProxy {
    session: Arc<Session>,
    codec: Codec,
    timeout: Option<Duration>,
}

impl AnyProxy {
    pub(super) fn new(client: &Client, uri: Uri) -> Self {
        Self::from_reference(client, ProxyState::new(uri))
    }

    pub(super) fn from_reference(client: &Client, reference: ProxyState) -> Self {
        let session = Session::new(client, reference);
        let (codec, timeout) = (session.codec(), client.settings().timeout);
        Self { session, codec, timeout }
    }

    pub(super) fn session(&self) -> Arc<Session> {
        Arc::clone(&self.session)
    }

    pub(crate) fn client(&self) -> &Client {
        self.session.client()
    }

    pub(super) fn codec(&self) -> Codec {
        self.codec
    }

    pub(super) fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// The object's address.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        &self.session.reference().uri
    }

    /// A call of a method. Arguments are [`args!`](crate::args), a tuple, or `()`.
    pub fn call(&self, method: impl Into<Cow<'static, str>>, arguments: impl Into<Arguments>) -> Call {
        Call::new(self.clone(), Request::new(self, Ask::Method, method, arguments.into()))
    }

    /// The value of an attribute.
    pub fn get(&self, attribute: impl Into<Cow<'static, str>>) -> Call {
        let attribute = attribute.into();
        let arguments = Arguments::from((&*attribute,));
        let mut request = Request::new(self, Ask::Get, attribute, arguments);
        request.retries = 0;
        Call::new(self.clone(), request)
    }

    /// Sets an attribute.
    pub fn set(&self, attribute: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Call<()> {
        let attribute = attribute.into();
        let arguments = Arguments::from((&*attribute, value));
        let mut request = Request::new(self, Ask::Set, attribute, arguments);
        request.retries = 0;
        Call::new(self.clone(), request).ignore()
    }

    /// Many calls in one message.
    pub fn batch(&self) -> Batch {
        Batch::new(self.clone())
    }

    /// Connects now, if there is no connection.
    ///
    /// # Errors
    /// When awaited: the daemon cannot be reached, refuses, or has no such object.
    pub fn bind(&self) -> Operation<()> {
        let session = self.session();
        Operation::new(self.client().runtime(), async move {
            if session.bound().is_none() {
                session.connect().await?;
            }
            Ok(())
        })
    }

    /// Closes the connection, for all clones. What was queued is sent, calls under way may finish; the next
    /// call opens another connection.
    pub fn release(&self) {
        self.session.release();
    }

    /// The names that the object offers, as its daemon says.
    ///
    /// # Errors
    /// When awaited: as for [`bind`](Self::bind).
    pub fn metadata(&self) -> Operation<Arc<Metadata>> {
        let session = self.session();
        Operation::new(self.client().runtime(), async move {
            let bound = match session.bound() {
                Some(bound) => bound,
                None => session.connect().await?,
            };
            Ok(Arc::clone(bound.members.metadata()))
        })
    }

    /// The protocol that the daemon speaks; `None` while there is no connection.
    #[must_use]
    pub fn dialect(&self) -> Option<Dialect> {
        self.session.bound().map(|bound| bound.link.dialect())
    }

    /// What the daemon's validator answered at connecting.
    ///
    /// # Errors
    /// When awaited: as for [`bind`](Self::bind).
    pub fn handshake_response(&self) -> Operation<Value> {
        let session = self.session();
        Operation::new(self.client().runtime(), async move {
            let bound = match session.bound() {
                Some(bound) => bound,
                None => session.connect().await?,
            };
            Ok(bound.handshake.clone())
        })
    }

    /// Asks the daemon for a sign of life; connects if there is no connection.
    ///
    /// # Errors
    /// When awaited: as for [`bind`](Self::bind), and if none comes.
    pub fn ping(&self) -> Operation<()> {
        let request = Request::new(self, Ask::Ping, "ping", Arguments::default());
        let session = self.session();
        Operation::new(self.client().runtime(), async move {
            Exchange::new(session, request).await?;
            Ok(())
        })
    }

    /// Writes what oneway calls have queued.
    ///
    /// # Errors
    /// When awaited: the connection ended first.
    pub fn flush(&self) -> Operation<()> {
        let session = self.session();
        Operation::new(self.client().runtime(), async move {
            if let Some(bound) = session.bound() {
                let everything = 0..bound.link.queued_total();
                std::future::poll_fn(|cx| bound.link.poll_flush(cx, &everything)).await?;
            }
            Ok(())
        })
    }

    /// A proxy for the same object with a connection, and so a session, of its own.
    #[must_use]
    pub fn fork(&self) -> Self {
        let session = Session::new(self.client(), self.session.reference().clone());
        Self { session, ..self.clone() }
    }

    /// The same proxy with a time limit for its calls.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The same proxy with a serializer for its calls.
    #[must_use]
    pub fn with_codec(mut self, codec: Codec) -> Self {
        self.codec = codec;
        self
    }

    /// What of this travels when it is sent: the address, and the names as far as they are known.
    #[must_use]
    pub fn reference(&self) -> ProxyState {
        let mut reference = self.session.reference().clone();
        if let Some(bound) = self.session.bound() {
            let metadata = bound.members.metadata();
            reference.methods.clone_from(&metadata.methods);
            reference.oneway.clone_from(&metadata.oneway);
            reference.attrs.clone_from(&metadata.attrs);
        }
        reference
    }
}

impl From<&AnyProxy> for Value {
    fn from(proxy: &AnyProxy) -> Self {
        proxy.reference().into()
    }
}

impl From<AnyProxy> for Value {
    fn from(proxy: AnyProxy) -> Self {
        (&proxy).into()
    }
}

impl Serialize for AnyProxy {
    /// As a reference to the object.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.reference().serialize(serializer)
    }
}

impl PartialEq for AnyProxy {
    /// Whether both mean the same address.
    fn eq(&self, other: &Self) -> bool {
        self.uri() == other.uri()
    }
}

impl Eq for AnyProxy {}

impl Hash for AnyProxy {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.uri().hash(state);
    }
}

impl fmt::Debug for AnyProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AnyProxy").field(&format_args!("{}", self.uri())).finish()
    }
}
