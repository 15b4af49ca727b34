//! What the text of a number stands for.

use std::borrow::Cow;

use crate::Value;

/// Whether the well-formed number `text` has more than `limit` digits when it is written out, without an exponent.
///
/// Whoever makes an integer of `1e999999999` or of a million digits needs far more time and memory than it takes to send
/// them.
pub(crate) fn is_too_long(text: &str, whole: bool, limit: u64) -> bool {
    let length = text.len() as u64;
    if whole || !text.contains(['e', 'E']) {
        // Without the signs that are no digits, the text is not much longer than the number.
        return length > limit && text.bytes().filter(u8::is_ascii_digit).count() as u64 > limit;
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count() as u64;
    let fraction = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len()) as u64;
    let (is_negative, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => (true, exponent),
        None => (false, exponent.strip_prefix('+').unwrap_or(exponent)),
    };
    let exponent = exponent.trim_start_matches('0');
    // An exponent that does not fit is larger than every limit.
    let shift: u64 = if exponent.is_empty() {
        0
    } else {
        exponent.parse().unwrap_or(u64::MAX)
    };
    let zeros = if is_negative {
        (shift.saturating_add(fraction)).saturating_sub(digits)
    } else {
        shift.saturating_sub(fraction)
    };
    digits.saturating_add(zeros) > limit
}

/// The digits of the integer that the well-formed number `text` is, however it is written; `None` when it has a fraction.
/// The text comes from a request, so the setting `digit_limit` bounds how many there are.
pub fn whole_digits(text: &str) -> Option<Cow<'_, str>> {
    if !text.contains(['.', 'e', 'E']) {
        return Some(Cow::Borrowed(text));
    }
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return Some(Cow::Borrowed("0"));
    }
    let trailing = i64::try_from(digits.len() - significant.len()).ok()?;
    let zeros = exponent.parse::<i64>().ok()? - i64::try_from(fraction.len()).ok()? + trailing;
    let zeros = usize::try_from(zeros).ok().filter(|zeros| *zeros <= MOST_ZEROS)?;
    Some(Cow::Owned(format!("{sign}{significant}{}", "0".repeat(zeros))))
}

/// The largest value that the setting `digit_limit` may have.
const MOST_ZEROS: usize = 4300;

/// The value of a well-formed JSON number, exact: what neither `i64` nor `f64` holds stays text.
pub(crate) fn number(text: &str, whole: bool) -> Value {
    if whole {
        return text
            .parse()
            .map_or_else(|_| Value::Literal(text.into()), Value::Integer);
    }
    let significant = text
        .bytes()
        .take_while(|byte| !matches!(byte, b'e' | b'E'))
        .filter(u8::is_ascii_digit)
        .skip_while(|&digit| digit == b'0')
        .count();
    // Every decimal of 15 significant digits survives the way through a double (IEEE 754 §5.12.2), unless it is so small
    // that the double has fewer.
    let is_kept = |value: f64, significant| significant == 0 || (significant <= 15 && value.is_normal());
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() && (is_kept(value, significant) || same_digits(text, value)) => {
            Value::Number(value)
        }
        _ => Value::Literal(text.into()),
    }
}

/// Whether a reader that makes doubles of all numbers, such as that of ECMAScript, reads the well-formed number `text` as
/// exactly as [`number`] does.
pub(crate) fn is_double(text: &str, whole: bool) -> bool {
    // With few digits and without an exponent every one is (IEEE 754 §5.12.2).
    (text.len() <= 15 && (whole || !text.contains(['e', 'E']))) || has_only_doubles(&number(text, whole))
}

/// Whether a reader that makes doubles of all numbers reads the text of `value` exactly.
pub(crate) fn has_only_doubles(value: &Value) -> bool {
    const LARGEST: u64 = (1 << f64::MANTISSA_DIGITS) - 1;
    match value {
        Value::Integer(integer) => integer.unsigned_abs() <= LARGEST,
        Value::Literal(_) => false,
        Value::Array(items) => items.iter().all(has_only_doubles),
        Value::Object(members) => members.0.iter().all(|(_, member)| has_only_doubles(member)),
        _ => true,
    }
}

/// Whether the shortest text of `value` has the same digits, which covers what other programs print for a double. Halfway
/// between two texts of that length some printers take the upper one and others, ECMAScript (§6.1.6.1.20) among them,
/// the even one; [`to_json_bytes`](crate::json::to_json_bytes) is one of the latter.
fn same_digits(text: &str, value: f64) -> bool {
    let digits = |text: &str| {
        let mantissa: Vec<u8> = text
            .bytes()
            .take_while(|byte| !matches!(byte, b'e' | b'E'))
            .filter(u8::is_ascii_digit)
            .skip_while(|&digit| digit == b'0')
            .collect();
        let kept = mantissa
            .iter()
            .rposition(|&digit| digit != b'0')
            .map_or(0, |last| last + 1);
        mantissa[..kept].to_vec()
    };
    let given = digits(text);
    given == digits(&format!("{value:e}"))
        || serde_json::Number::from_f64(value).is_some_and(|number| given == digits(&number.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_a_double_holds() {
        for (text, whole) in [
            ("0", true),
            ("-0", true),
            ("9007199254740991", true),
            ("-9007199254740991", true),
            ("0.1", false),
            ("0.0000000000001", false),
            ("1e3", false),
            ("0.30000000000000004", false),
            ("1.7976931348623157e308", false),
        ] {
            assert!(is_double(text, whole), "{text}");
        }
        for (text, whole) in [
            ("9007199254740992", true),
            ("-9007199254740993", true),
            ("123456789012345678901234567890", true),
            ("0.1234567890123456789", false),
            ("1e400", false),
            ("1e-400", false),
        ] {
            assert!(!is_double(text, whole), "{text}");
        }
    }

    #[test]
    fn writes_integers_out() {
        for (text, digits) in [
            ("12", "12"),
            ("1e3", "1000"),
            ("-1.50e2", "-150"),
            ("120.0", "120"),
            ("1200e-2", "12"),
            ("0e9", "0"),
            ("0.0", "0"),
        ] {
            assert_eq!(whole_digits(text).as_deref(), Some(digits), "{text}");
        }
        for text in ["1.5", "1e-1", "1.00000000000000000001", "1e99999999999999999999"] {
            assert_eq!(whole_digits(text), None, "{text}");
        }
    }
}
