//! [`LocalCall`]: one request to an object of this process, which is called directly.
//!
//! It behaves as a call over a connection does, without codec or socket: what a caller gives up goes on to its
//! end, a oneway call is not waited for, a panic is an exception. Arguments and results of the types that both
//! sides expect pass as they are.

use std::any::TypeId;
use std::future::poll_fn;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use ferropyro_value::call::Positional;
use tokio::runtime::Handle;

use super::deadline::Deadline;
use super::exchange::{Ask, Became, Outcome, Plain, Request, is_attribute, is_method};
use super::target::{Found, LocalSession};
use crate::context::{Facts, Origin};
use crate::server::{self, Given, LocalAnswer, Object, RequestKind, Shared, Sink, Slot, Typed};
use crate::{CallContext, CallError};

/// A request on its way to an object of this process.
pub(super) struct LocalCall<A> {
    session: Arc<LocalSession>,
    stage: Stage<A>,
    /// The type that the caller expects.
    expects: TypeId,
    deadline: Deadline,
}

enum Stage<A> {
    Start(Box<Request<Plain<A>>>),
    Running(Running),
    Over,
}

/// A call that has begun.
struct Running {
    context: CallContext,
    slot: Slot,
    daemon: Option<Arc<Shared>>,
    /// Where it goes on when nobody waits for it any more.
    runtime: Handle,
}

impl<A: Positional> LocalCall<A> {
    pub(super) fn new(session: Arc<LocalSession>, request: Request<Plain<A>>, expects: TypeId) -> Self {
        let deadline = Deadline::new(request.timeout);
        Self { session, stage: Stage::Start(Box::new(request)), expects, deadline }
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Outcome, CallError>> {
        if let Stage::Start(_) = &self.stage
            && let Stage::Start(request) = std::mem::replace(&mut self.stage, Stage::Over)
        {
            match self.start(*request) {
                Ok(Some(running)) => self.stage = Stage::Running(running),
                Ok(None) => return Poll::Ready(Ok(Outcome::done())),
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
        let Stage::Running(running) = &mut self.stage else { return Poll::Pending };
        let runtime = running.runtime.clone();
        let _entered = runtime.enter();
        if let Poll::Ready(answer) = running.poll(cx) {
            let annotations = running.context.take_response_annotations();
            self.stage = Stage::Over;
            return Poll::Ready(Ok(Outcome(Became::Answered(answer, annotations))));
        }
        match self.deadline.is_over(cx, || Ok(runtime.clone())) {
            Ok(false) => return Poll::Pending,
            Ok(true) => {}
            Err(error) => return Poll::Ready(Err(error)),
        }
        self.leave();
        let peer = self.session.object.uri.to_string();
        Poll::Ready(Err(CallError::Timeout { peer, after: self.deadline.timeout(), behind: None }))
    }

    /// Begins the call; `None` where nobody waits for its end.
    fn start(&self, request: Request<Plain<A>>) -> Result<Option<Running>, CallError> {
        let runtime = self.session.client.runtime().handle()?;
        let Found { object, daemon } = self.session.object.find()?;
        let (kind, index, oneway) = self.member(&request, &*object)?;
        if request.blob.is_some() {
            return Err(CallError::Unsupported(format!(
                "{} is an object of this process, to which nothing is sent, so that a blob has no meaning",
                self.session.object.uri
            )));
        }
        let correlation =
            request.correlation.or_else(|| crate::context().map(|context| context.correlation_id()));
        let origin = Origin::Local {
            object: Arc::clone(&self.session.object.id),
            method: request.name.clone(),
            correlation: correlation.map_or_else(OnceLock::new, OnceLock::from),
        };
        let facts = Facts { origin, oneway, annotations: request.annotations };
        let context = CallContext::new(Arc::clone(&self.session.link), daemon.clone(), facts);
        let Plain { positional, keyword } = request.payload;
        let given =
            Given::Typed(Typed { name: request.name, positional: Box::new(Some(positional)), keyword });
        let sink = if oneway { Sink::Nobody } else { Sink::Local(self.expects) };
        let request = server::Request::new(context.clone(), kind, index, given, sink);
        let mut slot = Slot::default();
        {
            let _entered = runtime.enter();
            slot.begin(&context, &object, request);
        }
        let running = Running { context, slot, daemon, runtime };
        if !oneway {
            return Ok(Some(running));
        }
        running.go_on();
        Ok(None)
    }

    /// Which member a request means, and whether nobody waits for it.
    fn member(
        &self,
        request: &Request<Plain<A>>,
        object: &dyn Object,
    ) -> Result<(RequestKind, usize, bool), CallError> {
        let (interface, name) = (object.interface(), &*request.name);
        let (kind, what) = match request.ask {
            Ask::Get => (RequestKind::GetAttribute, "attribute or method"),
            Ask::Set => (RequestKind::SetAttribute, "attribute"),
            Ask::Method | Ask::Daemon | Ask::Batch | Ask::Ping => {
                (RequestKind::Method, "attribute or method")
            }
        };
        let found = match kind {
            RequestKind::Method => interface.find_method(name).map(|(index, info)| (index, info.oneway)),
            RequestKind::GetAttribute | RequestKind::SetAttribute => {
                let setting = kind == RequestKind::SetAttribute;
                if interface.find_attribute(name).is_some() {
                    // One that is there and may not be read, or set, is the object's to refuse.
                    let index = server::attribute_index(name, setting, interface)?;
                    Some((index, false))
                } else {
                    None
                }
            }
        };
        let (index, oneway) = found.ok_or_else(|| {
            let uri = &self.session.object.uri;
            match kind {
                RequestKind::Method if interface.find_attribute(name).is_some() => is_attribute(name, uri),
                RequestKind::GetAttribute if interface.find_method(name).is_some() => is_method(name, uri),
                RequestKind::Method | RequestKind::GetAttribute | RequestKind::SetAttribute => {
                    CallError::NoSuchMember { uri: uri.to_string(), what, name: name.to_owned() }
                }
            }
        })?;
        Ok((kind, index, oneway || request.oneway))
    }
}

impl<A> LocalCall<A> {
    /// Nobody waits any more: what has begun goes on to its end, as it would elsewhere.
    fn leave(&mut self) {
        if let Stage::Running(running) = std::mem::replace(&mut self.stage, Stage::Over) {
            running.go_on();
        }
    }
}

impl Running {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<LocalAnswer> {
        let Self { context, slot, .. } = self;
        context.enter(|| slot.poll_local(context, cx))
    }

    fn go_on(mut self) {
        let daemon = self.daemon.take();
        let runtime = self.runtime.clone();
        let rest = async move {
            poll_fn(|cx| self.poll(cx)).await;
        };
        match daemon {
            // It waits for the call when it ends.
            Some(daemon) => daemon.spawn(rest),
            None => drop(runtime.spawn(rest)),
        }
    }
}

impl<A> Drop for LocalCall<A> {
    fn drop(&mut self) {
        self.leave();
    }
}
