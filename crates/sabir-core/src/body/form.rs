//! `application/x-www-form-urlencoded` (WHATWG URL §5.1).

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
    for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        fields.count(limits)?;
        let (name, value) = match memchr::memchr(b'=', pair) {
            Some(index) => (&pair[..index], &pair[index + 1..]),
            None => (pair, &[][..]),
        };
        fields.add(&unescape(name)?, Leaf::Text(unescape(value)?), schema)?;
    }
    fields.into_value(schema, limits)
}

fn unescape(text: &[u8]) -> Result<String, Problem> {
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
        .map_err(|_| Problem::bad_request("the form is not text in UTF-8"))
}

fn is_escape(rest: &[u8]) -> bool {
    matches!(rest, [first, second, ..] if first.is_ascii_hexdigit() && second.is_ascii_hexdigit())
}
