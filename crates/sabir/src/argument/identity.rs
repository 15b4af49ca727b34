//! Who sends a request.

use sabir_core::{Call, Problem, ProblemType, security::Identity};

use crate::{FromCall, States};

/// Refused with 401 where the operation demands no security scheme, or lets everybody in.
impl FromCall for Identity {
    type Rejection = Problem;

    async fn from_call(call: &mut Call, _: &States) -> Result<Self, Problem> {
        let identity = call.head.extensions.get::<Self>().cloned();
        identity.ok_or_else(|| Problem::new(ProblemType::Unauthorized))
    }
}
