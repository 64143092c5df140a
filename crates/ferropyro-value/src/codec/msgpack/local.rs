//! Naive datetimes and POSIX timestamps: what Python's `timestamp()` and `fromtimestamp()` do.

use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::civil::{DateTime, Time};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use super::ordinal;

static LOCAL_ZONE: OnceLock<TimeZone> = OnceLock::new();

/// Sets the time zone in which msgpack reads and writes naive datetimes, for the whole process. Call it
/// once, before any traffic; without a call the zone is UTC. The `ferropyro` crate sets the system's zone.
///
/// # Errors
/// Gives the zone back if one was set already; that one stays.
pub fn set_local_zone(zone: TimeZone) -> Result<(), TimeZone> {
    LOCAL_ZONE.set(zone)
}

/// The POSIX timestamp of a naive datetime, in seconds. A time that the clock shows twice is the first of
/// them, one that it skips is counted from the offset before, as with Python's `fold=0`.
pub(super) fn to_timestamp(civil: DateTime) -> f64 {
    to_timestamp_in(LOCAL_ZONE.get(), civil)
}

/// The naive datetime that the local clock shows at a POSIX timestamp; `None` where Python has no such year.
pub(super) fn from_timestamp(timestamp: f64) -> Option<DateTime> {
    from_timestamp_in(LOCAL_ZONE.get(), timestamp)
}

fn to_timestamp_in(zone: Option<&TimeZone>, civil: DateTime) -> f64 {
    let offset = match zone.map(|zone| zone.to_ambiguous_timestamp(civil).offset()) {
        None => Offset::UTC,
        Some(AmbiguousOffset::Unambiguous { offset }) => offset,
        Some(AmbiguousOffset::Gap { before, .. } | AmbiguousOffset::Fold { before, .. }) => before,
    };
    let days = ordinal::of_date(civil.date()) - ordinal::OF_EPOCH;
    let seconds = days * 86_400
        + i64::from(civil.hour()) * 3600
        + i64::from(civil.minute()) * 60
        + i64::from(civil.second())
        - i64::from(offset.seconds());
    let microseconds = civil.subsec_nanosecond() / 1000;
    #[expect(clippy::cast_precision_loss, reason = "9999 years are 2^38 seconds")]
    let whole = seconds as f64;
    whole + f64::from(microseconds) / 1e6
}

fn from_timestamp_in(zone: Option<&TimeZone>, timestamp: f64) -> Option<DateTime> {
    // Python's rounding: half to even, of the fraction alone.
    let mut whole = timestamp.trunc();
    let mut microseconds = ((timestamp - whole) * 1e6).round_ties_even();
    if microseconds < 0.0 {
        microseconds += 1e6;
        whole -= 1.0;
    }
    if microseconds >= 1e6 {
        microseconds -= 1e6;
        whole += 1.0;
    }
    if !(-1e12..1e12).contains(&whole) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "both are whole numbers in range by now")]
    let (seconds, nanoseconds) = (whole as i64, microseconds as i32 * 1000);
    let offset = zone.map_or(Offset::UTC, |zone| {
        let nearest = seconds.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
        Timestamp::from_second(nearest).map_or(Offset::UTC, |instant| zone.to_offset(instant))
    });
    let local = seconds + i64::from(offset.seconds());
    let date = ordinal::to_date(local.div_euclid(86_400) + ordinal::OF_EPOCH)?;
    let second = i32::try_from(local.rem_euclid(86_400)).ok()?;
    let [hour, minute, second] = [second / 3600, second / 60 % 60, second % 60].map(|part| part as i8);
    Some(date.to_datetime(Time::new(hour, minute, second, nanoseconds).ok()?))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn timestamps_of_utc_are_as_python_computes_them() {
        for (civil, timestamp) in [
            (date(1970, 1, 1).at(0, 0, 0, 0), 0.0),
            (date(2024, 2, 29).at(13, 5, 6, 250_000_000), 1_709_211_906.25),
            (date(1969, 12, 31).at(23, 59, 59, 500_000_000), -0.5),
            (date(1, 1, 1).at(0, 0, 0, 0), -62_135_596_800.0),
            (date(9999, 12, 31).at(23, 59, 59, 0), 253_402_300_799.0),
        ] {
            assert_eq!(to_timestamp_in(None, civil), timestamp, "{civil}");
            assert_eq!(from_timestamp_in(None, timestamp), Some(civil), "{timestamp}");
        }
    }

    #[test]
    fn timestamps_beyond_pythons_years_are_refused() {
        for timestamp in
            [f64::NAN, f64::INFINITY, -f64::INFINITY, 1e300, 253_402_300_800.0, -62_135_596_801.0]
        {
            assert_eq!(from_timestamp_in(None, timestamp), None, "{timestamp}");
        }
    }

    #[test]
    fn local_time_is_what_python_makes_of_it() {
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap();
        for (civil, timestamp) in [
            (date(2024, 1, 1).at(1, 0, 0, 0), 1_704_067_200.0),
            (date(2024, 7, 1).at(2, 0, 0, 0), 1_719_792_000.0),
            // Shown twice on the last Sunday of October: the first of them, still in summer time.
            (date(2024, 10, 27).at(2, 30, 0, 0), 1_729_989_000.0),
        ] {
            assert_eq!(to_timestamp_in(Some(&zone), civil), timestamp, "{civil}");
            assert_eq!(from_timestamp_in(Some(&zone), timestamp), Some(civil), "{timestamp}");
        }
        // Skipped on the last Sunday of March: counted with the offset of winter.
        let skipped = date(2024, 3, 31).at(2, 30, 0, 0);
        assert_eq!(to_timestamp_in(Some(&zone), skipped), 1_711_848_600.0);
    }

    #[test]
    fn fractions_are_rounded_half_to_even_as_python_does() {
        for (timestamp, nanosecond) in
            [(0.000_000_5, 0), (0.000_001_5, 2_000), (0.999_999_9, 0), (-0.25, 750_000_000)]
        {
            assert_eq!(
                from_timestamp_in(None, timestamp).map(|civil| civil.subsec_nanosecond()),
                Some(nanosecond)
            );
        }
    }
}
