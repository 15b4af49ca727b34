//! Numbers, exact: JSON sets no bound to them (RFC 8259 §6), and JSON Schema speaks of their mathematical value.

use std::{borrow::Cow, cmp::Ordering, str::FromStr};

use jsonschema::json::JsonNumber;
use serde_json::Number;
use smallvec::SmallVec;

use crate::Value;

/// A number of any of our three kinds.
#[derive(Debug, Clone, Copy)]
pub(super) enum AnyNumber<'a> {
    Integer(i64),
    Float(f64),
    /// As JSON writes it.
    Literal(&'a str),
}

impl<'a> AnyNumber<'a> {
    /// The number that `value` is.
    pub(super) fn of(value: &'a Value) -> Option<Self> {
        match value {
            Value::Integer(value) => Some(Self::Integer(*value)),
            Value::Number(value) => Some(Self::Float(*value)),
            Value::Literal(text) => Some(Self::Literal(text)),
            _ => None,
        }
    }

    /// The number that `text` writes.
    pub(super) fn read(text: &'a str) -> Self {
        text.parse().map_or(Self::Literal(text), Self::Integer)
    }
}

impl JsonNumber for AnyNumber<'_> {
    fn as_u64(&self) -> Option<u64> {
        match self {
            Self::Integer(value) => u64::try_from(*value).ok(),
            Self::Float(_) => None,
            Self::Literal(text) => text.parse().ok(),
        }
    }

    fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            Self::Float(_) => None,
            Self::Literal(text) => text.parse().ok(),
        }
    }

    #[allow(
        clippy::cast_precision_loss,
        reason = "the validator asks for the nearest double"
    )]
    fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            Self::Literal(text) => text.parse().ok(),
        }
    }

    fn as_str(&self) -> Cow<'_, str> {
        match self {
            Self::Integer(value) => Cow::Owned(value.to_string()),
            Self::Float(value) => {
                Cow::Owned(Number::from_f64(*value).map_or_else(String::new, |number| number.to_string()))
            }
            Self::Literal(text) => Cow::Borrowed(text),
        }
    }

    fn to_number(&self) -> Cow<'_, Number> {
        let number = match self {
            Self::Integer(value) => Some(Number::from(*value)),
            Self::Float(value) => Number::from_f64(*value),
            Self::Literal(text) => Number::from_str(text).ok(),
        };
        Cow::Owned(number.unwrap_or_else(|| Number::from(0)))
    }

    fn is_integer(&self) -> bool {
        match self {
            Self::Integer(_) => true,
            Self::Float(value) => value.fract() == 0.0,
            Self::Literal(text) => Decimal::read(text).is_integer(),
        }
    }
}

/// A decimal number: `0.d₁d₂d₃… × 10^exponent`, where neither the first nor the last digit is zero. Zero has no digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Decimal {
    is_negative: bool,
    digits: SmallVec<[u8; 24]>,
    exponent: i64,
}

impl Decimal {
    /// The value of a number as JSON writes it. Exponents beyond 64 bits, which the setting `digit_limit` excludes in
    /// requests, are as good as the largest one.
    pub(super) fn read(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (is_negative, mantissa) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let whole = whole.trim_start_matches('0');
        let mut digits: SmallVec<[u8; 24]> = whole
            .bytes()
            .chain(fraction.bytes())
            .map(|digit| digit - b'0')
            .collect();
        let significant = digits
            .iter()
            .rposition(|digit| *digit != 0)
            .map_or(0, |last| last + 1);
        digits.truncate(significant);
        let leading = digits.iter().take_while(|digit| **digit == 0).count();
        digits.drain(..leading);
        if digits.is_empty() {
            return Self {
                is_negative: false,
                digits,
                exponent: 0,
            };
        }
        let shift = exponent.parse::<i64>().unwrap_or(if exponent.starts_with('-') {
            i64::MIN / 2
        } else {
            i64::MAX / 2
        });
        let point = i64::try_from(whole.len()).unwrap_or(i64::MAX / 4) - i64::try_from(leading).unwrap_or(0);
        Self {
            is_negative,
            digits,
            exponent: shift.saturating_add(point),
        }
    }

    /// The value of `number`. A double is what its shortest text says, since such a text is what it came from.
    pub(super) fn of(number: AnyNumber<'_>) -> Self {
        Self::read(&number.as_str())
    }

    /// Whether there is no fraction.
    pub(super) fn is_integer(&self) -> bool {
        i64::try_from(self.digits.len()).is_ok_and(|digits| digits <= self.exponent) || self.digits.is_empty()
    }

    /// Whether this is a multiple of `divisor`, which is not zero.
    pub(super) fn is_multiple_of(&self, divisor: &Self) -> bool {
        if self.digits.is_empty() {
            return true;
        }
        // Both as integers at the scale of the smaller one.
        let scale = |number: &Self| {
            number
                .exponent
                .saturating_sub(i64::try_from(number.digits.len()).unwrap_or(0))
        };
        let (own, other) = (scale(self), scale(divisor));
        if own < other {
            // The divisor has more zeros at its end than this number.
            return false;
        }
        let zeros = usize::try_from(own - other).unwrap_or(usize::MAX);
        if zeros > MAXIMAL_ZEROS {
            return false;
        }
        let digits = self.digits.iter().copied().chain(std::iter::repeat_n(0, zeros));
        if divisor.digits.len() <= 18 {
            let value = |value: u128, digit: u8| value * 10 + u128::from(digit);
            let divisor = divisor.digits.iter().copied().fold(0, value);
            return digits.fold(0, |rest, digit| value(rest, digit) % divisor) == 0;
        }
        rest_of(digits, &divisor.digits).is_empty()
    }
}

/// How far apart the scales of a number and a divisor may be. More needs an exponent that the author of a schema wrote.
const MAXIMAL_ZEROS: usize = 4096;

/// What is left of an integer when it is divided by another: long division, digit by digit.
fn rest_of(digits: impl Iterator<Item = u8>, divisor: &[u8]) -> Vec<u8> {
    let mut rest: Vec<u8> = Vec::with_capacity(divisor.len() + 1);
    for digit in digits {
        if !(rest.is_empty() && digit == 0) {
            rest.push(digit);
        }
        while rest.len() > divisor.len() || (rest.len() == divisor.len() && rest.as_slice() >= divisor) {
            subtract(&mut rest, divisor);
        }
    }
    rest
}

/// Takes `other` from `number`, which is not smaller, and drops the zeros in front.
fn subtract(number: &mut Vec<u8>, other: &[u8]) {
    let offset = number.len() - other.len();
    let mut borrow = 0;
    for index in (0..number.len()).rev() {
        let taken = borrow + if index >= offset { other[index - offset] } else { 0 };
        let digit = number[index];
        borrow = u8::from(digit < taken);
        number[index] = digit + borrow * 10 - taken;
    }
    let zeros = number.iter().take_while(|digit| **digit == 0).count();
    number.drain(..zeros);
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match (number.digits.is_empty(), number.is_negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let by_size = || {
            let size = self
                .exponent
                .cmp(&other.exponent)
                .then_with(|| self.digits.cmp(&other.digits));
            if self.is_negative { size.reverse() } else { size }
        };
        let own = sign(self);
        own.cmp(&sign(other))
            .then_with(|| if own == 0 { Ordering::Equal } else { by_size() })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(left: &str, right: &str) -> Ordering {
        Decimal::read(left).cmp(&Decimal::read(right))
    }

    #[test]
    fn compares_by_value() {
        for (left, right) in [
            ("1", "1.0"),
            ("1e2", "100"),
            ("0", "-0.0e9"),
            ("0.10", "1E-1"),
            ("1200e-2", "12"),
        ] {
            assert_eq!(compare(left, right), Ordering::Equal, "{left} {right}");
            assert_eq!(Decimal::read(left), Decimal::read(right), "{left} {right}");
        }
        for (left, right) in [
            ("100000000000000000000", "100000000000000000001"),
            ("1", "1.00000000000000000001"),
            ("-1.00000000000000000001", "-1"),
            ("-2", "1"),
            ("0", "1e-600"),
            ("9.99", "10"),
            ("1e400", "1e401"),
            ("12", "123"),
        ] {
            assert_eq!(compare(left, right), Ordering::Less, "{left} {right}");
            assert_eq!(compare(right, left), Ordering::Greater, "{left} {right}");
        }
    }

    #[test]
    fn knows_integers() {
        for text in [
            "0",
            "0.000",
            "1.0",
            "1e2",
            "12.50e1",
            "1.5e400",
            "-3",
            "100000000000000000000",
        ] {
            assert!(Decimal::read(text).is_integer(), "{text}");
        }
        for text in ["0.5", "1.00000000000000000001", "12.5e0", "1e-1", "-1e-600"] {
            assert!(!Decimal::read(text).is_integer(), "{text}");
        }
    }

    #[test]
    fn divides_exactly() {
        for (number, divisor) in [
            ("0", "7"),
            ("0.3", "0.1"),
            ("1e300", "0.01"),
            ("4.35", "0.05"),
            ("123456789012345678901234567890", "10"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("370370367037037036703703703670", "123456789012345678901234567890"),
            ("-9", "3"),
        ] {
            assert!(
                Decimal::read(number).is_multiple_of(&Decimal::read(divisor)),
                "{number} {divisor}"
            );
        }
        for (number, divisor) in [
            ("0.35", "0.1"),
            ("1", "1e300"),
            ("123456789012345678901234567891", "10"),
            ("123456789012345678901234567891", "123456789012345678901234567890"),
            ("5", "1.5"),
        ] {
            assert!(
                !Decimal::read(number).is_multiple_of(&Decimal::read(divisor)),
                "{number} {divisor}"
            );
        }
    }
}
