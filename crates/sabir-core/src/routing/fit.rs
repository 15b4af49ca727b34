//! The texts that the built-in converters match.

/// An optional minus sign and decimal digits without a leading zero (RFC 8259 §6), so that a number has one spelling
/// and a resource one path.
pub(super) fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    is_digits(digits.as_bytes()) && (digits == "0" || !digits.starts_with('0'))
}

/// An integer with an optional fraction and an optional exponent (RFC 8259 §6).
pub(super) fn is_float(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    is_integer(whole)
        && fraction.is_none_or(|digits| is_digits(digits.as_bytes()))
        && exponent.is_none_or(|text| is_digits(text.strip_prefix(['+', '-']).unwrap_or(text).as_bytes()))
}

/// `true` or `false`.
pub(super) fn is_bool(text: &str) -> bool {
    matches!(text, "true" | "false")
}

/// The textual form of RFC 9562 §4, in either case.
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// `full-date` (RFC 3339 §5.6), a day that exists.
pub(super) fn is_date(text: &str) -> bool {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
        return false;
    };
    let year = number(&[*y1, *y2, *y3, *y4]);
    let (Some(year), Some(month), Some(day)) = (year, number(&[*m1, *m2]), number(&[*d1, *d2])) else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// `full-time` (RFC 3339 §5.6), which is what the format `time` of JSON Schema means: a time of day with its offset.
pub(super) fn is_time(text: &str) -> bool {
    text.is_ascii() && is_offset_time(text)
}

/// `date-time` (RFC 3339 §5.6), with `T` in either case.
pub(super) fn is_datetime(text: &str) -> bool {
    text.is_ascii()
        && text
            .split_once(['T', 't'])
            .is_some_and(|(date, time)| is_date(date) && is_offset_time(time))
}

fn is_offset_time(text: &str) -> bool {
    if let Some(time) = text.strip_suffix(['Z', 'z']) {
        return is_partial_time(time);
    }
    let Some((time, offset)) = text.len().checked_sub(6).and_then(|at| text.split_at_checked(at)) else {
        return false;
    };
    let [b'+' | b'-', h1, h2, b':', m1, m2] = offset.as_bytes() else {
        return false;
    };
    is_partial_time(time)
        && number(&[*h1, *h2]).is_some_and(|hours| hours < 24)
        && number(&[*m1, *m2]).is_some_and(|minutes| minutes < 60)
}

fn is_partial_time(text: &str) -> bool {
    let (clock, fraction) = match text.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (text, None),
    };
    let [h1, h2, b':', m1, m2, b':', s1, s2] = clock.as_bytes() else {
        return false;
    };
    // Second 60 is a leap second (RFC 3339 §5.7).
    number(&[*h1, *h2]).is_some_and(|hours| hours < 24)
        && number(&[*m1, *m2]).is_some_and(|minutes| minutes < 60)
        && number(&[*s1, *s2]).is_some_and(|seconds| seconds <= 60)
        && fraction.is_none_or(|digits| is_digits(digits.as_bytes()))
}

fn is_digits(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit)
}

/// The value of a few digits.
fn number(digits: &[u8]) -> Option<u32> {
    is_digits(digits).then(|| {
        digits
            .iter()
            .fold(0, |value, digit| value * 10 + u32::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(fits: fn(&str) -> bool, yes: &[&str], no: &[&str]) {
        for text in yes {
            assert!(fits(text), "{text} should fit");
        }
        for text in no {
            assert!(!fits(text), "{text} should not fit");
        }
    }

    #[test]
    fn integers_are_digits_with_an_optional_minus() {
        check(
            is_integer,
            &["0", "-7", "99999999999999999999"],
            &["", "-", "+1", "1.0", "1e3", "007", "-00", "١", "1 "],
        );
    }

    #[test]
    fn floats_are_json_numbers() {
        check(
            is_float,
            &["0", "-1.50", "1e9", "1E-9", "2.5e+3"],
            &[".5", "1.", "1e", "01.5", "nan", "inf", "1_0", "0x1"],
        );
    }

    #[test]
    fn uuids_have_hyphens_in_their_places() {
        check(
            is_uuid,
            &[
                "123e4567-e89b-12d3-a456-426614174000",
                "123E4567-E89B-12D3-A456-426614174000",
            ],
            &[
                "123e4567e89b12d3a456426614174000",
                "123e4567-e89b-12d3-a456-42661417400g",
                "",
            ],
        );
    }

    #[test]
    fn dates_exist_in_the_calendar() {
        check(
            is_date,
            &["2024-02-29", "2000-02-29", "2023-12-31"],
            &[
                "2023-02-29",
                "1900-02-29",
                "2024-13-01",
                "2024-00-10",
                "2024-04-31",
                "2024-1-1",
                "24-01-01",
                "2024-01-00",
            ],
        );
    }

    #[test]
    fn times_have_an_offset_and_may_have_a_fraction() {
        check(
            is_time,
            &["12:00:00z", "23:59:60Z", "00:00:00.125+05:30"],
            &[
                "12:00:00",
                "24:00:00",
                "12:60:00",
                "12:00",
                "12:00:00.",
                "12:00:00+24:00",
                "12:00:00+0100",
            ],
        );
    }

    #[test]
    fn date_times_need_an_offset() {
        check(
            is_datetime,
            &["2024-02-29T12:00:00Z", "2024-02-29t12:00:00.5-01:00"],
            &[
                "2024-02-29T12:00:00",
                "2024-02-29 12:00:00Z",
                "2023-02-29T12:00:00Z",
                "2024-02-29",
                "é",
            ],
        );
    }
}
