//! [`Desk`]: members of every kind, with declared types: parameters, attributes, oneway calls, errors.

use std::sync::{Mutex, PoisonError};

use ferropyro::{Exception, RemoteError, Stream, Value, remote};

use super::Tally;
use crate::show::show;

/// Orders for more than this are refused.
const LIMIT: i64 = 100;

/// Members of every kind.
#[remote]
pub(crate) trait Desk {
    /// The sum of two numbers.
    async fn add(&self, a: i64, #[default(10)] b: i64) -> i64;
    fn power(&self, base: i64, #[default(2)] exponent: u32, #[default] note: String) -> String;
    async fn arguments(&self, number: i64, ratio: f64, text: String, flag: bool, maybe: Option<u8>)
    -> String;
    async fn maybe(&self, value: Option<i64>) -> Option<i64>;
    async fn nothing(&self);
    #[name("camelCase")]
    async fn camel_case(&self, text: String) -> String;
    fn r#type(&self) -> String;
    #[name("__len__")]
    async fn length(&self) -> usize;
    async fn total(&self, numbers: Stream<i64>) -> Result<i64, Exception>;

    #[attr]
    async fn motto(&self) -> String;
    #[attr(set)]
    async fn set_motto(&self, motto: String) -> Result<(), MottoError>;
    #[attr]
    fn version(&self) -> (u8, u8);
    #[attr]
    async fn broken(&self) -> Result<i64, DeskError>;
    #[attr]
    async fn numbers(&self) -> Stream<i64>;

    #[oneway]
    async fn log(&self, line: String);
    fn lines(&self, count: usize) -> Result<Vec<String>, Exception>;
    async fn forget(&self);
    /// Returns once so many callers are in here at the same time.
    fn meet(&self, parties: usize) -> Result<usize, Exception>;

    async fn divide(&self, a: i64, b: i64) -> Result<i64, DeskError>;
    fn order(&self, name: String, #[default(1)] count: i64) -> Result<i64, DeskError>;
    async fn enter(&self, hour: u32) -> Result<String, Closed>;
    async fn unknown(&self) -> Result<(), Exception>;
}

/// What a desk fails with.
#[derive(Clone, Debug, PartialEq, thiserror::Error, RemoteError)]
pub(crate) enum DeskError {
    #[error("division by zero")]
    #[exception("ZeroDivisionError")]
    ByZero,
    #[error("{asked} is more than {limit}")]
    #[exception("conformance.TooMuch")]
    TooMuch { asked: i64, limit: i64 },
    #[error("{0} is not for sale")]
    #[exception("LookupError")]
    NotForSale(String),
    #[error("nothing is void")]
    Void { names: Vec<String> },
}

/// Nobody is in.
#[derive(Clone, Debug, PartialEq, thiserror::Error, RemoteError)]
#[error("closed until {until}")]
#[exception("PermissionError")]
pub(crate) struct Closed {
    pub(crate) until: u32,
}

/// A motto is some text.
#[derive(Clone, Debug, PartialEq, thiserror::Error, RemoteError)]
#[error("an empty motto")]
#[exception("ValueError")]
pub(crate) struct MottoError;

/// The desk.
#[derive(Debug)]
pub(super) struct FrontDesk {
    motto: Mutex<String>,
    lines: Tally,
}

impl FrontDesk {
    pub(super) fn new() -> Self {
        Self { motto: Mutex::new("be plain".to_owned()), lines: Tally::default() }
    }
}

impl Desk for FrontDesk {
    async fn add(&self, a: i64, b: i64) -> i64 {
        a + b
    }

    fn power(&self, base: i64, exponent: u32, note: String) -> String {
        format!("{note}{}", base.pow(exponent))
    }

    async fn arguments(
        &self,
        number: i64,
        ratio: f64,
        text: String,
        flag: bool,
        maybe: Option<u8>,
    ) -> String {
        let maybe = maybe.map_or(Value::None, |maybe| i64::from(maybe).into());
        show(&Value::List(vec![number.into(), ratio.into(), text.into(), flag.into(), maybe]))
    }

    async fn maybe(&self, value: Option<i64>) -> Option<i64> {
        value
    }

    async fn nothing(&self) {}

    async fn camel_case(&self, text: String) -> String {
        text.to_uppercase()
    }

    fn r#type(&self) -> String {
        "desk".to_owned()
    }

    async fn length(&self) -> usize {
        3
    }

    async fn total(&self, mut numbers: Stream<i64>) -> Result<i64, Exception> {
        let mut total = 0;
        while let Some(number) = numbers.next().await {
            total += number?;
        }
        Ok(total)
    }

    async fn motto(&self) -> String {
        self.motto.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn set_motto(&self, motto: String) -> Result<(), MottoError> {
        if motto.is_empty() {
            return Err(MottoError);
        }
        *self.motto.lock().unwrap_or_else(PoisonError::into_inner) = motto;
        Ok(())
    }

    fn version(&self) -> (u8, u8) {
        (1, 2)
    }

    async fn broken(&self) -> Result<i64, DeskError> {
        Err(DeskError::ByZero)
    }

    async fn numbers(&self) -> Stream<i64> {
        Stream::from_items([1, 2, 3])
    }

    async fn log(&self, line: String) {
        self.lines.add(line);
    }

    fn lines(&self, count: usize) -> Result<Vec<String>, Exception> {
        let lines = self.lines.wait(count)?;
        let mut lines: Vec<_> = lines.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        lines.sort();
        Ok(lines)
    }

    async fn forget(&self) {
        self.lines.clear();
    }

    fn meet(&self, parties: usize) -> Result<usize, Exception> {
        self.lines.add("met");
        Ok(self.lines.wait(parties)?.len())
    }

    async fn divide(&self, a: i64, b: i64) -> Result<i64, DeskError> {
        a.checked_div_euclid(b).ok_or(DeskError::ByZero)
    }

    fn order(&self, name: String, count: i64) -> Result<i64, DeskError> {
        match name.as_str() {
            _ if count > LIMIT => Err(DeskError::TooMuch { asked: count, limit: LIMIT }),
            "desk" => Err(DeskError::NotForSale(name)),
            "void" => Err(DeskError::Void { names: vec![name, "nothing".to_owned()] }),
            _ => Ok(count),
        }
    }

    async fn enter(&self, hour: u32) -> Result<String, Closed> {
        if hour < 9 { Err(Closed { until: 9 }) } else { Ok("welcome".to_owned()) }
    }

    async fn unknown(&self) -> Result<(), Exception> {
        Err(Exception::new("typed.Marked", "nobody knows"))
    }
}
