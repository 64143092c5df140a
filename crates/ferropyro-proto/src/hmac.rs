//! Pyro4's signatures (wire protocol §1.7). They cover payload and annotations, not the header.

use std::fmt;
use std::sync::Arc;

use crate::{Annotations, FrameError};

/// A key shared with the peer. Cheap to clone; never printed.
#[derive(Clone)]
pub struct HmacKey(Arc<[u8]>);

impl HmacKey {
    /// A key of any bytes; a text key is its UTF-8.
    #[must_use]
    pub fn new(key: impl AsRef<[u8]>) -> Self {
        Self(key.as_ref().into())
    }

    /// The key itself, which travels inside Pyro4's serialized proxies.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The signature of a payload and annotations.
    pub(crate) fn sign(&self, payload: &[u8], annotations: &Annotations) -> [u8; 20] {
        todo!()
    }
}

impl fmt::Debug for HmacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacKey(..)")
    }
}

/// Checks what came against what is configured.
pub(crate) fn verify(
    key: Option<&HmacKey>,
    payload: &[u8],
    annotations: &Annotations,
) -> Result<(), FrameError> {
    todo!()
}
