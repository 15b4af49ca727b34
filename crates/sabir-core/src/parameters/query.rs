//! The pairs of a query string or a form (WHATWG URL §5.1).

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Why a component cannot be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// A percent sign without two hexadecimal digits (RFC 3986 §2.1).
    Escape,
    /// Octets that are not UTF-8.
    Utf8,
}

impl Malformed {
    /// The fault in words.
    pub(crate) fn description(self) -> &'static str {
        match self {
            Self::Escape => "has a percent sign that two hexadecimal digits do not follow",
            Self::Utf8 => "is not UTF-8",
        }
    }
}

/// The raw pairs of `text`, in order; empty pieces are skipped.
pub(crate) fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// Decodes percent-escapes, and plus signs as spaces.
pub(crate) fn decode_form(text: &str) -> Result<Cow<'_, str>, Malformed> {
    if memchr::memchr2(b'+', b'%', text.as_bytes()).is_none() {
        return Ok(Cow::Borrowed(text));
    }
    let spaced = text.replace('+', " ");
    decode(&spaced).map(|decoded| Cow::Owned(decoded.into_owned()))
}

/// Decodes percent-escapes.
pub(crate) fn decode(text: &str) -> Result<Cow<'_, str>, Malformed> {
    let bytes = text.as_bytes();
    let whole = memchr::memchr_iter(b'%', bytes).all(|at| {
        bytes
            .get(at + 1..at + 3)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    });
    if !whole {
        return Err(Malformed::Escape);
    }
    percent_decode_str(text)
        .decode_utf8()
        .map_err(|_| Malformed::Utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_plus_signs_and_escapes() {
        assert_eq!(decode_form("a+b%20c%2B").as_deref(), Ok("a b c+"));
        assert_eq!(decode_form("%zz"), Err(Malformed::Escape));
        assert_eq!(decode_form("%f"), Err(Malformed::Escape));
        assert_eq!(decode_form("%ff"), Err(Malformed::Utf8));
    }

    #[test]
    fn splits_pairs_leniently() {
        assert_eq!(
            pairs("a=1&&b&=c&d=e=f").collect::<Vec<_>>(),
            [("a", "1"), ("b", ""), ("", "c"), ("d", "e=f")]
        );
    }
}
