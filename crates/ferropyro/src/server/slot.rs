//! [`Slot`]: where a call runs. A connection owns one and uses it again for each call.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use ferropyro_value::Exception;
use tokio::task::JoinHandle;
use tokio_util::sync::ReusableBoxFuture;

use super::{LocalAnswer, Object, Reply, Request, traceback};
use crate::CallContext;
use crate::runtime::allow_blocking;

/// Where a call runs: the answer itself, a future in memory that the connection uses again, or a thread.
///
/// No task, channel or allocation is needed for a call whose future has the layout of the one before.
#[derive(Default)]
pub struct Slot {
    work: Work,
    /// Kept between calls for its memory.
    future: Option<ReusableBoxFuture<'static, Reply>>,
}

#[derive(Default)]
enum Work {
    #[default]
    Nothing,
    Done(Reply),
    /// In `Slot::future`.
    Future,
    Thread(JoinHandle<Reply>),
}

/// What a panicking method said.
#[derive(Debug)]
pub(crate) struct Panicked(pub(crate) String);

impl Panicked {
    fn new(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
        Self(text.unwrap_or_else(|| "the method panicked".to_owned()))
    }
}

impl Panicked {
    /// What the caller gets, who cannot know what a panic is.
    pub(super) fn into_exception(self) -> Exception {
        tracing::warn!(target: "ferropyro::server::call", panic = self.0, "a method panicked");
        Exception::new("RuntimeError", self.0)
    }
}

impl Panicked {
    fn into_reply(self, context: &CallContext) -> Reply {
        Reply::raised(traceback::complete(self.into_exception(), context, context.method()))
    }
}

impl Slot {
    /// Answers at once.
    pub fn ready(&mut self, reply: Reply) {
        self.work = Work::Done(reply);
    }

    /// Answers when the future is done. It is polled on the connection's own task.
    pub fn run(&mut self, future: impl Future<Output = Reply> + Send + 'static) {
        match &mut self.future {
            Some(slot) => slot.set(future),
            None => self.future = Some(ReusableBoxFuture::new(future)),
        }
        self.work = Work::Future;
    }

    /// Answers when the code returns. It runs on a thread where it may block and use `wait()`.
    pub fn block(&mut self, code: impl FnOnce() -> Reply + Send + 'static) {
        let context = crate::context();
        let code = move || match context {
            Some(context) => context.enter(|| allow_blocking(code)),
            None => allow_blocking(code),
        };
        self.work = Work::Thread(tokio::task::spawn_blocking(code));
    }

    /// Hands a request to an object; an error when it panicked at once.
    pub(super) fn start(&mut self, object: &Arc<dyn Object>, request: Request) -> Result<(), Panicked> {
        let object = Arc::clone(object);
        catch_unwind(AssertUnwindSafe(|| object.dispatch(request, self))).map_err(|panic| {
            self.work = Work::Nothing;
            Panicked::new(&*panic)
        })
    }

    /// Hands a request of a caller in this process to an object; a panic at once is its answer.
    pub(crate) fn begin(&mut self, context: &CallContext, object: &Arc<dyn Object>, request: Request) {
        if let Err(panicked) = context.enter(|| self.start(object, request)) {
            self.ready(panicked.into_reply(context));
        }
    }

    /// Polls a call of a caller in this process. A panic is an exception of the method's.
    pub(crate) fn poll_local(&mut self, context: &CallContext, cx: &mut Context<'_>) -> Poll<LocalAnswer> {
        self.poll(cx).map(|outcome| outcome.unwrap_or_else(|panicked| panicked.into_reply(context)).0)
    }

    /// Polls the call; an error when the method panicked.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Reply, Panicked>> {
        let outcome = match &mut self.work {
            Work::Nothing => return Poll::Ready(Err(Panicked("the object gave no answer".to_owned()))),
            Work::Done(_) => match std::mem::take(&mut self.work) {
                Work::Done(reply) => Ok(reply),
                _ => Err(Panicked("the object gave no answer".to_owned())),
            },
            Work::Future => {
                let Some(future) = &mut self.future else {
                    return Poll::Ready(Err(Panicked("the object gave no answer".to_owned())));
                };
                match catch_unwind(AssertUnwindSafe(|| future.poll(cx))) {
                    Ok(Poll::Pending) => return Poll::Pending,
                    Ok(Poll::Ready(reply)) => Ok(reply),
                    Err(panic) => {
                        // The future is poisoned: drop it, and its memory with it.
                        self.future = None;
                        Err(Panicked::new(&*panic))
                    }
                }
            }
            Work::Thread(thread) => match Pin::new(thread).poll(cx) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(reply)) => Ok(reply),
                Poll::Ready(Err(error)) => Err(match error.try_into_panic() {
                    Ok(panic) => Panicked::new(&*panic),
                    Err(_) => Panicked("the daemon is shutting down".to_owned()),
                }),
            },
        };
        self.work = Work::Nothing;
        Poll::Ready(outcome)
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let work = match self.work {
            Work::Nothing => "nothing",
            Work::Done(_) => "done",
            Work::Future => "future",
            Work::Thread(_) => "thread",
        };
        f.debug_tuple("Slot").field(&work).finish()
    }
}
