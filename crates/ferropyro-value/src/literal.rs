//! Python literals as people type and read them: `repr` of a value, and parsing one from a command line.
//!
//! Not a wire format; that is the codecs' business. What has a literal in Python is shown as one and can be
//! parsed again; the rest looks as it does in a Python shell.

use std::io::Write;

use jiff::SignedDuration;
use jiff::civil::Time;
use num_bigint::BigInt;

use crate::codec::serpent::{Decoder, number, text};
use crate::codec::{Decoder as _, python_float};
use crate::{Complex, DateTime, Dict, Limits, Value, walk};

/// A value as Python's `repr` shows it: `{'a': 1, 'b': (2.0, None)}`.
#[must_use]
pub fn repr(value: &Value) -> String {
    let mut out = Vec::new();
    write_value(&mut out, value);
    // Only ASCII and whole texts were written, so nothing is lost.
    String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Reads a Python literal; `None` when the text is none, such as `hello` and `a b`, which are plain words.
///
/// A mapping with `__class__` becomes what it stands for, as in a message.
#[must_use]
pub fn parse(text: &str) -> Option<Value> {
    let mut decoder = Decoder::new(text.as_bytes(), &Limits::default()).ok()?;
    let value = walk::decode(&mut decoder).ok()?;
    decoder.finish().ok()?;
    Some(value)
}

// Writing into a vector cannot fail, hence the ignored results below.

fn write_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::None => out.extend_from_slice(b"None"),
        Value::Bool(true) => out.extend_from_slice(b"True"),
        Value::Bool(false) => out.extend_from_slice(b"False"),
        Value::Int(int) => number::write_int(out, *int),
        Value::BigInt(int) => write_big_int(out, int),
        Value::Float(float) => python_float::write(out, *float),
        Value::Complex(complex) => write_complex(out, *complex),
        Value::Str(string) => text::write_str(out, string),
        Value::SurrogateStr(string) => text::write_surrogate_str(out, string),
        Value::Bytes(bytes) => text::write_bytes(out, bytes),
        Value::List(items) => write_items(out, "[", items.iter(), "]"),
        Value::Tuple(items) => write_items(out, "(", items.iter(), if items.len() == 1 { ",)" } else { ")" }),
        Value::Set(set) if set.is_empty() => out.extend_from_slice(b"set()"),
        Value::Set(set) => write_items(out, "{", set.iter(), "}"),
        Value::FrozenSet(set) if set.is_empty() => out.extend_from_slice(b"frozenset()"),
        Value::FrozenSet(set) => write_items(out, "frozenset({", set.iter(), "})"),
        Value::Dict(dict) => write_dict(out, dict),
        Value::DateTime(date_time) => write_date_time(out, date_time),
        Value::Date(date) => {
            let _ = write!(out, "datetime.date({}, {}, {})", date.year(), date.month(), date.day());
        }
        Value::Time(time) => {
            out.extend_from_slice(b"datetime.time(");
            write_clock(out, *time);
            out.push(b')');
        }
        Value::TimeDelta(delta) => write_time_delta(out, *delta),
        Value::Decimal(decimal) => {
            let _ = write!(out, "Decimal('{decimal}')");
        }
        Value::Uuid(uuid) => {
            let _ = write!(out, "UUID('{uuid}')");
        }
        Value::Ellipsis => out.extend_from_slice(b"Ellipsis"),
        Value::Object(object) => {
            let _ = write!(out, "<{} ", object.class);
            write_dict(out, &object.members);
            out.push(b'>');
        }
        Value::Exception(exception) => {
            out.extend_from_slice(exception.name().as_bytes());
            write_items(out, "(", exception.args().iter(), ")");
        }
        Value::Uri(uri) => {
            let _ = write!(out, "<Pyro URI; {uri}>");
        }
        Value::Proxy(proxy) => {
            let _ = write!(out, "<Pyro Proxy; {}>", proxy.uri);
        }
        Value::Daemon => out.extend_from_slice(b"<Pyro Daemon>"),
    }
}

fn write_items<'v>(out: &mut Vec<u8>, opening: &str, items: impl Iterator<Item = &'v Value>, closing: &str) {
    out.extend_from_slice(opening.as_bytes());
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.extend_from_slice(b", ");
        }
        write_value(out, item);
    }
    out.extend_from_slice(closing.as_bytes());
}

fn write_dict(out: &mut Vec<u8>, dict: &Dict) {
    out.push(b'{');
    for (index, (key, value)) in dict.iter().enumerate() {
        if index > 0 {
            out.extend_from_slice(b", ");
        }
        write_value(out, key);
        out.extend_from_slice(b": ");
        write_value(out, value);
    }
    out.push(b'}');
}

fn write_big_int(out: &mut Vec<u8>, int: &BigInt) {
    // Beyond what Python converts to decimal digits (which takes quadratic time) there is hexadecimal.
    if number::write_big_int(out, int).is_err() {
        let _ = write!(out, "{int:#x}");
    }
}

/// Python leaves out a real part of positive zero, and the `.0` of whole numbers.
fn write_complex(out: &mut Vec<u8>, complex: Complex) {
    let Complex { real, imag } = complex;
    let bare = real == 0.0 && real.is_sign_positive();
    if !bare {
        out.push(b'(');
        write_part(out, real);
        if imag.is_nan() || imag.is_sign_positive() {
            out.push(b'+');
        }
    }
    write_part(out, imag);
    out.extend_from_slice(if bare { b"j" } else { b"j)" });
}

fn write_part(out: &mut Vec<u8>, part: f64) {
    python_float::write(out, part);
    if out.ends_with(b".0") {
        out.truncate(out.len() - 2);
    }
}

fn write_date_time(out: &mut Vec<u8>, date_time: &DateTime) {
    let date = date_time.civil.date();
    let _ = write!(out, "datetime.datetime({}, {}, {}, ", date.year(), date.month(), date.day());
    write_clock(out, date_time.civil.time());
    match date_time.offset.map(jiff::tz::Offset::seconds) {
        Some(0) => out.extend_from_slice(b", tzinfo=datetime.timezone.utc"),
        Some(seconds) => {
            out.extend_from_slice(b", tzinfo=datetime.timezone(");
            write_time_delta(out, SignedDuration::from_secs(seconds.into()));
            out.push(b')');
        }
        None => {}
    }
    out.push(b')');
}

/// The arguments of a time of day, without seconds and microseconds where those are zero.
fn write_clock(out: &mut Vec<u8>, time: Time) {
    let _ = write!(out, "{}, {}", time.hour(), time.minute());
    let micros = time.subsec_nanosecond() / 1000;
    if time.second() != 0 || micros != 0 {
        let _ = write!(out, ", {}", time.second());
    }
    if micros != 0 {
        let _ = write!(out, ", {micros}");
    }
}

/// In Python only the days are negative.
fn write_time_delta(out: &mut Vec<u8>, delta: SignedDuration) {
    const DAY: i128 = 86_400_000_000;
    let micros = delta.as_micros();
    let (days, in_day) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
    let parts = [("days", days), ("seconds", in_day / 1_000_000), ("microseconds", in_day % 1_000_000)];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(_, count)| *count != 0)
        .map(|(name, count)| format!("{name}={count}"))
        .collect();
    let parts = if parts.is_empty() { "0".to_owned() } else { parts.join(", ") };
    let _ = write!(out, "datetime.timedelta({parts})");
}

#[cfg(test)]
mod tests;
