//! [`AnyProxy`]: a remote object without declared types.

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use ferropyro_proto::{Blob, Dialect, Metadata};
use ferropyro_value::{Codec, ProxyState, Uri, Value};
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};

use super::answer::{self, Read};
use super::exchange::{Ask, Exchange, Plain, Request, Undecoded};
use super::session::{Bound, Session};
use super::target::Target;
use super::{Batch, BatchCalls, Call, Client, Settings};
use crate::server::{Description, Interface};
use crate::{Arguments, CallError, Operation, scope};

/// A remote object whose methods are called by name.
///
/// Clones share one connection, and with it what the daemon ties to a connection: the object's session, its
/// streams and resources. Calls of several tasks may be on it at the same time; they are answered in order,
/// so that a quick one waits behind a slow one. [`fork`](Self::fork) gives a proxy with a connection of its
/// own. A callback that calls the object back while the object waits for it needs that: on the shared
/// connection it would wait for itself.
///
/// It may stand for an object of this process too: that is called directly, without a connection, by the same
/// rules. Two proxies are equal when they stand for the same address.
#[derive(Clone)]
pub struct AnyProxy {
    target: Target,
    codec: Codec,
    timeout: Option<Duration>,
}

impl AnyProxy {
    pub(super) fn new(client: &Client, uri: Uri) -> Self {
        Self::from_reference(client, ProxyState::new(uri))
    }

    pub(crate) fn from_reference(client: &Client, reference: ProxyState) -> Self {
        let session = Session::new(client, reference);
        let codec = session.codec();
        Self { codec, ..Self::of_target(Target::Remote(session)) }
    }

    pub(crate) fn of_target(target: Target) -> Self {
        let Settings { codec, timeout, .. } = *target.client().settings();
        Self { target, codec, timeout }
    }

    pub(super) fn target(&self) -> &Target {
        &self.target
    }

    pub(crate) fn client(&self) -> &Client {
        self.target.client()
    }

    /// The session's connection, which is made if there is none; `None` for an object of this process.
    async fn connected(target: Target) -> Result<Option<Arc<Bound>>, CallError> {
        match target {
            Target::Remote(session) => match session.bound() {
                Some(bound) => Ok(Some(bound)),
                None => session.connect().await.map(Some),
            },
            Target::Local(_) => Ok(None),
        }
    }

    /// The serializer of its calls.
    #[must_use]
    pub fn codec(&self) -> Codec {
        self.codec
    }

    pub(super) fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// The object's address.
    #[must_use]
    pub fn uri(&self) -> &Uri {
        self.target.uri()
    }

    /// A call of a method. Arguments are [`args!`](crate::args), a tuple, or `()`.
    pub fn call(&self, method: impl Into<Cow<'static, str>>, arguments: impl Into<Arguments>) -> Call {
        let request = Request::new(self, Ask::Method, method, Plain::from(arguments.into()));
        Call::new(self, request, answer::value)
    }

    /// A call of a method with a [blob](crate::server::Request::blob) that came in a call, its info along with it,
    /// as a dispatcher does that looks at the info only. What the blob holds is not decoded: the call has the
    /// blob's serializer, and must be made in the dialect in which the blob came, or it is
    /// [`CallError::Unsupported`](crate::CallError::Unsupported): [`ClientBuilder::dialect`](crate::client::ClientBuilder::dialect)
    /// has a client speak that one.
    pub fn pass_on(&self, method: impl Into<Cow<'static, str>>, blob: &Blob) -> Call {
        let mut request = Request::new(self, Ask::Method, method, Plain::default());
        request.codec = blob.codec;
        request.blob = Some(Box::new(Undecoded::Passed(blob.clone())));
        Call::new(self, request, answer::value)
    }

    /// The value of an attribute.
    pub fn get(&self, attribute: impl Into<Cow<'static, str>>) -> Call {
        self.access(Ask::Get, attribute, Vec::new(), answer::value)
    }

    /// Sets an attribute.
    pub fn set(&self, attribute: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Call<()> {
        self.access(Ask::Set, attribute, vec![value.into()], answer::ignored)
    }

    /// An access to an attribute.
    pub(crate) fn access<T: 'static, E: 'static, A>(
        &self,
        ask: Ask,
        attribute: impl Into<Cow<'static, str>>,
        positional: A,
        read: Read<T, E>,
    ) -> Call<T, E, A> {
        let mut request = Request::new(self, ask, attribute, Plain::positional(positional));
        request.retries = 0;
        Call::new(self, request, read)
    }

    /// Many calls in one message: a tuple of them, or a `Vec`. See [`Batch`](super::Batch).
    pub fn batch<B: BatchCalls>(&self, calls: B) -> Batch<B> {
        Batch::new(self.clone(), calls)
    }

    /// Connects now, if there is no connection.
    ///
    /// # Errors
    /// When awaited: the daemon cannot be reached, refuses, or has no such object.
    pub fn bind(&self) -> Operation<()> {
        let target = self.target.clone();
        Operation::new(self.client().runtime(), async move {
            Self::connected(target).await?;
            Ok(())
        })
    }

    /// Closes the connection, for all clones. What was queued is sent, calls under way may finish; the next
    /// call opens another connection.
    pub fn release(&self) {
        if let Target::Remote(session) = &self.target {
            session.release();
        }
    }

    /// The names that the object offers, as its daemon says.
    ///
    /// # Errors
    /// When awaited: as for [`bind`](Self::bind).
    pub fn metadata(&self) -> Operation<Arc<Metadata>> {
        let target = self.target.clone();
        Operation::new(self.client().runtime(), async move {
            if let Target::Local(session) = &target {
                return Ok(Arc::new(session.object.metadata()?));
            }
            let bound = Self::connected(target).await?;
            Ok(bound.map_or_else(Arc::default, |bound| Arc::clone(bound.members.metadata())))
        })
    }

    /// What its daemon knows of the object, for people: documentation and parameters where the daemon is one of
    /// ours, the bare names where it is a genuine Pyro.
    ///
    /// # Errors
    /// When awaited: as for [`bind`](Self::bind).
    pub fn describe(&self) -> Operation<Interface> {
        let proxy = self.clone();
        Operation::new(self.client().runtime(), async move {
            let bound = match &proxy.target {
                Target::Local(session) => return Ok(session.object.interface()?),
                Target::Remote(_) => Self::connected(proxy.target.clone()).await?,
            };
            let Some(bound) = bound else { return Ok(Interface::default()) };
            let id = Plain::positional((bound.object.clone(),));
            let request = Request::new(&proxy, Ask::Daemon, "describe", id);
            match Call::<Description, Infallible, _>::new(&proxy, request, answer::value).await {
                Ok(description) => Ok(description.into()),
                // A genuine Pyro.
                Err(CallError::Exception(exception)) if exception.name() == "AttributeError" => {
                    Ok(Interface::from(&**bound.members.metadata()))
                }
                Err(error) => Err(error.into()),
            }
        })
    }

    /// Whether the object is in this process and called directly.
    #[must_use]
    pub fn is_local(&self) -> bool {
        matches!(self.target, Target::Local(_))
    }

    /// The protocol that the daemon speaks; `None` while there is no connection.
    #[must_use]
    pub fn dialect(&self) -> Option<Dialect> {
        match &self.target {
            Target::Remote(session) => session.bound().map(|bound| bound.link.dialect()),
            Target::Local(_) => None,
        }
    }

    /// What the daemon's validator answered at connecting; `None` for an object of this process.
    ///
    /// # Errors
    /// When awaited: as for [`bind`](Self::bind).
    pub fn handshake_response(&self) -> Operation<Value> {
        let target = self.target.clone();
        Operation::new(self.client().runtime(), async move {
            let bound = Self::connected(target).await?;
            Ok(bound.map_or(Value::None, |bound| bound.handshake.clone()))
        })
    }

    /// Asks the daemon for a sign of life; connects if there is no connection.
    ///
    /// # Errors
    /// When awaited: as for [`bind`](Self::bind), and if none comes.
    pub fn ping(&self) -> Operation<()> {
        let request = Request::new(self, Ask::Ping, "ping", Plain::positional(()));
        let target = self.target.clone();
        Operation::new(self.client().runtime(), async move {
            if let Target::Remote(session) = target {
                Exchange::new(session, request).await?;
            }
            Ok(())
        })
    }

    /// Writes what oneway calls have queued.
    ///
    /// # Errors
    /// When awaited: the connection ended first.
    pub fn flush(&self) -> Operation<()> {
        let target = self.target.clone();
        Operation::new(self.client().runtime(), async move {
            if let Target::Remote(session) = target
                && let Some(bound) = session.bound()
            {
                let everything = 0..bound.link.queued_total();
                std::future::poll_fn(|cx| bound.link.poll_flush(cx, &everything)).await?;
            }
            Ok(())
        })
    }

    /// A proxy for the same object with a connection, and so a session, of its own.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self { target: self.target.fork(), ..*self }
    }

    /// The same proxy with a time limit for its calls.
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), ..self.clone() }
    }

    /// The same proxy with a serializer for its calls.
    #[must_use]
    pub fn with_codec(&self, codec: Codec) -> Self {
        Self { codec, ..self.clone() }
    }

    /// What of this travels when it is sent: the address, and the names as far as they are known.
    #[must_use]
    pub fn reference(&self) -> ProxyState {
        let session = match &self.target {
            Target::Remote(session) => session,
            Target::Local(session) => return session.object.reference(),
        };
        let mut reference = session.reference().clone();
        if let Some(bound) = session.bound() {
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
    /// As a reference to the object. One that no daemon serves cannot be reached from elsewhere, and does not
    /// go there.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Target::Local(session) = &self.target
            && scope::is_sending()
            && !session.object.is_registered()
        {
            return Err(ser::Error::custom(scope::refuse(format!(
                "{self:?} is an object of this process that nobody else can reach: export it on a daemon, \
                 daemon.export(..), and pass that proxy. (Calls back over the caller's own connection are not \
                 part of Pyro's protocols.)"
            ))));
        }
        self.reference().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for AnyProxy {
    /// From a reference, or an address. It belongs to the client or daemon that reads it; read elsewhere, it
    /// belongs to nobody, and its calls say so.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ProxyState::deserialize(deserializer).map(scope::bind)
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
