//! The `Set-Cookie` field of a response.

use napi::Result;
use napi_derive::napi;
use sabir_core::header::cookie::{SameSite, SetCookie};

use crate::error::misuse;

/// The attributes of a cookie (RFC 6265bis §4.1); `expires` is in seconds since 1970.
#[napi(object)]
pub struct CookieAttributes {
    /// `Path`.
    pub path: Option<String>,
    /// `Domain`.
    pub domain: Option<String>,
    /// `Max-Age` in seconds.
    pub max_age: Option<i64>,
    /// `Expires`.
    pub expires: Option<i64>,
    /// `Secure`.
    pub secure: Option<bool>,
    /// `HttpOnly`.
    pub http_only: Option<bool>,
    /// `SameSite`.
    pub same_site: Option<String>,
    /// `Partitioned`.
    pub partitioned: Option<bool>,
}

/// The value of a `Set-Cookie` field.
#[napi]
pub fn set_cookie(name: String, value: String, attributes: CookieAttributes) -> Result<String> {
    let same_site = match attributes.same_site.as_deref() {
        None => None,
        Some(text) => Some(SameSite::parse(text).ok_or_else(|| {
            misuse(format!(
                "cookie {name}: sameSite is strict, lax or none, not {text:?}"
            ))
        })?),
    };
    let cookie = SetCookie {
        name,
        value,
        path: attributes.path,
        domain: attributes.domain,
        max_age: attributes.max_age,
        expires: attributes.expires,
        secure: attributes.secure.unwrap_or_default(),
        http_only: attributes.http_only.unwrap_or_default(),
        same_site,
        partitioned: attributes.partitioned.unwrap_or_default(),
    };
    let field = cookie.header_value().map_err(|error| misuse(error.to_string()))?;
    // The value consists of printable ASCII: `header_value` has checked every part.
    Ok(String::from_utf8_lossy(field.as_bytes()).into_owned())
}
