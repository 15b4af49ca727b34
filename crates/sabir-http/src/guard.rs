//! What stands between a handler and the runtime: its deadline.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use sabir_core::{BoxFuture, Call, Handler, Problem, ProblemType, Reply, in_flight::Permit};
use tokio::time::{Sleep, sleep};

/// A handler at work on one call. Dropping it cancels the call.
pub(crate) struct Guarded {
    // `None` once the handler has run out of time.
    work: Option<BoxFuture<'static, Reply>>,
    deadline: Option<Pin<Box<Sleep>>>,
    /// Goes with the answer, where the pipeline counts calls.
    permit: Option<Permit>,
}

impl Guarded {
    /// Starts `handler` on `call`.
    pub(crate) fn start(handler: &dyn Handler, call: Call, permit: Option<Permit>) -> Self {
        let timeout = call.route.timeout;
        Self {
            work: Some(handler.call(call)),
            deadline: timeout.map(|timeout| Box::pin(sleep(timeout))),
            permit,
        }
    }
}

impl Future for Guarded {
    type Output = Reply;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Reply> {
        let this = &mut *self;
        if let Some(work) = &mut this.work
            && let Poll::Ready(mut reply) = work.as_mut().poll(context)
        {
            if this.permit.is_some() {
                reply.permit = this.permit.take();
            }
            return Poll::Ready(reply);
        }
        if let Some(deadline) = &mut this.deadline
            && deadline.as_mut().poll(context).is_ready()
        {
            this.work = None;
            return Poll::Ready(Problem::new(ProblemType::HandlerTimeout).into_reply());
        }
        Poll::Pending
    }
}
