//! The flags of a frame in one canonical form; their bits on the wire differ by dialect (wire protocol §1.4).

use std::fmt;
use std::ops::BitOr;

/// A set of frame flags. The bits are ours; [`Dialect::wire_flags`](crate::Dialect::wire_flags) translates.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Flags(u8);

impl Flags {
    /// No flag.
    pub const NONE: Self = Self(0);
    /// The payload is an exception.
    pub const EXCEPTION: Self = Self(1);
    /// The payload is compressed with zlib.
    pub const COMPRESSED: Self = Self(1 << 1);
    /// The caller wants no reply, whatever happens.
    pub const ONEWAY: Self = Self(1 << 2);
    /// Many calls, or their results, in one payload.
    pub const BATCH: Self = Self(1 << 3);
    /// CONNECT asks for the object's metadata. Pyro4 only; Pyro5 always asks.
    pub const META_ON_CONNECT: Self = Self(1 << 4);
    /// The result is an iterator, to be read item by item.
    pub const ITEM_STREAM: Self = Self(1 << 5);
    /// The arguments are one blob that the server passes on undecoded.
    pub const KEEP_SERIALIZED: Self = Self(1 << 6);
    /// The header's correlation id counts. Pyro5 only; Pyro4 has an annotation instead.
    pub const CORRELATION: Self = Self(1 << 7);

    /// Whether all of `flags` are set.
    #[must_use]
    pub const fn contains(self, flags: Self) -> bool {
        self.0 & flags.0 == flags.0
    }

    /// These flags and `flags`, where `condition` holds.
    #[must_use]
    pub const fn with(self, flags: Self, condition: bool) -> Self {
        if condition { Self(self.0 | flags.0) } else { self }
    }

    /// These flags without `flags`.
    #[must_use]
    pub const fn without(self, flags: Self) -> Self {
        Self(self.0 & !flags.0)
    }
}

impl BitOr for Flags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [
            (Self::EXCEPTION, "EXCEPTION"),
            (Self::COMPRESSED, "COMPRESSED"),
            (Self::ONEWAY, "ONEWAY"),
            (Self::BATCH, "BATCH"),
            (Self::META_ON_CONNECT, "META_ON_CONNECT"),
            (Self::ITEM_STREAM, "ITEM_STREAM"),
            (Self::KEEP_SERIALIZED, "KEEP_SERIALIZED"),
            (Self::CORRELATION, "CORRELATION"),
        ];
        let set: Vec<_> =
            names.iter().filter(|(flag, _)| self.contains(*flag)).map(|(_, name)| *name).collect();
        write!(f, "Flags({})", set.join("|"))
    }
}
