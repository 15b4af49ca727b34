//! Schemas as the gem reads them.

use serde_json::{Map, Value, json};

use super::{literal, names};
use crate::layout::Code;

/// Classes and symbols that stand for whole schemas.
fn short(schema: &Value) -> Option<&'static str> {
    let found = [
        (json!({"type": "string"}), "String"),
        (json!({"type": "integer"}), "Integer"),
        (json!({"type": "number"}), "Float"),
        (json!({"type": "boolean"}), ":boolean"),
        (json!({"type": "null"}), ":null"),
        (json!({"type": "string", "format": "date"}), "Date"),
        (json!({"type": "string", "format": "date-time"}), "Time"),
        (json!({"type": "string", "format": "binary"}), "Sabir::UploadFile"),
        (json!({}), "Object"),
    ];
    found
        .iter()
        .find(|(long, _)| long == schema)
        .map(|(_, short)| *short)
}

/// `schema` as it is written for a parameter or a body: a class where one says it all, else JSON Schema.
pub(super) fn of(schema: &Value) -> Code {
    if let Some(short) = short(schema) {
        return short.into();
    }
    let items = schema
        .as_object()
        .filter(|members| members.len() == 2 && members.get("type") == Some(&json!("array")));
    match items.and_then(|members| members.get("items")).and_then(short) {
        Some(item) => format!("[{item}]").into(),
        None => plain(schema),
    }
}

/// `schema` as JSON Schema, whose words are symbols.
pub(super) fn plain(schema: &Value) -> Code {
    match schema {
        Value::Object(members) if crate::fixture::Repeat::from_json(schema).is_none() => {
            let members = members.iter().map(|(name, value)| {
                let is_word = matches!(name.as_str(), "type" | "format");
                match value
                    .as_str()
                    .filter(|text| is_word && names::is_identifier(text))
                {
                    Some(word) => literal::member(name, literal::symbol(word).into()),
                    None => literal::member(name, plain(value)),
                }
            });
            Code::object(members.collect())
        }
        Value::Array(items) => Code::array(items.iter().map(plain).collect()),
        other => literal::json(other),
    }
}

/// Whether nil may be a value.
pub(super) fn may_be_null(schema: &Value) -> bool {
    let Some(members) = schema.as_object() else {
        return true;
    };
    match members.get("type") {
        Some(Value::String(name)) => return name == "null",
        Some(Value::Array(names)) => return names.contains(&json!("null")),
        _ => {}
    }
    if let Some(values) = members.get("enum").and_then(Value::as_array) {
        return values.contains(&Value::Null);
    }
    match members.get("anyOf").and_then(Value::as_array) {
        Some(choices) => choices.iter().any(may_be_null),
        None => true,
    }
}

/// Whether `schema` has a format for which Ruby has no class, or one that is written as JSON Schema: the suite has to say it to tell
/// the type of the text.
pub(super) fn has_formats(schema: &Value, components: &Map<String, Value>) -> bool {
    if short(schema).is_some()
        || schema["type"] == "array"
            && short(&schema["items"]).is_some()
            && schema.as_object().map(Map::len) == Some(2)
    {
        return false;
    }
    mentions_formats(schema) || refers(schema) && components.values().any(mentions_formats)
}

fn mentions_formats(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => members.iter().any(|(name, value)| match value.as_str() {
            Some(format) => {
                name == "format"
                    && matches!(
                        format,
                        "uuid" | "date" | "date-time" | "time" | "duration" | "decimal"
                    )
            }
            None => mentions_formats(value),
        }),
        Value::Array(items) => items.iter().any(mentions_formats),
        _ => false,
    }
}

fn refers(schema: &Value) -> bool {
    match schema {
        Value::Object(members) => members.contains_key("$ref") || members.values().any(refers),
        Value::Array(items) => items.iter().any(refers),
        _ => false,
    }
}
