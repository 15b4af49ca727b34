//! The one chance to answer a call.

use std::sync::Arc;

use sabir_core::Reply;
use tokio::sync::oneshot;

use crate::outbox::Outbox;

/// Answers one call, once. Dropping it unanswered answers 500, so that no client waits for a reply that the host has
/// forgotten.
#[derive(Debug)]
pub struct ReplyHandle {
    outbox: Arc<Outbox>,
    sender: oneshot::Sender<Reply>,
}

impl ReplyHandle {
    pub(crate) fn new(outbox: Arc<Outbox>, sender: oneshot::Sender<Reply>) -> Self {
        Self { outbox, sender }
    }

    /// Sends the answer.
    pub fn answer(self, reply: Reply) {
        self.outbox.post(self.sender, reply);
    }

    /// Whether nobody waits for the answer any more.
    pub fn is_abandoned(&self) -> bool {
        self.sender.is_closed()
    }
}
