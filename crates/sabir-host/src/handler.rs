//! A handler that lives in the host.

use std::{
    future::{Future, ready},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready as poll_ready},
};

use sabir_core::{
    BoxFuture, Call, Handler, Problem, ProblemType, Reply,
    in_flight::{self, Permit},
};
use tokio::sync::oneshot;

use crate::{CallId, HostMessage, Pending, Queue, ReplyHandle, content, outbox::Outbox};

/// How a handler of the host takes the content of its requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BodyForm {
    /// As the decoded value, and as it was sent where the handler asks for it.
    #[default]
    ValueAndContent,
    /// As the decoded value alone. What was sent is not in memory beside it while the call waits.
    Value,
    /// JSON as its text, for a parser that makes doubles of all numbers; anything else as the decoded value, and as it was
    /// sent. See [`RouteDefinition::leaving_json`](sabir_core::RouteDefinition::leaving_json).
    JsonText,
    /// As it arrives, see [`RequestContent`](crate::RequestContent) and
    /// [`RouteDefinition::streaming`](sabir_core::RouteDefinition::streaming).
    Stream,
    /// The same, but as [`Body::Bytes`] where all of it has come with the head: that needs no waiting.
    StreamOrBytes,
}

/// Passes calls to the host's handler number `target`.
#[derive(Debug, Clone)]
pub struct HostHandler {
    queue: Arc<Queue>,
    target: usize,
    body: BodyForm,
}

impl HostHandler {
    /// A handler that queues calls for `target`.
    pub fn new(queue: Arc<Queue>, target: usize) -> Self {
        Self {
            queue,
            target,
            body: BodyForm::default(),
        }
    }

    /// The same handler, which takes content in another form.
    #[must_use]
    pub fn taking(self, body: BodyForm) -> Self {
        Self { body, ..self }
    }
}

impl Handler for HostHandler {
    fn call(&self, mut call: Call) -> BoxFuture<'static, Reply> {
        let Some(permit) = self.queue.in_flight().enter() else {
            return Box::pin(ready(in_flight::refusal().into_reply()));
        };
        match self.body {
            // On the I/O thread, which has made it.
            BodyForm::Value => drop(std::mem::take(&mut call.body)),
            BodyForm::StreamOrBytes => call.body = content::at_hand(call.body),
            _ => {}
        }
        let target = self.target;
        ask(&self.queue, permit, |id, reply| {
            HostMessage::Call(Box::new(Pending {
                id,
                target,
                call,
                reply,
            }))
        })
    }
}

/// Pushes what the host is to answer, and waits for that.
pub(crate) fn ask(
    queue: &Arc<Queue>,
    permit: Permit,
    message: impl FnOnce(CallId, ReplyHandle) -> HostMessage,
) -> BoxFuture<'static, Reply> {
    let (sender, receiver) = oneshot::channel();
    let id = queue.next_id();
    let outbox = Outbox::current();
    let reply = ReplyHandle::new(Arc::clone(&outbox), sender, permit);
    match queue.push(message(id, reply)) {
        Ok(sleeps) => {
            if sleeps {
                outbox.wake_soon(Arc::clone(queue) as _);
            }
            Box::pin(Waiting {
                receiver,
                queue: Some(Arc::clone(queue)),
                id,
            })
        }
        Err(_) => Box::pin(ready(
            Problem::unavailable("The application has ended.").into_reply(),
        )),
    }
}

/// Waits for the host's reply; dropped early, it tells the host to stop.
struct Waiting {
    receiver: oneshot::Receiver<Reply>,
    queue: Option<Arc<Queue>>,
    id: CallId,
}

impl Future for Waiting {
    type Output = Reply;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Reply> {
        let answer = poll_ready!(Pin::new(&mut self.receiver).poll(context));
        self.queue = None;
        Poll::Ready(answer.unwrap_or_else(|_| {
            // Reported here and not where the handle was dropped: this thread knows which request it works on.
            tracing::error!("a call was dropped without an answer");
            Problem::new(ProblemType::InternalError).into_reply()
        }))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(queue) = self.queue.take() {
            self.receiver.close();
            queue.cancel(self.id);
        }
    }
}
