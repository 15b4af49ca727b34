//! Hosts as `Host`, `:authority` and targets name them (RFC 3986 §3.2.2, §3.2.3).

use std::net::Ipv6Addr;

use crate::byte_table::marked;

/// Marks unreserved characters and sub-delims (RFC 3986 §2.2, §2.3); percent signs are looked at twice.
const REGISTERED_NAME: [bool; 256] = marked(b"-._~!$&'()*+,;=");

/// Whether `value` is `uri-host [ ":" port ]` with a host that is not empty (RFC 9110 §4.2.1, §7.2).
pub(crate) fn is_host(value: &[u8]) -> bool {
    let (host, port) = split(value);
    let host_fits = match host {
        [b'[', literal @ .., b']'] => is_literal(literal),
        _ => is_registered_name(host),
    };
    host_fits && port.is_none_or(is_port)
}

/// Whether two values name the same host and port, where the scheme's own port is as good as none.
pub(crate) fn is_same(one: &[u8], other: &[u8], scheme: Option<&str>) -> bool {
    let ((one, one_port), (other, other_port)) = (split(one), split(other));
    let default: &[u8] = if scheme == Some("https") { b"443" } else { b"80" };
    let explicit = |port: Option<&[u8]>| match port.map(significant) {
        Some(digits) if !digits.is_empty() && digits != default => Some(digits.to_vec()),
        _ => None,
    };
    one.eq_ignore_ascii_case(other) && explicit(one_port) == explicit(other_port)
}

/// The host and what follows the colon behind it.
pub(crate) fn split(value: &[u8]) -> (&[u8], Option<&[u8]>) {
    let host_end = match value {
        // Colons belong to the literal.
        [b'[', ..] => memchr::memchr(b']', value).map_or(value.len(), |end| end + 1),
        _ => memchr::memchr(b':', value).unwrap_or(value.len()),
    };
    match value.get(host_end) {
        Some(b':') => (&value[..host_end], Some(&value[host_end + 1..])),
        // What stands between a literal and its port makes neither of them.
        None | Some(_) => (value, None),
    }
}

/// The host with another port, or with none.
pub(crate) fn with_port(value: &[u8], port: Option<u16>) -> Vec<u8> {
    let (host, _) = split(value);
    match port {
        Some(port) => [host, b":", port.to_string().as_bytes()].concat(),
        None => host.to_vec(),
    }
}

fn is_registered_name(name: &[u8]) -> bool {
    let is_plain = |byte: &u8| REGISTERED_NAME[usize::from(*byte)];
    !name.is_empty() && (name.iter().all(is_plain) || is_escaped_name(name))
}

/// A registered name with percent signs, which are rare.
fn is_escaped_name(mut name: &[u8]) -> bool {
    loop {
        match name {
            [] => return true,
            [b'%', high, low, rest @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                name = rest;
            }
            [byte, rest @ ..] if REGISTERED_NAME[usize::from(*byte)] => name = rest,
            _ => return false,
        }
    }
}

/// What stands between brackets: an IPv6 address or one of a later version.
fn is_literal(literal: &[u8]) -> bool {
    if let [b'v' | b'V', future @ ..] = literal {
        let Some(dot) = memchr::memchr(b'.', future) else {
            return false;
        };
        let (version, address) = (&future[..dot], &future[dot + 1..]);
        return !version.is_empty()
            && version.iter().all(u8::is_ascii_hexdigit)
            && !address.is_empty()
            && address
                .iter()
                .all(|&byte| byte == b':' || REGISTERED_NAME[usize::from(byte)]);
    }
    std::str::from_utf8(literal).is_ok_and(|text| text.parse::<Ipv6Addr>().is_ok())
}

/// `*DIGIT`, of which TCP has 65535.
fn is_port(digits: &[u8]) -> bool {
    let port = digits.iter().try_fold(0u16, |port, digit| {
        let digit = digit.is_ascii_digit().then(|| u16::from(digit - b'0'))?;
        port.checked_mul(10)?.checked_add(digit)
    });
    port.is_some()
}

/// The digits without zeros in front.
fn significant(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
    &digits[zeros..]
}

#[cfg(test)]
mod tests {
    use super::{is_host, is_same};

    #[test]
    fn accepts_names_addresses_and_ports() {
        for host in [
            "a",
            "example.com:80",
            "127.0.0.1:8000",
            "999.1.1.1",
            "[::1]",
            "[::1]:80",
            "[2001:DB8::1.2.3.4]",
            "[v1f.a:b]",
            "[V9.~]:1",
            "a_b",
            "b%C3%BCcher.example",
            "a:",
            "a:65535",
            "a:0000080",
        ] {
            assert!(is_host(host.as_bytes()), "{host}");
        }
    }

    #[test]
    fn refuses_what_is_no_host() {
        for host in [
            "",
            ":80",
            "a b",
            "a/b",
            "a@b",
            "a:b",
            "a:65536",
            "a:123456",
            "a:-1",
            "a:1:2",
            "[::1",
            "[]",
            "a,b c",
            "a\\b",
            "[::1]x",
            "[::1]x:80",
            "[:1]",
            "[1:2:3:4:5:6:7:8:9]",
            "[1.2.3.4]",
            "[fe80::1%25eth0]",
            "[v.a]",
            "[v1]",
            "[v1.]",
            "[vx.a]",
            "[v1.a/b]",
            "a%",
            "a%2",
            "a%2x",
            "a[",
            "[[::1]]",
            "é",
            "a\tb",
        ] {
            assert!(!is_host(host.as_bytes()), "{host}");
        }
    }

    #[test]
    fn knows_the_same_host_in_another_spelling() {
        for (one, other) in [
            ("A.example", "a.EXAMPLE"),
            ("a:80", "a"),
            ("a:", "a"),
            ("a:0080", "a:80"),
            ("[::A]", "[::a]"),
        ] {
            assert!(
                is_same(one.as_bytes(), other.as_bytes(), Some("http")),
                "{one} {other}"
            );
        }
        assert!(is_same(b"a:443", b"a", Some("https")));
        for (one, other) in [
            ("a", "b"),
            ("a:80", "a:81"),
            ("a:443", "a"),
            ("[::1]:1", "[::1]:2"),
        ] {
            assert!(
                !is_same(one.as_bytes(), other.as_bytes(), Some("http")),
                "{one} {other}"
            );
        }
    }
}
