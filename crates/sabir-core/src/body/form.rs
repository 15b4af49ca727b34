//! `application/x-www-form-urlencoded` (WHATWG URL §5.1).

use std::borrow::Cow;

use percent_encoding::percent_decode;

use super::{
    field_schema::FieldSchema,
    fields::{Fields, Leaf},
    plan::Limits,
};
use crate::{Problem, Value};

/// Decodes a form to an object.
///
/// WHATWG lets bad escapes and bytes that are not UTF-8 through as something else; here they are refused, so that
/// a handler never works on what the client did not say.
///
/// # Errors
/// `bad-request` for such text, `content-too-large` for too many fields.
pub(super) fn decode(body: &[u8], schema: FieldSchema<'_>, limits: &Limits) -> Result<Value, Problem> {
    let mut fields = Fields::default();
    for (name, value) in pairs(body) {
        fields.count(limits)?;
        let value = Leaf::Text(unescape(value)?.into_owned());
        fields.add(&unescape(name)?, value, schema)?;
    }
    fields.into_value(schema, limits)
}

/// The names and values of a form, as they stand in it.
pub(super) fn pairs(body: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let pairs = body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| match memchr::memchr(b'=', pair) {
        Some(index) => (&pair[..index], &pair[index + 1..]),
        None => (pair, &[][..]),
    })
}

/// Text without its escapes.
pub(super) fn unescape(text: &[u8]) -> Result<Cow<'_, str>, Problem> {
    let not_utf8 = |_| Problem::bad_request("the form is not text in UTF-8");
    if memchr::memchr2(b'%', b'+', text).is_none() {
        return std::str::from_utf8(text).map(Cow::Borrowed).map_err(not_utf8);
    }
    if text
        .iter()
        .enumerate()
        .any(|(index, byte)| *byte == b'%' && !is_escape(&text[index + 1..]))
    {
        return Err(Problem::bad_request(
            "the form has a percent sign without two hexadecimal digits",
        ));
    }
    let spaced: Vec<u8> = text
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    String::from_utf8(percent_decode(&spaced).collect())
        .map(Cow::Owned)
        .map_err(|error| not_utf8(error.utf8_error()))
}

fn is_escape(rest: &[u8]) -> bool {
    matches!(rest, [first, second, ..] if first.is_ascii_hexdigit() && second.is_ascii_hexdigit())
}
