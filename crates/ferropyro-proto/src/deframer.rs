//! From bytes as they arrive to frames, without copying payloads.

use bytes::BytesMut;

use crate::{Dialect, Frame, FrameError, Header, MessageType};

/// Cuts a stream of bytes into frames.
///
/// Read into [`input`](Self::input), then take frames until there is none. Memory follows the bytes that
/// have arrived, never the length that a header announces.
#[derive(Debug)]
pub struct Deframer {
    buffer: BytesMut,
    header: Option<Header>,
    dialect: Option<Dialect>,
    expected: &'static [MessageType],
    max_frame: u64,
}

impl Deframer {
    /// A deframer for one dialect, or for the first that comes if `None`. It lets frames of `max_frame`
    /// bytes of annotations and payload and of the `expected` types pass.
    #[must_use]
    pub fn new(dialect: Option<Dialect>, expected: &'static [MessageType], max_frame: u64) -> Self {
        Self { buffer: BytesMut::new(), header: None, dialect, expected, max_frame }
    }

    /// Where to read into: has spare capacity, and takes whatever is appended.
    pub fn input(&mut self) -> &mut BytesMut {
        todo!()
    }

    /// The next frame, once all of it is there.
    ///
    /// # Errors
    /// The stream is broken, and cannot be read any further.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, FrameError> {
        todo!()
    }

    /// From the next frame on, what may come and how large.
    pub fn expect(&mut self, dialect: Option<Dialect>, expected: &'static [MessageType], max_frame: u64) {
        todo!()
    }

    /// Whether no byte waits: the stream may end here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.buffer.is_empty() && self.header.is_none()
    }

    /// Drops the buffer if it is empty, for a connection that is idle.
    pub fn release(&mut self) {
        todo!()
    }
}
