//! [`Link`]: one connection, shared by all calls that run on it.
//!
//! All state of reading and writing lives here, so that a caller that goes away leaves no torn frame and no
//! answer behind for the wrong call. A caller that is alone on the link drives it by itself: no task and no
//! channel stands between it and the socket. As soon as there are more, a task drives the link for all of
//! them, writes what they send together, and ends when they are gone. How a link comes to be is the
//! business of `connect`, and which object a call means that of the session.

use std::borrow::Cow;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use ferropyro_proto::{CallParams, ClientEvent, ClientSession, Dialect, Flags, Reply, SendError};
use ferropyro_value::{Codec, EncodeError, Flavor};
use tokio::io::AsyncWrite;
use tokio::runtime::Handle;
use tokio_util::io::poll_read_buf;

use super::slots::{Slots, Ticket};
use crate::transport::Stream;
use crate::{CallError, Ran};

/// How much may wait to be written before calls wait for room.
const MAX_UNSENT: usize = 1 << 20;

/// How much of oneway calls is gathered before it is written.
const GATHER: usize = 32 << 10;

/// How often in a row the driving task may find one caller alone before it leaves the link to it.
const CALM: u8 = 8;

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
    /// It has no answer, and is through when the link has written this many bytes.
    Queued(u64),
    /// There is no room now; the caller is woken when there is.
    Full,
    /// The link is over: nothing was sent, and another link is needed.
    Over(CallError),
}

#[derive(Debug)]
struct State {
    stream: Stream,
    session: ClientSession,
    /// Frames; the first `written` bytes of them are through.
    out: Vec<u8>,
    written: usize,
    /// How many bytes were through before `out` began.
    written_before: u64,
    /// Where a frame begins that is being encoded: what lies behind is garbage if that never ended.
    encoding: Option<usize>,
    slots: Slots<Answer>,
    /// Callers that wait for room.
    crowd: Vec<Waker>,
    /// Callers that wait for everything to be written.
    flushers: Vec<Waker>,
    driver: Driver,
    /// No new calls: those that are here may finish.
    retired: bool,
    end: Option<End>,
}

#[derive(Debug)]
enum Driver {
    /// None: a caller that is alone drives.
    None,
    /// A task that has been started, and has not been polled yet.
    Started,
    /// A task that waits.
    Waiting(Waker),
}

/// Why the link is over.
#[derive(Clone, Debug)]
enum End {
    Closed(String),
    Protocol(String),
}

impl Link {
    pub(super) fn new(
        peer: String,
        stream: Stream,
        session: ClientSession,
        runtime: Handle,
        max_pipelined: usize,
    ) -> Self {
        let state = State {
            stream,
            session,
            out: Vec::new(),
            written: 0,
            written_before: 0,
            encoding: None,
            slots: Slots::default(),
            crowd: Vec::new(),
            flushers: Vec::new(),
            driver: Driver::None,
            retired: false,
            end: None,
        };
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
        if state.slots.len() == 0 && state.unsent() == 0 && state.end.is_none() {
            // Has the server closed the idle connection? Asks the system only if something has happened.
            let _ = state.read(cx, &mut Vec::new());
        }
        if let Some(error) = state.refusal(&self.peer) {
            return Ok(Sent::Over(error));
        }
        if !state.has_room(self.max_pipelined) {
            state.crowd.push(cx.waker().clone());
            self.start_driver(state);
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
        if oneway {
            if state.unsent() < GATHER || state.write(cx).is_pending() {
                self.start_driver(state);
            }
            return Ok(Sent::Queued(state.queued_total()));
        }
        let offset = state.written_before + start as u64;
        let ticket = state.slots.push(method, offset);
        if state.slots.len() > 1 || !matches!(state.driver, Driver::None) {
            self.start_driver(state);
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

    /// Waits until `total` bytes have been written since the link began.
    pub(super) fn poll_flush(
        self: &Arc<Self>,
        cx: &mut Context<'_>,
        total: u64,
    ) -> Poll<Result<(), CallError>> {
        let mut guard = self.lock();
        let state = &mut *guard;
        if state.written_total() < total && matches!(state.driver, Driver::None) {
            let _ = state.write(cx);
        }
        if state.written_total() >= total {
            return Poll::Ready(Ok(()));
        }
        if let Some(end) = &state.end {
            return Poll::Ready(Err(end.error(&self.peer, Ran::Unknown)));
        }
        state.flushers.push(cx.waker().clone());
        self.start_driver(state);
        Poll::Pending
    }

    /// How many bytes will have been written when everything is through that is queued now.
    pub(super) fn queued_total(&self) -> u64 {
        self.lock().queued_total()
    }

    /// Writes what the socket takes at once, for when nobody will wait for the rest.
    pub(super) fn push(&self) {
        let mut state = self.lock();
        if state.unsent() > 0 && matches!(state.driver, Driver::None) {
            let _ = state.write(&mut Context::from_waker(Waker::noop()));
        }
    }

    /// A caller goes without its answer. Its frame is written to the end nonetheless.
    pub(super) fn leave(self: &Arc<Self>, ticket: Ticket) {
        let mut guard = self.lock();
        let state = &mut *guard;
        state.slots.leave(ticket);
        // The driving task must know too: with nobody left it ends.
        if state.unsent() > 0 || !matches!(state.driver, Driver::None) {
            self.start_driver(state);
        }
    }

    /// Takes no new calls from now on.
    pub(super) fn retire(&self) {
        self.lock().retired = true;
    }

    /// The method that a call waits behind.
    pub(super) fn ahead_of(&self, ticket: Ticket) -> Option<String> {
        self.lock().slots.ahead_of(ticket).map(str::to_owned)
    }

    /// Has a task drive the link from now on; tells it of news if there is one.
    fn start_driver(self: &Arc<Self>, state: &mut State) {
        match std::mem::replace(&mut state.driver, Driver::Started) {
            Driver::None => {
                let link = Arc::clone(self);
                let mut calm = 0;
                self.runtime.spawn(std::future::poll_fn(move |cx| link.poll_driver(cx, &mut calm)));
            }
            Driver::Started => {}
            Driver::Waiting(waker) => waker.wake(),
        }
    }

    /// The driving task: drives until the link is over, idle, or left to one caller.
    fn poll_driver(&self, cx: &mut Context<'_>, calm: &mut u8) -> Poll<()> {
        let mut wakers = Vec::new();
        let outcome = {
            let mut guard = self.lock();
            let state = &mut *guard;
            state.drive(cx, &mut wakers, None);
            state.release(self.max_pipelined, &mut wakers);
            let waiting = state.slots.waiting();
            let quiet = state.unsent() == 0 && state.crowd.is_empty() && state.flushers.is_empty();
            *calm = if quiet && waiting <= 1 { calm.saturating_add(1) } else { 0 };
            if state.end.is_some() || (quiet && waiting == 0 && *calm > 1) || *calm > CALM {
                state.driver = Driver::None;
                // One that is left drives by itself from now on.
                state.slots.take_wakers(&mut wakers);
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

impl State {
    fn unsent(&self) -> usize {
        self.out.len() - self.written
    }

    fn written_total(&self) -> u64 {
        self.written_before + self.written as u64
    }

    fn queued_total(&self) -> u64 {
        self.written_before + self.out.len() as u64
    }

    /// Why no new call can be made here.
    fn refusal(&self, peer: &str) -> Option<CallError> {
        match &self.end {
            Some(end) => Some(end.error(peer, Ran::Never)),
            None if self.retired => Some(CallError::Closed {
                peer: peer.to_owned(),
                reason: "an earlier call on it timed out".to_owned(),
                ran: Ran::Never,
            }),
            None => None,
        }
    }

    /// Writes and reads as far as the socket goes, or until a ticket is answered.
    fn drive(&mut self, cx: &mut Context<'_>, wakers: &mut Vec<Waker>, until: Option<Ticket>) {
        let _ = self.write(cx);
        while self.end.is_none() {
            if self.read(cx, wakers).is_pending()
                || until.is_some_and(|ticket| self.slots.is_answered(ticket))
            {
                break;
            }
        }
        if self.end.is_some() {
            self.slots.take_wakers(wakers);
        }
    }

    /// Writes what is queued.
    fn write(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        while let Some(rest) = self.out.get(self.written..).filter(|rest| !rest.is_empty()) {
            match ready!(Pin::new(&mut self.stream).poll_write(cx, rest)) {
                Ok(0) => self.fail(&io::ErrorKind::WriteZero.into()),
                Ok(count) => self.written += count,
                Err(error) => self.fail(&error),
            }
            if self.end.is_some() {
                return Poll::Ready(());
            }
        }
        self.written_before += self.written as u64;
        self.written = 0;
        self.out.clear();
        if self.out.capacity() > MAX_UNSENT {
            self.out.shrink_to(GATHER);
        }
        Poll::Ready(())
    }

    /// Reads once, and hands out what has come.
    fn read(&mut self, cx: &mut Context<'_>, wakers: &mut Vec<Waker>) -> Poll<()> {
        match ready!(poll_read_buf(Pin::new(&mut self.stream), cx, self.session.input())) {
            Ok(0) => {
                let reason = "the peer closed it".to_owned();
                self.end = Some(match self.session.end_of_stream() {
                    Err(ferropyro_proto::SessionError::Truncated) | Ok(()) => End::Closed(reason),
                    Err(error) => End::Protocol(error.to_string()),
                });
            }
            Ok(_) => self.hand_out(wakers),
            Err(error) => self.fail(&error),
        }
        Poll::Ready(())
    }

    fn hand_out(&mut self, wakers: &mut Vec<Waker>) {
        loop {
            let answer = match self.session.poll() {
                Ok(None) => return,
                Ok(Some(ClientEvent::Reply(reply))) => Answer::Reply(reply),
                Ok(Some(ClientEvent::Pong)) => Answer::Pong,
                Ok(Some(ClientEvent::Connected { .. } | ClientEvent::Refused { .. })) => {
                    self.end = Some(End::Protocol("a handshake in the middle of a session".to_owned()));
                    return;
                }
                Err(error) => {
                    self.end = Some(End::Protocol(error.to_string()));
                    return;
                }
            };
            wakers.extend(self.slots.answer(answer));
        }
    }

    fn fail(&mut self, error: &io::Error) {
        self.end = Some(End::Closed(match error.kind() {
            io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => "the peer reset it".to_owned(),
            _ => error.to_string(),
        }));
    }

    fn has_room(&self, max_pipelined: usize) -> bool {
        self.slots.len() < max_pipelined && self.unsent() < MAX_UNSENT
    }

    /// Wakes those who wait for room when there is some, and for the end of writing when it is there.
    fn release(&mut self, max_pipelined: usize, wakers: &mut Vec<Waker>) {
        if self.end.is_some() || self.has_room(max_pipelined) {
            wakers.append(&mut self.crowd);
        }
        if self.end.is_some() || self.unsent() == 0 {
            wakers.append(&mut self.flushers);
        }
    }
}

impl End {
    fn error(&self, peer: &str, ran: Ran) -> CallError {
        let peer = peer.to_owned();
        match (self, ran) {
            (Self::Protocol(reason), Ran::Unknown) => CallError::Protocol { peer, reason: reason.clone() },
            (Self::Protocol(reason) | Self::Closed(reason), _) => {
                CallError::Closed { peer, reason: reason.clone(), ran }
            }
        }
    }
}

/// A frame that cannot be made is the caller's fault.
pub(super) fn send_error(error: SendError) -> CallError {
    match error {
        SendError::Encode(error) => CallError::Encode(error),
        other => CallError::Encode(EncodeError::Custom(other.to_string())),
    }
}
