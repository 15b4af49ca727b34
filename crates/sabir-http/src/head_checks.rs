//! What is wrong with a request before its path is looked at.

use http::{HeaderMap, Method, Uri, Version, header::HOST};
use sabir_core::{Problem, ProblemType, RequestHead};

use crate::byte_table::marked;

/// Marks unreserved characters, percent signs and sub-delims (RFC 3986 §3.2.2).
const REGISTERED_NAME: [bool; 256] = marked(b"-._~%!$&'()*+,;=");

/// Checks the request line and `Host` (RFC 9112 §3).
///
/// `host_is_checked` says that the connection has looked at `Host` already.
pub(crate) fn check(
    head: &RequestHead,
    target_limit: u64,
    host_is_checked: bool,
) -> Result<(), Box<Problem>> {
    if !sabir_core::Switch::HeadChecks.is_on() {
        return Ok(());
    }
    if head.method == Method::CONNECT {
        return Err(Box::new(no_tunnels()));
    }
    let target = head.uri.path_and_query().map_or("", |target| target.as_str());
    if target.len() as u64 > target_limit {
        return Err(Box::new(target_too_long(target_limit)));
    }
    if !target.is_ascii() {
        return Err(Box::new(Problem::bad_request(
            "The request target holds bytes that are not ASCII; they must be percent-encoded.",
        )));
    }
    if is_asterisk(&head.uri) && head.method != Method::OPTIONS {
        return Err(Box::new(Problem::bad_request(
            "Only OPTIONS may have the request target \"*\".",
        )));
    }
    if !host_is_checked && head.version == Version::HTTP_11 {
        check_host(&head.headers)?;
    }
    Ok(())
}

/// Whether the target is the server as a whole (RFC 9112 §3.2.4).
pub(crate) fn is_asterisk(uri: &Uri) -> bool {
    uri.path() == "*"
}

/// `501`: this server is not a proxy (RFC 9110 §9.3.6).
pub(crate) fn no_tunnels() -> Problem {
    Problem::new(ProblemType::NotImplemented).with_detail("This server opens no tunnels.")
}

/// `414` for a target above `limit`.
pub(crate) fn target_too_long(limit: u64) -> Problem {
    Problem::new(ProblemType::UriTooLong)
        .with_detail(format!("The request target is longer than {limit} bytes."))
}

/// Exactly one valid `Host` (RFC 9112 §3.2).
fn check_host(headers: &HeaderMap) -> Result<(), Box<Problem>> {
    let mut values = headers.get_all(HOST).iter();
    let detail = match (values.next(), values.next()) {
        (None, _) => "The header field Host is missing.",
        (Some(_), Some(_)) => "The header field Host is given twice.",
        (Some(host), None) if is_host(host.as_bytes()) => return Ok(()),
        (Some(_), None) => "The header field Host is malformed.",
    };
    Err(Box::new(Problem::bad_request(detail)))
}

/// Whether `value` is `uri-host [ ":" port ]` with a host that is not empty (RFC 9110 §4.2.1, §7.2).
pub(crate) fn is_host(value: &[u8]) -> bool {
    let (host, port) = match value.first() {
        Some(b'[') => match memchr::memchr(b']', value) {
            Some(end) => (&value[1..end], &value[end + 1..]),
            None => return false,
        },
        Some(_) => {
            let end = memchr::memchr(b':', value).unwrap_or(value.len());
            (&value[..end], &value[end..])
        }
        None => return false,
    };
    let host_fits = if value[0] == b'[' {
        !host.is_empty()
            && host
                .iter()
                .all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.' | b'v'))
    } else {
        !host.is_empty() && host.iter().all(|byte| REGISTERED_NAME[usize::from(*byte)])
    };
    let port_fits = match port {
        [] => true,
        [b':', digits @ ..] => digits.len() <= 5 && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    host_fits && port_fits
}

#[cfg(test)]
mod tests {
    use super::is_host;

    #[test]
    fn accepts_names_addresses_and_ports() {
        for host in [
            "a",
            "example.com:80",
            "127.0.0.1:8000",
            "[::1]",
            "[::1]:80",
            "a_b",
            "a:",
        ] {
            assert!(is_host(host.as_bytes()), "{host}");
        }
    }

    #[test]
    fn refuses_what_is_no_host() {
        for host in [
            "", ":80", "a b", "a/b", "a@b", "a:b", "a:123456", "[::1", "[]", "a,b c", "a\\b", "[::1]x",
        ] {
            assert!(!is_host(host.as_bytes()), "{host}");
        }
    }
}
