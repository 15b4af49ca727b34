//! What a failure says, in sentences of our own.

use std::borrow::Cow;

use jsonschema::{
    ValidationError,
    error::{TypeKind, ValidationErrorKind as Failure},
};
use serde_json::Value as Json;

/// Values are shown up to this many characters.
const SHOWN: usize = 60;

/// Keywords whose failures the validator reports under the name of another.
const PATH_KEYWORDS: [&str; 5] = [
    "minContains",
    "maxContains",
    "dependentRequired",
    "dependentSchemas",
    "additionalProperties",
];

/// The keyword that failed.
pub(super) fn keyword(error: &ValidationError<'_>) -> Cow<'static, str> {
    let path = error.schema_path().to_string();
    let own = error.kind().keyword();
    if matches!(
        error.kind(),
        Failure::Contains | Failure::Required { .. } | Failure::FalseSchema
    ) {
        let found = path
            .rsplit('/')
            .find_map(|part| PATH_KEYWORDS.iter().find(|keyword| **keyword == part));
        if let Some(keyword) = found {
            return Cow::Borrowed(keyword);
        }
    }
    Cow::Owned(own.to_owned())
}

/// `value` as JSON, cut when it is long.
pub(crate) fn shown(value: &Json) -> String {
    let text = value.to_string();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

fn quantity(count: u64, one: &str, many: &str) -> String {
    if count == 1 {
        format!("1 {one}")
    } else {
        format!("{count} {many}")
    }
}

fn article(name: &str) -> String {
    match name {
        "null" => "null".into(),
        "array" | "integer" | "object" => format!("an {name}"),
        _ => format!("a {name}"),
    }
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(name) => article(name.as_str()),
        TypeKind::Multiple(names) => names
            .iter()
            .map(|name| article(name.as_str()))
            .collect::<Vec<_>>()
            .join(" or "),
    }
}

/// The failure for a person. `additionalProperties` and its kin are reported one property at a time by the caller.
pub(super) fn detail(error: &ValidationError<'_>) -> String {
    let instance = error.instance();
    let value = shown(instance);
    let length = |unit: &str, units: &str| match instance.as_ref() {
        Json::String(text) => quantity(text.chars().count() as u64, unit, units),
        Json::Array(items) => quantity(items.len() as u64, unit, units),
        Json::Object(members) => quantity(members.len() as u64, unit, units),
        _ => value.clone(),
    };
    match error.kind() {
        Failure::Type { kind } => format!("{value} is not {}", types(kind)),
        Failure::Minimum { limit } => format!("{value} is less than the minimum of {limit}"),
        Failure::Maximum { limit } => format!("{value} is greater than the maximum of {limit}"),
        Failure::ExclusiveMinimum { limit } => format!("{value} is not greater than {limit}"),
        Failure::ExclusiveMaximum { limit } => format!("{value} is not less than {limit}"),
        Failure::MultipleOf { multiple_of } => format!("{value} is not a multiple of {multiple_of}"),
        Failure::MinLength { limit } => {
            format!(
                "{} is shorter than the minimum of {limit}",
                length("character", "characters")
            )
        }
        Failure::MaxLength { limit } => {
            format!(
                "{} is longer than the maximum of {limit}",
                length("character", "characters")
            )
        }
        Failure::MinItems { limit } => format!(
            "{} are fewer than the minimum of {limit}",
            length("item", "items")
        ),
        Failure::MaxItems { limit } => {
            format!("{} are more than the maximum of {limit}", length("item", "items"))
        }
        Failure::AdditionalItems { limit } => {
            format!("{} are more than the permitted {limit}", length("item", "items"))
        }
        Failure::MinProperties { limit } => {
            format!(
                "{} are fewer than the minimum of {limit}",
                length("property", "properties")
            )
        }
        Failure::MaxProperties { limit } => {
            format!(
                "{} are more than the maximum of {limit}",
                length("property", "properties")
            )
        }
        Failure::Pattern { pattern } => format!("{value} does not match the pattern {pattern}"),
        Failure::Format { format } => format!("{value} is not a valid {format}"),
        Failure::Enum { options } => format!("{value} is not one of {}", shown(options)),
        Failure::Constant { expected_value } => format!("{value} is not {}", shown(expected_value)),
        Failure::Required { property } => format!("the property {property} is missing"),
        Failure::UniqueItems => "the items are not unique".into(),
        Failure::Contains => "the number of items that match is not permitted".into(),
        Failure::AnyOf { .. } => format!("{value} fits none of the permitted schemas"),
        Failure::OneOfNotValid { .. } => format!("{value} fits none of the schemas of which it must fit one"),
        Failure::OneOfMultipleValid { .. } => format!("{value} fits more than one of the schemas"),
        Failure::Not { .. } => format!("{value} fits a schema that it must not fit"),
        Failure::FalseSchema => "no value is permitted here".into(),
        Failure::PropertyNames { error } => format!("a property name is not permitted: {}", detail(error)),
        _ => format!("{value} does not fit {}", keyword(error)),
    }
}

/// The names that `additionalProperties`, `unevaluatedProperties` or `unevaluatedItems` refuse.
pub(super) fn unexpected<'e>(error: &'e ValidationError<'_>) -> Option<(&'e [String], &'static str)> {
    match error.kind() {
        Failure::AdditionalProperties { unexpected } => Some((unexpected, "additionalProperties")),
        Failure::UnevaluatedProperties { unexpected } => Some((unexpected, "unevaluatedProperties")),
        _ => None,
    }
}
