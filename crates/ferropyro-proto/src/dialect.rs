//! The two dialects of Pyro, and everything that differs between them on the wire.
//!
//! What a codec writes differently is in [`ferropyro_value::flavor`], which a dialect hands down.

use std::fmt;

use ferropyro_value::{Codec, Flavor, flavor};

use crate::{Flags, MessageType};

/// A wire protocol of Pyro.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dialect {
    /// Pyro4: protocol version 48.
    Pyro4,
    /// Pyro5: protocol version 502.
    #[default]
    Pyro5,
}

/// When a dialect compresses a payload, and how (wire protocol §1.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compression {
    /// Shortest payload that is compressed, in bytes.
    pub threshold: usize,
    /// The zlib level.
    pub level: u32,
    /// Whether the compressed form is used only where it is smaller.
    pub only_if_smaller: bool,
}

impl Dialect {
    /// Both dialects.
    pub const ALL: [Self; 2] = [Self::Pyro4, Self::Pyro5];

    /// The protocol version in the header.
    #[must_use]
    pub const fn version(self) -> u16 {
        match self {
            Self::Pyro4 => 48,
            Self::Pyro5 => 502,
        }
    }

    /// The dialect of a protocol version.
    #[must_use]
    pub fn of_version(version: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.version() == version)
    }

    /// The length of the header, in bytes.
    #[must_use]
    pub const fn header_len(self) -> usize {
        match self {
            Self::Pyro4 => 24,
            Self::Pyro5 => 40,
        }
    }

    /// What codecs must know to write for this dialect.
    #[must_use]
    pub fn flavor(self) -> &'static Flavor {
        match self {
            Self::Pyro4 => &flavor::PYRO4,
            Self::Pyro5 => &flavor::PYRO5,
        }
    }

    /// The number of a codec on the wire (wire protocol §5.1).
    #[must_use]
    pub const fn serializer_id(self, codec: Codec) -> u16 {
        match (self, codec) {
            (_, Codec::Serpent) => 1,
            (Self::Pyro4, Codec::Json) | (Self::Pyro5, Codec::Marshal) => 2,
            (Self::Pyro4, Codec::Marshal) | (Self::Pyro5, Codec::Json) => 3,
            (Self::Pyro4, Codec::Msgpack) => 6,
            (Self::Pyro5, Codec::Msgpack) => 4,
        }
    }

    /// The codec of a number on the wire; `None` for pickle and its kin too, which are never decoded.
    #[must_use]
    pub fn codec(self, serializer_id: u16) -> Option<Codec> {
        Codec::ALL.into_iter().find(|codec| self.serializer_id(*codec) == serializer_id)
    }

    /// The codecs that a daemon accepts unless told otherwise: all four. A genuine Pyro4 daemon needs to be
    /// told to accept msgpack.
    #[must_use]
    pub const fn accepted_by_default(self) -> &'static [Codec] {
        &Codec::ALL
    }

    /// The codec of a refusal to a peer whose codec is not known (yet).
    #[must_use]
    pub const fn refusal_codec(self) -> Codec {
        Codec::Marshal
    }

    /// When and how payloads are compressed, where compression is switched on.
    #[must_use]
    pub const fn compression(self) -> Compression {
        match self {
            Self::Pyro4 => Compression { threshold: 200, level: 6, only_if_smaller: true },
            Self::Pyro5 => Compression { threshold: 101, level: 4, only_if_smaller: false },
        }
    }

    /// Whether a frame may be compressed at all: Pyro4's refusals and exceptions never are.
    #[must_use]
    pub const fn compresses(self, message_type: MessageType, flags: Flags) -> bool {
        match self {
            Self::Pyro4 => {
                !matches!(message_type, MessageType::ConnectFail) && !flags.contains(Flags::EXCEPTION)
            }
            Self::Pyro5 => true,
        }
    }

    /// Whether correlation ids travel in the header (Pyro5) instead of in an annotation (Pyro4).
    #[must_use]
    pub const fn correlation_in_header(self) -> bool {
        matches!(self, Self::Pyro5)
    }

    /// Whether frames can be signed with a shared key.
    #[must_use]
    pub const fn has_hmac(self) -> bool {
        matches!(self, Self::Pyro4)
    }

    /// The bits of `flags` on the wire. A flag that the dialect lacks has no bit.
    #[must_use]
    pub fn wire_flags(self, flags: Flags) -> u16 {
        self.bits().iter().filter(|(flag, _)| flags.contains(*flag)).fold(0, |bits, (_, bit)| bits | bit)
    }

    /// The flags of bits on the wire. Bits that the dialect does not define are dropped.
    #[must_use]
    pub fn flags(self, bits: u16) -> Flags {
        self.bits().iter().fold(Flags::NONE, |flags, (flag, bit)| flags.with(*flag, bits & bit != 0))
    }

    const fn bits(self) -> &'static [(Flags, u16); 7] {
        match self {
            Self::Pyro4 => &[
                (Flags::EXCEPTION, 0x01),
                (Flags::COMPRESSED, 0x02),
                (Flags::ONEWAY, 0x04),
                (Flags::BATCH, 0x08),
                (Flags::META_ON_CONNECT, 0x10),
                (Flags::ITEM_STREAM, 0x20),
                (Flags::KEEP_SERIALIZED, 0x40),
            ],
            Self::Pyro5 => &[
                (Flags::EXCEPTION, 0x01),
                (Flags::COMPRESSED, 0x02),
                (Flags::ONEWAY, 0x04),
                (Flags::BATCH, 0x08),
                (Flags::ITEM_STREAM, 0x10),
                (Flags::KEEP_SERIALIZED, 0x20),
                (Flags::CORRELATION, 0x40),
            ],
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Pyro4 => "Pyro4 (protocol 48)",
            Self::Pyro5 => "Pyro5 (protocol 502)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serializers_have_other_numbers_in_each_dialect() {
        let numbers = |dialect: Dialect| Codec::ALL.map(|codec| dialect.serializer_id(codec));
        assert_eq!(numbers(Dialect::Pyro4), [1, 2, 3, 6]);
        assert_eq!(numbers(Dialect::Pyro5), [1, 3, 2, 4]);
        for dialect in Dialect::ALL {
            for codec in Codec::ALL {
                assert_eq!(dialect.codec(dialect.serializer_id(codec)), Some(codec));
            }
            for none in [0, 5, 7, 42, 257] {
                assert_eq!(dialect.codec(none), None);
            }
        }
        assert_eq!(Dialect::Pyro4.codec(4), None, "pickle");
    }

    #[test]
    fn flags_have_other_bits_in_each_dialect() {
        let stream = Flags::EXCEPTION | Flags::ITEM_STREAM;
        assert_eq!((Dialect::Pyro4.wire_flags(stream), Dialect::Pyro5.wire_flags(stream)), (0x21, 0x11));
        assert_eq!(Dialect::Pyro4.flags(0x7F), Dialect::Pyro4.flags(0xFFFF), "unknown bits are dropped");
        for dialect in Dialect::ALL {
            for bits in 0..0x80 {
                assert_eq!(dialect.wire_flags(dialect.flags(bits)), bits);
            }
        }
        assert_eq!(Dialect::Pyro5.wire_flags(Flags::META_ON_CONNECT), 0);
        assert_eq!(Dialect::Pyro4.wire_flags(Flags::CORRELATION), 0);
    }
}
