//! How a client is taken or refused (wire protocol §1.10, §2).

use std::sync::Arc;

use ferropyro_value::{Limits, Value};

use super::{AFTER, ConnectRequest, ServerEvent, ServerSession, State};
use crate::{
    Annotations, Connect, ConnectOk, Dialect, Flags, Frame, FrameError, MessageType, Metadata, ReplyHead,
    SendError, SessionError,
};

impl ServerSession {
    pub(super) fn poll_handshake(&mut self, out: &mut Vec<u8>) -> Result<Option<ServerEvent>, SessionError> {
        let frame = match self.deframer.next_frame() {
            Ok(Some(frame)) => frame,
            Ok(None) => return Ok(None),
            Err(error) => {
                self.refuse_stream(&error, out);
                return Err(error.into());
            }
        };
        let request = self.introduction(frame, out)?;
        self.state = State::Judging;
        Ok(Some(ServerEvent::Connect(request)))
    }

    /// Reads a CONNECT, or refuses it.
    fn introduction(&self, frame: Frame, out: &mut Vec<u8>) -> Result<ConnectRequest, SessionError> {
        let serializer_id = frame.serializer_id;
        let Some(codec) = frame.codec().filter(|codec| self.config.accepted.contains(codec)) else {
            let error = SessionError::NotAccepted(serializer_id);
            // The genuine Pyro5 has no word for a serializer that does not exist.
            if frame.dialect == Dialect::Pyro4 || frame.codec().is_some() {
                let reply = self.reply_head(&frame, frame.dialect.refusal_codec());
                refusal(&reply, &error.to_string(), out);
            }
            return Err(error);
        };
        let reply = self.reply_head(&frame, codec);
        let wants_metadata = frame.dialect == Dialect::Pyro5 || frame.flags.contains(Flags::META_ON_CONNECT);
        // Neither compression nor marshal's references make a stranger's few bytes into many.
        let limit = usize::try_from(self.config.limits.max_handshake).unwrap_or(usize::MAX);
        let value_limits = self.config.value_limits;
        let value_limits = Limits { items: value_limits.items.min(limit), ..value_limits };
        let frame = match frame.inflate(limit.min(self.config.limits.max_inflated)) {
            Ok(frame) => frame,
            Err(error) if reply.dialect() == Dialect::Pyro5 => {
                self.refuse_stream(&error, out);
                return Err(error.into());
            }
            Err(error) => {
                refusal(&reply, &error.to_string(), out);
                return Err(error.into());
            }
        };
        match Connect::decode(codec, &frame.payload, wants_metadata, &value_limits) {
            Ok(Connect { handshake, object }) => Ok(ConnectRequest {
                handshake,
                object,
                wants_metadata,
                annotations: frame.annotations,
                head: reply,
            }),
            Err(error) => {
                refusal(&reply, &error.message, out);
                Err(SessionError::Handshake(error.to_string()))
            }
        }
    }

    /// Takes a client. `metadata` is what the object offers, where that was asked for;
    /// none is taken for nothing then.
    ///
    /// # Errors
    /// The response cannot be encoded, and the client still waits; or no client waits.
    pub fn accept(
        &mut self,
        request: &ConnectRequest,
        response: &Value,
        metadata: Option<&Metadata>,
        annotations: &Annotations,
        out: &mut Vec<u8>,
    ) -> Result<(), SendError> {
        self.check_judging()?;
        let metadata = request.wants_metadata.then(|| metadata.cloned().unwrap_or_default());
        let flags = Flags::NONE.with(Flags::META_ON_CONNECT, request.wants_metadata);
        let answer = ConnectOk { handshake: response.clone(), metadata };
        request.head.write(out, MessageType::ConnectOk, flags, annotations, |out, codec, _| {
            answer.encode(codec, request.head.dialect(), out)
        })?;
        self.deframer.expect(AFTER, self.config.limits.max_frame);
        self.state = State::Open;
        Ok(())
    }

    /// Refuses a client for a reason that it is told, in its own codec. The session is over: send `out`,
    /// then shut down the sending side, drain and close.
    ///
    /// # Errors
    /// The annotations are too large, and the client still waits; or no client waits.
    pub fn refuse(
        &mut self,
        request: &ConnectRequest,
        reason: &str,
        annotations: &Annotations,
        out: &mut Vec<u8>,
    ) -> Result<(), SendError> {
        self.check_judging()?;
        try_refusal(&request.head, reason, annotations, out)?;
        self.state = State::Closed;
        Ok(())
    }

    /// Refuses a client for want of resources: as [`refuse`](Self::refuse), but in the codec that is for
    /// clients that one has not listened to.
    ///
    /// # Errors
    /// No client waits.
    pub fn deny(
        &mut self,
        request: &ConnectRequest,
        reason: &str,
        out: &mut Vec<u8>,
    ) -> Result<(), SendError> {
        self.check_judging()?;
        let codec = request.head.dialect().refusal_codec();
        try_refusal(&request.head.in_codec(codec), reason, &Annotations::new(), out)?;
        self.state = State::Closed;
        Ok(())
    }

    fn check_judging(&self) -> Result<(), SendError> {
        match self.state {
            State::Judging => Ok(()),
            _ => Err(SendError::State("no client waits to be accepted on this session")),
        }
    }

    /// Refuses what is no frame: number 0, in the dialect that is closest (wire protocol §1.10).
    fn refuse_stream(&self, error: &FrameError, out: &mut Vec<u8>) {
        let dialect = match error {
            FrameError::Magic { dialect } | FrameError::Version { dialect, .. } => *dialect,
            _ => self.deframer.dialect().unwrap_or(match error {
                FrameError::Checksum | FrameError::NegativeLength(_) => Dialect::Pyro4,
                _ => Dialect::Pyro5,
            }),
        };
        let reply = ReplyHead::unasked(dialect, Arc::clone(&self.config.send));
        refusal(&reply, &error.to_string(), out);
    }
}

fn try_refusal(
    reply: &ReplyHead,
    reason: &str,
    annotations: &Annotations,
    out: &mut Vec<u8>,
) -> Result<(), SendError> {
    reply.write(out, MessageType::ConnectFail, Flags::NONE, annotations, |out, codec, flavor| {
        codec.encode_value_into(&Value::from(reason), flavor, out)
    })
}

/// Appends a refusal where it can be made; the connection is closed without a word otherwise.
fn refusal(reply: &ReplyHead, reason: &str, out: &mut Vec<u8>) {
    let _ = try_refusal(reply, reason, &Annotations::new(), out);
}
