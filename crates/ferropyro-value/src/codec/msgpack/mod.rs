//! MessagePack with Pyro's extension types (wire protocol §9).
//!
//! Naive datetimes travel as POSIX timestamps that the sender computes in its local time zone, and the
//! receiver undoes in its own. This crate has no clock and reads no zone files: see [`set_local_zone`].

mod decode;
mod encode;
mod local;
mod ordinal;
#[cfg(test)]
mod tests;

pub use decode::Decoder;
pub use encode::Encoder;
pub use local::set_local_zone;

/// Code of the extension type for complex numbers: two doubles.
const EXT_COMPLEX: u8 = 0x30;
/// Code of the extension type for integers beyond 64 bits: decimal text.
const EXT_BIG_INT: u8 = 0x31;
/// Code of the extension type for naive datetimes: a double, the POSIX timestamp in the local zone.
const EXT_DATE_TIME: u8 = 0x32;
/// Code of the extension type for dates: a C `long`, the ordinal, with 1 for 0001-01-01.
const EXT_DATE: u8 = 0x33;
/// MessagePack's own code (-1) for timestamps.
const EXT_TIMESTAMP: u8 = 0xFF;
