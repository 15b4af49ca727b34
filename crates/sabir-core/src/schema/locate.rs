//! Where in a schema that does not compile the mistake is.

use jsonschema::ValidationError;
use serde_json::Value as Json;

use crate::{SetupError, pointer};

use super::{kind::DOCUMENTS, message};

/// The error of a schema, named `field`, that does not compile. `local` is the same with references that are pointers.
pub(super) fn setup_error(
    field: &str,
    schema: &Json,
    local: &Json,
    error: &ValidationError<'_>,
) -> SetupError {
    let pointer = error.instance_path().to_string();
    let pointer = if pointer.is_empty() {
        dangling(local, local).unwrap_or_default()
    } else {
        pointer
    };
    let problem = match schema.pointer(&pointer) {
        Some(value) if pointer.ends_with("/$ref") => format!("{value} refers to nothing"),
        _ => message::of_schema(error),
    };
    SetupError::new(
        below(field, schema, &pointer),
        format!("the schema is not valid: {problem}"),
        "mend it; see JSON Schema",
    )
}

/// `field` with the steps of `pointer` in the same notation: `schema.properties.a.type`, `schema.enum[0]`.
pub(crate) fn below(field: &str, schema: &Json, pointer: &str) -> String {
    // A component is not a part of the schema that refers to it.
    let (mut text, pointer, mut place) = match pointer.strip_prefix("/components/schemas") {
        Some(rest) => (
            "components".to_owned(),
            rest,
            schema.pointer("/components/schemas"),
        ),
        None => (field.to_owned(), pointer, Some(schema)),
    };
    for step in pointer.split('/').skip(1) {
        let step = pointer::name(step);
        if place.is_some_and(Json::is_array) {
            text.push_str(&format!("[{step}]"));
        } else {
            text.push('.');
            text.push_str(&step);
        }
        place = match place {
            Some(Json::Array(items)) => step.parse().ok().and_then(|index: usize| items.get(index)),
            Some(Json::Object(members)) => members.get(&*step),
            _ => None,
        };
    }
    text
}

/// The pointer of the first reference below `place` that leads nowhere in `root`. Those to the drafts lead out of it.
fn dangling(place: &Json, root: &Json) -> Option<String> {
    let step = |name: &str, value: &Json| {
        dangling(value, root).map(|rest| format!("/{}{rest}", pointer::token(name)))
    };
    match place {
        Json::Object(members) => {
            let reference = members.get("$ref").and_then(Json::as_str);
            let leads_nowhere = |reference: &str| match reference.strip_prefix('#') {
                Some(pointer) => root.pointer(pointer).is_none(),
                None => !reference.contains("://json-schema.org/"),
            };
            if reference.is_some_and(leads_nowhere) {
                return Some("/$ref".into());
            }
            // Documents are another's, and were looked at by themselves.
            let mut members = members.iter().filter(|(name, _)| *name != DOCUMENTS);
            members.find_map(|(name, value)| step(name, value))
        }
        Json::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, value)| step(&index.to_string(), value)),
        _ => None,
    }
}
