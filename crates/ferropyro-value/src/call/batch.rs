//! Batches: many calls to one object in one INVOKE (wire protocol §3.7).

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::codec::{Container, Decoder, Encoder, Mark, Open, Token, marshal, with_shared_decoder};
use crate::{
    Codec, DecodeError, DecodeErrorKind, EncodeError, Exception, Flavor, Limits, Value, serde_bridge, walk,
};

use super::skim::{skip_keyword, skip_positional};
use super::{Call, EncodedArguments, WriteArguments, encode_call_with};

/// The method name of a batch. Servers go by the frame's flag and ignore it.
pub const BATCH_METHOD: &str = "<batch>";

/// One call of a batch, its arguments not yet decoded.
#[derive(Clone, Debug)]
pub struct BatchEntry {
    /// The name of the method.
    pub method: String,
    /// The arguments.
    pub arguments: EncodedArguments,
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
        let EncodedArguments { codec, payload, positional, limits, references, .. } = &self.arguments;
        let places = with_shared_decoder!(*codec, payload, limits, references.clone(), |decoder| {
            decoder.rewind(*positional);
            places(decoder)?
        });
        Ok(places.into_iter().map(|place| place.entry(&self.arguments)).collect())
    }
}

/// Where the parts of a batch's entry stand.
struct Place {
    method: String,
    positional: Mark,
    keyword: Mark,
    end: usize,
}

impl Place {
    /// The entry of that place. All codecs but marshal, which has references, read it from a part of the payload,
    /// so that what they do with all of it at the start does not grow with the number of entries.
    fn entry(self, batch: &EncodedArguments) -> BatchEntry {
        let Self { method, positional, keyword, end } = self;
        let start = positional.offset;
        let arguments = match batch.codec {
            Codec::Marshal => EncodedArguments { positional, keyword, ..batch.clone() },
            Codec::Serpent | Codec::Json | Codec::Msgpack => EncodedArguments {
                payload: batch.payload.slice(start..end.max(start)),
                positional: Mark { offset: 0, ..positional },
                keyword: Mark { offset: keyword.offset.saturating_sub(start), ..keyword },
                ..batch.clone()
            },
        };
        BatchEntry { method, arguments }
    }
}

fn places<'de, D: Decoder<'de>>(decoder: &mut D) -> Result<Vec<Place>, DecodeError> {
    let mut places = Vec::new();
    let Token::Open(mut batch) = decoder.token()? else { return Ok(places) };
    while decoder.more(&mut batch)? {
        let mut entry = match decoder.token()? {
            Token::Open(open) if open.kind == Container::Tuple || open.kind == Container::List => open,
            _ => return Err(malformed("an entry of a batch must be a list or a tuple")),
        };
        let mut next = |decoder: &mut D| match decoder.more(&mut entry) {
            Ok(true) => Ok(()),
            Ok(false) => Err(malformed("a call in a batch has fewer than 3 members")),
            Err(error) => Err(error),
        };
        next(decoder)?;
        let Token::Str(method) = decoder.token()? else {
            return Err(malformed("the method of a call in a batch must be text"));
        };
        next(decoder)?;
        let positional = skip_positional(decoder)?;
        next(decoder)?;
        let keyword = skip_keyword(decoder)?;
        let end = decoder.mark().offset;
        if decoder.more(&mut entry)? {
            return Err(malformed("a call in a batch has more than 3 members"));
        }
        places.push(Place { method: method.into_owned(), positional, keyword, end });
    }
    Ok(places)
}

fn malformed(message: &str) -> DecodeError {
    DecodeError::unplaced(DecodeErrorKind::Type, message)
}
