//! What a route leads to.

use std::{fmt, sync::Arc};

use super::refusals::Refusals;
use crate::{
    Handler, Route,
    security::Requirement,
    stage::{Chain, Lines, Stages},
};

/// A route and who answers its calls.
pub(super) struct Target {
    pub(super) route: Arc<Route>,
    pub(super) handler: Arc<dyn Handler>,
    /// Whether the handler decodes the content for itself.
    pub(super) is_nested: bool,
    /// Who answers what is refused of its requests, if a handler does.
    pub(super) refusals: Option<Refusals>,
    /// What its requests have to satisfy.
    pub(super) security: Option<Arc<Requirement>>,
    /// What the route sets of its own.
    pub(super) stages: Stages,
    /// What its requests meet, once the application is built.
    pub(super) chain: Option<Chain>,
    /// What writes lines of its requests, once the application is built.
    pub(super) lines: Option<Arc<Lines>>,
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("route", &self.route)
            .finish_non_exhaustive()
    }
}
