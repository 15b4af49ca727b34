//! Values as messages show them: as JSON, cut when they are long, without more work than what is shown takes.

use std::fmt::{self, Write};

use jsonschema::json::{Array as _, JsonNumber as _, Node as _, Object as _};
use serde_json::Value as Data;

use super::instance::Lens;

/// Values are shown up to this many characters.
const SHOWN: usize = 60;

/// Takes what fits and refuses the rest.
struct Cut {
    text: String,
    room: usize,
}

impl Write for Cut {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            if self.room == 0 {
                return Err(fmt::Error);
            }
            self.room -= 1;
            self.text.push(character);
        }
        Ok(())
    }
}

fn cut(write: impl FnOnce(&mut Cut) -> fmt::Result) -> String {
    let mut out = Cut {
        text: String::new(),
        room: SHOWN,
    };
    if write(&mut out).is_err() {
        out.text.push('…');
    }
    out.text
}

/// `value` as JSON.
pub(super) fn shown(value: Lens<'_>) -> String {
    cut(|out| write_value(value, out))
}

/// `text` as a JSON string.
pub(crate) fn shown_text(text: &str) -> String {
    cut(|out| write_string(text, out))
}

/// A part of a schema as JSON.
pub(super) fn shown_data(data: &Data) -> String {
    cut(|out| write_data(data, out))
}

fn write_value(value: Lens<'_>, out: &mut Cut) -> fmt::Result {
    if let Some(text) = value.as_string() {
        return write_string(&text, out);
    }
    if let Some(number) = value.as_number() {
        return out.write_str(&number.as_str());
    }
    if let Some(truth) = value.as_boolean() {
        return write!(out, "{truth}");
    }
    if let Some(elements) = value.as_array() {
        out.write_char('[')?;
        for (index, element) in elements.elements().enumerate() {
            if index > 0 {
                out.write_char(',')?;
            }
            write_value(element, out)?;
        }
        return out.write_char(']');
    }
    if let Some(members) = value.as_object() {
        out.write_char('{')?;
        for (index, (name, member)) in members.members().enumerate() {
            if index > 0 {
                out.write_char(',')?;
            }
            write_string(&name, out)?;
            out.write_char(':')?;
            write_value(member, out)?;
        }
        return out.write_char('}');
    }
    out.write_str("null")
}

fn write_data(data: &Data, out: &mut Cut) -> fmt::Result {
    match data {
        Data::String(text) => write_string(text, out),
        Data::Array(items) => {
            out.write_char('[')?;
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.write_char(',')?;
                }
                write_data(item, out)?;
            }
            out.write_char(']')
        }
        Data::Object(members) => {
            out.write_char('{')?;
            for (index, (name, member)) in members.iter().enumerate() {
                if index > 0 {
                    out.write_char(',')?;
                }
                write_string(name, out)?;
                out.write_char(':')?;
                write_data(member, out)?;
            }
            out.write_char('}')
        }
        scalar => write!(out, "{scalar}"),
    }
}

/// A string in JSON's notation (RFC 8259 §7).
fn write_string(text: &str, out: &mut Cut) -> fmt::Result {
    out.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' => out.write_str("\\\"")?,
            '\\' => out.write_str("\\\\")?,
            '\n' => out.write_str("\\n")?,
            '\r' => out.write_str("\\r")?,
            '\t' => out.write_str("\\t")?,
            '\u{8}' => out.write_str("\\b")?,
            '\u{c}' => out.write_str("\\f")?,
            '\0'..='\u{1f}' => write!(out, "\\u{:04x}", u32::from(character))?,
            _ => out.write_char(character)?,
        }
    }
    out.write_char('"')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::json::from_json;

    #[test]
    fn shows_values_as_json_and_cuts_them() {
        for data in [
            json!([1, -2.5, {"a": null, "é": "\"\n\u{1}"}]),
            json!({}),
            json!(true),
        ] {
            assert_eq!(shown_data(&data), data.to_string());
            assert_eq!(shown(Lens::tree(&from_json(&data))), data.to_string());
        }
        let long = "é".repeat(100);
        assert_eq!(shown_text(&long), format!("\"{}…", "é".repeat(59)));
        assert_eq!(shown_text(&"a".repeat(58)), format!("\"{}\"", "a".repeat(58)));
    }
}
