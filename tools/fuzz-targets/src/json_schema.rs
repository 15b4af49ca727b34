//! JSON texts and the schemas that they are held against.

use std::sync::LazyLock;

use jsonschema::{Draft, Validator};
use sabir_core::{
    Location, Problem, Value, Violations,
    json::{JsonLimits, parse, to_json, to_json_bytes},
    schema::{Schema, SchemaCompiler},
    settings::DuplicateKeys,
};
use serde_json::{Value as Json, json};

use crate::{input::Input, watch::watch};

/// Below the limit of `serde_json`, so that a text is refused for its depth here first.
const LIMITS: JsonLimits = JsonLimits {
    depth: 64,
    digits: 640,
    duplicate_keys: DuplicateKeys::Last,
};

/// The memory for each byte that is read: a tree takes many times what its text does, and grows by doubling.
const READING: usize = 128;
/// The memory for each byte that is validated. What is wrong is shown in part, and not more often than the limit says.
const VALIDATION: usize = 4;

/// A schema as this project compiles it and as the validator takes it by itself.
struct Pair {
    ours: Schema,
    theirs: Validator,
}

static SCHEMAS: LazyLock<Vec<Pair>> = LazyLock::new(|| schemas().iter().map(pair).collect());

fn pair(schema: &Json) -> Pair {
    let theirs = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .build(schema);
    match (SchemaCompiler::default().compile(schema, "schema"), theirs) {
        (Ok(ours), Ok(theirs)) => Pair { ours, theirs },
        (ours, theirs) => unreachable!("{schema} does not compile: {ours:?}, {:?}", theirs.err()),
    }
}

fn schemas() -> [Json; 6] {
    [
        json!({"type": "object", "required": ["sku", "quantity"], "additionalProperties": false,
            "properties": {"sku": {"type": "string", "minLength": 2, "maxLength": 8, "pattern": "^[A-Z]"},
                "quantity": {"type": "integer", "minimum": 1, "exclusiveMaximum": 1000},
                "price": {"type": "number", "multipleOf": 0.25, "maximum": 1e300}}}),
        json!({"type": "array", "uniqueItems": true, "minItems": 1, "maxItems": 5,
            "contains": {"type": ["integer", "null"]}, "minContains": 1, "maxContains": 3,
            "prefixItems": [{"type": "boolean"}], "items": {"not": {"const": "no"}}}),
        json!({"$ref": "#/$defs/tree", "$defs": {"tree": {"type": ["object", "null"],
            "properties": {"left": {"$ref": "#/$defs/tree"}, "right": {"$ref": "#/$defs/tree"}},
            "maxProperties": 3, "unevaluatedProperties": {"type": "integer"}}}}),
        json!({"oneOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "uuid"},
            {"type": "integer"}, {"type": "number", "minimum": 0}]}),
        json!({"anyOf": [{"enum": [1, "one", null, [1], {"a": 1}]}, {"const": 1.5}],
            "if": {"type": "string"}, "then": {"minLength": 3}, "else": {"not": {"type": "array"}}}),
        json!({"propertyNames": {"pattern": "^[a-z]+$", "maxLength": 4}, "dependentRequired": {"a": ["b"]},
            "dependentSchemas": {"b": {"minProperties": 2}}, "patternProperties": {"^x": {"type": "string"}},
            "unevaluatedItems": false}),
    ]
}

/// Reads the choice of a schema from the first byte; the rest is a JSON text.
///
/// Nothing panics; the reader accepts what `serde_json` accepts and reads the same from it; what it read survives being
/// written; and validation agrees with the validator on its own data.
///
/// # Panics
/// When one of these does not hold.
pub fn json_schema(data: &[u8]) {
    let mut input = Input(data);
    let choice = usize::from(input.byte());
    let text = input.0;
    let outcome = watch(text.len(), READING, || parse(text, &LIMITS));
    check_acceptance(text, outcome.as_ref());
    let strict = JsonLimits {
        duplicate_keys: DuplicateKeys::Refuse,
        ..LIMITS
    };
    match (outcome, parse(text, &strict)) {
        (Ok(value), strict) => {
            if let Ok(strict) = strict {
                assert_eq!(value, strict, "the policy for duplicate names changes the value");
            }
            let written = to_json_bytes(&value);
            assert_eq!(
                parse(&written, &LIMITS).ok().as_ref(),
                Some(&value),
                "after {}",
                shown(&written)
            );
            let schemas = &*SCHEMAS;
            check_validation(&schemas[choice % schemas.len()], &value, text);
        }
        (Err(problem), strict) => {
            assert_eq!(problem.status, 400, "{problem:?}");
            assert!(strict.is_err(), "duplicate names are refused but accepted");
        }
    }
}

fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

/// `serde_json` agrees, but for the limits: here of digits, of nesting in both.
fn check_acceptance(text: &[u8], ours: Result<&Value, &Problem>) {
    let theirs = serde_json::from_slice::<Json>(text);
    match (ours, theirs) {
        (Ok(value), Ok(json)) => assert!(same(value, &json), "{value:?} is not {json:?}"),
        (Ok(_), Err(error)) => unreachable!("accepted, but {error}"),
        (Err(problem), Ok(_)) => {
            let detail = problem.detail.as_deref().unwrap_or_default();
            assert!(
                detail.contains("the nesting is deeper") || detail.contains("more than 640 digits"),
                "refused: {detail}"
            );
        }
        (Err(_), Err(_)) => {}
    }
}

fn same(value: &Value, json: &Json) -> bool {
    match (value, json) {
        (Value::Null, Json::Null) => true,
        (Value::Bool(one), Json::Bool(other)) => one == other,
        (Value::Integer(one), Json::Number(other)) => {
            decimal(&one.to_string()) == decimal(&other.to_string())
        }
        (Value::Literal(one), Json::Number(other)) => decimal(one) == decimal(&other.to_string()),
        (Value::Number(one), Json::Number(other)) => is_read_as(*one, &other.to_string()),
        (Value::String(one), Json::String(other)) => one == other,
        (Value::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Json::Object(other)) => {
            one.0.len() == other.len()
                && one
                    .0
                    .iter()
                    .all(|(name, one)| other.get(name.as_str()).is_some_and(|other| same(one, other)))
        }
        _ => false,
    }
}

/// A number's sign, its digits without zeros at either end, and how many of them stand before the point.
fn decimal(text: &str) -> (bool, String, i64) {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = whole.trim_start_matches('-');
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0');
    let zeros = i64::try_from(digits.len() - significant.len()).unwrap_or(0);
    let point = i64::try_from(whole.len()).unwrap_or(0) - zeros + exponent.parse().unwrap_or(i64::MAX / 2);
    match significant.trim_end_matches('0') {
        "" => (false, String::new(), 0),
        significant => (mantissa.starts_with('-'), significant.to_owned(), point),
    }
}

/// Whether the double `value` stands for `text` and nothing of it is lost: the text is the nearest one, or one of those
/// that are as short and as near.
fn is_read_as(value: f64, text: &str) -> bool {
    let shortest =
        decimal(&serde_json::Number::from_f64(value).map_or_else(String::new, |number| number.to_string()));
    let given = decimal(text);
    given == shortest || (text.parse() == Ok(value) && given.1.len() == shortest.1.len())
}

/// The validator by itself agrees, on its own data and with its own numbers; and a text is judged as the value is that
/// it writes.
fn check_validation(schema: &Pair, value: &Value, text: &[u8]) {
    let violations = watch(text.len(), VALIDATION, || {
        let mut violations = Violations::default();
        schema.ours.validate(value, Location::Body, None, &mut violations);
        violations
    });
    let of_text = watch(text.len(), VALIDATION, || {
        let mut violations = Violations::default();
        let read = schema.ours.validate_text(text, &LIMITS, &mut violations);
        assert!(read.is_ok(), "accepted, but {read:?}");
        violations
    });
    let keywords = |violations: &Violations| -> Vec<_> {
        let found = violations.iter();
        found
            .map(|one| (one.pointer.clone(), one.keyword.clone()))
            .collect()
    };
    let mut ours = (keywords(&violations), keywords(&of_text));
    // The members of an object are not in the same order when a name was given twice.
    ours.0.sort();
    ours.1.sort();
    assert_eq!(ours.0, ours.1, "{}", shown(text));
    let valid = violations.is_empty();
    if !valid {
        assert_eq!(violations.into_problem().write().status, 422);
    }
    let json = to_json(value);
    assert_eq!(valid, schema.theirs.is_valid(&json), "{json}");
}
