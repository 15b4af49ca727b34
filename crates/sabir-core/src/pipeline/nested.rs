//! Handlers for all that is below a path.

use http::{Method, uri::PathAndQuery};

use super::{below::below, target::Target};
use crate::{Operation, RouteDefinition, SetupError, routing::ANY_METHOD};

/// A handler and the paths that it answers.
#[derive(Debug)]
pub(super) struct Nested {
    /// Without a final slash; empty for the fallback, which answers every path.
    prefix: String,
    target: Target,
}

impl Nested {
    pub(super) fn target_mut(&mut self) -> &mut Target {
        &mut self.target
    }

    /// `target` for the paths below `prefix`, which is that of its [`definition`].
    pub(super) fn new(prefix: &str, target: Target) -> Self {
        Self {
            prefix: prefix.to_owned(),
            target,
        }
    }

    /// The paths that it answers, for messages.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// What answers `path`, if this does.
    pub(super) fn find(&self, path: &str) -> Option<&Target> {
        below(&self.prefix, path).map(|_| &self.target)
    }
}

/// The route that calls below `prefix` carry; the empty prefix is every path.
///
/// # Errors
/// A prefix that is not a plain path.
pub(super) fn definition(prefix: &str, operation: Operation) -> Result<RouteDefinition, SetupError> {
    check_prefix(prefix)?;
    let any = Method::from_bytes(ANY_METHOD.as_bytes()).unwrap_or_default();
    let path = if prefix.is_empty() { "/" } else { prefix };
    Ok(RouteDefinition::new(any, path, operation))
}

fn check_prefix(prefix: &str) -> Result<(), SetupError> {
    let is_plain = prefix.is_empty()
        || (prefix.starts_with('/')
            && !prefix.ends_with('/')
            && !prefix.contains("//")
            && !prefix.contains(['{', '}', '?', '#', '*', '%'])
            && PathAndQuery::try_from(prefix).is_ok());
    if is_plain {
        return Ok(());
    }
    Err(SetupError::new(
        "prefix",
        format!("`{prefix}` is not the start of a path"),
        "write it as `/api`, without variables and without a final slash",
    )
    .at(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_prefix_that_is_no_plain_path() {
        for prefix in ["api", "/", "/api/", "/{id}", "/a//b", "/a?b", "/a b", "/a%20b"] {
            assert!(check_prefix(prefix).is_err(), "{prefix}");
        }
        assert!(check_prefix("/api/v1").is_ok());
    }
}
