//! The one chance to answer a call.

use std::sync::Arc;

use sabir_core::{Problem, ProblemType, Reply};
use tokio::sync::oneshot;

use crate::outbox::Outbox;

/// Answers one call, once. Dropping it unanswered answers 500, so that no client waits for a reply that the host has
/// forgotten.
#[derive(Debug)]
pub struct ReplyHandle {
    outbox: Arc<Outbox>,
    sender: Option<oneshot::Sender<Reply>>,
}

impl ReplyHandle {
    pub(crate) fn new(outbox: Arc<Outbox>, sender: oneshot::Sender<Reply>) -> Self {
        Self {
            outbox,
            sender: Some(sender),
        }
    }

    /// Sends the answer.
    pub fn answer(mut self, reply: Reply) {
        if let Some(sender) = self.sender.take() {
            self.outbox.post(sender, reply);
        }
    }

    /// Whether nobody waits for the answer any more.
    pub fn is_abandoned(&self) -> bool {
        self.sender.as_ref().is_none_or(oneshot::Sender::is_closed)
    }
}

impl Drop for ReplyHandle {
    fn drop(&mut self) {
        if let Some(sender) = self.sender.take()
            && !sender.is_closed()
        {
            tracing::error!("a call was dropped without an answer");
            self.outbox
                .post(sender, Problem::new(ProblemType::InternalError).into_reply());
        }
    }
}
