//! The serde deserializer over any decoder.

use std::borrow::Cow;

use base64::Engine;
use num_traits::ToPrimitive;
use serde::de::value::{BorrowedStrDeserializer, SeqDeserializer, StringDeserializer};
use serde::de::{self, Expected, Visitor};

use crate::codec::{Container, Decoder, Open, Token};
use crate::error::too_large;
use crate::{DecodeError, DecodeErrorKind, Value, walk};

use super::contents::{Contents, Exact, too_many};
use super::{names, scalars};

/// Reads one value.
#[derive(Debug)]
pub(super) struct Deserializer<'d, 'de, D> {
    decoder: &'d mut D,
    /// The value's first token, if it was looked at already.
    token: Option<Token<'de>>,
    /// Whether this is a key: json has only text there, so that numbers are read from text.
    key: bool,
}

impl<'d, 'de, D: Decoder<'de>> Deserializer<'d, 'de, D> {
    pub(super) fn new(decoder: &'d mut D) -> Self {
        Self { decoder, token: None, key: false }
    }

    pub(super) fn of_key(decoder: &'d mut D) -> Self {
        Self { decoder, token: None, key: true }
    }

    fn with_token(decoder: &'d mut D, token: Token<'de>) -> Self {
        Self { decoder, token: Some(token), key: false }
    }

    fn token(&mut self) -> Result<Token<'de>, DecodeError> {
        match self.token.take() {
            Some(token) => Ok(token),
            None => self.decoder.token(),
        }
    }

    /// An integer, or whatever else stands here for the visitor to take or refuse.
    fn integer<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.token()? {
            Token::Int(number) => visitor.visit_i64(number),
            Token::Bool(flag) => visitor.visit_i64(flag.into()),
            Token::Str(text) if self.key => match (text.parse(), text.parse(), text.parse()) {
                (Ok(number), _, _) => visitor.visit_i64(number),
                (_, Ok(number), _) => visitor.visit_u64(number),
                (_, _, Ok(number)) => visitor.visit_i128(number),
                _ => Err(mismatch(&visitor, "str")),
            },
            Token::BigInt(number) if number.bits() > 128 => {
                Err(too_large(&format!("an int of {} bits", number.bits()), &visitor))
            }
            token => natural(token, self.decoder, visitor),
        }
    }

    fn float<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.token()? {
            Token::Float(number) => visitor.visit_f64(number),
            #[expect(clippy::cast_precision_loss, reason = "Python's float(int) rounds too")]
            Token::Int(number) => visitor.visit_f64(number as f64),
            Token::Bool(flag) => visitor.visit_f64(flag.into()),
            Token::BigInt(number) => visitor.visit_f64(number.to_f64().unwrap_or(f64::NAN)),
            Token::Str(text) if self.key => match text.parse() {
                Ok(number) => visitor.visit_f64(number),
                Err(_) => Err(mismatch(&visitor, "str")),
            },
            // Serpent's NaN is a class dictionary.
            token @ Token::Open(Open { kind: Container::Dict, .. }) => {
                match walk::finish(token, self.decoder)? {
                    Value::Float(number) => visitor.visit_f64(number),
                    other => Err(mismatch(&visitor, other.type_name())),
                }
            }
            token => natural(token, self.decoder, visitor),
        }
    }

    fn text<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, DecodeError> {
        if self.token.is_none()
            && let Some(text) = self.decoder.borrowed_str()
        {
            return visitor.visit_borrowed_str(text);
        }
        match self.token()? {
            Token::Str(text) => visit_text(text, visitor),
            token @ (Token::DateTime(_)
            | Token::Date(_)
            | Token::Time(_)
            | Token::TimeDelta(_)
            | Token::Decimal(_)
            | Token::Uuid(_)) => natural(token, self.decoder, visitor),
            Token::SurrogateStr(_) => {
                Err(mismatch(&visitor, "str with lone surrogates, which only a Value holds"))
            }
            token => Err(mismatch(&visitor, type_name(&token))),
        }
    }

    pub(super) fn sequence<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.token()? {
            Token::Open(open) if open.kind == Container::Dict => {
                let bytes = base64_dict(open, self.decoder, &visitor)?;
                visitor.visit_seq(SeqDeserializer::new(bytes.into_iter()))
            }
            Token::Open(open) => visit_items(open, self.decoder, visitor),
            Token::Bytes(bytes) => visitor.visit_seq(SeqDeserializer::new(bytes.iter().copied())),
            Token::Complex(number) => natural(Token::Complex(number), self.decoder, visitor),
            token => Err(mismatch(&visitor, type_name(&token))),
        }
    }

    fn bytes<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.token()? {
            Token::Bytes(Cow::Borrowed(bytes)) => visitor.visit_borrowed_bytes(bytes),
            Token::Bytes(Cow::Owned(bytes)) => visitor.visit_byte_buf(bytes),
            Token::Open(open) if open.kind == Container::Dict => {
                let bytes = base64_dict(open, self.decoder, &visitor)?;
                visitor.visit_byte_buf(bytes)
            }
            Token::Open(open) => visit_items(open, self.decoder, visitor),
            token => Err(mismatch(&visitor, type_name(&token))),
        }
    }
}

/// A value's type as Python calls it.
fn type_name(token: &Token<'_>) -> &'static str {
    match token {
        Token::None => "None",
        Token::Bool(_) => "bool",
        Token::Int(_) | Token::BigInt(_) => "int",
        Token::Float(_) => "float",
        Token::Complex(_) => "complex",
        Token::Str(_) | Token::SurrogateStr(_) => "str",
        Token::Bytes(_) => "bytes",
        Token::DateTime(_) => "datetime.datetime",
        Token::Date(_) => "datetime.date",
        Token::Time(_) => "datetime.time",
        Token::TimeDelta(_) => "datetime.timedelta",
        Token::Decimal(_) => "decimal.Decimal",
        Token::Uuid(_) => "uuid.UUID",
        Token::Ellipsis => "ellipsis",
        Token::Open(open) => match open.kind {
            Container::List => "list",
            Container::Tuple => "tuple",
            Container::Set => "set",
            Container::FrozenSet => "frozenset",
            Container::Dict => "dict",
        },
    }
}

fn mismatch(expected: &dyn Expected, got: &str) -> DecodeError {
    de::Error::invalid_type(de::Unexpected::Other(got), expected)
}

/// Gives a visitor what there is, in serde's own words.
fn natural<'de, D: Decoder<'de>, V: Visitor<'de>>(
    token: Token<'de>,
    decoder: &mut D,
    visitor: V,
) -> Result<V::Value, DecodeError> {
    match token {
        Token::None => visitor.visit_unit(),
        Token::Bool(flag) => visitor.visit_bool(flag),
        Token::Int(number) => visitor.visit_i64(number),
        Token::BigInt(number) => match (number.to_u64(), number.to_i128(), number.to_u128()) {
            (Some(number), _, _) => visitor.visit_u64(number),
            (_, Some(number), _) => visitor.visit_i128(number),
            (_, _, Some(number)) => visitor.visit_u128(number),
            _ => visitor.visit_string(number.to_string()),
        },
        Token::Float(number) => visitor.visit_f64(number),
        Token::Complex(number) => {
            visitor.visit_seq(SeqDeserializer::new([number.real, number.imag].into_iter()))
        }
        Token::Str(text) => visit_text(text, visitor),
        Token::SurrogateStr(text) => visitor.visit_bytes(text.as_bytes()),
        Token::Bytes(Cow::Borrowed(bytes)) => visitor.visit_borrowed_bytes(bytes),
        Token::Bytes(Cow::Owned(bytes)) => visitor.visit_byte_buf(bytes),
        Token::DateTime(date_time) => visitor.visit_string(date_time.to_string()),
        Token::Date(date) => visitor.visit_string(date.to_string()),
        Token::Time(time) => visitor.visit_string(time.to_string()),
        Token::TimeDelta(delta) => visitor.visit_string(delta.to_string()),
        Token::Decimal(decimal) => visitor.visit_str(decimal.as_str()),
        Token::Uuid(uuid) => visitor.visit_string(uuid.to_string()),
        Token::Ellipsis => Err(mismatch(&visitor, "ellipsis")),
        Token::Open(open) if open.kind == Container::Dict => visit_entries(open, decoder, visitor),
        Token::Open(open) => visit_items(open, decoder, visitor),
    }
}

fn visit_text<'de, V: Visitor<'de>>(text: Cow<'de, str>, visitor: V) -> Result<V::Value, DecodeError> {
    match text {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_string(text),
    }
}

fn visit_items<'de, D: Decoder<'de>, V: Visitor<'de>>(
    open: Open,
    decoder: &mut D,
    visitor: V,
) -> Result<V::Value, DecodeError> {
    let mut contents = Contents::new(decoder, open);
    let value = visitor.visit_seq(&mut contents)?;
    contents.finish()?;
    Ok(value)
}

fn visit_entries<'de, D: Decoder<'de>, V: Visitor<'de>>(
    open: Open,
    decoder: &mut D,
    visitor: V,
) -> Result<V::Value, DecodeError> {
    let mut contents = Contents::new(decoder, open);
    let value = visitor.visit_map(&mut contents)?;
    contents.finish()?;
    Ok(value)
}

/// The bytes in serpent's `{'data': '…', 'encoding': 'base64'}`; any other dict is of the wrong type.
fn base64_dict<'de, D: Decoder<'de>>(
    mut open: Open,
    decoder: &mut D,
    expected: &dyn Expected,
) -> Result<Vec<u8>, DecodeError> {
    let (mut data, mut base64) = (None, false);
    while decoder.more(&mut open)? {
        let key = decoder.token()?;
        decoder.value()?;
        match (key, decoder.token()?) {
            (Token::Str(key), Token::Str(text)) if key == "data" => data = Some(text),
            (Token::Str(key), Token::Str(text)) if key == "encoding" => base64 = text == "base64",
            _ => return Err(mismatch(expected, "dict")),
        }
    }
    let data = data.filter(|_| base64).ok_or_else(|| mismatch(expected, "dict"))?;
    base64::engine::general_purpose::STANDARD.decode(data.as_bytes()).map_err(|error| {
        DecodeError::unplaced(DecodeErrorKind::Value, format!("bytes that are no base64: {error}"))
    })
}

macro_rules! forward {
    ($($to:ident: $($method:ident)*;)*) => {$($(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
            self.$to(visitor)
        }
    )*)*};
}

impl<'de, D: Decoder<'de>> de::Deserializer<'de> for Deserializer<'_, 'de, D> {
    type Error = DecodeError;

    forward! {
        integer: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
            deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128;
        float: deserialize_f32 deserialize_f64;
        text: deserialize_char deserialize_str deserialize_string deserialize_identifier;
        bytes: deserialize_bytes deserialize_byte_buf;
        sequence: deserialize_seq;
    }

    fn deserialize_any<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, DecodeError> {
        let token = self.token()?;
        natural(token, self.decoder, visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.token()? {
            Token::Bool(flag) => visitor.visit_bool(flag),
            Token::Str(text) if self.key && matches!(&*text, "true" | "True") => visitor.visit_bool(true),
            Token::Str(text) if self.key && matches!(&*text, "false" | "False") => visitor.visit_bool(false),
            token => natural(token, self.decoder, visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.token()? {
            Token::None => visitor.visit_none(),
            token => visitor.visit_some(Self::with_token(self.decoder, token)),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.token()? {
            Token::None => visitor.visit_unit(),
            // `()` as the arguments of a call.
            Token::Open(mut open) if open.kind != Container::Dict => {
                if self.decoder.more(&mut open)? {
                    return Err(too_many(0));
                }
                visitor.visit_unit()
            }
            token => natural(token, self.decoder, visitor),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        if name != names::VALUE {
            return visitor.visit_newtype_struct(self);
        }
        let token = self.token()?;
        match scalars::name_exact(token) {
            (None, token) => natural(token, self.decoder, visitor),
            (Some(name), token) => {
                visitor.visit_enum(Exact { name, content: Self::with_token(self.decoder, token) })
            }
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, DecodeError> {
        self.sequence(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        self.sequence(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.token()? {
            Token::Open(open) if open.kind == Container::Dict => visit_entries(open, self.decoder, visitor),
            token => Err(mismatch(&visitor, type_name(&token))),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        match self.token()? {
            Token::Open(open) if open.kind == Container::Dict => visit_entries(open, self.decoder, visitor),
            Token::Open(open) => visit_items(open, self.decoder, visitor),
            token => Err(mismatch(&visitor, type_name(&token))),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        match self.token()? {
            Token::Str(Cow::Borrowed(name)) => visitor.visit_enum(BorrowedStrDeserializer::new(name)),
            Token::Str(Cow::Owned(name)) => visitor.visit_enum(StringDeserializer::new(name)),
            Token::Open(open) if open.kind == Container::Dict => {
                let mut contents = Contents::new(self.decoder, open);
                if !contents.next()? {
                    return Err(mismatch(&visitor, "an empty dict"));
                }
                let value = visitor.visit_enum(&mut contents)?;
                contents.finish()?;
                Ok(value)
            }
            token => Err(mismatch(&visitor, type_name(&token))),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.token.take() {
            None => self.decoder.skip()?,
            Some(Token::Open(mut open)) => {
                while self.decoder.more(&mut open)? {
                    self.decoder.skip()?;
                    if open.kind == Container::Dict {
                        self.decoder.value()?;
                        self.decoder.skip()?;
                    }
                }
            }
            Some(_) => {}
        }
        visitor.visit_unit()
    }
}
