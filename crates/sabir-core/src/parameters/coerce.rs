//! Text to values, by the declared kind only.

use crate::{
    Kind, Value,
    json::{is_too_long, parse_number},
    schema::is_decimal,
};

/// The value that `text` stands for in a schema of `kind`; `None` when it does not fit, or is a number of more than
/// `digits` digits.
///
/// Nothing is guessed from the looks of the text: `1` is a string where the schema says `string`, and `1.0` is no
/// integer. Formats are left to the schema.
pub fn coerce(text: &str, kind: &Kind, digits: u64) -> Option<Value> {
    match kind {
        _ if !crate::Switch::Coercion.is_on() => Some(Value::String(text.into())),
        Kind::Integer | Kind::Number | Kind::Decimal if has_too_many_digits(text, kind, digits) => None,
        Kind::Integer => is_whole(text).then(|| parse_number(text, true)),
        Kind::Number => is_number(text)
            .then(|| match parse_number(text, is_whole(text)) {
                // Whoever declares a number gets one type, whether the client wrote `3` or `3.0`.
                Value::Integer(integer) => as_float(integer).map_or(Value::Integer(integer), Value::Number),
                number => number,
            })
            .filter(|_| !is_out_of_range(text, kind)),
        Kind::Boolean => match text {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => None,
        },
        Kind::Null => (text.is_empty() || text == "null").then_some(Value::Null),
        Kind::Decimal => is_decimal(text).then(|| Value::String(text.into())),
        Kind::Binary => Some(Value::Bytes(text.to_owned().into())),
        Kind::Array(_) | Kind::Object => None,
        _ => Some(Value::String(text.into())),
    }
}

/// Whether `text` is a number of `kind` but has more than `digits` digits.
pub(crate) fn has_too_many_digits(text: &str, kind: &Kind, digits: u64) -> bool {
    let is_number = match kind {
        Kind::Integer => is_whole(text),
        Kind::Number => is_number(text),
        Kind::Decimal => is_decimal(text),
        _ => false,
    };
    is_number && is_too_long(text, is_whole(text), digits)
}

/// Whether `text` is a number of a kind that hosts build doubles of, but none that a double comes near.
pub(crate) fn is_out_of_range(text: &str, kind: &Kind) -> bool {
    *kind == Kind::Number && is_number(text) && text.parse().is_ok_and(f64::is_infinite)
}

/// The float that equals `integer`, if there is one for certain.
fn as_float(integer: i64) -> Option<f64> {
    const EXACT: u64 = 1 << 53;
    #[expect(
        clippy::cast_precision_loss,
        reason = "every integer up to 2^53 has its float"
    )]
    (integer.unsigned_abs() <= EXACT).then_some(integer as f64)
}

/// The kind in words, as the end of "is not …".
pub(crate) fn wanted(kind: &Kind) -> &'static str {
    match kind {
        Kind::Integer => "an integer",
        Kind::Number => "a number",
        Kind::Boolean => "true or false",
        Kind::Null => "null",
        Kind::Decimal => "a decimal number",
        Kind::Array(_) => "an array",
        Kind::Object => "an object",
        Kind::Binary => "a file",
        _ => "a string",
    }
}

/// An optional minus and digits without a leading zero, as JSON writes integers.
fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'))
}

fn is_number(text: &str) -> bool {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    is_whole(whole)
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_integers_as_json_writes_them() {
        assert_eq!(coerce("-42", &Kind::Integer, 640), Some(Value::Integer(-42)));
        assert_eq!(
            coerce("9223372036854775808", &Kind::Integer, 640),
            Some(Value::Literal("9223372036854775808".into()))
        );
        for text in ["", "1.0", "1e3", " 1", "+1", "01", "--1", "ten", "0x1", "١"] {
            assert_eq!(coerce(text, &Kind::Integer, 640), None, "{text}");
        }
    }

    #[test]
    fn never_guesses() {
        assert_eq!(coerce("1", &Kind::String, 640), Some(Value::String("1".into())));
        assert_eq!(coerce("True", &Kind::Boolean, 640), None);
        assert_eq!(coerce("1.5e-3", &Kind::Number, 640), Some(Value::Number(0.0015)));
        assert_eq!(coerce("NaN", &Kind::Number, 640), None);
        assert_eq!(coerce("1e400", &Kind::Number, 640), None);
        assert_eq!(
            coerce("1.50", &Kind::Decimal, 640),
            Some(Value::String("1.50".into()))
        );
    }
}
