//! The methods of one pattern.

use http::Method;
use smallvec::SmallVec;

/// The method of a route that answers every method, but for those that have a route of their own on the same path.
///
/// It is no method that a client would send, though `*` is a token (RFC 9110 §9.1).
pub const ANY_METHOD: &str = "*";

/// The routes of one pattern.
#[derive(Debug, Default)]
pub(super) struct Endpoint {
    /// Each method with the index of its route.
    methods: SmallVec<[(Method, usize); 2]>,
    /// The route of every other method.
    any_method: Option<usize>,
    /// Whether its route of GET does nothing but change the protocol.
    is_upgrade: bool,
    /// The value of `Allow`.
    allow: String,
}

impl Endpoint {
    pub(super) fn add(&mut self, method: Method, route: usize, is_upgrade: bool) {
        if method.as_str() == ANY_METHOD {
            self.any_method = Some(route);
            return;
        }
        self.is_upgrade |= is_upgrade;
        self.methods.push((method, route));
        self.allow = allow(&[&*self]);
    }

    /// The value of `Allow`.
    pub(super) fn allow(&self) -> &str {
        &self.allow
    }

    /// The route of `method`. A HEAD request is answered by the GET route (RFC 9110 §9.3.2), and what has no route of its
    /// own by that of any method.
    pub(super) fn route(&self, method: &Method) -> Option<usize> {
        let of = |wanted: &Method| {
            self.methods
                .iter()
                .find(|(known, _)| known == wanted)
                .map(|(_, route)| *route)
        };
        of(method).or_else(|| {
            if !crate::Switch::Methods.is_on() {
                return None;
            }
            let as_get = if method == Method::HEAD {
                of(&Method::GET)
            } else {
                None
            };
            as_get.or(self.any_method)
        })
    }
}

/// The value of `Allow` for what these declare together: HEAD comes with a GET that has content, OPTIONS always.
pub(super) fn allow(endpoints: &[&Endpoint]) -> String {
    let mut names: SmallVec<[&str; 8]> = SmallVec::new();
    for endpoint in endpoints {
        let before = names.len();
        names.extend(endpoint.methods.iter().map(|(method, _)| method.as_str()));
        if !endpoint.is_upgrade && names[before..].contains(&"GET") {
            names.push("HEAD");
        }
    }
    names.push("OPTIONS");
    names.sort_unstable();
    names.dedup();
    names.join(", ")
}
