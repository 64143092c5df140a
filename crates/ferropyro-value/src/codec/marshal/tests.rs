//! Tests of marshal: captured messages, references, limits, and bytes that are not marshal.

use proptest::prelude::*;
use serde_json::Value as Json;

use super::{Decoder, Encoder};
use crate::codec::{Codec, Container, Decoder as _, Encoder as _, captured};
use crate::{BigInt, Bytes, DecodeError, DecodeErrorKind, Limits, Set, Value, flavor};

const CAPTURED: &str = include_str!("../../../tests/vectors/marshal.json");

fn tree(bytes: &[u8]) -> Result<Json, DecodeError> {
    captured::tree(&mut Decoder::new(bytes, &Limits::default())?).map(captured::sorted)
}

fn decode(bytes: &[u8]) -> Result<Value, DecodeError> {
    Codec::Marshal.decode_value(bytes, &Limits::default())
}

fn encode(value: &Value) -> Vec<u8> {
    Codec::Marshal.encode_value(value, &flavor::PYRO5).unwrap()
}

fn refused(bytes: &[u8]) -> (DecodeErrorKind, String) {
    let error = decode(bytes).unwrap_err();
    (error.kind, error.message.clone())
}

#[test]
fn captured_messages_are_read_as_python_reads_them() {
    let messages = captured::messages(CAPTURED);
    assert!(messages.len() > 700);
    for message in messages {
        assert_eq!(
            tree(&message.bytes),
            message.tree.map(captured::sorted).map_err(|_| unreachable!()),
            "{}",
            message.name
        );
    }
}

#[test]
fn what_we_write_is_read_as_the_same_data() {
    for message in captured::messages(CAPTURED) {
        let value = decode(&message.bytes).unwrap();
        // An ellipsis is data that nobody sends.
        let flavor = if message.protocol == 48 { &flavor::PYRO4 } else { &flavor::PYRO5 };
        if let Ok(bytes) = Codec::Marshal.encode_value(&value, flavor) {
            assert_eq!(decode(&bytes).unwrap(), value, "{}", message.name);
        }
    }
}

#[test]
fn scalars_and_containers_have_the_bytes_that_cpython_writes_without_references() {
    let set = |members: [i32; 1]| members.into_iter().collect::<Set>();
    let dict = Value::Dict([("k", 1)].into_iter().collect());
    let long = "x".repeat(256);
    let cases: [(Value, &[u8]); 16] = [
        (Value::None, b"N"),
        (true.into(), b"T"),
        ((-2).into(), b"i\xFE\xFF\xFF\xFF"),
        ((1_i64 << 31).into(), b"l\x03\0\0\0\0\0\0\0\x02\0"),
        (i64::MIN.into(), b"l\xFB\xFF\xFF\xFF\0\0\0\0\0\0\0\0\x08\0"),
        (BigInt::from(1_u128 << 75).into(), b"l\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0"),
        (1.5.into(), b"g\0\0\0\0\0\0\xF8\x3F"),
        ("ab".into(), b"z\x02ab"),
        ("\u{e9}".into(), b"u\x02\0\0\0\xC3\xA9"),
        (vec![1_u8, 2].into(), b"s\x02\0\0\0\x01\x02"),
        (Value::Tuple(vec![]), b")\0"),
        (Value::List(vec![Value::None]), b"[\x01\0\0\0N"),
        (Value::Set(set([1])), b"<\x01\0\0\0i\x01\0\0\0"),
        (Value::FrozenSet(set([1])), b">\x01\0\0\0i\x01\0\0\0"),
        (dict, b"{z\x01ki\x01\0\0\x000"),
        (uuid::Uuid::nil().into(), b"z\x2400000000-0000-0000-0000-000000000000"),
    ];
    for (value, bytes) in cases {
        assert_eq!(encode(&value), bytes, "{value:?}");
    }
    assert!(encode(&long.into()).starts_with(b"a\0\x01\0\0xx"));
    assert!(encode(&Value::Tuple(vec![Value::None; 256])).starts_with(b"(\0\x01\0\0NN"));
}

#[test]
fn what_pyro_cannot_send_by_marshal_is_refused_in_its_words() {
    let error =
        Codec::Marshal.encode_value(&jiff::civil::date(2024, 1, 1).into(), &flavor::PYRO5).unwrap_err();
    assert!(error.to_string().contains(
        "don't know how to serialize class <class 'datetime.date'> using serializer MarshalSerializer. \
         Give it vars() or an appropriate __getstate__"
    ));
}

#[test]
fn references_stand_for_what_was_read_before() {
    // ['ab', 'ab'], and a tuple that is there twice with a reference inside it.
    assert_eq!(decode(b"[\x02\0\0\0\xDA\x02abr\0\0\0\0").unwrap(), Value::from_iter(["ab", "ab"]));
    let pair = Value::from(("ab", "ab"));
    let bytes = b")\x02\xA9\x02\xDA\x02abr\x01\0\0\0r\0\0\0\0";
    assert_eq!(decode(bytes).unwrap(), Value::from((pair.clone(), pair)));
}

#[test]
fn singletons_are_never_registered() {
    assert_eq!(refused(b"[\x02\0\0\0\xCEr\0\0\0\0").1, "bad marshal data (invalid reference)");
}

#[test]
fn reading_again_after_going_back_registers_nothing_twice() {
    let bytes = b"[\x03\0\0\0\xDA\x01a\xDA\x01br\x01\0\0\0";
    let mut decoder = Decoder::new(bytes, &Limits::default()).unwrap();
    let mark = decoder.mark();
    for _ in 0..3 {
        decoder.rewind(mark);
        assert_eq!(crate::walk::decode(&mut decoder).unwrap(), Value::from_iter(["a", "b", "b"]));
    }
}

#[test]
fn a_container_that_contains_itself_is_an_error() {
    for bytes in [&b"\xDB\x01\0\0\0r\0\0\0\0"[..], b"\xFBz\x01kr\0\0\0\x000", b"\xA9\x01[\x01\0\0\0r\0\0\0\0"]
    {
        assert_eq!(
            refused(bytes),
            (DecodeErrorKind::Value, "bad marshal data (invalid reference)".to_owned())
        );
    }
}

/// A list of `levels` lists, each of which is the one before ten times.
fn bomb(levels: u8) -> Vec<u8> {
    let mut bytes = vec![b'('];
    bytes.extend((i32::from(levels) + 1).to_le_bytes());
    bytes.extend(b"\xDB\0\0\0\0");
    for level in 0..levels {
        bytes.extend(b"\xDB\x0A\0\0\0");
        for _ in 0..10 {
            bytes.extend([b'r', level, 0, 0, 0]);
        }
    }
    bytes
}

#[test]
fn repeated_objects_count_again() {
    let limits = Limits { items: 20_000, ..Limits::default() };
    assert!(Codec::Marshal.decode_value(&bomb(3), &limits).is_ok());
    let error = Codec::Marshal.decode_value(&bomb(30), &limits).unwrap_err();
    assert_eq!(error.kind, DecodeErrorKind::Limit);
    // A long text that is repeated counts by its length.
    let mut bytes = b"[\x65\0\0\0\xF3\0\x40\0\0".to_vec();
    bytes.resize(bytes.len() + 0x4000, b'x');
    bytes.extend(b"r\0\0\0\0".repeat(100));
    assert!(Codec::Marshal.decode_value(&bytes, &Limits { items: 60_000, ..limits }).is_ok());
    assert_eq!(Codec::Marshal.decode_value(&bytes, &limits).unwrap_err().kind, DecodeErrorKind::Limit);
}

#[test]
fn depth_items_and_digits_are_limited() {
    let nested = |levels: usize| [b"[\x01\0\0\0".repeat(levels), b"N".to_vec()].concat();
    assert!(decode(&nested(200)).is_ok());
    assert_eq!(refused(&nested(201)).0, DecodeErrorKind::Limit);
    let few = Limits { items: 3, ..Limits::default() };
    let list = encode(&Value::from_iter([1, 2, 3]));
    assert_eq!(Codec::Marshal.decode_value(&list, &few).unwrap_err().kind, DecodeErrorKind::Limit);
    let digits = encode(&BigInt::from(10).pow(4299).into());
    assert!(decode(&digits).is_ok());
    let digits = encode(&BigInt::from(10).pow(4400).into());
    assert_eq!(refused(&digits).0, DecodeErrorKind::Limit);
}

#[test]
fn malformed_bytes_are_refused_in_cpythons_words() {
    use DecodeErrorKind::{Refused, Truncated, Type, Unsupported, Value};
    let cases: [(&[u8], DecodeErrorKind, &str); 14] = [
        (b"", Truncated, "EOF read where object expected"),
        (b"[\x01\0\0\0", Truncated, "EOF read where object expected"),
        (b"[\xFF\xFF\xFF\x7F", Truncated, "EOF read where object expected"),
        (b"{", Truncated, "EOF read where object expected"),
        (b"i\0", Truncated, "marshal data too short"),
        (b"z\x05a", Truncated, "marshal data too short"),
        (b"?", Value, "bad marshal data (unknown type code)"),
        (b"[\xFF\xFF\xFF\xFF", Value, "bad marshal data (list size out of range)"),
        (b"r\0\0\0\0", Value, "bad marshal data (invalid reference)"),
        (b"l\x01\0\0\0\0\x80", Value, "bad marshal data (digit out of range in long)"),
        (b"l\x01\0\0\0\0\0", Value, "bad marshal data (unnormalized long data)"),
        (b"0", Type, "NULL object in marshal data for object"),
        (b"c\0\0\0\0", Refused, "code objects in marshal data are refused"),
        (b"S", Unsupported, "the StopIteration class in marshal data is no data"),
    ];
    for (bytes, kind, message) in cases {
        assert_eq!(refused(bytes), (kind, message.to_owned()), "{bytes:?}");
    }
}

#[test]
fn old_forms_are_read() {
    assert_eq!(decode(b"f\x031.5").unwrap(), Value::Float(1.5));
    assert_eq!(decode(b"x\x011\x03nan").unwrap(), crate::Complex { real: 1.0, imag: f64::NAN }.into());
    assert_eq!(decode(b"I\0\0\0\0\x01\0\0\0").unwrap(), Value::Int(1 << 32));
    assert_eq!(decode(b"t\x01\0\0\0x trailing").unwrap(), Value::from("x"));
    assert_eq!(decode(b"Z\x01\xE9").unwrap(), Value::from("\u{e9}"));
    assert_eq!(decode(b"l\0\0\0\0").unwrap(), Value::Int(0));
}

#[test]
fn large_bytes_are_shared_with_the_payload() {
    let data = vec![7_u8; 5000];
    let payload = Bytes::from(encode(&Value::from((data.clone(), vec![1_u8]))));
    let value = Codec::Marshal.decode_shared(&payload, &Limits::default()).unwrap();
    let Value::Tuple(items) = value else { panic!("a tuple") };
    let Value::Bytes(bytes) = &items[0] else { panic!("bytes") };
    assert_eq!(bytes, &data);
    assert!(payload.as_ptr_range().contains(&bytes.as_ptr()));
    let Value::Bytes(bytes) = &items[1] else { panic!("bytes") };
    assert!(!payload.as_ptr_range().contains(&bytes.as_ptr()));
}

#[test]
fn the_annotation_of_a_blob_is_a_tuple_of_three() {
    let info = Value::from(("info", "obj", "meth"));
    assert_eq!(encode(&info), b")\x03z\x04infoz\x03objz\x04meth");
}

#[test]
fn a_captured_message_cut_short_is_refused() {
    for message in captured::messages(CAPTURED).iter().step_by(7) {
        for end in 0..message.bytes.len() {
            let error = decode(&message.bytes[..end]).unwrap_err();
            assert_eq!(error.kind, DecodeErrorKind::Truncated, "{} cut at {end}", message.name);
        }
    }
}

#[test]
fn an_encoder_does_not_nest_deeper_than_receivers_read() {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, &flavor::PYRO5);
    for _ in 0..200 {
        encoder.begin(Container::List, 1).unwrap();
    }
    assert!(encoder.begin(Container::List, 1).is_err());
}

/// Values that marshal gives back as they were.
fn faithful() -> impl Strategy<Value = Value> {
    let text = prop_oneof![any::<String>(), "[ -~]{0,300}"];
    let key = prop_oneof![
        Just(Value::None),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i128>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (any::<f64>(), any::<f64>()).prop_map(|(real, imag)| crate::Complex { real, imag }.into()),
        text.prop_map(Value::from),
        proptest::collection::vec(any::<u8>(), 0..40).prop_map(Value::from),
    ];
    let members = proptest::collection::vec(key.clone(), 0..6);
    key.clone().prop_recursive(4, 32, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Tuple),
            members.clone().prop_map(|members| Value::Set(members.into_iter().collect())),
            members.clone().prop_map(|members| Value::FrozenSet(members.into_iter().collect())),
            proptest::collection::vec((key.clone(), inner), 0..6)
                .prop_map(|entries| Value::Dict(entries.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn values_survive_the_way_through_marshal(value in faithful()) {
        prop_assert_eq!(decode(&encode(&value)).unwrap(), value);
    }

    #[test]
    fn values_survive_the_bridge_to_serde(value in faithful()) {
        let bytes = Codec::Marshal.encode(&value, &flavor::PYRO5).unwrap();
        prop_assert_eq!(&bytes, &encode(&value));
        let back: Value = Codec::Marshal.decode(&bytes, &Limits::default()).unwrap();
        prop_assert_eq!(&back, &value);
        prop_assert_eq!(&crate::to_value(&value).unwrap(), &value);
        prop_assert_eq!(crate::from_value::<Value>(value.clone()).unwrap(), value);
    }

    #[test]
    fn integers_come_back(number in any::<i128>(), shift in 0..300_usize) {
        let number = BigInt::from(number) << shift;
        prop_assert_eq!(decode(&encode(&number.clone().into())).unwrap(), Value::from(number));
        let small = Value::Int(i64::from(shift as u8) << (shift % 60));
        prop_assert_eq!(decode(&encode(&small)).unwrap(), small);
    }

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode(&bytes);
        let mut decoder = Decoder::new(&bytes, &Limits::default()).unwrap();
        let _ = decoder.skip();
    }

    #[test]
    fn changed_messages_never_panic(message in 0..700_usize, place in any::<usize>(), byte in any::<u8>()) {
        let mut bytes = MESSAGES.with(|messages| messages[message].clone());
        let place = place % bytes.len();
        bytes[place] = byte;
        let limits = Limits { items: 100_000, ..Limits::default() };
        let _ = Codec::Marshal.decode_value(&bytes, &limits);
    }

    #[test]
    fn skipping_ends_where_reading_ends(message in 0..700_usize) {
        let bytes = MESSAGES.with(|messages| messages[message].clone());
        let mut skipped = Decoder::new(&bytes, &Limits::default()).unwrap();
        skipped.skip().unwrap();
        let mut read = Decoder::new(&bytes, &Limits::default()).unwrap();
        captured::tree(&mut read).unwrap();
        prop_assert_eq!(skipped.mark(), read.mark());
    }
}

thread_local! {
    static MESSAGES: Vec<Vec<u8>> = captured::messages(CAPTURED).into_iter().map(|message| message.bytes).collect();
}
