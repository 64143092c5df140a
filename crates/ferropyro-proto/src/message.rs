//! The payloads that belong to the protocol itself: handshakes, and what a blob is about.

use bytes::Bytes;
use ferropyro_value::{Codec, DecodeError, EncodeError, Limits, Value};

use crate::{Dialect, Metadata};

/// What a client says to introduce itself (wire protocol §2.1).
#[derive(Clone, Debug, PartialEq)]
pub struct Connect {
    /// For the daemon's validator. Default of the clients: the text `hello`.
    pub handshake: Value,
    /// The id of the object that is wanted. Pyro4 clients that want no metadata do not name it.
    pub object: Option<String>,
}

impl Connect {
    /// Appends the payload.
    pub fn encode(&self, codec: Codec, dialect: Dialect, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        todo!()
    }

    /// Reads the payload. The object must be named where its metadata is wanted.
    pub fn decode(
        codec: Codec,
        payload: &[u8],
        wants_metadata: bool,
        limits: &Limits,
    ) -> Result<Self, DecodeError> {
        todo!()
    }
}

/// What a server answers to a client that it takes (wire protocol §2.2).
#[derive(Clone, Debug, PartialEq)]
pub struct ConnectOk {
    /// The validator's answer. Default of the daemons: the text `hello`.
    pub handshake: Value,
    /// What the object offers, if that was asked for.
    pub metadata: Option<Metadata>,
}

impl ConnectOk {
    /// Appends the payload: a mapping, or the bare answer where no metadata was asked for.
    pub fn encode(&self, codec: Codec, dialect: Dialect, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        todo!()
    }

    /// Reads the payload.
    pub fn decode(
        codec: Codec,
        payload: &[u8],
        wants_metadata: bool,
        limits: &Limits,
    ) -> Result<Self, DecodeError> {
        todo!()
    }
}

/// What a call with a blob is about: the `BLBI` annotation, in marshal whatever the call's codec (§3.8).
#[derive(Clone, Debug, PartialEq)]
pub struct BlobInfo {
    /// Whatever the caller wants to tell those that pass the blob on.
    pub info: Value,
    /// The id of the object.
    pub object: String,
    /// The name of the method.
    pub method: String,
}

impl BlobInfo {
    /// The annotation's data.
    pub fn encode(&self, dialect: Dialect) -> Result<Bytes, EncodeError> {
        todo!()
    }

    /// Reads the annotation's data.
    pub fn decode(data: &[u8], limits: &Limits) -> Result<Self, DecodeError> {
        todo!()
    }
}
