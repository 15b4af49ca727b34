//! What stands for patterns that need backtracking in a build that has no engine for them.

use super::{Fault, Fit, translate::Translation};

/// There is no such pattern.
#[derive(Debug)]
pub(crate) enum Backtracking {}

impl Backtracking {
    /// Refuses every pattern.
    pub(super) fn compile(source: &str, _: &Translation) -> Result<Self, Fault> {
        Err(Fault(format!(
            "the pattern {source:?} has look-around, a back-reference or `\\B`, which needs the feature `backtracking` of \
             sabir-core, which this build is without"
        )))
    }

    pub(super) fn fit(&self, _: &str) -> Fit {
        match *self {}
    }
}
