//! What stands between a handler and the runtime: its deadline.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use super::timer::{Sleep, Timer};
use crate::{BoxFuture, Call, Handler, Problem, ProblemType, Reply};

/// A handler at work on one call. Dropping it cancels the call.
pub(super) struct Guarded {
    // `None` once the handler has run out of time.
    work: Option<BoxFuture<'static, Reply>>,
    deadline: Option<Pin<Box<dyn Sleep>>>,
}

impl Guarded {
    /// Starts `handler` on `call`.
    pub(super) fn start(handler: &dyn Handler, call: Call, timer: Option<&dyn Timer>) -> Self {
        let deadline = call.route.timeout.zip(timer);
        Self {
            work: Some(handler.call(call)),
            deadline: deadline.map(|(timeout, timer)| timer.sleep_until(timer.now() + timeout)),
        }
    }

    /// Work that may take any time, since what it hands on to has a deadline.
    pub(super) fn without_deadline(work: BoxFuture<'static, Reply>) -> Self {
        Self {
            work: Some(work),
            deadline: None,
        }
    }
}

impl Future for Guarded {
    type Output = Reply;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Reply> {
        let this = &mut *self;
        if let Some(work) = &mut this.work
            && let Poll::Ready(reply) = work.as_mut().poll(context)
        {
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
