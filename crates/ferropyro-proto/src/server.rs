//! The server's end of a session: what one connection asks, in order.
//!
//! The session neither runs calls nor waits for them: each [`Invocation`] takes along what its reply is made
//! with. To a stock peer the replies must go out in the order of the calls, which is the caller's part.

mod event;
mod handshake;
mod invoke;

use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use ferropyro_value::{Codec, Limits};

pub use event::{Blob, Callee, ConnectRequest, Invocation, Malformed, ServerEvent};

use crate::outgoing::write_frame;
use crate::{
    Annotations, Deframer, Dialect, Flags, Frame, FrameError, FrameHead, FrameLimits, MessageType, ReplyHead,
    SendOptions, SessionError,
};

const BEFORE: &[MessageType] = &[MessageType::Connect];
const AFTER: &[MessageType] = &[MessageType::Invoke, MessageType::Ping];

/// How a server treats its connections; shared by all of them.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// Bounds on the frames that come in.
    pub limits: FrameLimits,
    /// Bounds on what payloads decode to.
    pub value_limits: Limits,
    /// The codecs that calls may use. Default all four.
    pub accepted: Vec<Codec>,
    /// How frames are made. A key in here is also what incoming frames of Pyro4 are checked with.
    pub send: Arc<SendOptions>,
    /// How long a client may take to introduce itself. Default 10 s.
    pub handshake_timeout: Duration,
    /// How long a client may say nothing. Default: for ever.
    pub idle_timeout: Option<Duration>,
    /// How long a client may pause within a message. Default 120 s.
    pub stall_timeout: Duration,
    /// Whether clients introduce themselves. Default true; false for a socket that was connected by other
    /// means (wire protocol §17.5).
    pub handshake: bool,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            limits: FrameLimits::default(),
            value_limits: Limits::default(),
            accepted: Codec::ALL.to_vec(),
            send: Arc::default(),
            handshake_timeout: Duration::from_secs(10),
            idle_timeout: None,
            stall_timeout: Duration::from_secs(120),
            handshake: true,
        }
    }
}

/// The server's end of a session.
///
/// Read into [`input`](Self::input), then [`poll`](Self::poll) until it gives `None`, and send what was
/// appended. Nothing is read ahead of an answer that is owed: after [`ServerEvent::Connect`] and
/// [`ServerEvent::Inflate`], `poll` gives `None` until that is done.
#[derive(Debug)]
pub struct ServerSession {
    config: Arc<ServerConfig>,
    deframer: Deframer,
    state: State,
    last_progress: Duration,
}

#[derive(Debug)]
enum State {
    /// No CONNECT yet.
    Waiting { deadline: Duration },
    /// CONNECT came, and is being judged.
    Judging,
    /// Calls come.
    Open,
    /// A call is being inflated elsewhere; here is what is needed should that fail.
    Inflating { reply: ReplyHead, oneway: bool },
    /// It is back.
    Inflated { reply: ReplyHead, oneway: bool, frame: Box<Result<Frame, FrameError>> },
    /// Over.
    Closed,
}

impl ServerSession {
    /// Compressed payloads of calls are inflated in [`poll`](Self::poll) up to this size, larger ones are
    /// handed out as [`ServerEvent::Inflate`]. In bytes, compressed or not.
    pub const INFLATE_INLINE: usize = 1 << 20;

    /// A session that starts at `now`, which is a time on any clock that only goes forward.
    #[must_use]
    pub fn new(config: Arc<ServerConfig>, now: Duration) -> Self {
        let limits = config.limits;
        let (state, expected, max_frame) = if config.handshake {
            let deadline = now.saturating_add(config.handshake_timeout);
            (State::Waiting { deadline }, BEFORE, limits.max_handshake.min(limits.max_frame))
        } else {
            (State::Open, AFTER, limits.max_frame)
        };
        let mut deframer = Deframer::new(None, expected, max_frame);
        deframer.check_signatures(config.send.hmac.clone());
        Self { config, deframer, state, last_progress: now }
    }

    /// Where to read into.
    pub fn input(&mut self) -> &mut BytesMut {
        self.deframer.input()
    }

    /// Takes bytes that were read elsewhere, and no more memory than they need: for a connection that is
    /// mostly idle, and shares a buffer for reading with others.
    pub fn receive(&mut self, bytes: &[u8]) {
        self.deframer.receive(bytes);
    }

    /// How many bytes wait to be taken as requests.
    #[must_use]
    pub fn buffered(&self) -> usize {
        self.deframer.buffered()
    }

    /// Whether the next [`poll`](Self::poll) gives a request of [`INFLATE_INLINE`](Self::INFLATE_INLINE) or
    /// more: reading it takes long enough to be in the way of others.
    #[must_use]
    pub fn next_is_large(&self) -> bool {
        matches!(self.state, State::Inflated { .. }) || self.deframer.holds_frame_of(Self::INFLATE_INLINE)
    }

    /// The next thing that the connection asks; `None` until more is read, or an answer is given. What the
    /// session answers by itself (pings, refusals) is appended to `out`.
    ///
    /// # Errors
    /// The session is over: send `out`, then shut down the sending side, drain and close.
    pub fn poll(&mut self, out: &mut Vec<u8>) -> Result<Option<ServerEvent>, SessionError> {
        let polled = match &self.state {
            State::Waiting { .. } => self.poll_handshake(out),
            State::Open | State::Inflated { .. } => self.poll_call(out),
            State::Judging | State::Inflating { .. } => Ok(None),
            State::Closed => Err(SessionError::Closed),
        };
        if polled.is_err() {
            self.state = State::Closed;
        }
        polled
    }

    fn poll_call(&mut self, out: &mut Vec<u8>) -> Result<Option<ServerEvent>, SessionError> {
        if let State::Inflated { reply, oneway, frame } = std::mem::replace(&mut self.state, State::Open) {
            return match *frame {
                Ok(frame) => Ok(Some(invoke::read(frame, reply, &self.config.value_limits))),
                Err(error) => invoke::uninflatable(error, reply, oneway).map(Some),
            };
        }
        while let Some(frame) = self.deframer.next_frame()? {
            if frame.message_type == MessageType::Ping {
                self.pong(&frame, out);
            } else {
                return self.call(frame).map(Some);
            }
        }
        Ok(None)
    }

    fn call(&mut self, frame: Frame) -> Result<ServerEvent, SessionError> {
        // A serializer that we do not have cannot carry the exception either: close, as for one that does
        // not exist. The genuine Pyro4 answers a pickle in pickle.
        let Some(codec) = frame.codec() else { return Err(SessionError::NotAccepted(frame.serializer_id)) };
        let reply = self.reply_head(&frame, codec);
        if !self.config.accepted.contains(&codec) {
            return Ok(invoke::not_accepted(&frame, reply));
        }
        if !frame.flags.contains(Flags::COMPRESSED) {
            return Ok(invoke::read(frame, reply, &self.config.value_limits));
        }
        let oneway = frame.flags.contains(Flags::ONEWAY);
        let max_inflated = self.config.limits.max_inflated;
        let inline = max_inflated.min(Self::INFLATE_INLINE);
        if frame.payload.len() <= inline {
            match frame.clone().inflate(inline) {
                Ok(frame) => return Ok(invoke::read(frame, reply, &self.config.value_limits)),
                Err(FrameError::InflatedTooLarge { .. }) if max_inflated > inline => {}
                Err(error) => return invoke::uninflatable(error, reply, oneway),
            }
        }
        self.state = State::Inflating { reply, oneway };
        Ok(ServerEvent::Inflate(frame))
    }

    /// Hands an inflated frame back, or why it could not be inflated. Ignored where none was handed out.
    pub fn resume(&mut self, frame: Result<Frame, FrameError>) {
        self.state = match std::mem::replace(&mut self.state, State::Closed) {
            State::Inflating { reply, oneway } => State::Inflated { reply, oneway, frame: Box::new(frame) },
            other => other,
        };
    }

    fn reply_head(&self, frame: &Frame, codec: Codec) -> ReplyHead {
        ReplyHead::new(frame, codec, Arc::clone(&self.config.send))
    }

    fn pong(&self, frame: &Frame, out: &mut Vec<u8>) {
        let head = FrameHead {
            message_type: MessageType::Ping,
            flags: Flags::NONE,
            seq: frame.seq,
            serializer_id: frame.serializer_id,
        };
        let send = &self.config.send;
        // It fits every limit that a call would fit; where none does, the peer waits in vain for anything.
        let _ = write_frame(out, frame.dialect, &head, frame.correlation, &Annotations::new(), send, |out| {
            out.extend_from_slice(b"pong");
            Ok(())
        });
    }

    /// The dialect, once the first header told.
    #[must_use]
    pub fn dialect(&self) -> Option<Dialect> {
        self.deframer.dialect()
    }

    /// Whether the client was taken, and the session is not over.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        matches!(self.state, State::Open | State::Inflating { .. } | State::Inflated { .. })
    }

    /// When to call [`handle_timeout`](Self::handle_timeout), if nothing else happens. After the handshake it
    /// counts while the connection waits for its peer: do not look at it while a call runs, or before all
    /// that was read is [polled](Self::poll).
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        match self.state {
            State::Waiting { deadline } => Some(deadline),
            State::Open => self.patience().map(|time| self.last_progress.saturating_add(time)),
            _ => None,
        }
    }

    /// How long the client may now say nothing.
    fn patience(&self) -> Option<Duration> {
        let ServerConfig { idle_timeout, stall_timeout, .. } = *self.config;
        if self.is_amid_message() {
            Some(idle_timeout.map_or(stall_timeout, |idle| idle.min(stall_timeout)))
        } else {
            idle_timeout
        }
    }

    /// Whether part of a message has come, and the rest has not; asked when all that was read is polled.
    #[must_use]
    pub fn is_amid_message(&self) -> bool {
        !self.deframer.is_empty()
    }

    /// Says that time has passed.
    ///
    /// # Errors
    /// The client took too long: close.
    pub fn handle_timeout(&mut self, now: Duration) -> Result<(), SessionError> {
        if self.deadline().is_none_or(|deadline| now < deadline) {
            return Ok(());
        }
        let error = match self.state {
            State::Waiting { .. } => SessionError::HandshakeTimeout,
            _ if self.is_amid_message() => SessionError::StallTimeout,
            _ => SessionError::IdleTimeout,
        };
        self.state = State::Closed;
        Err(error)
    }

    /// Says that bytes came, or that a reply went out: the idle time starts again. A handshake does not get
    /// more time by this.
    pub fn progress(&mut self, now: Duration) {
        self.last_progress = self.last_progress.max(now);
    }

    /// Says that the peer sends no more.
    ///
    /// # Errors
    /// It stopped within a frame.
    pub fn end_of_stream(&mut self) -> Result<(), SessionError> {
        if self.deframer.is_empty() { Ok(()) } else { Err(SessionError::Truncated) }
    }

    /// Drops the input buffer if it is empty, for a connection that is idle.
    pub fn release(&mut self) {
        self.deframer.release();
    }
}
