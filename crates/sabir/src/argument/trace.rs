//! The trace that a request is of.

use sabir_core::{Call, Problem, ProblemType, trace::TraceContext};

use crate::{FromCall, States};

/// Fails with 500 where the application has no stage `trace_context`.
impl FromCall for TraceContext {
    type Rejection = Problem;

    async fn from_call(call: &mut Call, _: &States) -> Result<Self, Problem> {
        call.head.id.trace().cloned().ok_or_else(|| {
            tracing::error!(
                "a handler asks for the trace of its request, but the stage `trace_context` is not set"
            );
            Problem::new(ProblemType::InternalError)
        })
    }
}
