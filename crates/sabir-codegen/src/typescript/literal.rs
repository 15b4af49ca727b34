//! Data as TypeScript source.

use std::fmt::Write as _;

use serde_json::{Map, Number, Value};

use super::layout::Code;
use crate::fixture::Repeat;

/// `value` as an expression; repetitions stay short.
pub(super) fn json(value: &Value) -> Code {
    if let Some(repeat) = Repeat::from_json(value) {
        return format!("{}.repeat({})", string(&repeat.unit), repeat.times).into();
    }
    match value {
        Value::Null => "null".into(),
        Value::Bool(value) => value.to_string().into(),
        Value::Number(value) => number(value).into(),
        Value::String(text) => string(text).into(),
        Value::Array(items) => Code::array(items.iter().map(json).collect()),
        Value::Object(members) => object(members),
    }
}

/// `members` as an object.
pub(super) fn object(members: &Map<String, Value>) -> Code {
    Code::object(
        members
            .iter()
            .map(|(name, value)| member(name, json(value)))
            .collect(),
    )
}

/// A member of an object.
pub(super) fn member(name: &str, value: Code) -> Code {
    value.with_prefix(&format!("{}: ", key(name)))
}

/// Strings as an array.
pub(super) fn strings(items: &[&str]) -> Code {
    Code::array(items.iter().map(|item| string(item).into()).collect())
}

/// Header fields: an object, or pairs where a name is repeated.
pub(super) fn fields(fields: &[(String, String)]) -> Code {
    let is_repeated = fields.iter().enumerate().any(|(index, (name, _))| {
        fields[..index]
            .iter()
            .any(|(earlier, _)| earlier.eq_ignore_ascii_case(name))
    });
    if is_repeated {
        Code::array(
            fields
                .iter()
                .map(|(name, value)| strings(&[name, value]))
                .collect(),
        )
    } else {
        Code::object(
            fields
                .iter()
                .map(|(name, value)| member(name, string(value).into()))
                .collect(),
        )
    }
}

/// `number` with its exact value: an integer that is no `number` is a `bigint`.
fn number(number: &Number) -> String {
    let digits = number.to_string();
    let integer: Option<i128> = digits.parse().ok();
    // `f64` prints an integer with every digit.
    match integer {
        Some(_)
            if digits
                .parse::<f64>()
                .is_ok_and(|float| float.to_string() != digits) =>
        {
            digits + "n"
        }
        _ => digits,
    }
}

/// The name of a member: bare where it is an identifier.
fn key(name: &str) -> String {
    if name == "__proto__" {
        // A plain member of that name would set the prototype.
        return format!("[{}]", string(name));
    }
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$');
    if name.chars().all(is_word) && name.starts_with(|c: char| !c.is_ascii_digit()) {
        name.to_owned()
    } else {
        string(name)
    }
}

/// `text` in double quotes, or in single ones where that needs fewer backslashes.
pub(super) fn string(text: &str) -> String {
    let count = |quote: char| text.matches(quote).count();
    let quote = if count('"') > count('\'') { '\'' } else { '"' };
    let mut quoted = String::from(quote);
    for character in text.chars() {
        match character {
            _ if character == quote => {
                quoted.push('\\');
                quoted.push(quote);
            }
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
                let _ = write!(quoted, "\\u{{{:x}}}", u32::from(character));
            }
        }
    }
    quoted.push(quote);
    quoted
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn printed(value: &Value) -> String {
        json(value).print(0)
    }

    #[test]
    fn writes_json_as_typescript() {
        let value = json!({"a": [null, true, 1.5, "x\"y\u{0}😀"], "x-b": {"$repeat": "ab", "times": 3}});
        assert_eq!(
            printed(&value),
            r#"{ a: [null, true, 1.5, 'x"y\u0000\u{1f600}'], "x-b": "ab".repeat(3) }"#
        );
    }

    #[test]
    fn chooses_the_quotes_that_need_fewer_backslashes() {
        for (text, source) in [("it's", r#""it's""#), ("a\"b", r#"'a"b'"#), ("\"'", r#""\"'""#)] {
            assert_eq!(string(text), source);
        }
    }

    #[test]
    fn integers_that_are_no_numbers_are_bigints() {
        let value = json!([9_007_199_254_740_992_u64, 9_007_199_254_740_993_u64, -1]);
        assert_eq!(printed(&value), "[9007199254740992, 9007199254740993n, -1]");
    }

    #[test]
    fn a_member_called_proto_is_one() {
        assert_eq!(
            printed(&json!({"__proto__": 1, "1a": 2})),
            r#"{ ["__proto__"]: 1, "1a": 2 }"#
        );
    }

    #[test]
    fn repeated_fields_are_pairs() {
        let pair = |name: &str| (name.to_owned(), "1".to_owned());
        assert_eq!(
            fields(&[pair("x-a"), pair("b")]).print(0),
            r#"{ "x-a": "1", b: "1" }"#
        );
        assert_eq!(
            fields(&[pair("x-a"), pair("X-A")]).print(0),
            r#"[["x-a", "1"], ["X-A", "1"]]"#
        );
    }
}
