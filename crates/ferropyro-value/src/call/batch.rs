//! Batches: many calls to one object in one INVOKE (wire protocol §3.7).

use crate::codec::{Container, Encoder};
use crate::{Codec, DecodeError, DecodeErrorKind, Dict, EncodeError, Flavor, Value, walk};

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

/// Writes a batch as one call.
///
/// # Errors
/// A value has no form in the codec.
pub fn encode_batch(
    codec: Codec,
    flavor: &'static Flavor,
    object: &str,
    entries: &[BatchEntry],
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    encode_call_with(codec, flavor, object, BATCH_METHOD, &Entries(entries), out)
}

struct Entries<'a>(&'a [BatchEntry]);

impl WriteArguments for Entries<'_> {
    fn positional<E: Encoder>(&self, _: Container, encoder: &mut E) -> Result<(), EncodeError> {
        encoder.begin(Container::List, self.0.len())?;
        for entry in self.0 {
            encoder.item()?;
            encoder.begin(Container::Tuple, 3)?;
            encoder.item()?;
            encoder.str(&entry.method)?;
            encoder.item()?;
            walk::sequence(Container::Tuple, entry.positional.iter(), encoder)?;
            encoder.item()?;
            walk::dict(&entry.keyword, encoder)?;
            encoder.end(Container::Tuple, 3)?;
        }
        encoder.end(Container::List, self.0.len())
    }

    fn keyword<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        encoder.none()
    }

    fn has_keyword(&self) -> bool {
        false
    }
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
