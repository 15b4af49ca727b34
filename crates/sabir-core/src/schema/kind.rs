//! What a schema declares its values to be. References are pointers here, as [`reference`](super::reference) writes them.

use serde_json::Value as Json;

use crate::{Kind, pointer};

/// How many references are followed before a schema counts as saying nothing.
const REFERENCE_LIMIT: usize = 32;

/// Where other documents stand that a schema refers to.
pub(crate) const DOCUMENTS: &str = "x-sabir-documents";

/// The URI of the document that `pointer` leads into, and the pointer within that.
pub(super) fn document_of(pointer: &str) -> Option<(String, &str)> {
    let rest = pointer
        .strip_prefix('/')?
        .strip_prefix(DOCUMENTS)?
        .strip_prefix('/')?;
    let (uri, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    Some((pointer::name(uri).into_owned(), rest))
}

/// Follows references from `schema` within `root`.
pub(crate) fn resolve<'s>(schema: &'s Json, root: &'s Json) -> &'s Json {
    references(schema, root).last().unwrap_or(schema)
}

/// The `default` of `schema`. One that stands beside a reference is nearer than one of the schema referred to, and counts.
pub(crate) fn default_of<'s>(schema: &'s Json, root: &'s Json) -> Option<&'s Json> {
    references(schema, root).find_map(|schema| schema.get("default"))
}

/// `schema`, what it refers to, what that refers to, and so on.
fn references<'s>(schema: &'s Json, root: &'s Json) -> impl Iterator<Item = &'s Json> {
    let target = |schema: &&'s Json| {
        let reference = schema.get("$ref").and_then(Json::as_str)?;
        root.pointer(reference.strip_prefix('#')?)
    };
    std::iter::successors(Some(schema), target).take(REFERENCE_LIMIT)
}

/// How deeply arrays and combinations are looked into before they count as saying nothing: a schema may contain
/// itself.
const NESTING_LIMIT: usize = 8;

/// The kind of `schema`'s values, without null, and whether null is one of them.
pub(crate) fn kind_of(schema: &Json, root: &Json) -> (Kind, bool) {
    kind_within(schema, root, NESTING_LIMIT)
}

fn kind_within(schema: &Json, root: &Json, depth: usize) -> (Kind, bool) {
    let Some(depth) = depth.checked_sub(1) else {
        return (Kind::Any, false);
    };
    let schema = resolve(schema, root);
    let (name, nullable) = match schema.get("type") {
        Some(Json::String(name)) => (Some(name.as_str()), name == "null"),
        Some(Json::Array(names)) => {
            let mut others = names
                .iter()
                .filter_map(Json::as_str)
                .filter(|name| *name != "null");
            let first = others.next();
            let nullable = names.iter().any(|name| name == "null");
            // Several types besides null leave the kind open.
            (
                if others.next().is_none() {
                    first.or(Some("null"))
                } else {
                    None
                },
                nullable,
            )
        }
        _ => return untyped(schema, root, depth),
    };
    (named(name, schema, root, depth), nullable)
}

fn untyped(schema: &Json, root: &Json, depth: usize) -> (Kind, bool) {
    for keyword in ["anyOf", "oneOf"] {
        let Some(Json::Array(choices)) = schema.get(keyword) else {
            continue;
        };
        let kinds: Vec<_> = choices
            .iter()
            .map(|choice| kind_within(choice, root, depth))
            .collect();
        let nullable = kinds
            .iter()
            .any(|(kind, nullable)| *nullable || *kind == Kind::Null);
        let mut others = kinds
            .into_iter()
            .map(|(kind, _)| kind)
            .filter(|kind| *kind != Kind::Null);
        let first = others.next().unwrap_or(Kind::Any);
        return (
            if others.all(|kind| kind == first) {
                first
            } else {
                Kind::Any
            },
            nullable,
        );
    }
    if let Some(Json::Array(parts)) = schema.get("allOf") {
        let known = parts
            .iter()
            .map(|part| kind_within(part, root, depth))
            .find(|(kind, _)| *kind != Kind::Any);
        return known.unwrap_or((Kind::Any, false));
    }
    let samples = match (schema.get("enum"), schema.get("const")) {
        (Some(Json::Array(values)), _) => values.iter().collect(),
        (_, Some(value)) => vec![value],
        _ => Vec::new(),
    };
    let nullable = samples.iter().any(|value| value.is_null());
    let mut kinds = samples.into_iter().filter(|value| !value.is_null()).map(sample);
    let first = kinds.next().unwrap_or(Kind::Any);
    (
        if kinds.all(|kind| kind == first) {
            first
        } else {
            Kind::Any
        },
        nullable,
    )
}

fn sample(value: &Json) -> Kind {
    match value {
        Json::Null => Kind::Null,
        Json::Bool(_) => Kind::Boolean,
        Json::Number(number) if number.is_f64() => Kind::Number,
        Json::Number(_) => Kind::Integer,
        Json::String(_) => Kind::String,
        Json::Array(_) => Kind::Array(Box::new(Kind::Any)),
        Json::Object(_) => Kind::Object,
    }
}

fn named(name: Option<&str>, schema: &Json, root: &Json, depth: usize) -> Kind {
    match name {
        Some("null") => Kind::Null,
        Some("boolean") => Kind::Boolean,
        Some("integer") => Kind::Integer,
        Some("number") => Kind::Number,
        Some("object") => Kind::Object,
        Some("array") => {
            let items = schema
                .get("items")
                .map_or(Kind::Any, |items| kind_within(items, root, depth).0);
            Kind::Array(Box::new(items))
        }
        Some("string") => match schema.get("format").and_then(Json::as_str) {
            Some("uuid") => Kind::Uuid,
            Some("date") => Kind::Date,
            Some("date-time") => Kind::DateTime,
            Some("time") => Kind::Time,
            Some("duration") => Kind::Duration,
            Some("decimal") => Kind::Decimal,
            Some("binary") => Kind::Binary,
            _ => Kind::String,
        },
        _ => Kind::Any,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kind(schema: &Json) -> (Kind, bool) {
        kind_of(schema, schema)
    }

    #[test]
    fn follows_references_and_sees_null() {
        let schema = json!({"$ref": "#/$defs/a", "$defs": {"a": {"type": ["integer", "null"]}}});
        assert_eq!(kind(&schema), (Kind::Integer, true));
        assert_eq!(
            kind(&json!({"anyOf": [{"type": "null"}, {"format": "uuid", "type": "string"}]})),
            (Kind::Uuid, true)
        );
    }

    #[test]
    fn takes_the_nearest_default() {
        let schema = json!({"$ref": "#/$defs/a", "$defs": {
            "a": {"$ref": "#/$defs/b", "default": 1}, "b": {"default": 2, "type": "integer"}
        }});
        assert_eq!(default_of(&schema, &schema), Some(&json!(1)));
    }

    #[test]
    fn takes_the_kind_of_an_untyped_enum_from_its_values() {
        assert_eq!(kind(&json!({"enum": [1, 2, null]})), (Kind::Integer, true));
        assert_eq!(kind(&json!({"enum": [1, "a"]})), (Kind::Any, false));
    }

    #[test]
    fn survives_a_schema_that_contains_itself() {
        let json = json!({"anyOf": [{"type": "integer"}, {"type": "array", "items": {"$ref": "#"}}]});
        assert_eq!(kind(&json), (Kind::Any, false));
        assert!(matches!(
            kind(&json!({"type": "array", "items": {"$ref": "#"}})).0,
            Kind::Array(_)
        ));
    }

    #[test]
    fn survives_a_circle_of_references() {
        assert_eq!(kind(&json!({"$ref": "#"})), (Kind::Any, false));
    }
}
