//! The task that drives a link for several callers at once.
//!
//! It reads, writes and wakes; it knows no more of calls than that they wait.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::Link;
use super::state::State;

/// How often in a row the task may find one caller alone before it leaves the link to it.
const CALM: u8 = 8;

/// Who drives a link.
#[derive(Debug)]
pub(super) enum Driver {
    /// None: a caller that is alone drives.
    None,
    /// A task that has been started, and has not been polled yet.
    Started,
    /// A task that waits.
    Waiting(Waker),
}

/// The task that drives a link.
struct DriverTask {
    link: Arc<Link>,
    /// How often in a row it found at most one caller waiting.
    calm: u8,
    phase: Phase,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    New,
    Running,
    Done,
}

/// Has a task drive the link from now on; tells it of news if there is one. `state` is the link's own.
pub(super) fn start_driver(link: &Arc<Link>, state: &mut State) {
    match std::mem::replace(&mut state.driver, Driver::Started) {
        Driver::None => {
            let mut task = DriverTask { link: Arc::clone(link), calm: 0, phase: Phase::New };
            let task = link.runtime.spawn(poll_fn(move |cx| task.poll(cx)));
            if task.is_finished() {
                // It cannot have run, since it needs the lock: the runtime has been shut down.
                state.driver = Driver::None;
            }
        }
        Driver::Started => {}
        Driver::Waiting(waker) => waker.wake(),
    }
}

impl DriverTask {
    /// Drives until the link is over, idle, or left to one caller.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.phase = Phase::Running;
        let mut wakers = Vec::new();
        let outcome = {
            let mut guard = self.link.lock();
            let state = &mut *guard;
            state.drive(cx, &mut wakers, None);
            state.release(self.link.max_pipelined, &mut wakers);
            let waiting = state.slots.waiting();
            let quiet = state.unsent() == 0 && state.crowd.is_empty() && state.flushers.is_empty();
            self.calm = if quiet && waiting <= 1 { self.calm.saturating_add(1) } else { 0 };
            if state.end.is_some() || (quiet && waiting == 0 && self.calm > 1) || self.calm > CALM {
                self.phase = Phase::Done;
                state.leave_to_callers(&mut wakers);
                Poll::Ready(())
            } else {
                if waiting == 0 && quiet {
                    // Those who just got their answers may call again at once: look once more after them.
                    cx.waker().wake_by_ref();
                }
                state.driver = Driver::Waiting(cx.waker().clone());
                Poll::Pending
            }
        };
        wakers.into_iter().for_each(Waker::wake);
        outcome
    }
}

impl Drop for DriverTask {
    /// A task that is dropped before its end is one whose runtime shuts down.
    fn drop(&mut self) {
        let state = match self.phase {
            // Perhaps dropped by the very call that started it, which has the lock.
            Phase::New => self.link.state.try_lock().ok(),
            Phase::Running => Some(self.link.lock()),
            Phase::Done => None,
        };
        let mut wakers = Vec::new();
        if let Some(mut state) = state {
            // The last chance of oneway calls that wait to be written.
            let _ = state.write(&mut Context::from_waker(Waker::noop()));
            state.leave_to_callers(&mut wakers);
        }
        wakers.into_iter().for_each(Waker::wake);
    }
}
