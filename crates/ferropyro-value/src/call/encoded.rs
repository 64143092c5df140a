//! [`EncodedArguments`]: the arguments of a call where they stand in the payload, not yet decoded.

use bytes::Bytes;

use crate::codec::{Decoder, Mark, Token, marshal};
use crate::{Codec, DecodeError, DecodeErrorKind, Dict, Limits, Value, walk};

use super::bind::{Binding, read_keyword, read_positional};
use super::{BindError, Parameters, Signature};

/// The arguments of a call, and what reading them from where they stand takes. Their syntax has been checked.
#[derive(Clone, Debug)]
pub struct EncodedArguments {
    pub(super) codec: Codec,
    pub(super) payload: Bytes,
    pub(super) positional: Mark,
    pub(super) keyword: Mark,
    pub(super) limits: Limits,
    pub(super) references: marshal::References,
}

/// Runs an expression with a decoder for the payload.
macro_rules! with_payload {
    ($arguments:expr, |$decoder:ident| $body:expr) => {
        $crate::codec::with_shared_decoder!(
            $arguments.codec,
            &$arguments.payload,
            &$arguments.limits,
            $arguments.references.clone(),
            |$decoder| $body
        )
    };
}
#[cfg(test)]
pub(super) use with_payload;

impl EncodedArguments {
    /// The positional and keyword arguments as values, class dictionaries converted. `None` on the wire
    /// is an empty dict.
    ///
    /// # Errors
    /// A class dictionary lacks a member, or a keyword is no text.
    pub fn values(&self) -> Result<(Vec<Value>, Dict), DecodeError> {
        let (positional, keyword) = with_payload!(self, |decoder| {
            decoder.rewind(self.positional);
            let positional = walk::decode(decoder)?;
            decoder.rewind(self.keyword);
            (positional, walk::decode(decoder)?)
        });
        let positional = positional.into_items().map_err(|other| wrong("arguments", &other))?;
        Ok((positional, keyword_dict(keyword)?))
    }

    /// The arguments straight into types: a tuple of the required parameters, and a place for each optional
    /// one. The first `leading` positional arguments are passed over.
    ///
    /// ```
    /// use ferropyro_value::call::{Call, Signature, encode_call};
    /// use ferropyro_value::{Codec, Limits, flavor};
    ///
    /// let mut payload = Vec::new();
    /// encode_call(Codec::Serpent, &flavor::PYRO5, "object", "power", &[2.into()], None, &mut payload)?;
    /// let call = Call::skim(Codec::Serpent, payload.into(), &Limits::default())?;
    /// let power = Signature::new("power", &["base"], &["exponent"]);
    /// let ((base,), (exponent,)) = call.arguments().bind::<(f64,), (u32,)>(&power, 0).unwrap();
    /// assert_eq!((base, exponent), (2.0, None));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The arguments do not fit; [`Signature::exception`] says so in Python's words.
    pub fn bind<R: Parameters, O: Parameters>(
        &self,
        signature: &Signature<'_>,
        leading: usize,
    ) -> Result<(R, O::Places), BindError> {
        with_payload!(self, |decoder| {
            let mut binding = Binding::<R, O>::new(signature);
            decoder.rewind(self.positional);
            let given = read_positional(&mut binding, leading, decoder)?;
            decoder.rewind(self.keyword);
            read_keyword(&mut binding, given, decoder)?;
            binding.finish()
        })
    }

    /// The first positional argument, if it is text and there are no keyword arguments, and how many positional
    /// ones there are: the attribute in an access to one (wire protocol §3.5).
    ///
    /// # Errors
    /// The payload passes the limits.
    pub fn first_text(&self) -> Result<Option<(String, usize)>, DecodeError> {
        with_payload!(self, |decoder| {
            decoder.rewind(self.keyword);
            if let Token::Open(mut open) = decoder.token()?
                && decoder.more(&mut open)?
            {
                return Ok(None);
            }
            decoder.rewind(self.positional);
            if let Token::Open(mut open) = decoder.token()?
                && decoder.more(&mut open)?
                && let Token::Str(name) = decoder.token()?
            {
                let mut count = 1;
                while decoder.more(&mut open)? {
                    decoder.skip()?;
                    count += 1;
                }
                return Ok(Some((name.into_owned(), count)));
            }
            Ok(None)
        })
    }
}

pub(super) fn wrong(what: &str, got: &Value) -> DecodeError {
    let message = format!("the {what} of a call cannot be {}", got.type_name());
    DecodeError::unplaced(DecodeErrorKind::Type, message)
}

/// Keyword arguments from what stands in their place: a dict with text keys, or `None`.
fn keyword_dict(keyword: Value) -> Result<Dict, DecodeError> {
    match keyword {
        Value::None => Ok(Dict::new()),
        Value::Dict(dict) if dict.keys().all(|key| key.as_str().is_some()) => Ok(dict),
        Value::Dict(_) => Err(DecodeError::unplaced(DecodeErrorKind::Type, "keywords must be strings")),
        other => Err(wrong("keyword arguments", &other)),
    }
}
