//! A deadline that moves with every request.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::time::{Instant, Sleep, sleep_until};

/// A timer that is only touched when it fires: moving a deadline later, which every request does, costs nothing, since
/// the timer wakes at the earlier time and goes back to sleep.
#[derive(Debug, Default)]
pub(crate) struct Timer {
    sleep: Option<Pin<Box<Sleep>>>,
    since: Option<Instant>,
}

impl Timer {
    /// A timer whose wait began at `since`.
    pub(super) fn since(since: Option<Instant>) -> Self {
        Self { sleep: None, since }
    }

    /// Forgets when the wait began.
    pub(super) fn clear(&mut self) {
        self.since = None;
    }

    /// Ready when `timeout` has passed since the first call after [`clear`](Self::clear).
    pub(super) fn poll(&mut self, timeout: Duration, context: &mut Context<'_>) -> Poll<()> {
        let now = Instant::now();
        let deadline = *self.since.get_or_insert(now) + timeout;
        if now >= deadline {
            return Poll::Ready(());
        }
        let is_set = self
            .sleep
            .as_ref()
            .is_some_and(|sleep| !sleep.is_elapsed() && sleep.deadline() <= deadline);
        if is_set && self.sleep.as_ref().is_some_and(|sleep| sleep.deadline() > now) {
            // The connection is one task, so the waker that is registered is still the right one.
            return Poll::Pending;
        }
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        sleep.as_mut().reset(deadline);
        sleep.as_mut().poll(context)
    }
}
