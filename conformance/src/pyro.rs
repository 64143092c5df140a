//! Which genuine Pyro a column is about, and from which side.

use std::fmt;

/// A genuine Pyro.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pyro {
    Four,
    Five,
}

impl Pyro {
    pub(crate) const ALL: [Self; 2] = [Self::Four, Self::Five];

    /// The other one.
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Four => Self::Five,
            Self::Five => Self::Four,
        }
    }
}

impl fmt::Display for Pyro {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Four => "4",
            Self::Five => "5",
        })
    }
}

/// Who serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// We do, and a genuine program calls.
    Serve,
    /// A genuine program does, and we call.
    Call,
    /// The other genuine program does, a genuine program calls, and our name server's bridge is between them.
    Bridge,
}

impl Direction {
    pub(crate) const ALL: [Self; 3] = [Self::Serve, Self::Call, Self::Bridge];
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Serve => "serve",
            Self::Call => "call",
            Self::Bridge => "bridge",
        })
    }
}
