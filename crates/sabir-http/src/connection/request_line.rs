//! The first line of a request (RFC 9112 §3).

use http::Uri;
use sabir_core::{
    Problem, ProblemType,
    byte_table::marked,
    pipeline::head_checks::{METHOD_LIMIT, no_tunnels, target_too_long, unknown_method},
};

use super::limits::Limits;

/// What the rest of the head depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequestLine {
    pub(crate) is_head: bool,
    pub(crate) is_http_11: bool,
}

/// Marks the bytes of a token (RFC 9110 §5.6.2).
pub(super) const TOKEN: [bool; 256] = marked(b"!#$%&'*+-.^_`|~");

/// Marks the bytes that need no second look in a target. Others are left to [`Uri`].
const PLAIN_TARGET: [bool; 256] = marked(b"/?&=%+-._~:@!$'()*,;");

/// Reads `method SP request-target SP HTTP-version`; `line` is without its end.
pub(super) fn parse(line: &[u8], limits: &Limits) -> Result<RequestLine, Box<Problem>> {
    let method_end = line
        .iter()
        .position(|byte| !TOKEN[usize::from(*byte)])
        .unwrap_or(line.len());
    if method_end == 0 || line.get(method_end) != Some(&b' ') {
        return Err(malformed(
            "The request line does not begin with a method and a space.",
        ));
    }
    if method_end > METHOD_LIMIT {
        return Err(Box::new(unknown_method()));
    }
    let (method, rest) = (&line[..method_end], &line[method_end + 1..]);
    let Some(space) = memchr::memchr(b' ', rest) else {
        if rest.len() > limits.target {
            return Err(Box::new(target_too_long(limits.target as u64)));
        }
        return Err(malformed("The request line has no version."));
    };
    let (target, version) = (&rest[..space], &rest[space + 1..]);
    if target.len() > limits.target {
        return Err(Box::new(target_too_long(limits.target as u64)));
    }
    let is_http_11 = match version {
        b"HTTP/1.1" => true,
        b"HTTP/1.0" => false,
        [b'H', b'T', b'T', b'P', b'/', major, b'.', minor]
            if major.is_ascii_digit() && minor.is_ascii_digit() =>
        {
            return Err(Box::new(
                Problem::new(ProblemType::VersionNotSupported)
                    .with_detail("This server speaks HTTP/1.1 and HTTP/1.0."),
            ));
        }
        _ => return Err(malformed("The request line does not end with an HTTP version.")),
    };
    if method == b"CONNECT" {
        return Err(Box::new(no_tunnels()));
    }
    let is_plain =
        target.first() == Some(&b'/') && target.iter().all(|byte| PLAIN_TARGET[usize::from(*byte)]);
    if !is_plain {
        check_target(target)?;
    }
    Ok(RequestLine {
        is_head: method == b"HEAD",
        is_http_11,
    })
}

/// Accepts the origin, absolute and asterisk forms (RFC 9112 §3.2).
fn check_target(target: &[u8]) -> Result<(), Box<Problem>> {
    if !target.iter().all(u8::is_ascii_graphic) {
        return Err(malformed(
            "The request target holds bytes that are not visible ASCII; they must be percent-encoded.",
        ));
    }
    if target.contains(&b'#') {
        return Err(malformed(
            "The request target has a fragment, which is never sent.",
        ));
    }
    let is_known_form = match target {
        b"*" | [b'/', ..] => true,
        other => {
            let scheme = other.get(..8).unwrap_or(other).to_ascii_lowercase();
            scheme.starts_with(b"http://") || scheme.starts_with(b"https://")
        }
    };
    if !is_known_form || Uri::try_from(target).is_err() {
        return Err(malformed("The request target is malformed."));
    }
    Ok(())
}

/// `400`; where the next request begins cannot be known, so the connection closes.
pub(super) fn malformed(detail: &str) -> Box<Problem> {
    Box::new(Problem::bad_request(detail))
}

#[cfg(test)]
mod tests {
    use sabir_core::Settings;

    use super::*;

    fn status(line: &str) -> u16 {
        match parse(line.as_bytes(), &Limits::of(&Settings::default())) {
            Ok(_) => 200,
            Err(problem) => problem.status,
        }
    }

    #[test]
    fn accepts_every_form_that_a_server_is_sent() {
        for line in [
            "GET / HTTP/1.1",
            "GET /a%20b?c=d&e HTTP/1.0",
            "GET /{a}|\"b\" HTTP/1.1",
            "M-SEARCH / HTTP/1.1",
            "OPTIONS * HTTP/1.1",
            "GET http://a/b HTTP/1.1",
        ] {
            assert_eq!(status(line), 200, "{line}");
        }
    }

    #[test]
    fn refuses_what_is_no_request_line() {
        for line in [
            "",
            "GET",
            "GET /",
            "GET  / HTTP/1.1",
            " GET / HTTP/1.1",
            "GET / HTTP/1.1 ",
            "GET / http/1.1",
            "G@T / HTTP/1.1",
            "GET a HTTP/1.1",
            "GET /ä HTTP/1.1",
            "GET /#a HTTP/1.1",
            "GET /\t HTTP/1.1",
            "GET / x HTTP/1.1",
            "GET / HTTP/11",
        ] {
            assert_eq!(status(line), 400, "{line}");
        }
    }

    #[test]
    fn names_unsupported_versions_tunnels_and_long_targets() {
        assert_eq!(status("GET / HTTP/2.0"), 505);
        assert_eq!(status("CONNECT a:1 HTTP/1.1"), 501);
        assert_eq!(status(&format!("{} / HTTP/1.1", "A".repeat(32))), 200);
        assert_eq!(status(&format!("{} / HTTP/1.1", "A".repeat(33))), 501);
        assert_eq!(status(&format!("GET /{} HTTP/1.1", "a".repeat(8192))), 414);
    }
}
