//! Python expressions and the values that they stand for: what the two sides of a call agree on.
//!
//! A literal means itself. What has no literal, such as a date, is a call of its class; only the classes that
//! Pyro carries are known.

use ferropyro::Instance;
use ferropyro::{Bytes, Complex, Dict, SurrogateStr, Value, literal};

/// What an expression stands for; `None` for one that is not understood.
pub(crate) fn evaluate(expression: &str) -> Option<Value> {
    let expression = expression.trim();
    if let Some((function, arguments)) = call(expression) {
        return instance(function, arguments);
    }
    match expression {
        "nan" => Some(Value::Float(f64::NAN)),
        "inf" => Some(Value::Float(f64::INFINITY)),
        "-inf" => Some(Value::Float(f64::NEG_INFINITY)),
        _ => surrogates(expression).or_else(|| literal::parse(expression)).or_else(|| container(expression)),
    }
}

/// A list or a dict in which not everything is a literal.
fn container(expression: &str) -> Option<Value> {
    if let Some(items) = expression.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return split(items, ',').into_iter().map(evaluate).collect::<Option<Vec<_>>>().map(Value::List);
    }
    let entries = expression.strip_prefix('{')?.strip_suffix('}')?;
    let entries = split(entries, ',').into_iter().map(|entry| match split(entry, ':').as_slice() {
        [key, value] => Some((evaluate(key)?, evaluate(value)?)),
        _ => None,
    });
    entries.collect::<Option<Dict>>().map(Value::Dict)
}

/// The parts between separators that are not inside brackets.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut depth = 0_usize;
    let outside = move |c: char| {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && c == separator
    };
    text.split(outside).collect()
}

/// The name and the arguments of `name(arguments)`.
fn call(expression: &str) -> Option<(&str, &str)> {
    let (function, rest) = expression.split_once('(')?;
    let named =
        !function.is_empty() && function.chars().all(|c| c.is_ascii_alphanumeric() || "._".contains(c));
    if named { Some((function, rest.strip_suffix(')')?)) } else { None }
}

fn instance(class: &str, arguments: &str) -> Option<Value> {
    let arguments =
        literal::parse(&format!("({arguments},)")).or_else(|| literal::parse(&format!("({arguments})")))?;
    let arguments = arguments.as_sequence()?;
    let number = |index: usize| arguments.get(index).and_then(Value::as_int).unwrap_or_default();
    let text = || arguments.first().and_then(Value::as_str);
    Some(match class {
        "datetime.datetime" => {
            let (date, time) = (date(&number)?, time(|index| number(index + 3))?);
            Value::from(ferropyro::DateTime { civil: date.to_datetime(time), offset: None })
        }
        "datetime.date" => Value::from(date(&number)?),
        "datetime.time" => Value::from(time(number)?),
        "datetime.timedelta" => {
            let (days, seconds, micros) = (number(0), number(1), number(2));
            let whole = jiff::SignedDuration::from_secs(days * 86_400 + seconds);
            Value::from(whole + jiff::SignedDuration::from_micros(micros))
        }
        "decimal.Decimal" => Value::from(text()?.parse::<ferropyro::Decimal>().ok()?),
        "uuid.UUID" => Value::from(text()?.parse::<ferropyro::Uuid>().ok()?),
        "complex" => {
            let part = |index: usize| arguments.get(index).and_then(Value::as_float);
            Value::from(Complex { real: part(0)?, imag: part(1)? })
        }
        "bytearray" => arguments.first()?.clone(),
        "set" => Value::Set(ferropyro::Set::new()),
        "frozenset" => match arguments.first() {
            Some(Value::Set(members)) => Value::FrozenSet(members.clone()),
            _ => Value::FrozenSet(ferropyro::Set::new()),
        },
        "bytes" => Value::from(match arguments.first()? {
            Value::Int(length) => Bytes::from(vec![0; usize::try_from(*length).ok()?]),
            _ => return None,
        }),
        "Point" => {
            let members: Dict = ["x", "y"].into_iter().zip(arguments.iter().cloned()).collect();
            Value::from(Instance { class: "conformance.Point".to_owned(), members })
        }
        _ => return None,
    })
}

fn date(number: &impl Fn(usize) -> i64) -> Option<jiff::civil::Date> {
    let part = |index| i8::try_from(number(index)).ok();
    jiff::civil::Date::new(i16::try_from(number(0)).ok()?, part(1)?, part(2)?).ok()
}

fn time(number: impl Fn(usize) -> i64) -> Option<jiff::civil::Time> {
    let part = |index| i8::try_from(number(index)).ok();
    let nanoseconds = i32::try_from(number(3) * 1000).ok()?;
    jiff::civil::Time::new(part(0)?, part(1)?, part(2)?, nanoseconds).ok()
}

/// A text with lone surrogates, written as `'\ud800'`, which no literal of Rust can hold.
fn surrogates(expression: &str) -> Option<Value> {
    let inside = expression.strip_prefix('\'')?.strip_suffix('\'')?;
    if !inside.contains("\\ud") {
        return None;
    }
    let mut bytes = Vec::new();
    let mut rest = inside;
    while let Some(c) = rest.chars().next() {
        if let Some(unit) =
            rest.strip_prefix("\\u").and_then(|rest| u32::from_str_radix(rest.get(..4)?, 16).ok())
        {
            let low = |shift: u32| u8::try_from((unit >> shift) & 0x3f).unwrap_or_default() | 0x80;
            bytes.extend([u8::try_from(unit >> 12).unwrap_or_default() | 0xe0, low(6), low(0)]);
            rest = rest.get(6..)?;
        } else {
            bytes.extend(c.to_string().as_bytes());
            rest = rest.get(c.len_utf8()..)?;
        }
    }
    SurrogateStr::new(&bytes).map(Value::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::show::show;

    #[test]
    fn what_has_no_literal_is_shown_as_it_is_written() {
        for text in [
            "datetime.datetime(2024, 2, 29, 12, 30, 15, 123456)",
            "datetime.date(2024, 2, 29)",
            "datetime.time(12, 30)",
            "datetime.timedelta(days=1, seconds=2)",
            "Decimal('1.50')",
            "nan",
            "'a\\ud800b'",
            "Point(1, 2)",
            "{'a': (1, 2)}",
            "set()",
            "[nan, inf]",
            "{'a': inf, 'b': datetime.date(1, 1, 1)}",
        ] {
            let expression =
                text.replace("days=", "").replace("seconds=", "").replace("Decimal", "decimal.Decimal");
            assert_eq!(evaluate(&expression).map(|value| show(&value)).as_deref(), Some(text));
        }
        assert_eq!(evaluate("nobody(1)"), None);
    }
}
