//! The one chance to answer a call.

use std::{path::PathBuf, sync::Arc};

use sabir_core::{Reply, RequestHead, in_flight::Permit};
use sabir_http::{TakenConnection, Takeover, file_reply};
use tokio::{runtime::Handle, sync::oneshot};

use crate::outbox::Outbox;

/// Answers one call, once. Dropping it unanswered answers 500, so that no client waits for a reply that the host has
/// forgotten.
#[derive(Debug)]
pub struct ReplyHandle {
    outbox: Arc<Outbox>,
    sender: oneshot::Sender<Reply>,
    /// The call counts for as long as the host is at work on it, also when nobody waits for the answer.
    permit: Permit,
}

impl ReplyHandle {
    pub(crate) fn new(outbox: Arc<Outbox>, sender: oneshot::Sender<Reply>, permit: Permit) -> Self {
        Self {
            outbox,
            sender,
            permit,
        }
    }

    /// Sends the answer.
    pub fn answer(self, mut reply: Reply) {
        reply.permit = Some(self.permit);
        self.outbox.post(self.sender, reply);
    }

    /// Sends the file at `path` to the client of `request`, with the status and the header fields of `reply`, see
    /// [`file_reply`]. It is opened on a thread of the runtime for such work.
    pub fn answer_with_file(self, path: PathBuf, request: Arc<RequestHead>, reply: Reply) {
        let runtime = self.outbox.runtime().clone();
        runtime.spawn_blocking(move || self.answer(file_reply(&path, &request, reply)));
    }

    /// Has `tell` be called when the last byte of the answer was handed over, or nobody gets it any more.
    pub(crate) fn when_ended(&mut self, tell: impl FnOnce() + Send + Sync + 'static) {
        self.permit.when_ended(tell);
    }

    /// Takes the connection over in place of an answer. `done` is called on the thread that has served it, and must not block; it is
    /// dropped where the request has no connection of its own, as over HTTP/2 and in memory: the client gets a 500 then.
    pub fn take_over(self, done: impl FnOnce(TakenConnection) + Send + 'static) {
        self.answer(Takeover::new(done).into_reply());
    }

    /// The way back to the thread that waits for the answer.
    pub(crate) fn outbox(&self) -> &Arc<Outbox> {
        &self.outbox
    }

    /// The runtime of the thread that waits for the answer.
    pub(crate) fn runtime(&self) -> &Handle {
        self.outbox.runtime()
    }

    /// Whether nobody waits for the answer any more.
    pub fn is_abandoned(&self) -> bool {
        self.sender.is_closed()
    }
}
