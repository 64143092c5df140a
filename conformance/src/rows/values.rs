//! Values: each is sent and described by the receiver, made by the server and shown, and echoed.
//!
//! What should come out is what the genuine ones make of it, which differs from serializer to serializer.

use ferropyro::{Exception, ProxyState, Uri, UriError, Value};

use super::{Row, row};
use crate::column::{Column, Verdict};
use crate::command::{Given, Outcome, call, quoted};
use crate::expression::evaluate;
use crate::show::describe;

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("none and bools", "None, True, False", |c| all(c, &["None", "True", "False"])),
        row("integers", "small, at the edges of 8 to 64 bits, and beyond them", integers),
        row("floats", "ordinary, extreme, zeros with signs, nan and infinities", floats),
        row("random floats", "a few hundred doubles of random bits", random_floats),
        row("complex", "complex numbers", |c| all(c, &["(3+4j)", "complex(0.0, -1.5)", "[(1+2j)]"])),
        row("text", "escapes, controls, every category of Unicode, beyond the BMP", text),
        row(
            "all of Unicode",
            "every character of the BMP and many beyond, as both ends show and echo them",
            unicode,
        ),
        row("lone surrogates", "text that is not Unicode", |c| all(c, &["'\\ud800'", "'a\\udfffb'"])),
        row("bytes", "empty, text-like, all 256 values, nested", bytes),
        row("lists and tuples", "empty, with one item, nested", sequences),
        row("sets", "empty, of numbers and texts, nested, frozen", sets),
        row("dicts", "empty, in order, keys of all kinds, nested", dicts),
        row("deep nesting", "thirty lists inside one another", |c| {
            all(c, &[&format!("{}1{}", "[".repeat(30), "]".repeat(30))])
        }),
        row("references inside", "proxies, addresses and exceptions within containers", references),
        row("dates and times", "datetime, date, time, timedelta", dates),
        row("decimal and uuid", "Decimal and UUID", |c| {
            all(c, &["decimal.Decimal('1.50')", "uuid.UUID('12345678-1234-5678-1234-567812345678')"])
        }),
        row("class as data", "an instance of a class that both ends register", |c| {
            all(c, &["Point(1, 2)", "Point('a', 1.5)"])
        }),
    ]
}

/// Sends each value there, has it made there, and both.
fn all(c: &mut Column<'_>, expressions: &[&str]) -> Verdict {
    for expression in expressions {
        let describe = call("thing", "describe", &[expression]);
        let echo = call("thing", "echo", &[expression]);
        let make = call("thing", "make", &[&quoted(expression)]);
        for command in [describe, echo, make] {
            if c.bridges()
                && matches!(c.ask(&command)?.outcome, Outcome::Ok(text) if text.contains("ExtType"))
            {
                // A genuine Pyro4 daemon unpacks them for nobody.
                continue;
            }
            match c.reference(&command)?.outcome {
                // A genuine Pyro4 daemon does not unpack the extensions that its own caller packs. Ours does.
                Outcome::Ok(text) if text.contains("ExtType") && c.serves() => {
                    c.is(&command, &plain(expression))?;
                }
                Outcome::Ok(_) if expression.contains('{') => c.same_members(&command)?,
                Outcome::Ok(_) => c.same(&command)?,
                // What the genuine caller or daemon cannot carry, nobody has to.
                Outcome::Failed(_) | Outcome::Unable(_) => {}
            }
        }
    }
    Ok(())
}

/// How the value is described that arrives as it was sent.
fn plain(expression: &str) -> String {
    let value = evaluate(expression).unwrap_or_default();
    ferropyro::literal::repr(&describe(&value).into())
}

fn integers(c: &mut Column<'_>) -> Verdict {
    let mut numbers = vec!["0".to_owned(), "1".to_owned(), "-1".to_owned()];
    for bits in [7, 8, 15, 16, 31, 32, 63_u32] {
        let power = 1_i128 << bits;
        numbers.extend([power - 1, power, -power, -power - 1].map(|number| number.to_string()));
    }
    numbers.extend(["18446744073709551615".to_owned(), "18446744073709551616".to_owned()]);
    numbers.extend([format!("1{}", "0".repeat(40)), format!("-1{}", "0".repeat(100))]);
    all(c, &numbers.iter().map(String::as_str).collect::<Vec<_>>())
}

fn floats(c: &mut Column<'_>) -> Verdict {
    all(
        c,
        &[
            "0.0",
            "-0.0",
            "1.0",
            "1.5",
            "-2.25",
            "0.1",
            "1e+16",
            "1e+22",
            "1e-07",
            "1.7976931348623157e+308",
            "5e-324",
            "123456789.12345679",
            "nan",
            "inf",
            "-inf",
            "[nan, inf, -inf, -0.0]",
            "{'a': inf}",
        ],
    )
}

fn text(c: &mut Column<'_>) -> Verdict {
    all(
        c,
        &[
            "''",
            "'plain'",
            "'it\\'s \"quoted\"'",
            "'back\\\\slash'",
            "'line\\nfeed\\r\\ttab'",
            "'nul\\x00'",
            "'\\x07\\x08\\x0b\\x0c\\x1b\\x7f'",
            "'\\x80\\x85\\x9f\\xa0\\xad'",
            "'äöüß€'",
            "'ДΩש中文'",
            "'\\u2028\\u2029\\u200b\\ufeff'",
            "'a\\u0301'",
            "'\\u0e33\\u1100'",
            "'\\ue000'",
            "'\\ufffe\\uffff'",
            "'\\U0001f600'",
            "'\\U0010ffff'",
            "'\\U0001d54f'",
            "'½Ⅷ٣²'",
            "'_–(«»)+$^√'",
            "['x', 'y\\'z']",
        ],
    )
}

fn bytes(c: &mut Column<'_>) -> Verdict {
    let every: String = (0..=255_u8).map(|byte| format!("\\x{byte:02x}")).collect();
    all(
        c,
        &[
            "b''",
            "b'bytes'",
            &format!("b'{every}'"),
            "[b'in', b'side']",
            "{'key': b'value'}",
            "bytearray(b'abc')",
        ],
    )
}

/// A value that Python makes by an expression too long for a literal.
fn given(c: &mut Column<'_>, expression: &str, value: &Value) -> Verdict {
    for method in ["describe", "echo"] {
        let command = call("thing", method, &[]).with(Given::Value(expression.to_owned(), value.clone()));
        if matches!(c.reference(&command)?.outcome, Outcome::Ok(_)) {
            c.same(&command)?;
        }
    }
    Ok(())
}

fn unicode(c: &mut Column<'_>) -> Verdict {
    let ranges = [(0, 0x3000, 1), (0x3000, 0xd800, 1), (0xe000, 0x1_0000, 1), (0x1_0000, 0x11_0000, 23)];
    for (first, end, step) in ranges {
        let text: String = (first..end).step_by(step).filter_map(char::from_u32).collect();
        given(c, &format!("''.join(map(chr, range({first}, {end}, {step})))"), &text.into())?;
    }
    Ok(())
}

fn random_floats(c: &mut Column<'_>) -> Verdict {
    // Knuth's generator: any bits will do, as long as each run has the same.
    let mut bits = 1_u64;
    let mut next = || {
        bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from_bits(bits ^ (bits >> 29))
    };
    let numbers: Value = (0..300).map(|_| next()).filter(|number| number.is_finite()).collect();
    given(c, &ferropyro::literal::repr(&numbers), &numbers)
}

fn references(c: &mut Column<'_>) -> Verdict {
    let uri: Uri = "PYRO:some@where.else:1".parse().map_err(|error: UriError| error.to_string())?;
    let proxy = Value::from(ProxyState::new(uri.clone()));
    given(c, "Proxy('PYRO:some@where.else:1')", &proxy)?;
    given(c, "[Proxy('PYRO:some@where.else:1')]", &Value::List(vec![proxy.clone()]))?;
    given(c, "URI('PYRO:some@where.else:1')", &uri.clone().into())?;
    given(c, "{'uri': URI('PYRO:some@where.else:1')}", &Value::Dict([("uri", uri)].into_iter().collect()))?;
    for name in
        ["PYRONAME:some.name@host:9", "PYROMETA:tag@host:9", "PYRO:some@./u:/tmp/socket", "PYRO:a@[::1]:5"]
    {
        let uri: Uri = name.parse().map_err(|error: UriError| error.to_string())?;
        given(c, &format!("URI('{name}')"), &uri.into())?;
    }
    let exception = Value::from(Exception::with_args("ValueError", vec!["text".into(), 1.into()]));
    given(c, "ValueError('text', 1)", &exception)?;
    given(c, "[ValueError('text', 1)]", &Value::List(vec![exception]))
}

fn sequences(c: &mut Column<'_>) -> Verdict {
    all(c, &["[]", "()", "[1]", "(1,)", "[1, 'two', 3.0]", "(1, (2, [3, (4,)]))", "[[], [()], ((),)]"])
}

fn sets(c: &mut Column<'_>) -> Verdict {
    all(c, &["set()", "{1}", "{3, 1, 2}", "{'b', 'a'}", "[{1}, {2}]", "{(1, 2), 'x'}", "frozenset({1, 2})"])
}

fn dicts(c: &mut Column<'_>) -> Verdict {
    all(
        c,
        &[
            "{}",
            "{'a': 1}",
            "{'b': 1, 'a': 2}",
            "{1: 'int', 'x': None}",
            "{1.5: 'float', True: 'bool', None: 0}",
            "{(1, 2): 'tuple'}",
            "{'nested': {'in': {'side': [1, {'x': ()}]}}}",
            "{b'bytes': 1}",
            "{'': ''}",
        ],
    )
}

fn dates(c: &mut Column<'_>) -> Verdict {
    all(
        c,
        &[
            "datetime.datetime(2024, 2, 29, 12, 30, 15, 123456)",
            "datetime.datetime(1999, 1, 1, 0, 0)",
            "datetime.date(2024, 2, 29)",
            "datetime.time(12, 30, 15)",
            "datetime.time(1, 2, 3, 4)",
            "datetime.timedelta(1, 2, 3)",
            "[datetime.date(1, 1, 1)]",
        ],
    )
}
