//! The payload of an INVOKE: object, method, arguments, in the shape of each codec (wire protocol §3.1).
//!
//! An INVOKE is skimmed first, for the object and the method; the arguments are decoded later, straight
//! into the types that the method declares. This module knows no frames.

use bytes::Bytes;

use crate::{Codec, DecodeError, Dict, EncodeError, Flavor, Limits, Value};

/// Writes a call whose arguments are [`Value`]s. `None` for `keyword` is what Pyro sends for attribute
/// access and batches; marshal writes an empty mapping then, since the genuine one cannot.
pub fn encode_call(
    codec: Codec,
    flavor: &'static Flavor,
    object: &str,
    method: &str,
    positional: &[Value],
    keyword: Option<&Dict>,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    todo!()
}

/// An INVOKE's payload of which object and method are known, and the arguments not yet decoded.
#[derive(Clone, Debug)]
pub struct Call { payload: Bytes, codec: Codec }

impl Call {
    /// Finds object and method; checks the syntax of everything, so that later decoding can only fail on types.
    pub fn skim(codec: Codec, payload: Bytes, limits: &Limits) -> Result<Self, DecodeError> {
        todo!()
    }
    /// The id of the object.
    #[must_use]
    pub fn object(&self) -> &str {
        todo!()
    }
    /// The name of the method.
    #[must_use]
    pub fn method(&self) -> &str {
        todo!()
    }
    /// The codec that the caller used.
    #[must_use]
    pub fn codec(&self) -> Codec {
        self.codec
    }
    /// The positional and keyword arguments as values.
    pub fn arguments(&self) -> Result<(Vec<Value>, Dict), DecodeError> {
        todo!()
    }
    /// The positional arguments straight into a serde type that reads a sequence (a tuple, a `Vec`).
    pub fn positional<T: serde::de::DeserializeOwned>(&self) -> Result<T, DecodeError> {
        todo!()
    }
    /// The keyword arguments straight into a serde type that reads a map; `None` on the wire is an empty map.
    pub fn keyword<T: serde::de::DeserializeOwned>(&self) -> Result<T, DecodeError> {
        todo!()
    }
    /// The whole payload, still encoded.
    #[must_use]
    pub fn payload(&self) -> &Bytes {
        &self.payload
    }
}
