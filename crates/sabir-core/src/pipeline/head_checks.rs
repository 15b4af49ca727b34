//! What is wrong with a request before its path is looked at.
//!
//! One set of checks for HTTP/1.1, HTTP/2 and requests in memory. What hyper would hide, the byte reader of HTTP/1.1 has
//! seen to before; of the limits it must keep itself, it borrows the words from here.

use http::{
    HeaderMap, HeaderValue, Method, Uri, Version,
    header::{CONTENT_LENGTH, COOKIE, HOST},
};

use super::source::CanUpgrade;
use crate::{
    Problem, ProblemType, RequestHead, Settings,
    header::host::{is_host, is_same},
};

/// The longest method. The longest that anyone registered has 17 characters; this leaves room for private ones.
pub const METHOD_LIMIT: usize = 32;

/// Checks the request line and the header section, and settles which host the request is for: afterwards `Host` says so,
/// whichever way the client did. Limits are left out where the connection has held the head against them.
///
/// # Errors
/// `bad-request`, `not-implemented`, `uri-too-long` and `header-fields-too-large`.
pub(super) fn check(
    head: &mut RequestHead,
    limits: Option<&Settings>,
    needs_host: bool,
) -> Result<(), Box<Problem>> {
    if !crate::Switch::HeadChecks.is_on() {
        return Ok(());
    }
    if let Some(limits) = limits {
        check_values(head)?;
        measure(head, limits)?;
    }
    let can_upgrade = head.extensions.get::<CanUpgrade>();
    if head.method == Method::CONNECT && can_upgrade.is_some_and(|can_upgrade| can_upgrade.is_connect) {
        // It names a resource as a GET does (RFC 8441 §4), and routes know it as one.
        head.method = Method::GET;
    }
    check_target(head)?;
    check_host(head, needs_host)
}

/// Whether the target is the server as a whole (RFC 9112 §3.2.4).
pub(super) fn is_asterisk(uri: &Uri) -> bool {
    uri.path() == "*"
}

/// `501`: this server is not a proxy (RFC 9110 §9.3.6).
pub fn no_tunnels() -> Problem {
    Problem::new(ProblemType::Unimplemented).with_detail("This server opens no tunnels.")
}

/// `501` for a method that is longer than any that is implemented (RFC 9112 §3).
pub fn unknown_method() -> Problem {
    Problem::new(ProblemType::Unimplemented)
        .with_detail(format!("No method is longer than {METHOD_LIMIT} characters."))
}

/// `414` for a target above `limit`.
pub fn target_too_long(limit: u64) -> Problem {
    Problem::new(ProblemType::UriTooLong)
        .with_detail(format!("The request target is longer than {limit} bytes."))
}

/// `431` for more fields than `limit`.
pub fn too_many_fields(limit: u64) -> Problem {
    Problem::new(ProblemType::HeaderFieldsTooLarge)
        .with_detail(format!("There are more than {limit} header fields."))
}

/// `431` for a header section above `limit`.
pub fn section_too_large(limit: u64) -> Problem {
    Problem::new(ProblemType::HeaderFieldsTooLarge)
        .with_detail(format!("The header section is larger than {limit} bytes."))
}

fn refuse(detail: &str) -> Box<Problem> {
    Box::new(Problem::bad_request(detail))
}

/// Sees to the fields as the reader of HTTP/1.1 does: white space around values, cookies, lengths.
fn check_values(head: &mut RequestHead) -> Result<(), Box<Problem>> {
    let is_http_2 = head.version == Version::HTTP_2;
    for value in head.headers.values_mut() {
        let bytes = value.as_bytes();
        let trimmed = bytes.trim_ascii();
        if trimmed.len() == bytes.len() {
            continue;
        }
        if is_http_2 {
            // RFC 9113 §8.2.1.
            return Err(refuse("There is white space around the value of a header field."));
        }
        if let Ok(trimmed) = HeaderValue::from_bytes(trimmed) {
            *value = trimmed;
        }
    }
    if is_http_2 {
        join_cookies(&mut head.headers);
    }
    check_lengths(&head.headers)
}

/// Puts the cookies of several fields into one (RFC 9113 §8.2.3).
fn join_cookies(headers: &mut HeaderMap) {
    let mut fields = headers.get_all(COOKIE).iter();
    let (Some(first), Some(second)) = (fields.next(), fields.next()) else {
        return;
    };
    let mut cookies = first.as_bytes().to_vec();
    for field in std::iter::once(second).chain(fields) {
        cookies.extend_from_slice(b"; ");
        cookies.extend_from_slice(field.as_bytes());
    }
    if let Ok(cookies) = HeaderValue::from_bytes(&cookies) {
        headers.insert(COOKIE, cookies);
    }
}

/// Every `Content-Length` must be the same number (RFC 9112 §6.3).
fn check_lengths(headers: &HeaderMap) -> Result<(), Box<Problem>> {
    let mut known = None;
    for value in headers.get_all(CONTENT_LENGTH) {
        let length = content_length(value.as_bytes())?;
        if known.is_some_and(|known| known != length) {
            return Err(lengths_differ());
        }
        known = Some(length);
    }
    Ok(())
}

/// Reads the value of a `Content-Length` field.
///
/// # Errors
/// `bad-request` for what is not a number, or one that is too large.
pub fn content_length(value: &[u8]) -> Result<u64, Box<Problem>> {
    let length = value.iter().try_fold(0u64, |length, byte| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        length.checked_mul(10)?.checked_add(digit)
    });
    // hyper keeps the two largest numbers for itself.
    length
        .filter(|length| !value.is_empty() && *length < u64::MAX - 2)
        .ok_or_else(|| refuse("The header field Content-Length is not a number."))
}

/// `400` for several lengths that are not the same (RFC 9112 §6.3).
pub fn lengths_differ() -> Box<Problem> {
    refuse("There are several header fields Content-Length that differ.")
}

/// Holds a head against the limits, which count bytes as HTTP/1.1 writes them.
fn measure(head: &RequestHead, settings: &Settings) -> Result<(), Box<Problem>> {
    let method = head.method.as_str().len();
    if method > METHOD_LIMIT {
        return Err(Box::new(unknown_method()));
    }
    let target = head
        .uri
        .path_and_query()
        .map_or(0, |target| target.as_str().len());
    if target as u64 > settings.target_limit {
        return Err(Box::new(target_too_long(settings.target_limit)));
    }
    if head.headers.len() as u64 > settings.header_count_limit {
        return Err(Box::new(too_many_fields(settings.header_count_limit)));
    }
    let fields = head.headers.iter();
    let fields = fields.map(|(name, value)| name.as_str().len() + ": ".len() + value.len() + "\r\n".len());
    let size = method + target + "  HTTP/1.1\r\n\r\n".len() + fields.sum::<usize>();
    if size as u64 > settings.header_limit {
        return Err(Box::new(section_too_large(settings.header_limit)));
    }
    Ok(())
}

/// Accepts the origin, absolute and asterisk forms (RFC 9112 §3.2, RFC 9113 §8.3.1).
fn check_target(head: &RequestHead) -> Result<(), Box<Problem>> {
    let uri = &head.uri;
    if head.method == Method::CONNECT {
        if head.version == Version::HTTP_2 && uri.authority().is_none() {
            return Err(refuse("CONNECT has no authority."));
        }
        return Err(Box::new(no_tunnels()));
    }
    if uri
        .scheme_str()
        .is_some_and(|scheme| scheme != "http" && scheme != "https")
    {
        return Err(refuse(
            "The scheme of the request target is neither http nor https.",
        ));
    }
    let path = uri.path();
    if !path.starts_with('/') && !is_asterisk(uri) {
        return Err(refuse(
            "The path of the request target does not begin with a slash.",
        ));
    }
    if !path.is_ascii() || uri.query().is_some_and(|query| !query.is_ascii()) {
        return Err(refuse(
            "The request target holds bytes that are not ASCII; they must be percent-encoded.",
        ));
    }
    if is_asterisk(uri) && head.method != Method::OPTIONS {
        return Err(refuse("Only OPTIONS may have the request target \"*\"."));
    }
    Ok(())
}

/// Exactly one valid host (RFC 9112 §3.2). An authority in the target is the host (RFC 9112 §3.2.2, RFC 9113 §8.3.1).
fn check_host(head: &mut RequestHead, is_needed: bool) -> Result<(), Box<Problem>> {
    let mut values = head.headers.get_all(HOST).iter();
    let host = match (values.next(), values.next()) {
        (Some(_), Some(_)) => return Err(mistaken("The header field Host is given twice.")),
        (Some(host), None) if !is_host(host.as_bytes()) => {
            return Err(mistaken("The header field Host is malformed."));
        }
        (host, _) => host,
    };
    let Some(authority) = head.uri.authority().map(http::uri::Authority::as_str) else {
        let is_absent = host.is_none() && is_needed && head.version >= Version::HTTP_11;
        return if is_absent {
            Err(mistaken("The header field Host is missing."))
        } else {
            Ok(())
        };
    };
    if !is_host(authority.as_bytes()) {
        return Err(mistaken("The authority of the request target is malformed."));
    }
    match host {
        Some(host) if host.as_bytes() == authority.as_bytes() => return Ok(()),
        Some(host)
            if head.version == Version::HTTP_2
                && !is_same(host.as_bytes(), authority.as_bytes(), head.uri.scheme_str()) =>
        {
            return Err(mistaken("The header field Host is another than the authority."));
        }
        // HTTP/1.1 demands a Host even beside an absolute target, which then is not looked at.
        None if is_needed && head.version == Version::HTTP_11 => {
            return Err(mistaken("The header field Host is missing."));
        }
        _ => {}
    }
    if let Ok(host) = HeaderValue::from_str(authority) {
        head.headers.insert(HOST, host);
    }
    Ok(())
}

/// A client that is not clear about the host may be one of several behind a proxy that reads it in another way.
fn mistaken(detail: &str) -> Box<Problem> {
    let mut problem = Problem::bad_request(detail);
    problem.close = true;
    Box::new(problem)
}
