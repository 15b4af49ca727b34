//! From a method and a path to a route.

use std::{borrow::Cow, sync::Arc};

use hashbrown::HashMap;
use http::Method;
use smallvec::SmallVec;

use super::{
    captures::{Captures, PathSegments},
    endpoint::{ANY_METHOD, Endpoint, allow},
    pattern::Pattern,
    segment::Segment,
    tree::Node,
};
use crate::{SetupError, settings::TrailingSlash};

/// Matches methods and paths; `T` is what a route leads to.
///
/// ```
/// use std::sync::Arc;
/// use http::Method;
/// use sabir_core::{routing::{Converters, Found, Pattern, Router}, settings::TrailingSlash};
///
/// let mut router = Router::new(TrailingSlash::Strict);
/// router.add(Method::GET, Arc::new(Pattern::parse("/users/{id:int}", &Converters::default())?), "show")?;
/// let Found::Route { target, captures } = router.find(&Method::GET, "/users/42") else { unreachable!() };
/// assert_eq!((*target, &*captures.0[0]), ("show", "42"));
/// # Ok::<(), sabir_core::SetupError>(())
/// ```
#[derive(Debug)]
pub struct Router<T> {
    trailing_slash: TrailingSlash,
    routes: Vec<Entry<T>>,
    endpoints: Vec<Endpoint>,
    /// The endpoints of patterns without variables, by their path. It spares the most common paths the tree. Only the
    /// application adds to it, so that a quick hash will do.
    literals: HashMap<Box<str>, usize>,
    root: Node,
}

#[derive(Debug)]
struct Entry<T> {
    method: Method,
    pattern: Arc<Pattern>,
    target: T,
}

/// What a path leads to.
#[derive(Debug)]
pub enum Found<'r, 'p, T> {
    /// A route. HEAD finds the GET route where no HEAD route is declared.
    Route {
        /// What the route leads to.
        target: &'r T,
        /// The variable parts of the path.
        captures: Captures<'p>,
    },
    /// OPTIONS on a known path that declares no OPTIONS route.
    Options {
        /// The value of `Allow`: the methods of every route that matches the path, sorted (RFC 9110 §10.2.1).
        allow: Cow<'r, str>,
    },
    /// A known path without this method.
    MethodNotAllowed {
        /// The value of `Allow`, as above.
        allow: Cow<'r, str>,
    },
    /// The path as the route declares it, with or without the final slash.
    Redirect {
        /// The path; the query is the caller's to add.
        path: String,
    },
    /// No route.
    NotFound,
    /// The path is not well formed: a bad escape, text that is not UTF-8.
    Malformed {
        /// What is wrong, as a sentence without full stop.
        detail: String,
    },
}

impl<T> Router<T> {
    /// A router without routes.
    pub fn new(trailing_slash: TrailingSlash) -> Self {
        Self {
            trailing_slash,
            routes: Vec::new(),
            endpoints: Vec::new(),
            literals: HashMap::new(),
            root: Node::default(),
        }
    }

    /// What the routes lead to, in the order in which they were added.
    pub fn targets(&self) -> impl Iterator<Item = &T> {
        self.routes.iter().map(|entry| &entry.target)
    }

    /// The same, to be changed.
    pub fn targets_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.routes.iter_mut().map(|entry| &mut entry.target)
    }

    /// Adds a route; [`ANY_METHOD`] is the method of one that answers all.
    ///
    /// # Errors
    /// When another route of the same method matches the same paths with the same precedence; both are named. A route of
    /// one method and one of all may share a pattern, for there the one method is the more specific.
    pub fn add(&mut self, method: Method, pattern: Arc<Pattern>, target: T) -> Result<(), SetupError> {
        self.insert(method, pattern, target, false)
    }

    /// Adds a route of GET that does nothing but change the protocol. HEAD is refused like a GET that does not ask for that, and is none
    /// of the methods in `Allow`.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn add_upgrade(&mut self, pattern: Arc<Pattern>, target: T) -> Result<(), SetupError> {
        self.insert(Method::GET, pattern, target, true)
    }

    fn insert(
        &mut self,
        method: Method,
        pattern: Arc<Pattern>,
        target: T,
        is_upgrade: bool,
    ) -> Result<(), SetupError> {
        let name = format!("{method} {}", pattern.as_str());
        let is_any = |method: &Method| method.as_str() == ANY_METHOD;
        let clash = |entry: &&Entry<T>| {
            let is_same_method = entry.method == method;
            (is_same_method || is_any(&entry.method) || is_any(&method))
                && entry.pattern.is_ambiguous_with(&pattern)
                && (is_same_method || !entry.pattern.is_same(&pattern))
        };
        if let Some(other) = self.routes.iter().find(clash) {
            let other = format!("{} {}", other.method, other.pattern.as_str());
            return Err(SetupError::new(
                "path",
                format!("`{name}` and `{other}` match the same paths"),
                "remove one of them or make it more specific",
            )
            .at(name));
        }
        let index = self.root.insert(pattern.segments(), self.endpoints.len());
        if index == self.endpoints.len() {
            self.endpoints.push(Endpoint::default());
        }
        if let Some(endpoint) = self.endpoints.get_mut(index) {
            endpoint.add(method.clone(), self.routes.len(), is_upgrade);
        }
        if let Some(path) = plain_path(&pattern) {
            self.literals.insert(path, index);
        }
        self.routes.push(Entry {
            method,
            pattern,
            target,
        });
        Ok(())
    }

    /// Finds the route of `method` and the still encoded `path`. Static segments win over typed ones, typed over
    /// plain ones, plain ones over `path` wildcards. A match without this method gives way to a less specific one
    /// that has it, since all of them describe the same resource.
    pub fn find<'r, 'p>(&'r self, method: &Method, path: &'p str) -> Found<'r, 'p, T> {
        if let Some(route) = self
            .literals
            .get(path)
            .filter(|_| crate::Switch::Precedence.is_on())
            .and_then(|index| self.endpoints.get(*index)?.route(method))
            && let Some(entry) = self.routes.get(route)
        {
            return Found::Route {
                target: &entry.target,
                captures: Captures::default(),
            };
        }
        if !path.starts_with('/') {
            return Found::NotFound;
        }
        let segments = match PathSegments::split(path) {
            Ok(segments) => segments,
            Err(reason) => {
                return Found::Malformed {
                    detail: format!("The path {}", reason.0),
                };
            }
        };
        match self.find_segments(method, &segments) {
            Found::NotFound if !crate::Switch::NotFound.is_on() => self.first(),
            Found::NotFound => self.find_other_form(method, path, segments),
            found => found,
        }
    }

    /// The first route, which stands in for the one that was not found.
    fn first<'p>(&self) -> Found<'_, 'p, T> {
        self.routes.first().map_or(Found::NotFound, |entry| Found::Route {
            target: &entry.target,
            captures: Captures::default(),
        })
    }

    /// Applies the policy on final slashes to a path that has no route.
    fn find_other_form<'r, 'p>(
        &'r self,
        method: &Method,
        path: &'p str,
        segments: PathSegments<'p>,
    ) -> Found<'r, 'p, T> {
        if self.trailing_slash == TrailingSlash::Strict || !crate::Switch::TrailingSlash.is_on() {
            return Found::NotFound;
        }
        let Some(segments) = segments.toggle_trailing_slash() else {
            return Found::NotFound;
        };
        let found = self.find_segments(method, &segments);
        if self.trailing_slash == TrailingSlash::Ignore || matches!(found, Found::NotFound) {
            return found;
        }
        // A reference that starts with two slashes names another host (RFC 3986 §4.2), and browsers read a backslash
        // as a slash: such a path must not become a redirect.
        if path.starts_with("//") || path.starts_with("/\\") {
            return Found::NotFound;
        }
        let path = path
            .strip_suffix('/')
            .map_or_else(|| format!("{path}/"), str::to_owned);
        Found::Redirect { path }
    }

    fn find_segments<'r, 'p>(&'r self, method: &Method, path: &PathSegments<'p>) -> Found<'r, 'p, T> {
        let mut captures = Captures::default();
        let mut found = None;
        let mut others: SmallVec<[&Endpoint; 4]> = SmallVec::new();
        self.root.walk(path, 0, &mut captures, &mut |index| {
            let Some(endpoint) = self.endpoints.get(index) else {
                return false;
            };
            found = endpoint.route(method).and_then(|route| self.routes.get(route));
            others.push(endpoint);
            found.is_some()
        });
        if let Some(entry) = found {
            return Found::Route {
                target: &entry.target,
                captures,
            };
        }
        let allow = match &*others {
            [] => return Found::NotFound,
            _ if !crate::Switch::Methods.is_on() => return Found::NotFound,
            [endpoint] => Cow::Borrowed(endpoint.allow()),
            several => Cow::Owned(allow(several)),
        };
        if method == Method::OPTIONS {
            Found::Options { allow }
        } else {
            Found::MethodNotAllowed { allow }
        }
    }
}

/// The one path that a pattern without variables matches, where its text is the same encoded and decoded.
fn plain_path(pattern: &Pattern) -> Option<Box<str>> {
    let mut path = String::new();
    for segment in pattern.segments() {
        let Segment::Literal(text) = segment else {
            return None;
        };
        if text.contains(['%', '/']) {
            return None;
        }
        path.push('/');
        path.push_str(text);
    }
    Some(path.into())
}
