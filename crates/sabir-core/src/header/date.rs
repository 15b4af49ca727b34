//! Dates in the form of RFC 9110 §5.6.7 (IMF-fixdate).

const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const SECONDS_A_DAY: i64 = 86_400;

/// 1601-01-01, the first day of a cycle of the Gregorian calendar and the earliest year that RFC 6265bis §5.1.1
/// reads, as seconds before 1970.
const EARLIEST: i64 = -134_774 * SECONDS_A_DAY;
/// The first second of year 10000, which four digits cannot say.
const END: i64 = 2_932_897 * SECONDS_A_DAY;

/// The date of `seconds` since 1970-01-01T00:00:00Z; `None` outside the years 1601 to 9999.
///
/// ```
/// assert_eq!(sabir_core::header::date::format(0).unwrap(), "Thu, 01 Jan 1970 00:00:00 GMT");
/// ```
pub fn format(seconds: i64) -> Option<String> {
    if !(EARLIEST..END).contains(&seconds) {
        return None;
    }
    let (days, second) = (
        seconds.div_euclid(SECONDS_A_DAY),
        seconds.rem_euclid(SECONDS_A_DAY),
    );
    let (year, month, day) = calendar(days);
    let weekday = DAYS[usize::try_from(days.rem_euclid(7)).ok()?];
    let month = MONTHS[usize::try_from(month).ok()?];
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    Some(format!(
        "{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT"
    ))
}

/// Year, month from 0 and day from 1 of the day that is `days` after 1970-01-01 (and not before 1601).
fn calendar(days: i64) -> (i64, i64, i64) {
    // Whole cycles of 400, 100, 4 and 1 years are taken off in turn. The last century of a cycle and the last
    // year of four are a day longer than the others, hence the two limits of 3.
    let mut rest = days + 134_774;
    let mut year = 1601;
    for (length, years, most) in [
        (146_097, 400, i64::MAX),
        (36_524, 100, 3),
        (1_461, 4, i64::MAX),
        (365, 1, 3),
    ] {
        let count = (rest / length).min(most);
        year += count * years;
        rest -= count * length;
    }
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let mut month = 0;
    for length in [
        31,
        28 + i64::from(is_leap),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ] {
        if rest < length {
            break;
        }
        rest -= length;
        month += 1;
    }
    (year, month, rest + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_the_example_of_the_standard() {
        assert_eq!(format(784_111_777).unwrap(), "Sun, 06 Nov 1994 08:49:37 GMT");
    }

    #[test]
    fn knows_leap_days() {
        assert_eq!(format(951_782_400).unwrap(), "Tue, 29 Feb 2000 00:00:00 GMT");
        assert_eq!(format(1_709_164_800).unwrap(), "Thu, 29 Feb 2024 00:00:00 GMT");
        assert_eq!(format(4_107_542_400).unwrap(), "Mon, 01 Mar 2100 00:00:00 GMT");
        assert_eq!(format(978_220_800).unwrap(), "Sun, 31 Dec 2000 00:00:00 GMT");
    }

    #[test]
    fn counts_back_before_1970() {
        assert_eq!(format(-1).unwrap(), "Wed, 31 Dec 1969 23:59:59 GMT");
        assert_eq!(format(EARLIEST).unwrap(), "Mon, 01 Jan 1601 00:00:00 GMT");
    }

    #[test]
    fn refuses_years_that_it_cannot_write() {
        assert_eq!(format(END - 1).unwrap(), "Fri, 31 Dec 9999 23:59:59 GMT");
        assert_eq!(format(END), None);
        assert_eq!(format(EARLIEST - 1), None);
    }
}
