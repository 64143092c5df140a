//! The state of a link: what is to be written, who waits for what, and why it ended.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use ferropyro_proto::{ClientEvent, ClientSession, SessionError};
use tokio::io::AsyncWrite;
use tokio_util::io::poll_read_buf;

use super::driver::Driver;
use super::{Answer, GATHER};
use crate::client::slots::{Slots, Ticket};
use crate::transport::Stream;
use crate::{CallError, Ran};

/// How much may wait to be written before calls wait for room.
const MAX_UNSENT: usize = 1 << 20;

/// Everything about a connection that changes.
#[derive(Debug)]
pub(super) struct State {
    pub(super) stream: Stream,
    pub(super) session: ClientSession,
    /// Frames; the first `written` bytes of them are through.
    pub(super) out: Vec<u8>,
    pub(super) written: usize,
    /// How many bytes were through before `out` began.
    pub(super) written_before: u64,
    /// How many bytes the stream holds back no more, of all that are through.
    pub(super) flushed: u64,
    /// Where a frame begins that is being encoded: what lies behind is garbage if that never ended.
    pub(super) encoding: Option<usize>,
    pub(super) slots: Slots<Answer>,
    /// Callers that wait for room.
    pub(super) crowd: Vec<Waker>,
    /// Callers that wait for everything to be written.
    pub(super) flushers: Vec<Waker>,
    pub(super) driver: Driver,
    /// No new calls: those that are here may finish.
    pub(super) retired: bool,
    pub(super) end: Option<End>,
}

/// Why the link is over.
#[derive(Clone, Debug)]
pub(super) enum End {
    Closed(String),
    Protocol(String),
}

impl State {
    pub(super) fn new(stream: Stream, session: ClientSession) -> Self {
        Self {
            stream,
            session,
            out: Vec::new(),
            written: 0,
            written_before: 0,
            flushed: 0,
            encoding: None,
            slots: Slots::default(),
            crowd: Vec::new(),
            flushers: Vec::new(),
            driver: Driver::None,
            retired: false,
            end: None,
        }
    }

    /// How much is yet to be sent; at least 1 while the stream holds something back.
    pub(super) fn unsent(&self) -> usize {
        self.out.len() - self.written + usize::from(self.flushed < self.written_total())
    }

    pub(super) fn written_total(&self) -> u64 {
        self.written_before + self.written as u64
    }

    pub(super) fn queued_total(&self) -> u64 {
        self.written_before + self.out.len() as u64
    }

    /// Nobody drives any more but the callers themselves: those who wait are told.
    pub(super) fn leave_to_callers(&mut self, wakers: &mut Vec<Waker>) {
        self.driver = Driver::None;
        self.slots.take_wakers(wakers);
        wakers.append(&mut self.crowd);
        wakers.append(&mut self.flushers);
    }

    /// Writes and reads as far as the socket goes, or until a ticket is answered.
    pub(super) fn drive(&mut self, cx: &mut Context<'_>, wakers: &mut Vec<Waker>, until: Option<Ticket>) {
        let _ = self.write(cx);
        while self.end.is_none() {
            if self.read(cx, wakers, until).is_pending()
                || until.is_some_and(|ticket| self.slots.is_answered(ticket))
            {
                break;
            }
        }
        if self.end.is_some() {
            self.slots.take_wakers(wakers);
        }
    }

    /// Writes what is queued, and has the stream hold nothing back.
    pub(super) fn write(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let written = self.write_queued(cx);
        if self.end.is_none() && self.flushed < self.written_total() {
            match ready!(Pin::new(&mut self.stream).poll_flush(cx)) {
                Ok(()) => self.flushed = self.written_total(),
                Err(error) => self.fail(&error),
            }
        }
        written
    }

    fn write_queued(&mut self, cx: &mut Context<'_>) -> Poll<()> {
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
    pub(super) fn read(
        &mut self,
        cx: &mut Context<'_>,
        wakers: &mut Vec<Waker>,
        asking: Option<Ticket>,
    ) -> Poll<()> {
        match ready!(poll_read_buf(Pin::new(&mut self.stream), cx, self.session.input())) {
            Ok(0) => {
                let reason = "the peer closed it".to_owned();
                self.end = Some(match self.session.end_of_stream() {
                    Err(SessionError::Truncated) | Ok(()) => End::Closed(reason),
                    Err(error) => End::Protocol(error.to_string()),
                });
            }
            Ok(_) => self.hand_out(wakers, asking),
            Err(error) => self.fail(&error),
        }
        Poll::Ready(())
    }

    fn hand_out(&mut self, wakers: &mut Vec<Waker>, asking: Option<Ticket>) {
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
            wakers.extend(self.slots.answer(answer, asking));
        }
    }

    fn fail(&mut self, error: &io::Error) {
        self.end = Some(End::Closed(match error.kind() {
            io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => "the peer reset it".to_owned(),
            _ => error.to_string(),
        }));
    }

    pub(super) fn has_room(&self, max_pipelined: usize) -> bool {
        self.slots.len() < max_pipelined && self.unsent() < MAX_UNSENT
    }

    /// Wakes those who wait for room when there is some, and for the end of writing when it is there.
    pub(super) fn release(&mut self, max_pipelined: usize, wakers: &mut Vec<Waker>) {
        if self.end.is_some() || self.retired || self.has_room(max_pipelined) {
            wakers.append(&mut self.crowd);
        }
        if self.end.is_some() || self.unsent() == 0 {
            wakers.append(&mut self.flushers);
        }
    }
}

impl End {
    pub(super) fn error(&self, peer: &str, ran: Ran) -> CallError {
        let peer = peer.to_owned();
        match (self, ran) {
            (Self::Protocol(reason), Ran::Unknown) => CallError::Protocol { peer, reason: reason.clone() },
            (Self::Protocol(reason) | Self::Closed(reason), _) => {
                CallError::Closed { peer, reason: reason.clone(), ran }
            }
        }
    }
}
