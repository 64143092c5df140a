//! [`Registration`]: an entry of a name server.

use std::collections::BTreeSet;

use ferropyro_value::{Uri, Value, literal};

use crate::CallError;

/// A name, what it stands for, and its tags.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Registration {
    /// The name.
    pub name: String,
    /// The address as it was registered, which name servers keep verbatim.
    pub text: String,
    /// The tags. A tag that is no text is shown as Python shows it.
    pub metadata: BTreeSet<String>,
}

impl Registration {
    /// A name without tags.
    pub fn new(name: impl Into<String>, uri: &Uri) -> Self {
        Self { name: name.into(), text: uri.to_string(), metadata: BTreeSet::new() }
    }

    /// The address.
    ///
    /// # Errors
    /// What was registered is no address.
    pub fn uri(&self) -> Result<Uri, CallError> {
        Ok(self.text.trim().parse()?)
    }

    /// Reads one entry of a listing: an address, or an address with tags.
    pub(super) fn from_entry(name: Value, entry: Value) -> Option<Self> {
        let Value::Str(name) = name else { return None };
        let (uri, metadata) = match entry {
            Value::List(pair) | Value::Tuple(pair) => {
                let [uri, tags]: [Value; 2] = pair.try_into().ok()?;
                (uri, tags.into_items().ok()?.iter().map(tag).collect())
            }
            uri => (uri, BTreeSet::new()),
        };
        let text = match uri {
            Value::Str(text) => text,
            Value::Uri(uri) => uri.to_string(),
            _ => return None,
        };
        Some(Self { name, text, metadata })
    }
}

fn tag(value: &Value) -> String {
    value.as_str().map_or_else(|| literal::repr(value), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_with_and_without_tags_in_any_container() {
        let plain = Registration::from_entry("a".into(), "PYRO:x@h:1".into()).unwrap();
        assert!(plain.metadata.is_empty());
        assert_eq!(plain.uri().unwrap().object(), Some("x"));
        let tags = Value::List(vec!["t".into(), Value::Int(3)]);
        let tagged = Registration::from_entry("a".into(), Value::from(("PYRO:x@h:1", tags))).unwrap();
        assert_eq!(tagged.metadata, ["3", "t"].map(str::to_owned).into());
        let empty = Value::Tuple(vec![]);
        assert!(Registration::from_entry("a".into(), Value::from(("PYRO:x@h:1", empty))).is_some());
        assert_eq!(Registration::from_entry(Value::Int(1), "PYRO:x@h:1".into()), None);
        assert_eq!(Registration::from_entry("a".into(), Value::Int(1)), None);
    }
}
