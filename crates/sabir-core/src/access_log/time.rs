//! Moments as access logs write them.

use std::time::Duration;

use crate::header::date;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A moment, taken apart.
struct Moment {
    year: i64,
    month: usize,
    day: i64,
    second: u64,
    millisecond: u32,
}

impl Moment {
    fn of(since_1970: Duration) -> Self {
        let seconds = since_1970.as_secs();
        let (year, month, day) = date::calendar(i64::try_from(seconds / 86_400).unwrap_or_default());
        Self {
            year,
            month: usize::try_from(month).unwrap_or_default(),
            day,
            second: seconds % 86_400,
            millisecond: since_1970.subsec_millis(),
        }
    }

    fn clock(&self) -> (u64, u64, u64) {
        (self.second / 3600, self.second / 60 % 60, self.second % 60)
    }
}

/// `2026-12-01T08:49:37.123Z` (RFC 3339).
pub(super) fn rfc_3339(since_1970: Duration) -> String {
    let moment = Moment::of(since_1970);
    let (hour, minute, second) = moment.clock();
    format!(
        "{:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z",
        moment.year,
        moment.month + 1,
        moment.day,
        moment.millisecond
    )
}

/// `01/Dec/2026:08:49:37 +0000` (the Common Log Format).
pub(super) fn common(since_1970: Duration) -> String {
    let moment = Moment::of(since_1970);
    let (hour, minute, second) = moment.clock();
    let month = MONTHS.get(moment.month).copied().unwrap_or_default();
    format!(
        "{:02}/{month}/{:04}:{hour:02}:{minute:02}:{second:02} +0000",
        moment.day, moment.year
    )
}

/// `08:49:37`.
pub(super) fn clock(since_1970: Duration) -> String {
    let (hour, minute, second) = Moment::of(since_1970).clock();
    format!("{hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_moments() {
        let moment = Duration::from_millis(784_111_777_045);
        assert_eq!(rfc_3339(moment), "1994-11-06T08:49:37.045Z");
        assert_eq!(common(moment), "06/Nov/1994:08:49:37 +0000");
        assert_eq!(clock(moment), "08:49:37");
    }
}
