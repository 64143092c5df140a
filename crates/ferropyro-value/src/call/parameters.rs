//! [`Parameters`]: the arguments of a typed method, as a tuple that writes and reads itself item by item.
//!
//! No value stands in between: an argument goes from its type straight into the bytes and back. What a
//! wrong one is answered with is the business of [`bind`](super::bind).

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::codec::{Container, Decoder, Encoder};
use crate::{DecodeError, EncodeError, Value, serde_bridge, walk};

/// A type that can be an argument, a result, or an item of a stream: any serde type that owns its data.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent to another process",
    note = "what travels owns its data and derives serde's traits: `#[derive(serde::Serialize, serde::Deserialize)]`"
)]
pub trait Data: Serialize + DeserializeOwned + Send + 'static {}

impl<T: Serialize + DeserializeOwned + Send + 'static> Data for T {}

/// The positional arguments of a call: a tuple of up to twelve types, or values.
///
/// Implemented here and nowhere else.
pub trait Positional: Send + Sized + 'static {
    /// How many there are.
    fn count(&self) -> usize;

    /// Writes the arguments as the items of a container that has been begun.
    ///
    /// # Errors
    /// An argument has no form in the codec.
    fn write<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError>;

    /// The arguments as values, for a receiver that has other types.
    ///
    /// # Errors
    /// One of them cannot be sent at all.
    fn into_values(self) -> Result<Vec<Value>, EncodeError>;
}

/// The types of a method's parameters: a tuple of up to twelve.
///
/// Implemented here and nowhere else.
pub trait Parameters: Positional {
    /// A place for each argument, in the order of the parameters; those of an optional parameter may stay empty.
    type Places: Default + Send + 'static;

    /// How many there are.
    const COUNT: usize;

    /// Reads one argument into its place. There is none beyond [`COUNT`](Self::COUNT).
    ///
    /// # Errors
    /// It is of another type, or there is no such place.
    fn read<'de, D: Decoder<'de>>(
        places: &mut Self::Places,
        index: usize,
        decoder: &mut D,
    ) -> Result<(), DecodeError>;

    /// Puts a value into its place.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    fn put(places: &mut Self::Places, index: usize, value: Value) -> Result<(), DecodeError>;

    /// Whether a place has its argument.
    fn is_given(places: &Self::Places, index: usize) -> bool;

    /// The arguments, if none is missing.
    fn complete(places: Self::Places) -> Option<Self>;
}

impl Positional for Vec<Value> {
    fn count(&self) -> usize {
        self.len()
    }

    fn write<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        for value in self {
            encoder.item()?;
            walk::encode(value, encoder)?;
        }
        Ok(())
    }

    fn into_values(self) -> Result<Vec<Value>, EncodeError> {
        Ok(self)
    }
}

fn no_place(count: usize) -> DecodeError {
    DecodeError::unplaced(crate::DecodeErrorKind::Type, format!("there are {count} parameters"))
}

macro_rules! parameters {
    ($(($count:literal $($type:ident $index:tt)*))*) => {$(
        impl<$($type: Data),*> Positional for ($($type,)*) {
            fn count(&self) -> usize {
                $count
            }

            fn write<En: Encoder>(&self, encoder: &mut En) -> Result<(), EncodeError> {
                $(
                    encoder.item()?;
                    serde_bridge::encode_whole(&self.$index, encoder)?;
                )*
                let _ = encoder;
                Ok(())
            }

            fn into_values(self) -> Result<Vec<Value>, EncodeError> {
                Ok(vec![$(serde_bridge::whole_to_value(&self.$index)?),*])
            }
        }

        impl<$($type: Data),*> Parameters for ($($type,)*) {
            type Places = ($(Option<$type>,)*);

            const COUNT: usize = $count;

            fn read<'de, De: Decoder<'de>>(
                places: &mut Self::Places,
                index: usize,
                decoder: &mut De,
            ) -> Result<(), DecodeError> {
                let _ = (&places, &decoder);
                match index {
                    $($index => places.$index = Some(serde_bridge::decode_whole(decoder)?),)*
                    _ => return Err(no_place($count)),
                }
                #[allow(unreachable_code, reason = "without parameters there is nothing to read")]
                Ok(())
            }

            fn put(places: &mut Self::Places, index: usize, value: Value) -> Result<(), DecodeError> {
                let _ = (&places, &value);
                match index {
                    $($index => places.$index = Some(serde_bridge::whole_from_value(value)?),)*
                    _ => return Err(no_place($count)),
                }
                #[allow(unreachable_code, reason = "without parameters there is nothing to put")]
                Ok(())
            }

            fn is_given(places: &Self::Places, index: usize) -> bool {
                let _ = places;
                match index {
                    $($index => places.$index.is_some(),)*
                    _ => false,
                }
            }

            fn complete(places: Self::Places) -> Option<Self> {
                let _ = places;
                Some(($(places.$index?,)*))
            }
        }
    )*};
}

parameters! {
    (0)
    (1 A 0)
    (2 A 0 B 1)
    (3 A 0 B 1 C 2)
    (4 A 0 B 1 C 2 D 3)
    (5 A 0 B 1 C 2 D 3 E 4)
    (6 A 0 B 1 C 2 D 3 E 4 F 5)
    (7 A 0 B 1 C 2 D 3 E 4 F 5 G 6)
    (8 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7)
    (9 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8)
    (10 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9)
    (11 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10)
    (12 A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11)
}

/// Writes arguments as one container, behind an attribute's name where there is one.
pub(super) fn write_sequence<P: Positional, E: Encoder>(
    attribute: Option<&str>,
    arguments: &P,
    kind: Container,
    encoder: &mut E,
) -> Result<(), EncodeError> {
    let len = arguments.count() + usize::from(attribute.is_some());
    encoder.begin(kind, len)?;
    if let Some(name) = attribute {
        encoder.item()?;
        encoder.str(name)?;
    }
    arguments.write(encoder)?;
    encoder.end(kind, len)
}
