//! Serpent: Python literals as text, Pyro's default serializer (wire protocol §6).
//!
//! No Python runs here: a document is read as the literal that it is, never evaluated.

mod blanks;
mod decode;
mod encode;
mod escape;
mod lookahead;
pub(crate) mod number;
mod numeral;
mod printable;
mod quoted;
mod skip;
#[cfg(test)]
mod tests;
pub(crate) mod text;

pub use decode::Decoder;
pub use encode::Encoder;

/// The first line of every document that a serpent wrote; a comment to its readers.
const HEADER: &[u8] = b"# serpent utf-8 python3.2\n";
