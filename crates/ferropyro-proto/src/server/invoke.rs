//! From the frame of a call to what is called, or to the exception that answers it (wire protocol §1.10).

use ferropyro_value::call::Call;
use ferropyro_value::{DecodeError, DecodeErrorKind, Exception, Limits};

use super::event::{Blob, Callee, Invocation, Malformed, ServerEvent};
use crate::error::decode_exception;
use crate::{BLOB_INFO, BlobInfo, Dialect, Flags, Frame, FrameError, ReplyHead, SessionError};

/// Reads a call whose payload is not compressed (any more).
pub(super) fn read(frame: Frame, head: ReplyHead, limits: &Limits) -> ServerEvent {
    let flags = frame.flags;
    let oneway = flags.contains(Flags::ONEWAY);
    let callee = if flags.contains(Flags::KEEP_SERIALIZED) {
        read_blob(&frame, &head, limits).map(Callee::Blob)
    } else {
        Call::skim(head.codec(), frame.payload, limits).map(Callee::Call)
    };
    match callee {
        Ok(callee) => {
            let batch = flags.contains(Flags::BATCH);
            ServerEvent::Invoke(Invocation { callee, oneway, batch, annotations: frame.annotations, head })
        }
        Err(error) => ServerEvent::Malformed(Malformed::new(head, oneway, &error)),
    }
}

fn read_blob(frame: &Frame, head: &ReplyHead, limits: &Limits) -> Result<Blob, DecodeError> {
    let info = frame.annotations.get(BLOB_INFO);
    let info = info.ok_or_else(|| DecodeError::unplaced(DecodeErrorKind::Missing, "'BLBI'"))?;
    let about = BlobInfo::decode(info, limits)?;
    Ok(Blob { about, dialect: frame.dialect, codec: head.codec(), payload: frame.payload.clone() })
}

impl Malformed {
    fn new(head: ReplyHead, oneway: bool, error: &DecodeError) -> Self {
        // Which of its exceptions the genuine Pyro closes the connection for.
        let close = matches!(error.kind, DecodeErrorKind::Refused | DecodeErrorKind::Unsupported);
        Self { head, oneway, exception: decode_exception(error), close }
    }
}

impl Invocation {
    /// What to answer when the arguments turn out not to be what the method takes.
    #[must_use]
    pub fn malformed(&self, error: &DecodeError) -> Malformed {
        Malformed::new(self.head.clone(), self.oneway, error)
    }
}

/// A codec that we have, and that this server does not accept.
pub(super) fn not_accepted(frame: &Frame, head: ReplyHead) -> ServerEvent {
    let text = SessionError::NotAccepted(frame.serializer_id).to_string();
    let exception = Exception::new("Pyro5.errors.SerializeError", text);
    ServerEvent::Malformed(Malformed {
        head,
        oneway: frame.flags.contains(Flags::ONEWAY),
        exception,
        close: true,
    })
}

/// A payload that cannot be decompressed: Pyro4 reports it, Pyro5 takes it for a broken stream. What is only
/// too large is reported to both.
pub(super) fn uninflatable(
    error: FrameError,
    head: ReplyHead,
    oneway: bool,
) -> Result<ServerEvent, SessionError> {
    let broken = !matches!(error, FrameError::InflatedTooLarge { .. });
    if broken && head.dialect() == Dialect::Pyro5 {
        return Err(error.into());
    }
    let exception = Exception::new(error.python_class(), error.to_string());
    Ok(ServerEvent::Malformed(Malformed { head, oneway, exception, close: false }))
}
