//! placeholder
use crate::codec::{Container, Mark, Open, Token};
use crate::*;
use jiff::{
    SignedDuration,
    civil::{Date, Time},
};
/// Writes.
#[derive(Debug)]
pub struct Encoder<'o> {
    out: &'o mut Vec<u8>,
    flavor: &'static Flavor,
}
impl<'o> Encoder<'o> {
    /// An encoder that appends to `out`.
    pub fn new(out: &'o mut Vec<u8>, flavor: &'static Flavor) -> Self {
        Self { out, flavor }
    }
}
impl crate::codec::Encoder for Encoder<'_> {
    fn flavor(&self) -> &'static Flavor {
        self.flavor
    }
    fn none(&mut self) -> Result<(), EncodeError> {
        todo!()
    }
    fn bool(&mut self, flag: bool) -> Result<(), EncodeError> {
        todo!()
    }
    fn int(&mut self, number: i64) -> Result<(), EncodeError> {
        todo!()
    }
    fn big_int(&mut self, number: &BigInt) -> Result<(), EncodeError> {
        todo!()
    }
    fn float(&mut self, number: f64) -> Result<(), EncodeError> {
        todo!()
    }
    fn complex(&mut self, number: Complex) -> Result<(), EncodeError> {
        todo!()
    }
    fn str(&mut self, text: &str) -> Result<(), EncodeError> {
        todo!()
    }
    fn surrogate_str(&mut self, text: &SurrogateStr) -> Result<(), EncodeError> {
        todo!()
    }
    fn bytes(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        todo!()
    }
    fn date_time(&mut self, date_time: &DateTime) -> Result<(), EncodeError> {
        todo!()
    }
    fn date(&mut self, date: Date) -> Result<(), EncodeError> {
        todo!()
    }
    fn time(&mut self, time: Time) -> Result<(), EncodeError> {
        todo!()
    }
    fn time_delta(&mut self, delta: SignedDuration) -> Result<(), EncodeError> {
        todo!()
    }
    fn decimal(&mut self, decimal: &Decimal) -> Result<(), EncodeError> {
        todo!()
    }
    fn uuid(&mut self, uuid: Uuid) -> Result<(), EncodeError> {
        todo!()
    }
    fn begin(&mut self, kind: Container, len: usize) -> Result<(), EncodeError> {
        todo!()
    }
    fn item(&mut self) -> Result<(), EncodeError> {
        todo!()
    }
    fn key(&mut self) -> Result<(), EncodeError> {
        todo!()
    }
    fn value(&mut self) -> Result<(), EncodeError> {
        todo!()
    }
    fn end(&mut self, kind: Container, len: usize) -> Result<(), EncodeError> {
        todo!()
    }
}
/// Reads.
#[derive(Debug)]
pub struct Decoder<'de> {
    bytes: &'de [u8],
}
impl<'de> Decoder<'de> {
    /// A decoder of one payload.
    pub fn new(bytes: &'de [u8], limits: &Limits) -> Result<Self, DecodeError> {
        todo!()
    }
    /// Shares large bytes with `payload`, which must be what the decoder was made from.
    #[must_use]
    pub fn sharing(self, payload: &'de Bytes) -> Self {
        todo!()
    }
}
impl<'de> crate::codec::Decoder<'de> for Decoder<'de> {
    fn token(&mut self) -> Result<Token<'de>, DecodeError> {
        todo!()
    }
    fn more(&mut self, open: &mut Open) -> Result<bool, DecodeError> {
        todo!()
    }
    fn value(&mut self) -> Result<(), DecodeError> {
        todo!()
    }
    fn mark(&self) -> Mark {
        todo!()
    }
    fn rewind(&mut self, mark: Mark) {
        todo!()
    }
    fn finish(&mut self) -> Result<(), DecodeError> {
        todo!()
    }
}

/// References.
#[derive(Clone, Debug, Default)]
pub(crate) struct References;
impl<'de> Decoder<'de> {
    pub(crate) fn knowing(self, _: References) -> Self {
        self
    }
    pub(crate) fn into_references(self) -> References {
        References
    }
}
