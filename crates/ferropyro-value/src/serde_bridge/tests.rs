//! Tests of the bridge, through values and through every codec.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Debug;

use jiff::SignedDuration;
use jiff::civil::{Date, Time, date, time};
use jiff::tz::Offset;
use num_bigint::BigInt;
use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{from_value, to_value};
use crate::{
    AsSet, AsTuple, Bytes, Codec, Complex, DateTime, Decimal, DecodeErrorKind, Dict, Exception, Instance,
    Integer, Limits, ProxyState, Set, SurrogateStr, Uri, Value, flavor,
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Part {
    name: String,
    weight: f64,
    tags: Vec<String>,
    size: Option<(u32, u32)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Pair(i64, bool);

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Metres(f64);

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Marker;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Shape {
    Point,
    Circle(f64),
    Line(i64, i64),
    Box { width: u8, height: u8 },
}

fn part() -> Part {
    Part { name: "bolt".to_owned(), weight: 1.5, tags: vec!["steel".to_owned()], size: Some((3, 4)) }
}

fn dict<V: Into<Value>>(entries: impl IntoIterator<Item = (&'static str, V)>) -> Value {
    Value::Dict(entries.into_iter().collect())
}

/// Through a value and through every codec, a type must come back as it was.
fn survives<T: Serialize + DeserializeOwned + PartialEq + Debug>(data: &T) {
    assert_eq!(&from_value::<T>(to_value(data).unwrap()).unwrap(), data);
    for codec in Codec::ALL {
        let bytes = codec.encode(data, &flavor::PYRO5).unwrap();
        assert_eq!(&codec.decode::<T>(&bytes, &Limits::default()).unwrap(), data, "{codec}");
    }
}

fn message<T: DeserializeOwned + Debug>(value: impl Into<Value>) -> String {
    from_value::<T>(value.into()).unwrap_err().to_string()
}

#[test]
fn types_look_as_a_python_programmer_would_send_them() {
    let size = Value::from((3, 4));
    let tags: Value = ["steel"].into_iter().collect();
    let expected: Dict =
        [("name", Value::from("bolt")), ("weight", 1.5.into()), ("tags", tags), ("size", size)]
            .into_iter()
            .collect();
    assert_eq!(to_value(&part()).unwrap(), Value::Dict(expected));
    assert_eq!(to_value(&Pair(1, true)).unwrap(), Value::from((1, true)));
    assert_eq!(to_value(&Metres(1.5)).unwrap(), Value::Float(1.5));
    assert_eq!(to_value(&Marker).unwrap(), Value::None);
    assert_eq!(to_value(&Shape::Point).unwrap(), Value::from("Point"));
    assert_eq!(to_value(&Shape::Circle(2.0)).unwrap(), dict([("Circle", 2.0)]));
    assert_eq!(to_value(&Shape::Line(1, 2)).unwrap(), dict([("Line", (1, 2))]));
    let sides = dict([("width", 1), ("height", 2)]);
    assert_eq!(to_value(&Shape::Box { width: 1, height: 2 }).unwrap(), dict([("Box", sides)]));
    assert_eq!(to_value(&'x').unwrap(), Value::from("x"));
    assert_eq!(to_value(&u64::MAX).unwrap(), Value::from(u64::MAX));
    assert_eq!(to_value(&i128::MIN).unwrap(), Value::from(i128::MIN));
    assert_eq!(to_value(&Bytes::from_static(b"\xFF")).unwrap(), Value::Bytes(Bytes::from_static(b"\xFF")));
    assert_eq!(to_value(&AsTuple(vec![1, 2])).unwrap(), Value::from((1, 2)));
    assert_eq!(to_value(&AsSet(vec![1])).unwrap(), Value::Set([1].into_iter().collect()));
}

#[test]
fn types_survive_every_codec() {
    survives(&part());
    survives(&Part { size: None, ..part() });
    survives(&Pair(-1, false));
    survives(&Metres(0.1));
    survives(&Marker);
    for shape in [Shape::Point, Shape::Circle(2.5), Shape::Line(1, -2), Shape::Box { width: 0, height: 255 }]
    {
        survives(&shape);
    }
    survives(&(i64::MIN, u64::MAX, i128::MIN, u128::MAX, 'é', "text".to_owned()));
    survives(&BTreeMap::from([("a".to_owned(), vec![1_u8, 2]), ("b".to_owned(), vec![])]));
    survives(&AsSet(HashSet::from([1, 2, 3])));
    survives(&Integer(BigInt::from(2).pow(200)));
    survives(&Uuid::from_u128(7));
    survives(&vec![Some(1), None]);
}

#[test]
fn number_keys_survive_even_json_which_has_only_text_there() {
    for codec in [Codec::Serpent, Codec::Json, Codec::Marshal] {
        let data = HashMap::from([(1_i64, 0.5), (-2, 1.5)]);
        let bytes = codec.encode(&data, &flavor::PYRO5).unwrap();
        assert_eq!(codec.decode::<HashMap<i64, f64>>(&bytes, &Limits::default()).unwrap(), data, "{codec}");
    }
}

#[test]
fn reading_is_forgiving_as_python_is() {
    assert_eq!(from_value::<(i64, i64)>(Value::from_iter([1, 2])).unwrap(), (1, 2));
    assert_eq!(from_value::<Vec<i64>>(Value::from((1, 2))).unwrap(), [1, 2]);
    assert_eq!(from_value::<f64>(Value::Int(3)).unwrap(), 3.0);
    assert_eq!(from_value::<f32>(Value::Bool(true)).unwrap(), 1.0);
    assert_eq!(from_value::<i64>(Value::Bool(true)).unwrap(), 1);
    assert_eq!(from_value::<Vec<u8>>(Value::from(vec![1_u8, 255])).unwrap(), [1, 255]);
    let wrapped = dict([("data", "AP8="), ("encoding", "base64")]);
    assert_eq!(from_value::<Bytes>(wrapped.clone()).unwrap(), &b"\x00\xFF"[..]);
    assert_eq!(from_value::<Vec<u8>>(wrapped).unwrap(), b"\x00\xFF");
    let nan = dict([("__class__", "float"), ("value", "nan")]);
    assert!(from_value::<f64>(nan).unwrap().is_nan());
    let object =
        Instance { class: "inventory.Pair".to_owned(), members: [("x", 1), ("y", 2)].into_iter().collect() };
    #[derive(Debug, PartialEq, Deserialize)]
    struct Point {
        x: i64,
        y: f64,
    }
    assert_eq!(from_value::<Point>(object.into()).unwrap(), Point { x: 1, y: 2.0 });
}

#[test]
fn a_wrong_type_is_an_error_that_names_both() {
    assert_eq!(message::<i64>("one"), "expected int, got str");
    assert_eq!(message::<i64>(1.0), "expected int, got float");
    assert_eq!(message::<i64>(Value::from_iter([1])), "expected int, got list");
    assert_eq!(message::<u8>(300), "300 does not fit u8 (0 to 255)");
    assert_eq!(message::<String>(1), "expected str, got int");
    assert_eq!(message::<String>(vec![b'x']), "expected str, got bytes");
    assert_eq!(message::<bool>(1), "expected bool, got int");
    assert_eq!(message::<Vec<i64>>("text"), "expected list, got str");
    assert_eq!(message::<HashMap<String, i64>>(Value::from_iter([1])), "expected dict, got list");
    assert_eq!(message::<(i64, i64)>((1, 2, 3)), "expected 2 items, got more");
    assert_eq!(message::<(i64, i64)>(Value::from((1,))), "expected a tuple of size 2, got 1 items");
    assert_eq!(message::<usize>(-1), format!("-1 does not fit usize (0 to {})", usize::MAX));
    assert_eq!(message::<u128>(-1), format!("-1 does not fit u128 (0 to {})", u128::MAX));
    let huge = || BigInt::from(2).pow(130);
    assert!(
        message::<i64>(huge()).starts_with("an int of 131 bits does not fit i64 (-9223372036854775808 to")
    );
    assert!(
        message::<i128>(huge()).starts_with("an int of 131 bits does not fit i128 (-1701411834604692317")
    );
    assert_eq!(
        message::<i64>(u64::MAX),
        "18446744073709551615 does not fit i64 (-9223372036854775808 to 9223372036854775807)"
    );
    let surrogates = SurrogateStr::new(b"\xED\xA0\x80").unwrap();
    assert!(message::<String>(surrogates).starts_with("expected str, got str with lone surrogates"));
    assert_eq!(message::<Complex>("x"), "expected complex, got str");
    assert_eq!(message::<Integer>("x"), "expected int, got str");
    let error = from_value::<Part>(dict([("name", "bolt")])).unwrap_err();
    assert_eq!(
        (error.kind, error.to_string().as_str()),
        (DecodeErrorKind::Missing, "missing member 'weight'")
    );
}

/// One of each, with the oddities that serde has no words for.
fn zoo() -> Vec<Value> {
    let civil = date(2024, 2, 29).at(13, 5, 0, 250_000_001);
    let uri: Uri = "PYRO:obj@host:1".parse().unwrap();
    let proxy = ProxyState {
        hmac_key: Some(vec![1]),
        oneway: vec!["log".to_owned()],
        ..ProxyState::new(uri.clone())
    };
    let object = Instance { class: "a.B".to_owned(), members: [("x", uri.clone())].into_iter().collect() };
    let attributes = [("_pyroTraceback", "lines")].into_iter().collect();
    let exception = Exception::from_parts("Pyro4.errors.NamingError", vec![Value::from("gone")], attributes);
    let set: Set = [Value::from(1), Value::from((2, "x"))].into_iter().collect();
    vec![
        Value::None,
        Value::Bool(true),
        Value::Int(i64::MIN),
        Value::from(BigInt::from(-3).pow(99)),
        Value::Float(-0.0),
        Value::Float(f64::NAN),
        Complex { real: -0.0, imag: f64::INFINITY }.into(),
        Value::from("text"),
        SurrogateStr::new(b"a\xED\xA0\x80").unwrap().into(),
        Value::from(vec![0_u8, 255]),
        Value::from_iter([1, 2]),
        Value::from((1, Value::from(((), "x")))),
        Value::Tuple(vec![]),
        Value::Set(set.clone()),
        Value::FrozenSet(set),
        Value::Dict(
            [(Value::from((1, 2)), Value::None), (Value::from("k"), Value::Int(1))].into_iter().collect(),
        ),
        DateTime { civil, offset: None }.into(),
        DateTime { civil, offset: Some(Offset::from_seconds(-19_815).unwrap()) }.into(),
        Value::Date(date(1, 1, 1)),
        Value::Time(time(23, 59, 59, 1)),
        SignedDuration::new(-5, -3).into(),
        "1E+2".parse::<Decimal>().unwrap().into(),
        Uuid::from_u128(9).into(),
        object.into(),
        exception.into(),
        uri.into(),
        "PYROMETA:a,b@host:1".parse::<Uri>().unwrap().into(),
        proxy.into(),
        Value::Daemon,
    ]
}

#[test]
fn values_pass_exactly_through_the_bridge() {
    for value in zoo() {
        assert_eq!(to_value(&value).unwrap(), value);
        assert_eq!(from_value::<Value>(value.clone()).unwrap(), value);
        let nested = Value::from((vec![value.clone()], Value::from_iter([("key", value)].map(Value::from))));
        assert_eq!(to_value(&nested).unwrap(), nested);
        assert_eq!(from_value::<Value>(nested.clone()).unwrap(), nested);
    }
}

#[test]
fn values_are_written_as_their_own_walker_writes_them() {
    for value in zoo() {
        for codec in Codec::ALL {
            for flavor in [&flavor::PYRO4, &flavor::PYRO5] {
                assert_eq!(
                    codec.encode(&value, flavor),
                    codec.encode_value(&value, flavor),
                    "{codec}: {value:?}"
                );
            }
        }
    }
}

#[test]
fn values_are_read_as_their_own_walker_reads_them() {
    for value in zoo() {
        for codec in Codec::ALL {
            let Ok(bytes) = codec.encode_value(&value, &flavor::PYRO5) else { continue };
            let limits = Limits::default();
            assert_eq!(
                codec.decode::<Value>(&bytes, &limits),
                codec.decode_value(&bytes, &limits),
                "{codec}"
            );
        }
    }
}

#[test]
fn values_are_natural_in_other_formats() {
    let json = |value: &Value| serde_json::to_string(value).unwrap();
    assert_eq!(json(&Value::from((1, "x", ()))), r#"[1,"x",null]"#);
    assert_eq!(json(&Complex { real: 1.0, imag: 2.0 }.into()), "[1.0,2.0]");
    assert_eq!(json(&Value::Set([1].into_iter().collect())), "[1]");
    assert_eq!(json(&Value::from(u64::MAX)), "18446744073709551615");
    assert_eq!(json(&"PYRO:o@h:1".parse::<Uri>().unwrap().into()), r#""PYRO:o@h:1""#);
    assert_eq!(json(&"1.50".parse::<Decimal>().unwrap().into()), r#""1.50""#);
    assert_eq!(
        json(&DateTime { civil: date(2024, 1, 2).at(3, 4, 5, 0), offset: None }.into()),
        r#""2024-01-02T03:04:05""#
    );
    let object = Instance { class: "a.B".to_owned(), members: [("x", 1)].into_iter().collect() };
    assert_eq!(json(&object.clone().into()), r#"{"x":1,"__class__":"a.B"}"#);
    let back: Value = serde_json::from_str(r#"{"x":1,"__class__":"a.B"}"#).unwrap();
    assert_eq!(back, object.into());
    let back: Value = serde_json::from_str(r#"[1,-2,2.5,"x",null,true]"#).unwrap();
    let items = [Value::Int(1), Value::Int(-2), 2.5.into(), "x".into(), Value::None, true.into()];
    assert_eq!(back, Value::from_iter(items));
}

#[test]
fn our_own_types_are_fields_of_user_types() {
    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    struct Mixed {
        any: Value,
        uri: Uri,
        proxy: ProxyState,
        error: Exception,
        object: Instance,
        decimal: Decimal,
        at: DateTime,
        day: Date,
        clock: Time,
        dict: Dict,
    }
    let uri: Uri = "PYRO:o@h:1".parse().unwrap();
    let members: Dict = [("x", 1)].into_iter().collect();
    let mixed = Mixed {
        any: Value::from_iter([1]),
        uri: uri.clone(),
        proxy: ProxyState::new(uri),
        error: Exception::new("ValueError", "no"),
        object: Instance { class: "a.B".to_owned(), members: members.clone() },
        decimal: "0.10".parse().unwrap(),
        at: DateTime { civil: date(2024, 1, 2).at(3, 4, 5, 0), offset: None },
        day: date(2024, 1, 2),
        clock: time(3, 4, 5, 0),
        dict: members,
    };
    assert_eq!(from_value::<Mixed>(to_value(&mixed).unwrap()).unwrap(), mixed);
    for codec in Codec::ALL {
        let without = Mixed { at: mixed.at, ..mixed.clone() };
        if let Ok(bytes) = codec.encode(&without, &flavor::PYRO5) {
            assert_eq!(codec.decode::<Mixed>(&bytes, &Limits::default()).unwrap(), mixed, "{codec}");
        }
    }
}

#[test]
fn flattened_structs_whose_length_comes_out_at_the_end_are_written() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Outer {
        id: u8,
        #[serde(flatten)]
        rest: BTreeMap<String, i64>,
    }
    survives(&Outer { id: 1, rest: BTreeMap::from([("a".to_owned(), 2)]) });
}

#[test]
fn a_value_read_like_a_payload_can_be_rewound() {
    use crate::codec::{Decoder, Token};
    let value = Value::from((1, Value::from_iter([2, 3]), dict([("k", 4)]), 5));
    let mut decoder = super::read::ValueDecoder::new(&value);
    let Token::Open(mut outer) = decoder.token().unwrap() else { panic!("a tuple") };
    assert!(decoder.more(&mut outer).unwrap());
    decoder.skip().unwrap();
    assert!(decoder.more(&mut outer).unwrap());
    decoder.skip().unwrap();
    assert!(decoder.more(&mut outer).unwrap());
    let mark = decoder.mark();
    for _ in 0..2 {
        assert_eq!(crate::walk::decode(&mut decoder).unwrap(), dict([("k", 4)]));
        decoder.rewind(mark);
    }
    decoder.skip().unwrap();
    assert!(decoder.more(&mut outer).unwrap());
    assert_eq!(decoder.token().unwrap(), Token::Int(5));
    assert!(!decoder.more(&mut outer).unwrap());
}

proptest! {
    #[test]
    fn date_times_print_and_parse(seconds in -60_000_000_000_i64..250_000_000_000, nanos in 0..1_000_000_000_i32,
        offset in proptest::option::of(-86_000..86_000_i32)) {
        let at = jiff::Timestamp::new(seconds, nanos).unwrap();
        let offset = offset.map(|seconds| Offset::from_seconds(seconds).unwrap());
        let date_time = DateTime { civil: Offset::UTC.to_datetime(at), offset };
        prop_assert_eq!(date_time.to_string().parse::<DateTime>().unwrap(), date_time);
    }

    #[test]
    fn any_type_asked_of_any_value_is_an_answer(place in 0..29_usize) {
        let value = zoo().swap_remove(place);
        let _ = from_value::<Part>(value.clone());
        let _ = from_value::<Shape>(value.clone());
        let _ = from_value::<(u8, f32)>(value.clone());
        let _ = from_value::<HashMap<String, Option<char>>>(value.clone());
        let _ = from_value::<Bytes>(value.clone());
        let _ = from_value::<Exception>(value);
    }
}
