//! Dates as Python counts them: day 1 is 0001-01-01, the last one 9999-12-31.

use jiff::SignedDuration;
use jiff::civil::{Date, date};

const SECONDS_A_DAY: i64 = 86_400;

/// The ordinal of 1970-01-01, from where jiff can count to every date.
pub(super) const OF_EPOCH: i64 = 719_163;

/// The ordinal of a date; less than 1 before year 1, which Python does not have.
pub(super) fn of_date(day: Date) -> i64 {
    day.duration_since(date(1970, 1, 1)).as_secs() / SECONDS_A_DAY + OF_EPOCH
}

/// The date of an ordinal, if Python has it.
pub(super) fn to_date(ordinal: i64) -> Option<Date> {
    if ordinal < 1 {
        return None;
    }
    let since_epoch = (ordinal - OF_EPOCH).checked_mul(SECONDS_A_DAY)?;
    date(1970, 1, 1).checked_add(SignedDuration::from_secs(since_epoch)).ok()
}
