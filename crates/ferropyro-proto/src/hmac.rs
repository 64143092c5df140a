//! Pyro4's signatures (wire protocol §1.7). They cover payload and annotations; header and replay they do not.

use std::fmt;
use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use sha1::{Digest, Sha1};

use crate::{Annotations, FrameError, SIGNATURE};

/// The length of a signature, in bytes.
pub(crate) const SIGNATURE_LEN: usize = 20;

/// A key shared with the peer. Cheap to clone; never printed.
#[derive(Clone)]
pub struct HmacKey(Arc<Inner>);

struct Inner {
    key: Vec<u8>,
    keyed: Hmac<Sha1>,
}

impl HmacKey {
    /// A key of any bytes; a text key is its UTF-8.
    #[must_use]
    pub fn new(key: impl Into<Vec<u8>>) -> Self {
        let key = key.into();
        // HMAC itself hashes keys beyond its block and pads shorter ones.
        let mut block = [0; 64];
        if key.len() > block.len() {
            block.iter_mut().zip(Sha1::digest(&key)).for_each(|(slot, byte)| *slot = byte);
        } else {
            block.iter_mut().zip(&key).for_each(|(slot, byte)| *slot = *byte);
        }
        Self(Arc::new(Inner { key, keyed: Hmac::new(&block.into()) }))
    }

    /// The key itself, which travels inside Pyro4's serialized proxies.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0.key
    }

    /// The signature of a payload and annotations. A signature among them is left out.
    #[must_use]
    pub fn sign(&self, payload: &[u8], annotations: &Annotations) -> [u8; SIGNATURE_LEN] {
        self.digest(payload, annotations).finalize().into_bytes().into()
    }

    fn digest(&self, payload: &[u8], annotations: &Annotations) -> Hmac<Sha1> {
        let mut mac = self.0.keyed.clone();
        mac.update(payload);
        let mut chunks: Vec<_> = annotations.iter().filter(|(id, _)| *id != SIGNATURE).collect();
        chunks.sort_unstable_by_key(|(id, _)| *id);
        chunks.iter().for_each(|(_, data)| mac.update(data));
        mac
    }
}

impl fmt::Debug for HmacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacKey(..)")
    }
}

/// Checks what came against what is configured, in constant time.
pub(crate) fn verify(
    key: Option<&HmacKey>,
    payload: &[u8],
    annotations: &Annotations,
) -> Result<(), FrameError> {
    match (key, annotations.get(SIGNATURE)) {
        (None, None) => Ok(()),
        (Some(key), Some(signature)) => {
            key.digest(payload, annotations).verify_slice(signature).map_err(|_| FrameError::HmacMismatch)
        }
        (Some(_), None) | (None, Some(_)) => Err(FrameError::HmacAsymmetric),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(digest: [u8; 20]) -> String {
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn short_and_long_keys_agree_with_rfc_2202() {
        let data = b"Test Using Larger Than Block-Size Key - Hash Key First";
        let none = Annotations::new();
        assert_eq!(
            hex(HmacKey::new([0xaa; 80]).sign(data, &none)),
            "aa4ae5e15272d00e95705637ce8a3b55ed402112"
        );
        let data = b"what do ya want for nothing?";
        assert_eq!(hex(HmacKey::new("Jefe").sign(data, &none)), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    }

    #[test]
    fn annotations_count_in_the_order_of_their_ids() {
        let key = HmacKey::new("k");
        let ab: Annotations = [(*b"AAAA", "1"), (*b"BBBB", "2")].into_iter().collect();
        let ba: Annotations = [(*b"BBBB", "2"), (*b"HMAC", "x"), (*b"AAAA", "1")].into_iter().collect();
        assert_eq!(key.sign(b"p", &ab), key.sign(b"p", &ba));
        assert_eq!(key.sign(b"p", &ab), key.sign(b"p12", &Annotations::new()));
    }

    #[test]
    fn a_wrong_a_missing_and_a_surplus_signature_are_refused() {
        let key = HmacKey::new("secret-key");
        let mut annotations = Annotations::new();
        assert_eq!(verify(None, b"p", &annotations), Ok(()));
        assert_eq!(verify(Some(&key), b"p", &annotations), Err(FrameError::HmacAsymmetric));
        annotations.insert(SIGNATURE, key.sign(b"p", &annotations).to_vec());
        assert_eq!(verify(Some(&key), b"p", &annotations), Ok(()));
        assert_eq!(verify(Some(&key), b"q", &annotations), Err(FrameError::HmacMismatch));
        assert_eq!(verify(None, b"p", &annotations), Err(FrameError::HmacAsymmetric));
        annotations.insert(SIGNATURE, "short");
        assert_eq!(verify(Some(&key), b"p", &annotations), Err(FrameError::HmacMismatch));
    }
}
