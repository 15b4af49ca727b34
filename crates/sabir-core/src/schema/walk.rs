//! The schemas inside a schema, without what only looks like one: values of `enum`, `const`, `default` and `examples`.

use serde_json::{Map, Value as Json};

use crate::pointer::step;

/// Keywords with one schema.
pub(crate) const SCHEMAS: [&str; 12] = [
    "additionalItems",
    "additionalProperties",
    "contains",
    "contentSchema",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];
/// Keywords with a list of schemas.
pub(crate) const LISTS: [&str; 5] = ["allOf", "anyOf", "items", "oneOf", "prefixItems"];
/// Keywords with schemas by name.
pub(crate) const NAMED: [&str; 7] = [
    "$defs",
    "definitions",
    "dependencies",
    "dependentSchemas",
    "patternProperties",
    "properties",
    "schemas",
];

/// Calls `visit` for `schema` and for every schema inside it, from the outside in, each with the pointer to it. Components
/// beside the whole are among them.
///
/// # Errors
/// The first that `visit` returns.
pub(super) fn walk<E>(
    schema: &mut Json,
    visit: &mut impl FnMut(&mut Map<String, Json>, &str) -> Result<(), E>,
) -> Result<(), E> {
    let mut pointer = String::new();
    below(schema, &mut pointer, visit)?;
    match schema.get_mut("components") {
        Some(components) => {
            pointer.push_str("/components");
            inside(components, &mut pointer, visit)
        }
        None => Ok(()),
    }
}

fn below<E>(
    schema: &mut Json,
    pointer: &mut String,
    visit: &mut impl FnMut(&mut Map<String, Json>, &str) -> Result<(), E>,
) -> Result<(), E> {
    if let Json::Object(members) = schema {
        visit(members, pointer)?;
    }
    inside(schema, pointer, visit)
}

fn inside<E>(
    schema: &mut Json,
    pointer: &mut String,
    visit: &mut impl FnMut(&mut Map<String, Json>, &str) -> Result<(), E>,
) -> Result<(), E> {
    let Json::Object(members) = schema else {
        return Ok(());
    };
    let length = pointer.len();
    for (keyword, value) in members {
        let keyword = keyword.as_str();
        pointer.truncate(length);
        step(pointer, keyword);
        let inner = pointer.len();
        match value {
            Json::Object(named) if NAMED.contains(&keyword) => {
                for (name, schema) in named {
                    pointer.truncate(inner);
                    step(pointer, name);
                    below(schema, pointer, visit)?;
                }
            }
            Json::Array(list) if LISTS.contains(&keyword) => {
                for (index, schema) in list.iter_mut().enumerate() {
                    pointer.truncate(inner);
                    step(pointer, &index.to_string());
                    below(schema, pointer, visit)?;
                }
            }
            value if SCHEMAS.contains(&keyword) => below(value, pointer, visit)?,
            _ => {}
        }
    }
    pointer.truncate(length);
    Ok(())
}
