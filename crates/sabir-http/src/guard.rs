//! What stands between a handler and the runtime: its deadline and a shield against panics.

use std::{
    any::Any,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll},
};

use sabir_core::{BoxFuture, Call, Handler, Problem, ProblemType, Reply};
use tokio::time::{Sleep, sleep};

/// A handler at work on one call. Dropping it cancels the call.
pub(crate) struct Guarded {
    // `None` once the handler has panicked or run out of time.
    work: Option<BoxFuture<'static, Reply>>,
    deadline: Option<Pin<Box<Sleep>>>,
}

impl Guarded {
    /// Starts `handler` on `call`.
    pub(crate) fn start(handler: &dyn Handler, call: Call) -> Self {
        let timeout = call.route.timeout;
        let work = match catch_unwind(AssertUnwindSafe(|| handler.call(call))) {
            Ok(work) => Some(work),
            Err(panic) => {
                report(panic.as_ref());
                None
            }
        };
        Self {
            work,
            deadline: timeout.map(|timeout| Box::pin(sleep(timeout))),
        }
    }
}

impl Future for Guarded {
    type Output = Reply;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Reply> {
        let Some(work) = &mut self.work else {
            return Poll::Ready(Problem::new(ProblemType::InternalError).into_reply());
        };
        match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
            Ok(Poll::Ready(reply)) => return Poll::Ready(reply),
            Ok(Poll::Pending) => {}
            Err(panic) => {
                report(panic.as_ref());
                self.work = None;
                return Poll::Ready(Problem::new(ProblemType::InternalError).into_reply());
            }
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

fn report(panic: &(dyn Any + Send)) {
    let message = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a value that is not text");
    tracing::error!(message, "a handler panicked");
}
