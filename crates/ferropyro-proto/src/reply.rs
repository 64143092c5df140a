//! The reply to a call, made anywhere: in the task that ran the method, without the session.

use std::sync::Arc;

use ferropyro_value::{Codec, EncodeError, Exception, Flavor, Value};
use uuid::Uuid;

use crate::{Annotations, Dialect, SendError, SendOptions};

/// Everything that it takes to answer one request. Cheap to clone.
///
/// The methods append one complete frame to `out`, or leave it as it was. Each may be called for the same
/// head, for instance an exception after a result that could not be encoded.
#[derive(Clone, Debug)]
pub struct ReplyHead {
    dialect: Dialect,
    codec: Codec,
    seq: u16,
    correlation: Option<Uuid>,
    options: Arc<SendOptions>,
}

impl ReplyHead {
    /// The dialect of the request.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The codec of the request, which the reply uses too.
    #[must_use]
    pub fn codec(&self) -> Codec {
        self.codec
    }

    /// The request's sequence number.
    #[must_use]
    pub fn seq(&self) -> u16 {
        self.seq
    }

    /// The correlation id that the reply will carry.
    #[must_use]
    pub fn correlation(&self) -> Option<Uuid> {
        self.correlation
    }

    /// Gives the request a correlation id, where it came without one. Genuine servers make a random one.
    pub fn set_correlation(&mut self, id: Uuid) {
        self.correlation = Some(id);
    }

    /// A result, which `encode` appends to the buffer in the codec and flavor that it is told.
    ///
    /// # Errors
    /// What `encode` says, or the frame is too large.
    pub fn result(
        &self,
        out: &mut Vec<u8>,
        annotations: &Annotations,
        encode: impl FnOnce(&mut Vec<u8>, Codec, &'static Flavor) -> Result<(), EncodeError>,
    ) -> Result<(), SendError> {
        todo!()
    }

    /// An exception. One that cannot be encoded is replaced by a `PyroError` that says so, as Pyro does.
    ///
    /// # Errors
    /// The frame is too large, or the annotations are.
    pub fn exception(
        &self,
        out: &mut Vec<u8>,
        annotations: &Annotations,
        exception: &Exception,
    ) -> Result<(), SendError> {
        todo!()
    }

    /// The start of an item stream; `None` where streaming is switched off, which the client reports as an
    /// error (wire protocol §4).
    ///
    /// # Errors
    /// The annotations are too large.
    pub fn stream(
        &self,
        out: &mut Vec<u8>,
        annotations: &Annotations,
        stream_id: Option<&str>,
    ) -> Result<(), SendError> {
        todo!()
    }

    /// The results of a batch; the one that failed, if any, is the last (wire protocol §3.7).
    ///
    /// # Errors
    /// A result cannot be encoded, or the frame is too large.
    pub fn batch(
        &self,
        out: &mut Vec<u8>,
        annotations: &Annotations,
        results: Vec<Result<Value, Exception>>,
    ) -> Result<(), SendError> {
        todo!()
    }
}
