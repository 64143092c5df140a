//! Dates and times as Python's `isoformat` writes them: `2024-02-29T13:05:00.000250+02:00`.
//!
//! Microseconds have six digits or are left out; what is finer, Python does not have.

use std::io::Write;

use jiff::civil::{Date, Time};

use crate::DateTime;

// Writing into a vector cannot fail, hence the ignored results below.

/// Appends a date and time, with the offset of an aware one.
pub(crate) fn write_date_time(out: &mut Vec<u8>, date_time: &DateTime) {
    write_date(out, date_time.civil.date());
    out.push(b'T');
    write_time(out, date_time.civil.time());
    if let Some(offset) = date_time.offset {
        let seconds = offset.seconds().unsigned_abs();
        let sign = if offset.is_negative() { '-' } else { '+' };
        let _ = write!(out, "{sign}{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
        if seconds % 60 != 0 {
            let _ = write!(out, ":{:02}", seconds % 60);
        }
    }
}

/// Appends a date.
pub(crate) fn write_date(out: &mut Vec<u8>, date: Date) {
    let _ = write!(out, "{:04}-{:02}-{:02}", date.year(), date.month(), date.day());
}

/// Appends a time of day.
pub(crate) fn write_time(out: &mut Vec<u8>, time: Time) {
    let _ = write!(out, "{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
    let microseconds = time.subsec_nanosecond() / 1000;
    if microseconds != 0 {
        let _ = write!(out, ".{microseconds:06}");
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use jiff::tz::Offset;

    use super::*;

    fn text(civil: jiff::civil::DateTime, offset: Option<Offset>) -> String {
        let mut out = Vec::new();
        write_date_time(&mut out, &DateTime { civil, offset });
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn date_times_look_as_python_prints_them() {
        let civil = date(2024, 2, 29).at(13, 5, 0, 0);
        assert_eq!(text(civil, None), "2024-02-29T13:05:00");
        assert_eq!(text(civil, Some(Offset::UTC)), "2024-02-29T13:05:00+00:00");
        let odd = Offset::from_seconds(-(5 * 3600 + 30 * 60 + 15)).unwrap();
        assert_eq!(
            text(date(1, 1, 1).at(0, 0, 0, 250_999), Some(odd)),
            "0001-01-01T00:00:00.000250-05:30:15"
        );
    }
}
