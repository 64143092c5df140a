//! An encoder whose output is a [`Value`] instead of bytes.

use jiff::SignedDuration;
use jiff::civil::{Date, Time};
use num_bigint::BigInt;
use uuid::Uuid;

use crate::codec::{Container, Encoder, MAX_DEPTH};
use crate::{Complex, DateTime, Decimal, Dict, EncodeError, Flavor, SurrogateStr, Value, flavor, walk};

/// Keeps what dialects differ in: exception classes as they are, all nine members of a proxy.
static EXACT: Flavor = Flavor { errors_module: "", long_proxy_state: true, ..flavor::PYRO5_CONST };

/// Builds the value that the calls describe; class dictionaries become what they stand for.
#[derive(Debug, Default)]
pub(super) struct ValueEncoder {
    done: Value,
    /// The containers that are open. In a dict keys and values take turns.
    open: Vec<Vec<Value>>,
}

impl ValueEncoder {
    pub(super) fn finish(self) -> Value {
        self.done
    }

    fn put(&mut self, value: impl Into<Value>) -> Result<(), EncodeError> {
        match self.open.last_mut() {
            Some(items) => items.push(value.into()),
            None => self.done = value.into(),
        }
        Ok(())
    }
}

fn dict(items: Vec<Value>) -> Result<Value, EncodeError> {
    let custom = |error: crate::DecodeError| EncodeError::Custom(error.to_string());
    let mut dict = Dict::with_capacity(items.len() / 2);
    let mut items = items.into_iter();
    while let (Some(key), Some(value)) = (items.next(), items.next()) {
        walk::check_hashable(&key).map_err(custom)?;
        dict.insert(key, value);
    }
    walk::classify(dict).map_err(custom)
}

impl Encoder for ValueEncoder {
    fn flavor(&self) -> &'static Flavor {
        &EXACT
    }

    fn none(&mut self) -> Result<(), EncodeError> {
        self.put(())
    }

    fn bool(&mut self, flag: bool) -> Result<(), EncodeError> {
        self.put(flag)
    }

    fn int(&mut self, number: i64) -> Result<(), EncodeError> {
        self.put(number)
    }

    fn big_int(&mut self, number: &BigInt) -> Result<(), EncodeError> {
        self.put(number.clone())
    }

    fn float(&mut self, number: f64) -> Result<(), EncodeError> {
        self.put(number)
    }

    fn complex(&mut self, number: Complex) -> Result<(), EncodeError> {
        self.put(number)
    }

    fn str(&mut self, text: &str) -> Result<(), EncodeError> {
        self.put(text)
    }

    fn surrogate_str(&mut self, text: &SurrogateStr) -> Result<(), EncodeError> {
        self.put(text.clone())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        self.put(bytes.to_vec())
    }

    fn date_time(&mut self, date_time: &DateTime) -> Result<(), EncodeError> {
        self.put(*date_time)
    }

    fn date(&mut self, date: Date) -> Result<(), EncodeError> {
        self.put(date)
    }

    fn time(&mut self, time: Time) -> Result<(), EncodeError> {
        self.put(time)
    }

    fn time_delta(&mut self, delta: SignedDuration) -> Result<(), EncodeError> {
        self.put(delta)
    }

    fn decimal(&mut self, decimal: &Decimal) -> Result<(), EncodeError> {
        self.put(decimal.clone())
    }

    fn uuid(&mut self, uuid: Uuid) -> Result<(), EncodeError> {
        self.put(uuid)
    }

    fn begin(&mut self, _: Container, len: usize) -> Result<(), EncodeError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(EncodeError::TooDeep(MAX_DEPTH));
        }
        // A serde type may announce any length.
        self.open.push(Vec::with_capacity(len.min(1024)));
        Ok(())
    }

    fn item(&mut self) -> Result<(), EncodeError> {
        Ok(())
    }

    fn key(&mut self) -> Result<(), EncodeError> {
        Ok(())
    }

    fn value(&mut self) -> Result<(), EncodeError> {
        Ok(())
    }

    fn end(&mut self, kind: Container, _: usize) -> Result<(), EncodeError> {
        let items = self.open.pop().unwrap_or_default();
        self.put(match kind {
            Container::List => Value::List(items),
            Container::Tuple => Value::Tuple(items),
            Container::Set => Value::Set(items.into_iter().collect()),
            Container::FrozenSet => Value::FrozenSet(items.into_iter().collect()),
            Container::Dict => dict(items)?,
        })
    }
}
