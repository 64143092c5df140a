//! What a session may spend on one frame.

/// Bounds on frames, checked before memory is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameLimits {
    /// Most bytes of payload and annotations together, as they are on the wire. Default 1 GiB, as Pyro5's.
    pub max_frame: u64,
    /// The same for frames of the handshake. Default 64 KiB.
    pub max_handshake: u64,
    /// Most bytes of a payload after decompression. Default 64 MiB.
    pub max_inflated: usize,
}

impl Default for FrameLimits {
    fn default() -> Self {
        Self { max_frame: 1 << 30, max_handshake: 64 << 10, max_inflated: 64 << 20 }
    }
}
