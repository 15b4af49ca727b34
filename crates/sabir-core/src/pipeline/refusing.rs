//! Handlers of the runtime whose refusals others may answer.

use std::sync::Arc;

use super::{refusals::Refusals, timer::Timer};
use crate::{BoxFuture, Call, Handler, Reply, ReplyBody};

/// A handler of the runtime, and who answers in place of the problems that it gives.
pub(super) struct Refusing {
    pub(super) handler: Arc<dyn Handler>,
    pub(super) refusals: Refusals,
    pub(super) timer: Option<Arc<dyn Timer>>,
}

impl Handler for Refusing {
    fn call(&self, call: Call) -> BoxFuture<'static, Reply> {
        let head = Arc::clone(&call.head);
        let reply = self.handler.call(call);
        let (refusals, timer) = (self.refusals.clone(), self.timer.clone());
        Box::pin(async move {
            let mut reply = reply.await;
            match std::mem::take(&mut reply.body) {
                ReplyBody::Problem(problem) => match refusals.answer(head, problem, timer.as_deref()) {
                    Ok(answer) => answer.await,
                    Err(problem) => {
                        reply.body = ReplyBody::Problem(problem);
                        reply
                    }
                },
                body => {
                    reply.body = body;
                    reply
                }
            }
        })
    }
}
