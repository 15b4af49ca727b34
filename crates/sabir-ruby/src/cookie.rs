//! The `Set-Cookie` field of a response.

use magnus::{Error, RHash, Ruby};
use sabir_core::header::cookie::{SameSite, SetCookie};

use crate::error;

/// The value of a `Set-Cookie` field (RFC 6265bis §4.1) with attributes by the names of [`SetCookie`]; `expires` is in seconds
/// since 1970.
pub(crate) fn set_cookie(
    ruby: &Ruby,
    name: String,
    value: String,
    attributes: RHash,
) -> Result<String, Error> {
    let text = |attribute: &str| attributes.lookup::<_, Option<String>>(ruby.to_symbol(attribute));
    let number = |attribute: &str| attributes.lookup::<_, Option<i64>>(ruby.to_symbol(attribute));
    let flag = |attribute: &str| {
        attributes
            .lookup::<_, Option<bool>>(ruby.to_symbol(attribute))
            .map(Option::unwrap_or_default)
    };
    let same_site = match text("same_site")? {
        None => None,
        Some(text) => Some(SameSite::parse(&text).ok_or_else(|| {
            let problem = format!("cookie {name}: same_site is strict, lax or none, not {text:?}");
            error::argument(ruby, problem)
        })?),
    };
    let cookie = SetCookie {
        path: text("path")?,
        domain: text("domain")?,
        max_age: number("max_age")?,
        expires: number("expires")?,
        secure: flag("secure")?,
        http_only: flag("http_only")?,
        partitioned: flag("partitioned")?,
        same_site,
        name,
        value,
    };
    let field = cookie
        .header_value()
        .map_err(|problem| error::argument(ruby, problem.to_string()))?;
    // The value consists of printable ASCII: `header_value` has checked every part.
    Ok(String::from_utf8_lossy(field.as_bytes()).into_owned())
}
