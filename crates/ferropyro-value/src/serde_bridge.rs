//! The one bridge between serde and the codecs.

use serde::{Serialize, de::DeserializeOwned};

use crate::codec::{Decoder, Encoder};
use crate::{DecodeError, EncodeError};

/// Writes a serde type.
pub fn encode<T: Serialize + ?Sized, E: Encoder>(data: &T, encoder: &mut E) -> Result<(), EncodeError> {
    todo!()
}

/// Reads a serde type.
pub fn decode<'de, T: DeserializeOwned, D: Decoder<'de>>(decoder: &mut D) -> Result<T, DecodeError> {
    todo!()
}
