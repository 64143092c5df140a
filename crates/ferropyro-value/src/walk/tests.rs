//! Tests of class dictionaries, made and recognised.

use super::*;
use crate::{Codec, Limits, flavor};

fn dict<V: Into<Value>>(entries: impl IntoIterator<Item = (&'static str, V)>) -> Dict {
    entries.into_iter().collect()
}

fn error(entries: Dict) -> String {
    classify(entries).unwrap_err().to_string()
}

fn class(name: &str) -> (&'static str, Value) {
    ("__class__", name.into())
}

#[test]
fn class_dictionaries_of_both_dialects_are_recognised() {
    let uri: Uri = "PYRO:obj@host:1".parse().unwrap();
    let exception = Exception::new("Pyro5.errors.NamingError", "gone");
    let proxy = ProxyState { oneway: vec!["log".to_owned()], ..ProxyState::new(uri.clone()) };
    for value in [uri.into(), exception.into(), proxy.into(), Value::Daemon] {
        for flavor in [&flavor::PYRO4, &flavor::PYRO5] {
            let bytes = Codec::Json.encode_value(&value, flavor).unwrap();
            let back = Codec::Json.decode_value(&bytes, &Limits::default()).unwrap();
            let old = Exception::new("Pyro4.errors.NamingError", "gone").into();
            assert!(back == value || back == old, "{back:?}");
        }
    }
}

#[test]
fn a_class_dictionary_is_what_the_walker_writes() {
    let uri: Uri = "PYRO:obj@host:1".parse().unwrap();
    let members = dict([("x", 1)]);
    let object = Instance { class: "a.B".to_owned(), members };
    let exception = Exception::new("ValueError", "no").with_traceback(["line"]);
    let values =
        [object.into(), exception.into(), ProxyState::new(uri.clone()).into(), uri.into(), Value::Daemon];
    for value in values {
        for flavor in [&flavor::PYRO4, &flavor::PYRO5] {
            let written = Codec::Marshal.encode_value(&value, flavor).unwrap();
            let plain = Value::Dict(class_dict(&value, flavor).unwrap());
            assert_eq!(Codec::Marshal.encode_value(&plain, flavor).unwrap(), written, "{value:?}");
        }
    }
    assert_eq!(class_dict(&Value::None, &flavor::PYRO5), None);
}

#[test]
fn a_batch_exception_is_unwrapped() {
    let inner = Value::from(Exception::new("ValueError", "no"));
    for name in ["Pyro4.futures._ExceptionWrapper", "Pyro5.core._ExceptionWrapper"] {
        let wrapper = dict([class(name), ("exception", inner.clone())]);
        assert_eq!(classify(wrapper).unwrap(), inner);
        assert_eq!(error(dict([class(name)])), "'exception'");
    }
}

#[test]
fn unknown_classes_are_data() {
    let value = classify(dict([class("a.B"), ("x", 1.into())])).unwrap();
    assert_eq!(value, Instance { class: "a.B".to_owned(), members: dict([("x", 1)]) }.into());
    let bytes = dict([("__class__", Value::from(b"a.B".to_vec()))]);
    assert_eq!(classify(bytes).unwrap().type_name(), "a.B");
}

#[test]
fn a_class_that_is_no_text_is_an_ordinary_member() {
    let entries = dict([("__class__", 1)]);
    assert_eq!(classify(entries.clone()).unwrap(), Value::Dict(entries));
}

#[test]
fn serpents_nan_is_a_float() {
    let value = classify(dict([class("float"), ("value", "nan".into())])).unwrap();
    assert_eq!(value, Value::Float(f64::NAN));
    let wrong = dict([class("float"), ("value", "x".into())]);
    assert_eq!(error(wrong), "could not convert string to float: 'x'");
}

#[test]
fn malformed_class_dictionaries_say_what_is_wrong() {
    assert_eq!(error(dict([class("Pyro5.core.URI")])), "'state'");
    assert_eq!(error(dict([class("Pyro5.core.URI"), ("state", 1.into())])), "uri state: not a tuple of five");
    let state = |state: Value| dict([class("Pyro5.client.Proxy"), ("state", state)]);
    assert_eq!(error(state(1.into())), "proxy state: a int, not a tuple");
    assert_eq!(error(state((1, 2).into())), "proxy state: 2 members instead of 6, 8 or 9");
    let exception = |args: Value| dict([class("x.E"), ("__exception__", true.into()), ("args", args)]);
    assert_eq!(error(exception(1.into())), "the args of exception x.E are a int, not a tuple");
    assert_eq!(error(dict([class("Pyro5.errors.NamingError")])), "'args'");
}

#[test]
fn what_python_cannot_hash_is_no_key() {
    for unhashable in [Value::List(vec![]), Value::Dict(Dict::new()), Value::Set(Set::new())] {
        let message = format!("unhashable type: '{}'", unhashable.type_name());
        assert_eq!(check_hashable(&unhashable).unwrap_err().to_string(), message);
        assert_eq!(check_hashable(&Value::from((1, unhashable))).unwrap_err().to_string(), message);
    }
    assert_eq!(check_hashable(&Value::Daemon).unwrap_err().to_string(), "unhashable type: 'dict'");
    assert!(check_hashable(&Value::FrozenSet(Set::new())).is_ok());
}

#[test]
fn an_hmac_key_travels_as_pyro4_writes_it() {
    let state = ProxyState { hmac_key: Some(vec![0, 255]), ..ProxyState::new("PYRO:o@h:1".parse().unwrap()) };
    let Value::Tuple(members) = state.to_state(true) else { panic!("a tuple") };
    assert_eq!((members.len(), &members[5]), (9, &Value::from("b64:AP8=")));
    assert_eq!(ProxyState::from_state(Value::Tuple(members.clone())).as_ref(), Ok(&state));
    let eight = Value::Tuple(members[..8].to_vec());
    assert_eq!(ProxyState::from_state(eight).unwrap().serializer, None);
}
