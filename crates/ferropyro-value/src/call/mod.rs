//! The payload of an INVOKE: object, method, arguments, in the shape of each codec (wire protocol §3.1).
//!
//! An INVOKE is skimmed first, for the object and the method; the arguments are decoded later, straight
//! into the types that the method declares. This module knows no frames.

mod batch;
mod bind;
mod encoded;
mod parameters;
mod skim;
mod write;

use bytes::Bytes;

pub use batch::{
    BATCH_METHOD, BatchEntry, BatchFault, ReadBatch, WriteBatch, encode_batch, read_batch, read_result,
    write_entry,
};
pub use bind::{BindError, Signature, bind_values};
pub use encoded::EncodedArguments;
pub use parameters::{Data, Parameters, Positional};
pub use write::{Typed, WriteArguments, encode_call, encode_call_with};

use crate::{Codec, DecodeError, Limits};

/// An INVOKE of which object and method are known, and the arguments not yet decoded.
#[derive(Clone, Debug)]
pub struct Call {
    object: Text,
    method: Text,
    arguments: EncodedArguments,
}

/// A text that stands in the payload, or that had to be unescaped.
#[derive(Clone, Debug)]
enum Text {
    Borrowed { start: usize, end: usize },
    Owned(String),
}

impl Call {
    /// Finds object and method; checks the syntax of everything, so that later decoding can only fail on types.
    ///
    /// # Errors
    /// The payload is not of the codec's language, passes the limits, or is no call: a member is missing,
    /// object or method are no text, the arguments no list or tuple, the keyword arguments no dict or `None`.
    pub fn skim(codec: Codec, payload: Bytes, limits: &Limits) -> Result<Self, DecodeError> {
        skim::skim(codec, payload, limits)
    }

    /// The id of the object.
    #[must_use]
    pub fn object(&self) -> &str {
        self.text(&self.object)
    }

    /// The name of the method.
    #[must_use]
    pub fn method(&self) -> &str {
        self.text(&self.method)
    }

    fn text<'a>(&'a self, text: &'a Text) -> &'a str {
        match text {
            Text::Owned(text) => text,
            Text::Borrowed { start, end } => {
                let bytes = self.payload().get(*start..*end).unwrap_or_default();
                std::str::from_utf8(bytes).unwrap_or_default()
            }
        }
    }

    /// The codec that the caller used.
    #[must_use]
    pub fn codec(&self) -> Codec {
        self.arguments.codec
    }

    /// The arguments, still encoded.
    #[must_use]
    pub fn arguments(&self) -> &EncodedArguments {
        &self.arguments
    }

    /// The whole payload, still encoded.
    #[must_use]
    pub fn payload(&self) -> &Bytes {
        &self.arguments.payload
    }
}

#[cfg(test)]
mod tests;
