//! What stands between a handler and the runtime: its deadline.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use sabir_core::{BoxFuture, Call, Handler, Problem, ProblemType, Reply};
use tokio::time::{Sleep, sleep};

/// A handler at work on one call. Dropping it cancels the call.
pub(crate) struct Guarded {
    // `None` once the handler has run out of time.
    work: Option<BoxFuture<'static, Reply>>,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl Guarded {
    /// Starts `handler` on `call`.
    pub(crate) fn start(handler: &dyn Handler, call: Call) -> Self {
        let timeout = call.route.timeout;
        Self {
            work: Some(handler.call(call)),
            deadline: timeout.map(|timeout| Box::pin(sleep(timeout))),
        }
    }
}

impl Future for Guarded {
    type Output = Reply;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Reply> {
        if let Some(work) = &mut self.work
            && let Poll::Ready(reply) = work.as_mut().poll(context)
        {
            return Poll::Ready(reply);
        }
        if let Some(deadline) = &mut self.deadline
            && deadline.as_mut().poll(context).is_ready()
        {
            self.work = None;
            return Poll::Ready(Problem::new(ProblemType::HandlerTimeout).into_reply());
        }
        Poll::Pending
    }
}
