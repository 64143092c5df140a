//! Binding arguments to parameters, as Python binds them, and Python's words for what does not fit.
//!
//! The arguments of a call are read straight into the types of the parameters. Values, which a caller in
//! this process gives, are bound by the same rules.

use crate::codec::{Decoder, Token};
use crate::{DecodeError, DecodeErrorKind, Dict, Exception, Value};

use super::Parameters;

/// The parameters of a method by name, those that may be left out last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature<'a> {
    /// The method or attribute, for messages; where it is empty, none is named.
    pub method: &'a str,
    /// The parameters that must be given.
    pub required: &'a [&'a str],
    /// The parameters behind them that may be left out.
    pub optional: &'a [&'a str],
}

/// Why arguments do not fit the parameters of a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BindError {
    /// More positional arguments than parameters: how many.
    TooMany(usize),
    /// A parameter is given by its place and by its name.
    Twice(String),
    /// A keyword that names no parameter.
    Unknown(String),
    /// Parameters without an argument.
    Missing(Vec<String>),
    /// An argument is not of its parameter's type.
    Wrong(String, DecodeError),
    /// The arguments cannot be read at all.
    Malformed(DecodeError),
}

impl From<DecodeError> for BindError {
    fn from(error: DecodeError) -> Self {
        Self::Malformed(error)
    }
}

impl<'a> Signature<'a> {
    /// The parameters of a method.
    #[must_use]
    pub const fn new(method: &'a str, required: &'a [&'a str], optional: &'a [&'a str]) -> Self {
        Self { method, required, optional }
    }

    fn len(&self) -> usize {
        self.required.len() + self.optional.len()
    }

    fn names(&self) -> impl Iterator<Item = &'a str> {
        self.required.iter().chain(self.optional).copied()
    }

    fn name(&self, index: usize) -> &'a str {
        self.names().nth(index).unwrap_or_default()
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.names().position(|other| other == name)
    }

    /// What a Python caller gets for arguments that do not fit: a `TypeError` in Python's words, naming the
    /// method and the argument.
    #[must_use]
    pub fn exception(&self, error: &BindError) -> Exception {
        let text = match error {
            BindError::TooMany(given) => self.too_many(*given),
            BindError::Twice(name) => format!("got multiple values for argument '{name}'"),
            BindError::Unknown(name) => format!("got an unexpected keyword argument '{name}'"),
            BindError::Missing(names) => missing(names),
            BindError::Wrong(name, error) => format!("argument '{name}': {}", error.message),
            BindError::Malformed(error) => {
                return Exception::new(error.python_class(), error.message.clone());
            }
        };
        let class = match error {
            BindError::Wrong(_, error) if error.kind != DecodeErrorKind::Missing => error.python_class(),
            _ => "TypeError",
        };
        let method = self.method;
        Exception::new(class, if method.is_empty() { text } else { format!("{method}() {text}") })
    }

    fn too_many(&self, given: usize) -> String {
        let (required, all) = (self.required.len(), self.len());
        let takes = if required == all { format!("{all}") } else { format!("from {required} to {all}") };
        let plural = if all == 1 { "" } else { "s" };
        let were = if given == 1 { "was" } else { "were" };
        format!("takes {takes} positional argument{plural} but {given} {were} given")
    }
}

fn missing(names: &[String]) -> String {
    let plural = if names.len() == 1 { "" } else { "s" };
    let quoted: Vec<_> = names.iter().map(|name| format!("'{name}'")).collect();
    let list = match quoted.as_slice() {
        [first, last] => format!("{first} and {last}"),
        [most @ .., last] if !most.is_empty() => format!("{}, and {last}", most.join(", ")),
        other => other.join(""),
    };
    format!("missing {} required positional argument{plural}: {list}", names.len())
}

/// Arguments on their way to the places of their parameters, `R` required and `O` optional ones.
///
/// As in Python, an argument of the wrong type is only told of where all others have found their places.
pub(super) struct Binding<'s, R: Parameters, O: Parameters> {
    signature: &'s Signature<'s>,
    required: R::Places,
    optional: O::Places,
    wrong: Option<BindError>,
}

impl<'s, R: Parameters, O: Parameters> Binding<'s, R, O> {
    pub(super) fn new(signature: &'s Signature<'s>) -> Self {
        Self { signature, required: Default::default(), optional: Default::default(), wrong: None }
    }

    fn is_given(&self, index: usize) -> bool {
        match index.checked_sub(R::COUNT) {
            None => R::is_given(&self.required, index),
            Some(index) => O::is_given(&self.optional, index),
        }
    }

    fn fault(&mut self, index: usize, error: DecodeError) {
        let name = self.signature.name(index).to_owned();
        self.wrong.get_or_insert(BindError::Wrong(name, error));
    }

    /// Reads the next value into a place; one of the wrong type is passed over.
    fn read<'de, D: Decoder<'de>>(&mut self, index: usize, decoder: &mut D) -> Result<(), DecodeError> {
        let start = decoder.mark();
        let read = match index.checked_sub(R::COUNT) {
            None => R::read(&mut self.required, index, decoder),
            Some(index) => O::read(&mut self.optional, index, decoder),
        };
        if let Err(error) = read {
            self.fault(index, error);
            decoder.rewind(start);
            decoder.skip()?;
        }
        Ok(())
    }

    fn put(&mut self, index: usize, value: Value) {
        let put = match index.checked_sub(R::COUNT) {
            None => R::put(&mut self.required, index, value),
            Some(index) => O::put(&mut self.optional, index, value),
        };
        if let Err(error) = put {
            self.fault(index, error);
        }
    }

    /// The place that a keyword names. `taken` says whether an argument is there already, wrong or not.
    fn keyword(&self, name: &str, positional: usize) -> Result<usize, BindError> {
        match self.signature.find(name) {
            Some(index) if index < positional || self.is_given(index) => {
                Err(BindError::Twice(name.to_owned()))
            }
            Some(index) => Ok(index),
            None => Err(BindError::Unknown(name.to_owned())),
        }
    }

    pub(super) fn finish(self) -> Result<(R, O::Places), BindError> {
        let Self { signature, required, optional, wrong } = self;
        if let Some(wrong) = wrong {
            return Err(wrong);
        }
        let names = signature.required.iter().enumerate();
        let missing = names.filter(|(index, _)| !R::is_given(&required, *index));
        let missing: Vec<_> = missing.map(|(_, name)| (*name).to_owned()).collect();
        match R::complete(required) {
            Some(required) => Ok((required, optional)),
            None => Err(BindError::Missing(missing)),
        }
    }
}

/// Binds values as [`EncodedArguments::bind`](super::EncodedArguments::bind) binds what is encoded.
///
/// # Errors
/// As there.
pub fn bind_values<R: Parameters, O: Parameters>(
    signature: &Signature<'_>,
    positional: Vec<Value>,
    keyword: Dict,
) -> Result<(R, O::Places), BindError> {
    let mut binding = Binding::<R, O>::new(signature);
    let given = positional.len();
    if given > signature.len() {
        return Err(BindError::TooMany(given));
    }
    for (index, value) in positional.into_iter().enumerate() {
        binding.put(index, value);
    }
    for (name, value) in keyword {
        let Value::Str(name) = name else { return Err(keywords_are_text().into()) };
        let index = binding.keyword(&name, given)?;
        binding.put(index, value);
    }
    binding.finish()
}

/// Gives how many positional arguments there are.
pub(super) fn read_positional<'de, R: Parameters, O: Parameters, D: Decoder<'de>>(
    binding: &mut Binding<'_, R, O>,
    leading: usize,
    decoder: &mut D,
) -> Result<usize, BindError> {
    let Token::Open(mut open) = decoder.token()? else { return Ok(0) };
    let places = binding.signature.len();
    let mut passed = 0_usize;
    while decoder.more(&mut open)? {
        match passed.checked_sub(leading) {
            Some(index) if index < places => binding.read(index, decoder)?,
            _ => decoder.skip()?,
        }
        passed += 1;
    }
    let given = passed.saturating_sub(leading);
    if given > places { Err(BindError::TooMany(given)) } else { Ok(given) }
}

pub(super) fn read_keyword<'de, R: Parameters, O: Parameters, D: Decoder<'de>>(
    binding: &mut Binding<'_, R, O>,
    given: usize,
    decoder: &mut D,
) -> Result<(), BindError> {
    // None, where there are no keyword arguments.
    let Token::Open(mut open) = decoder.token()? else { return Ok(()) };
    while decoder.more(&mut open)? {
        let index = match decoder.token()? {
            Token::Str(name) => binding.keyword(&name, given)?,
            _ => return Err(keywords_are_text().into()),
        };
        decoder.value()?;
        binding.read(index, decoder)?;
    }
    Ok(())
}

fn keywords_are_text() -> DecodeError {
    DecodeError::unplaced(DecodeErrorKind::Type, "keywords must be strings")
}
