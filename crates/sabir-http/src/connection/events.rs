//! What event streams need between their events (WHATWG HTML §9.2).

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use tokio::time::{Instant, Sleep, sleep};

use crate::control::Control;

/// A comment, which clients ignore.
const COMMENT: &[u8] = b":\n\n";

/// Keeps one event stream alive, and ends it when the server stops.
pub(super) struct KeepAlive {
    interval: Option<(Duration, Pin<Box<Sleep>>)>,
    stopped: Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// What is due while there is no event.
pub(super) enum Due {
    Comment(Bytes),
    End,
}

impl KeepAlive {
    pub(super) fn new(interval: Option<Duration>, control: &Arc<Control>) -> Self {
        let control = Arc::clone(control);
        Self {
            interval: interval.map(|interval| (interval, Box::pin(sleep(interval)))),
            stopped: Box::pin(async move { control.stopped().await }),
        }
    }

    /// An event is sent: the next comment is not due for a while.
    pub(super) fn begin_again(&mut self) {
        if let Some((interval, timer)) = &mut self.interval {
            timer.as_mut().reset(Instant::now() + *interval);
        }
    }

    /// To be asked when there is no event.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Due> {
        if self.stopped.as_mut().poll(context).is_ready() {
            return Poll::Ready(Due::End);
        }
        if let Some((_, timer)) = &mut self.interval
            && timer.as_mut().poll(context).is_ready()
        {
            self.begin_again();
            return Poll::Ready(Due::Comment(Bytes::from_static(COMMENT)));
        }
        Poll::Pending
    }
}
