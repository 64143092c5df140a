//! From bytes as they arrive to frames, without copying payloads.

use bytes::{Buf, Bytes, BytesMut};

use crate::header::{self, PREFIX_LEN};
use crate::{
    Annotations, CORRELATION, Dialect, Frame, FrameError, Header, HmacKey, MessageType, SIGNATURE, hmac,
};

/// Room for what an idle connection is likely to say, and the least that one read should be able to take.
const SMALL: usize = 8 << 10;
/// The most that is reserved ahead of bytes that have not come.
const LARGE: usize = 256 << 10;

/// Cuts a stream of bytes into frames.
///
/// Read into [`input`](Self::input), then take frames until there is none. Memory follows the bytes that
/// have arrived, never the length that a header announces.
#[derive(Debug)]
pub struct Deframer {
    buffer: BytesMut,
    header: Option<(Header, MessageType)>,
    dialect: Option<Dialect>,
    expected: &'static [MessageType],
    max_frame: u64,
    signatures: Signatures,
}

#[derive(Debug)]
enum Signatures {
    Ignored,
    Checked(Option<HmacKey>),
}

impl Deframer {
    /// A deframer for one dialect, or for that of the first frame if `None`. It lets frames of the
    /// `expected` types pass, with at most `max_frame` bytes of annotations and payload.
    #[must_use]
    pub fn new(dialect: Option<Dialect>, expected: &'static [MessageType], max_frame: u64) -> Self {
        Self {
            buffer: BytesMut::new(),
            header: None,
            dialect,
            expected,
            max_frame,
            signatures: Signatures::Ignored,
        }
    }

    /// Checks signatures from here on, and takes them off the frames: with a key each frame of a dialect
    /// that can sign must be signed with it, without one none may be.
    pub fn check_signatures(&mut self, key: Option<HmacKey>) {
        self.signatures = Signatures::Checked(key);
    }

    /// From the next frame on, what may come and how large.
    pub fn expect(&mut self, expected: &'static [MessageType], max_frame: u64) {
        self.expected = expected;
        self.max_frame = max_frame;
    }

    /// Where to read into: has spare capacity, and takes whatever is appended.
    pub fn input(&mut self) -> &mut BytesMut {
        let spare = self.buffer.capacity() - self.buffer.len();
        let missing = self.missing();
        if spare < missing.min(SMALL) {
            // As much ahead as has come already: an announcement alone costs a small buffer.
            self.buffer.reserve(self.buffer.len().clamp(SMALL, LARGE).min(missing.max(SMALL)));
        }
        &mut self.buffer
    }

    /// Takes bytes that were read elsewhere, and no more memory than they need.
    pub fn receive(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// How many bytes wait to be taken as frames.
    #[must_use]
    pub fn buffered(&self) -> usize {
        self.buffer.len()
    }

    /// How many bytes to expect: what the frame that arrives still lacks; a guess, and never nothing, where
    /// its header is not there yet or frames wait to be taken.
    fn missing(&self) -> usize {
        let lacking = self.header.as_ref().map_or(0, |(header, _)| {
            usize::try_from(header.body_len()).unwrap_or(usize::MAX).saturating_sub(self.buffer.len())
        });
        if lacking == 0 { SMALL / 4 } else { lacking }
    }

    /// The next frame, once all of it is there.
    ///
    /// # Errors
    /// The stream is broken, and cannot be read any further.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, FrameError> {
        if self.header.is_none() {
            self.header = self.next_header()?;
        }
        let Some((header, message_type)) = self.header else { return Ok(None) };
        let (Ok(annotations_len), Ok(body_len)) =
            (usize::try_from(header.annotations_len), usize::try_from(header.body_len()))
        else {
            return Err(self.too_large(&header));
        };
        if self.buffer.len() < body_len {
            return Ok(None);
        }
        self.header = None;
        let mut body = if body_len == 0 { Bytes::new() } else { self.buffer.split_to(body_len).freeze() };
        if body_len > LARGE && self.buffer.is_empty() {
            // What is left is the tail of a large allocation: let it go with the frame.
            self.buffer = BytesMut::new();
        }
        let annotations = match annotations_len {
            0 => Annotations::new(),
            len => Annotations::parse(header.dialect, body.split_to(len))?,
        };
        self.frame(&header, message_type, annotations, body).map(Some)
    }

    fn frame(
        &self,
        header: &Header,
        message_type: MessageType,
        mut annotations: Annotations,
        payload: Bytes,
    ) -> Result<Frame, FrameError> {
        let mut correlation = header.correlation;
        if header.dialect.has_hmac()
            && let Signatures::Checked(key) = &self.signatures
        {
            hmac::verify(key.as_ref(), &payload, &annotations)?;
            annotations.remove(SIGNATURE);
        }
        if !header.dialect.correlation_in_header()
            && let Some(id) = annotations.remove(CORRELATION)
        {
            let id = uuid::Uuid::from_slice(&id);
            correlation =
                Some(id.map_err(|_| FrameError::Annotations("a correlation id that is not of 16 bytes"))?);
        }
        Ok(Frame {
            dialect: header.dialect,
            message_type,
            flags: header.flags,
            seq: header.seq,
            serializer_id: header.serializer_id,
            correlation,
            annotations,
            payload,
        })
    }

    /// Takes the next header off the buffer, and checks it before anything that it announces has come.
    fn next_header(&mut self) -> Result<Option<(Header, MessageType)>, FrameError> {
        let Some(prefix) = self.buffer.first_chunk::<PREFIX_LEN>() else { return Ok(None) };
        let dialect = header::sniff(prefix, self.dialect)?;
        let Some(header) = Header::parse(dialect, &self.buffer)? else { return Ok(None) };
        self.dialect = Some(dialect);
        if header.body_len() > self.max_frame {
            return Err(self.too_large(&header));
        }
        let message_type = MessageType::of_number(header.message_type)
            .filter(|message_type| self.expected.contains(message_type))
            .ok_or(FrameError::MessageType { dialect, got: header.message_type, expected: self.expected })?;
        self.buffer.advance(dialect.header_len());
        Ok(Some((header, message_type)))
    }

    fn too_large(&self, header: &Header) -> FrameError {
        FrameError::TooLarge { dialect: header.dialect, size: header.body_len(), max: self.max_frame }
    }

    /// Whether the next frame is there, and its annotations and payload have at least that many bytes. A frame
    /// whose header was never looked at does not count: not more than one read can have brought it.
    #[must_use]
    pub fn holds_frame_of(&self, bytes: usize) -> bool {
        self.header.as_ref().is_some_and(|(header, _)| {
            let buffered = u64::try_from(self.buffer.len()).unwrap_or(u64::MAX);
            (u64::try_from(bytes).unwrap_or(u64::MAX)..=buffered).contains(&header.body_len())
        })
    }

    /// The dialect, once it is known.
    #[must_use]
    pub fn dialect(&self) -> Option<Dialect> {
        self.dialect
    }

    /// Whether no byte waits: the stream may end here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.buffer.is_empty() && self.header.is_none()
    }

    /// Drops the buffer if it is empty, for a connection that is idle.
    pub fn release(&mut self) {
        if self.buffer.is_empty() {
            self.buffer = BytesMut::new();
        }
    }
}

#[cfg(test)]
mod tests;
