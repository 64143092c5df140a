//! Captured messages of genuine Pyros, trimmed to what these tests look at.

use ferropyro_proto::{Dialect, Flags, MessageType};
use serde_json::Value as Json;

/// The entries of a file in `tests/vectors`.
pub(crate) fn entries(text: &str) -> Vec<Json> {
    serde_json::from_str(text).unwrap()
}

pub(crate) fn text<'a>(entry: &'a Json, key: &str) -> &'a str {
    entry[key].as_str().unwrap()
}

pub(crate) fn number(entry: &Json, key: &str) -> u16 {
    u16::try_from(entry[key].as_u64().unwrap()).unwrap()
}

pub(crate) fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

pub(crate) fn message_type(name: &str) -> MessageType {
    match name {
        "CONNECT" => MessageType::Connect,
        "CONNECTOK" => MessageType::ConnectOk,
        "CONNECTFAIL" => MessageType::ConnectFail,
        "INVOKE" => MessageType::Invoke,
        "RESULT" => MessageType::Result,
        "PING" => MessageType::Ping,
        other => panic!("{other}"),
    }
}

pub(crate) fn flags(names: &Json) -> Flags {
    names.as_array().unwrap().iter().fold(Flags::NONE, |flags, name| {
        flags
            | match name.as_str().unwrap() {
                "EXCEPTION" => Flags::EXCEPTION,
                "COMPRESSED" => Flags::COMPRESSED,
                "ONEWAY" => Flags::ONEWAY,
                "BATCH" => Flags::BATCH,
                "META_ON_CONNECT" => Flags::META_ON_CONNECT,
                "ITEMSTREAMRESULT" => Flags::ITEM_STREAM,
                "KEEPSERIALIZED" => Flags::KEEP_SERIALIZED,
                "CORR_ID" => Flags::CORRELATION,
                other => panic!("{other}"),
            }
    })
}

pub(crate) fn messages(dialect: Dialect) -> Vec<Json> {
    entries(match dialect {
        Dialect::Pyro4 => include_str!("../vectors/messages-48.json"),
        Dialect::Pyro5 => include_str!("../vectors/messages-502.json"),
    })
}
