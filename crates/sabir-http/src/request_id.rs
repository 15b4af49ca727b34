//! Names for requests, so that a problem a client reports can be found in the log.

use http::{HeaderMap, HeaderName, HeaderValue};

/// The field that carries the name in both directions.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest inbound name that is taken over.
const MAX_LENGTH: usize = 128;

/// The name that the client gave, when it is 1 to 128 visible ASCII characters. Anything else could forge log lines.
pub(crate) fn inbound(headers: &HeaderMap) -> Option<HeaderValue> {
    let value = headers.get(X_REQUEST_ID)?;
    let bytes = value.as_bytes();
    let fits = (1..=MAX_LENGTH).contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic);
    fits.then(|| value.clone())
}

/// A new name: 128 random bits. It only has to be unlikely to repeat, so a fast generator does.
pub(crate) fn generate() -> String {
    format!("{:032x}", fastrand::u128(..))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: &str) -> Option<HeaderValue> {
        let mut headers = HeaderMap::new();
        headers.insert(X_REQUEST_ID, HeaderValue::from_str(value).unwrap());
        inbound(&headers)
    }

    #[test]
    fn takes_over_visible_ascii_of_sensible_length() {
        assert_eq!(of("abc-1").unwrap(), "abc-1");
        assert_eq!(of(&"a".repeat(128)).unwrap(), "a".repeat(128));
    }

    #[test]
    fn ignores_names_that_could_forge_log_lines() {
        assert_eq!(of(""), None);
        assert_eq!(of("a b"), None);
        assert_eq!(of(&"a".repeat(129)), None);
    }

    #[test]
    fn generates_different_names() {
        assert_eq!(generate().len(), 32);
        assert_ne!(generate(), generate());
    }
}
