//! What the statuses of answers are called.

use http::StatusCode;

/// The name of a status code, of a range such as `2XX`, or of `default`, as the key of a response (OpenAPI 3.1 §4.8.16).
///
/// ```
/// use sabir_core::operation::status_name;
///
/// assert_eq!(status_name("201"), "Created");
/// assert_eq!(status_name("4XX"), "Client error");
/// ```
pub fn status_name(status: &str) -> &'static str {
    let code = status
        .parse()
        .ok()
        .and_then(|code: u16| StatusCode::from_u16(code).ok());
    let reason = code.and_then(|code| code.canonical_reason());
    reason.unwrap_or(match status.as_bytes().first() {
        Some(b'1') => "Informational",
        Some(b'2') => "Success",
        Some(b'3') => "Redirection",
        Some(b'4') => "Client error",
        Some(b'5') => "Server error",
        _ => "Any other answer",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_responses_has_a_name() {
        for (status, name) in [
            ("200", "OK"),
            ("299", "Success"),
            ("2XX", "Success"),
            ("503", "Service Unavailable"),
            ("default", "Any other answer"),
        ] {
            assert_eq!(status_name(status), name);
        }
    }
}
