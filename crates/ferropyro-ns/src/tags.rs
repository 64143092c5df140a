//! Metadata tags as they arrive: any Python iterable of hashable values.
//!
//! What a database makes of a tag is the storage's business.

use ferropyro_value::{Set, Value};

use crate::Error;

/// The tags in a value that a caller sent as `argument` (`metadata`, `metadata_all`, …); none for `None`.
///
/// Tags need not be text; a dict gives its keys, bytes their numbers, as iterating them does in Python.
///
/// # Errors
/// [`Error::Type`] for a text (a mistake made often), for what cannot be iterated, and for unhashable tags.
pub fn collect_tags(value: Value, argument: &str) -> Result<Set, Error> {
    let items = match value {
        Value::None => return Ok(Set::new()),
        Value::Str(_) | Value::SurrogateStr(_) => {
            let text = format!("{argument} should not be a str, but another iterable (set, list, etc)");
            return Err(Error::Type(text.into()));
        }
        Value::Dict(dict) => dict.into_iter().map(|(key, _)| key).collect(),
        Value::Bytes(bytes) => bytes.iter().copied().map(Value::from).collect(),
        other => other
            .into_items()
            .map_err(|value| Error::Type(format!("'{}' object is not iterable", value.type_name()).into()))?,
    };
    if let Some(culprit) = items.iter().find_map(unhashable) {
        return Err(Error::Type(format!("unhashable type: '{}'", culprit.type_name()).into()));
    }
    Ok(items.into_iter().collect())
}

/// The part of a value that Python would not hash. Nesting is bounded by the codec that decoded the value.
fn unhashable(value: &Value) -> Option<&Value> {
    match value {
        Value::List(_) | Value::Set(_) | Value::Dict(_) | Value::Object(_) => Some(value),
        Value::Tuple(items) => items.iter().find_map(unhashable),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use ferropyro_value::Dict;

    use super::*;

    #[test]
    fn any_iterable_gives_tags_and_doubles_are_one() {
        let list = Value::List(vec![Value::from("a"), Value::Int(1), Value::from("a")]);
        let expected: Set = [Value::from("a"), Value::Int(1)].into_iter().collect();
        assert_eq!(collect_tags(list, "metadata"), Ok(expected));
        let dict: Dict = [("k", 1)].into_iter().collect();
        assert_eq!(collect_tags(Value::Dict(dict), "metadata"), Ok(["k"].into_iter().collect()));
        assert_eq!(collect_tags(Value::None, "metadata"), Ok(Set::new()));
        assert_eq!(collect_tags(Value::from(vec![7_u8]), "metadata"), Ok([7].into_iter().collect()));
    }

    #[test]
    fn text_numbers_and_unhashable_tags_are_type_errors() {
        for (value, text) in [
            (Value::from("abc"), "metadata_all should not be a str, but another iterable (set, list, etc)"),
            (Value::Int(5), "'int' object is not iterable"),
            (Value::List(vec![Value::List(Vec::new())]), "unhashable type: 'list'"),
            (Value::List(vec![Value::Tuple(vec![Value::Dict(Dict::new())])]), "unhashable type: 'dict'"),
        ] {
            let error = collect_tags(value, "metadata_all").expect_err(text);
            assert_eq!(error, Error::Type(text.into()));
        }
    }
}
