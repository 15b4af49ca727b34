//! The stage `csrf` (Fetch Metadata Request Headers §2.4, RFC 6454 §7).

use std::sync::Arc;

use http::{Extensions, HeaderMap, HeaderName, HeaderValue, header};

use super::{Compile, Halt, Stage, origin::Origin};
use crate::{Problem, ProblemType, RequestHead, SetupError, header::host::is_same, options::options};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

options! {
    /// Pages of other origins may not change anything here with the cookies of their visitors (cross-site request forgery): what browsers send for them
    /// is answered 403 before the handler runs, unless the method is safe (GET, HEAD, OPTIONS). Browsers say in `Sec-Fetch-Site`, `Origin` or
    /// `Referer` where a request comes from. No token is needed.
    Csrf ("option", at "") {
        /// The origins beside this one whose pages may: `https://shop.example`, or `https://*.shop.example` for every host below one.
        trusted_origins: Vec<String> = Vec::new();
        /// Whether clients that say nothing of it are refused, too. They are no browsers, but for some from before 2020 that can be told to say nothing.
        require_source: bool = false;
    }
}

/// The options, made ready before the first request.
#[derive(Debug)]
struct Compiled {
    trusted: Vec<Origin>,
    requires_source: bool,
}

impl Compile for Csrf {
    fn compile(&self) -> Result<Arc<dyn Stage>, SetupError> {
        Ok(Arc::new(Compiled {
            trusted: Origin::read_all("trusted_origins", &self.trusted_origins)?,
            requires_source: self.require_source,
        }))
    }
}

impl Compiled {
    /// Why a request with this head is refused.
    fn objection(&self, head: &RequestHead) -> Option<String> {
        if head.method.is_safe() {
            return None;
        }
        let Ok(origin) = one(&head.headers, &header::ORIGIN) else {
            return Some("The request names several origins.".into());
        };
        if origin.is_some_and(|origin| self.trusted.iter().any(|known| known.is(origin.as_bytes()))) {
            return None;
        }
        match one(&head.headers, &SEC_FETCH_SITE) {
            Ok(None) => {}
            Ok(Some(site)) if site == "same-origin" || site == "none" => return None,
            Ok(Some(_)) | Err(()) => {
                return Some(match origin.and_then(|origin| origin.to_str().ok()) {
                    Some(origin) => format!("Pages of {origin} may not send this request."),
                    None => "Pages of other origins may not send this request.".into(),
                });
            }
        }
        // What follows is for browsers that know no fetch metadata. Older ones say the page alone, and not its origin.
        let source = match (origin, one(&head.headers, &header::REFERER)) {
            (Some(origin), _) => origin,
            (None, Ok(Some(page))) => page,
            (None, Ok(None)) => {
                let detail = "The request does not say which page has sent it.";
                return self.requires_source.then(|| detail.into());
            }
            (None, Err(())) => return Some("The request names several pages.".into()),
        };
        let origin = origin_of(source.to_str().unwrap_or_default());
        if self.trusted.iter().any(|known| known.is(origin.as_bytes())) {
            return None;
        }
        let host = head.headers.get(header::HOST).map(HeaderValue::as_bytes);
        let is_own = origin
            .split_once("://")
            .zip(host)
            .is_some_and(|((scheme, authority), host)| is_same(host, authority.as_bytes(), Some(scheme)));
        (!is_own).then(|| format!("Pages of {origin} may not send this request."))
    }
}

/// The origin of a page; of an origin, it is that.
fn origin_of(address: &str) -> &str {
    let host = address.find("://").map_or(0, |end| end + "://".len());
    let rest = address.get(host..).unwrap_or_default();
    let end = rest.find(['/', '?', '#']).map_or(address.len(), |end| host + end);
    address.get(..end).unwrap_or_default()
}

/// The value of a field that may stand once.
fn one<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Result<Option<&'h HeaderValue>, ()> {
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    match values.next() {
        Some(_) => Err(()),
        None => Ok(first),
    }
}

impl Stage for Compiled {
    fn enter(&self, head: &RequestHead, _notes: &mut Extensions) -> Result<(), Halt> {
        self.objection(head).map_or(Ok(()), |detail| {
            let problem = Problem::new(ProblemType::Forbidden).with_detail(detail);
            Err(Box::new(problem.into_reply()).into())
        })
    }
}

#[cfg(test)]
mod tests {
    use http::{Method, Uri};

    use super::*;

    /// Whether a request with these fields is let in.
    fn lets_in(method: Method, fields: &[(&'static str, &'static str)]) -> bool {
        lets_in_where(false, method, fields)
    }

    fn lets_in_where(requires_source: bool, method: Method, fields: &[(&'static str, &'static str)]) -> bool {
        let options = Csrf {
            trusted_origins: vec!["https://partner.example".into(), "https://*.shop.example".into()],
            require_source: requires_source,
        };
        let trusted = Origin::read_all("trusted_origins", &options.trusted_origins).unwrap();
        let mut head = RequestHead::new(method, Uri::from_static("/"));
        head.headers
            .insert(header::HOST, HeaderValue::from_static("here.example"));
        for (name, value) in fields {
            head.headers.append(*name, HeaderValue::from_static(value));
        }
        let compiled = Compiled {
            trusted,
            requires_source,
        };
        compiled.objection(&head).is_none()
    }

    #[test]
    fn requests_of_other_pages_are_refused() {
        let (site, origin, page) = ("sec-fetch-site", "origin", "referer");
        for fields in [
            &[][..],
            &[(site, "same-origin"), (origin, "https://here.example")],
            &[(site, "same-origin")],
            // A proxy may have given the host another name.
            &[(site, "same-origin"), (origin, "https://public.example")],
            &[(site, "none")],
            &[(origin, "https://here.example")],
            &[(origin, "http://here.example")],
            &[(site, "cross-site"), (origin, "https://partner.example")],
            &[(site, "same-site"), (origin, "https://a.shop.example")],
            &[(origin, "https://partner.example")],
            &[(page, "https://here.example/form?a=https://other.example")],
            &[(page, "https://here.example")],
            &[(page, "https://partner.example/form")],
            // What says more counts.
            &[(site, "same-origin"), (page, "https://other.example/")],
            &[(origin, "https://here.example"), (page, "https://other.example/")],
        ] {
            assert!(lets_in(Method::POST, fields), "{fields:?}");
        }
        for fields in [
            &[(site, "cross-site")][..],
            &[(site, "same-site"), (origin, "https://sub.here.example")],
            &[(site, "cross-site"), (origin, "https://here.example")],
            &[(site, "unheard-of")],
            &[(site, "")],
            &[(site, "same-origin"), (site, "cross-site")],
            &[(origin, "https://other.example")],
            &[(origin, "https://here.example:8443")],
            &[(origin, "null")],
            &[(origin, "")],
            &[
                (origin, "https://here.example"),
                (origin, "https://other.example"),
            ],
            &[(origin, "https://shop.example")],
            &[(page, "https://other.example/form")],
            &[(page, "https://other.example/https://here.example/")],
            &[(page, "https://other.example?https://here.example")],
            &[(page, "https://here.example@other.example/")],
            &[(page, "")],
            &[(page, "here.example")],
            &[(page, "https://here.example/"), (page, "https://other.example/")],
        ] {
            assert!(!lets_in(Method::POST, fields), "{fields:?}");
            assert!(!lets_in(Method::DELETE, fields), "{fields:?}");
            for safe in [Method::GET, Method::HEAD, Method::OPTIONS] {
                assert!(lets_in(safe, fields), "{fields:?}");
            }
        }
    }

    #[test]
    fn who_says_nothing_may_be_refused() {
        assert!(!lets_in_where(true, Method::POST, &[]));
        assert!(lets_in_where(true, Method::GET, &[]));
        let page = ("referer", "https://here.example/form");
        assert!(lets_in_where(true, Method::POST, &[page]));
        assert!(lets_in_where(true, Method::POST, &[("sec-fetch-site", "none")]));
    }

    #[test]
    fn what_is_no_origin_is_named() {
        let options = Csrf {
            trusted_origins: vec!["https://a.example".into(), "a.example".into()],
            ..Csrf::default()
        };
        assert_eq!(options.compile().unwrap_err().field, "trusted_origins[1]");
    }
}
