//! Header fields between the bytes of the wire and the text of hosts (RFC 9110 §5.5).

use std::{borrow::Cow, collections::HashSet, fmt};

use http::{HeaderMap, HeaderName, HeaderValue, header::COOKIE};

use super::cookie;

/// Why a header field cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldError {
    /// The name is not a token, or the value has control characters.
    Malformed(String),
    /// The value has characters that no byte stands for.
    NotLatin1(String),
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(name) => write!(f, "{name:?} is not a well-formed header field"),
            Self::NotLatin1(name) => write!(f, "the value of {name} has characters beyond ISO 8859-1"),
        }
    }
}

impl std::error::Error for FieldError {}

/// The field for the text of a host, in which a character stands for the byte of the same number.
///
/// # Errors
/// A name that is not a token, a value with control characters or with characters beyond ISO 8859-1.
pub fn from_text(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), FieldError> {
    let bytes: Cow<'_, [u8]> = if value.is_ascii() {
        value.as_bytes().into()
    } else {
        value
            .chars()
            .map(|character| u8::try_from(u32::from(character)))
            .collect::<Result<Vec<u8>, _>>()
            .map_err(|_| FieldError::NotLatin1(name.into()))?
            .into()
    };
    let parsed = HeaderName::try_from(name)
        .ok()
        .zip(HeaderValue::from_bytes(&bytes).ok());
    parsed.ok_or_else(|| FieldError::Malformed(name.into()))
}

/// The text of a value or a part of one: UTF-8 where it is that, otherwise a character for each byte.
pub fn to_text(value: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(value) {
        Ok(text) => text.into(),
        Err(_) => value
            .iter()
            .map(|&byte| char::from(byte))
            .collect::<String>()
            .into(),
    }
}

/// Names and values of the cookies in all `Cookie` fields, the values [decoded](cookie::decode). Of equal names only the
/// first counts (RFC 6265bis §5.8.3).
pub fn cookies(headers: &HeaderMap) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    let mut seen = HashSet::new();
    cookie_pairs(headers)
        .filter(|(name, _)| seen.insert(*name))
        .map(|(name, value)| (to_text(name), cookie::decode(value)))
        .collect()
}

/// The pairs of all `Cookie` fields as they were sent, in order (RFC 6265bis §5.8.3).
pub(crate) fn cookie_pairs(headers: &HeaderMap) -> impl Iterator<Item = (&[u8], &[u8])> {
    let fields = headers.get_all(COOKIE).iter();
    let pairs = fields.flat_map(|field| field.as_bytes().split(|&byte| byte == b';'));
    pairs.filter_map(|pair| {
        let equals = memchr::memchr(b'=', pair)?;
        Some((pair[..equals].trim_ascii(), pair[equals + 1..].trim_ascii()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_stands_for_a_byte() {
        let (name, value) = from_text("X-A", "é").unwrap();
        assert_eq!((name.as_str(), value.as_bytes()), ("x-a", &b"\xe9"[..]));
        assert_eq!(to_text(b"\xe9"), "é");
        assert_eq!(to_text("é".as_bytes()), "é");
    }

    #[test]
    fn refuses_what_cannot_be_sent() {
        assert_eq!(from_text("a", "€"), Err(FieldError::NotLatin1("a".into())));
        for (name, value) in [("a b", "1"), ("", "1"), ("a", "1\r\nb: 2"), ("a", "\0")] {
            assert_eq!(from_text(name, value), Err(FieldError::Malformed(name.into())));
        }
    }

    #[test]
    fn the_first_cookie_of_a_name_counts() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1; b = 2;c;a=3"));
        headers.append(COOKIE, HeaderValue::from_static("b=4; d=5=6"));
        let expected = [("a", "1"), ("b", "2"), ("d", "5=6")];
        assert_eq!(
            cookies(&headers),
            expected.map(|(name, value)| (name.into(), value.into()))
        );
    }
}
