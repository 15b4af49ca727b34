//! Keywords that this crate asserts itself: numbers exactly, patterns in bounded time.

use std::cmp::Ordering;

use jsonschema::{Keyword, ValidationError, ValidationOptions, json::Node as _, paths::Location};
use serde_json::{Map, Value as Data};

use super::{
    instance::{Instance, Lens},
    number::{AnyNumber, Decimal},
    pattern::{Fit, Pattern},
    shown::shown,
};

type Compiled<'a> = Result<Box<dyn for<'i> Keyword<'i, Instance>>, ValidationError<'a>>;

/// Adds the keywords to `options`, in place of the validator's own.
pub(super) fn add(
    options: ValidationOptions<'_, std::sync::Arc<dyn jsonschema::Retrieve>, Instance>,
) -> ValidationOptions<'_, std::sync::Arc<dyn jsonschema::Retrieve>, Instance> {
    options
        .with_keyword("minimum", |parent, value, _| {
            bound(value, Direction::Least, is_true(parent, "exclusiveMinimum"))
        })
        .with_keyword("maximum", |parent, value, _| {
            bound(value, Direction::Most, is_true(parent, "exclusiveMaximum"))
        })
        .with_keyword("exclusiveMinimum", |_, value, _| {
            bound(value, Direction::Least, true)
        })
        .with_keyword("exclusiveMaximum", |_, value, _| {
            bound(value, Direction::Most, true)
        })
        .with_keyword("multipleOf", multiple_of)
        .with_keyword("pattern", pattern)
}

/// Whether draft 4 makes a bound exclusive with a boolean beside it.
fn is_true(parent: &Map<String, Data>, keyword: &str) -> bool {
    parent.get(keyword) == Some(&Data::Bool(true))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Least,
    Most,
}

/// `minimum`, `maximum` and their exclusive forms.
struct Bound {
    direction: Direction,
    is_exclusive: bool,
    limit: Decimal,
    /// The same limit where a machine type holds it.
    integer: Option<i64>,
    shown: String,
}

/// A keyword that has no effect by itself: the boolean of draft 4.
struct Idle;

#[allow(clippy::unnecessary_wraps, reason = "the validator asks for this signature")]
fn bound(value: &Data, direction: Direction, is_exclusive: bool) -> Compiled<'_> {
    let Data::Number(limit) = value else {
        return Ok(Box::new(Idle));
    };
    Ok(Box::new(Bound {
        direction,
        is_exclusive,
        limit: Decimal::read(&limit.to_string()),
        integer: limit.as_i64(),
        shown: limit.to_string(),
    }))
}

impl Bound {
    #[allow(
        clippy::cast_precision_loss,
        reason = "only limits that are exact as a double are compared as one"
    )]
    fn compare(&self, number: AnyNumber<'_>) -> Ordering {
        const EXACT: u64 = 1 << 53;
        match (number, self.integer) {
            (AnyNumber::Integer(number), Some(limit)) => number.cmp(&limit),
            // The shortest text of a double lies on the same side of an exact limit as the double itself.
            (AnyNumber::Float(number), Some(limit)) if limit.unsigned_abs() <= EXACT => {
                number.partial_cmp(&(limit as f64)).unwrap_or(Ordering::Equal)
            }
            _ => Decimal::of(number).cmp(&self.limit),
        }
    }

    fn admits(&self, instance: Lens<'_>) -> bool {
        instance
            .as_number()
            .is_none_or(|number| match self.compare(number) {
                Ordering::Equal => !self.is_exclusive,
                Ordering::Less => self.direction == Direction::Most,
                Ordering::Greater => self.direction == Direction::Least,
            })
    }
}

impl<'i> Keyword<'i, Instance> for Bound {
    fn validate(&self, instance: Lens<'i>) -> Result<(), ValidationError<'i>> {
        if self.admits(instance) {
            return Ok(());
        }
        let relation = match (self.direction, self.is_exclusive) {
            (Direction::Least, false) => "less than the minimum of",
            (Direction::Most, false) => "greater than the maximum of",
            (Direction::Least, true) => "not greater than",
            (Direction::Most, true) => "not less than",
        };
        Err(ValidationError::custom(format!(
            "{} is {relation} {}",
            shown(instance),
            self.shown
        )))
    }

    fn is_valid(&self, instance: Lens<'i>) -> bool {
        self.admits(instance)
    }
}

impl<'i> Keyword<'i, Instance> for Idle {
    fn validate(&self, _: Lens<'i>) -> Result<(), ValidationError<'i>> {
        Ok(())
    }

    fn is_valid(&self, _: Lens<'i>) -> bool {
        true
    }
}

/// `multipleOf`.
struct MultipleOf {
    divisor: Decimal,
    /// The same divisor where a machine type holds it.
    integer: Option<i64>,
    shown: String,
}

#[allow(clippy::unnecessary_wraps, reason = "the validator asks for this signature")]
fn multiple_of<'a>(_: &'a Map<String, Data>, value: &'a Data, _: Location) -> Compiled<'a> {
    let Data::Number(divisor) = value else {
        return Ok(Box::new(Idle));
    };
    Ok(Box::new(MultipleOf {
        divisor: Decimal::read(&divisor.to_string()),
        integer: divisor.as_i64().filter(|divisor| *divisor > 0),
        shown: divisor.to_string(),
    }))
}

impl MultipleOf {
    fn admits(&self, instance: Lens<'_>) -> bool {
        instance
            .as_number()
            .is_none_or(|number| match (number, self.integer) {
                (AnyNumber::Integer(number), Some(divisor)) => number % divisor == 0,
                _ => Decimal::of(number).is_multiple_of(&self.divisor),
            })
    }
}

impl<'i> Keyword<'i, Instance> for MultipleOf {
    fn validate(&self, instance: Lens<'i>) -> Result<(), ValidationError<'i>> {
        if self.admits(instance) {
            return Ok(());
        }
        Err(ValidationError::custom(format!(
            "{} is not a multiple of {}",
            shown(instance),
            self.shown
        )))
    }

    fn is_valid(&self, instance: Lens<'i>) -> bool {
        self.admits(instance)
    }
}

/// `pattern`.
struct Matching {
    pattern: Pattern,
    source: String,
}

fn pattern<'a>(_: &'a Map<String, Data>, value: &'a Data, _: Location) -> Compiled<'a> {
    let Data::String(source) = value else {
        return Ok(Box::new(Idle));
    };
    let pattern = Pattern::compile(source).map_err(|fault| ValidationError::custom(fault.to_string()))?;
    Ok(Box::new(Matching {
        pattern,
        source: source.clone(),
    }))
}

impl Matching {
    fn fit(&self, instance: Lens<'_>) -> Fit {
        instance
            .as_string()
            .map_or(Fit::Yes, |text| self.pattern.fit(&text))
    }
}

impl<'i> Keyword<'i, Instance> for Matching {
    fn validate(&self, instance: Lens<'i>) -> Result<(), ValidationError<'i>> {
        match self.fit(instance) {
            Fit::Yes => Ok(()),
            Fit::No => Err(ValidationError::custom(format!(
                "{} does not match the pattern {}",
                shown(instance),
                self.source
            ))),
            Fit::Unknown => Err(ValidationError::custom(format!(
                "{} takes too many steps to be held against the pattern {}",
                shown(instance),
                self.source
            ))),
        }
    }

    fn is_valid(&self, instance: Lens<'i>) -> bool {
        matches!(self.fit(instance), Fit::Yes)
    }
}
