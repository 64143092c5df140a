//! Values as text that is the same on both sides of the suite: what `python/show.py` writes, from Rust.
//!
//! Scalars look as Python shows them. Sets are sorted, and what has an address is shown by its URI.

use ferropyro::Instance;
use ferropyro::{Dict, Exception, Set, Value, literal};

/// The value as text.
pub(crate) fn show(value: &Value) -> String {
    match value {
        Value::List(items) => format!("[{}]", join(items)),
        Value::Tuple(items) => format!("({}{})", join(items), if items.len() == 1 { "," } else { "" }),
        Value::Dict(dict) => show_dict(dict),
        Value::Set(set) => show_set(set),
        Value::FrozenSet(set) => {
            format!("frozenset({})", show_set(set))
        }
        Value::Proxy(proxy) => format!("<Proxy {}>", proxy.uri),
        Value::Uri(uri) => format!("<URI {uri}>"),
        Value::Exception(exception) => show_exception(exception),
        Value::Object(object) => show_object(object),
        scalar => literal::repr(scalar),
    }
}

/// The type and the text of a value.
pub(crate) fn describe(value: &Value) -> String {
    let name = value.type_name();
    format!("{}|{}", name.rsplit('.').next().unwrap_or(name), show(value))
}

/// What an exception carries beside its arguments, except for what Pyro itself attaches.
pub(crate) fn show_attributes(exception: &Exception) -> String {
    let mut own: Vec<_> = exception
        .attributes()
        .iter()
        .filter(|(name, _)| !name.as_str().is_some_and(|name| name.starts_with("_pyro")))
        .map(|(name, value)| format!("{}: {}", show(name), show(value)))
        .collect();
    own.sort();
    format!("{{{}}}", own.join(", "))
}

fn join<'a>(items: impl IntoIterator<Item = &'a Value>) -> String {
    items.into_iter().map(show).collect::<Vec<_>>().join(", ")
}

fn show_dict(dict: &Dict) -> String {
    let entries: Vec<_> = dict.iter().map(|(key, value)| format!("{}: {}", show(key), show(value))).collect();
    format!("{{{}}}", entries.join(", "))
}

fn show_set(set: &Set) -> String {
    if set.is_empty() {
        return "set()".to_owned();
    }
    let mut members: Vec<_> = set.iter().map(show).collect();
    members.sort();
    format!("{{{}}}", members.join(", "))
}

fn show_exception(exception: &Exception) -> String {
    let args = match exception.args() {
        [one] => format!("({})", show(one)),
        many => format!("({})", join(many)),
    };
    let attributes = show_attributes(exception);
    let attributes = if attributes == "{}" { String::new() } else { format!(" {attributes}") };
    format!("{}{args}{attributes}", exception.name())
}

/// The one class that the genuine programs of this suite know is shown as they do.
fn show_object(object: &Instance) -> String {
    match (object.class.as_str(), object.members.get("x"), object.members.get("y")) {
        ("conformance.Point", Some(x), Some(y)) => format!("Point({}, {})", show(x), show(y)),
        _ => format!("<{} {}>", object.class, show_dict(&object.members)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_look_as_in_python_and_sets_are_sorted() {
        let value = literal::parse("[(1,), {'b': 2.0}, {3, 1}]").expect("a literal");
        assert_eq!(show(&value), "[(1,), {'b': 2.0}, {1, 3}]");
        assert_eq!(describe(&Value::Set(Set::new())), "set|set()");
    }

    #[test]
    fn an_exception_shows_its_attributes_without_the_traceback() {
        let mut exception = Exception::new("ValueError", "x").with_traceback(["line\n"]);
        assert_eq!(show(&exception.clone().into()), "ValueError('x')");
        exception.attributes_mut().insert("code", 7);
        assert_eq!(show(&exception.into()), "ValueError('x') {'code': 7}");
    }
}
