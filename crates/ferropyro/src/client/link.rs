//! [`Link`]: one connection, shared by all calls that run on it.
//!
//! All state of reading and writing lives here, so that a caller that goes away leaves no torn frame and no
//! answer behind for the wrong call. A caller that is alone on the link drives it by itself: no task and no
//! channel stands between it and the socket. As soon as there are more, a task drives the link for all of
//! them, writes what they send together, and ends when they are gone. How a link comes to be is the
//! business of `connect`, and which object a call means that of the session.

mod driver;
mod state;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use ferropyro_proto::{CallParams, ClientSession, Dialect, Flags, Reply, SendError};
use ferropyro_value::{Codec, EncodeError, Flavor};
use tokio::runtime::Handle;

use driver::{Driver, start_driver};
use state::State;

use super::slots::Ticket;
use crate::transport::Stream;
use crate::{CallError, Ran};

/// How much of oneway calls is gathered before it is written.
const GATHER: usize = 32 << 10;

/// A connection and the calls on it.
#[derive(Debug)]
pub(super) struct Link {
    peer: String,
    dialect: Dialect,
    runtime: Handle,
    max_pipelined: usize,
    state: Mutex<State>,
}

/// What came for a call.
#[derive(Debug)]
pub(super) enum Answer {
    /// The reply to an invocation.
    Reply(Reply),
    /// The reply to a ping.
    Pong,
}

/// What became of a request to send.
pub(super) enum Sent {
    /// It waits for its answer under this ticket.
    Waiting(Ticket),
    /// It has no answer, and is here in everything that the link ever writes.
    Queued(Range<u64>),
    /// There is no room now; the caller is woken when there is.
    Full,
    /// The link is over: nothing was sent, and another link is needed.
    Over(CallError),
    /// The same, where nothing is wrong with the peer: somebody on this side let the link go.
    Retired,
}

impl Link {
    pub(super) fn new(
        peer: String,
        stream: Stream,
        session: ClientSession,
        runtime: Handle,
        max_pipelined: usize,
    ) -> Self {
        let state = State::new(stream, session);
        let dialect = state.session.dialect();
        Self { peer, dialect, runtime, max_pipelined: max_pipelined.max(1), state: Mutex::new(state) }
    }

    pub(super) fn peer(&self) -> &str {
        &self.peer
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The number of the last call.
    pub(super) fn seq(&self) -> u16 {
        self.lock().session.seq()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(start) = state.encoding.take() {
            state.out.truncate(start);
        }
        state
    }

    /// Queues a call. Nothing is written yet: [`poll_answer`](Self::poll_answer) or
    /// [`poll_flush`](Self::poll_flush) does that, or a task when others are on the link too.
    pub(super) fn send(
        self: &Arc<Self>,
        cx: &mut Context<'_>,
        method: Cow<'static, str>,
        params: &CallParams,
        encode: impl FnOnce(&mut Vec<u8>, Codec, &'static Flavor) -> Result<(), EncodeError>,
    ) -> Result<Sent, CallError> {
        let oneway = params.flags.contains(Flags::ONEWAY);
        self.queue(cx, method, oneway, |session, out| session.invoke(params, out, encode).map(|_| ()))
    }

    /// Queues a ping.
    pub(super) fn ping(self: &Arc<Self>, cx: &mut Context<'_>) -> Result<Sent, CallError> {
        self.queue(cx, Cow::Borrowed("ping"), false, ClientSession::ping)
    }

    fn queue(
        self: &Arc<Self>,
        cx: &mut Context<'_>,
        method: Cow<'static, str>,
        oneway: bool,
        write: impl FnOnce(&mut ClientSession, &mut Vec<u8>) -> Result<(), SendError>,
    ) -> Result<Sent, CallError> {
        let mut guard = self.lock();
        let state = &mut *guard;
        if state.slots.waiting() == 0 && state.unsent() == 0 && state.end.is_none() {
            // Has the server closed the idle connection? Asks the system only if something has happened.
            // Nobody is there to be woken.
            state.drive(cx, &mut Vec::new(), None);
            if !matches!(state.driver, Driver::None) {
                // The socket knows one reader only, which is this caller now.
                start_driver(self, state);
            }
        }
        if let Some(end) = &state.end {
            return Ok(Sent::Over(end.error(&self.peer, Ran::Never)));
        }
        if state.retired {
            return Ok(Sent::Retired);
        }
        if !state.has_room(self.max_pipelined) {
            if !state.crowd.last().is_some_and(|last| last.will_wake(cx.waker())) {
                state.crowd.push(cx.waker().clone());
            }
            start_driver(self, state);
            return Ok(Sent::Full);
        }
        let start = state.out.len();
        state.encoding = Some(start);
        let outcome = write(&mut state.session, &mut state.out);
        state.encoding = None;
        if let Err(error) = outcome {
            state.out.truncate(start);
            return Err(send_error(error));
        }
        let (offset, end) = (state.written_before + start as u64, state.queued_total());
        if oneway {
            if state.unsent() < GATHER || state.write(cx).is_pending() || state.end.is_some() {
                start_driver(self, state);
            }
            return Ok(Sent::Queued(offset..end));
        }
        let ticket = state.slots.push(method, offset);
        if state.slots.len() > 1 || !matches!(state.driver, Driver::None) {
            start_driver(self, state);
        }
        Ok(Sent::Waiting(ticket))
    }

    /// Waits for the answer to a call; drives the link where no task does.
    pub(super) fn poll_answer(
        &self,
        cx: &mut Context<'_>,
        ticket: Ticket,
    ) -> Poll<Result<Answer, CallError>> {
        let mut wakers = Vec::new();
        let outcome = {
            let mut guard = self.lock();
            let state = &mut *guard;
            let mut answer = state.slots.take(ticket);
            if answer.is_none() && matches!(state.driver, Driver::None) && state.end.is_none() {
                state.drive(cx, &mut wakers, Some(ticket));
                answer = state.slots.take(ticket);
            }
            match (answer, &state.end) {
                (Some(answer), _) => {
                    state.release(self.max_pipelined, &mut wakers);
                    Poll::Ready(Ok(answer))
                }
                (None, Some(end)) => {
                    let end = end.clone();
                    let offset = state.slots.offset(ticket).unwrap_or_default();
                    let ran = if state.written_total() > offset { Ran::Unknown } else { Ran::Never };
                    state.slots.leave(ticket);
                    Poll::Ready(Err(end.error(&self.peer, ran)))
                }
                (None, None) => {
                    state.slots.set_waker(ticket, cx.waker());
                    Poll::Pending
                }
            }
        };
        wakers.into_iter().for_each(Waker::wake);
        outcome
    }

    /// Waits until this part of everything that the link ever writes is through.
    pub(super) fn poll_flush(
        self: &Arc<Self>,
        cx: &mut Context<'_>,
        part: &Range<u64>,
    ) -> Poll<Result<(), CallError>> {
        let mut guard = self.lock();
        let state = &mut *guard;
        if state.flushed < part.end && matches!(state.driver, Driver::None) {
            let _ = state.write(cx);
        }
        if state.end.is_some() {
            // A caller that drives by itself must hear of it too.
            start_driver(self, state);
        }
        if state.flushed >= part.end {
            return Poll::Ready(Ok(()));
        }
        if let Some(end) = &state.end {
            let ran = if state.written_total() > part.start { Ran::Unknown } else { Ran::Never };
            return Poll::Ready(Err(end.error(&self.peer, ran)));
        }
        state.flushers.push(cx.waker().clone());
        start_driver(self, state);
        Poll::Pending
    }

    /// How many bytes will have been written when everything is through that is queued now.
    pub(super) fn queued_total(&self) -> u64 {
        self.lock().queued_total()
    }

    /// Writes what the socket takes at once and leaves the rest to a task, for when nobody will wait.
    pub(super) fn push(self: &Arc<Self>) {
        let mut guard = self.lock();
        let state = &mut *guard;
        if state.unsent() > 0 {
            let pending = state.write(&mut Context::from_waker(Waker::noop())).is_pending();
            if pending || state.end.is_some() {
                start_driver(self, state);
            }
        }
    }

    /// A caller goes without its answer. Its frame is written to the end nonetheless.
    pub(super) fn leave(self: &Arc<Self>, ticket: Ticket) {
        let mut guard = self.lock();
        let state = &mut *guard;
        state.slots.leave(ticket);
        // The driving task must know too: with nobody left it ends.
        if state.unsent() > 0 || !matches!(state.driver, Driver::None) {
            start_driver(self, state);
        }
    }

    /// Takes no new calls from now on: those that wait for room look for it elsewhere.
    pub(super) fn retire(&self) {
        let crowd = {
            let mut state = self.lock();
            state.retired = true;
            std::mem::take(&mut state.crowd)
        };
        crowd.into_iter().for_each(Waker::wake);
    }

    /// The method that a call waits behind.
    pub(super) fn ahead_of(&self, ticket: Ticket) -> Option<String> {
        self.lock().slots.ahead_of(ticket).map(str::to_owned)
    }
}

/// A frame that cannot be made is the caller's fault.
pub(super) fn send_error(error: SendError) -> CallError {
    match error {
        SendError::Encode(error) => CallError::Encode(error),
        other => CallError::Encode(EncodeError::Custom(other.to_string())),
    }
}
