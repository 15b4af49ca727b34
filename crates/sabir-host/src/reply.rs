//! The one chance to answer a call.

use std::{path::PathBuf, sync::Arc};

use sabir_core::{Reply, ReplyBody, RequestHead, in_flight::Permit};
use sabir_http::file_reply;
use tokio::sync::oneshot;

use crate::{
    CallId, Queue,
    outbox::Outbox,
    stream::{StreamWriter, stream},
};

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

    /// Begins the answer to the call `id` of `queue` with the head of `reply`, whose content is written as it is made.
    pub fn answer_with_stream(self, mut reply: Reply, id: CallId, queue: &Arc<Queue>) -> StreamWriter {
        let (content, writer) = stream(Arc::clone(&self.outbox), Arc::clone(queue), id);
        reply.body = ReplyBody::Stream(Box::pin(content));
        self.answer(reply);
        writer
    }

    /// The same for an answer whose chunks are [events](sabir_core::Event).
    pub fn answer_with_events(self, mut reply: Reply, id: CallId, queue: &Arc<Queue>) -> StreamWriter {
        let (content, writer) = stream(Arc::clone(&self.outbox), Arc::clone(queue), id);
        reply.body = ReplyBody::Events(Box::pin(content));
        self.answer(reply);
        writer
    }

    /// Whether nobody waits for the answer any more.
    pub fn is_abandoned(&self) -> bool {
        self.sender.is_closed()
    }
}
