//! Literals: what is shown, and what is read back.

use jiff::civil::{date, time};
use jiff::tz::Offset;
use proptest::prelude::*;

use super::*;
use crate::{Exception, Instance, ProxyState, Set, Uri};

#[test]
fn values_look_as_in_a_python_shell() {
    let complex = |real, imag| Value::from(Complex { real, imag });
    let aware = |seconds| DateTime {
        civil: date(2024, 2, 29).at(13, 14, 0, 0),
        offset: Some(Offset::from_seconds(seconds).unwrap()),
    };
    let uri: Uri = "PYRO:obj@localhost:4444".parse().unwrap();
    for (value, shown) in [
        (Value::None, "None"),
        (Value::from(vec![Value::from(true), Value::from(-7)]), "[True, -7]"),
        (Value::from((1, 2.0)), "(1, 2.0)"),
        (Value::from((1,)), "(1,)"),
        (Value::Tuple(vec![]), "()"),
        (Value::from(Set::new()), "set()"),
        (Value::from([1, 2].into_iter().collect::<Set>()), "{1, 2}"),
        (Value::FrozenSet(Set::new()), "frozenset()"),
        (Value::FrozenSet([1].into_iter().collect()), "frozenset({1})"),
        (Value::from([("a", 1)].into_iter().collect::<Dict>()), "{'a': 1}"),
        (Value::from("it's"), "\"it's\""),
        (Value::from(b"\x00a".to_vec()), "b'\\x00a'"),
        (Value::from(f64::INFINITY), "inf"),
        (Value::from(f64::NAN), "nan"),
        (complex(3.0, 4.0), "(3+4j)"),
        (complex(0.0, -2.5), "-2.5j"),
        (complex(-0.0, 1e16), "(-0+1e+16j)"),
        (complex(f64::NAN, f64::NAN), "(nan+nanj)"),
        (Value::from(aware(0)), "datetime.datetime(2024, 2, 29, 13, 14, tzinfo=datetime.timezone.utc)"),
        (
            Value::from(aware(-3600)),
            "datetime.datetime(2024, 2, 29, 13, 14, \
             tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=82800)))",
        ),
        (Value::from(date(2024, 2, 29)), "datetime.date(2024, 2, 29)"),
        (Value::from(time(13, 0, 0, 99_000)), "datetime.time(13, 0, 0, 99)"),
        (Value::from(time(13, 0, 5, 0)), "datetime.time(13, 0, 5)"),
        (Value::from(SignedDuration::ZERO), "datetime.timedelta(0)"),
        (
            Value::from(SignedDuration::from_micros(-1)),
            "datetime.timedelta(days=-1, seconds=86399, microseconds=999999)",
        ),
        (Value::from("1.10".parse::<crate::Decimal>().unwrap()), "Decimal('1.10')"),
        (Value::from(crate::Uuid::nil()), "UUID('00000000-0000-0000-0000-000000000000')"),
        (Value::Ellipsis, "Ellipsis"),
        (
            Value::from(Instance {
                class: "stock.Part".to_owned(),
                members: [("n", 1)].into_iter().collect(),
            }),
            "<stock.Part {'n': 1}>",
        ),
        (Value::from(Exception::new("ValueError", "no")), "ValueError('no')"),
        (Value::from(uri.clone()), "<Pyro URI; PYRO:obj@localhost:4444>"),
        (Value::from(ProxyState::new(uri)), "<Pyro Proxy; PYRO:obj@localhost:4444>"),
        (Value::Daemon, "<Pyro Daemon>"),
    ] {
        assert_eq!(repr(&value), shown);
    }
}

#[test]
fn literals_are_told_from_words() {
    assert_eq!(parse("-7"), Some(Value::Int(-7)));
    assert_eq!(parse(" [1, 'a'] "), Some(Value::List(vec![1.into(), "a".into()])));
    assert_eq!(parse("1,2"), Some(Value::from((1, 2))));
    assert_eq!(parse("set()"), Some(Value::from(Set::new())));
    for word in
        ["", "hello", "a b", "nan", "1 2", "#tag", "PYRO:obj@localhost:1", "[1", "'a", "{[]: 1}", "-", "1+1"]
    {
        assert_eq!(parse(word), None, "{word}");
    }
}

#[test]
fn ints_too_long_for_python_are_shown_in_hexadecimal() {
    let int = BigInt::from(1) << 100_000_u32;
    let shown = repr(&Value::from(int));
    assert!(shown.starts_with("0x1000"));
    assert_eq!(shown.len(), 25_003);
}

proptest! {
    #[test]
    fn text_and_numbers_parse_back(text: String, bytes: Vec<u8>, int: i128, float: f64) {
        prop_assume!(float.is_finite());
        let entries = [(Value::from(text), Value::from(int)), (Value::from(bytes), Value::from(float))];
        let value = Value::from(entries.into_iter().collect::<Dict>());
        prop_assert_eq!(parse(&repr(&value)), Some(value));
    }
}
