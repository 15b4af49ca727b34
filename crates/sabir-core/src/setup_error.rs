//! What is wrong with an application before it starts.

use thiserror::Error;

/// A mistake in a route, an operation or a setting. It names where, what, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{route}: {field}: {problem}; {remedy}")]
pub struct SetupError {
    /// The route as `GET /users/{id}`, or `settings`.
    pub route: String,
    /// The field as a path such as `parameters[0].schema`.
    pub field: String,
    /// What is wrong, without a final full stop.
    pub problem: String,
    /// What to do, as an imperative without a final full stop.
    pub remedy: String,
}

impl SetupError {
    /// An error about `field`; [`at`](Self::at) names the route once it is known.
    pub fn new(field: impl Into<String>, problem: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            route: String::new(),
            field: field.into(),
            problem: problem.into(),
            remedy: remedy.into(),
        }
    }

    /// The same error, said of `route`.
    #[must_use]
    pub fn at(mut self, route: impl Into<String>) -> Self {
        self.route = route.into();
        self
    }
}
