//! The msgpack codec: captured payloads, round trips, limits, damage.

use jiff::civil::date;
use jiff::tz::Offset;
use proptest::prelude::*;

use super::{Decoder, Encoder};
use crate::codec::{Codec, Decoder as _, MAX_DEPTH, Token, captured};
use crate::{
    BigInt, Bytes, Complex, DateTime, DecodeError, DecodeErrorKind, EncodeError, Limits, SurrogateStr, Uuid,
    Value, flavor,
};

const CAPTURED: &str = include_str!("../../../tests/vectors/msgpack.json");

#[test]
fn captured_messages_are_read_as_pyro_reads_them() {
    for message in captured::messages(CAPTURED) {
        let mut decoder = Decoder::new(&message.bytes, &Limits::default()).unwrap();
        let tree = captured::tree(&mut decoder);
        match message.tree {
            Ok(expected) => {
                assert_eq!(tree, Ok(expected), "{}", message.name);
                decoder.finish().unwrap();
            }
            Err(reason) => assert_eq!(tree.unwrap_err().message, reason, "{}", message.name),
        }
    }
}

#[test]
fn captured_messages_are_written_byte_for_byte() {
    for message in captured::messages(CAPTURED).into_iter().filter(|message| message.tree.is_ok()) {
        let mut out = Vec::new();
        let mut decoder = Decoder::new(&message.bytes, &Limits::default()).unwrap();
        captured::transcode(&mut decoder, &mut Encoder::new(&mut out, &flavor::PYRO5)).unwrap();
        assert_eq!(out, message.bytes, "{}", message.name);
    }
}

#[test]
fn captured_messages_survive_as_values() {
    for message in captured::messages(CAPTURED).into_iter().filter(|message| message.tree.is_ok()) {
        let flavor = if message.protocol == 48 { &flavor::PYRO4 } else { &flavor::PYRO5 };
        let value = read(&message.bytes).unwrap();
        let bytes = Codec::Msgpack.encode_value(&value, flavor).unwrap();
        let tree = captured::tree(&mut Decoder::new(&bytes, &Limits::default()).unwrap()).unwrap();
        let expected = captured::class_last(message.tree.as_ref().unwrap());
        assert_eq!(captured::class_last(&tree), expected, "{}", message.name);
    }
}

fn read(bytes: &[u8]) -> Result<Value, DecodeError> {
    Codec::Msgpack.decode_value(bytes, &Limits::default())
}

fn read_hex(hex: &str) -> Result<Value, DecodeError> {
    read(&captured::from_hex(hex))
}

fn written(value: impl Into<Value>) -> Result<Vec<u8>, EncodeError> {
    Codec::Msgpack.encode_value(&value.into(), &flavor::PYRO5)
}

fn big(number: i128) -> Value {
    Value::from(BigInt::from(number))
}

#[test]
fn every_value_takes_its_smallest_form() {
    for (value, hex) in [
        (Value::from(127), "7f"),
        (128.into(), "cc80"),
        (255.into(), "ccff"),
        (256.into(), "cd0100"),
        (65_536.into(), "ce00010000"),
        ((1_i64 << 32).into(), "cf0000000100000000"),
        (big(u64::MAX.into()), "cfffffffffffffffff"),
        ((-32).into(), "e0"),
        ((-33).into(), "d0df"),
        ((-129).into(), "d1ff7f"),
        ((-32_769).into(), "d2ffff7fff"),
        ((-2_147_483_649_i64).into(), "d3ffffffff7fffffff"),
        (big(1 << 64), "c714313138343436373434303733373039353531363136"),
        (1.5.into(), "cb3ff8000000000000"),
        (Value::Tuple(vec![Value::None, true.into()]), "92c0c3"),
        (Value::Set([1].into_iter().collect()), "9101"),
        (Value::FrozenSet([1].into_iter().collect()), "9101"),
        (Bytes::from_static(b"\x00\xFF").into(), "c40200ff"),
        (date(1970, 1, 1).into(), "d7333bf90a0000000000"),
    ] {
        assert_eq!(written(value.clone()).unwrap(), captured::from_hex(hex), "{value:?}");
    }
    assert_eq!(written(Uuid::nil()).unwrap(), [b"\xD9\x24", Uuid::nil().to_string().as_bytes()].concat());
}

#[test]
fn lengths_take_their_smallest_form() {
    for (length, head) in [(31, "bf"), (32, "d920"), (255, "d9ff"), (256, "da0100"), (65_536, "db00010000")] {
        let bytes = written("x".repeat(length)).unwrap();
        assert_eq!(bytes[..head.len() / 2], captured::from_hex(head), "{length}");
        assert_eq!(read(&bytes), Ok("x".repeat(length).into()));
    }
    for (length, head) in [(0, "c400"), (255, "c4ff"), (256, "c50100"), (65_536, "c600010000")] {
        let bytes = written(vec![7_u8; length]).unwrap();
        assert_eq!(bytes[..head.len() / 2], captured::from_hex(head), "{length}");
        assert_eq!(read(&bytes), Ok(vec![7_u8; length].into()));
    }
    for (length, list, dict) in [
        (15, "9f", "8f"),
        (16, "dc0010", "de0010"),
        (256, "dc0100", "de0100"),
        (65_536, "dd00010000", "df00010000"),
    ] {
        let bytes = written(Value::List(vec![Value::None; length])).unwrap();
        assert_eq!(bytes[..list.len() / 2], captured::from_hex(list), "{length}");
        assert_eq!(read(&bytes), Ok(Value::List(vec![Value::None; length])));
        let value = Value::Dict((0..length).map(|key| (key.to_string(), key)).collect());
        let bytes = written(value.clone()).unwrap();
        assert_eq!(bytes[..dict.len() / 2], captured::from_hex(dict), "{length}");
        assert_eq!(read(&bytes), Ok(value));
    }
}

#[test]
fn what_msgpack_lacks_is_refused_with_pyros_words_and_a_way_out() {
    for (value, class) in [
        (Value::from(jiff::civil::time(1, 2, 3, 0)), "datetime.time"),
        (jiff::SignedDuration::from_secs(1).into(), "datetime.timedelta"),
    ] {
        let message = written(value).unwrap_err().to_string();
        let pyro = format!(
            "msgpack cannot carry {class}: don't know how to serialize class <class '{class}'> using serializer \
             MsgpackSerializer. Give it vars() or an appropriate __getstate__, "
        );
        assert!(message.starts_with(&pyro) && message.contains("use"), "{message}");
    }
    let aware = DateTime { civil: date(2024, 1, 1).at(0, 0, 0, 0), offset: Some(Offset::UTC) };
    let message = written(aware).unwrap_err().to_string();
    assert!(message.contains("msgpack cannot serialize datetime with timezone info"), "{message}");
    let surrogates = SurrogateStr::new(b"\xED\xA0\x80").unwrap();
    assert!(written(surrogates).unwrap_err().to_string().contains("surrogates not allowed"));
}

#[test]
fn forms_that_pyro_never_writes_are_read() {
    let aware = |civil| Value::from(DateTime { civil, offset: Some(Offset::UTC) });
    for (hex, value) in [
        ("ca3fc00000", Value::from(1.5)),
        ("d001", 1.into()),
        ("d3ffffffffffffffff", (-1).into()),
        ("cf0000000000000001", 1.into()),
        ("da000161", "a".into()),
        ("dd0000000101", Value::List(vec![1.into()])),
        ("81c40161c0", Value::Dict([(Bytes::from_static(b"a"), Value::None)].into_iter().collect())),
        ("d63301000000", date(1, 1, 1).into()),
        ("d5312d37", (-7).into()),
        ("d6ff00000001", aware(date(1970, 1, 1).at(0, 0, 1, 0))),
        ("d7ff0000000400000001", aware(date(1970, 1, 1).at(0, 0, 1, 1))),
        ("c70cff3b9ac9ffffffffffffffffff", aware(date(1969, 12, 31).at(23, 59, 59, 999_999_999))),
    ] {
        assert_eq!(read_hex(hex), Ok(value), "{hex}");
    }
}

#[test]
fn what_no_pyro_reads_is_refused() {
    use DecodeErrorKind::{Syntax, Truncated, Unsupported, Value};
    for (hex, kind, text) in [
        ("c1", Syntax, "malformed"),
        ("c0c0", Syntax, "unpack(b) received extra data."),
        ("", Truncated, "incomplete input"),
        ("a1ff", Value, "not UTF-8"),
        ("a3eda080", Value, "not UTF-8"),
        ("d40500", Unsupported, "invalid ext code for msgpack: 5"),
        ("d4fe00", Unsupported, "invalid ext code for msgpack: -2"),
        ("c70331312f33", Value, "invalid literal for int() with base 10: b'1/3'"),
        ("c702315f31", Value, "b'_1'"),
        ("c70031", Value, "b''"),
        ("d4312b", Value, "b'+'"),
        ("d43000", Value, "complex of 1 bytes instead of 16"),
        ("d43200", Value, "datetime of 1 bytes instead of 8"),
        ("d43300", Value, "date of 1 bytes instead of 8 or 4"),
        ("d4ff00", Value, "timestamp of 1 bytes"),
        ("d63300000000", Value, "day 0 is not in the years"),
        ("d733ffffffffffffff7f", Value, "is not in the years"),
        ("d732000000000000f87f", Value, "timestamp NaN is not in the years"),
        ("d7ffffffffff00000000", Value, "is not in the years"),
        ("8101c0", Value, "int is not allowed for map key when strict_map_key=True"),
        ("81c2c0", Value, "bool is not allowed"),
        ("81cb0000000000000000c0", Value, "float is not allowed"),
        ("818080", Value, "dict is not allowed"),
        ("81d4050000", Value, "ExtType is not allowed"),
    ] {
        let error = read_hex(hex).unwrap_err();
        assert_eq!(error.kind, kind, "{hex}: {error}");
        assert!(error.message.contains(text), "{hex}: {error}");
    }
}

#[test]
fn lengths_are_checked_before_anything_is_read() {
    for hex in [
        "92c0",
        "dd00ffffff00",
        "ddffffffff",
        "81a161",
        "dfffffffff",
        "df80000000",
        "dbffffffffff",
        "c6ffffffff",
    ] {
        assert_eq!(read_hex(hex).unwrap_err().kind, DecodeErrorKind::Truncated, "{hex}");
    }
}

#[test]
fn limits_hold() {
    let limits = Limits { depth: 3, items: 5, int_digits: 4 };
    let read = |hex: &str| {
        Codec::Msgpack.decode_value(&captured::from_hex(hex), &limits).map_err(|error| error.kind)
    };
    for good in ["919190", "9401020304", "82a16101a16202", "9390919090", "c7043139393939", "c705312d39393939"]
    {
        assert!(read(good).is_ok(), "{good}");
    }
    for bad in ["91919190", "950102030405", "83a16101a16202a16303", "dc0006010101010101", "c705313939393939"]
    {
        assert_eq!(read(bad), Err(DecodeErrorKind::Limit), "{bad}");
    }
}

#[test]
fn nesting_is_bounded_on_both_sides() {
    let nested = |depth| (0..depth).fold(Value::None, |value, _| Value::List(vec![value]));
    let mut bytes = written(nested(MAX_DEPTH)).unwrap();
    assert_eq!(read(&bytes), Ok(nested(MAX_DEPTH)));
    assert_eq!(written(nested(MAX_DEPTH + 1)), Err(EncodeError::TooDeep(MAX_DEPTH)));
    bytes.insert(0, 0x91);
    assert_eq!(read(&bytes).unwrap_err().kind, DecodeErrorKind::Limit);
}

#[test]
fn reading_can_go_back_to_a_mark() {
    let bytes = captured::from_hex("9281a161910102");
    let mut decoder = Decoder::new(&bytes, &Limits { items: 5, ..Limits::default() }).unwrap();
    let Ok(Token::Open(mut list)) = decoder.token() else { panic!("a list") };
    assert!(decoder.more(&mut list).unwrap());
    assert_eq!(list.left, Some(1));
    let mark = decoder.mark();
    for _ in 0..3 {
        decoder.skip().unwrap();
        decoder.rewind(mark);
    }
    assert_eq!(crate::walk::decode(&mut decoder), read_hex("81a1619101"));
    assert!(decoder.more(&mut list).unwrap());
    assert_eq!(decoder.token(), Ok(Token::Int(2)));
    assert!(!decoder.more(&mut list).unwrap());
    decoder.finish().unwrap();
}

#[test]
fn short_text_is_lent_without_a_token() {
    let bytes = captured::from_hex("a461c3a962");
    let mut decoder = Decoder::new(&bytes, &Limits::default()).unwrap();
    assert_eq!(decoder.borrowed_str(), Some("aéb"));
    decoder.finish().unwrap();
    for hex in ["", "a2", "a1ff", "d90161", "01", "90", "c40161"] {
        let bytes = captured::from_hex(hex);
        let mut decoder = Decoder::new(&bytes, &Limits::default()).unwrap();
        assert_eq!(decoder.borrowed_str(), None, "{hex}");
        assert_eq!(decoder.mark().offset, 0, "{hex}");
    }
    let none = Limits { items: 0, ..Limits::default() };
    assert_eq!(Decoder::new(b"\xA0", &none).unwrap().borrowed_str(), None);
}

#[test]
fn large_bytes_are_shared_and_small_ones_copied() {
    let value = Value::List(vec![vec![1_u8; 1024].into(), vec![2_u8; 1023].into()]);
    let payload = Bytes::from(written(value.clone()).unwrap());
    let decoded = Codec::Msgpack.decode_shared(&payload, &Limits::default()).unwrap();
    assert_eq!(decoded, value);
    let inside = |value: &Value| {
        let Value::Bytes(bytes) = value else { panic!("bytes") };
        payload.as_ptr_range().contains(&bytes.as_ptr())
    };
    let items = decoded.as_sequence().unwrap();
    assert!(inside(&items[0]));
    assert!(!inside(&items[1]));
}

#[test]
fn bytes_of_another_payload_are_copied() {
    let bytes = written(vec![1_u8; 2000]).unwrap();
    let other = Bytes::from_static(b"other");
    let decoder = &mut Decoder::new(&bytes, &Limits::default()).unwrap().sharing(&other);
    assert_eq!(crate::walk::decode(decoder), Ok(vec![1_u8; 2000].into()));
}

/// Values that msgpack gives back as they were.
fn faithful() -> impl Strategy<Value = Value> {
    let civil = (-62_135_596_800_i64..253_402_300_800, 0..1_000_000_i64).prop_map(|(second, microsecond)| {
        let duration =
            jiff::SignedDuration::from_secs(second) + jiff::SignedDuration::from_micros(microsecond);
        date(1970, 1, 1).at(0, 0, 0, 0).checked_add(duration).unwrap()
    });
    let scalar = prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::from),
        any::<i8>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i128>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<(f64, f64)>().prop_map(|(real, imag)| Complex { real, imag }.into()),
        any::<String>().prop_map(Value::from),
        any::<Vec<u8>>().prop_map(Value::from),
        civil.clone().prop_map(|civil| Value::from(civil.date())),
        // Timestamps are doubles: beyond some thousand years they cannot hold every microsecond.
        civil.prop_map(|civil| {
            let civil = civil.with().subsec_nanosecond(civil.subsec_nanosecond() / 500_000_000 * 500_000_000);
            DateTime { civil: civil.build().unwrap(), offset: None }.into()
        }),
    ];
    scalar.prop_recursive(3, 24, 8, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..18).prop_map(Value::List),
            proptest::collection::vec((any::<String>(), inner), 0..8)
                .prop_map(|entries| Value::Dict(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn values_survive_the_way_through_msgpack(value in faithful()) {
        prop_assert_eq!(read(&written(value.clone()).unwrap()), Ok(value));
    }

    #[test]
    fn microseconds_of_our_century_survive(microseconds in 0..4_000_000_000_000_000_i64) {
        let duration = jiff::SignedDuration::from_micros(microseconds);
        let civil = date(1970, 1, 1).at(0, 0, 0, 0).checked_add(duration).unwrap();
        let value = Value::from(DateTime { civil, offset: None });
        prop_assert_eq!(read(&written(value.clone()).unwrap()), Ok(value));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        let _ = read(&bytes);
    }

    #[test]
    fn a_spoilt_document_is_read_or_refused(value in faithful(), place: prop::sample::Index, byte: u8) {
        let mut bytes = written(value).unwrap();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        let _ = read(&bytes);
    }

    #[test]
    fn no_document_cut_short_is_read(value in faithful(), place: prop::sample::Index) {
        let bytes = written(value).unwrap();
        let cut = &bytes[..place.index(bytes.len())];
        prop_assert_eq!(read(cut).unwrap_err().kind, DecodeErrorKind::Truncated);
    }
}
