//! The local time zone, which msgpack needs for naive datetimes: they travel as POSIX timestamps.

use std::sync::Once;

use ferropyro_value::codec::msgpack;
use jiff::tz::TimeZone;

/// Tells the codec the system's time zone, once for the process. A zone that was set before stays.
pub(crate) fn adopt_system_zone() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error means that the program chose another zone, which is its right.
        let _ = msgpack::set_local_zone(TimeZone::system());
    });
}
