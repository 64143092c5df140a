//! [`Deadline`]: how long a call may take, on whatever runtime its client has.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::Context;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::Sleep;

use crate::CallError;

/// The time of a call: it runs from the first time that somebody asks for it, and costs nothing before.
#[derive(Debug)]
pub(super) struct Deadline {
    timeout: Option<Duration>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Deadline {
    /// `None` is no limit.
    pub(super) fn new(timeout: Option<Duration>) -> Self {
        Self { timeout, timer: None }
    }

    /// Begins anew when it is asked for again.
    pub(super) fn reset(&mut self) {
        self.timer = None;
    }

    /// The whole time; none at all where there is no limit.
    pub(super) fn timeout(&self) -> Duration {
        self.timeout.unwrap_or_default()
    }

    /// Whether the time is up. If not, the task is woken when it is.
    ///
    /// # Errors
    /// The runtime has no timers, or none any more. tokio panics then, and cannot be asked before.
    pub(super) fn is_over(
        &mut self,
        cx: &mut Context<'_>,
        runtime: impl FnOnce() -> Result<Handle, CallError>,
    ) -> Result<bool, CallError> {
        let Some(timeout) = self.timeout else { return Ok(false) };
        let timer = match &mut self.timer {
            Some(timer) => timer,
            None => {
                let runtime = runtime()?;
                let _entered = runtime.enter();
                let timer =
                    catch_unwind(|| Box::pin(tokio::time::sleep(timeout))).map_err(|_| no_timers())?;
                self.timer.insert(timer)
            }
        };
        catch_unwind(AssertUnwindSafe(|| timer.as_mut().poll(cx).is_ready())).map_err(|_| runtime_is_gone())
    }
}

fn no_timers() -> CallError {
    CallError::Misuse(
        "a call with a timeout needs the timers of the async runtime, and they are switched off: build it with enable_all()"
            .to_owned(),
    )
}

/// What a caller gets whose client has no runtime any more.
pub(super) fn runtime_is_gone() -> CallError {
    CallError::Misuse("the async runtime of this client has been shut down".to_owned())
}
