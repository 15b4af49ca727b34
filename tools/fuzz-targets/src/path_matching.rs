//! Patterns, paths, and the paths that patterns build.

use std::sync::Arc;

use http::Method;
use sabir_core::{
    routing::{Captures, Converters, Found, Pattern, Router},
    settings::TrailingSlash,
};

use crate::{input::Input, watch::watch};

/// How many patterns and how many paths one input may have; more would only make it slow.
const LINES: usize = 24;

/// The memory for each byte of patterns and of a path: each `/` begins a segment, and lists grow by doubling.
const MATCHING: usize = 192;

const POLICIES: [TrailingSlash; 3] = [
    TrailingSlash::Strict,
    TrailingSlash::Redirect,
    TrailingSlash::Ignore,
];

/// Reads the policy for final slashes from the first byte, then patterns and, after an empty line, paths.
///
/// Nothing panics; a redirect leads to a route on the same host; what a pattern builds matches that pattern
/// again, with the values that it was built from; and matching keeps to bounds.
///
/// # Panics
/// When one of these does not hold.
pub fn path_matching(data: &[u8]) {
    let mut input = Input(data);
    let policy = POLICIES[usize::from(input.byte()) % POLICIES.len()];
    let converters = Converters::default();
    let patterns: Vec<Arc<Pattern>> = input
        .texts(LINES)
        .iter()
        .filter_map(|text| Pattern::parse(text, &converters).ok())
        .map(Arc::new)
        .collect();
    let router = watch(data.len(), MATCHING, || {
        let mut router = Router::new(policy);
        for (index, pattern) in patterns.iter().enumerate() {
            let method = if index % 4 == 3 { Method::POST } else { Method::GET };
            // A conflict with an earlier pattern is refused, which is as good an outcome as any.
            let _ = router.add(method, Arc::clone(pattern), Arc::clone(pattern));
        }
        router
    });
    let paths = input.texts(LINES);
    for path in &paths {
        for method in [Method::GET, Method::HEAD, Method::POST, Method::OPTIONS] {
            check(&router, &method, path);
        }
    }
    for pattern in &patterns {
        let values: Vec<(&str, &str)> = pattern
            .variables()
            .zip(paths.iter().cycle())
            .map(|((name, _), text)| (name, &**text))
            .collect();
        if let Ok(path) = pattern.build(&values) {
            check_built(pattern, &path, &values);
        }
    }
}

fn check(router: &Router<Arc<Pattern>>, method: &Method, path: &str) {
    match watch(path.len(), MATCHING, || router.find(method, path)) {
        Found::Route { target, captures } => check_captures(target, &captures, path),
        Found::Redirect { path: other } => {
            assert!(other.starts_with('/'), "{other:?} is no path");
            assert!(
                !other.starts_with("//") && !other.starts_with("/\\"),
                "{other:?} names another host"
            );
            let found = router.find(method, &other);
            assert!(
                !matches!(found, Found::Redirect { .. } | Found::NotFound),
                "{path:?} is sent to {other:?}, which has no route"
            );
        }
        Found::Options { allow } | Found::MethodNotAllowed { allow } => {
            let allowed: Vec<&str> = allow.split(", ").collect();
            assert!(
                allowed.contains(&"OPTIONS")
                    && (*method == Method::OPTIONS || !allowed.contains(&method.as_str())),
                "{method} is refused beside {allow}"
            );
        }
        Found::NotFound => {}
        Found::Malformed { .. } => assert!(path.contains('%'), "{path:?} has nothing to decode"),
    }
}

/// A found route builds a path from what it captured, unless that has a segment of dots.
fn check_captures(pattern: &Pattern, captures: &Captures<'_>, path: &str) {
    let names: Vec<&str> = pattern.variables().map(|(name, _)| name).collect();
    assert_eq!(
        names.len(),
        captures.0.len(),
        "{:?} on {path:?}",
        pattern.as_str()
    );
    let values: Vec<(&str, &str)> = names
        .into_iter()
        .zip(captures.0.iter().map(|value| &**value))
        .collect();
    match pattern.build(&values) {
        Ok(built) => check_built(pattern, &built, &values),
        Err(error) => assert!(has_dot_segment(path), "{path:?}: {error}"),
    }
}

fn check_built(pattern: &Pattern, path: &str, values: &[(&str, &str)]) {
    assert!(
        path.is_ascii() && path.starts_with('/'),
        "{path:?} is not encoded"
    );
    let mut router = Router::new(TrailingSlash::Strict);
    let added = router.add(Method::GET, Arc::new(pattern.clone()), ());
    assert!(added.is_ok(), "{:?} conflicts with itself", pattern.as_str());
    let found = router.find(&Method::GET, path);
    let Found::Route { captures, .. } = &found else {
        unreachable!("{:?} built {path:?}, which is {found:?}", pattern.as_str());
    };
    let read: Vec<&str> = captures.0.iter().map(|value| &**value).collect();
    let given: Vec<&str> = values.iter().map(|(_, value)| *value).collect();
    assert_eq!(read, given, "{:?} built {path:?}", pattern.as_str());
}

/// Whether a segment of `path` is `.` or `..`, also where dots and slashes are encoded.
fn has_dot_segment(path: &str) -> bool {
    let decoded = path
        .replace("%2e", ".")
        .replace("%2E", ".")
        .replace("%2f", "/")
        .replace("%2F", "/");
    decoded.split('/').any(|segment| matches!(segment, "." | ".."))
}
