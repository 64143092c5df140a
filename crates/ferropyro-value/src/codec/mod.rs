//! The trait pair between walking data and writing or reading bytes, and the codecs that implement it.
//!
//! A *walker* (a [`Value`], a serde type, a Python object) knows the data; an [`Encoder`] or [`Decoder`]
//! knows the bytes. An encoder is told what comes; a decoder is asked for the next [`Token`].
//!
//! # Encoding
//! A scalar is one call. A container is `begin`, its parts, `end`; before each item of a list, tuple or
//! set comes [`item`](Encoder::item), before each key of a dict [`key`](Encoder::key), between key and
//! value [`value`](Encoder::value). The number of items is said first, since binary codecs write it first.
//!
//! # Decoding
//! [`token`](Decoder::token) gives a scalar, or [`Token::Open`] with an [`Open`] that the walker keeps on
//! its own stack while it reads the container:
//!
//! ```
//! # use ferropyro_value::{codec::{Decoder, Token, serpent}, Limits, DecodeError};
//! # fn main() -> Result<(), DecodeError> {
//! let mut decoder = serpent::Decoder::new(b"[1, 2]", &Limits::default())?;
//! let Token::Open(mut list) = decoder.token()? else { panic!("a list") };
//! let mut sum = 0;
//! while decoder.more(&mut list)? {
//!     let Token::Int(number) = decoder.token()? else { panic!("an int") };
//!     sum += number;
//! }
//! decoder.finish()?;
//! assert_eq!(sum, 3);
//! # Ok(()) }
//! ```
//!
//! In a dict `more` stands before each key, then `token` (or [`skip`](Decoder::skip)) reads the key,
//! [`value`](Decoder::value) passes the colon, and the next `token` reads the value. A container must be
//! read to its end (`more` said false) before its parent goes on. Reading can go back to a
//! [`mark`](Decoder::mark), which is how an invocation is skimmed first and decoded later.

#[cfg(test)]
pub(crate) mod captured;
pub(crate) mod isoformat;
pub mod json;
pub mod marshal;
pub mod msgpack;
pub(crate) mod python_float;
pub mod serpent;

use std::borrow::Cow;
use std::num::NonZeroU32;

use bytes::Bytes;
use jiff::SignedDuration;
use jiff::civil::{Date, Time};
use num_bigint::BigInt;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::{
    Complex, DateTime, Decimal, DecodeError, DecodeErrorKind, EncodeError, Flavor, Limits, SurrogateStr,
    Value, serde_bridge, walk,
};

/// The longest payload of serpent and marshal, in bytes: what a message can announce. A decoder may keep
/// its places and counts in 32 bits.
pub const MAX_LENGTH: u32 = u32::MAX;

/// Refuses a payload that is longer than any message can be.
pub(crate) fn check_length(payload: &[u8]) -> Result<(), DecodeError> {
    if u32::try_from(payload.len()).is_ok() {
        return Ok(());
    }
    let message = format!("the payload is longer than {MAX_LENGTH} bytes, more than any message holds");
    Err(DecodeError::unplaced(DecodeErrorKind::Limit, message))
}

/// The kinds of container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// A list.
    List,
    /// A tuple.
    Tuple,
    /// A set.
    Set,
    /// A frozenset; only marshal writes it differently from a set.
    FrozenSet,
    /// A dict.
    Dict,
}

/// Writes the bytes of one codec; told by a walker what comes. See the [module](self) for the order of calls.
pub trait Encoder {
    /// The dialect's class names, for walkers that write class dictionaries.
    fn flavor(&self) -> &'static Flavor;
    /// `None`.
    fn none(&mut self) -> Result<(), EncodeError>;
    /// A bool.
    fn bool(&mut self, flag: bool) -> Result<(), EncodeError>;
    /// An integer of 64 bits.
    fn int(&mut self, number: i64) -> Result<(), EncodeError>;
    /// An integer of any size.
    fn big_int(&mut self, number: &BigInt) -> Result<(), EncodeError>;
    /// A float.
    fn float(&mut self, number: f64) -> Result<(), EncodeError>;
    /// A complex number.
    fn complex(&mut self, number: Complex) -> Result<(), EncodeError>;
    /// Text.
    fn str(&mut self, text: &str) -> Result<(), EncodeError>;
    /// Text with lone surrogates.
    fn surrogate_str(&mut self, text: &SurrogateStr) -> Result<(), EncodeError>;
    /// Bytes.
    fn bytes(&mut self, bytes: &[u8]) -> Result<(), EncodeError>;
    /// A date and time.
    fn date_time(&mut self, date_time: &DateTime) -> Result<(), EncodeError>;
    /// A date.
    fn date(&mut self, date: Date) -> Result<(), EncodeError>;
    /// A time of day.
    fn time(&mut self, time: Time) -> Result<(), EncodeError>;
    /// A span of time.
    fn time_delta(&mut self, delta: SignedDuration) -> Result<(), EncodeError>;
    /// A decimal number.
    fn decimal(&mut self, decimal: &Decimal) -> Result<(), EncodeError>;
    /// A UUID.
    fn uuid(&mut self, uuid: Uuid) -> Result<(), EncodeError>;
    /// Starts a container of `len` items or entries.
    ///
    /// # Errors
    /// The codec lacks this kind, the length does not fit, or nesting passes [`MAX_DEPTH`].
    fn begin(&mut self, kind: Container, len: usize) -> Result<(), EncodeError>;
    /// Stands before each item of a list, tuple or set.
    fn item(&mut self) -> Result<(), EncodeError>;
    /// Stands before each key of a dict.
    fn key(&mut self) -> Result<(), EncodeError>;
    /// Stands between a key and its value.
    fn value(&mut self) -> Result<(), EncodeError>;
    /// Ends the container that was begun last, with the same `kind` and `len`.
    fn end(&mut self, kind: Container, len: usize) -> Result<(), EncodeError>;
}

/// How deep an encoder lets containers nest: what the genuine serpent writes and reads at most.
pub const MAX_DEPTH: usize = 200;

/// What a decoder found: a scalar, or the start of a container.
#[derive(Clone, Debug, PartialEq)]
pub enum Token<'de> {
    /// `None`.
    None,
    /// A bool.
    Bool(bool),
    /// An integer of 64 bits.
    Int(i64),
    /// An integer beyond 64 bits, boxed to keep all the other tokens small.
    BigInt(Box<BigInt>),
    /// A float.
    Float(f64),
    /// A complex number.
    Complex(Complex),
    /// Text, borrowed from the payload where it stands there as it is.
    Str(Cow<'de, str>),
    /// Text with lone surrogates.
    SurrogateStr(SurrogateStr),
    /// Bytes, borrowed from the payload where they stand there as they are.
    Bytes(Cow<'de, [u8]>),
    /// A naive date and time (msgpack).
    DateTime(DateTime),
    /// A date (msgpack).
    Date(Date),
    /// A time of day; only a [`Value`] that is read like a payload has these four.
    Time(Time),
    /// A span of time.
    TimeDelta(SignedDuration),
    /// A decimal number.
    Decimal(Decimal),
    /// A UUID.
    Uuid(Uuid),
    /// `...`.
    Ellipsis,
    /// A container starts. Read it with [`Decoder::more`].
    Open(Open),
}

/// A container that is being read. The walker keeps it; the decoder updates it in [`Decoder::more`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open {
    /// Which kind of container.
    pub kind: Container,
    /// How many items or entries are left, where the codec says so in advance (for capacity only after
    /// checking it against the bytes that are left: it is the peer's word).
    pub left: Option<u32>,
    /// For the decoder: whether no item has been read yet.
    pub(crate) first: bool,
    /// For marshal: where reading goes on after a container that was reached through a reference.
    pub(crate) resume: Option<NonZeroU32>,
    /// For marshal: which reference this container is, to be marked as complete at its end.
    pub(crate) reference: Option<u32>,
    /// For serpent: how many parentheses around the container are closed behind it.
    pub(crate) groups: u32,
}

impl Open {
    pub(crate) fn new(kind: Container, left: Option<u32>) -> Self {
        Self { kind, left, first: true, resume: None, reference: None, groups: 0 }
    }

    /// Room for what is left, or for `unknown` items where nobody said how many: at most 1024, since the
    /// length is the peer's word. A vector grows with what is really there.
    pub(crate) fn capacity(&self, unknown: usize) -> usize {
        self.left.map_or(unknown, |left| usize::try_from(left).unwrap_or(usize::MAX)).min(1024)
    }
}

/// A place in a payload to go back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Offset from the start of the payload.
    pub(crate) offset: usize,
    /// How deep in containers this place is.
    pub(crate) depth: usize,
}

/// Reads the bytes of one codec, one contiguous slice. See the [module](self) for the order of calls.
///
/// Whatever the bytes are, a decoder never panics, and memory and time stay linear in the payload within
/// the [`Limits`] that it was made with.
pub trait Decoder<'de> {
    /// The next value: a scalar whole, a container opened.
    fn token(&mut self) -> Result<Token<'de>, DecodeError>;
    /// Whether the container has another item or key, and if so stands before it; else passes its end.
    fn more(&mut self, open: &mut Open) -> Result<bool, DecodeError>;
    /// Passes from a dict's key to its value.
    fn value(&mut self) -> Result<(), DecodeError>;
    /// Where reading stands: before a value. Valid for this payload only.
    fn mark(&self) -> Mark;
    /// Goes back (or forward) to a mark.
    fn rewind(&mut self, mark: Mark);
    /// Checks that nothing but what the codec ignores follows the document.
    fn finish(&mut self) -> Result<(), DecodeError>;

    /// The text that comes next, where the codec can tell at once that it is text to borrow; else `None`,
    /// nothing is passed, and [`token`](Self::token) says what there is. A shortcut for walkers that expect
    /// text, which most keys and many values are: a token, which can be anything, costs more to hand over.
    fn borrowed_str(&mut self) -> Option<&'de str> {
        None
    }

    /// Reads past one value without keeping it.
    fn skip(&mut self) -> Result<(), DecodeError> {
        if let Token::Open(mut open) = self.token()? {
            while self.more(&mut open)? {
                self.skip()?;
                if open.kind == Container::Dict {
                    self.value()?;
                    self.skip()?;
                }
            }
        }
        Ok(())
    }

    /// Bytes that were borrowed from the payload, as owned ones: shared with the payload where the decoder
    /// was made from [`Bytes`], else copied.
    fn share(&self, borrowed: &'de [u8]) -> Bytes {
        Bytes::copy_from_slice(borrowed)
    }
}

/// The serializers that both ends of a call understand. Their numbers on the wire differ by dialect and
/// are the protocol's business.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Codec {
    /// Python literals as text: Pyro's default.
    #[default]
    Serpent,
    /// JSON.
    Json,
    /// CPython's `marshal`, version 4.
    Marshal,
    /// MessagePack.
    Msgpack,
}

/// Runs an expression with the concrete encoder of a codec.
macro_rules! with_encoder {
    ($codec:expr, $out:expr, $flavor:expr, |$encoder:ident| $body:expr) => {
        match $codec {
            $crate::Codec::Serpent => {
                let $encoder = &mut $crate::codec::serpent::Encoder::new($out, $flavor);
                $body
            }
            $crate::Codec::Json => {
                let $encoder = &mut $crate::codec::json::Encoder::new($out, $flavor);
                $body
            }
            $crate::Codec::Marshal => {
                let $encoder = &mut $crate::codec::marshal::Encoder::new($out, $flavor);
                $body
            }
            $crate::Codec::Msgpack => {
                let $encoder = &mut $crate::codec::msgpack::Encoder::new($out, $flavor);
                $body
            }
        }
    };
}
pub(crate) use with_encoder;

/// Runs an expression with the concrete decoder of a codec. It may use `?` on [`DecodeError`].
macro_rules! with_decoder {
    ($codec:expr, $bytes:expr, $limits:expr, |$decoder:ident| $body:expr) => {
        match $codec {
            $crate::Codec::Serpent => {
                let $decoder = &mut $crate::codec::serpent::Decoder::new($bytes, $limits)?;
                $body
            }
            $crate::Codec::Json => {
                let $decoder = &mut $crate::codec::json::Decoder::new($bytes, $limits)?;
                $body
            }
            $crate::Codec::Marshal => {
                let $decoder = &mut $crate::codec::marshal::Decoder::new($bytes, $limits)?;
                $body
            }
            $crate::Codec::Msgpack => {
                let $decoder = &mut $crate::codec::msgpack::Decoder::new($bytes, $limits)?;
                $body
            }
        }
    };
}

/// As `with_decoder`, from [`Bytes`], so that large bytes are shared with the payload. `$references` is
/// marshal's table from an earlier reading of the same payload, or a default one.
macro_rules! with_shared_decoder {
    ($codec:expr, $payload:expr, $limits:expr, $references:expr, |$decoder:ident| $body:expr) => {
        match $codec {
            $crate::Codec::Marshal => {
                let $decoder = &mut $crate::codec::marshal::Decoder::new($payload, $limits)?
                    .sharing($payload)
                    .knowing($references);
                $body
            }
            $crate::Codec::Msgpack => {
                let $decoder =
                    &mut $crate::codec::msgpack::Decoder::new($payload, $limits)?.sharing($payload);
                $body
            }
            // Text codecs have no bytes that stand in the payload as they are.
            $crate::Codec::Serpent => {
                let $decoder = &mut $crate::codec::serpent::Decoder::new($payload, $limits)?;
                $body
            }
            $crate::Codec::Json => {
                let $decoder = &mut $crate::codec::json::Decoder::new($payload, $limits)?;
                $body
            }
        }
    };
}
pub(crate) use with_shared_decoder;

impl Codec {
    /// All codecs, in the order of Pyro's documentation.
    pub const ALL: [Self; 4] = [Self::Serpent, Self::Json, Self::Marshal, Self::Msgpack];

    /// The name that users type: `serpent`, `json`, `marshal`, `msgpack`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Serpent => "serpent",
            Self::Json => "json",
            Self::Marshal => "marshal",
            Self::Msgpack => "msgpack",
        }
    }

    /// The codec of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|codec| codec.name() == name)
    }

    /// Encodes a serde type.
    pub fn encode<T: Serialize + ?Sized>(
        self,
        data: &T,
        flavor: &'static Flavor,
    ) -> Result<Vec<u8>, EncodeError> {
        let mut out = Vec::new();
        self.encode_into(data, flavor, &mut out)?;
        Ok(out)
    }

    /// Encodes a serde type behind what `out` holds already. After an error the tail of `out` is garbage,
    /// and the caller truncates it.
    pub fn encode_into<T: Serialize + ?Sized>(
        self,
        data: &T,
        flavor: &'static Flavor,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        with_encoder!(self, out, flavor, |encoder| serde_bridge::encode(data, encoder))
    }

    /// Encodes a whole argument or result behind what `out` holds already, as
    /// [`encode_whole`](serde_bridge::encode_whole) does.
    pub fn encode_whole_into<T: Serialize + 'static>(
        self,
        data: &T,
        flavor: &'static Flavor,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        with_encoder!(self, out, flavor, |encoder| serde_bridge::encode_whole(data, encoder))
    }

    /// Encodes a [`Value`].
    pub fn encode_value(self, value: &Value, flavor: &'static Flavor) -> Result<Vec<u8>, EncodeError> {
        let mut out = Vec::new();
        self.encode_value_into(value, flavor, &mut out)?;
        Ok(out)
    }

    /// Encodes a [`Value`] behind what `out` holds already, as [`encode_into`](Self::encode_into) does.
    pub fn encode_value_into(
        self,
        value: &Value,
        flavor: &'static Flavor,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        with_encoder!(self, out, flavor, |encoder| walk::encode(value, encoder))
    }

    /// Decodes a whole payload into a serde type. It may borrow nothing from the payload.
    pub fn decode<T: DeserializeOwned>(self, bytes: &[u8], limits: &Limits) -> Result<T, DecodeError> {
        with_decoder!(self, bytes, limits, |decoder| {
            let data = serde_bridge::decode(decoder)?;
            decoder.finish()?;
            Ok(data)
        })
    }

    /// Decodes a payload that is a whole result, as [`decode_whole`](serde_bridge::decode_whole) does: large
    /// bytes are shared with the payload instead of copied.
    pub fn decode_whole<T: DeserializeOwned + 'static>(
        self,
        payload: &Bytes,
        limits: &Limits,
    ) -> Result<T, DecodeError> {
        with_shared_decoder!(self, payload, limits, marshal::References::default(), |decoder| {
            let data = serde_bridge::decode_whole(decoder)?;
            decoder.finish()?;
            Ok(data)
        })
    }

    /// Decodes a whole payload into a [`Value`], class dictionaries into what they stand for.
    pub fn decode_value(self, bytes: &[u8], limits: &Limits) -> Result<Value, DecodeError> {
        with_decoder!(self, bytes, limits, |decoder| {
            let value = walk::decode(decoder)?;
            decoder.finish()?;
            Ok(value)
        })
    }

    /// As [`decode_value`](Self::decode_value), with large bytes shared with the payload instead of copied.
    pub fn decode_shared(self, payload: &Bytes, limits: &Limits) -> Result<Value, DecodeError> {
        with_shared_decoder!(self, payload, limits, marshal::References::default(), |decoder| {
            let value = walk::decode(decoder)?;
            decoder.finish()?;
            Ok(value)
        })
    }
}

impl std::fmt::Display for Codec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_to_the_width_that_they_are_given() {
        assert_eq!(
            format!("{:<8}|{:>8}|{}", Codec::Json, Codec::Serpent, Codec::Marshal),
            "json    | serpent|marshal"
        );
        assert!(Codec::ALL.iter().all(|codec| Codec::from_name(codec.name()) == Some(*codec)));
    }

    /// These are handed over with every value that is read: a field more costs every walker.
    #[test]
    fn what_every_step_hands_over_stays_small() {
        assert_eq!(size_of::<DecodeError>(), size_of::<usize>());
        assert_eq!(size_of::<Result<bool, DecodeError>>(), 2 * size_of::<usize>());
        assert!(size_of::<Result<Token<'_>, DecodeError>>() <= 32, "{}", size_of::<Token<'_>>());
        assert!(size_of::<Result<Value, DecodeError>>() <= 40, "{}", size_of::<Value>());
    }
}
