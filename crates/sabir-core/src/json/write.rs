//! The writer, and the way to and from `serde_json`'s values, which hold schemas and set-up data.

use std::io::Write;

use serde_json::{Number, Value as Json};

use crate::{Map, Value};

/// Writes `value` as JSON. Bytes are written as text when they are UTF-8 and lossily otherwise; a file as its name.
pub fn to_json_bytes(value: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(128);
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Integer(value) => drop(write!(out, "{value}")),
        Value::Number(value) => match Number::from_f64(*value) {
            Some(number) => drop(write!(out, "{number}")),
            None => out.extend_from_slice(b"null"),
        },
        Value::Literal(text) => out.extend_from_slice(text.as_bytes()),
        Value::String(text) => string(text, out),
        Value::Bytes(bytes) => string(&String::from_utf8_lossy(bytes), out),
        Value::File(file) => string(file.filename.as_deref().unwrap_or_default(), out),
        Value::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write(item, out);
            }
            out.push(b']');
        }
        Value::Object(members) => {
            out.push(b'{');
            for (index, (name, member)) in members.0.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                string(name, out);
                out.push(b':');
                write(member, out);
            }
            out.push(b'}');
        }
    }
}

fn string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut start = 0;
    for (index, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.extend_from_slice(&text.as_bytes()[start..index]);
        start = index + 1;
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            _ => drop(write!(out, "\\u{byte:04x}")),
        }
    }
    out.extend_from_slice(&text.as_bytes()[start..]);
    out.push(b'"');
}

/// The same data as a `serde_json` value. A number that it cannot hold becomes the nearest float.
pub fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Integer(value) => (*value).into(),
        Value::Number(value) => Number::from_f64(*value).map_or(Json::Null, Json::Number),
        Value::Literal(text) => {
            serde_json::from_str(text).unwrap_or_else(|_| Json::String(text.as_str().into()))
        }
        Value::String(text) => Json::String(text.as_str().into()),
        Value::Bytes(bytes) => Json::String(String::from_utf8_lossy(bytes).into_owned()),
        Value::File(file) => Json::String(file.filename.as_deref().unwrap_or_default().to_owned()),
        Value::Array(items) => items.iter().map(to_json).collect(),
        Value::Object(members) => Json::Object(
            members
                .0
                .iter()
                .map(|(name, member)| (name.as_str().into(), to_json(member)))
                .collect(),
        ),
    }
}

/// The value of set-up data such as a schema's `default`.
pub fn from_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(value), _) => Value::Integer(value),
            (None, Some(value)) if number.is_f64() => Value::Number(value),
            _ => Value::Literal(number.to_string().into()),
        },
        Json::String(text) => Value::String(text.as_str().into()),
        Json::Array(items) => Value::Array(items.iter().map(from_json).collect()),
        Json::Object(members) => Value::Object(Map(members
            .iter()
            .map(|(name, member)| (name.as_str().into(), from_json(member)))
            .collect())),
    }
}
