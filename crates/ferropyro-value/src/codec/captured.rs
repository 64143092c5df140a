//! Test help: messages captured from genuine Pyro programs, as trees of JSON that name each type.
//!
//! None, bools, text and lists stand for themselves; everything else is an object with one member that says
//! what it is: `{"int":"5"}`, `{"bytes":"00ff"}`, `{"dict":[["key",true]]}`.

use serde_json::{Value as Json, json};

use super::{Container, Decoder, Encoder, Token, isoformat, python_float};
use crate::{DecodeError, EncodeError};

/// One captured message: its bytes, and what they are or why the genuine receiver refuses them.
pub(crate) struct Message {
    pub(crate) name: String,
    pub(crate) protocol: u64,
    pub(crate) bytes: Vec<u8>,
    pub(crate) tree: Result<Json, String>,
}

pub(crate) fn messages(file: &str) -> Vec<Message> {
    let entries: Vec<Json> = serde_json::from_str(file).unwrap();
    let message = |entry: Json| Message {
        name: entry["name"].as_str().unwrap().to_owned(),
        protocol: entry["protocol"].as_u64().unwrap(),
        bytes: from_hex(entry["hex"].as_str().unwrap()),
        tree: match entry["refused"].as_str() {
            Some(reason) => Err(reason.to_owned()),
            None => Ok(entry["tree"].clone()),
        },
    };
    entries.into_iter().map(message).collect()
}

/// The tree with `__class__` last in each dict: the one thing whose place a [`crate::Value`] does not keep.
pub(crate) fn class_last(tree: &Json) -> Json {
    match tree {
        Json::Array(items) => items.iter().map(class_last).collect(),
        Json::Object(members) => {
            let mut members: serde_json::Map<String, Json> =
                members.iter().map(|(name, member)| (name.clone(), class_last(member))).collect();
            if let Some(Json::Array(entries)) = members.get_mut("dict") {
                entries.sort_by_key(|entry| entry[0] == "__class__");
            }
            Json::Object(members)
        }
        scalar => scalar.clone(),
    }
}

pub(crate) fn from_hex(text: &str) -> Vec<u8> {
    let digit = |byte: u8| u8::try_from(char::from(byte).to_digit(16).unwrap()).unwrap();
    text.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).unwrap()
}

/// Reads one value as a tree.
pub(crate) fn tree<'de>(decoder: &mut impl Decoder<'de>) -> Result<Json, DecodeError> {
    let float = |number| written(|out| python_float::write(out, number));
    Ok(match decoder.token()? {
        Token::None => Json::Null,
        Token::Bool(flag) => json!(flag),
        Token::Int(number) => json!({"int": number.to_string()}),
        Token::BigInt(number) => json!({"int": number.to_string()}),
        Token::Float(number) => json!({"float": float(number)}),
        Token::Complex(number) => json!({"complex": [float(number.real), float(number.imag)]}),
        Token::Str(text) => json!(text),
        Token::SurrogateStr(text) => json!({"surrogates": format!("{text:?}")}),
        Token::Bytes(bytes) => {
            json!({"bytes": bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()})
        }
        Token::DateTime(civil) => {
            json!({"datetime": written(|out| isoformat::write_date_time(out, &civil))})
        }
        Token::Date(date) => json!({"date": written(|out| isoformat::write_date(out, date))}),
        Token::Ellipsis => json!({"ellipsis": true}),
        other @ (Token::Time(_) | Token::TimeDelta(_) | Token::Decimal(_) | Token::Uuid(_)) => {
            panic!("no codec reads {other:?}")
        }
        Token::Open(mut open) => {
            let mut items = Vec::new();
            while decoder.more(&mut open)? {
                let item = tree(decoder)?;
                if open.kind == Container::Dict {
                    decoder.value()?;
                    items.push(json!([item, tree(decoder)?]));
                } else {
                    items.push(item);
                }
            }
            match open.kind {
                Container::List => Json::Array(items),
                Container::Tuple => json!({"tuple": items}),
                Container::Set => json!({"set": items}),
                Container::FrozenSet => json!({"frozenset": items}),
                Container::Dict => json!({"dict": items}),
            }
        }
    })
}

/// Reads one value, telling an encoder what comes as it comes. Containers must say their length in advance
/// where the encoder needs it.
pub(crate) fn transcode<'de>(
    decoder: &mut impl Decoder<'de>,
    encoder: &mut impl Encoder,
) -> Result<(), EncodeError> {
    match decoder.token().unwrap() {
        Token::None => encoder.none(),
        Token::Bool(flag) => encoder.bool(flag),
        Token::Int(number) => encoder.int(number),
        Token::BigInt(number) => encoder.big_int(&number),
        Token::Float(number) => encoder.float(number),
        Token::Complex(number) => encoder.complex(number),
        Token::Str(text) => encoder.str(&text),
        Token::SurrogateStr(text) => encoder.surrogate_str(&text),
        Token::Bytes(bytes) => encoder.bytes(&bytes),
        Token::DateTime(date_time) => encoder.date_time(&date_time),
        Token::Date(date) => encoder.date(date),
        other @ (Token::Ellipsis
        | Token::Time(_)
        | Token::TimeDelta(_)
        | Token::Decimal(_)
        | Token::Uuid(_)) => {
            panic!("no codec carries {other:?}")
        }
        Token::Open(mut open) => {
            let length = open.left.unwrap_or_default().try_into().unwrap();
            encoder.begin(open.kind, length)?;
            while decoder.more(&mut open).unwrap() {
                if open.kind == Container::Dict {
                    encoder.key()?;
                    transcode(decoder, encoder)?;
                    decoder.value().unwrap();
                    encoder.value()?;
                } else {
                    encoder.item()?;
                }
                transcode(decoder, encoder)?;
            }
            encoder.end(open.kind, length)
        }
    }
}

/// A tree with the members of sets in one order, since nobody promises any.
pub(crate) fn sorted(tree: Json) -> Json {
    match tree {
        Json::Array(items) => items.into_iter().map(sorted).collect(),
        Json::Object(members) => {
            let member = |(kind, content)| {
                let mut content = sorted(content);
                if let (true, Json::Array(items)) = (kind == "set" || kind == "frozenset", &mut content) {
                    items.sort_by_key(ToString::to_string);
                }
                (kind, content)
            };
            members.into_iter().map(member).collect()
        }
        other => other,
    }
}
