//! The payloads that belong to the protocol itself: handshakes, and what a blob is about.

use bytes::Bytes;
use ferropyro_value::{Codec, DecodeError, DecodeErrorKind, Dict, EncodeError, Limits, Value};

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
    ///
    /// # Errors
    /// The codec cannot carry the handshake.
    pub fn encode(&self, codec: Codec, dialect: Dialect, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let mut members = Dict::new();
        members.insert("handshake", self.handshake.clone());
        if let Some(object) = &self.object {
            members.insert("object", object);
        }
        codec.encode_value_into(&Value::Dict(members), dialect.flavor(), out)
    }

    /// Reads the payload. The object must be named where its metadata is wanted.
    ///
    /// # Errors
    /// Not this codec's language, no mapping, or a member is missing.
    pub fn decode(
        codec: Codec,
        payload: &[u8],
        wants_metadata: bool,
        limits: &Limits,
    ) -> Result<Self, DecodeError> {
        let mut members = mapping(codec.decode_value(payload, limits)?)?;
        let handshake = members.remove("handshake").ok_or_else(|| missing("handshake"))?;
        let object = match members.remove("object") {
            Some(Value::Str(object)) => Some(object),
            Some(_) => return Err(DecodeError::unplaced(DecodeErrorKind::Type, "unknown object")),
            None if wants_metadata => return Err(missing("object")),
            None => None,
        };
        Ok(Self { handshake, object })
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
    ///
    /// # Errors
    /// The codec cannot carry the handshake.
    pub fn encode(&self, codec: Codec, dialect: Dialect, out: &mut Vec<u8>) -> Result<(), EncodeError> {
        let Some(metadata) = &self.metadata else {
            return codec.encode_value_into(&self.handshake, dialect.flavor(), out);
        };
        let mut members = Dict::new();
        members.insert("handshake", self.handshake.clone());
        members.insert("meta", metadata.to_value(dialect));
        codec.encode_value_into(&Value::Dict(members), dialect.flavor(), out)
    }

    /// Reads the payload: a mapping where it carries metadata, else the bare answer.
    ///
    /// # Errors
    /// Not this codec's language, no mapping, or a member is missing.
    pub fn decode(
        codec: Codec,
        payload: &[u8],
        with_metadata: bool,
        limits: &Limits,
    ) -> Result<Self, DecodeError> {
        let value = codec.decode_value(payload, limits)?;
        if !with_metadata {
            return Ok(Self { handshake: value, metadata: None });
        }
        let mut members = mapping(value)?;
        let handshake = members.remove("handshake").ok_or_else(|| missing("handshake"))?;
        let metadata = match members.remove("meta") {
            None | Some(Value::None) => None,
            Some(Value::Dict(dict)) if dict.is_empty() => None,
            Some(meta) => Some(Metadata::from_value(&meta).ok_or_else(|| {
                DecodeError::unplaced(
                    DecodeErrorKind::Type,
                    "metadata that is not three collections of names",
                )
            })?),
        };
        Ok(Self { handshake, metadata })
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
    ///
    /// # Errors
    /// Marshal cannot carry the info.
    pub fn encode(&self, dialect: Dialect) -> Result<Bytes, EncodeError> {
        let about = Value::from((self.info.clone(), &self.object, &self.method));
        Codec::Marshal.encode_value(&about, dialect.flavor()).map(Bytes::from)
    }

    /// Reads the annotation's data.
    ///
    /// # Errors
    /// Not marshal, or not a triple of the info and two texts.
    pub fn decode(data: &[u8], limits: &Limits) -> Result<Self, DecodeError> {
        let value = Codec::Marshal.decode_value(data, limits)?;
        match value.into_items().map(<[Value; 3]>::try_from) {
            Ok(Ok([info, Value::Str(object), Value::Str(method)])) => Ok(Self { info, object, method }),
            _ => Err(DecodeError::unplaced(
                DecodeErrorKind::Type,
                "BLBI annotation that is not (info, object, method)",
            )),
        }
    }
}

/// The members of a mapping; the error is Python's for indexing something else by name.
fn mapping(value: Value) -> Result<Dict, DecodeError> {
    let message = match value {
        Value::Dict(members) => return Ok(members),
        Value::List(_) => "list indices must be integers or slices, not str".to_owned(),
        Value::Tuple(_) => "tuple indices must be integers or slices, not str".to_owned(),
        Value::Str(_) => "string indices must be integers, not 'str'".to_owned(),
        other => format!("'{}' object is not subscriptable", other.type_name()),
    };
    Err(DecodeError::unplaced(DecodeErrorKind::Type, message))
}

/// The error for a missing member, with the text that Python's `KeyError` has.
fn missing(key: &str) -> DecodeError {
    DecodeError::unplaced(DecodeErrorKind::Missing, format!("'{key}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(json: &str, wants_metadata: bool) -> Result<Connect, String> {
        Connect::decode(Codec::Json, json.as_bytes(), wants_metadata, &Limits::default())
            .map_err(|e| e.message.clone())
    }

    #[test]
    fn introductions_are_read_as_pyro_reads_them() {
        let thing = Connect { handshake: Value::from("hello"), object: Some("obj.thing".into()) };
        assert_eq!(decode(r#"{"handshake": "hello", "object": "obj.thing"}"#, true), Ok(thing));
        assert_eq!(
            decode(r#"{"handshake": 5}"#, false),
            Ok(Connect { handshake: Value::from(5), object: None })
        );
        assert_eq!(decode(r#"{"handshake": 5}"#, true), Err("'object'".into()));
        assert_eq!(decode(r#"{"object": "x"}"#, true), Err("'handshake'".into()));
        assert_eq!(decode("[1]", true), Err("list indices must be integers or slices, not str".into()));
        assert_eq!(decode("5", true), Err("'int' object is not subscriptable".into()));
    }

    #[test]
    fn answers_with_and_without_metadata_are_read() {
        let decode = |json: &str, with_metadata| {
            ConnectOk::decode(Codec::Json, json.as_bytes(), with_metadata, &Limits::default())
        };
        let bare = decode(r#"{"a": 1}"#, false).unwrap();
        assert!(bare.metadata.is_none() && bare.handshake.as_dict().is_some());
        let meta = decode(r#"{"handshake": 1, "meta": {"methods": ["m"], "oneway": [], "attrs": []}}"#, true)
            .unwrap();
        assert_eq!(meta.metadata.unwrap().methods, ["m"]);
        for none in ["{}", "null"] {
            assert_eq!(
                decode(&format!(r#"{{"handshake": 1, "meta": {none}}}"#), true).unwrap().metadata,
                None
            );
        }
        assert!(decode(r#"{"handshake": 1, "meta": 5}"#, true).is_err());
        assert!(decode("5", true).is_err());
    }
}
