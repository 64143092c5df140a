//! A decoder whose input is a [`Value`] instead of bytes.

use std::borrow::Cow;

use bytes::Bytes;

use crate::codec::{Container, Decoder, Mark, Open, Token};
use crate::{DecodeError, DecodeErrorKind, Value};

/// Reads a value without class instances in it (see [`dismantle`](super::classes::dismantle)).
#[derive(Debug)]
pub(super) struct ValueDecoder<'de> {
    root: &'de Value,
    /// The value that the next token is for.
    next: Option<&'de Value>,
    /// The containers that are open, what is left of each reversed, so that the next item is the last.
    open: Vec<Vec<&'de Value>>,
    /// How many tokens were read.
    read: usize,
}

impl<'de> ValueDecoder<'de> {
    pub(super) fn new(root: &'de Value) -> Self {
        Self { root, next: Some(root), open: Vec::new(), read: 0 }
    }

    fn enter(&mut self, kind: Container, len: usize, mut items: Vec<&'de Value>) -> Token<'de> {
        items.reverse();
        self.open.push(items);
        Token::Open(Open::new(kind, u32::try_from(len).ok()))
    }
}

impl<'de> Decoder<'de> for ValueDecoder<'de> {
    fn token(&mut self) -> Result<Token<'de>, DecodeError> {
        self.read += 1;
        Ok(match self.next.take().unwrap_or(&Value::None) {
            Value::None => Token::None,
            Value::Bool(flag) => Token::Bool(*flag),
            Value::Int(number) => Token::Int(*number),
            Value::BigInt(number) => Token::BigInt(Box::new(number.clone())),
            Value::Float(number) => Token::Float(*number),
            Value::Complex(number) => Token::Complex(*number),
            Value::Str(text) => Token::Str(Cow::Borrowed(text)),
            Value::SurrogateStr(text) => Token::SurrogateStr(text.clone()),
            Value::Bytes(bytes) => Token::Bytes(Cow::Borrowed(bytes)),
            Value::DateTime(date_time) => Token::DateTime(*date_time),
            Value::Date(date) => Token::Date(*date),
            Value::Time(time) => Token::Time(*time),
            Value::TimeDelta(delta) => Token::TimeDelta(*delta),
            Value::Decimal(decimal) => Token::Decimal(decimal.clone()),
            Value::Uuid(uuid) => Token::Uuid(*uuid),
            Value::List(items) => self.enter(Container::List, items.len(), items.iter().collect()),
            Value::Tuple(items) => self.enter(Container::Tuple, items.len(), items.iter().collect()),
            Value::Set(set) => self.enter(Container::Set, set.len(), set.iter().collect()),
            Value::FrozenSet(set) => self.enter(Container::FrozenSet, set.len(), set.iter().collect()),
            Value::Dict(dict) => {
                let items = dict.iter().flat_map(|(key, value)| [key, value]).collect();
                self.enter(Container::Dict, dict.len(), items)
            }
            Value::Ellipsis => Token::Ellipsis,
            // Dictionaries by now, except where they cannot be: in sets and as keys.
            instance @ (Value::Object(_)
            | Value::Exception(_)
            | Value::Uri(_)
            | Value::Proxy(_)
            | Value::Daemon) => {
                let message =
                    format!("a {} is in a set or a key, where nothing can read it", instance.type_name());
                return Err(DecodeError::unplaced(DecodeErrorKind::Type, message));
            }
        })
    }

    fn more(&mut self, open: &mut Open) -> Result<bool, DecodeError> {
        open.first = false;
        self.next = self.open.last_mut().and_then(Vec::pop);
        if self.next.is_none() {
            self.open.pop();
        } else {
            open.left = open.left.map(|left| left.saturating_sub(1));
        }
        Ok(self.next.is_some())
    }

    fn value(&mut self) -> Result<(), DecodeError> {
        self.next = self.open.last_mut().and_then(Vec::pop);
        Ok(())
    }

    fn mark(&self) -> Mark {
        Mark { offset: self.read, depth: self.open.len() }
    }

    fn rewind(&mut self, mark: Mark) {
        // Values have no offsets: read again from the start up to where as many tokens were read.
        *self = Self::new(self.root);
        while self.read < mark.offset && self.token().is_ok() {
            while let Some(items) = self.open.last_mut() {
                self.next = items.pop();
                if self.next.is_some() {
                    break;
                }
                self.open.pop();
            }
        }
    }

    fn finish(&mut self) -> Result<(), DecodeError> {
        Ok(())
    }

    fn share(&self, borrowed: &'de [u8]) -> Bytes {
        Bytes::copy_from_slice(borrowed)
    }
}
