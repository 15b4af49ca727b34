//! Data as Ruby source.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::{fixture::Repeat, layout::Code};

/// `value` as an expression; repetitions stay short.
pub(super) fn json(value: &Value) -> Code {
    if let Some(repeat) = Repeat::from_json(value) {
        return format!("{} * {}", string(&repeat.unit), repeat.times).into();
    }
    match value {
        Value::Null => "nil".into(),
        Value::Bool(value) => value.to_string().into(),
        Value::Number(value) => value.to_string().into(),
        Value::String(text) => string(text).into(),
        Value::Array(items) => Code::array(items.iter().map(json).collect()),
        Value::Object(members) => object(members),
    }
}

/// `members` as a Hash.
pub(super) fn object(members: &Map<String, Value>) -> Code {
    let members = members.iter().map(|(name, value)| member(name, json(value)));
    Code::object(members.collect())
}

/// A member of a Hash, or an argument by its name.
pub(super) fn member(name: &str, value: Code) -> Code {
    value.with_prefix(&format!("{}: ", key(name)))
}

/// Header fields: a Hash, or pairs where a name is repeated.
pub(super) fn fields(fields: &[(String, String)]) -> Code {
    let is_repeated = fields.iter().enumerate().any(|(index, (name, _))| {
        let mut earlier = fields[..index].iter();
        earlier.any(|(earlier, _)| earlier.eq_ignore_ascii_case(name))
    });
    let pairs = fields.iter();
    if is_repeated {
        let pair =
            |(name, value): &(String, String)| Code::array(vec![string(name).into(), string(value).into()]);
        Code::array(pairs.map(pair).collect())
    } else {
        let pair = |(name, value): &(String, String)| format!("{} => {}", string(name), string(value)).into();
        Code::object(pairs.map(pair).collect())
    }
}

/// `name` as a symbol.
pub(super) fn symbol(name: &str) -> String {
    format!(":{}", key(name))
}

/// A name before a colon, or behind one: bare where it is a word.
fn key(name: &str) -> String {
    let word = name.strip_suffix('?').unwrap_or(name);
    let is_word = word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if is_word { name.to_owned() } else { string(name) }
}

/// `text` in double quotes.
pub(super) fn string(text: &str) -> String {
    let mut quoted = String::from('"');
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '#' if matches!(characters.peek(), Some('{' | '$' | '@')) => quoted.push_str("\\#"),
            ' '..='~' => quoted.push(character),
            // Letters of other scripts stay readable; what cannot be seen, or could be taken for something else, not.
            _ if character.is_alphanumeric() && !('\u{370}'..'\u{530}').contains(&character) => {
                quoted.push(character);
            }
            _ => {
                let _ = write!(quoted, "\\u{{{:x}}}", u32::from(character));
            }
        }
    }
    quoted.push('"');
    quoted
}
