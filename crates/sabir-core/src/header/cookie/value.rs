//! What the value of a cookie holds, written and read.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode, utf8_percent_encode};

use crate::header::field::to_text;

/// What a value must escape: everything but `cookie-octet` (RFC 6265bis §4.1.1), and the percent sign itself.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'%')
    .add(b',')
    .add(b';')
    .add(b'\\');

/// The text of a cookie as a value that a cookie can carry.
///
/// ```
/// use sabir_core::header::cookie::{decode, encode};
///
/// assert_eq!(encode("50% é"), "50%25%20%C3%A9");
/// assert_eq!(decode(b"50%25%20%C3%A9"), "50% é");
/// ```
pub fn encode(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, ESCAPED).into()
}

/// The text of a cookie's value as it was sent: without quotes around it, percent-decoded where that gives text.
pub fn decode(value: &[u8]) -> Cow<'_, str> {
    unescaped(unquoted(value))
}

/// A value, or one piece of a list, percent-decoded where that gives text.
pub(crate) fn unescaped(value: &[u8]) -> Cow<'_, str> {
    if memchr::memchr(b'%', value).is_some()
        && let Ok(text) = percent_decode(value).decode_utf8()
    {
        return text;
    }
    to_text(value)
}

/// A value without the quotes that it may stand between (RFC 6265bis §4.1.1).
pub(crate) fn unquoted(value: &[u8]) -> &[u8] {
    match value {
        [b'"', inner @ .., b'"'] => inner,
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_alone_what_cookies_can_carry() {
        let text = "!#$&'()*+-./0:<=>?@A[]^_`a{|}~";
        assert_eq!(encode(text), text);
    }

    #[test]
    fn reads_the_cookies_of_other_programs_as_far_as_that_is_possible() {
        for (value, text) in [
            (&b"\"a%20b\""[..], "a b"),
            (b"100%", "100%"),
            (b"%ff", "%ff"),
            (b"\xe9", "é"),
            (b"\"", "\""),
            (b"a+b", "a+b"),
        ] {
            assert_eq!(decode(value), text, "{value:?}");
        }
    }
}
