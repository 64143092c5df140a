//! Documents that no serpent writes, and values that none reads.

use proptest::prelude::*;

use super::*;
use crate::codec::Decoder as _;
use crate::{BigInt, Complex, DecodeErrorKind, SurrogateStr};

fn read(document: &str) -> Result<Value, DecodeError> {
    decode_raw(document.as_bytes(), &Limits::default())
}

fn refusal(document: &str) -> DecodeErrorKind {
    read(document).expect_err(document).kind
}

fn tuple(items: impl IntoIterator<Item = i64>) -> Value {
    Value::Tuple(items.into_iter().map(Value::Int).collect())
}

fn nested(opening: &str, closing: &str, levels: usize) -> String {
    opening.repeat(levels) + &closing.repeat(levels)
}

#[test]
fn nesting_ends_at_200_brackets_of_any_kind() {
    for (opening, closing) in [("[", "]"), ("(", ",)"), ("({0:", "},)"), ("(", ")")] {
        let levels = 200 / opening.matches(['(', '[', '{']).count();
        assert!(read(&format!("{}1{}", opening.repeat(levels), closing.repeat(levels))).is_ok(), "{opening}");
        let deeper = format!("[{}1{}]", opening.repeat(levels), closing.repeat(levels));
        assert_eq!(refusal(&deeper), DecodeErrorKind::Limit, "{opening}");
    }
    for (opening, closing) in [("[", "]"), ("(", ")"), ("(", ",)"), ("{0:", "}"), ("{", "}"), ("({", "})")] {
        assert_eq!(refusal(&nested(opening, closing, 10_000)), DecodeErrorKind::Limit, "{opening}");
        let never_closed = read(&opening.repeat(100)).unwrap_err().kind;
        assert!(matches!(never_closed, DecodeErrorKind::Syntax), "{opening}");
    }
}

#[test]
fn encoding_ends_where_the_genuine_serpent_ends() {
    let nest = |levels, core| (0..levels).fold(core, |inner, _| Value::List(vec![inner]));
    assert!(encode(&nest(200, Value::None)).is_ok());
    assert!(encode(&nest(200, Value::List(vec![]))).is_ok(), "the 201st is empty: nothing is at level 201");
    assert_eq!(encode(&nest(201, Value::None)), Err(EncodeError::TooDeep(200)));
    assert_eq!(encode(&nest(201, Value::List(vec![]))), Err(EncodeError::TooDeep(200)));
}

#[test]
fn values_beyond_the_limit_are_refused() {
    let limits = Limits { items: 4, ..Limits::default() };
    assert!(decode_raw(b"[1,2,3]", &limits).is_ok());
    assert_eq!(decode_raw(b"[1,2,3,4]", &limits).unwrap_err().kind, DecodeErrorKind::Limit);
    assert_eq!(decode_raw(b"{1:2,3:4}", &limits).unwrap_err().kind, DecodeErrorKind::Limit);
}

#[test]
fn ints_beyond_the_limit_are_refused() {
    assert!(read(&"9".repeat(4300)).is_ok());
    assert_eq!(refusal(&"9".repeat(4301)), DecodeErrorKind::Limit);
    assert!(read(&format!("-0x{}", "f".repeat(3570))).is_ok());
    assert_eq!(refusal(&format!("0x{}", "f".repeat(1_000_000))), DecodeErrorKind::Limit);
    assert!(read(&"1".repeat(5000).replace("11", "1_1")).is_err());
    assert_eq!(refusal(&format!("{}+1j", "9".repeat(400))), DecodeErrorKind::Value);
}

#[test]
fn parentheses_group_wherever_python_lets_them() {
    for (document, value) in [
        ("((1))", Value::Int(1)),
        ("(((1,)))", tuple([1])),
        ("([1])", Value::List(vec![Value::Int(1)])),
        ("(({}))", Value::Dict(Dict::new())),
        ("( ( ) )", tuple([])),
        ("(\n'a' # one\n'b')", Value::from("ab")),
        ("((1)+(2j))", Value::from(Complex { real: 1.0, imag: 2.0 })),
        ("(1)+2j", Value::from(Complex { real: 1.0, imag: 2.0 })),
        ("(-((3)))", Value::Int(-3)),
        ("((1,2),(3))", Value::Tuple(vec![tuple([1, 2]), Value::Int(3)])),
        ("[((1),),(2)]", Value::List(vec![tuple([1]), Value::Int(2)])),
        ("(set())", Value::Set(Set::new())),
        ("(None)", Value::None),
        ("{(1)}", [1].into_iter().collect::<Set>().into()),
        ("{((1,2)):3}", [(tuple([1, 2]), 3)].into_iter().collect::<Dict>().into()),
        ("{ }", Value::Dict(Dict::new())),
        ("(1,2),", Value::Tuple(vec![tuple([1, 2])])),
        ("[1],[2]\n", Value::Tuple(vec![Value::List(vec![1.into()]), Value::List(vec![2.into()])])),
        ("1, (2,\n3) # end\n\n", Value::Tuple(vec![1.into(), tuple([2, 3])])),
        ("'a,b', ','", Value::Tuple(vec!["a,b".into(), ",".into()])),
    ] {
        assert_eq!(read(document).as_ref(), Ok(&value), "{document}");
        let mut decoder = Decoder::new(document.as_bytes(), &Limits::default()).unwrap();
        decoder.skip().and_then(|()| decoder.finish()).expect(document);
    }
    for document in
        ["(1", "(1))", "((1)", "(1)(2)", "([1]", "([1)]", "(1+2j", "-(1+2j)", "-(-1)", "1,2\n3", "(,1)"]
    {
        assert!(read(document).is_err(), "{document}");
    }
}

#[test]
fn what_a_serpent_wrote_is_not_searched_for_a_tuple_without_parentheses() {
    let pair = Value::from((1, 2));
    assert_eq!(read("# serpent utf-8 python3.2\n1,2"), Ok(pair), "no search is needed for a scalar");
    assert_eq!(read("[1],2"), Ok(Value::Tuple(vec![Value::List(vec![1.into()]), 2.into()])));
    assert_eq!(refusal("# serpent utf-8 python3.2\n[1],2"), DecodeErrorKind::Syntax);
}

#[test]
fn text_is_read_as_python_reads_it() {
    for (document, text) in [
        ("'a\\\nb'", "ab"),
        ("'a\\\r\nb'", "ab"),
        ("'''a\r\nb\rc'''", "a\nb\nc"),
        ("r'a\\'b'", "a\\'b"),
        ("r'''a\\\r\nb'''", "a\\\nb"),
        ("'\\400\\18\\q\\é'", "\u{100}\u{1}8\\q\\é"),
        ("'tab\there'", "tab\there"),
        ("''''quoted' '''", "'quoted' "),
        ("'' ''", ""),
    ] {
        assert_eq!(read(document), Ok(Value::from(text)), "{document}");
    }
    assert_eq!(read("b'\\777\\u0041'"), Ok(Value::from(b"\xFF\\u0041".to_vec())));
    let lone = SurrogateStr::new(b"a\xED\xA0\x80\xED\xB0\x80").unwrap();
    assert_eq!(read("'a\\ud800' '\\udc00'"), Ok(Value::from(lone.clone())));
    assert_eq!(body(&Value::from(lone)), "'a\\ud800\\udc00'");
}

#[test]
fn reading_goes_back_to_a_mark() {
    for document in ["((1,2),[(3)],{(4,5):6})", "(1,2),[(3)],{(4,5):6}"] {
        let mut decoder = Decoder::new(document.as_bytes(), &Limits::default()).unwrap();
        let start = decoder.mark();
        let Token::Open(mut open) = decoder.token().unwrap() else { panic!() };
        let mut marks = Vec::new();
        while decoder.more(&mut open).unwrap() {
            marks.push(decoder.mark());
            decoder.skip().unwrap();
        }
        decoder.finish().unwrap();
        decoder.rewind(marks[2]);
        assert_eq!(raw(&mut decoder).unwrap(), read("{(4,5):6}").unwrap());
        decoder.rewind(marks[0]);
        assert_eq!(raw(&mut decoder).unwrap(), tuple([1, 2]));
        decoder.rewind(start);
        assert_eq!(raw(&mut decoder).unwrap(), read(document).unwrap());
        decoder.finish().unwrap();
    }
}

#[test]
fn the_work_is_linear_however_brackets_nest() {
    // Each of these makes a reader that looks ahead from every bracket quadratic.
    let many = 200_000;
    for (opening, closing) in [("((1,2),", ")"), ("{((1,2),3):", "}"), ("(({1:2},),", ")")] {
        let block = opening.repeat(90) + "1" + &closing.repeat(90);
        let document = format!("[{}]", vec![block; many / opening.len() / 90].join(","));
        read(&document).unwrap();
    }
    assert!(read(&"(".repeat(many)).is_err());
    assert!(read(&"{(".repeat(many)).is_err());
}

#[test]
fn keys_that_serpent_takes_for_none_are_refused() {
    let key = |key: Value| encode(&Value::from([(key, 1)].into_iter().collect::<Dict>()));
    assert_eq!(key(Value::None), Err(EncodeError::UnsuitableKey("NoneType")));
    assert_eq!(key(jiff::civil::date(2024, 1, 1).into()), Err(EncodeError::UnsuitableKey("datetime.date")));
    assert_eq!(key(Value::List(vec![])), Err(EncodeError::UnsuitableKey("list")));
    // Within a tuple genuine serpent looks no further, and neither do values that follow the key.
    assert!(key(Value::Tuple(vec![Value::None])).is_ok());
    let set = Value::Set([Value::Tuple(vec![Value::None])].into_iter().collect());
    assert_eq!(body(&Value::List(vec![set, Value::None])), "[{(None,)},None]");
    let mixed = Value::Set([Value::Tuple(vec![]), Value::None].into_iter().collect());
    assert_eq!(encode(&mixed), Err(EncodeError::UnsuitableKey("NoneType")));
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i128>().prop_map(|number| Value::from(BigInt::from(number) * number)),
        any::<f64>().prop_filter("NaN is no literal", |number| !number.is_nan()).prop_map(Value::from),
        (-1e6..1e6).prop_map(Value::from),
        (1.0..1e6_f64, 1.0..1e6_f64)
            .prop_map(|(real, imag): (f64, f64)| Value::from(Complex { real: -real, imag: -imag })),
        any::<String>().prop_map(Value::from),
        "[ -~\\t\\n]{0,40}".prop_map(Value::from),
    ]
}

fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(Value::None), scalar()];
    leaf.prop_recursive(6, 64, 8, |inner| {
        let key = prop_oneof![scalar(), prop::collection::vec(scalar(), 0..3).prop_map(Value::Tuple)];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::List),
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::Tuple),
            prop::collection::vec(key.clone(), 1..8)
                .prop_map(|members| Value::Set(members.into_iter().collect())),
            prop::collection::vec((key, inner), 0..8)
                .prop_map(|entries| Value::Dict(entries.into_iter().collect())),
        ]
    })
}

/// Whatever the bytes are: no panic, and skipping refuses nothing that reading takes.
fn try_all(document: &[u8]) -> Result<(), TestCaseError> {
    let read = decode_raw(document, &Limits::default());
    if let Ok(mut decoder) = Decoder::new(document, &Limits::default()) {
        let skipped = decoder.skip().and_then(|()| decoder.finish());
        prop_assert!(
            read.is_err() || skipped.is_ok(),
            "{:?} of {:?}",
            skipped,
            String::from_utf8_lossy(document)
        );
    }
    if let Ok(value) = read
        && let Ok(again) = encode(&value)
    {
        let _ = decode_raw(&again, &Limits::default());
    }
    Ok(())
}

proptest! {
    #[test]
    fn every_tree_comes_back_as_it_was(value in tree()) {
        let document = encode(&value).unwrap();
        prop_assert_eq!(decode_raw(&document, &Limits::default()).unwrap(), value);
        let mut decoder = Decoder::new(&document, &Limits::default()).unwrap();
        decoder.skip().unwrap();
        decoder.finish().unwrap();
    }

    #[test]
    fn bytes_as_literals_come_back(bytes: Vec<u8>) {
        let value = Value::from(bytes);
        let document = encode_for(&value, &flavor::PYRO5_BYTES_REPR).unwrap();
        prop_assert_eq!(decode_raw(&document, &Limits::default()).unwrap(), value);
    }

    #[test]
    fn any_bytes_are_survived(bytes: Vec<u8>) {
        try_all(&bytes)?;
    }

    #[test]
    fn any_text_of_the_alphabet_is_survived(text in "[(){}\\[\\],:'\"\\\\0-9a-fjxobNTset .+\\-#\\n\\rru_]{0,40}") {
        try_all(text.as_bytes())?;
    }

    #[test]
    fn any_damage_is_survived(value in tree(), at: prop::sample::Index, byte: u8, cut: bool) {
        let mut document = encode(&value).unwrap();
        let at = at.index(document.len());
        if cut {
            document.truncate(at);
        } else {
            document[at] = byte;
        }
        try_all(&document)?;
    }
}
