//! Finding the parts of a call without decoding them.

use std::borrow::Cow;

use bytes::Bytes;

use crate::codec::{Container, Decoder, Mark, Open, Token, json, marshal, msgpack, serpent};
use crate::{Codec, DecodeError, DecodeErrorKind, Limits};

use super::{Call, EncodedArguments, Text};

pub(super) fn skim(codec: Codec, payload: Bytes, limits: &Limits) -> Result<Call, DecodeError> {
    let skimmer = Skimmer { payload: &payload };
    let none = marshal::References::default();
    let (parts, references) = match codec {
        Codec::Serpent => (skimmer.tuple(&mut serpent::Decoder::new(&payload, limits)?)?, none),
        Codec::Msgpack => (skimmer.tuple(&mut msgpack::Decoder::new(&payload, limits)?)?, none),
        Codec::Json => (skimmer.object(&mut json::Decoder::new(&payload, limits)?)?, none),
        Codec::Marshal => {
            let mut decoder = marshal::Decoder::new(&payload, limits)?;
            (skimmer.tuple(&mut decoder)?, decoder.into_references())
        }
    };
    let Parts { object, method, positional, keyword } = parts;
    let arguments = EncodedArguments { codec, payload, positional, keyword, limits: *limits, references };
    Ok(Call { object, method, arguments })
}

struct Parts {
    object: Text,
    method: Text,
    positional: Mark,
    keyword: Mark,
}

struct Skimmer<'p> {
    payload: &'p [u8],
}

impl<'p> Skimmer<'p> {
    /// A tuple or list of four (serpent, marshal, msgpack).
    fn tuple<D: Decoder<'p>>(&self, decoder: &mut D) -> Result<Parts, DecodeError> {
        let mut open = match decoder.token()? {
            Token::Open(open) if matches!(open.kind, Container::Tuple | Container::List) => open,
            _ => return Err(wrong("a call is a tuple of object, method, arguments and keyword arguments")),
        };
        let mut next = |decoder: &mut D| match decoder.more(&mut open) {
            Ok(true) => Ok(()),
            Ok(false) => Err(arity("fewer")),
            Err(error) => Err(error),
        };
        next(decoder)?;
        let object = self.text("object", decoder)?;
        next(decoder)?;
        let method = self.text("method", decoder)?;
        next(decoder)?;
        let positional = skip_positional(decoder)?;
        next(decoder)?;
        let keyword = skip_keyword(decoder)?;
        if decoder.more(&mut open)? {
            return Err(arity("more"));
        }
        decoder.finish()?;
        Ok(Parts { object, method, positional, keyword })
    }

    /// An object with four members in any order (json). As in Python the last of equal keys counts, and
    /// others are passed over.
    fn object<D: Decoder<'p>>(&self, decoder: &mut D) -> Result<Parts, DecodeError> {
        let mut open = match decoder.token()? {
            Token::Open(open) if open.kind == Container::Dict => open,
            _ => return Err(wrong("a call is an object with object, method, params and kwargs")),
        };
        let (mut object, mut method, mut positional, mut keyword) = (None, None, None, None);
        while decoder.more(&mut open)? {
            let key = decoder.token()?;
            decoder.value()?;
            match &key {
                Token::Str(key) if key == "object" => object = Some(self.text("object", decoder)?),
                Token::Str(key) if key == "method" => method = Some(self.text("method", decoder)?),
                Token::Str(key) if key == "params" => positional = Some(skip_positional(decoder)?),
                Token::Str(key) if key == "kwargs" => keyword = Some(skip_keyword(decoder)?),
                _ => decoder.skip()?,
            }
        }
        decoder.finish()?;
        // The order in which Pyro asks for them, so that its error names the same one.
        Ok(Parts {
            object: object.ok_or_else(|| missing("object"))?,
            method: method.ok_or_else(|| missing("method"))?,
            positional: positional.ok_or_else(|| missing("params"))?,
            keyword: keyword.ok_or_else(|| missing("kwargs"))?,
        })
    }

    fn text<D: Decoder<'p>>(&self, what: &str, decoder: &mut D) -> Result<Text, DecodeError> {
        match decoder.token()? {
            Token::Str(Cow::Borrowed(text)) => Ok(self.place(text)),
            Token::Str(Cow::Owned(text)) => Ok(Text::Owned(text)),
            _ => Err(wrong(&format!("the {what} of a call must be text"))),
        }
    }

    /// Where in the payload a text borrowed from it stands.
    fn place(&self, text: &str) -> Text {
        let start = text.as_ptr().addr().wrapping_sub(self.payload.as_ptr().addr());
        match start.checked_add(text.len()) {
            Some(end) if self.payload.get(start..end) == Some(text.as_bytes()) => {
                Text::Borrowed { start, end }
            }
            // Borrowed from elsewhere, such as a constant.
            _ => Text::Owned(text.to_owned()),
        }
    }
}

/// The mark before the positional arguments, which are passed over.
pub(super) fn skip_positional<'p, D: Decoder<'p>>(decoder: &mut D) -> Result<Mark, DecodeError> {
    let mark = decoder.mark();
    match decoder.token()? {
        Token::Open(open) if matches!(open.kind, Container::Tuple | Container::List) => {
            skip_rest(open, decoder)?;
        }
        _ => return Err(wrong("the arguments of a call must be a list or a tuple")),
    }
    Ok(mark)
}

/// The mark before the keyword arguments, which are passed over.
pub(super) fn skip_keyword<'p, D: Decoder<'p>>(decoder: &mut D) -> Result<Mark, DecodeError> {
    let mark = decoder.mark();
    match decoder.token()? {
        Token::None => {}
        Token::Open(open) if open.kind == Container::Dict => {
            skip_rest(open, decoder)?;
        }
        _ => return Err(wrong("the keyword arguments of a call must be a dict or None")),
    }
    Ok(mark)
}

fn skip_rest<'p, D: Decoder<'p>>(mut open: Open, decoder: &mut D) -> Result<(), DecodeError> {
    while decoder.more(&mut open)? {
        decoder.skip()?;
        if open.kind == Container::Dict {
            decoder.value()?;
            decoder.skip()?;
        }
    }
    Ok(())
}

fn wrong(message: &str) -> DecodeError {
    DecodeError::unplaced(DecodeErrorKind::Type, message)
}

fn arity(than: &str) -> DecodeError {
    let message =
        format!("a call has {than} than the 4 members object, method, arguments, keyword arguments");
    DecodeError::unplaced(DecodeErrorKind::Value, message)
}

fn missing(name: &str) -> DecodeError {
    DecodeError::unplaced(DecodeErrorKind::Missing, format!("'{name}'"))
}
