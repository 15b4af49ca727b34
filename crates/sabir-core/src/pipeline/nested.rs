//! Handlers for all that is below a path.

use std::sync::Arc;

use http::{Method, uri::PathAndQuery};

use super::target::Target;
use crate::{
    Handler, Operation, Route, RouteDefinition, Settings, SetupError, routing::Converters,
    schema::SchemaCompiler,
};

/// A handler and the paths that it answers.
#[derive(Debug)]
pub(super) struct Nested {
    /// Without a final slash; empty for the fallback, which answers every path.
    prefix: String,
    target: Target,
}

impl Nested {
    /// `handler` for the paths below `prefix`; the empty prefix is every path.
    ///
    /// # Errors
    /// A prefix that is not a plain path.
    pub(super) fn new(
        prefix: &str,
        handler: Arc<dyn Handler>,
        settings: &Settings,
    ) -> Result<Self, SetupError> {
        check_prefix(prefix)?;
        // Calls carry the route that they found. This one takes everything: the handler decodes for itself.
        let path = if prefix.is_empty() { "/" } else { prefix };
        let definition = RouteDefinition::new(Method::GET, path, Operation::default());
        let (converters, schemas) = (Converters::default(), SchemaCompiler::default());
        let route = Route::compile(definition, &converters, &schemas, settings)?;
        Ok(Self {
            prefix: prefix.to_owned(),
            target: Target {
                route: Arc::new(route),
                handler,
                is_nested: true,
            },
        })
    }

    /// The paths that it answers, for messages.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// What answers `path`, if this does.
    pub(super) fn find(&self, path: &str) -> Option<&Target> {
        let is_below = path
            .strip_prefix(self.prefix.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        is_below.then_some(&self.target)
    }
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
