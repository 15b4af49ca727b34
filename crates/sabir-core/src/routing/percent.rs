//! Percent-encoding of path segments (RFC 3986 §2.1, §3.3).

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What a path segment must escape: everything but `pchar` (RFC 3986 §3.3).
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// Why a text does not decode, as words that follow "the path".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BadEncoding(pub(super) &'static str);

/// Decodes one segment; it is borrowed when there is nothing to decode. A plus sign is data in a path.
pub(super) fn decode(text: &str) -> Result<Cow<'_, str>, BadEncoding> {
    let mut rest = text.as_bytes();
    while let Some(position) = memchr::memchr(b'%', rest) {
        match rest.get(position + 1..position + 3) {
            Some(digits) if digits.iter().all(u8::is_ascii_hexdigit) => rest = &rest[position + 3..],
            _ => return Err(BadEncoding("has a percent sign without two hexadecimal digits")),
        }
    }
    percent_decode_str(text)
        .decode_utf8()
        .map_err(|_| BadEncoding("is not UTF-8 once decoded"))
}

/// Appends `text` to `path` as data of one segment.
pub(crate) fn encode(text: &str, path: &mut String) {
    path.extend(utf8_percent_encode(text, SEGMENT));
}

/// Appends `text` to `url` as data of a query: nothing in it separates anything.
pub(crate) fn encode_in_query(text: &str, url: &mut String) {
    const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    url.extend(utf8_percent_encode(text, UNRESERVED));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borrows_what_has_no_escapes() {
        assert!(matches!(decode("a+b"), Ok(Cow::Borrowed("a+b"))));
    }

    #[test]
    fn decodes_utf8() {
        assert_eq!(decode("caf%C3%a9%2F").unwrap(), "café/");
    }

    #[test]
    fn refuses_incomplete_escapes() {
        for text in ["%", "a%", "%2", "%zz", "%2g", "%%20", "%é"] {
            assert!(decode(text).is_err(), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_not_utf8() {
        for text in ["%ff", "%C3", "%ED%A0%80", "%C0%AF"] {
            assert_eq!(
                decode(text),
                Err(BadEncoding("is not UTF-8 once decoded")),
                "{text}"
            );
        }
    }

    #[test]
    fn escapes_everything_but_pchar() {
        let mut path = String::new();
        encode("a/b c?é%@:", &mut path);
        assert_eq!(path, "a%2Fb%20c%3F%C3%A9%25@:");
    }
}
