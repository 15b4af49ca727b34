//! The number of a request in a Content Security Policy.

use sabir_core::{Call, Problem, ProblemType, stage::CspNonce};

use crate::{FromCall, States};

/// Answered with 500 where the policy of the application has no `'nonce-{nonce}'`.
impl FromCall for CspNonce {
    type Rejection = Problem;

    async fn from_call(call: &mut Call, _: &States) -> Result<Self, Problem> {
        let nonce = call.head.extensions.get::<Self>().cloned();
        nonce.ok_or_else(|| {
            tracing::error!("a handler takes a nonce, and its Content Security Policy has none");
            Problem::new(ProblemType::InternalError)
        })
    }
}
