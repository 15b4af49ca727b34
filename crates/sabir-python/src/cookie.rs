//! The `Set-Cookie` field of a response.

use pyo3::{exceptions::PyValueError, prelude::*};
use sabir_core::header::cookie::{SameSite, SetCookie};

/// The value of a `Set-Cookie` field (RFC 6265bis §4.1); `expires` is in seconds since 1970.
#[pyfunction]
#[pyo3(signature = (name, value, *, path, domain, max_age, expires, secure, http_only, same_site, partitioned))]
#[allow(clippy::too_many_arguments, reason = "one for each attribute of the RFC")]
pub(crate) fn set_cookie(
    name: String,
    value: String,
    path: Option<String>,
    domain: Option<String>,
    max_age: Option<i64>,
    expires: Option<i64>,
    secure: bool,
    http_only: bool,
    same_site: Option<&str>,
    partitioned: bool,
) -> PyResult<String> {
    let same_site = match same_site {
        None => None,
        Some(text) => Some(SameSite::parse(text).ok_or_else(|| {
            PyValueError::new_err(format!(
                "cookie {name}: same_site is strict, lax or none, not {text:?}"
            ))
        })?),
    };
    let cookie = SetCookie {
        name,
        value,
        path,
        domain,
        max_age,
        expires,
        secure,
        http_only,
        same_site,
        partitioned,
    };
    let field = cookie
        .header_value()
        .map_err(|error| PyValueError::new_err(error.to_string()))?;
    // The value consists of printable ASCII: `header_value` has checked every part.
    Ok(String::from_utf8_lossy(field.as_bytes()).into_owned())
}
