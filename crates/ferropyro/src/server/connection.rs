//! [`Connection`]: one client, from the moment it is accepted to its end.
//!
//! A connection is one task and one future, written by hand so that the call that runs, the socket and the
//! timer are polled side by side, and an idle one holds no buffer. What the bytes mean is the session's
//! business, what a call does is the object's.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use ferropyro_proto::{
    ConnectRequest, Invocation, Malformed, ServerConfig, ServerEvent, ServerSession, SessionError,
};
use ferropyro_value::Value;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::OwnedSemaphorePermit;

use super::correlation::Correlations;
use super::hooks::{Disconnected, Handshake};
use super::inflation::{Inflated, Inflating};
use super::oneway::Permit;
use super::outbox::Outbox;
use super::registry::{LastObject, daemon_error};
use super::reply::{After, Outcome};
use super::request::{Sink, told_exception};
use super::shared::{Control, Phase};
use super::slot::Panicked;
use super::source::{self, Finding, Source};
use super::timer::Timer;
use super::{Object, Reply, Shared, Slot, batch, buffers, dispatch, oneway, traceback};
use crate::CallContext;
use crate::context::{Facts, Link, Origin};
use crate::transport::Stream;

/// How much is read ahead while a call runs, in bytes.
const READ_AHEAD: usize = 64 << 10;
/// How often a connection reads before it is the turn of others.
const MAX_READS: usize = 4;
/// How long a refused client may take to read why.
const LINGER: Duration = Duration::from_secs(2);
/// How much a refused client may still send, in bytes.
const LINGER_BYTES: usize = 1 << 20;

/// One client.
pub(super) struct Connection {
    stream: Stream,
    session: ServerSession,
    link: Arc<Link>,
    daemon: Arc<Shared>,
    control: Arc<Control>,
    /// Why the client is refused, whoever it is.
    denied: Option<String>,
    out: Outbox,
    slot: Slot,
    /// The call that runs in the slot.
    running: Option<CallContext>,
    /// The memory of the last call's context.
    vacant: Option<CallContext>,
    last_object: LastObject,
    /// The object that somebody is looking for, to go on with it.
    seeking: Option<Seeking>,
    correlations: Correlations,
    inflating: Option<Inflating>,
    /// Held until the inflated frame is taken on.
    inflation_place: Option<OwnedSemaphorePermit>,
    timer: Timer,
    /// Since when the client has not read what waits for it.
    blocked: Option<Duration>,
    /// The client sends no more.
    input_ended: bool,
    /// What waits to be sent is the last.
    closing: bool,
    /// The client has had everything, and may read it; how much it may still send, and how long.
    lingering: Option<(usize, Duration)>,
}

/// A search for an object that is not registered, and who waits for it.
struct Seeking {
    finding: Finding,
    asker: Asker,
}

enum Asker {
    /// A client that introduces itself, with what the validator answers it.
    Connect(Box<ConnectRequest>, Value),
    Call {
        context: CallContext,
        batch: bool,
    },
}

/// Whether there is more to do at once.
enum Progress {
    Made,
    None,
}

impl Connection {
    /// A connection that was accepted. `denied` says why it is to be refused, if it is.
    pub(super) fn accepted(
        stream: Stream,
        peer: String,
        denied: Option<String>,
        shared: &Arc<Shared>,
    ) -> Self {
        let session = ServerSession::new(Arc::clone(&shared.config), shared.now());
        let mut connection = Self::new(stream, peer, session, shared);
        connection.denied = denied;
        connection
    }

    /// A connection that came about by other means, on which nobody introduces himself.
    pub(super) fn given(stream: Stream, shared: &Arc<Shared>) -> Self {
        let config = ServerConfig { handshake: false, ..ServerConfig::clone(&shared.config) };
        let session = ServerSession::new(Arc::new(config), shared.now());
        let peer = stream.peer();
        Self::new(stream, peer, session, shared)
    }

    fn new(stream: Stream, peer: String, protocol: ServerSession, shared: &Arc<Shared>) -> Self {
        let control = Arc::<Control>::default();
        let session = shared.enter(&control);
        tracing::debug!(target: "ferropyro::server", peer, session, "connected");
        Self {
            stream,
            session: protocol,
            link: Link::new(peer, session),
            daemon: Arc::clone(shared),
            control,
            denied: None,
            out: Outbox::default(),
            slot: Slot::default(),
            running: None,
            vacant: None,
            last_object: LastObject::default(),
            seeking: None,
            correlations: Correlations::default(),
            inflating: None,
            inflation_place: None,
            timer: Timer::default(),
            blocked: None,
            input_ended: false,
            closing: false,
            lingering: None,
        }
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.daemon
    }

    fn log(&self, what: &str, error: &dyn std::fmt::Display) {
        tracing::debug!(target: "ferropyro::server", peer = self.link.peer, session = self.link.session, %error, "{what}");
    }

    /// Serves until there is nothing to do but wait. Ready when the connection is at its end.
    fn poll_serve(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut reads = 0;
        loop {
            if self.shared().phase() == Phase::Aborted {
                return Poll::Ready(());
            }
            if self.lingering.is_some() {
                return self.poll_linger(cx);
            }
            self.poll_call(cx);
            self.poll_inflate(cx);
            self.poll_seek(cx);
            let caught_up = if self.session.next_is_large() && self.may_take() {
                blocking_others(|| self.take_requests(cx))
            } else {
                self.take_requests(cx)
            };
            self.inflation_place = None;
            if self.poll_send(cx).is_err() {
                return Poll::Ready(());
            }
            if !caught_up && self.may_take() {
                continue;
            }
            if self.out.is_empty() && (self.closing || (caught_up && self.is_over())) {
                if !self.closing {
                    return Poll::Ready(());
                }
                self.lingering = Some((LINGER_BYTES, self.shared().now() + LINGER));
                continue;
            }
            if let Progress::Made = self.poll_input(cx) {
                reads += 1;
                if reads < MAX_READS {
                    continue;
                }
                // A client that never pauses would keep the thread to itself, and others waiting.
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            if self.poll_timer(cx).is_ready() {
                return Poll::Ready(());
            }
            return Poll::Pending;
        }
    }

    /// Whether a call runs, or something is being made ready for the next one.
    fn is_busy(&self) -> bool {
        self.running.is_some() || self.inflating.is_some() || self.seeking.is_some()
    }

    /// Whether nothing will happen any more, once all that was read is answered.
    fn is_over(&self) -> bool {
        !self.is_busy() && (self.input_ended || self.shared().phase() != Phase::Serving)
    }

    /// Whether there is room for another request.
    fn may_take(&self) -> bool {
        !self.is_busy() && !self.closing && !self.out.is_full() && self.may_take_oneway()
    }

    fn poll_call(&mut self, cx: &mut Context<'_>) {
        let Self { running, slot, .. } = self;
        if let Some(context) = running
            && let Poll::Ready(outcome) = context.enter(|| slot.poll(cx))
            && let Some(context) = self.running.take()
        {
            self.finish(context, outcome);
        }
    }

    fn poll_inflate(&mut self, cx: &mut Context<'_>) {
        if let Some(inflating) = &mut self.inflating
            && let Poll::Ready(outcome) = Pin::new(inflating).poll(cx)
        {
            self.inflating = None;
            let Inflated { frame, place } = outcome.unwrap_or_default();
            self.session.resume(frame);
            self.inflation_place = place;
        }
    }

    fn poll_seek(&mut self, cx: &mut Context<'_>) {
        let Some(Seeking { finding, .. }) = &mut self.seeking else { return };
        let Poll::Ready(outcome) = finding.as_mut().poll(cx) else { return };
        let Some(Seeking { asker, .. }) = self.seeking.take() else { return };
        let outcome = source::found(outcome);
        match asker {
            Asker::Connect(request, response) => {
                if let (Ok(object), Some(id)) = (&outcome, &request.object) {
                    // Who asks for it will call it.
                    self.daemon.registry.remember(id, object, &mut self.last_object);
                }
                let object = outcome.map(Some).map_err(|exception| exception.message());
                let outcome = object.and_then(|object| self.accept(&request, &response, object.as_ref()));
                self.refuse_unless(outcome, &request);
            }
            Asker::Call { context, batch } => match outcome {
                Ok(object) => {
                    let last = &mut self.last_object;
                    self.daemon.registry.remember(context.object(), &object, last);
                    self.start(context, &object, batch, cx);
                }
                Err(exception) => self.refuse_call(context, exception),
            },
        }
    }

    /// Looks for an object that is not registered.
    fn seek(&mut self, source: &Source, id: &str, asker: Asker, cx: &mut Context<'_>) {
        self.seeking = Some(Seeking { finding: source.find(id), asker });
        self.poll_seek(cx);
    }

    /// Takes on what was read, one request after the other, as long as they are answered at once. Says
    /// whether that was all.
    fn take_requests(&mut self, cx: &mut Context<'_>) -> bool {
        while self.may_take() {
            match self.session.poll(self.out.buffer()) {
                Ok(Some(ServerEvent::Invoke(invocation))) => self.invoke(invocation, cx),
                Ok(Some(ServerEvent::Malformed(malformed))) => self.answer_malformed(malformed),
                Ok(Some(ServerEvent::Connect(request))) => self.connect(request, cx),
                Ok(Some(ServerEvent::Inflate(frame))) => {
                    self.inflating = Some(self.shared().inflations.start(frame));
                    self.poll_inflate(cx);
                }
                Ok(None) => return true,
                Err(error) => {
                    if error != SessionError::Closed {
                        self.log("the connection is closed", &error);
                    }
                    self.closing = true;
                }
            }
        }
        false
    }

    fn may_take_oneway(&self) -> bool {
        self.control.has_oneway_room(self.shared().limits.max_oneways)
    }

    fn connect(&mut self, mut request: ConnectRequest, cx: &mut Context<'_>) {
        self.correlations.fill(&mut request.head);
        let outcome = self.vet(&request).and_then(|response| {
            let Some(id) = request.object.as_deref().filter(|_| request.wants_metadata) else {
                return self.accept(&request, &response, None);
            };
            match (self.daemon.registry.find(id), self.daemon.hooks.source.clone()) {
                (None, Some(source)) => {
                    let id = id.to_owned();
                    let asker = Asker::Connect(Box::new(request.clone()), response);
                    self.seek(&source, &id, asker, cx);
                    Ok(())
                }
                (None, None) => Err("unknown object".to_owned()),
                (object, _) => self.accept(&request, &response, object.as_ref()),
            }
        });
        self.refuse_unless(outcome, &request);
    }

    /// Tells a client that it is refused, if it is.
    fn refuse_unless(&mut self, outcome: Result<(), String>, request: &ConnectRequest) {
        let Err(reason) = outcome else { return };
        self.log("a client is refused", &reason);
        self.closing = true;
        let annotations = self.shared().connect_annotations();
        let out = self.out.buffer();
        let refused = match self.denied {
            Some(_) => self.session.deny(request, &reason, out),
            None => self.session.refuse(request, &reason, &annotations, out),
        };
        if let Err(error) = refused {
            self.log("a client cannot be told why it is refused", &error);
        }
    }

    /// Judges a client that introduces itself: what it is answered, or why it is refused.
    fn vet(&self, request: &ConnectRequest) -> Result<Value, String> {
        if let Some(denied) = &self.denied {
            return Err(denied.clone());
        }
        let shared = self.shared();
        let dialect = request.head.dialect();
        if shared.config.send.hmac.is_some() && !dialect.has_hmac() {
            return Err(format!(
                "this daemon takes signed messages only (hmac key), which {dialect} does not have"
            ));
        }
        shared.hooks.validate(&Handshake {
            data: &request.handshake,
            object: request.object.as_deref(),
            peer: &self.link.peer,
            dialect,
            annotations: &request.annotations,
        })
    }

    /// Takes a client, and tells it of the object that it asks about.
    fn accept(
        &mut self,
        request: &ConnectRequest,
        response: &Value,
        object: Option<&Arc<dyn Object>>,
    ) -> Result<(), String> {
        let metadata = object.map(|object| object.interface().metadata());
        let annotations = self.shared().connect_annotations();
        let out = self.out.buffer();
        self.session.accept(request, response, metadata, &annotations, out).map_err(|error| error.to_string())
    }

    fn answer_malformed(&mut self, malformed: Malformed) {
        let Malformed { mut head, oneway, exception, close } = malformed;
        self.correlations.fill(&mut head);
        let origin = Origin::Wire { head, callee: None };
        let facts = Facts { origin, oneway, annotations: Default::default() };
        let context = self.context(facts);
        let exception = traceback::complete(exception, &context, "<the request cannot be read>");
        // The rules for exceptions that methods raise are not for these: the session says what is closed.
        let reply = if oneway {
            Reply::nothing()
        } else {
            told_exception(buffers::take(), &context, &exception, After::GoOn)
        };
        self.finish(context, Ok(reply));
        self.closing |= close;
    }

    fn context(&mut self, facts: Facts) -> CallContext {
        match self.vacant.take() {
            Some(vacant) => vacant.renew(facts),
            None => CallContext::new(Arc::clone(&self.link), Some(Arc::clone(&self.daemon)), facts),
        }
    }

    /// Starts a call, and polls it for the first time.
    fn invoke(&mut self, invocation: Invocation, cx: &mut Context<'_>) {
        let Invocation { callee, oneway, batch, annotations, mut head } = invocation;
        self.correlations.fill(&mut head);
        let origin = Origin::Wire { head, callee: Some(callee) };
        let context = self.context(Facts { origin, oneway, annotations });
        if let Some(object) = dispatch::object(&self.daemon, &context, &mut self.last_object) {
            return self.start(context, &object, batch, cx);
        }
        match self.daemon.hooks.source.clone() {
            Some(source) => {
                let id = context.object().to_owned();
                self.seek(&source, &id, Asker::Call { context, batch }, cx);
            }
            None => self.refuse_call(context, daemon_error("unknown object")),
        }
    }

    /// Starts a call of an object, and polls it for the first time.
    fn start(&mut self, context: CallContext, object: &Arc<dyn Object>, batch: bool, cx: &mut Context<'_>) {
        let oneway = context.is_oneway();
        let sink = if oneway { Sink::Nobody } else { Sink::Frame(buffers::take()) };
        let started = if batch {
            self.slot.run(batch::run(context.clone(), Arc::clone(object), sink));
            Ok(())
        } else {
            match dispatch::request(context.clone(), object.interface(), sink) {
                Ok(request) => context.enter(|| self.slot.start(object, request)),
                Err(exception) => return self.refuse_call(context, exception),
            }
        };
        if let Err(panicked) = started {
            return self.finish(context, Err(panicked));
        }
        let slot = &mut self.slot;
        match context.enter(|| slot.poll(cx)) {
            Poll::Ready(outcome) => self.finish(context, outcome),
            Poll::Pending if oneway && !batch => {
                let bytes = context.callee().map_or(0, |callee| callee.payload().len());
                let permit = Permit::new(&self.control, self.shared().limits.max_oneways, bytes);
                let call = oneway::run(context, std::mem::take(&mut self.slot), permit);
                self.shared().tasks.spawn_on(call, &self.shared().runtime);
            }
            Poll::Pending => self.running = Some(context),
        }
    }

    /// Answers a call that cannot be made.
    fn refuse_call(&mut self, context: CallContext, exception: ferropyro_value::Exception) {
        let sink = if context.is_oneway() { Sink::Nobody } else { Sink::Frame(buffers::take()) };
        let reply = dispatch::refused(context.clone(), sink).fail(exception);
        self.finish(context, Ok(reply));
    }

    /// Queues the answer of a call.
    fn finish(&mut self, context: CallContext, outcome: Result<Reply, Panicked>) {
        let reply = outcome.unwrap_or_else(|panicked| oneway::answer_panic(&context, panicked));
        if let Outcome::Frame(answer, after) = reply.0 {
            if after == After::Close || answer.is_empty() {
                buffers::give_back(answer);
            } else {
                self.out.push(answer);
            }
            self.closing |= after != After::GoOn;
        }
        self.vacant = context.vacate();
        if self.shared().config.idle_timeout.is_some() {
            self.session.progress(self.shared().now());
        }
    }

    /// Sends what waits. An error when nobody can read it any more.
    fn poll_send(&mut self, cx: &mut Context<'_>) -> Result<(), ()> {
        if self.out.is_empty() {
            return Ok(());
        }
        match self.out.poll_send(&mut self.stream, cx) {
            Poll::Ready(Ok(())) => {
                self.blocked = None;
                Ok(())
            }
            Poll::Ready(Err(error)) => {
                self.log("the client is gone", &error);
                Err(())
            }
            Poll::Pending => {
                let now = self.shared().now();
                self.blocked.get_or_insert(now);
                Ok(())
            }
        }
    }

    /// Reads, where there is room and anybody to read for.
    fn poll_input(&mut self, cx: &mut Context<'_>) -> Progress {
        if self.closing || self.input_ended || self.shared().phase() != Phase::Serving {
            return Progress::None;
        }
        let waiting = self.session.buffered();
        if waiting == 0 {
            self.session.release();
        } else if waiting >= READ_AHEAD && (self.is_busy() || !self.out.is_empty() || !self.may_take_oneway())
        {
            return Progress::None;
        }
        match buffers::poll_read(Pin::new(&mut self.stream), cx, &mut self.session) {
            Poll::Pending => return Progress::None,
            Poll::Ready(Ok(0)) => {
                self.input_ended = true;
                if let Err(error) = self.session.end_of_stream() {
                    self.log("the client went away", &error);
                }
            }
            Poll::Ready(Ok(_)) => {
                let now = self.shared().now();
                self.session.progress(now);
            }
            Poll::Ready(Err(error)) => {
                self.log("the client went away", &error);
                self.input_ended = true;
            }
        }
        Progress::Made
    }

    /// Ready when the client has taken too long, with whatever it is its turn to do.
    fn poll_timer(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let deadline = match self.blocked {
            Some(since) => Some(since.saturating_add(self.shared().limits.write_timeout)),
            None if self.is_busy() || !self.may_take_oneway() => None,
            None => self.session.deadline(),
        };
        let Some(deadline) = deadline else {
            if self.shared().config.idle_timeout.is_none() {
                self.timer.clear();
            }
            return Poll::Pending;
        };
        ready!(self.timer.poll(self.daemon.instant(deadline), cx));
        if self.blocked.is_some() {
            self.log("the connection is closed", &"the client does not read its answers");
        } else if let Err(error) = self.session.handle_timeout(self.daemon.now()) {
            self.log("the connection is closed", &error);
        }
        Poll::Ready(())
    }

    /// Ends the sending side, and reads and drops what the client still sends: closing at once would make
    /// its system throw away what it has not read yet.
    fn poll_linger(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some((bytes, until)) = &mut self.lingering else { return Poll::Ready(()) };
        if *bytes == LINGER_BYTES && ready!(Pin::new(&mut self.stream).poll_shutdown(cx)).is_err() {
            return Poll::Ready(());
        }
        let mut scratch = [0; 4096];
        loop {
            let mut buffer = ReadBuf::new(&mut scratch);
            match Pin::new(&mut self.stream).poll_read(cx, &mut buffer) {
                Poll::Pending => return self.timer.poll(self.daemon.instant(*until), cx),
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() && *bytes > buffer.filled().len() => {
                    *bytes -= buffer.filled().len();
                }
                Poll::Ready(_) => return Poll::Ready(()),
            }
        }
    }
}

/// Runs code that takes its time. Other connections move to another thread for it, where there is one.
fn blocking_others<T>(code: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(code),
        _ => code(),
    }
}

impl Future for Connection {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        // A task's waker stays the same, so that once is enough.
        self.control.waker.get_or_init(|| cx.waker().clone());
        self.poll_serve(cx)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let Self { daemon, .. } = self;
        let Link { peer, session, instances } = &*self.link;
        daemon.leave(*session);
        daemon.streams.abandon(*session, daemon);
        instances.clear();
        tracing::debug!(target: "ferropyro::server", peer, session, "disconnected");
        if self.session.is_connected() {
            daemon.hooks.tell_disconnected(&Disconnected { peer, session: *session });
        }
    }
}
