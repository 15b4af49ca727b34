//! Data as Python source.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::fixture::Repeat;

/// `value` as a Python expression; repetitions stay short.
pub(super) fn json(value: &Value) -> String {
    if let Some(repeat) = Repeat::from_json(value) {
        return format!("{} * {}", string(&repeat.unit), repeat.times);
    }
    match value {
        Value::Null => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => string(text),
        Value::Array(items) => list(items.iter().map(json)),
        Value::Object(members) => object(members),
    }
}

/// `members` as a dictionary.
pub(super) fn object(members: &Map<String, Value>) -> String {
    let members = members
        .iter()
        .map(|(name, value)| format!("{}: {}", string(name), json(value)));
    format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
}

/// `items` as a list.
pub(super) fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

/// Pairs of strings as a list of tuples.
pub(super) fn pairs(pairs: &[(String, String)]) -> String {
    list(
        pairs
            .iter()
            .map(|(name, value)| format!("({}, {})", string(name), string(value))),
    )
}

/// `text` in double quotes.
pub(super) fn string(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            ' '..='~' => quoted.push(character),
            // Letters of other scripts stay readable; what cannot be seen, or could be taken for something else, not.
            _ if character.is_alphanumeric() && !('\u{370}'..'\u{530}').contains(&character) => {
                quoted.push(character);
            }
            _ if u32::from(character) < 0x1_0000 => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(character));
            }
            _ => {
                let _ = write!(quoted, "\\U{:08x}", u32::from(character));
            }
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn writes_json_as_python() {
        let value = json!({"a": [null, true, 1.5, "x\"y\u{0}"], "b": {"$repeat": "ab", "times": 3}});
        assert_eq!(
            json(&value),
            r#"{"a": [None, True, 1.5, "x\"y\u0000"], "b": "ab" * 3}"#
        );
    }
}
