//! The json codec: captured documents, round trips, limits, damage.

use jiff::civil::date;
use proptest::prelude::*;

use super::{Decoder, Encoder};
use crate::codec::{Codec, Decoder as _, MAX_DEPTH, Token, captured};
use crate::{
    BigInt, Complex, DateTime, Decimal, DecodeError, DecodeErrorKind, EncodeError, Limits, SurrogateStr,
    Uuid, Value, flavor,
};

const CAPTURED: &str = include_str!("../../../tests/vectors/json.json");

#[test]
fn captured_messages_are_read_as_pyro_reads_them() {
    for message in captured::messages(CAPTURED) {
        let mut decoder = Decoder::new(&message.bytes, &Limits::default()).unwrap();
        let tree = captured::tree(&mut decoder);
        assert_eq!(tree.as_ref(), Ok(message.tree.as_ref().unwrap()), "{}", message.name);
        decoder.finish().unwrap();
    }
}

#[test]
fn captured_messages_are_written_byte_for_byte() {
    for message in captured::messages(CAPTURED) {
        let mut out = Vec::new();
        let mut decoder = Decoder::new(&message.bytes, &Limits::default()).unwrap();
        captured::transcode(&mut decoder, &mut Encoder::new(&mut out, &flavor::PYRO5)).unwrap();
        assert_eq!(out, message.bytes, "{}", message.name);
    }
}

#[test]
fn captured_messages_survive_as_values() {
    for message in captured::messages(CAPTURED) {
        let flavor = if message.protocol == 48 { &flavor::PYRO4 } else { &flavor::PYRO5 };
        let value = Codec::Json.decode_value(&message.bytes, &Limits::default()).unwrap();
        let bytes = Codec::Json.encode_value(&value, flavor).unwrap();
        let tree = captured::tree(&mut Decoder::new(&bytes, &Limits::default()).unwrap()).unwrap();
        let expected = captured::class_last(message.tree.as_ref().unwrap());
        assert_eq!(captured::class_last(&tree), expected, "{}", message.name);
    }
}

fn read(text: &str) -> Result<Value, DecodeError> {
    Codec::Json.decode_value(text.as_bytes(), &Limits::default())
}

fn written(value: impl Into<Value>) -> Result<String, EncodeError> {
    Codec::Json.encode_value(&value.into(), &flavor::PYRO5).map(|bytes| String::from_utf8(bytes).unwrap())
}

fn two_to_the(power: u32) -> Value {
    Value::from(1_u128 << power)
}

fn dict<const N: usize>(entries: [(Value, Value); N]) -> Value {
    Value::Dict(entries.into_iter().collect())
}

#[test]
fn values_become_what_python_writes() {
    let tuple = Value::Tuple(vec![1.into(), Value::None]);
    let set = Value::Set([2].into_iter().collect());
    let frozen = Value::FrozenSet([3].into_iter().collect());
    let value = dict([
        ("a".into(), Value::List(vec![tuple, set, frozen, Value::List(vec![]), dict([])])),
        (1.into(), true.into()),
        (1.5.into(), f64::NAN.into()),
        (false.into(), f64::NEG_INFINITY.into()),
        (Value::None, "é\"\\\n\u{1}\u{7f}".into()),
        (two_to_the(70), Value::from(-(BigInt::from(1_u128 << 64)))),
    ]);
    let text = r#"{"a": [[1, null], [2], [3], [], {}], "1": true, "1.5": NaN, "false": -Infinity, "null": "é\"\\\n\u0001"#
        .to_owned()
        + "\u{7f}\", \"1180591620717411303424\": -18446744073709551616}";
    assert_eq!(written(value).unwrap(), text);
}

#[test]
fn dates_uuids_and_decimals_become_text() {
    let civil = date(2024, 2, 29).at(1, 2, 3, 40_000_000);
    let offset = Some(jiff::tz::Offset::constant(2));
    assert_eq!(written(DateTime { civil, offset }).unwrap(), r#""2024-02-29T01:02:03.040000+02:00""#);
    assert_eq!(written(date(7, 1, 2)).unwrap(), r#""0007-01-02""#);
    assert_eq!(written("1E+2".parse::<Decimal>().unwrap()).unwrap(), r#""1E+2""#);
    assert_eq!(written(Uuid::from_u128(10)).unwrap(), r#""00000000-0000-0000-0000-00000000000a""#);
}

#[test]
fn what_json_lacks_is_refused_with_pyros_words_and_a_way_out() {
    for (value, class) in [
        (Value::from(vec![1_u8]), "bytes"),
        (Complex { real: 1.0, imag: 0.0 }.into(), "complex"),
        (jiff::civil::time(1, 2, 3, 0).into(), "datetime.time"),
        (jiff::SignedDuration::from_secs(1).into(), "datetime.timedelta"),
    ] {
        let message = written(value).unwrap_err().to_string();
        let pyro = format!(
            "json cannot carry {class}: don't know how to serialize class <class '{class}'> using serializer \
             JsonSerializer. Give it vars() or an appropriate __getstate__, "
        );
        assert!(message.starts_with(&pyro) && message.contains("use"), "{message}");
    }
    let surrogates = SurrogateStr::new(b"\xED\xA0\x80").unwrap();
    assert!(written(surrogates).unwrap_err().to_string().contains("surrogates not allowed"));
}

#[test]
fn keys_that_python_refuses_are_refused() {
    for (key, class) in [
        (Value::from((1, 2)), "tuple"),
        (Value::from(vec![1_u8]), "bytes"),
        (Uuid::nil().into(), "UUID"),
        (date(2024, 1, 1).into(), "date"),
        (Value::FrozenSet([1].into_iter().collect()), "frozenset"),
    ] {
        let message = written(dict([(key, 1.into())])).unwrap_err().to_string();
        assert!(
            message.contains(&format!("keys must be str, int, float, bool or None, not {class}")),
            "{message}"
        );
    }
}

#[test]
fn the_reader_follows_pythons_rules() {
    for (text, value) in [
        (" [1 , -2,\t3.5 ]\r\n", Value::List(vec![1.into(), (-2).into(), 3.5.into()])),
        (r#"{"a":1,"a":2}"#, dict([("a".into(), 2.into())])),
        ("NaN", f64::NAN.into()),
        ("-Infinity", f64::NEG_INFINITY.into()),
        ("1e999", f64::INFINITY.into()),
        ("-0", 0.into()),
        ("-0.0", (-0.0).into()),
        ("1E-2", 0.01.into()),
        ("9223372036854775807", i64::MAX.into()),
        ("-9223372036854775808", i64::MIN.into()),
        ("9223372036854775808", two_to_the(63)),
        (r#""\u00e9\ud83d\ude00\/\b\f""#, "é😀/\u{8}\u{c}".into()),
        (r#""a\ud800""#, SurrogateStr::new(b"a\xED\xA0\x80").unwrap().into()),
        (
            r#""\udc00\ud800\ud83d\ude00""#,
            SurrogateStr::new(b"\xED\xB0\x80\xED\xA0\x80\xF0\x9F\x98\x80").unwrap().into(),
        ),
        (r#""\ud800\n""#, SurrogateStr::new(b"\xED\xA0\x80\n").unwrap().into()),
        ("\"\u{7f}\u{2028}\"", "\u{7f}\u{2028}".into()),
    ] {
        assert_eq!(read(text), Ok(value), "{text}");
    }
}

#[test]
fn what_python_refuses_is_refused_where_it_stands() {
    use DecodeErrorKind::{Syntax, Truncated};
    for (text, kind, offset) in [
        ("[1,]", Syntax, 3),
        ("[,1]", Syntax, 1),
        ("[1 2]", Syntax, 3),
        ("{\"a\":1,}", Syntax, 7),
        ("{1:2}", Syntax, 1),
        ("{\"a\" 1}", Syntax, 5),
        ("[1}", Syntax, 2),
        ("01", Syntax, 0),
        ("-01", Syntax, 1),
        ("1.", Truncated, 2),
        ("1.x", Syntax, 2),
        (".5", Syntax, 0),
        ("+1", Syntax, 0),
        ("1e+", Truncated, 3),
        ("-", Truncated, 1),
        ("- 1", Syntax, 1),
        ("\"a\nb\"", Syntax, 2),
        ("\"\\x\"", Syntax, 2),
        ("\"\\u12g4\"", Syntax, 5),
        ("'a'", Syntax, 0),
        ("nul", Truncated, 3),
        ("nulL", Syntax, 0),
        ("\u{feff}1", Syntax, 0),
        ("1 1", Syntax, 2),
        ("", Truncated, 0),
        ("  ", Truncated, 2),
        ("[[", Truncated, 2),
        ("\"a", Truncated, 2),
    ] {
        let error = read(text).unwrap_err();
        assert_eq!((error.kind, error.offset), (kind, Some(offset)), "{text}: {error}");
    }
    let error = Codec::Json.decode_value(b"\"\xFF\"", &Limits::default()).unwrap_err();
    assert_eq!((error.kind, error.offset), (DecodeErrorKind::Value, Some(1)));
}

#[test]
fn limits_hold() {
    let limits = Limits { depth: 3, items: 5, int_digits: 20 };
    let read = |text: &str| Codec::Json.decode_value(text.as_bytes(), &limits).map_err(|error| error.kind);
    let digits = "9".repeat(20);
    for good in ["[[[]]]", "[1,2,3,4]", "{\"a\":1,\"b\":2}", "[[],[[]],[]]", digits.as_str()] {
        assert!(read(good).is_ok(), "{good}");
    }
    let digits = "-".to_owned() + &"9".repeat(21);
    for bad in ["[[[[]]]]", "[1,2,3,4,5]", "{\"a\":1,\"b\":2,\"c\":3}", digits.as_str()] {
        assert_eq!(read(bad), Err(DecodeErrorKind::Limit), "{bad}");
    }
}

#[test]
fn nesting_is_bounded_on_both_sides() {
    let nested = |depth| (0..depth).fold(Value::None, |value, _| Value::List(vec![value]));
    let text = written(nested(MAX_DEPTH)).unwrap();
    assert_eq!(read(&text), Ok(nested(MAX_DEPTH)));
    assert_eq!(written(nested(MAX_DEPTH + 1)), Err(EncodeError::TooDeep(MAX_DEPTH)));
    assert_eq!(read(&format!("[{text}]")).unwrap_err().kind, DecodeErrorKind::Limit);
}

#[test]
fn reading_can_go_back_to_a_mark() {
    let mut decoder = Decoder::new(b"[ {\"a\": [1]}, 2]", &Limits { items: 5, ..Limits::default() }).unwrap();
    let Ok(Token::Open(mut list)) = decoder.token() else { panic!("a list") };
    assert!(decoder.more(&mut list).unwrap());
    let mark = decoder.mark();
    for _ in 0..3 {
        decoder.skip().unwrap();
        decoder.rewind(mark);
    }
    assert_eq!(crate::walk::decode(&mut decoder), read("{\"a\": [1]}"));
    assert!(decoder.more(&mut list).unwrap());
    assert_eq!(decoder.token(), Ok(Token::Int(2)));
    assert!(!decoder.more(&mut list).unwrap());
    decoder.finish().unwrap();
}

#[test]
fn plain_text_is_lent_without_a_token() {
    let mut decoder = Decoder::new(" \"plé in\"".as_bytes(), &Limits::default()).unwrap();
    assert_eq!(decoder.borrowed_str(), Some("plé in"));
    decoder.finish().unwrap();
    for text in [r#""a\nb""#, "1", "[", "\"a", "\"a\nb\"", "", "null"] {
        let mut decoder = Decoder::new(text.as_bytes(), &Limits::default()).unwrap();
        assert_eq!(decoder.borrowed_str(), None, "{text}");
        assert_eq!(decoder.mark().offset, 0, "{text}");
    }
    let none = Limits { items: 0, ..Limits::default() };
    assert_eq!(Decoder::new(b"\"\"", &none).unwrap().borrowed_str(), None);
}

#[test]
fn no_document_cut_short_is_read() {
    let text = "{\"k\": [1.5, \"é\\n\\ud83d\\ude00\", true, null, -Infinity, {}], \"n\": [NaN]}";
    for length in 0..text.len() {
        let bytes = &text.as_bytes()[..length];
        assert!(Codec::Json.decode_value(bytes, &Limits::default()).is_err(), "{length}");
    }
}

#[test]
fn runs_of_plain_text_end_at_the_first_byte_that_needs_an_escape() {
    for stop in (0..0x20).chain([b'"', b'\\']) {
        for length in 0..20 {
            let text = [vec![0xC3; length], vec![stop], vec![stop.wrapping_add(1); 9]].concat();
            assert_eq!(super::plain_prefix(&text), length, "{stop:#x}");
        }
    }
    let plain: Vec<u8> = (0x20..=0xFF).filter(|byte| ![b'"', b'\\'].contains(byte)).collect();
    assert_eq!(super::plain_prefix(&plain), plain.len());
}

/// Values that json gives back as they were.
fn faithful() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i128>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[\\x00-\\x7f]{0,12}".prop_map(Value::from),
    ];
    scalar.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
            proptest::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|entries| Value::Dict(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn values_survive_the_way_through_json(value in faithful()) {
        prop_assert_eq!(read(&written(value.clone()).unwrap()), Ok(value));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        let _ = Codec::Json.decode_value(&bytes, &Limits::default());
    }

    #[test]
    fn any_text_of_jsons_alphabet_is_read_or_refused(text in "[\\[\\]{}:,\"\\\\ntfuNI0-9a-f.eE+\\- é]{0,40}") {
        let _ = read(&text);
    }

    #[test]
    fn a_spoilt_document_is_read_or_refused(value in faithful(), place: prop::sample::Index, byte: u8) {
        let mut bytes = written(value).unwrap().into_bytes();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        let _ = Codec::Json.decode_value(&bytes, &Limits::default());
    }

    #[test]
    fn text_read_is_what_serde_json_reads(text in any::<String>()) {
        let json = serde_json::to_string(&text).unwrap();
        prop_assert_eq!(read(&json), Ok(Value::from(text)));
    }
}
