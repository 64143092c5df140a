//! Captured documents of the genuine serpent 1.43 on Python 3.11.

use serde_json::Value as Json;

use super::*;
use crate::{BigInt, Bytes, Complex, DateTime, Exception, SurrogateStr};

const VECTORS: &str = include_str!("../../../../tests/vectors/serpent.json");
const VALUES: &str = include_str!("../../../../tests/vectors/serpent-values.json");

fn vectors(part: &str) -> Vec<Json> {
    let mut all: Json = serde_json::from_str(VECTORS).unwrap();
    serde_json::from_value(all[part].take()).unwrap()
}

/// The value of a vector's typed tree.
fn value(tree: &Json) -> Value {
    let items = |tree: &Json| tree.as_array().unwrap().iter().map(value).collect::<Vec<_>>();
    let float = |tree: &Json| tree.as_str().unwrap().parse::<f64>().unwrap();
    let Some((tag, content)) =
        tree.as_object().map(|tagged| tagged.iter().find(|(tag, _)| *tag != "bits").unwrap())
    else {
        return match tree {
            Json::Null => Value::None,
            Json::Bool(flag) => Value::from(*flag),
            Json::String(text) => Value::from(text.as_str()),
            Json::Array(_) => Value::List(items(tree)),
            _ => panic!("{tree}"),
        };
    };
    match tag.as_str() {
        "int" => Value::from(content.as_str().unwrap().parse::<BigInt>().unwrap()),
        "float" => Value::from(float(content)),
        "complex" => Value::from(Complex { real: float(&content[0]), imag: float(&content[1]) }),
        "tuple" => Value::Tuple(items(content)),
        "set" => Value::Set(items(content).into_iter().collect()),
        "dict" => Value::Dict(
            content.as_array().unwrap().iter().map(|entry| (value(&entry[0]), value(&entry[1]))).collect(),
        ),
        "bytes" => Value::from(unhex(content.as_str().unwrap())),
        "str_codepoints" | "str_surrogates" => {
            let mut wtf8 = Vec::new();
            for point in content.as_array().unwrap() {
                let point = u32::try_from(point.as_u64().unwrap()).unwrap();
                let [low, high, ..] = point.to_le_bytes();
                wtf8.extend([0xED, 0x80 | (high & 0xF) << 2 | low >> 6, 0x80 | low & 0x3F]);
            }
            Value::from(SurrogateStr::new(&wtf8).unwrap())
        }
        "ellipsis" => Value::Ellipsis,
        other => panic!("{other}"),
    }
}

fn unhex(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// The values whose type does not survive serpent, by the Python expression of the vector.
fn typed(python: &str) -> Option<Value> {
    let date_time = |text: &str, offset: Option<i32>| {
        let offset = offset.map(|seconds| jiff::tz::Offset::from_seconds(seconds).unwrap());
        Value::from(DateTime { civil: text.parse().unwrap(), offset })
    };
    let seconds = |seconds: i64, micros: i32| Value::from(jiff::SignedDuration::new(seconds, micros * 1000));
    let exception = |class: &str, args: Vec<Value>| Exception::with_args(class, args);
    let text = |text: &str| Value::from(text);
    let complex = |real: f64, imag: f64| Value::from(Complex { real, imag });
    Some(match python {
        "float('nan')" | "-float('nan')" => Value::from(f64::NAN),
        "complex(0,-0.0)" => complex(0.0, -0.0),
        "complex(-0.0,0.0)" => complex(-0.0, 0.0),
        "complex(-0.0,-0.0)" => complex(-0.0, -0.0),
        "complex(float('nan'),1)" => complex(f64::NAN, 1.0),
        "complex(1,float('nan'))" => complex(1.0, f64::NAN),
        "b''" | "bytearray()" => Value::Bytes(Bytes::new()),
        "b'a'" => Value::from(b"a".to_vec()),
        "b'ab'" => Value::from(b"ab".to_vec()),
        "b'abc'" => Value::from(b"abc".to_vec()),
        "bytes(range(256))" => Value::from((0..=255).collect::<Vec<u8>>()),
        "bytearray(b'xyz')" => Value::from(b"xyz".to_vec()),
        "memoryview(b'mv')" => Value::from(b"mv".to_vec()),
        "b'\\x00'" => Value::from(b"\0".to_vec()),
        "b'\\xff'*5" => Value::from(vec![0xFF; 5]),
        "b\"quote'\\\"\"" => Value::from(b"quote'\"".to_vec()),
        "{b'k':1}" => [(Value::from(b"k".to_vec()), 1)].into_iter().collect::<Dict>().into(),
        "{float('nan'):1}" => [(Value::from(f64::NAN), 1)].into_iter().collect::<Dict>().into(),
        "{b'x'}" => [Value::from(b"x".to_vec())].into_iter().collect::<Set>().into(),
        "{frozenset([1])}" => {
            let inner = [1].into_iter().collect::<Set>();
            [Value::FrozenSet(inner)].into_iter().collect::<Set>().into()
        }
        "{None}" => [Value::None].into_iter().collect::<Set>().into(),
        "set()" => Value::from(Set::new()),
        "frozenset()" => Value::FrozenSet(Set::new()),
        "frozenset([1,2])" => Value::FrozenSet([1, 2].into_iter().collect()),
        "[set()]" => Value::List(vec![Set::new().into()]),
        "datetime.datetime(2024,2,29,13,14,15)" => date_time("2024-02-29T13:14:15", None),
        "datetime.datetime(2024,2,29,13,14,15,678901)" => date_time("2024-02-29T13:14:15.678901", None),
        "datetime.datetime(2024,2,29,13,14,15,1000)" => date_time("2024-02-29T13:14:15.001", None),
        "datetime.datetime(1,1,1)" => date_time("0001-01-01T00:00:00", None),
        "datetime.datetime(9999,12,31,23,59,59,999999)" => date_time("9999-12-31T23:59:59.999999", None),
        "datetime.datetime(2024,1,1,tzinfo=datetime.timezone.utc)" => {
            date_time("2024-01-01T00:00:00", Some(0))
        }
        _ if python.starts_with("datetime.datetime(2024,1,1,12,0,0,5,tzinfo=") => {
            date_time("2024-01-01T12:00:00.000005", Some(-19_800))
        }
        _ if python.starts_with("datetime.datetime(2024,1,1,tzinfo=datetime.timezone(") => {
            date_time("2024-01-01T00:00:00", Some(3_630))
        }
        "datetime.date(2024,2,29)" => Value::from(jiff::civil::date(2024, 2, 29)),
        "datetime.date(1,1,1)" => Value::from(jiff::civil::date(1, 1, 1)),
        "datetime.time(13,14,15)" => Value::from(jiff::civil::time(13, 14, 15, 0)),
        "datetime.time(13,14)" => Value::from(jiff::civil::time(13, 14, 0, 0)),
        "datetime.time(13,14,15,99)" => Value::from(jiff::civil::time(13, 14, 15, 99_000)),
        "datetime.timedelta(0)" => seconds(0, 0),
        "datetime.timedelta(days=1,seconds=2,microseconds=3)" => seconds(86_402, 3),
        "datetime.timedelta(days=-1)" => seconds(-86_400, 0),
        "datetime.timedelta(microseconds=1)" => seconds(0, 1),
        "datetime.timedelta(days=999999999)" => seconds(86_399_999_913_600, 0),
        _ if python.starts_with("decimal.Decimal('") => {
            let digits = python.split('\'').nth(1).unwrap();
            Value::from(digits.parse::<crate::Decimal>().unwrap())
        }
        "uuid.UUID('12345678-1234-5678-9abc-def012345678')" => {
            Value::from("12345678-1234-5678-9abc-def012345678".parse::<crate::Uuid>().unwrap())
        }
        "ValueError()" => exception("ValueError", vec![]).into(),
        "ValueError('m',1,[2])" => {
            exception("ValueError", vec![text("m"), 1.into(), Value::List(vec![2.into()])]).into()
        }
        "E" => {
            let mut exception = exception("ValueError", vec![text("a"), 1.into()]);
            exception.attributes_mut().insert("extra", [("k", 1)].into_iter().collect::<Dict>());
            exception.into()
        }
        "UnicodeDecodeError('utf-8',b'\\xff',0,1,'bad')" => exception(
            "UnicodeDecodeError",
            vec![text("utf-8"), Value::from(vec![0xFF]), 0.into(), 1.into(), text("bad")],
        )
        .into(),
        "..." => Value::Ellipsis,
        _ => return None,
    })
}

#[test]
fn every_value_is_written_as_the_genuine_serpent_writes_it() {
    let mut written = 0;
    for entry in vectors("encode") {
        let python = entry["python"].as_str().unwrap();
        let value = match (typed(python), &entry["decoded"]) {
            (Some(value), _) => value,
            // What is left without a tree are Python objects that no value stands for.
            (None, Json::Null) if python != "None" && entry["deep"].is_null() => continue,
            (None, Json::Null) if python != "None" => decode_raw(
                entry["text"].as_str().unwrap().as_bytes(),
                &Limits { depth: 300, ..Limits::default() },
            )
            .unwrap(),
            (None, tree) => value(tree),
        };
        match (encode(&value), entry["text"].as_str()) {
            (Ok(document), Some(text)) => assert_eq!(String::from_utf8(document).unwrap(), text, "{python}"),
            (Err(error), None) => {
                let genuine = entry["encode_error"].as_str().unwrap();
                let same = genuine == format!("TypeError: {error}") || python == "...";
                assert!(same, "{python}: {error}, not {genuine}");
            }
            (ours, genuine) => panic!("{python}: {ours:?}, not {genuine:?}"),
        }
        written += 1;
    }
    assert!(written >= 270, "only {written} of 288");
}

#[test]
fn every_document_is_read_as_the_genuine_serpent_reads_it() {
    for entry in vectors("decode") {
        let document = match entry["document"].as_str() {
            Some(text) => text.as_bytes().to_vec(),
            None => unhex(entry["hex"].as_str().unwrap()),
        };
        let shown = String::from_utf8_lossy(&document);
        // The one deviation: the names of all Unicode characters are not worth their megabyte.
        if shown.contains("\\N{") {
            let error = decode_raw(&document, &Limits::default()).unwrap_err();
            assert_eq!(error.kind, crate::DecodeErrorKind::Unsupported);
            continue;
        }
        let ours = decode_raw(&document, &Limits::default());
        let skipped = {
            let mut decoder = Decoder::new(&document, &Limits::default());
            decoder.as_mut().map_err(|error| error.clone()).and_then(|decoder| {
                decoder.skip()?;
                decoder.finish()
            })
        };
        match ours {
            Ok(value) => {
                assert_eq!(entry["ok"], true, "{shown:?} is read as {value:?}, not refused");
                if entry["deep"] == true {
                    // Too deep for a tree of JSON.
                    assert_eq!(body(&value), shown.trim_start_matches("# serpent utf-8 python3.2\n"));
                } else {
                    assert_eq!(value, self::value(&entry["decoded"]), "{shown:?}");
                }
                assert_eq!(skipped, Ok(()), "{shown:?}");
            }
            Err(error) => {
                assert_eq!(entry["ok"], false, "{shown:?} is refused: {error}");
                // What makes keys unhashable is the walker's business.
                assert!(
                    skipped.is_err() || error.kind == crate::DecodeErrorKind::Type,
                    "{shown:?} is skipped"
                );
            }
        }
    }
}

#[test]
fn unhashable_keys_raise_a_type_error_and_nothing_else_does() {
    // Python also tells expressions that are no literals (ValueError) from what is no expression at all
    // (SyntaxError). That would take a parser for all of Python; these two classes may be swapped here.
    for entry in vectors("decode") {
        let (Some(genuine), Some(document)) = (entry["error"].as_str(), entry["document"].as_str()) else {
            continue;
        };
        let ours = decode_raw(document.as_bytes(), &Limits::default()).unwrap_err();
        let type_error = genuine.starts_with("TypeError");
        assert_eq!(ours.python_class() == "builtins.TypeError", type_error, "{document:?}: {ours}");
    }
}

#[test]
fn values_of_both_dialects_are_read_and_written_back() {
    let entries: Vec<Json> = serde_json::from_str(VALUES).unwrap();
    for entry in &entries {
        let (name, text) = (entry["name"].as_str().unwrap(), entry["text"].as_str().unwrap());
        let read = decode_raw(text.as_bytes(), &Limits::default());
        if let Some(error) = entry["raw_error"].as_str() {
            assert!(read.is_err(), "{name}: {error}");
            continue;
        }
        let read = read.unwrap();
        if name != "deep_100" {
            assert_eq!(read, value(&entry["raw"]), "{name}");
        }
        let Value::Tuple(call) =
            decode_raw(entry["call"].as_str().unwrap().as_bytes(), &Limits::default()).unwrap()
        else {
            panic!("{name}: the call is no tuple")
        };
        assert_eq!(call[2].as_sequence().unwrap()[0], read, "{name}");
        let flavor = if entry["protocol"] == 48 { &flavor::PYRO4 } else { &flavor::PYRO5 };
        let whole = crate::Codec::Serpent.decode_value(text.as_bytes(), &Limits::default()).unwrap();
        for value in [read, whole] {
            let again = String::from_utf8(encode_for(&value, flavor).unwrap()).unwrap();
            // Bytes arrive as a dict, whose second writing has no blanks; a negative zero loses its sign;
            // objects put their class last.
            let differs = text.contains("'encoding': 'base64'")
                || text.contains("0.0j)")
                || matches!(value, Value::Object(_));
            assert!(again == text || differs, "{name}: {again}, not {text}");
        }
    }
    assert!(entries.len() > 118);
}

#[test]
fn bytes_are_literals_where_the_dialect_says_so() {
    for (bytes, text) in [
        (&b""[..], "b''"),
        (b"a", "b'a'"),
        (b"\x00\xFF\t\n\r\\'", "b\"\\x00\\xff\\t\\n\\r\\\\'\""),
        (b"'\"", "b'\\'\"'"),
        (b"\x7F~", "b'\\x7f~'"),
    ] {
        let value = Value::from(bytes.to_vec());
        let document = encode_for(&value, &flavor::PYRO5_BYTES_REPR).unwrap();
        assert_eq!(
            String::from_utf8(document.clone()).unwrap(),
            format!("# serpent utf-8 python3.2\n{text}")
        );
        assert_eq!(decode_raw(&document, &Limits::default()).unwrap(), value);
    }
}
