//! Data of declared types: what arrives, what comes back, and what is refused.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt::Debug;

use ferropyro::client::Call;
use ferropyro::{
    AsSet, AsTuple, BigInt, Bytes, CallError, Codec, Complex, Data, Instance, Integer, Uri, Value, remote,
};

use super::{Row, eval, row};
use crate::column::{Column, Stop, Verdict};
use crate::command::{Outcome, call};
use crate::objects::wares::{Grade, Part, Shape, Size, Square, Ware, WaresProxy};
use crate::show::show;

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("typed struct", "structs as dicts, alone, in lists, by name, or None", structs),
        row("typed tuple", "tuples, tuple structs, series, and lists of lists", tuples),
        row("typed set", "a set", |c| {
            let labels = ["b", "a"].map(str::to_owned).into();
            give(c, "labels", "{'b', 'a'}", &AsSet(labels), WaresProxy::labels)?;
            give(c, "labels", "set()", &AsSet::default(), WaresProxy::labels)
        }),
        row("typed bytes", "bytes, owned and shared", bytes),
        row("typed integer", "integers of 128 bits and of any size", integers),
        row("typed scalar", "date and time, decimal, uuid, complex, character, address", scalars),
        row("typed class", "a struct and an enum that are classes of Python's", classes),
        row("typed enum", "an enum without data is a text", |c| {
            give(c, "grade", "'better'", &Grade::Better, WaresProxy::grade)?;
            if c.serves() {
                return c.fails(&call("wares", "grade", &["'best'"]), "ValueError", "got 'best'");
            }
            Ok(())
        }),
        row("typed any", "a value of any type", any),
        row("typed wrong data", "members that lack, or are of a wrong type, are named", wrong),
    ]
}

/// Has a value given back, and compares what became of it: where we serve, with what the genuine object gives
/// the genuine caller; where we call, with what we sent, and what arrived with what arrives from the genuine
/// caller.
fn give<T: Data + PartialEq + Debug + Clone>(
    c: &mut Column<'_>,
    name: &str,
    expression: &str,
    value: &T,
    method: impl Fn(&WaresProxy, T) -> Call<T, Infallible, (T,)>,
) -> Verdict {
    let given = eval("wares", &format!("p.{name}({expression})"));
    let reference = c.reference(&given)?;
    let Outcome::Ok(text) = &reference.outcome else {
        // What the genuine caller or daemon cannot carry, nobody has to.
        return Ok(());
    };
    if c.serves() {
        // A genuine Pyro4 daemon does not unpack the extensions that its own caller packs. Ours does.
        if text.contains("ExtType") {
            let value = ferropyro::to_value(value).map_err(|error| error.to_string())?;
            return c.is(&given, &show(&value));
        }
        return c.same_members(&given);
    }
    let wares: WaresProxy = c.typed("wares")?;
    c.gives(name, value, method(&wares, value.clone()).wait());
    let arrived = last(&wares)?;
    let expected = c.reference(&eval("wares", &format!("[p.{name}({expression}), p.last()][1]")))?;
    let arrived = show(&arrived);
    let good = matches!(&expected.outcome, Outcome::Ok(text) if sorted(text) == sorted(&arrived));
    c.expect(&format!("what arrived of {expression}"), &expected, &arrived, good);
    Ok(())
}

/// What the genuine object was given last.
fn last(wares: &WaresProxy) -> Result<Value, Stop> {
    // It is not declared.
    let last = wares.call("last", ()).wait();
    Ok(last.map_err(|error: CallError| error.to_string())?)
}

/// The characters in some order: sets have none.
fn sorted(text: &str) -> Vec<char> {
    let mut characters: Vec<_> = text.chars().collect();
    characters.sort_unstable();
    characters
}

fn chair() -> Ware {
    Ware { name: "chair".to_owned(), stock: 2, size: (1.5, 2.0), parts: Vec::new(), note: None }
}

fn desk() -> Ware {
    let parts = vec![bolt()];
    Ware { name: "d'esk".to_owned(), stock: 1, size: (3.0, -0.5), parts, note: Some("old".to_owned()) }
}

fn bolt() -> Part {
    Part { name: "bolt".to_owned(), count: 8 }
}

const CHAIR: &str = "{'name': 'chair', 'stock': 2, 'size': (1.5, 2.0), 'parts': [], 'note': None}";
const DESK: &str = "{'name': 'd\\'esk', 'stock': 1, 'size': (3.0, -0.5), \
                    'parts': [Part(name='bolt', count=8)], 'note': 'old'}";

fn structs(c: &mut Column<'_>) -> Verdict {
    give(c, "ware", CHAIR, &chair(), WaresProxy::ware)?;
    give(c, "ware", DESK, &desk(), WaresProxy::ware)?;
    give(c, "wares", "[]", &Vec::new(), WaresProxy::wares)?;
    give(c, "wares", &format!("[{CHAIR}, {DESK}]"), &vec![chair(), desk()], WaresProxy::wares)?;
    let by_name: BTreeMap<_, _> = [("a".to_owned(), chair()), ("b c".to_owned(), chair())].into();
    give(c, "by_name", &format!("{{'a': {CHAIR}, 'b c': {CHAIR}}}"), &by_name, WaresProxy::by_name)?;
    give(c, "maybe", CHAIR, &Some(chair()), WaresProxy::maybe)?;
    give(c, "maybe", "None", &None, WaresProxy::maybe)?;
    if c.serves() {
        // In another order, with a member too many, and without one that may lack.
        let shuffled =
            "{'note': None, 'name': 'chair', 'more': 1, 'size': [1.5, 2], 'parts': [], 'stock': 2}";
        let plain = c.ask(&eval("wares", &format!("p.ware({CHAIR})")))?;
        let answer = c.ask(&eval("wares", &format!("p.ware({shuffled})")))?;
        c.expect(&"a ware in another order", &plain, &answer, plain.outcome == answer.outcome);
    }
    Ok(())
}

fn tuples(c: &mut Column<'_>) -> Verdict {
    give(c, "pair", "(1, 'one')", &(1, "one".to_owned()), WaresProxy::pair)?;
    give(c, "size", "(1.5, 2.0)", &Size(1.5, 2.0), WaresProxy::size)?;
    give(c, "series", "(1, 2, 3)", &AsTuple(vec![1, 2, 3]), WaresProxy::series)?;
    give(c, "series", "(1,)", &AsTuple(vec![1]), WaresProxy::series)?;
    give(c, "series", "()", &AsTuple(vec![]), WaresProxy::series)?;
    let rows = vec![vec![Some(1), None], vec![], vec![Some(-1)]];
    give(c, "rows", "[[1, None], [], [-1]]", &rows, WaresProxy::rows)
}

fn bytes(c: &mut Column<'_>) -> Verdict {
    let every: Vec<u8> = (0..=255).collect();
    give(c, "content", "bytes(range(256))", &every, WaresProxy::content)?;
    give(c, "content", "b''", &Vec::new(), WaresProxy::content)?;
    give(c, "shared", "bytes(range(256))", &Bytes::from(every), WaresProxy::shared)?;
    give(c, "shared", "b''", &Bytes::new(), WaresProxy::shared)
}

fn integers(c: &mut Column<'_>) -> Verdict {
    for number in [0, -1, i128::from(i64::MAX) + 1, i128::from(u64::MAX) + 1, i128::MIN, i128::MAX] {
        give(c, "huge", &number.to_string(), &number, WaresProxy::huge)?;
    }
    for power in [1_u32, 63, 64, 127, 500] {
        let number = -BigInt::from(2).pow(power);
        give(c, "big", &number.to_string(), &Integer(number), WaresProxy::big)?;
    }
    if c.serves() {
        let huge = call("wares", "huge", &[&format!("1{}", "0".repeat(50))]);
        if matches!(c.reference(&huge)?.outcome, Outcome::Ok(_)) {
            c.fails(&huge, "ValueError", "argument 'value': an int of 167 bits does not fit i128")?;
        }
    }
    Ok(())
}

fn scalars(c: &mut Column<'_>) -> Verdict {
    let wrong = |error: &dyn std::error::Error| Stop::Fail(error.to_string());
    let moment = "2024-02-29T12:30:15.123456".parse().map_err(|error| wrong(&error))?;
    give(c, "moment", "datetime.datetime(2024, 2, 29, 12, 30, 15, 123456)", &moment, WaresProxy::moment)?;
    let price = "1.50".parse().map_err(|error| wrong(&error))?;
    give(c, "price", "decimal.Decimal('1.50')", &price, WaresProxy::price)?;
    let identity = "12345678-1234-5678-1234-567812345678";
    let uuid = identity.parse().map_err(|error| wrong(&error))?;
    give(c, "identity", &format!("uuid.UUID('{identity}')"), &uuid, WaresProxy::identity)?;
    give(c, "phase", "(3-4.5j)", &Complex { real: 3.0, imag: -4.5 }, WaresProxy::phase)?;
    give(c, "letter", "'ß'", &'ß', WaresProxy::letter)?;
    let uri: Uri = "PYRO:some@where.else:1".parse().map_err(|error| wrong(&error))?;
    give(c, "address", "URI('PYRO:some@where.else:1')", &uri, WaresProxy::address)
}

fn classes(c: &mut Column<'_>) -> Verdict {
    give(c, "part", "Part(name='bolt', count=8)", &bolt(), WaresProxy::part)?;
    let shapes = vec![Shape::Square(Square { side: 2.0 }), Shape::Circle { radius: 1.5 }];
    give(c, "shapes", "[Square(side=2.0), Circle(radius=1.5)]", &shapes, WaresProxy::shapes)?;
    if c.serves() {
        c.same(&eval("wares", "p.some_part()"))?;
        if c.codec() != Codec::Marshal {
            c.same(&eval("wares", "p.some_shapes()"))?;
        }
        return Ok(());
    }
    let wares: WaresProxy = c.typed("wares")?;
    c.gives("some_part", &Part { name: "bolt".to_owned(), count: 3 }, wares.some_part().wait());
    if c.codec() != Codec::Marshal {
        let shapes = vec![Shape::Circle { radius: 1.5 }, Shape::Square(Square { side: 2.0 })];
        c.gives("some_shapes", &shapes, wares.some_shapes().wait());
    }
    Ok(())
}

fn any(c: &mut Column<'_>) -> Verdict {
    for expression in ["None", "[1, 'two', (3.0, None)]", "{1: {'a': True}}", "'text'"] {
        let value = crate::expression::evaluate(expression).unwrap_or_default();
        if c.serves() {
            give(c, "any", expression, &value, WaresProxy::any)?;
        } else {
            // What comes back depends on what the serializer knows.
            let reference = c.reference(&eval("wares", &format!("p.any({expression})")))?;
            if !matches!(reference.outcome, Outcome::Ok(_)) {
                continue;
            }
            let got = c.typed::<WaresProxy>("wares")?.any(value).wait();
            let got = got.map_or_else(|error| error.to_string(), |value| show(&value));
            c.expect(&expression, &reference, &got, reference.outcome == Outcome::Ok(got.clone()));
        }
    }
    let members = [("x", 1), ("y", 2)].into_iter().collect();
    let point = Value::from(Instance { class: "conformance.Point".to_owned(), members });
    give(c, "any", "Point(1, 2)", &point, WaresProxy::any)
}

/// Wares that were misunderstood.
#[remote]
trait Misunderstood {
    #[name("any")]
    async fn ware(&self, value: Value) -> Ware;
    #[name("part")]
    async fn size(&self, value: (f64, f64)) -> (f64, f64, f64);
    #[name("some_part")]
    async fn shape(&self) -> Shape;
}

fn wrong(c: &mut Column<'_>) -> Verdict {
    if c.serves() {
        for (given, class, text) in [
            ("{'name': 'chair'}", "TypeError", "argument 'value': missing member 'stock'"),
            ("'chair'", "TypeError", "argument 'value': expected"),
            ("[]", "TypeError", "argument 'value': expected"),
        ] {
            c.fails(&call("wares", "ware", &[given]), class, text)?;
        }
        let wrong = CHAIR.replace("'stock': 2", "'stock': 'two'");
        c.fails(&eval("wares", &format!("p.ware({wrong})")), "TypeError", "expected int, got str")?;
        let negative = CHAIR.replace("'stock': 2", "'stock': -2");
        c.fails(&eval("wares", &format!("p.ware({negative})")), "ValueError", "-2 does not fit u32")?;
        let later = format!("p.wares([{CHAIR}, {wrong}])");
        c.fails(&eval("wares", &later), "TypeError", "expected int, got str")?;
        c.fails(&call("wares", "pair", &["(1, 'one', 2)"]), "TypeError", "argument 'value'")?;
        if c.codec() != Codec::Marshal {
            c.fails(&eval("wares", "p.shapes([Part(name='bolt')])"), "ValueError", "got 'conformance.Part'")?;
        }
        return c.is(&call("wares", "letter", &["'x'"]), "'x'");
    }
    let wares: MisunderstoodProxy = c.typed("wares")?;
    c.breaks("a text", "expected", wares.ware(Value::from("chair")).wait());
    let empty = Value::Dict(ferropyro::Dict::new());
    c.breaks("a dict without members", "name", wares.ware(empty).wait());
    c.breaks("a pair", "", wares.size((1.0, 2.0)).wait());
    c.breaks("another class", "conformance.Part", wares.shape().wait());
    Ok(())
}
