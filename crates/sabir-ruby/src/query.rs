//! Queries and forms with plain names, for parameters of Ruby.

use std::borrow::Cow;

use magnus::{Error, RHash, RString, Ruby, Value, prelude::*};
use percent_encoding::percent_decode;

use crate::value::key;

/// How many pairs are read. Whoever takes more reads them with a limit of his own.
const MOST: usize = 256;

/// Adds the pairs of an `application/x-www-form-urlencoded` text to a Hash: the last of a name counts, and one without a value is nil.
/// False, and nothing is added, where a name has brackets, or something is not UTF-8: others know what that means.
pub(crate) fn read_query(ruby: &Ruby, text: RString, hash: RHash) -> Result<bool, Error> {
    // SAFETY: Nothing here calls Ruby while the bytes are looked at; a copy of them is what strings are made of.
    #[allow(unsafe_code)]
    let text = unsafe { text.as_slice() }.to_vec();
    read(ruby, &text, hash)
}

/// The same for a text that does not belong to Ruby.
pub(crate) fn read(ruby: &Ruby, text: &[u8], hash: RHash) -> Result<bool, Error> {
    let Some(pairs) = pairs(text) else {
        return Ok(false);
    };
    for (name, value) in pairs {
        let value: Value = match value {
            Some(value) => ruby.str_new(&value).as_value(),
            None => ruby.qnil().as_value(),
        };
        hash.aset(key(ruby, &name), value)?;
    }
    Ok(true)
}

type Pair<'t> = (Cow<'t, str>, Option<Cow<'t, str>>);

fn pairs(text: &[u8]) -> Option<Vec<Pair<'_>>> {
    let mut pairs = Vec::new();
    for part in text.split(|byte| *byte == b'&').filter(|part| !part.is_empty()) {
        let mut halves = part.splitn(2, |byte| *byte == b'=');
        let name = decode(halves.next()?)?;
        let is_plain = !name.is_empty() && !name.contains(['[', ']', ' ', '\0']);
        if !is_plain || pairs.len() == MOST {
            return None;
        }
        let value = match halves.next() {
            Some(value) => Some(decode(value)?),
            None => None,
        };
        pairs.push((name, value));
    }
    Some(pairs)
}

/// The text, if it is well formed.
fn decode(text: &[u8]) -> Option<Cow<'_, str>> {
    if !text.iter().any(|byte| matches!(byte, b'%' | b'+')) {
        return std::str::from_utf8(text).ok().map(Cow::Borrowed);
    }
    let is_escape = |(at, byte): (usize, &u8)| {
        let digits = text.get(at + 1..at + 3);
        *byte != b'%' || digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    if !text.iter().enumerate().all(is_escape) {
        return None;
    }
    let spaced: Vec<u8> = text
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    let decoded = percent_decode(&spaced).decode_utf8().ok()?;
    Some(Cow::Owned(decoded.into_owned()))
}
