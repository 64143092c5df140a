//! Class instances as the dictionaries that they are on the wire, for walkers that know no classes.

use crate::codec::Encoder;
use crate::{Dict, Value, walk};

use super::build::ValueEncoder;

/// The value with every instance of a class replaced by its class dictionary.
pub(super) fn dismantle(value: Value) -> Value {
    let all = |items: Vec<Value>| items.into_iter().map(dismantle).collect();
    match value {
        Value::List(items) => Value::List(all(items)),
        Value::Tuple(items) => Value::Tuple(all(items)),
        Value::Dict(dict) => Value::Dict(entries(dict)),
        instance @ (Value::Object(_)
        | Value::Exception(_)
        | Value::Uri(_)
        | Value::Proxy(_)
        | Value::Daemon) => class_dict(&instance).map_or(instance, |dict| Value::Dict(entries(dict))),
        other => other,
    }
}

fn entries(dict: Dict) -> Dict {
    dict.into_iter().map(|(key, value)| (key, dismantle(value))).collect()
}

/// The class dictionary of an instance, what is in it untouched; `None` for anything else.
pub(super) fn class_dict(instance: &Value) -> Option<Dict> {
    let flavor = ValueEncoder::default().flavor();
    walk::class_dict(instance, flavor)
}
