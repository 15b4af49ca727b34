//! The numbers by which JavaScript knows calls and sockets.

use sabir_host::CallId;

/// A number of JavaScript counts to 2^53 exactly, which is more calls than any process answers.
#[allow(clippy::cast_precision_loss, reason = "see above")]
pub(crate) fn ticket(id: CallId) -> f64 {
    id.number() as f64
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "tickets come from `ticket`; any other number names no call"
)]
pub(crate) fn id(ticket: f64) -> CallId {
    CallId::from_number(ticket as u64)
}
