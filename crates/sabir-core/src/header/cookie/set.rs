//! Cookies that a handler sets.

use std::fmt::Write as _;

use http::HeaderValue;
use thiserror::Error;

use super::value::encode;
use crate::header::{date, media_type::is_token};

/// The most bytes that name and value may have together; user agents ignore a longer cookie (RFC 6265bis §5.7).
const NAME_AND_VALUE_LIMIT: usize = 4096;
/// The most bytes of an attribute's value; user agents ignore a longer attribute (RFC 6265bis §5.6).
const ATTRIBUTE_LIMIT: usize = 1024;

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
mod tests;
