//! The payload of an INVOKE: object, method, arguments, in the shape of each codec (wire protocol §3.1).
//!
//! An INVOKE is skimmed first, for the object and the method; the arguments are decoded later, straight
//! into the types that the method declares. This module knows no frames.

mod batch;
mod bind;
mod parameters;
mod skim;
mod write;

use bytes::Bytes;

pub use batch::{
    BATCH_METHOD, BatchEntry, BatchFault, ReadBatch, WriteBatch, encode_batch, read_batch, read_result,
    write_entry,
};
pub use bind::{BindError, Signature, bind_values};
pub use parameters::{Data, Parameters, Positional};
pub use write::{Typed, WriteArguments, encode_call, encode_call_with};

use crate::codec::{Decoder, Mark, marshal, with_shared_decoder};
use crate::{Codec, DecodeError, DecodeErrorKind, Dict, Limits, Value, walk};

/// An INVOKE of which object and method are known, and the arguments not yet decoded.
#[derive(Clone, Debug)]
pub struct Call {
    codec: Codec,
    payload: Bytes,
    object: Text,
    method: Text,
    arguments: Encoded,
}

/// A text that stands in the payload, or that had to be unescaped.
#[derive(Clone, Debug)]
enum Text {
    Borrowed { start: usize, end: usize },
    Owned(String),
}

/// Where the arguments stand in the payload, and what reading them from there takes.
#[derive(Clone, Debug)]
struct Encoded {
    positional: Mark,
    keyword: Mark,
    limits: Limits,
    references: marshal::References,
}

/// Runs an expression with a decoder that stands before the positional or the keyword arguments.
macro_rules! with_arguments {
    ($call:expr, $part:ident, |$decoder:ident| $body:expr) => {
        with_shared_decoder!(
            $call.codec,
            &$call.payload,
            &$call.arguments.limits,
            $call.arguments.references.clone(),
            |$decoder| {
                $decoder.rewind($call.arguments.$part);
                $body
            }
        )
    };
}

impl Call {
    /// Finds object and method; checks the syntax of everything, so that later decoding can only fail on types.
    ///
    /// # Errors
    /// The payload is not of the codec's language, passes the limits, or is no call: a member is missing,
    /// object or method are no text, the arguments no list or tuple, the keyword arguments no dict or `None`.
    pub fn skim(codec: Codec, payload: Bytes, limits: &Limits) -> Result<Self, DecodeError> {
        let (object, method, encoded) = skim::skim(codec, &payload, limits)?;
        Ok(Self { codec, payload, object, method, arguments: encoded })
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
                let bytes = self.payload.get(*start..*end).unwrap_or_default();
                std::str::from_utf8(bytes).unwrap_or_default()
            }
        }
    }

    /// The codec that the caller used.
    #[must_use]
    pub fn codec(&self) -> Codec {
        self.codec
    }

    /// The positional and keyword arguments as values, class dictionaries converted. `None` on the wire
    /// is an empty dict.
    ///
    /// # Errors
    /// A class dictionary lacks a member, or a keyword is no text.
    pub fn arguments(&self) -> Result<(Vec<Value>, Dict), DecodeError> {
        let positional = with_arguments!(self, positional, |decoder| walk::decode(decoder)?);
        let keyword = with_arguments!(self, keyword, |decoder| walk::decode(decoder)?);
        let positional = positional.into_items().map_err(|other| wrong("arguments", &other))?;
        Ok((positional, keyword_dict(keyword)?))
    }

    /// The first positional argument, if it is text and there are no keyword arguments, and how many positional
    /// ones there are: the attribute in an access to one (wire protocol §3.5).
    ///
    /// # Errors
    /// The payload passes the limits.
    pub fn first_text(&self) -> Result<Option<(String, usize)>, DecodeError> {
        bind::first_text(self)
    }

    /// The whole payload, still encoded.
    #[must_use]
    pub fn payload(&self) -> &Bytes {
        &self.payload
    }
}

fn wrong(what: &str, got: &Value) -> DecodeError {
    let message = format!("the {what} of a call cannot be {}", got.type_name());
    DecodeError::unplaced(DecodeErrorKind::Type, message)
}

/// Keyword arguments from what stands in their place: a dict with text keys, or `None`.
fn keyword_dict(keyword: Value) -> Result<Dict, DecodeError> {
    match keyword {
        Value::None => Ok(Dict::new()),
        Value::Dict(dict) if dict.keys().all(|key| key.as_str().is_some()) => Ok(dict),
        Value::Dict(_) => Err(DecodeError::unplaced(DecodeErrorKind::Type, "keywords must be strings")),
        other => Err(wrong("keyword arguments", &other)),
    }
}

#[cfg(test)]
mod tests;
