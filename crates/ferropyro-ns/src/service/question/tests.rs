//! How arguments of both dialects become questions.

use ferropyro::Dict;

use super::*;

fn ask(method: &str, positional: Vec<Value>, keyword: Dict, dialect: Dialect) -> Result<Question, String> {
    let question = Question::new(Arguments::new(method, positional, keyword), dialect);
    question.map_err(|exception| exception.to_string())
}

fn keywords(entries: &[(&str, Value)]) -> Dict {
    entries.iter().cloned().collect()
}

fn list_of(items: &[&str]) -> Value {
    items.iter().copied().collect()
}

#[test]
fn the_third_argument_of_list_depends_on_the_dialect() {
    let positional = || vec![Value::None, Value::None, Value::from(true)];
    let listed = ask("list", positional(), Dict::new(), Dialect::Pyro5);
    assert_eq!(listed, Ok(Question::List { which: Which::Everything, with_tags: true }));
    let refused = ask("list", positional(), Dict::new(), Dialect::Pyro4);
    assert_eq!(refused, Err("TypeError: 'bool' object is not iterable".to_owned()));
}

#[test]
fn pyro4_counts_empty_filters_and_pyro5_does_not() {
    let filters = || keywords(&[("prefix", Value::from("")), ("regex", Value::from("a"))]);
    let only_one = Err("ValueError: you can only filter on one thing at a time".to_owned());
    assert_eq!(ask("list", Vec::new(), filters(), Dialect::Pyro4), only_one);
    let listed = ask("list", Vec::new(), filters(), Dialect::Pyro5);
    assert_eq!(listed, Ok(Question::List { which: Which::Pattern("a".to_owned()), with_tags: false }));
    let both = keywords(&[("prefix", Value::from("a")), ("regex", Value::from("b"))]);
    assert_eq!(ask("list", Vec::new(), both, Dialect::Pyro5), only_one);
}

#[test]
fn tags_filter_in_both_dialects() {
    for dialect in Dialect::ALL {
        let filter = keywords(&[("metadata_all", list_of(&["a"])), ("return_metadata", Value::from(1))]);
        let which = Which::AllTags(["a"].into_iter().collect());
        assert_eq!(ask("list", Vec::new(), filter, dialect), Ok(Question::List { which, with_tags: true }));
        let text = keywords(&[("metadata_any", Value::from("abc"))]);
        let expected = "TypeError: metadata_any should not be a str, but another iterable (set, list, etc)";
        assert_eq!(ask("list", Vec::new(), text, dialect), Err(expected.to_owned()));
    }
}

#[test]
fn yplookup_gives_tags_unless_told_otherwise_and_takes_one_filter() {
    let asked = |keyword| ask("yplookup", Vec::new(), keyword, Dialect::Pyro5);
    assert_eq!(asked(Dict::new()), Ok(Question::List { which: Which::Nothing, with_tags: true }));
    let both = keywords(&[("meta_all", list_of(&["a"])), ("meta_any", list_of(&["b"]))]);
    assert_eq!(
        asked(both),
        Err("ValueError: you can't use meta_all or meta_any at the same time".to_owned())
    );
    let text = keywords(&[("meta_all", Value::from("a"))]);
    let expected = "TypeError: metadata_all should not be a str, but another iterable (set, list, etc)";
    assert_eq!(asked(text), Err(expected.to_owned()));
}

#[test]
fn register_checks_the_uri_first_then_the_name_then_the_tags() {
    let asked = |positional: [Value; 2], keyword| ask("register", positional.into(), keyword, Dialect::Pyro5);
    let metadata = || keywords(&[("metadata", Value::from("text"))]);
    let uri = || Value::from("PYRO:x@h:1");
    for (positional, keyword, expected) in [
        ([Value::from(1), Value::from(2)], metadata(), "TypeError: only URIs or strings can be registered"),
        ([Value::from(1), Value::from("bad")], metadata(), "PyroError: invalid uri"),
        ([Value::from(1), uri()], metadata(), "TypeError: name must be a str"),
        (
            [Value::from("a"), uri()],
            metadata(),
            "TypeError: metadata should not be a str, but another iterable (set, list, etc)",
        ),
    ] {
        assert_eq!(asked(positional, keyword), Err(expected.to_owned()));
    }
    let uri_object = Value::from("pyro:x@h:1".parse::<ferropyro::Uri>().expect("a URI"));
    let Ok(Question::Register { uri, safe, .. }) =
        asked([Value::from("a"), uri_object], keywords(&[("safe", Value::from(1))]))
    else {
        panic!("a registration");
    };
    assert_eq!((uri.as_str(), safe), ("PYRO:x@h:1", true));
}

#[test]
fn remove_tries_name_prefix_and_regex_in_this_order() {
    let asked = |entries: &[(&str, &str)]| {
        let keyword = entries.iter().copied().collect();
        ask("remove", Vec::new(), keyword, Dialect::Pyro4)
    };
    let all = [("name", "a"), ("prefix", "b"), ("regex", "c")];
    assert_eq!(asked(&all), Ok(Question::Remove(Which::Name("a".to_owned()))));
    assert_eq!(asked(&all[1..]), Ok(Question::Remove(Which::Prefix("b".to_owned()))));
    assert_eq!(asked(&all[2..]), Ok(Question::Remove(Which::Pattern("c".to_owned()))));
    assert_eq!(asked(&[("name", ""), ("prefix", ""), ("regex", "")]), Ok(Question::Remove(Which::Nothing)));
    assert_eq!(asked(&[("name", crate::NAME_SERVER)]), Ok(Question::Remove(Which::Nothing)));
}

#[test]
fn wrong_arguments_are_type_errors() {
    for (method, positional) in [
        ("lookup", vec![]),
        ("lookup", vec![Value::from(5)]),
        ("ping", vec![Value::from(5)]),
        ("count", vec![Value::from(5)]),
        ("set_metadata", vec![Value::from("a")]),
        ("remove", vec![Value::from(5)]),
    ] {
        let text = ask(method, positional, Dict::new(), Dialect::Pyro5).expect_err(method);
        assert!(text.starts_with("TypeError: "), "{method}: {text}");
    }
}
