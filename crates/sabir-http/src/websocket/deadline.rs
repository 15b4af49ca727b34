//! The next moment at which a task has to look at its clock.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::time::{Instant, Sleep, sleep_until};

/// A timer whose deadline moves later all the time: it is only set anew once it has fired.
#[derive(Debug, Default)]
pub(super) struct Deadline {
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Deadline {
    /// Has the task be woken at `moment` or before. Ready when it has come.
    pub(super) fn poll(&mut self, moment: Instant, now: Instant, context: &mut Context<'_>) -> Poll<()> {
        if moment <= now {
            return Poll::Ready(());
        }
        match &mut self.sleep {
            // A connection is one task, so the waker that is registered is still the right one.
            Some(sleep) if sleep.deadline() <= moment && sleep.deadline() > now => return Poll::Pending,
            Some(sleep) => sleep.as_mut().reset(moment),
            None => self.sleep = Some(Box::pin(sleep_until(moment))),
        }
        match &mut self.sleep {
            Some(sleep) => sleep.as_mut().poll(context),
            None => Poll::Pending,
        }
    }
}
