//! The content of an HTTP/1.1 request: hyper reads no further request before it is read or given up.
//!
//! Whoever reads it may hold it longer than the answer takes, as an object of another language does that is collected later,
//! or a task that a handler has left behind. So it stays with the connection, readers have a handle, and when the request is
//! answered it is taken from them.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use sabir_core::{Problem, pipeline};
use tokio::runtime::Handle;

use super::{shared::Shared, unread::Unread};

/// What is left of the content of the request that is being answered.
#[derive(Debug)]
pub(super) struct Content {
    held: Mutex<Option<Held>>,
    /// Where what is left at the end of an answer is read away.
    runtime: Handle,
}

#[derive(Debug)]
struct Held {
    incoming: Incoming,
    /// The number of its request.
    index: u64,
    awaits_continue: bool,
    /// Whether a reader may still come for it.
    has_reader: bool,
    /// Whether its answer has begun, so that nobody takes what is left any more but the reader.
    is_answered: bool,
}

/// A request's content as it is read, with the inspector's reason when it breaks off.
#[derive(Debug)]
pub(super) struct InspectedBody {
    source: Source,
    shared: Arc<Shared>,
}

#[derive(Debug)]
enum Source {
    /// Content whose end nothing waits for: HTTP/2 has streams instead.
    Own(Incoming),
    /// That of the request with this number.
    Shared(u64),
    End,
}

impl Content {
    /// To be called on the runtime of the connection.
    pub(super) fn new() -> Self {
        Self {
            held: Mutex::default(),
            runtime: Handle::current(),
        }
    }

    fn hold(&self, incoming: Incoming, index: u64, awaits_continue: bool) {
        *self.lock() = Some(Held {
            incoming,
            index,
            awaits_continue,
            has_reader: true,
            is_answered: false,
        });
    }

    /// The content that nobody will read, when an answer is about to begin. What follows the head of an answer may still be made
    /// of the content; an answer `is_whole` when nothing does.
    pub(super) fn take_unread(&self, is_whole: bool) -> Option<Box<Unread>> {
        let mut held = self.lock();
        let content = held.as_mut()?;
        if content.has_reader && !is_whole {
            content.is_answered = true;
            return None;
        }
        held.take().map(|content| Box::new(content.unread()))
    }

    /// Whether nothing is left.
    pub(super) fn is_read(&self) -> bool {
        self.lock().is_none()
    }

    /// The answer has ended: nobody reads on.
    pub(super) fn end(&self) {
        let content = self.lock().take();
        self.read_away(content);
    }

    /// Reads away what no answer waits for.
    fn read_away(&self, content: Option<Held>) {
        if let Some(content) = content {
            let mut unread = content.unread();
            // When more is to come than is worth reading, hyper sees that nobody wants it, and closes.
            self.runtime
                .spawn(async move { std::future::poll_fn(|context| unread.poll_drained(context)).await });
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn unread(self) -> Unread {
        Unread::new(self.incoming, self.awaits_continue)
    }
}

impl InspectedBody {
    /// The content of request number `index`. Nothing of HTTP/2 waits for its end.
    pub(super) fn new(
        incoming: Incoming,
        index: u64,
        is_http1: bool,
        awaits_continue: bool,
        shared: &Arc<Shared>,
    ) -> Self {
        let source = if !is_http1 || incoming.is_end_stream() {
            Source::Own(incoming)
        } else {
            shared.content().hold(incoming, index, awaits_continue);
            Source::Shared(index)
        };
        Self {
            source,
            shared: Arc::clone(shared),
        }
    }

    /// Looks at the content, unless there is none any more.
    fn look<T>(&self, look: impl FnOnce(&Incoming) -> T) -> Option<T> {
        match &self.source {
            Source::Own(incoming) => Some(look(incoming)),
            Source::Shared(index) => match &*self.shared.content().lock() {
                Some(held) if held.index == *index => Some(look(&held.incoming)),
                _ => None,
            },
            Source::End => None,
        }
    }
}

impl Body for InspectedBody {
    type Data = Bytes;
    type Error = Problem;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        let frame = match &mut this.source {
            Source::End => return Poll::Ready(None),
            Source::Own(incoming) => ready!(Pin::new(incoming).poll_frame(context)),
            Source::Shared(index) => {
                let mut held = this.shared.content().lock();
                let content = held.as_mut().filter(|held| held.index == *index);
                let Some(content) = content else {
                    drop(held);
                    this.source = Source::End;
                    return Poll::Ready(Some(Err(pipeline::broken_off())));
                };
                let frame = ready!(Pin::new(&mut content.incoming).poll_frame(context));
                if !matches!(frame, Some(Ok(_))) {
                    *held = None;
                }
                frame
            }
        };
        if !matches!(frame, Some(Ok(_))) {
            this.source = Source::End;
        }
        Poll::Ready(frame.map(|frame| {
            frame.map_err(|_| this.shared.content_problem().unwrap_or_else(pipeline::broken_off))
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.look(Incoming::is_end_stream)
            .unwrap_or(matches!(self.source, Source::End))
    }

    fn size_hint(&self) -> SizeHint {
        self.look(Incoming::size_hint).unwrap_or_default()
    }
}

impl Drop for InspectedBody {
    fn drop(&mut self) {
        let Source::Shared(index) = self.source else {
            return;
        };
        let content = self.shared.content();
        let mut held = content.lock();
        let left = match &mut *held {
            Some(left) if left.index == index => left,
            _ => return,
        };
        left.has_reader = false;
        if left.incoming.is_end_stream() {
            *held = None;
        } else if left.is_answered {
            let left = held.take();
            drop(held);
            content.read_away(left);
        }
    }
}
