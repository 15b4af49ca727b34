//! What a failure says, in sentences of our own.

use std::borrow::Cow;

use jsonschema::{
    ValidationError,
    error::{TypeKind, ValidationErrorKind as Failure},
    json::{Array as _, Node as _, Object as _},
};

use super::{
    instance::Lens,
    shown::{shown, shown_data, shown_text},
    sketch::{self, Subject},
};

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
    let own = error.kind().keyword();
    if matches!(
        error.kind(),
        Failure::Contains | Failure::Required { .. } | Failure::FalseSchema
    ) {
        let found = (error.schema_path().as_str())
            .rsplit('/')
            .find_map(|part| PATH_KEYWORDS.iter().find(|keyword| **keyword == part));
        if let Some(keyword) = found {
            return Cow::Borrowed(keyword);
        }
    }
    Cow::Owned(own.to_owned())
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

/// The failure of a value in `root` for a person. `additionalProperties` and its kin are reported one property at a time
/// by the caller.
pub(super) fn detail(error: &ValidationError<'_>, root: Lens<'_>) -> String {
    of_subject(error, &Subject::of(error, root))
}

/// What is wrong with a schema, in the words of its own schema.
pub(super) fn of_schema(error: &ValidationError<'_>) -> String {
    of_subject(error, &Subject::Name(shown_data(error.instance()), 0))
}

fn of_subject(error: &ValidationError<'_>, subject: &Subject<'_>) -> String {
    let value = match subject {
        Subject::Value(value) => shown(*value),
        Subject::Name(text, _) => text.clone(),
    };
    let length = |one: &str, many: &str| match subject {
        Subject::Name(_, length) => quantity(*length, one, many),
        Subject::Value(value) => quantity(size(*value), one, many),
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
        Failure::Enum { options } => format!("{value} is not one of {}", shown_data(options)),
        Failure::Constant { expected_value } => format!("{value} is not {}", shown_data(expected_value)),
        Failure::Required { property } => format!("the property {property} is missing"),
        Failure::UniqueItems => "the items are not unique".into(),
        Failure::Contains => "the number of items that match is not permitted".into(),
        Failure::AnyOf { .. } => format!("{value} fits none of the permitted schemas"),
        Failure::OneOfNotValid { .. } => format!("{value} fits none of the schemas of which it must fit one"),
        Failure::OneOfMultipleValid { .. } => format!("{value} fits more than one of the schemas"),
        Failure::Not { .. } => format!("{value} fits a schema that it must not fit"),
        Failure::FalseSchema => "no value is permitted here".into(),
        Failure::PropertyNames { error } => {
            let name = match &**error.instance() {
                serde_json::Value::Array(_) => Subject::name_of(error),
                _ => Subject::Name(value, 0),
            };
            format!("a property name is not permitted: {}", of_subject(error, &name))
        }
        Failure::Custom { message, .. } => message.clone(),
        _ => format!("{value} does not fit {}", keyword(error)),
    }
}

/// How many characters, items or properties there are.
fn size(value: Lens<'_>) -> u64 {
    if let Some(elements) = value.as_array() {
        return elements.len() as u64;
    }
    match value.as_object() {
        Some(members) => members.len() as u64,
        None => value.string_length().unwrap_or_default(),
    }
}

/// The name of a property that is not permitted.
pub(super) fn not_permitted(name: &str) -> String {
    format!("the property {} is not permitted", shown_text(name))
}

/// Names of properties.
pub(super) type Names<'e> = Box<dyn Iterator<Item = Cow<'e, str>> + 'e>;

/// The names that `additionalProperties` or `unevaluatedProperties` refuse.
pub(super) fn unexpected<'e>(
    error: &'e ValidationError<'_>,
    root: Lens<'e>,
) -> Option<(Names<'e>, &'static str)> {
    let all = |names: &'e [String]| Box::new(names.iter().map(|name| Cow::Borrowed(name.as_str())));
    match error.kind() {
        Failure::AdditionalProperties { unexpected } => Some((all(unexpected), "additionalProperties")),
        Failure::UnevaluatedProperties { unexpected } => Some((all(unexpected), "unevaluatedProperties")),
        // Where no property is declared, the validator names none.
        Failure::FalseSchema if error.schema_path().as_str().ends_with("/additionalProperties") => {
            let members = sketch::at(root, error.instance_path().as_str())?
                .as_object()?
                .members();
            Some((Box::new(members.map(|(name, _)| name)), "additionalProperties"))
        }
        _ => None,
    }
}
