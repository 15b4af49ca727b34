//! Cookies that a handler sets (RFC 6265bis §4.1), and the one rule for what their values hold.
//!
//! A value is any text. What a cookie cannot carry is percent-encoded as UTF-8 when it is set, and so is the percent sign;
//! whoever reads a cookie through this crate gets the text back. A cookie of another program is percent-decoded where that
//! is possible, and as it stands elsewhere.

use std::{borrow::Cow, fmt::Write as _};

use http::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};
use thiserror::Error;

use super::{date, field::to_text, media_type::is_token};

/// The most bytes that name and value may have together; user agents ignore a longer cookie (RFC 6265bis §5.7).
const NAME_AND_VALUE_LIMIT: usize = 4096;
/// The most bytes of an attribute's value; user agents ignore a longer attribute (RFC 6265bis §5.6).
const ATTRIBUTE_LIMIT: usize = 1024;

/// What a value must escape: everything but `cookie-octet` (RFC 6265bis §4.1.1), and the percent sign itself.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'/')
    .remove(b':')
    .remove(b'<')
    .remove(b'=')
    .remove(b'>')
    .remove(b'?')
    .remove(b'@')
    .remove(b'[')
    .remove(b']')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'{')
    .remove(b'|')
    .remove(b'}')
    .remove(b'~');

/// The text of a cookie as a value that a cookie can carry.
///
/// ```
/// use sabir_core::header::cookie::{decode, encode};
///
/// assert_eq!(encode("50% é"), "50%25%20%C3%A9");
/// assert_eq!(decode(b"50%25%20%C3%A9"), "50% é");
/// ```
pub fn encode(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, ESCAPED).into()
}

/// The text of a cookie's value as it was sent: without quotes around it, percent-decoded where that gives text.
pub fn decode(value: &[u8]) -> Cow<'_, str> {
    unescaped(unquoted(value))
}

/// A value, or one piece of a list, percent-decoded where that gives text.
pub(crate) fn unescaped(value: &[u8]) -> Cow<'_, str> {
    if memchr::memchr(b'%', value).is_some()
        && let Ok(text) = percent_decode(value).decode_utf8()
    {
        return text;
    }
    to_text(value)
}

/// A value without the quotes that it may stand between (RFC 6265bis §4.1.1).
pub(crate) fn unquoted(value: &[u8]) -> &[u8] {
    match value {
        [b'"', inner @ .., b'"'] => inner,
        _ => value,
    }
}

/// A cookie to set, written as a `Set-Cookie` field.
///
/// The value is [encoded](encode) on the way, so that what is read back is what was set. A name, a path and a domain are
/// refused where a cookie cannot carry them.
///
/// ```
/// use sabir_core::header::cookie::{SameSite, SetCookie};
///
/// let mut cookie = SetCookie::new("__Host-session", "abc");
/// cookie.path = Some("/".into());
/// cookie.secure = true;
/// cookie.http_only = true;
/// cookie.same_site = Some(SameSite::Lax);
/// assert_eq!(cookie.header_value().unwrap(), "__Host-session=abc; Path=/; Secure; HttpOnly; SameSite=Lax");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetCookie {
    /// The name, a token.
    pub name: String,
    /// The value: any text.
    pub value: String,
    /// The path, which starts with a slash; absent for the directory of the request's path.
    pub path: Option<String>,
    /// The domain, whose subdomains get the cookie as well; absent for the host alone.
    pub domain: Option<String>,
    /// Seconds until the cookie ends; 0 or less ends it at once.
    pub max_age: Option<i64>,
    /// When the cookie ends, in seconds since 1970-01-01T00:00:00Z. `max_age` has precedence.
    pub expires: Option<i64>,
    /// Whether the cookie is sent over secure connections only.
    pub secure: bool,
    /// Whether the cookie is hidden from scripts.
    pub http_only: bool,
    /// Whether the cookie is sent with requests from other sites.
    pub same_site: Option<SameSite>,
    /// Whether the cookie is kept apart for each top-level site (CHIPS).
    pub partitioned: bool,
}

/// The `SameSite` attribute (RFC 6265bis §4.1.2.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SameSite {
    /// Sent from the same site only.
    Strict,
    /// Also sent when the user follows a link from another site.
    Lax,
    /// Sent from every site; needs `Secure`.
    None,
}

/// Why a cookie cannot be set as asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CookieError {
    /// The name is not a token (RFC 9110 §5.6.2).
    #[error("the cookie name {0:?} is not a token; use letters, digits and !#$%&'*+-.^_`|~")]
    Name(String),
    /// Name and value are longer together than user agents accept.
    #[error("cookie `{0}` is longer than 4096 bytes; keep less in it")]
    TooLong(String),
    /// An attribute has a value that it cannot have.
    #[error("the {attribute} of cookie `{name}` cannot be {value:?}; {remedy}")]
    Attribute {
        /// The cookie's name.
        name: String,
        /// The attribute's name.
        attribute: &'static str,
        /// The value.
        value: String,
        /// What to do.
        remedy: &'static str,
    },
    /// Two properties of the cookie exclude each other, or one asks for another.
    #[error("cookie `{name}`: {cause} {requirement}")]
    Requirement {
        /// The cookie's name.
        name: String,
        /// The property that asks.
        cause: &'static str,
        /// What it asks for.
        requirement: &'static str,
    },
}

impl SameSite {
    /// Reads the attribute's value without regard to case.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Strict, Self::Lax, Self::None]
            .into_iter()
            .find(|kind| kind.as_str().eq_ignore_ascii_case(text))
    }

    /// The attribute's value.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Strict => "Strict",
            Self::Lax => "Lax",
            Self::None => "None",
        }
    }
}

impl SetCookie {
    /// A cookie that lasts as long as the session.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
            ..Self::default()
        }
    }

    /// The value of the `Set-Cookie` field.
    ///
    /// # Errors
    /// When user agents would ignore the cookie or an attribute of it, or read it back differently.
    pub fn header_value(&self) -> Result<HeaderValue, CookieError> {
        if !crate::Switch::Cookies.is_on() {
            return Ok(HeaderValue::from_static(""));
        }
        let value = encode(&self.value);
        self.check_pair(&value)?;
        self.check_path()?;
        self.check_domain()?;
        self.check_requirements()?;
        let mut text = format!("{}={value}", self.name);
        // Writing to a string cannot fail.
        let mut attribute = |name: &str, value: &str| _ = write!(text, "; {name}={value}");
        if let Some(path) = &self.path {
            attribute("Path", path);
        }
        if let Some(domain) = &self.domain {
            attribute("Domain", domain);
        }
        if let Some(seconds) = self.max_age {
            attribute("Max-Age", &seconds.to_string());
        }
        if let Some(seconds) = self.expires {
            let date = date::format(seconds).ok_or_else(|| {
                self.attribute_error(
                    "Expires",
                    &seconds.to_string(),
                    "give it a time from year 1601 to year 9999",
                )
            })?;
            attribute("Expires", &date);
        }
        if self.secure {
            text.push_str("; Secure");
        }
        if self.http_only {
            text.push_str("; HttpOnly");
        }
        if let Some(same_site) = self.same_site {
            text.push_str("; SameSite=");
            text.push_str(same_site.as_str());
        }
        if self.partitioned {
            text.push_str("; Partitioned");
        }
        // The checks leave visible ASCII and spaces only, which every field value may have.
        HeaderValue::try_from(text).map_err(|_| CookieError::Name(self.name.clone()))
    }

    fn check_pair(&self, value: &str) -> Result<(), CookieError> {
        if !is_token(&self.name) {
            return Err(CookieError::Name(self.name.clone()));
        }
        if self.name.len() + value.len() > NAME_AND_VALUE_LIMIT {
            return Err(CookieError::TooLong(self.name.clone()));
        }
        Ok(())
    }

    fn check_path(&self) -> Result<(), CookieError> {
        let Some(path) = &self.path else { return Ok(()) };
        let bad = |byte: u8| !(b' '..=b'~').contains(&byte) || byte == b';';
        if !path.starts_with('/') {
            return Err(self.attribute_error("Path", path, "start it with a slash"));
        }
        if path.bytes().any(bad) || path.ends_with(' ') {
            return Err(self.attribute_error("Path", path, "percent-encode what is not printable ASCII"));
        }
        if path.len() > ATTRIBUTE_LIMIT {
            return Err(self.attribute_error("Path", path, "use at most 1024 bytes"));
        }
        Ok(())
    }

    fn check_domain(&self) -> Result<(), CookieError> {
        let Some(domain) = &self.domain else { return Ok(()) };
        // User agents ignore a leading dot (RFC 6265bis §5.6.3), so it is let through.
        let name = domain.strip_prefix('.').unwrap_or(domain);
        let is_label = |label: &str| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        if name.len() > 253 || !name.split('.').all(is_label) {
            return Err(self.attribute_error("Domain", domain, "give it a host name in ASCII (A-labels)"));
        }
        Ok(())
    }

    fn check_requirements(&self) -> Result<(), CookieError> {
        let has_prefix = |prefix: &str| {
            self.name
                .get(..prefix.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        };
        let host = has_prefix("__Host-");
        for (applies, holds, cause, requirement) in [
            (
                has_prefix("__Secure-"),
                self.secure,
                "the prefix __Secure-",
                "needs Secure",
            ),
            (host, self.secure, "the prefix __Host-", "needs Secure"),
            (
                host,
                self.path.as_deref() == Some("/"),
                "the prefix __Host-",
                "needs Path=/",
            ),
            (
                host,
                self.domain.is_none(),
                "the prefix __Host-",
                "allows no Domain",
            ),
            (
                self.same_site == Some(SameSite::None),
                self.secure,
                "SameSite=None",
                "needs Secure",
            ),
            (self.partitioned, self.secure, "Partitioned", "needs Secure"),
        ] {
            if applies && !holds {
                return Err(CookieError::Requirement {
                    name: self.name.clone(),
                    cause,
                    requirement,
                });
            }
        }
        Ok(())
    }

    fn attribute_error(&self, attribute: &'static str, value: &str, remedy: &'static str) -> CookieError {
        CookieError::Attribute {
            name: self.name.clone(),
            attribute,
            value: value.into(),
            remedy,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(cookie: &SetCookie) -> String {
        cookie.header_value().unwrap_err().to_string()
    }

    #[test]
    fn writes_a_session_cookie() {
        assert_eq!(SetCookie::new("a", "1").header_value().unwrap(), "a=1");
        assert_eq!(SetCookie::new("a", "").header_value().unwrap(), "a=");
    }

    #[test]
    fn writes_every_attribute() {
        let cookie = SetCookie {
            path: Some("/a b".into()),
            domain: Some("example.com".into()),
            max_age: Some(-1),
            expires: Some(784_111_777),
            secure: true,
            http_only: true,
            same_site: Some(SameSite::None),
            partitioned: true,
            ..SetCookie::new("a", "1")
        };
        assert_eq!(
            cookie.header_value().unwrap(),
            "a=1; Path=/a b; Domain=example.com; Max-Age=-1; Expires=Sun, 06 Nov 1994 08:49:37 GMT; \
             Secure; HttpOnly; SameSite=None; Partitioned"
        );
    }

    #[test]
    fn refuses_a_name_that_is_not_a_token() {
        for name in ["", "a b", "a=b", "a;b", "é"] {
            assert!(
                matches!(SetCookie::new(name, "").header_value(), Err(CookieError::Name(_))),
                "{name}"
            );
        }
    }

    #[test]
    fn gives_back_every_text_that_was_set() {
        let every: String = ('\0'..='\u{ff}').chain(['€', '😀']).collect();
        for text in [
            "",
            "a b",
            "\"1\"",
            "100%",
            "%41",
            "a=b; c, d\\",
            "{\"a\":1}",
            &every,
        ] {
            let field = SetCookie::new("a", text).header_value().unwrap();
            let value = field.as_bytes().strip_prefix(b"a=").unwrap();
            assert!(
                value
                    .iter()
                    .all(|byte| byte.is_ascii_graphic() && !b"\",;\\".contains(byte)),
                "{field:?}"
            );
            assert_eq!(decode(value), text);
        }
    }

    #[test]
    fn leaves_alone_what_cookies_can_carry() {
        let text = "!#$&'()*+-./0:<=>?@A[]^_`a{|}~";
        assert_eq!(encode(text), text);
    }

    #[test]
    fn reads_the_cookies_of_other_programs_as_far_as_that_is_possible() {
        for (value, text) in [
            (&b"\"a%20b\""[..], "a b"),
            (b"100%", "100%"),
            (b"%ff", "%ff"),
            (b"\xe9", "é"),
            (b"\"", "\""),
            (b"a+b", "a+b"),
        ] {
            assert_eq!(decode(value), text, "{value:?}");
        }
    }

    #[test]
    fn refuses_what_user_agents_would_drop_for_its_length() {
        assert!(SetCookie::new("a", "x".repeat(4095)).header_value().is_ok());
        assert_eq!(
            message(&SetCookie::new("a", "x".repeat(4096))),
            "cookie `a` is longer than 4096 bytes; keep less in it"
        );
        let path = Some(format!("/{}", "x".repeat(1024)));
        assert!(
            SetCookie {
                path,
                ..SetCookie::new("a", "")
            }
            .header_value()
            .is_err()
        );
    }

    #[test]
    fn refuses_a_path_that_would_end_the_attribute() {
        for path in ["", "a", "/a; Domain=b", "/\r\nx: y", "/é", "/ "] {
            let cookie = SetCookie {
                path: Some(path.into()),
                ..SetCookie::new("a", "")
            };
            assert!(
                message(&cookie).starts_with("the Path of cookie `a` cannot be"),
                "{path}"
            );
        }
    }

    #[test]
    fn refuses_a_domain_that_is_not_a_host_name() {
        for domain in ["", ".", "a..b", "a b", "a;b", "bücher.example"] {
            let cookie = SetCookie {
                domain: Some(domain.into()),
                ..SetCookie::new("a", "")
            };
            assert!(
                message(&cookie).starts_with("the Domain of cookie `a` cannot be"),
                "{domain}"
            );
        }
    }

    #[test]
    fn asks_for_secure_where_user_agents_do() {
        let none = SetCookie {
            same_site: Some(SameSite::None),
            ..SetCookie::new("a", "")
        };
        assert_eq!(message(&none), "cookie `a`: SameSite=None needs Secure");
        let partitioned = SetCookie {
            partitioned: true,
            ..SetCookie::new("a", "")
        };
        assert_eq!(message(&partitioned), "cookie `a`: Partitioned needs Secure");
        assert_eq!(
            message(&SetCookie::new("__secure-a", "")),
            "cookie `__secure-a`: the prefix __Secure- needs Secure"
        );
    }

    #[test]
    fn keeps_a_host_cookie_to_its_host() {
        let bare = SetCookie {
            secure: true,
            ..SetCookie::new("__Host-a", "")
        };
        assert_eq!(
            message(&bare),
            "cookie `__Host-a`: the prefix __Host- needs Path=/"
        );
        let wide = SetCookie {
            path: Some("/".into()),
            domain: Some("b".into()),
            ..bare.clone()
        };
        assert_eq!(
            message(&wide),
            "cookie `__Host-a`: the prefix __Host- allows no Domain"
        );
        assert!(
            SetCookie {
                path: Some("/".into()),
                ..bare
            }
            .header_value()
            .is_ok()
        );
    }

    #[test]
    fn refuses_a_time_that_no_date_can_say() {
        let cookie = SetCookie {
            expires: Some(i64::MAX),
            ..SetCookie::new("a", "")
        };
        assert!(message(&cookie).starts_with("the Expires of cookie `a` cannot be"));
    }

    #[test]
    fn reads_same_site_without_regard_to_case() {
        assert_eq!(SameSite::parse("lax"), Some(SameSite::Lax));
        assert_eq!(SameSite::parse("no"), None);
    }
}
