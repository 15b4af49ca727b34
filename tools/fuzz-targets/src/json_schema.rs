//! JSON texts and the schemas that they are held against.

use std::sync::LazyLock;

use jsonschema::{Draft, Validator};
use sabir_core::{
    Location, Problem, Value,
    json::{JsonLimits, parse, to_json, to_json_bytes},
    schema::{Schema, SchemaCompiler},
    settings::DuplicateKeys,
};
use serde::de::IgnoredAny;
use serde_json::{Value as Json, json};

use crate::input::Input;

/// Below the limit of `serde_json`, so that a text is refused for its depth here first.
const LIMITS: JsonLimits = JsonLimits {
    depth: 64,
    duplicate_keys: DuplicateKeys::Last,
};

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
    let outcome = parse(text, &LIMITS);
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
            check_validation(&schemas[choice % schemas.len()], &value);
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

/// `serde_json` agrees, but for two limits of its own: numbers beyond a double, and its own depth.
fn check_acceptance(text: &[u8], ours: Result<&Value, &Problem>) {
    let theirs = serde_json::from_slice::<Json>(text);
    match (ours, theirs) {
        (Ok(value), Ok(json)) => assert!(same(value, &json), "{value:?} is not {json:?}"),
        (Ok(_), Err(error)) => {
            assert!(
                error.to_string().starts_with("number out of range"),
                "accepted, but {error}"
            );
            // Without looking at the size of numbers the rest must be well formed.
            let ignored = serde_json::from_slice::<IgnoredAny>(text);
            assert!(ignored.is_ok(), "accepted, but {ignored:?}");
        }
        (Err(problem), Ok(_)) => {
            let detail = problem.detail.as_deref().unwrap_or_default();
            assert!(detail.contains("the nesting is deeper"), "refused: {detail}");
        }
        (Err(_), Err(_)) => {}
    }
}

fn same(value: &Value, json: &Json) -> bool {
    match (value, json) {
        (Value::Null, Json::Null) => true,
        (Value::Bool(one), Json::Bool(other)) => one == other,
        // `-0` is an integer here and a double there.
        (Value::Integer(one), Json::Number(other)) => {
            Some(*one) == other.as_i64() || (*one == 0 && other.as_f64() == Some(0.0))
        }
        (Value::Number(one), Json::Number(other)) => close(*one, other.as_f64()),
        (Value::Literal(text), Json::Number(other)) => {
            text.parse().is_ok_and(|one: f64| close(one, other.as_f64()))
        }
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

/// `serde_json` reads some decimals as the neighbour of the nearest double.
fn close(one: f64, other: Option<f64>) -> bool {
    other.is_some_and(|other| (one - other).abs() <= one.abs() * 4.0 * f64::EPSILON + f64::from_bits(4))
}

fn check_validation(schema: &Pair, value: &Value) {
    let mut violations = Vec::new();
    schema.ours.validate(value, Location::Body, None, &mut violations);
    let valid = violations.is_empty();
    if !valid {
        assert_eq!(Problem::validation(violations).write().status, 422);
    }
    // Numbers that `serde_json` cannot hold are not the same to both.
    if !has_literal(value) {
        let json = to_json(value);
        assert_eq!(valid, schema.theirs.is_valid(&json), "{json}");
    }
}

fn has_literal(value: &Value) -> bool {
    match value {
        Value::Literal(_) => true,
        Value::Array(items) => items.iter().any(has_literal),
        Value::Object(members) => members.0.iter().any(|(_, value)| has_literal(value)),
        _ => false,
    }
}
