//! Serpent: Python literals as text, Pyro's default serializer (wire protocol §6).
//!
//! No Python runs here: a document is read as the literal that it is, never evaluated.
//!
//! What is read differs from what `ast.literal_eval` of CPython 3.11 takes in four places, all of them
//! outside of what any serpent writes: `\N{NAME}` escapes are unsupported; an int of more digits than the
//! limit is refused in hexadecimal, too; behind serpent's header line a tuple that starts with a bracket
//! needs its parentheses; blanks may end a document whose last line is empty otherwise.

mod arithmetic;
mod blanks;
mod decode;
mod encode;
mod escape;
mod lookahead;
mod names;
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
