//! The codec against what the genuine serpent wrote and read, and against hostile documents.

mod hostile;
mod vectors;

use super::{Decoder, Encoder};
use crate::codec::{Container, Decoder as _, Token};
use crate::{DecodeError, Dict, EncodeError, Flavor, Limits, Set, Value, flavor, walk};

/// Reads a document without making objects of class dictionaries.
fn decode_raw(document: &[u8], limits: &Limits) -> Result<Value, DecodeError> {
    let mut decoder = Decoder::new(document, limits)?;
    let value = raw(&mut decoder)?;
    decoder.finish()?;
    Ok(value)
}

fn raw(decoder: &mut Decoder<'_>) -> Result<Value, DecodeError> {
    let mut open = match decoder.token()? {
        Token::Open(open) => open,
        scalar => return walk::finish(scalar, decoder),
    };
    let mut items = Vec::new();
    let mut dict = Dict::new();
    while decoder.more(&mut open)? {
        let item = raw(decoder)?;
        if open.kind == Container::Dict {
            walk::check_hashable(&item)?;
            decoder.value()?;
            dict.insert(item, raw(decoder)?);
        } else {
            items.push(item);
        }
    }
    Ok(match open.kind {
        Container::Dict => Value::Dict(dict),
        Container::List => Value::List(items),
        Container::Tuple => Value::Tuple(items),
        Container::Set | Container::FrozenSet => {
            items.iter().try_for_each(walk::check_hashable)?;
            Value::Set(items.into_iter().collect::<Set>())
        }
    })
}

fn encode(value: &Value) -> Result<Vec<u8>, EncodeError> {
    encode_for(value, &flavor::PYRO5)
}

fn encode_for(value: &Value, flavor: &'static Flavor) -> Result<Vec<u8>, EncodeError> {
    let mut out = Vec::new();
    walk::encode(value, &mut Encoder::new(&mut out, flavor))?;
    Ok(out)
}

/// The document without its header line.
fn body(value: &Value) -> String {
    let document = String::from_utf8(encode(value).unwrap()).unwrap();
    document.strip_prefix("# serpent utf-8 python3.2\n").unwrap().to_owned()
}
