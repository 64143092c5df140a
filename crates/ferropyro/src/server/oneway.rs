//! Oneway calls that go on while their connection takes the next request.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::request::exception_frame;
use super::shared::Control;
use super::slot::Panicked;
use super::{Reply, Slot, buffers, traceback};
use crate::CallContext;

/// How much memory the requests of a connection's running oneway calls may take together before no more of
/// them are taken on, in bytes.
const MAX_BYTES: usize = 64 << 20;

/// A place among the oneway calls that a connection may have running.
#[derive(Debug)]
pub(super) struct Permit {
    control: Arc<Control>,
    max: usize,
    bytes: usize,
}

impl Permit {
    /// A place for one more, whether there is room or not; `bytes` is what its request takes.
    pub(super) fn new(control: &Arc<Control>, max: usize, bytes: usize) -> Self {
        control.oneways.fetch_add(1, Ordering::AcqRel);
        control.oneway_bytes.fetch_add(bytes, Ordering::AcqRel);
        Self { control: Arc::clone(control), max, bytes }
    }
}

impl Control {
    /// Whether there is room for one more oneway call among at most `max`.
    pub(super) fn has_oneway_room(&self, max: usize) -> bool {
        self.oneways.load(Ordering::Acquire) < max && self.oneway_bytes.load(Ordering::Acquire) < MAX_BYTES
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let bytes = self.control.oneway_bytes.fetch_sub(self.bytes, Ordering::AcqRel);
        let calls = self.control.oneways.fetch_sub(1, Ordering::AcqRel);
        // The connection stopped taking requests when there was no room.
        if (calls >= self.max || bytes >= MAX_BYTES)
            && let Some(waker) = self.control.waker.get()
        {
            waker.wake_by_ref();
        }
    }
}

/// Runs a call to its end, or to the daemon's.
pub(super) async fn run(context: CallContext, mut slot: Slot, permit: Permit) {
    let call = poll_fn(|cx| context.enter(|| slot.poll(cx)));
    tokio::select! {
        outcome = call => {
            if let Err(panicked) = outcome {
                // Nobody waits for an answer; this makes the log entry.
                let _ = panicked.into_exception();
            }
        }
        () = aborted(&context) => {}
    }
    drop(permit);
}

/// Waits for the end of the daemon that serves a call.
async fn aborted(context: &CallContext) {
    match context.shared() {
        Some(daemon) => daemon.aborted.cancelled().await,
        None => std::future::pending().await,
    }
}

/// The answer to a call whose method panicked.
pub(super) fn answer_panic(context: &CallContext, panicked: Panicked) -> Reply {
    let exception = traceback::complete(panicked.into_exception(), context, context.method());
    if context.is_oneway() { Reply::nothing() } else { exception_frame(buffers::take(), context, &exception) }
}
