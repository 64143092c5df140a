//! [`Exchange`]: one request on its way to another process, from finding a connection to the answer.
//!
//! It is the future below every kind of call, and holds no state that the connection needs: it may be
//! dropped at any point. What the answer means is not known here.

use std::borrow::Cow;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use ferropyro_proto::{Annotations, BLOB_INFO, Blob, BlobInfo, CallParams, Flags, Reply};
use ferropyro_value::call::Positional;
use ferropyro_value::{Codec, Dict, EncodeError, Flavor, Uri, Uuid, Value, call};

use super::deadline::Deadline;
use super::link::{Answer, Sent};
use super::members::Member;
use super::session::{Bound, Connecting, Session};
use super::slots::Ticket;
use crate::server::LocalAnswer;
use crate::{Arguments, CallError, Ran, scope};

/// The object that every daemon has for its own methods.
pub(super) const DAEMON: &str = "Pyro.Daemon";

/// How many connections may turn out to be over before a call gives up on sending.
const ATTEMPTS: u8 = 3;

/// What a request carries, in whatever form: it writes itself when the connection, and with it the dialect, is
/// known.
pub(crate) trait Payload: Send {
    /// Writes the whole payload behind what `out` holds already.
    ///
    /// # Errors
    /// Something in it has no form in the codec.
    fn encode(&self, callee: &Callee<'_>, out: &mut Vec<u8>) -> Result<(), EncodeError>;
}

/// Whom a payload is for, and in which language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Callee<'a> {
    pub(crate) codec: Codec,
    pub(crate) flavor: &'static Flavor,
    pub(crate) object: &'a str,
    pub(crate) method: &'a str,
    /// The attribute, in an access to one.
    pub(crate) attribute: Option<&'a str>,
}

/// The arguments of a call.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plain<A> {
    pub(crate) positional: A,
    pub(crate) keyword: Dict,
}

impl<A> Plain<A> {
    pub(crate) fn positional(positional: A) -> Self {
        Self { positional, keyword: Dict::new() }
    }
}

impl From<Arguments> for Plain<Vec<Value>> {
    fn from(arguments: Arguments) -> Self {
        let (positional, keyword) = arguments.into_parts();
        Self { positional, keyword }
    }
}

impl<A: Positional> Payload for Plain<A> {
    fn encode(&self, callee: &Callee<'_>, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let Callee { codec, flavor, object, method, attribute } = *callee;
        let keyword = Some(&self.keyword).filter(|_| attribute.is_none());
        let arguments = call::Typed { attribute, positional: &self.positional, keyword };
        call::encode_call_with(codec, flavor, object, method, &arguments, out)
    }
}

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// A method of the object.
    Method,
    /// A method of the object's daemon.
    Daemon,
    /// An attribute's value.
    Get,
    /// To set an attribute.
    Set,
    /// Many calls at once.
    Batch,
    /// A sign of life.
    Ping,
}

/// A blob to send (wire protocol §3.8).
#[derive(Clone, Debug)]
pub(crate) enum Undecoded {
    /// The arguments of the call, and what they are about.
    Arguments(Value),
    /// What came in another call, sent on as it is.
    Passed(Blob),
}

/// A request that has not been sent.
#[derive(Clone, Debug)]
pub(crate) struct Request<P> {
    pub(super) ask: Ask,
    /// The method or attribute.
    pub(super) name: Cow<'static, str>,
    pub(super) payload: P,
    pub(super) codec: Codec,
    pub(super) annotations: Annotations,
    pub(super) correlation: Option<Uuid>,
    /// Where the method gets its arguments undecoded.
    pub(super) blob: Option<Box<Undecoded>>,
    /// Whether no answer is wanted, whatever the method is marked as.
    pub(super) oneway: bool,
    /// Whether the name is left for the daemon to judge.
    pub(super) unchecked: bool,
    /// Whether a request without answer is done only when it is written.
    pub(super) flush: bool,
    pub(super) timeout: Option<Duration>,
    /// How often it may be repeated.
    pub(super) retries: u32,
}

/// What became of a request.
#[derive(Debug)]
pub struct Outcome(pub(super) Became);

#[derive(Debug)]
pub(super) enum Became {
    /// The daemon replied.
    Replied(Reply, Arc<Bound>),
    /// The object, which is in this process, answered.
    Answered(LocalAnswer, Annotations),
    /// No answer is awaited, or there is nothing in it.
    Done,
}

impl Outcome {
    fn replied(reply: Reply, bound: Arc<Bound>) -> Self {
        Self(Became::Replied(reply, bound))
    }

    pub(super) const fn done() -> Self {
        Self(Became::Done)
    }
}

/// A request on its way.
#[derive(Debug)]
pub(super) struct Exchange<P> {
    session: Arc<Session>,
    request: Request<P>,
    stage: Stage,
    deadline: Deadline,
    /// How many connections were tried.
    attempts: u8,
}

enum Stage {
    Start,
    Connecting(Connecting),
    Ready(Arc<Bound>),
    Waiting(Arc<Bound>, Ticket),
    Flushing(Arc<Bound>, Range<u64>),
    Over,
}

impl<P: Payload> Exchange<P> {
    pub(super) fn new(session: Arc<Session>, request: Request<P>) -> Self {
        let deadline = Deadline::new(request.timeout);
        Self { session, request, stage: Stage::Start, deadline, attempts: 0 }
    }

    /// Goes one step; nothing if it must wait.
    fn step(&mut self, cx: &mut Context<'_>) -> Result<Option<Outcome>, CallError> {
        loop {
            match &mut self.stage {
                Stage::Start => {
                    self.stage = match self.session.bound() {
                        Some(bound) => Stage::Ready(bound),
                        None => Stage::Connecting(self.session.connect()),
                    };
                }
                Stage::Connecting(connecting) => match connecting.as_mut().poll(cx) {
                    Poll::Ready(bound) => {
                        self.attempts += 1;
                        self.stage = Stage::Ready(bound?);
                    }
                    Poll::Pending => return Ok(None),
                },
                Stage::Ready(bound) => {
                    let sent = self.request.send(cx, &self.session, bound)?;
                    if matches!(sent, Sent::Full) {
                        return Ok(None);
                    }
                    let Stage::Ready(bound) = std::mem::replace(&mut self.stage, Stage::Over) else {
                        return Ok(None);
                    };
                    match sent {
                        Sent::Waiting(ticket) => self.stage = Stage::Waiting(bound, ticket),
                        Sent::Queued(part) if self.request.flush => {
                            self.stage = Stage::Flushing(bound, part);
                        }
                        Sent::Queued(_) => return Ok(Some(Outcome::done())),
                        Sent::Full => return Ok(None),
                        Sent::Over(error) => {
                            self.session.forget(&bound);
                            if self.attempts >= ATTEMPTS {
                                return Err(error);
                            }
                            self.stage = Stage::Start;
                        }
                        // The peer is not to blame, so that this counts as no attempt: others who share the
                        // proxy may release it as often as they like.
                        Sent::Retired => {
                            self.session.forget(&bound);
                            self.attempts = self.attempts.saturating_sub(1);
                            self.stage = Stage::Start;
                        }
                    }
                }
                Stage::Waiting(bound, ticket) => match bound.link.poll_answer(cx, *ticket) {
                    Poll::Ready(Ok(answer)) => {
                        let Stage::Waiting(bound, _) = std::mem::replace(&mut self.stage, Stage::Over) else {
                            return Ok(None);
                        };
                        return Ok(Some(match answer {
                            Answer::Reply(reply) => Outcome::replied(reply, bound),
                            Answer::Pong => Outcome::done(),
                        }));
                    }
                    Poll::Ready(Err(error)) => {
                        self.session.forget(bound);
                        self.again(error)?;
                    }
                    Poll::Pending => return Ok(None),
                },
                Stage::Flushing(bound, part) => match bound.link.poll_flush(cx, part) {
                    Poll::Ready(Ok(())) => return Ok(Some(Outcome::done())),
                    Poll::Ready(Err(error)) => {
                        self.session.forget(bound);
                        self.again(error)?;
                    }
                    Poll::Pending => return Ok(None),
                },
                Stage::Over => return Ok(None),
            }
        }
    }

    /// Starts again after a failure, where that is allowed.
    fn again(&mut self, error: CallError) -> Result<(), CallError> {
        // A connection that ended while it was idle: nothing of the request was written, so that calling
        // again is no repetition.
        let stale = matches!(error, CallError::Closed { ran: Ran::Never, .. }) && self.attempts == 0;
        let failed = matches!(error, CallError::Closed { .. } | CallError::Timeout { .. });
        if failed && self.request.ask == Ask::Method && self.request.retries > 0 {
            self.request.retries -= 1;
            self.deadline.reset();
        } else if !stale {
            return Err(error);
        }
        self.stage = Stage::Start;
        Ok(())
    }

    /// Whether the time is up; sets the clock at first.
    fn is_late(&mut self, cx: &mut Context<'_>) -> Result<bool, CallError> {
        self.deadline.is_over(cx, || Ok(self.session.client().runtime().handle()?))
    }

    fn too_late(&mut self) -> CallError {
        let after = self.deadline.timeout();
        let (peer, behind) = match &self.stage {
            Stage::Waiting(bound, ticket) => {
                let behind = bound.link.ahead_of(*ticket).map(|method| format!("{}.{method}", bound.object));
                bound.link.leave(*ticket);
                // What is owed to this call would hold up the ones behind it.
                self.session.forget(bound);
                (bound.link.peer().to_owned(), behind)
            }
            _ => (self.session.reference().uri.to_string(), None),
        };
        self.stage = Stage::Over;
        CallError::Timeout { peer, after, behind }
    }
}

// Nothing in it is pinned: what it polls is boxed, or belongs to the connection.
impl<P> Unpin for Exchange<P> {}

impl<P: Payload> Exchange<P> {
    pub(super) fn poll_outcome(&mut self, cx: &mut Context<'_>) -> Poll<Result<Outcome, CallError>> {
        loop {
            match self.step(cx) {
                Ok(Some(outcome)) => {
                    self.stage = Stage::Over;
                    return Poll::Ready(Ok(outcome));
                }
                Err(error) => {
                    self.stage = Stage::Over;
                    return Poll::Ready(Err(error));
                }
                Ok(None) => match self.is_late(cx) {
                    Ok(false) => return Poll::Pending,
                    Ok(true) => {
                        let error = self.too_late();
                        if let Err(error) = self.again(error) {
                            return Poll::Ready(Err(error));
                        }
                    }
                    Err(error) => return Poll::Ready(Err(error)),
                },
            }
        }
    }
}

impl<P: Payload> Future for Exchange<P> {
    type Output = Result<Outcome, CallError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.get_mut().poll_outcome(cx)
    }
}

impl<P> Drop for Exchange<P> {
    fn drop(&mut self) {
        if let Stage::Waiting(bound, ticket) = &self.stage {
            bound.link.leave(*ticket);
        }
    }
}

impl<P: Payload> Request<P> {
    fn send(&self, cx: &mut Context<'_>, session: &Session, bound: &Bound) -> Result<Sent, CallError> {
        if self.ask == Ask::Ping {
            return bound.link.ping(cx);
        }
        let oneway = self.oneway || self.check(session, bound)?;
        let flags = Flags::NONE
            .with(Flags::ONEWAY, oneway)
            .with(Flags::BATCH, self.ask == Ask::Batch)
            .with(Flags::KEEP_SERIALIZED, self.blob.is_some());
        let correlation =
            self.correlation.or_else(|| crate::context().map(|context| context.correlation_id()));
        let object = if self.ask == Ask::Daemon { DAEMON } else { &*bound.object };
        let (method, attribute) = match self.ask {
            Ask::Get => ("__getattr__", Some(&*self.name)),
            Ask::Set => ("__setattr__", Some(&*self.name)),
            Ask::Batch => (call::BATCH_METHOD, None),
            Ask::Method | Ask::Daemon | Ask::Ping => (&*self.name, None),
        };
        let mut annotations = self.annotations.clone();
        let mut written = None;
        if let Some(blob) = &self.blob {
            let dialect = bound.link.dialect();
            let info = match &**blob {
                Undecoded::Arguments(info) => info.clone(),
                Undecoded::Passed(blob) if blob.dialect != dialect => {
                    return Err(CallError::Unsupported(format!(
                        "the blob came from a {} caller, and this call would reach {} in {dialect}, while a blob is \
                         passed on as it is: use a client that speaks the blob's dialect (ClientBuilder::dialect), \
                         or decode the blob and call with what it holds",
                        blob.dialect,
                        session.reference().uri,
                    )));
                }
                Undecoded::Passed(blob) => {
                    written = Some(&blob.payload);
                    blob.about.info.clone()
                }
            };
            let about = BlobInfo { info, object: object.to_owned(), method: method.to_owned() };
            annotations.insert(BLOB_INFO, about.encode(dialect)?);
        }
        let params = CallParams { codec: self.codec, flags, annotations, correlation };
        let sent = bound.link.send(cx, self.name.clone(), &params, |out, codec, flavor| {
            if let Some(written) = written {
                out.extend_from_slice(written);
                return Ok(());
            }
            let callee = Callee { codec, flavor, object, method, attribute };
            scope::sending(|| self.payload.encode(&callee, out))
        });
        match sent {
            // What cannot be sent because of what it is, and not because of how it is written.
            Err(CallError::Encode(error)) => match scope::take_refusal() {
                Some(reason) => Err(CallError::Unsupported(reason)),
                None => Err(CallError::Encode(error)),
            },
            other => other,
        }
    }

    /// Checks the name against what the daemon said of the object; gives whether it is oneway there.
    fn check(&self, session: &Session, bound: &Bound) -> Result<bool, CallError> {
        let member = bound.members.get(&self.name);
        if self.unchecked {
            return Ok(matches!(member, Some(Member::Method { oneway: true })));
        }
        let what = match (self.ask, member) {
            (Ask::Daemon | Ask::Batch | Ask::Ping, _) | (Ask::Get | Ask::Set, Some(Member::Attribute)) => {
                return Ok(false);
            }
            (Ask::Method, Some(Member::Method { oneway })) => return Ok(oneway),
            (Ask::Method, Some(Member::Attribute)) => {
                return Err(is_attribute(&self.name, &session.reference().uri));
            }
            (Ask::Get, Some(Member::Method { .. })) => {
                return Err(is_method(&self.name, &session.reference().uri));
            }
            (Ask::Method | Ask::Get, _) => "attribute or method",
            (Ask::Set, _) => "attribute",
        };
        let (uri, name) = (session.reference().uri.to_string(), self.name.to_string());
        Err(CallError::NoSuchMember { uri, what, name })
    }
}

/// What a caller gets who calls an attribute.
pub(super) fn is_attribute(name: &str, uri: &Uri) -> CallError {
    CallError::Misuse(format!(
        "'{name}' is an attribute of {uri}: read it with get(\"{name}\"), or declare it with #[attr]"
    ))
}

/// What a caller gets who reads a method.
pub(super) fn is_method(name: &str, uri: &Uri) -> CallError {
    CallError::Misuse(format!(
        "'{name}' is a method of {uri}, not an attribute: call it, or declare it without #[attr]"
    ))
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Start => "Start",
            Self::Connecting(_) => "Connecting",
            Self::Ready(_) => "Ready",
            Self::Waiting(..) => "Waiting",
            Self::Flushing(..) => "Flushing",
            Self::Over => "Over",
        })
    }
}
