//! [`lasting_port`]: a port for a daemon that ends and starts again.

use std::net::TcpListener;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};

/// Below the ports that a system gives to whoever asks for any (32768 to 60999 on Linux): those may be another's
/// before the daemon has started again.
const RANGE: Range<u16> = 20_000..30_000;

/// A port of 127.0.0.1 that is free now, another one each time.
pub(crate) fn lasting_port() -> Result<u16, String> {
    static TRIED: AtomicU32 = AtomicU32::new(0);
    // Two runs at the same time begin at different places.
    let begin = std::process::id().wrapping_mul(97);
    RANGE
        .map(|_| {
            let tried = TRIED.fetch_add(1, Ordering::Relaxed);
            let place = begin.wrapping_add(tried) % u32::from(RANGE.end - RANGE.start);
            RANGE.start + u16::try_from(place).unwrap_or_default()
        })
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .ok_or_else(|| format!("no port from {} to {} is free", RANGE.start, RANGE.end))
}
