//! What an object offers, by name (wire protocol §2.2).

use ferropyro_value::{Dict, Value};

use crate::Dialect;

/// The names of an object's methods and attributes. Signatures do not travel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata {
    /// Methods, the oneway ones included.
    pub methods: Vec<String>,
    /// Methods that are called without waiting for a reply.
    pub oneway: Vec<String>,
    /// Attributes.
    pub attrs: Vec<String>,
}

impl Metadata {
    /// Whether there is neither method nor attribute.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.methods.is_empty() && self.attrs.is_empty()
    }

    /// The mapping that travels: of lists for Pyro4, of sets for Pyro5.
    #[must_use]
    pub fn to_value(&self, dialect: Dialect) -> Value {
        let names = |names: &[String]| {
            if dialect.flavor().metadata_as_sets {
                Value::Set(names.iter().collect())
            } else {
                names.iter().collect::<Value>()
            }
        };
        let members = [("methods", &self.methods), ("oneway", &self.oneway), ("attrs", &self.attrs)];
        Value::Dict(members.into_iter().map(|(key, list)| (key, names(list))).collect::<Dict>())
    }

    /// Reads the mapping; each member may be a list, a tuple or a set. `None` for anything else.
    #[must_use]
    pub fn from_value(value: &Value) -> Option<Self> {
        let dict = value.as_dict()?;
        let names = |key| -> Option<Vec<String>> {
            let name = |item: &Value| item.as_str().map(str::to_owned);
            match dict.get(key)? {
                Value::List(items) | Value::Tuple(items) => items.iter().map(name).collect(),
                Value::Set(items) | Value::FrozenSet(items) => items.iter().map(name).collect(),
                _ => None,
            }
        };
        Some(Self { methods: names("methods")?, oneway: names("oneway")?, attrs: names("attrs")? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_travel_in_lists_or_sets_and_come_in_any_collection() {
        let metadata = Metadata {
            methods: vec!["ping".into(), "fire".into()],
            oneway: vec!["fire".into()],
            attrs: Vec::new(),
        };
        let member =
            |dialect| metadata.to_value(dialect).as_dict().and_then(|dict| dict.get("methods").cloned());
        assert!(matches!(member(Dialect::Pyro4), Some(Value::List(_))));
        assert!(matches!(member(Dialect::Pyro5), Some(Value::Set(_))));
        for dialect in Dialect::ALL {
            assert_eq!(Metadata::from_value(&metadata.to_value(dialect)).as_ref(), Some(&metadata));
        }
        let none = Value::Tuple(Vec::new());
        let bare: Dict =
            [("methods", none.clone()), ("oneway", none.clone()), ("attrs", none)].into_iter().collect();
        assert!(Metadata::from_value(&Value::Dict(bare)).unwrap().is_empty());
    }

    #[test]
    fn what_is_not_three_collections_of_names_is_no_metadata() {
        assert_eq!(Metadata::from_value(&Value::None), None);
        let mut dict: Dict = [("methods", Value::List(Vec::new()))].into_iter().collect();
        assert_eq!(Metadata::from_value(&Value::Dict(dict.clone())), None);
        dict.insert("oneway", Value::List(Vec::new()));
        dict.insert("attrs", Value::List(vec![Value::Int(1)]));
        assert_eq!(Metadata::from_value(&Value::Dict(dict)), None);
    }
}
