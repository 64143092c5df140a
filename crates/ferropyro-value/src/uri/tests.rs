//! Tests of URIs against what the genuine parser makes of them.

use serde_json::Value as Json;

use super::*;

const CAPTURED: &str = include_str!("../../tests/vectors/uri.json");

/// What the genuine parser takes and this one refuses, on purpose.
const STRICTER: [&str; 5] = [
    "PYRO:obj@1.2.3.4:70000",
    "PYRO:obj@host:-1",
    "PYRO:obj@[::1]:1x",
    "PYRO:obj@host:1_0",
    "PYRO:obj@host:\u{665}",
];

fn assert_same(uri: &Uri, expected: &Json) {
    let text = |text: &str| Json::from(text);
    let (protocol, object) = match uri.kind() {
        UriKind::Object(object) => ("PYRO", text(object)),
        UriKind::Name(name) => ("PYRONAME", text(name)),
        UriKind::Meta(tags) => ("PYROMETA", tags.iter().map(String::as_str).collect()),
    };
    let (path, host, port) = match &uri.location {
        None => (Json::Null, Json::Null, Json::Null),
        Some(Location::Unix { path }) => (text(path), Json::Null, Json::Null),
        Some(Location::Tcp { host, port }) => (Json::Null, text(host), Json::from(*port)),
    };
    let name = &expected["uri"];
    assert_eq!(protocol, expected["protocol_field"], "{name}");
    assert_eq!(object, expected["object"], "{name}");
    assert_eq!(
        (&path, &host, &port),
        (&expected["sockname"], &expected["host"], &expected["port"]),
        "{name}"
    );
    let location = uri.location().map_or(Json::Null, |location| Json::from(location.to_string()));
    assert_eq!(location, expected["location"], "{name}");
    let tags = "<tags in any order joined with comma>";
    let tags_of_ours = uri.to_string().split(['@', ':']).nth(1).unwrap().to_owned();
    assert_eq!(uri.to_string(), expected["string"].as_str().unwrap().replace(tags, &tags_of_ours), "{name}");
}

#[test]
fn uris_are_read_as_pyro_reads_them() {
    let cases: Vec<Json> = serde_json::from_str(CAPTURED).unwrap();
    assert_eq!(cases.len(), 66);
    for case in &cases {
        let text = case["uri"].as_str().unwrap();
        match text.parse::<Uri>() {
            Ok(uri) => {
                assert_eq!(case["ok"], true, "{text:?} should be refused");
                assert_same(&uri, case);
                assert_eq!(Uri::from_state(&uri.to_state()).as_ref(), Ok(&uri), "{text:?}");
            }
            Err(_) if STRICTER.contains(&text) => {}
            Err(error) => {
                assert_eq!(case["ok"], false, "{text:?}: {error}");
                let genuine = case["error"].as_str().unwrap().split_once(": ").unwrap().1;
                assert!(error.to_string().starts_with(genuine), "{text:?}: {error}, not {genuine}");
            }
        }
    }
}

#[test]
fn text_behind_a_bracketed_address_is_refused() {
    for text in ["PYRONAME:a@[::1]x", "PYRONAME:a@[::1]:1x"] {
        assert!(text.parse::<Uri>().is_err(), "{text}");
    }
    let uri: Uri = "PYRONAME:a@[::1]".parse().unwrap();
    assert_eq!(uri.location(), Some(&Location::tcp("::1", DEFAULT_NS_PORT)));
}

#[test]
fn a_state_that_is_none_is_refused() {
    let none = || Value::None;
    let good = |port| Value::from(("PYRO", "o", none(), "h", port));
    assert!(Uri::from_state(&good(Value::Int(1))).is_ok());
    let bad = [
        none(),
        Value::Tuple(vec![]),
        good(Value::Int(65_536)),
        good(Value::from("1")),
        Value::from(("PYRO", 1, none(), "h", 1)),
        Value::from(("PYROX", "o", none(), "h", 1)),
        Value::from(("PYROMETA", 1, none(), none(), none())),
    ];
    for state in bad {
        assert_eq!(Uri::from_state(&state).unwrap_err().kind, DecodeErrorKind::Type, "{state:?}");
    }
}

#[test]
fn the_text_that_travels_keeps_a_location_without_a_host() {
    let uri: Uri = "PYRO:o@:1".parse().unwrap();
    assert_eq!((uri.to_string().as_str(), uri.to_text().as_str()), ("PYRO:o", "PYRO:o@:1"));
    assert_eq!(uri.to_text().parse(), Ok(uri));
}

#[test]
fn uris_can_be_made_from_parts() {
    assert_eq!(Uri::object_at("o", Location::unix("/s")).to_string(), "PYRO:o@./u:/s");
    assert_eq!(Uri::name("n", Some(Location::tcp("h", 1))).to_string(), "PYRONAME:n@h:1");
    assert_eq!(Uri::meta(["b", "a"], None).to_string(), "PYROMETA:a,b");
}
