//! Compression of payloads: zlib, by the policy of the dialect (wire protocol §1.8).

use crate::{Compression, FrameError};

/// The compressed form of `payload`, where the policy wants one.
#[must_use]
pub fn deflate(payload: &[u8], policy: Compression) -> Option<Vec<u8>> {
    todo!()
}

/// Decompresses, never holding more than `limit` bytes.
///
/// # Errors
/// Not zlib data, or more than `limit` bytes of it.
pub fn inflate(compressed: &[u8], limit: usize) -> Result<Vec<u8>, FrameError> {
    todo!()
}
