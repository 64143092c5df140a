//! Batches: many calls to one object in one INVOKE (wire protocol §3.7).

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::codec::{Container, Decoder, Encoder, Open, Token, marshal, with_shared_decoder};
use crate::{
    Codec, DecodeError, DecodeErrorKind, Dict, EncodeError, Exception, Flavor, Limits, Value, serde_bridge,
    walk,
};

use super::write::Values;
use super::{Call, WriteArguments, encode_call_with, keyword_dict, wrong};

/// The method name of a batch. Servers go by the frame's flag and ignore it.
pub const BATCH_METHOD: &str = "<batch>";

/// One call of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchEntry {
    /// The name of the method.
    pub method: String,
    /// The positional arguments.
    pub positional: Vec<Value>,
    /// The keyword arguments.
    pub keyword: Dict,
}

/// The calls of a batch, which write themselves one by one.
pub trait WriteBatch {
    /// How many there are.
    fn len(&self) -> usize;

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes each call with [`write_entry`] into a list that has been begun.
    ///
    /// # Errors
    /// An argument has no form in the codec.
    fn write<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError>;
}

/// Writes a batch as one call.
///
/// # Errors
/// A value has no form in the codec.
pub fn encode_batch<B: WriteBatch>(
    codec: Codec,
    flavor: &'static Flavor,
    object: &str,
    batch: &B,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    encode_call_with(codec, flavor, object, BATCH_METHOD, &Entries(batch), out)
}

/// Writes one call of a batch.
///
/// # Errors
/// An argument has no form in the codec.
pub fn write_entry<A: WriteArguments, E: Encoder>(
    method: &str,
    arguments: &A,
    encoder: &mut E,
) -> Result<(), EncodeError> {
    encoder.item()?;
    encoder.begin(Container::Tuple, 3)?;
    encoder.item()?;
    encoder.str(method)?;
    encoder.item()?;
    arguments.positional(Container::Tuple, encoder)?;
    encoder.item()?;
    if arguments.has_keyword() {
        arguments.keyword(encoder)?;
    } else {
        encoder.begin(Container::Dict, 0)?;
        encoder.end(Container::Dict, 0)?;
    }
    encoder.end(Container::Tuple, 3)
}

impl WriteBatch for Vec<BatchEntry> {
    fn len(&self) -> usize {
        self.len()
    }

    fn write<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        for BatchEntry { method, positional, keyword } in self {
            write_entry(method, &Values { positional, keyword: Some(keyword) }, encoder)?;
        }
        Ok(())
    }
}

struct Entries<'a, B>(&'a B);

impl<B: WriteBatch> WriteArguments for Entries<'_, B> {
    fn positional<E: Encoder>(&self, _: Container, encoder: &mut E) -> Result<(), EncodeError> {
        encoder.begin(Container::List, self.0.len())?;
        self.0.write(encoder)?;
        encoder.end(Container::List, self.0.len())
    }

    fn keyword<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        encoder.none()
    }

    fn has_keyword(&self) -> bool {
        false
    }
}

/// Takes the results of a batch one by one.
pub trait ReadBatch {
    /// Reads the result of the call of this number, with [`read_result`] where its type is known.
    ///
    /// # Errors
    /// It cannot be read.
    fn read<'de, D: Decoder<'de>>(&mut self, index: usize, decoder: &mut D) -> Result<(), DecodeError>;
}

/// Reads the answer to a batch: a list of results, the one that raised as the last.
///
/// # Errors
/// The payload is no list, or a result cannot be read.
pub fn read_batch<B: ReadBatch>(
    codec: Codec,
    payload: &Bytes,
    limits: &Limits,
    batch: &mut B,
) -> Result<(), DecodeError> {
    with_shared_decoder!(codec, payload, limits, marshal::References::default(), |decoder| {
        let mut open = match decoder.token()? {
            Token::Open(open) if open.kind != Container::Dict => open,
            _ => {
                let message = "the results of a batch are no list";
                return Err(DecodeError::unplaced(DecodeErrorKind::Type, message));
            }
        };
        let mut index = 0;
        while decoder.more(&mut open)? {
            batch.read(index, decoder)?;
            index += 1;
        }
        decoder.finish()
    })
}

/// Why a call of a batch has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchFault {
    /// It raised.
    Raised(Box<Exception>),
    /// Its result is not of the type asked for.
    Wrong(DecodeError),
}

/// Reads one result of a batch, straight into its type, or the exception in its place (wire protocol §3.7).
///
/// # Errors
/// What is there is of no type at all.
pub fn read_result<'de, T: DeserializeOwned + 'static, D: Decoder<'de>>(
    decoder: &mut D,
) -> Result<Result<T, BatchFault>, DecodeError> {
    let start = decoder.mark();
    // An exception is a class dictionary; so may be a result.
    let dict = matches!(decoder.token()?, Token::Open(Open { kind: Container::Dict, .. }));
    decoder.rewind(start);
    if dict {
        if let Value::Exception(exception) = walk::decode(decoder)? {
            return Ok(Err(BatchFault::Raised(exception)));
        }
        decoder.rewind(start);
    }
    serde_bridge::decode_whole(decoder).map(Ok).or_else(|error| {
        decoder.rewind(start);
        decoder.skip()?;
        Ok(Err(BatchFault::Wrong(error)))
    })
}

impl Call {
    /// The calls of a batch, when this is one (the frame's flag says so).
    ///
    /// # Errors
    /// The arguments are not triples of method, arguments and keyword arguments.
    pub fn batch(&self) -> Result<Vec<BatchEntry>, DecodeError> {
        let (entries, _) = self.arguments()?;
        entries.into_iter().map(entry).collect()
    }
}

fn entry(entry: Value) -> Result<BatchEntry, DecodeError> {
    let members = entry.into_items().map_err(|other| wrong("entries", &other))?;
    let [method, positional, keyword]: [Value; 3] = members.try_into().map_err(|members: Vec<_>| {
        let message = format!("a call in a batch has {} members instead of 3", members.len());
        DecodeError::unplaced(DecodeErrorKind::Value, message)
    })?;
    let method = match method {
        Value::Str(method) => method,
        other => return Err(wrong("method", &other)),
    };
    let positional = positional.into_items().map_err(|other| wrong("arguments", &other))?;
    Ok(BatchEntry { method, positional, keyword: keyword_dict(keyword)? })
}
