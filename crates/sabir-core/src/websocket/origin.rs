//! Which pages may connect.
//!
//! A browser lets every page connect to every server, with the cookies of that server, and leaves it to the server to look at
//! `Origin` (RFC 6455 §10.2). So the pages of other hosts are refused unless the route names them. Clients other than
//! browsers send no `Origin`, and could send any.

use http::{
    HeaderMap, Uri,
    header::{HOST, ORIGIN},
};

use crate::{Problem, ProblemType, SetupError, Switch, header::host::is_same};

/// The origins that a route permits.
#[derive(Debug, Clone)]
pub(super) struct Origins {
    allowed: Vec<String>,
}

impl Origins {
    /// Those of a description.
    ///
    /// # Errors
    /// Names the first that is not an origin.
    pub(super) fn new(allowed: &[String]) -> Result<Self, SetupError> {
        for (index, origin) in allowed.iter().enumerate() {
            if origin != "*" && origin != "null" && parts(origin).is_none() {
                return Err(SetupError::new(
                    format!("x-sabir.websocket.allowed_origins[{index}]"),
                    format!("{origin:?} is not an origin"),
                    "write it as `https://shop.example`, with the port where it is not the scheme's own, or `*` for all",
                ));
            }
        }
        Ok(Self {
            allowed: allowed.to_vec(),
        })
    }

    /// Refuses the page of another origin.
    ///
    /// # Errors
    /// `forbidden`.
    pub(super) fn check(&self, headers: &HeaderMap) -> Result<(), Box<Problem>> {
        let mut origins = headers.get_all(ORIGIN).iter();
        let Some(origin) = origins.next() else {
            return Ok(());
        };
        let is_permitted = !Switch::Origins.is_on()
            || origins.next().is_none() && origin.to_str().is_ok_and(|origin| self.permits(origin, headers));
        if is_permitted {
            return Ok(());
        }
        let detail = "Pages of this origin may not open the socket.";
        Err(Box::new(Problem::new(ProblemType::Forbidden).with_detail(detail)))
    }

    fn permits(&self, origin: &str, headers: &HeaderMap) -> bool {
        if self.allowed.is_empty() {
            let host = headers.get(HOST).map(http::HeaderValue::as_bytes);
            return match (parts(origin), host) {
                (Some((scheme, authority)), Some(host)) => is_same(host, authority.as_bytes(), Some(scheme)),
                _ => false,
            };
        }
        self.allowed.iter().any(|allowed| {
            allowed == "*"
                || allowed == origin
                || match (parts(allowed), parts(origin)) {
                    (Some((scheme, host)), Some((other_scheme, other))) => {
                        scheme.eq_ignore_ascii_case(other_scheme)
                            && is_same(host.as_bytes(), other.as_bytes(), Some(scheme))
                    }
                    _ => false,
                }
        })
    }
}

/// The scheme and the host with its port.
fn parts(origin: &str) -> Option<(&str, &str)> {
    let (scheme, authority) = origin.split_once("://")?;
    let uri: Uri = origin.parse().ok()?;
    let is_plain = !authority.is_empty()
        && !authority.contains(['/', '?', '#', '@'])
        && uri.scheme().is_some()
        && uri.authority().is_some();
    is_plain.then_some((scheme, authority))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn permits(allowed: &[&str], host: &'static str, origin: &'static str) -> bool {
        let allowed: Vec<String> = allowed.iter().map(ToString::to_string).collect();
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static(host));
        headers.insert(ORIGIN, HeaderValue::from_static(origin));
        Origins::new(&allowed).unwrap().check(&headers).is_ok()
    }

    #[test]
    fn permits_its_own_host_alone_by_default() {
        assert!(permits(&[], "shop.example", "https://shop.example"));
        assert!(permits(&[], "shop.example:443", "https://shop.example"));
        assert!(permits(&[], "127.0.0.1:8000", "http://127.0.0.1:8000"));
        assert!(!permits(&[], "127.0.0.1:8000", "http://127.0.0.1:3000"));
        assert!(!permits(&[], "shop.example", "https://evil.example"));
        assert!(!permits(&[], "shop.example", "https://shop.example.evil.example"));
        assert!(!permits(&[], "shop.example", "https://evil.example@shop.example"));
        assert!(!permits(&[], "shop.example", "null"));
    }

    #[test]
    fn permits_those_that_are_named() {
        let allowed = ["https://shop.example"];
        assert!(permits(&allowed, "api.example", "https://shop.example"));
        assert!(permits(&allowed, "api.example", "https://SHOP.example:443"));
        assert!(!permits(&allowed, "api.example", "http://shop.example"));
        assert!(!permits(&allowed, "api.example", "https://api.example"));
        assert!(permits(&["*"], "api.example", "null"));
        assert!(permits(&["null"], "api.example", "null"));
    }

    #[test]
    fn refuses_two_origins() {
        let mut headers = HeaderMap::new();
        headers.append(ORIGIN, HeaderValue::from_static("https://a.example"));
        headers.append(ORIGIN, HeaderValue::from_static("https://a.example"));
        assert!(
            Origins::new(&["https://a.example".into()])
                .unwrap()
                .check(&headers)
                .is_err()
        );
    }

    #[test]
    fn lets_clients_without_an_origin_in() {
        assert!(Origins::new(&[]).unwrap().check(&HeaderMap::new()).is_ok());
    }

    #[test]
    fn refuses_what_is_no_origin_when_the_route_is_added() {
        for origin in ["shop.example", "https://shop.example/", "https://", ""] {
            assert!(Origins::new(&[origin.into()]).is_err(), "{origin}");
        }
    }
}
