//! MessagePack with Pyro's extension types (wire protocol §9).
//!
//! Naive datetimes travel as POSIX timestamps that the sender computes in its local time zone, and the
//! receiver undoes in its own. This crate has no clock and reads no zone files: see [`set_local_zone`].

mod decode;
mod encode;
mod ext;
mod local;
mod ordinal;
#[cfg(test)]
mod tests;

pub use decode::Decoder;
pub use encode::Encoder;
pub use local::set_local_zone;
