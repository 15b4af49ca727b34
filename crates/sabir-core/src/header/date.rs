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

/// Seconds since 1970-01-01T00:00:00Z of a date in any of the three forms that a recipient must read (RFC 9110 §5.6.7). Two
/// digits of a year are of 1970 to 2069.
///
/// ```
/// use sabir_core::header::date;
///
/// assert_eq!(date::parse("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
/// assert_eq!(date::parse("Sunday, 06-Nov-94 08:49:37 GMT"), Some(784_111_777));
/// assert_eq!(date::parse("Sun Nov  6 08:49:37 1994"), Some(784_111_777));
/// ```
pub fn parse(text: &str) -> Option<i64> {
    let (weekday, rest) = text.split_once(' ')?;
    if let Some(weekday) = weekday.strip_suffix(',') {
        let (date, time) = rest.strip_suffix(" GMT")?.rsplit_once(' ')?;
        let separator = if date.contains('-') { '-' } else { ' ' };
        let mut parts = date.split(separator);
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        is_weekday(weekday).then_some(())?;
        return seconds(year, month, day, time).filter(|_| parts.next().is_none());
    }
    let mut parts = rest.split_ascii_whitespace();
    let (month, day, time, year) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    is_weekday(weekday).then_some(())?;
    seconds(year, month, day, time).filter(|_| parts.next().is_none())
}

fn is_weekday(name: &str) -> bool {
    name.get(..3).is_some_and(|start| DAYS.contains(&start))
}

fn seconds(year: &str, month: &str, day: &str, time: &str) -> Option<i64> {
    let number = |text: &str| {
        let is_plain = text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_plain.then(|| text.parse::<i64>().ok()).flatten()
    };
    let year = match (number(year)?, year.len()) {
        (year, 2) => year + if year < 70 { 2000 } else { 1900 },
        (year, 4) if year >= 1601 => year,
        _ => return None,
    };
    let month = MONTHS.iter().position(|name| *name == month)?;
    let day = number(day)?;
    let mut parts = time.split(':');
    let (hour, minute, second) = (
        number(parts.next()?)?,
        number(parts.next()?)?,
        number(parts.next()?)?,
    );
    // A leap second is that after it.
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let lengths = lengths(year);
    if day < 1 || day > lengths[month] {
        return None;
    }
    let years = year - 1601;
    let days =
        years * 365 + years / 4 - years / 100 + years / 400 + lengths[..month].iter().sum::<i64>() + day - 1;
    Some((days - 134_774) * SECONDS_A_DAY + hour * 3600 + minute * 60 + second)
}

/// How many days the months of a year have.
fn lengths(year: i64) -> [i64; 12] {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    [
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
    ]
}

/// Year, month from 0 and day from 1 of the day that is `days` after 1970-01-01 (and not before 1601).
pub(crate) fn calendar(days: i64) -> (i64, i64, i64) {
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
    let mut month = 0;
    for length in lengths(year) {
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
    fn reads_what_it_writes() {
        for seconds in [
            0,
            -1,
            EARLIEST,
            END - 1,
            951_782_400,
            4_107_542_400,
            784_111_777,
            1_709_251_199,
        ] {
            assert_eq!(parse(&format(seconds).unwrap()), Some(seconds));
        }
    }

    #[test]
    fn refuses_what_is_no_date() {
        for text in [
            "",
            "Sun, 06 Nov 1994 08:49:37",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 06 Nov 1994 08:49:37:00 GMT",
            "Sun, +6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 99999 08:49:37 GMT",
            "Foo, 06 Nov 1994 08:49:37 GMT",
            "Sun Nov 6 08:49:37 1994 GMT",
            "06 Nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse("Monday, 01-Jan-70 00:00:00 GMT"), Some(0));
        assert_eq!(
            parse("Tuesday, 31-Dec-69 23:59:59 GMT"),
            parse("Tue, 31 Dec 2069 23:59:59 GMT")
        );
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
