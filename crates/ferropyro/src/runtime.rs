//! The tokio runtime behind a client or a daemon: given by the caller, or its own.
//!
//! There is no global runtime. A handle made inside a runtime uses that one; a handle made outside starts
//! a small one of its own at the first use, so that programs without async need not know of tokio.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, OnceLock};

use tokio::runtime::{Builder, Handle};

use crate::{CallError, Error, Result};

/// How many turns tasks have before the runtime looks at the sockets again.
const EVENT_INTERVAL: u32 = 13;

/// The runtime that a client or daemon runs on. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) enum Runtime {
    /// The one in which the handle was made.
    Given(Handle),
    /// One of its own, started at the first use, one worker thread, shut down with the last clone.
    Own(Arc<OnceLock<Owned>>),
}

/// A runtime that can be dropped anywhere, also inside another runtime.
#[derive(Debug)]
pub(crate) struct Owned(Option<tokio::runtime::Runtime>);

impl Drop for Owned {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

thread_local! {
    /// Whether this thread may park although it belongs to a runtime.
    static MAY_BLOCK: Cell<bool> = const { Cell::new(false) };
}

impl Runtime {
    /// The current runtime, else one of its own.
    pub(crate) fn current_or_own() -> Self {
        Handle::try_current().map_or_else(|_| Self::Own(Arc::default()), Self::Given)
    }

    /// The handle to spawn on and to register sockets with.
    pub(crate) fn handle(&self) -> Result<Handle> {
        match self {
            Self::Given(handle) => Ok(handle.clone()),
            Self::Own(owned) => {
                if owned.get().is_none() {
                    let runtime = Builder::new_multi_thread()
                        .worker_threads(1)
                        .thread_name("ferropyro")
                        // Sockets are looked at this often (turns of tasks) under full load; by default so
                        // seldom that a few busy connections make a new one wait.
                        .event_interval(EVENT_INTERVAL)
                        .enable_all()
                        .build()
                        .map_err(|error| Error::io("cannot start a runtime", error))?;
                    // Another thread may have been faster; its runtime stays and this one is dropped.
                    let _ = owned.set(Owned(Some(runtime)));
                }
                owned
                    .get()
                    .and_then(|owned| owned.0.as_ref())
                    .map(|runtime| runtime.handle().clone())
                    .ok_or_else(|| CallError::Misuse("the runtime is shut down".to_owned()).into_error())
            }
        }
    }

    /// Polls a future inside this runtime, wherever it is awaited: what it makes of sockets and timers
    /// belongs here.
    pub(crate) async fn inside<T, E: From<Error>>(
        &self,
        future: impl Future<Output = std::result::Result<T, E>>,
    ) -> std::result::Result<T, E> {
        let handle = self.handle()?;
        let mut future = pin!(future);
        poll_fn(|cx| {
            let _entered = handle.enter();
            future.as_mut().poll(cx)
        })
        .await
    }

    /// Parks this thread until the future is done.
    ///
    /// # Errors
    /// Inside a runtime, where parking would stall other tasks; the text says what to do instead.
    pub(crate) fn wait<F: Future>(&self, future: F) -> Result<F::Output> {
        if Handle::try_current().is_ok() && !MAY_BLOCK.get() {
            return Err(CallError::Misuse(
                "wait() would park a thread of an async runtime: use .await here, or wrap blocking code in \
                 ferropyro::blocking(|| ..)"
                    .to_owned(),
            )
            .into_error());
        }
        Ok(self.handle()?.block_on(future))
    }
}

impl CallError {
    pub(crate) fn into_error(self) -> Error {
        self.into()
    }
}

/// Runs code that may [`wait`](crate::client::Call::wait) on a thread that belongs to a runtime.
///
/// On a worker of a multi-thread runtime the other tasks of that worker move elsewhere first. On a
/// current-thread runtime there is nowhere to move them.
///
/// # Panics
/// On the thread of a current-thread runtime, as [`tokio::task::block_in_place`] does.
pub fn blocking<T>(code: impl FnOnce() -> T) -> T {
    if Handle::try_current().is_ok() && !MAY_BLOCK.get() {
        tokio::task::block_in_place(|| allow_blocking(code))
    } else {
        code()
    }
}

/// Runs code on a thread where parking harms nobody, such as one of the blocking pool.
pub(crate) fn allow_blocking<T>(code: impl FnOnce() -> T) -> T {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            MAY_BLOCK.set(self.0);
        }
    }
    let _restore = Restore(MAY_BLOCK.replace(true));
    code()
}
