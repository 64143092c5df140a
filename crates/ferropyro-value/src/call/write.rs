//! Writing calls: the shape of each codec around arguments that a walker writes.

use crate::codec::{Container, Encoder, with_encoder};
use crate::{Codec, Dict, EncodeError, Flavor, Value, walk};

use super::{Positional, parameters};

/// Arguments that can write themselves through any encoder, whatever walks them.
pub trait WriteArguments {
    /// Writes the positional arguments as one container; `kind` is what Pyro's own client writes with this
    /// codec for an ordinary call (receivers take lists and tuples alike).
    ///
    /// # Errors
    /// As the encoder says.
    fn positional<E: Encoder>(&self, kind: Container, encoder: &mut E) -> Result<(), EncodeError>;

    /// Writes the keyword arguments as one dict.
    ///
    /// # Errors
    /// As the encoder says.
    fn keyword<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError>;

    /// Whether there are keyword arguments at all. Where not, `None` is written in their place, or by
    /// marshal an empty dict, since the genuine one cannot write `None` there.
    fn has_keyword(&self) -> bool;
}

/// Writes a call whose arguments are [`Value`]s. `None` for `keyword` is what Pyro sends for attribute
/// access and batches; marshal writes an empty mapping then, since the genuine one cannot.
///
/// # Errors
/// A value has no form in the codec.
pub fn encode_call(
    codec: Codec,
    flavor: &'static Flavor,
    object: &str,
    method: &str,
    positional: &[Value],
    keyword: Option<&Dict>,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    encode_call_with(codec, flavor, object, method, &Values { positional, keyword }, out)
}

/// Writes a call behind what `out` holds already. After an error the tail of `out` is garbage, and the
/// caller truncates it.
///
/// # Errors
/// As the arguments and the encoder say.
pub fn encode_call_with<A: WriteArguments>(
    codec: Codec,
    flavor: &'static Flavor,
    object: &str,
    method: &str,
    arguments: &A,
    out: &mut Vec<u8>,
) -> Result<(), EncodeError> {
    match codec {
        Codec::Json => with_encoder!(codec, out, flavor, |encoder| {
            encoder.begin(Container::Dict, 4)?;
            member("object", encoder)?;
            encoder.str(object)?;
            member("method", encoder)?;
            encoder.str(method)?;
            member("params", encoder)?;
            arguments.positional(Container::List, encoder)?;
            member("kwargs", encoder)?;
            keyword(codec, arguments, encoder)?;
            encoder.end(Container::Dict, 4)
        }),
        Codec::Serpent | Codec::Marshal | Codec::Msgpack => with_encoder!(codec, out, flavor, |encoder| {
            let kind = if codec == Codec::Marshal { Container::List } else { Container::Tuple };
            encoder.begin(Container::Tuple, 4)?;
            encoder.item()?;
            encoder.str(object)?;
            encoder.item()?;
            encoder.str(method)?;
            encoder.item()?;
            arguments.positional(kind, encoder)?;
            encoder.item()?;
            keyword(codec, arguments, encoder)?;
            encoder.end(Container::Tuple, 4)
        }),
    }
}

fn member<E: Encoder>(name: &str, encoder: &mut E) -> Result<(), EncodeError> {
    encoder.key()?;
    encoder.str(name)?;
    encoder.value()
}

fn keyword<A: WriteArguments, E: Encoder>(
    codec: Codec,
    arguments: &A,
    encoder: &mut E,
) -> Result<(), EncodeError> {
    if arguments.has_keyword() {
        arguments.keyword(encoder)
    } else if codec == Codec::Marshal {
        encoder.begin(Container::Dict, 0)?;
        encoder.end(Container::Dict, 0)
    } else {
        encoder.none()
    }
}

struct Values<'a> {
    positional: &'a [Value],
    keyword: Option<&'a Dict>,
}

impl WriteArguments for Values<'_> {
    fn positional<E: Encoder>(&self, kind: Container, encoder: &mut E) -> Result<(), EncodeError> {
        walk::sequence(kind, self.positional.iter(), encoder)
    }

    fn keyword<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        self.keyword.map_or(Ok(()), |keyword| walk::dict(keyword, encoder))
    }

    fn has_keyword(&self) -> bool {
        self.keyword.is_some()
    }
}

/// The arguments of a call: a tuple or values, behind the name of an attribute where one is meant, and keyword
/// arguments, which have no types.
#[derive(Debug)]
pub struct Typed<'a, P> {
    /// The attribute, in an access to one.
    pub attribute: Option<&'a str>,
    /// The positional arguments.
    pub positional: &'a P,
    /// The keyword arguments; `None` is what Pyro sends for attribute access.
    pub keyword: Option<&'a Dict>,
}

impl<P: Positional> WriteArguments for Typed<'_, P> {
    fn positional<E: Encoder>(&self, kind: Container, encoder: &mut E) -> Result<(), EncodeError> {
        parameters::write_sequence(self.attribute, self.positional, kind, encoder)
    }

    fn keyword<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        self.keyword.map_or(Ok(()), |keyword| walk::dict(keyword, encoder))
    }

    fn has_keyword(&self) -> bool {
        self.keyword.is_some()
    }
}
