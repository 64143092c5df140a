//! A frame in memory: what a deframer gives and a writer makes.

use bytes::Bytes;
use ferropyro_value::Codec;
use uuid::Uuid;

use crate::{Annotations, Dialect, Flags, FrameError, MessageType, inflate};

/// One frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The protocol.
    pub dialect: Dialect,
    /// What it is.
    pub message_type: MessageType,
    /// The flags; with [`Flags::COMPRESSED`] the payload still is.
    pub flags: Flags,
    /// The sequence number.
    pub seq: u16,
    /// The number of the serializer, which need not exist.
    pub serializer_id: u16,
    /// The correlation id, wherever the dialect carries it.
    pub correlation: Option<Uuid>,
    /// The annotations, without those that belong to the protocol itself (`CORR`, `HMAC`).
    pub annotations: Annotations,
    /// The payload, sharing the memory that it was received in.
    pub payload: Bytes,
}

impl Frame {
    /// The codec of the payload, if it is one of ours.
    #[must_use]
    pub fn codec(&self) -> Option<Codec> {
        self.dialect.codec(self.serializer_id)
    }

    /// The frame with its payload decompressed; unchanged if it was not compressed. Slow for large ones, so
    /// that it may be worth a thread of its own.
    ///
    /// # Errors
    /// Not zlib data, or more than `limit` bytes of it.
    pub fn inflate(self, limit: usize) -> Result<Self, FrameError> {
        if !self.flags.contains(Flags::COMPRESSED) {
            return Ok(self);
        }
        let payload = inflate(&self.payload, limit)?.into();
        Ok(Self { flags: self.flags.without(Flags::COMPRESSED), payload, ..self })
    }
}
