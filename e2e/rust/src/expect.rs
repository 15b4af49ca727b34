//! Comparing an answer with what a fixture expects.

use base64::{Engine as _, prelude::BASE64_STANDARD as BASE64};
use regex_lite::Regex;
use sabir_codegen::fixture::{BytesRange, Expectation, expand};
use serde::Deserialize as _;
use serde_json::{Map, Value};

use crate::client::Answer;

/// Every difference between `answer` and `expected`, as sentences.
pub(crate) fn differences(expected: &Expectation, answer: &Answer) -> Vec<String> {
    let mut found = Vec::new();
    if answer.status != expected.status {
        found.push(format!(
            "the status is {}, not {}",
            answer.status, expected.status
        ));
    }
    if answer.breaks_off != expected.breaks_off {
        found.push(format!(
            "the answer {}",
            if answer.breaks_off {
                "broke off"
            } else {
                "came to its end"
            }
        ));
    }
    for (name, pattern) in &expected.headers {
        if let Err(difference) = header(&answer.values(name), &expand(pattern)) {
            found.push(format!("header {name}: {difference}"));
        }
    }
    if let Some(pattern) = &expected.body {
        found.extend(json_differences(&expand(pattern), &answer.body, "the body"));
    }
    if let Some(text) = &expected.body_text
        && text.expand().as_bytes() != answer.body
    {
        found.push(format!(
            "the body is not the text {:?}",
            shortened(&text.expand())
        ));
    }
    if let Some(text) = &expected.body_base64
        && BASE64.decode(text).ok().as_deref() != Some(&answer.body[..])
    {
        found.push(format!("the body is not the bytes {text}"));
    }
    if let Some(ranges) = &expected.body_ranges
        && let Err(difference) = byteranges(ranges, answer)
    {
        found.push(format!("the body is not multipart/byteranges: {difference}"));
    }
    if let Some(size) = expected.body_size
        && size != answer.body.len() as u64
    {
        found.push(format!("the body has {} bytes, not {size}", answer.body.len()));
    }
    found
}

/// Every difference between `pattern` and the JSON in `bytes`, which are `what`.
pub(crate) fn json_differences(pattern: &Value, bytes: &[u8], what: &str) -> Vec<String> {
    let mut found = Vec::new();
    match parse(bytes) {
        Ok(value) => compare(pattern, Some(&value), what, &mut found),
        Err(error) => found.push(format!("{what} is not JSON: {error}")),
    }
    found
}

/// Compares the parts of a `multipart/byteranges` body (RFC 9110 §14.6) with those that are expected.
fn byteranges(expected: &[BytesRange], answer: &Answer) -> Result<(), String> {
    let content_type = answer.values("content-type").concat();
    let boundary = content_type
        .strip_prefix("multipart/byteranges; boundary=")
        .ok_or_else(|| format!("its type is {content_type:?}"))?;
    let text = std::str::from_utf8(&answer.body).map_err(|error| error.to_string())?;
    let parts = text
        .strip_prefix(&format!("--{boundary}\r\n"))
        .and_then(|rest| rest.strip_suffix(&format!("\r\n--{boundary}--\r\n")))
        .ok_or("it has no beginning, or no end")?;
    let parts: Vec<&str> = parts.split(&format!("\r\n--{boundary}\r\n")).collect();
    if parts.len() != expected.len() {
        return Err(format!("it has {} parts, not {}", parts.len(), expected.len()));
    }
    for (part, expected) in parts.iter().zip(expected) {
        let (head, content) = part.split_once("\r\n\r\n").ok_or("a part has no head")?;
        let mut fields: Vec<(String, &str)> = head
            .split("\r\n")
            .filter_map(|field| field.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
            .collect();
        fields.sort_unstable();
        let due = [
            ("content-range".to_owned(), &*expected.content_range),
            ("content-type".to_owned(), &*expected.content_type),
        ];
        if fields != due || content != expected.text {
            return Err(format!("a part is {fields:?} {content:?}"));
        }
    }
    Ok(())
}

/// Reads JSON however deep it is: the tags of `echo` double the depth of what was sent.
fn parse(bytes: &[u8]) -> serde_json::Result<Value> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    reader.disable_recursion_limit();
    let value = Value::deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

fn header(values: &[String], pattern: &Value) -> Result<(), String> {
    if let Value::Array(patterns) = pattern {
        if patterns.len() != values.len() {
            return Err(format!(
                "{values:?} are {} values, not {}",
                values.len(),
                patterns.len()
            ));
        }
        let mut pairs = patterns.iter().zip(values);
        return pairs.try_for_each(|(pattern, value)| header(std::slice::from_ref(value), pattern));
    }
    let mut found = Vec::new();
    let value = match values {
        [] => None,
        [value] => Some(Value::String(value.clone())),
        _ => return Err(format!("{values:?} are several values, where one is expected")),
    };
    compare(pattern, value.as_ref(), "value", &mut found);
    if found.is_empty() {
        Ok(())
    } else {
        Err(found.join("; "))
    }
}

/// Adds to `found` where `actual` at `place` differs from `pattern`.
fn compare(pattern: &Value, actual: Option<&Value>, place: &str, found: &mut Vec<String>) {
    if let Some(outcome) = matcher(pattern, actual) {
        if let Err(difference) = outcome {
            found.push(format!("{place} {difference}"));
        }
        return;
    }
    let Some(actual) = actual else {
        found.push(format!("{place} is absent"));
        return;
    };
    match (pattern, actual) {
        (Value::Object(members), Value::Object(actual)) => {
            for (name, pattern) in members {
                compare(pattern, actual.get(name), &format!("{place}.{name}"), found);
            }
        }
        (Value::Array(patterns), Value::Array(items)) if patterns.len() == items.len() => {
            for (index, (pattern, item)) in patterns.iter().zip(items).enumerate() {
                compare(pattern, Some(item), &format!("{place}[{index}]"), found);
            }
        }
        _ if is_equal(pattern, actual) => {}
        _ => found.push(format!(
            "{place} is {}, not {pattern}",
            shortened(&actual.to_string())
        )),
    }
}

/// Applies `pattern` when it is a matcher.
fn matcher(pattern: &Value, actual: Option<&Value>) -> Option<Result<(), String>> {
    let members: &Map<String, Value> = pattern.as_object()?;
    let (name, argument) = members.iter().next()?;
    if members.len() != 1 || !name.starts_with('$') {
        return None;
    }
    let text = actual.and_then(Value::as_str);
    let wanted = argument.as_str().unwrap_or_default();
    let is_met = match name.as_str() {
        "$absent" => actual.is_none(),
        "$any" => actual.is_some_and(|actual| match wanted {
            "string" => actual.is_string(),
            "number" => actual.is_number(),
            // As in JSON Schema, 1.0 is an integer.
            "integer" => actual.as_f64().is_some_and(|number| number.fract() == 0.0),
            "boolean" => actual.is_boolean(),
            "array" => actual.is_array(),
            "object" => actual.is_object(),
            _ => false,
        }),
        "$contains" => text.is_some_and(|text| text.contains(wanted)),
        "$matches" => match Regex::new(wanted) {
            Ok(regex) => text.is_some_and(|text| regex.is_match(text)),
            Err(error) => return Some(Err(format!("cannot be matched: {error}"))),
        },
        _ => return Some(Err(format!("cannot be matched: there is no matcher {name}"))),
    };
    Some(if is_met {
        Ok(())
    } else {
        let actual = actual.map_or_else(|| "absent".to_owned(), |actual| shortened(&actual.to_string()));
        Err(format!("is {actual}, which does not meet {pattern}"))
    })
}

/// Numbers are equal by value, whatever they look like.
fn is_equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        _ => left == right,
    }
}

fn shortened(text: &str) -> String {
    const LIMIT: usize = 300;
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
