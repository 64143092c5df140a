//! CPython's `marshal` format, version 4 (wire protocol §8), without code objects.
//!
//! The writer uses no references, which readers do not miss. The reader follows them: CPython sets them
//! by reference counts, so that equal values may look different. Nothing here executes or imports.

mod decode;
mod encode;
mod references;

#[cfg(test)]
mod tests;

pub use decode::Decoder;
pub use encode::Encoder;
pub(crate) use references::References;
