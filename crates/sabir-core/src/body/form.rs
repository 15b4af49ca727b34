//! `application/x-www-form-urlencoded` (WHATWG URL §5.1).

use std::borrow::Cow;

use percent_encoding::percent_decode;

use super::{
    fields::{Fields, Leaf},
    limits::BodyLimits,
};
use crate::{Problem, Text, Value, Violation, parameters::text_schema::TextPart};

/// Decodes a form to an object.
///
/// WHATWG lets bad escapes and bytes that are not UTF-8 through as something else; here they are refused, so that
/// a handler never works on what the client did not say.
///
/// # Errors
/// `bad-request` for such text, `content-too-large` for too many fields.
pub(super) fn decode(
    body: &[u8],
    schema: TextPart<'_>,
    limits: &BodyLimits,
    misfits: &mut Vec<Violation>,
) -> Result<Value, Problem> {
    let mut fields = Fields::default();
    for (name, value) in pairs(text(body)?) {
        fields.count(limits)?;
        let value = Leaf::Text(unescape(value)?.into_owned());
        fields.add(&unescape(name)?, value, schema)?;
    }
    fields.into_value(schema, limits, misfits)
}

/// Reads a form of which no schema says anything: its fields in order, with their names as they stand.
///
/// # Errors
/// As [`decode`].
pub(super) fn read_pairs(body: &[u8], limits: &BodyLimits) -> Result<Vec<(Text, Leaf)>, Problem> {
    let mut fields = Fields::default();
    let mut read = Vec::new();
    for (name, value) in pairs(text(body)?) {
        fields.count(limits)?;
        let value = Leaf::Text(unescape(value)?.into_owned());
        read.push((Text::from(unescape(name)?), value));
    }
    Ok(read)
}

/// The form as text.
///
/// # Errors
/// `bad-request` for bytes that are not UTF-8.
pub(super) fn text(body: &[u8]) -> Result<&str, Problem> {
    std::str::from_utf8(body).map_err(|_| not_utf8())
}

/// The names and values of a form, as they stand in it.
pub(super) fn pairs(form: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = form.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// Text without its escapes.
///
/// # Errors
/// `bad-request` for a percent sign alone, and for escaped bytes that are not UTF-8.
pub(super) fn unescape(text: &str) -> Result<Cow<'_, str>, Problem> {
    if !text.bytes().any(|byte| matches!(byte, b'%' | b'+')) {
        return Ok(Cow::Borrowed(text));
    }
    let spaced = text.replace('+', " ");
    let bytes = spaced.as_bytes();
    let mut percents = memchr::memchr_iter(b'%', bytes).peekable();
    if percents.peek().is_none() {
        return Ok(Cow::Owned(spaced));
    }
    if !percents.all(|index| is_escape(&bytes[index + 1..])) {
        return Err(Problem::bad_request(
            "the form has a percent sign without two hexadecimal digits",
        ));
    }
    String::from_utf8(percent_decode(bytes).collect())
        .map(Cow::Owned)
        .map_err(|_| not_utf8())
}

fn not_utf8() -> Problem {
    Problem::bad_request("the form is not text in UTF-8")
}

fn is_escape(rest: &[u8]) -> bool {
    matches!(rest, [first, second, ..] if first.is_ascii_hexdigit() && second.is_ascii_hexdigit())
}
