//! The field `Location` (RFC 9110 §10.2.2).

/// Why a text is no value of `Location`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LocationError {
    /// There is nothing in it: it would lead to the resource that was asked for.
    #[error("a redirect needs a URL")]
    Empty,
    /// It has a control character, which browsers leave out, so that it would lead elsewhere than it says.
    #[error("the URL of a redirect has a control character")]
    Control,
}

/// The URI reference (RFC 3986 §4.1) for `url`, which may have any text in it: what a URI cannot have is percent-encoded,
/// a percent sign without two hexadecimal digits too. A backslash is encoded, since browsers read it as a slash.
///
/// ```
/// use sabir_core::header::location;
///
/// assert_eq!(location::encode("/søk?q=a b&p=100%").unwrap(), "/s%C3%B8k?q=a%20b&p=100%25");
/// assert_eq!(location::encode("https://example.com/a%20b#c").unwrap(), "https://example.com/a%20b#c");
/// assert!(location::encode("/a\r\nset-cookie: b").is_err());
/// ```
///
/// # Errors
/// An empty text, and one with a control character.
pub fn encode(url: &str) -> Result<String, LocationError> {
    if url.is_empty() {
        return Err(LocationError::Empty);
    }
    if url.chars().any(char::is_control) {
        return Err(LocationError::Control);
    }
    let bytes = url.as_bytes();
    let mut encoded = String::with_capacity(bytes.len());
    for (index, &byte) in bytes.iter().enumerate() {
        let stands = match byte {
            b'%' => bytes
                .get(index + 1..index + 3)
                .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)),
            byte => byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(&byte),
        };
        if stands {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    Ok(encoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_a_uri_may_have() {
        let uri = "https://[::1]:80/a;b=c/%C3%B8?q=(1)&r='x'!*+,$@#~._-";
        assert_eq!(encode(uri).as_deref(), Ok(uri));
    }

    #[test]
    fn encodes_the_rest() {
        assert_eq!(encode("/\\host/%2/%").as_deref(), Ok("/%5Chost/%252/%25"));
        assert_eq!(encode("/<\"`{|}^>").as_deref(), Ok("/%3C%22%60%7B%7C%7D%5E%3E"));
    }

    #[test]
    fn refuses_control_characters_and_nothing() {
        assert_eq!(encode(""), Err(LocationError::Empty));
        for text in ["/a\n", "\t/a", "/\u{7f}", "/\u{85}", "\0"] {
            assert_eq!(encode(text), Err(LocationError::Control), "{text:?}");
        }
    }
}
