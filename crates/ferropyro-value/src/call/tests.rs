//! Tests of calls: captured ones, and what makes no call.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;
use crate::codec::Decoder;
use crate::codec::captured::{self, sorted};
use crate::{DecodeErrorKind, Dict, Exception, Flavor, Uri, Value, flavor};

const CAPTURED: &str = include_str!("../../tests/vectors/calls.json");

struct Captured {
    name: String,
    codec: Codec,
    payload: Bytes,
    entry: Json,
}

fn captured() -> Vec<Captured> {
    let entries: Vec<Json> = serde_json::from_str(CAPTURED).unwrap();
    let call = |entry: Json| Captured {
        name: entry["name"].as_str().unwrap().to_owned(),
        codec: Codec::from_name(entry["codec"].as_str().unwrap()).unwrap(),
        payload: captured::from_hex(entry["hex"].as_str().unwrap()).into(),
        entry,
    };
    entries.into_iter().map(call).collect()
}

fn skim(codec: Codec, payload: impl Into<Bytes>) -> Result<Call, DecodeError> {
    Call::skim(codec, payload.into(), &Limits::default())
}

fn refused(codec: Codec, payload: impl Into<Bytes>) -> (DecodeErrorKind, String) {
    let error = skim(codec, payload).unwrap_err();
    (error.kind, error.message.clone())
}

fn encoded(codec: Codec, positional: &[Value], keyword: Option<&Dict>) -> Vec<u8> {
    let mut out = Vec::new();
    encode_call(codec, &flavor::PYRO5, "obj", "meth", positional, keyword, &mut out).unwrap();
    out
}

fn tree<'de>(decoder: &mut impl Decoder<'de>) -> Result<Json, DecodeError> {
    captured::tree(decoder).map(sorted)
}

fn trees(call: &Call) -> Result<(Json, Json), DecodeError> {
    encoded::with_payload!(call.arguments, |decoder| {
        decoder.rewind(call.arguments.positional);
        let positional = tree(decoder)?;
        decoder.rewind(call.arguments.keyword);
        Ok((positional, tree(decoder)?))
    })
}

#[test]
fn captured_calls_are_taken_apart() {
    let calls = captured();
    assert!(calls.len() > 200);
    for Captured { name, codec, payload, entry } in calls {
        let call = skim(codec, payload.clone()).unwrap();
        assert_eq!(call.object(), entry["object"], "{name}");
        assert_eq!(call.method(), entry["method"], "{name}");
        assert_eq!((call.codec(), call.payload()), (codec, &payload));
        let expected = (sorted(entry["args"].clone()), sorted(entry["kwargs"].clone()));
        assert_eq!(trees(&call).unwrap(), expected, "{name}");
    }
}

#[test]
fn captured_calls_are_written_again() {
    for Captured { name, codec, payload, entry } in captured() {
        let flavor: &'static Flavor = if name.starts_with("48") { &flavor::PYRO4 } else { &flavor::PYRO5 };
        let call = skim(codec, payload.clone()).unwrap();
        let (positional, keyword) = call.arguments().values().unwrap();
        let keyword = (!entry["kwargs"].is_null()).then_some(&keyword);
        let mut out = Vec::new();
        encode_call(codec, flavor, call.object(), call.method(), &positional, keyword, &mut out).unwrap();
        let same = match codec {
            Codec::Json | Codec::Msgpack => true,
            // Daemon calls and batches have a list there.
            Codec::Serpent => entry["args"].is_object(),
            Codec::Marshal => false,
        };
        if same {
            assert_eq!(out, payload, "{name}");
        }
        assert_eq!(
            skim(codec, out).unwrap().arguments().values().unwrap(),
            call.arguments().values().unwrap(),
            "{name}"
        );
    }
}

#[test]
fn calls_with_any_one_argument_are_read_and_written() {
    let files = [
        (Codec::Json, include_str!("../../tests/vectors/json.json")),
        (Codec::Marshal, include_str!("../../tests/vectors/marshal.json")),
        (Codec::Msgpack, include_str!("../../tests/vectors/msgpack.json")),
    ];
    for (codec, file) in files {
        let calls = captured::messages(file).into_iter().filter(|message| message.name.ends_with(" call"));
        let mut read = 0;
        for message in calls.filter(|message| message.tree.is_ok()) {
            let call = skim(codec, message.bytes.clone()).unwrap();
            assert_eq!((call.object(), call.method()), ("obj", "meth"), "{}", message.name);
            let (positional, keyword) = call.arguments().values().unwrap();
            assert_eq!((positional.len(), keyword.get("k")), (1, Some(&Value::Int(1))), "{}", message.name);
            let flavor: &'static Flavor =
                if message.protocol == 48 { &flavor::PYRO4 } else { &flavor::PYRO5 };
            let mut out = Vec::new();
            // An ellipsis and the like are read only.
            if encode_call(codec, flavor, "obj", "meth", &positional, Some(&keyword), &mut out).is_ok() {
                assert_eq!(
                    skim(codec, out.clone()).unwrap().arguments().values().unwrap().0,
                    positional,
                    "{}",
                    message.name
                );
                // Users write `__class__` first, where Pyro itself has it last; then the order differs.
                let ordered = !message.name.contains("_class") && !message.name.contains("class_converted");
                assert!(codec == Codec::Marshal || !ordered || out == message.bytes, "{}", message.name);
            }
            read += 1;
        }
        assert!(read > 60, "{codec}: {read}");
    }
}

#[test]
fn captured_batches_are_taken_apart_and_written_again() {
    let mut batches = 0;
    for Captured { name, codec, payload, entry } in captured() {
        if entry["batch"] != true {
            continue;
        }
        let call = skim(codec, payload.clone()).unwrap();
        let Ok(entries) = call.batch() else { continue };
        batches += 1;
        let entries = values(&entries);
        let mut out = Vec::new();
        encode_batch(codec, &flavor::PYRO5, call.object(), &Batch(&entries), &mut out).unwrap();
        assert_eq!(values(&skim(codec, out.clone()).unwrap().batch().unwrap()), entries, "{name}");
        if call.method() == BATCH_METHOD && codec != Codec::Marshal {
            assert_eq!(out, payload, "{name}");
        }
    }
    assert!(batches >= 10, "{batches}");
}

#[test]
fn calls_have_the_shape_that_each_codec_gives_them() {
    let arguments = [Value::from(1), Value::from("x")];
    let keyword: Dict = [("k", 2)].into_iter().collect();
    assert_eq!(
        encoded(Codec::Json, &arguments, Some(&keyword)),
        br#"{"object": "obj", "method": "meth", "params": [1, "x"], "kwargs": {"k": 2}}"#
    );
    assert_eq!(
        encoded(Codec::Marshal, &arguments, Some(&keyword)),
        b")\x04z\x03objz\x04meth[\x02\0\0\0i\x01\0\0\0z\x01x{z\x01ki\x02\0\0\x000"
    );
    assert_eq!(encoded(Codec::Marshal, &[], None), b")\x04z\x03objz\x04meth[\0\0\0\0{0");
    assert_eq!(encoded(Codec::Msgpack, &arguments, None), b"\x94\xA3obj\xA4meth\x92\x01\xA1x\xC0");
    assert_eq!(
        encoded(Codec::Serpent, &arguments, Some(&keyword)),
        b"# serpent utf-8 python3.2\n('obj','meth',(1,'x'),{'k':2})"
    );
}

const OPTIONS: Signature<'static> = Signature::new("search", &["query"], &["deep", "limit"]);

fn typed<P: Parameters>(codec: Codec, positional: &P, keyword: Option<&Dict>) -> Vec<u8> {
    let mut out = Vec::new();
    let arguments = Typed { attribute: None, positional, keyword };
    encode_call_with(codec, &flavor::PYRO5, "obj", "meth", &arguments, &mut out).unwrap();
    out
}

/// What a Python caller gets for arguments that do not fit `search(query: str, deep=…, limit=…)`.
fn misfit(codec: Codec, positional: &[Value], keyword: &[(&str, Value)]) -> String {
    let keyword: Dict = keyword.iter().cloned().collect();
    let call = skim(codec, encoded(codec, positional, Some(&keyword))).unwrap();
    let encoded = call.arguments().bind::<(String,), (bool, u8)>(&OPTIONS, 0).unwrap_err();
    let values = bind_values::<(String,), (bool, u8)>(&OPTIONS, positional.to_vec(), keyword).unwrap_err();
    // Whichever walker it is.
    assert_eq!(OPTIONS.exception(&encoded), OPTIONS.exception(&values));
    OPTIONS.exception(&encoded).to_string()
}

#[test]
fn typed_arguments_are_written_as_values_are() {
    for codec in Codec::ALL {
        let values = [Value::from(1), Value::from("x")];
        let keyword: Dict = [("deep", Value::from(true)), ("limit", Value::from(3))].into_iter().collect();
        let text = "x".to_owned();
        assert_eq!(
            typed(codec, &(1, text), Some(&keyword)),
            encoded(codec, &values, Some(&keyword)),
            "{codec}"
        );
        assert_eq!(typed(codec, &(), None), encoded(codec, &[], None), "{codec}");
    }
}

#[test]
fn arguments_are_read_straight_into_types() {
    for codec in Codec::ALL {
        let keyword: Dict = [("limit", 3)].into_iter().collect();
        let call = skim(codec, encoded(codec, &["a".into()], Some(&keyword))).unwrap();
        let (query, options) = call.arguments().bind::<(String,), (bool, u8)>(&OPTIONS, 0).unwrap();
        assert_eq!((query, options), (("a".to_owned(),), (None, Some(3))), "{codec}");
        let call = skim(codec, encoded(codec, &["a".into(), true.into(), 4.into()], None)).unwrap();
        let (_, options) = call.arguments().bind::<(String,), (bool, u8)>(&OPTIONS, 0).unwrap();
        assert_eq!(options, (Some(true), Some(4)), "{codec}");
    }
}

#[test]
fn arguments_that_do_not_fit_are_told_in_the_words_of_python() {
    for codec in Codec::ALL {
        let a = || Value::from("a");
        assert_eq!(
            misfit(codec, &[], &[]),
            "TypeError: search() missing 1 required positional argument: 'query'"
        );
        assert_eq!(
            misfit(codec, &[a(), true.into(), 1.into(), 2.into()], &[]),
            "TypeError: search() takes from 1 to 3 positional arguments but 4 were given"
        );
        assert_eq!(
            misfit(codec, &[a()], &[("query", a())]),
            "TypeError: search() got multiple values for argument 'query'"
        );
        assert_eq!(
            misfit(codec, &[a()], &[("depth", 1.into())]),
            "TypeError: search() got an unexpected keyword argument 'depth'"
        );
        assert_eq!(
            misfit(codec, &[1.into()], &[]),
            "TypeError: search() argument 'query': expected str, got int"
        );
        assert_eq!(
            misfit(codec, &[a()], &[("deep", Value::from_iter([1]))]),
            "TypeError: search() argument 'deep': expected bool, got list"
        );
        // Where each argument belongs comes before what it is.
        assert_eq!(
            misfit(codec, &[Value::from_iter([1])], &[("deep", 1.into()), ("depth", 1.into())]),
            "TypeError: search() got an unexpected keyword argument 'depth'"
        );
    }
}

#[test]
fn the_value_of_an_attribute_stands_behind_its_name() {
    let motto = Signature::new("motto", &["motto"], &[]);
    for codec in Codec::ALL {
        let mut out = Vec::new();
        let arguments = Typed { attribute: Some("motto"), positional: &("x".to_owned(),), keyword: None };
        encode_call_with(codec, &flavor::PYRO5, "obj", "__setattr__", &arguments, &mut out).unwrap();
        let call = skim(codec, out).unwrap();
        assert_eq!(call.arguments().first_text().unwrap(), Some(("motto".to_owned(), 2)));
        assert_eq!(call.arguments().values().unwrap().0, [Value::from("motto"), Value::from("x")]);
        assert_eq!(
            call.arguments().bind::<(String,), ()>(&motto, 1).unwrap(),
            (("x".to_owned(),), ()),
            "{codec}"
        );
    }
}

#[test]
fn bytes_are_bytes_whatever_the_codec_makes_of_them() {
    // Json has none.
    for codec in Codec::ALL.into_iter().filter(|codec| *codec != Codec::Json) {
        let payload = encoded(codec, &[vec![255_u8; 3].into()], None);
        let arguments = (vec![255_u8; 3],);
        assert_eq!(typed(codec, &arguments, None), payload, "{codec}");
        let call = skim(codec, payload).unwrap();
        let one = Signature::new("f", &["data"], &[]);
        assert_eq!(call.arguments().bind::<(Bytes,), ()>(&one, 0).unwrap().0.0, &[255; 3][..], "{codec}");
        assert_eq!(call.arguments().bind::<(Vec<u8>,), ()>(&one, 0).unwrap().0, arguments, "{codec}");
    }
}

#[test]
fn absent_keyword_arguments_are_an_empty_map() {
    for codec in Codec::ALL {
        let call = skim(codec, encoded(codec, &[], None)).unwrap();
        assert_eq!(call.arguments().values().unwrap(), (vec![], Dict::new()));
        assert_eq!(call.arguments().bind::<(), ()>(&Signature::new("f", &[], &[]), 0).unwrap(), ((), ()));
    }
}

#[test]
fn classes_in_arguments_are_converted() {
    let uri: Uri = "PYRO:o@h:1".parse().unwrap();
    let error = Exception::new("ValueError", "no");
    for codec in Codec::ALL {
        let payload = encoded(codec, &[uri.clone().into(), error.clone().into()], None);
        let call = skim(codec, payload).unwrap();
        let (positional, _) = call.arguments().values().unwrap();
        assert_eq!(positional[0], uri.clone().into(), "{codec}");
        let two = Signature::new("f", &["uri", "error"], &[]);
        assert_eq!(call.arguments().bind::<(Uri, Exception), ()>(&two, 0).unwrap().0.0, uri, "{codec}");
    }
}

type Entry = (String, Vec<Value>, Dict);

fn values(entries: &[BatchEntry]) -> Vec<Entry> {
    let entry = |BatchEntry { method, arguments }: &BatchEntry| {
        let (positional, keyword) = arguments.values().unwrap();
        (method.clone(), positional, keyword)
    };
    entries.iter().map(entry).collect()
}

struct Batch<'a>(&'a [Entry]);

impl WriteBatch for Batch<'_> {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn write<E: crate::codec::Encoder>(&self, encoder: &mut E) -> Result<(), crate::EncodeError> {
        self.0.iter().try_for_each(|(method, positional, keyword)| {
            let arguments = Typed { attribute: None, positional, keyword: Some(keyword) };
            write_entry(method, &arguments, encoder)
        })
    }
}

#[test]
fn entries_of_a_batch_are_read_straight_into_types() {
    let keyword: Dict = [("deep", true)].into_iter().collect();
    let entries = [
        ("one".to_owned(), vec!["é".into()], keyword),
        ("two".to_owned(), vec!["é".into(), true.into(), 3.into()], Dict::new()),
    ];
    for codec in Codec::ALL {
        let mut out = Vec::new();
        encode_batch(codec, &flavor::PYRO5, "obj", &Batch(&entries), &mut out).unwrap();
        let batch = skim(codec, out).unwrap();
        assert_eq!((batch.object(), batch.method()), ("obj", BATCH_METHOD));
        let found = batch.batch().unwrap();
        assert_eq!(values(&found), entries, "{codec}");
        let bound: Vec<_> = found
            .iter()
            .map(|entry| entry.arguments.bind::<(String,), (bool, u8)>(&OPTIONS, 0).unwrap().1)
            .collect();
        assert_eq!(bound, [(Some(true), None), (Some(true), Some(3))], "{codec}");
    }
}

#[test]
fn references_of_marshal_hold_across_the_parts_of_a_call() {
    // The object's id comes again as an argument and as a keyword's value.
    let payload = b")\x04\xDA\x03obj\xDA\x04meth[\x01\0\0\0r\0\0\0\0{z\x01kr\x01\0\0\x000";
    let call = skim(Codec::Marshal, &payload[..]).unwrap();
    assert_eq!((call.object(), call.method()), ("obj", "meth"));
    let signature = Signature::new("f", &["text"], &["k"]);
    let ((text,), (k,)) = call.arguments().bind::<(String,), (String,)>(&signature, 0).unwrap();
    assert_eq!((&*text, k.as_deref()), ("obj", Some("meth")));
    let (positional, keyword) = call.arguments().values().unwrap();
    assert_eq!(positional, [Value::from("obj")]);
    assert_eq!(keyword.get("k"), Some(&Value::from("meth")));
}

#[test]
fn the_members_of_a_json_call_come_in_any_order() {
    let call =
        skim(Codec::Json, &br#"{"kwargs":null,"x":[{}],"params":[1],"method":"\u006d","object":"o"}"#[..])
            .unwrap();
    assert_eq!((call.object(), call.method()), ("o", "m"));
    assert_eq!(call.arguments().values().unwrap().0, [Value::from(1)]);
}

#[test]
fn a_missing_member_is_named() {
    for (payload, name) in [
        (&b"{}"[..], "'object'"),
        (br#"{"object":"o","params":[],"kwargs":{}}"#, "'method'"),
        (br#"{"object":"o","method":"m","kwargs":{}}"#, "'params'"),
        (br#"{"object":"o","method":"m","params":[]}"#, "'kwargs'"),
    ] {
        assert_eq!(refused(Codec::Json, payload), (DecodeErrorKind::Missing, name.to_owned()));
    }
}

#[test]
fn what_is_no_call_is_refused() {
    let shapes = [
        Value::None,
        Value::from((1, "meth", Value::List(vec![]), Value::None)),
        Value::from(("obj", 1, Value::List(vec![]), Value::None)),
        Value::from(("obj", "meth", "args", Value::None)),
        Value::from(("obj", "meth", Value::List(vec![]), 1)),
    ];
    for codec in [Codec::Serpent, Codec::Marshal, Codec::Msgpack] {
        for shape in &shapes {
            let payload = codec.encode_value(shape, &flavor::PYRO5).unwrap();
            assert_eq!(refused(codec, payload).0, DecodeErrorKind::Type, "{codec}: {shape:?}");
        }
        let three = Value::from(("obj", "meth", Value::List(vec![])));
        let five = Value::from(("obj", "meth", Value::List(vec![]), Value::None, 1));
        for shape in [three, five] {
            let payload = codec.encode_value(&shape, &flavor::PYRO5).unwrap();
            assert_eq!(refused(codec, payload).0, DecodeErrorKind::Value, "{codec}: {shape:?}");
        }
    }
    let numbered: Dict = [(1, 2)].into_iter().collect();
    let call = skim(Codec::Marshal, encoded(Codec::Marshal, &[], Some(&numbered))).unwrap();
    assert_eq!(call.arguments().values().unwrap_err().message, "keywords must be strings");
}

#[test]
fn a_malformed_batch_is_refused() {
    for entry in
        [Value::None, Value::from(("m", Value::List(vec![]))), Value::from((1, Value::List(vec![]), ()))]
    {
        let call = skim(Codec::Json, encoded(Codec::Json, &[entry], None)).unwrap();
        assert!(call.batch().is_err());
    }
}

#[test]
fn a_call_cut_short_is_refused_at_the_skim() {
    for Captured { name, codec, payload, .. } in captured().into_iter().step_by(5) {
        for end in 0..payload.len() {
            assert!(skim(codec, payload.slice(..end)).is_err(), "{name} cut at {end}");
        }
    }
}

proptest! {
    #[test]
    fn changed_calls_never_panic_and_all_walkers_agree(call in 0..200_usize, place in any::<usize>(), byte in any::<u8>()) {
        let (codec, payload) = CALLS.with(|calls| calls[call].clone());
        let mut payload = payload.to_vec();
        let place = place % payload.len();
        payload[place] = byte;
        if let Ok(call) = skim(codec, payload) {
            if let Ok((positional, _)) = call.arguments().values() {
                // Two walkers read the same.
                if let Ok(((one,), ())) = call.arguments().bind::<(Value,), ()>(&Signature::new("f", &["one"], &[]), 0) {
                    prop_assert_eq!(&[one][..], &positional);
                }
            }
            let _ = call.arguments().bind::<(Value, f64), (bool,)>(&Signature::new("f", &["a", "b"], &["deep"]), 0);
            let _ = call.arguments().first_text();
            let _ = call.batch();
        }
    }
}

thread_local! {
    static CALLS: Vec<(Codec, Bytes)> = captured().into_iter().map(|call| (call.codec, call.payload)).collect();
}
