//! The time that an HTTP/2 connection may be open without a request.

use std::{
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use super::{refusal::Shared, timer::Timer};

/// Watches for a connection on which nothing is answered.
#[derive(Debug)]
pub(super) struct Idle {
    patience: Option<Duration>,
    shared: Arc<Shared>,
    timer: Timer,
    /// Requests that had begun when the timer was set.
    begun: u64,
}

impl Idle {
    /// Without `patience` a connection may be idle for ever.
    pub(super) fn new(patience: Option<Duration>, shared: Arc<Shared>) -> Self {
        Self {
            patience,
            shared,
            timer: Timer::default(),
            begun: 0,
        }
    }

    /// Ready when nothing has been asked or answered for the whole time; an idle connection is found after one to two of
    /// them, so that a request only costs a number. Poll it whenever the connection is polled.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(patience) = self.patience else {
            return Poll::Pending;
        };
        loop {
            ready!(self.timer.poll(patience, context));
            let begun = self.shared.begun();
            if begun == self.begun && !self.shared.is_busy() {
                return Poll::Ready(());
            }
            self.begun = begun;
            self.timer.clear();
        }
    }

    /// Begins to wait anew.
    pub(super) fn restart(&mut self) {
        self.timer.clear();
    }
}
