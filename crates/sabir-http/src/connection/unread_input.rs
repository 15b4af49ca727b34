//! Hearing of a client whose bytes wait unread.

use std::{
    fmt,
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use super::{paced::Paced, timer::Timer};

/// How long nothing is read before the connection is watched beside the reading, which takes a descriptor: most handlers read
/// their content at once.
const PATIENCE: Duration = Duration::from_millis(25);

/// How long nothing is read before a client is asked whether it is there. The end of what it sends lies behind what the sockets
/// do not take any more, so that nobody sees it.
const LONG: Duration = Duration::from_secs(1);

/// Watches a client whose input is not read.
#[derive(Default)]
pub(super) struct UnreadInput {
    since: Timer,
    asking: Timer,
    /// Completes when the client sends no more.
    end: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    has_ended: bool,
}

/// What is known of such a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Suspicion {
    /// It sends no more.
    Ended,
    /// It may send no more.
    Silent,
}

impl UnreadInput {
    /// The input is read, which finds its end.
    pub(super) fn clear(&mut self) {
        self.since.clear();
        self.asking.clear();
        if self.end.is_some() {
            self.end = None;
        }
        self.has_ended = false;
    }

    /// Ready when the client may have left.
    pub(super) fn poll(&mut self, stream: &Paced, context: &mut Context<'_>) -> Poll<io::Result<Suspicion>> {
        if self.has_ended {
            return Poll::Ready(Ok(Suspicion::Ended));
        }
        let end = if let Some(end) = &mut self.end {
            end
        } else {
            ready!(self.since.poll(PATIENCE, context));
            self.end.insert(stream.stream().end()?)
        };
        if end.as_mut().poll(context).is_ready() {
            self.end = None;
            self.has_ended = true;
            return Poll::Ready(Ok(Suspicion::Ended));
        }
        self.asking.poll(LONG, context).map(|()| Ok(Suspicion::Silent))
    }
}

impl fmt::Debug for UnreadInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnreadInput")
            .field("is_watched", &self.end.is_some())
            .field("has_ended", &self.has_ended)
            .finish_non_exhaustive()
    }
}
