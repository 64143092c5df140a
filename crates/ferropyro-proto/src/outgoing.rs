//! Frames being written: in place, behind whatever the buffer holds, the payload never copied.

use uuid::Uuid;

use crate::{Annotations, Dialect, Flags, HmacKey, MessageType, SendError};

/// A frame of which header and annotations have their place, and whose payload is being appended.
#[derive(Debug)]
#[must_use = "a frame that was begun must be finished or the buffer truncated"]
pub struct FrameWriter {
    dialect: Dialect,
    correlation: Option<Uuid>,
    start: usize,
    payload_start: usize,
    signature_start: Option<usize>,
}

/// What the header says, beside lengths.
#[derive(Clone, Copy, Debug)]
pub struct FrameHead {
    /// What it is.
    pub message_type: MessageType,
    /// The flags, without [`Flags::COMPRESSED`] and [`Flags::CORRELATION`], which the writer sets.
    pub flags: Flags,
    /// The sequence number.
    pub seq: u16,
    /// The number of the serializer.
    pub serializer_id: u8,
}

/// How frames are made on a connection.
#[derive(Clone, Debug)]
pub struct SendOptions {
    /// Whether payloads are compressed where the dialect's policy says so. Default false.
    pub compress: bool,
    /// Signs the frames, where the dialect can. Default none.
    pub hmac: Option<HmacKey>,
    /// Most bytes of payload and annotations together. Default 1 GiB.
    pub max_frame: u64,
}

impl Default for SendOptions {
    fn default() -> Self {
        Self { compress: false, hmac: None, max_frame: 1 << 30 }
    }
}

impl FrameWriter {
    /// Makes room for the header and writes the annotations; the payload is then appended to `out`.
    ///
    /// # Errors
    /// The annotations do not fit; `out` is as it was.
    pub fn begin(
        out: &mut Vec<u8>,
        dialect: Dialect,
        annotations: &Annotations,
        correlation: Option<Uuid>,
        options: &SendOptions,
    ) -> Result<Self, SendError> {
        todo!()
    }

    /// Ends the frame behind the payload: compresses, signs, fills in the header.
    ///
    /// # Errors
    /// The frame is too large; `out` is as it was before the frame.
    pub fn finish(self, out: &mut Vec<u8>, head: &FrameHead, options: &SendOptions) -> Result<(), SendError> {
        todo!()
    }

    /// Gives the frame up: `out` is as it was before.
    pub fn abandon(self, out: &mut Vec<u8>) {
        out.truncate(self.start);
    }
}
