//! Refusals that a handler answers in place of the runtime.

use std::{fmt, sync::Arc};

use super::{guarded::Guarded, timer::Timer};
use crate::{Call, Handler, Problem, RequestHead, Route};

/// Who answers refusals, and the route that its calls carry.
#[derive(Clone)]
pub(super) struct Refusals {
    pub(super) route: Arc<Route>,
    pub(super) handler: Arc<dyn Handler>,
}

impl Refusals {
    /// Has the handler answer the request with this head, which is refused with `problem`.
    ///
    /// # Errors
    /// The problem, where that is the answer whatever a handler thinks of it.
    pub(super) fn answer(
        &self,
        head: Arc<RequestHead>,
        problem: Box<Problem>,
        timer: Option<&dyn Timer>,
    ) -> Result<Guarded, Box<Problem>> {
        if !is_open(problem.status) {
            return Err(problem);
        }
        let mut call = Call::new(Arc::clone(&self.route), head);
        call.refusal = Some(problem);
        Ok(Guarded::start(&*self.handler, call, timer))
    }
}

/// Whether handlers may answer a refusal with this status: not those that keep load away from them, nor the runtime's own failures.
fn is_open(status: u16) -> bool {
    (400..500).contains(&status) && !matches!(status, 408 | 414 | 429 | 431)
}

impl fmt::Debug for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusals")
            .field("route", &self.route)
            .finish_non_exhaustive()
    }
}
