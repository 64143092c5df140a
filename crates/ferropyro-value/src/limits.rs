//! What a decoder may spend on one payload.

/// Bounds on one decoding, checked before memory is taken. Bytes need no bound of their own here: what a
/// decoder copies is never longer than the payload, whose length the frame layer bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How deep containers may nest. Default 200, which is where CPython's own literal parser stops.
    pub depth: usize,
    /// How many values (scalars, containers, keys) one payload may hold, counting each time a marshal
    /// reference repeats one. Default 16,777,216: with values of 40 bytes, 640 MiB.
    pub items: usize,
    /// How many decimal digits an integer may have. Default 4300, as CPython's; conversion is quadratic.
    pub int_digits: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 200, items: 1 << 24, int_digits: 4300 }
    }
}
