//! The content of one request on its way to whoever reads it.
//!
//! Readers may hold it longer than the answer takes, as an object of another language does that is collected later, or a task
//! that a handler has left behind. On HTTP/1.1 no further request could be read then; on HTTP/2 the window of the connection would
//! stay smaller, and the stream would count as open (RFC 9113 §5.1.2, §5.2). So readers share it with the answer, and when that
//! is there it is taken from them.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame};
use hyper::body::Incoming;
use tokio::runtime::Handle;

use super::unread::Unread;

/// The content of a request that is being answered.
#[derive(Debug, Clone)]
pub(super) struct Content(Arc<Mutex<Held>>);

#[derive(Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about the content"
)]
struct Held {
    /// What is left, unless it has been read to its end or taken away.
    left: Option<Incoming>,
    /// Who is to be woken when more comes, or it is taken away.
    reader: Option<Waker>,
    /// Whether a reader may still come for it.
    has_reader: bool,
    /// Whether its answer has begun, so that nobody takes what is left any more but the reader.
    is_answered: bool,
    /// Whether it lies before the next request: HTTP/2 has streams instead.
    is_http1: bool,
    awaits_continue: bool,
}

/// What was left when it was taken away.
struct Taken {
    left: Option<Incoming>,
    reader: Option<Waker>,
    is_http1: bool,
    awaits_continue: bool,
}

/// Why content has no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// It breaks off.
    Off,
    /// Its request is answered.
    Taken,
}

impl Content {
    /// That of a request, unless there is none.
    pub(super) fn of(incoming: Incoming, is_http1: bool, awaits_continue: bool) -> Option<Self> {
        (!incoming.is_end_stream()).then(|| {
            Self(Arc::new(Mutex::new(Held {
                left: Some(incoming),
                reader: None,
                has_reader: true,
                is_answered: false,
                is_http1,
                awaits_continue,
            })))
        })
    }

    /// The content that nobody will read and that lies before the next request, when an answer is about to begin. What follows
    /// the head of an answer may still be made of the content; an answer `is_whole` when nothing does.
    pub(super) fn take_unread(&self, is_whole: bool) -> Option<Box<Unread>> {
        let mut held = self.lock();
        if held.has_reader && !is_whole {
            held.is_answered = true;
            return None;
        }
        let taken = held.take();
        drop(held);
        taken.unread().map(Box::new)
    }

    /// Reads on.
    pub(super) fn poll_frame(&self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let mut held = self.lock();
        let Some(left) = &mut held.left else {
            return Poll::Ready(Some(Err(Broken::Taken)));
        };
        let Poll::Ready(frame) = Pin::new(left).poll_frame(context) else {
            held.reader = Some(context.waker().clone());
            return Poll::Pending;
        };
        if !matches!(frame, Some(Ok(_))) {
            held.left = None;
        }
        Poll::Ready(frame.map(|frame| frame.map_err(|_| Broken::Off)))
    }

    /// Looks at what is left.
    pub(super) fn look<T>(&self, look: impl FnOnce(&Incoming) -> T) -> Option<T> {
        self.lock().left.as_ref().map(look)
    }

    /// Whether nothing is left.
    pub(super) fn is_read(&self) -> bool {
        self.lock().left.is_none()
    }

    /// Its reader has gone. What is left may be read away on `runtime`.
    pub(super) fn leave(&self, runtime: &Handle) {
        let mut held = self.lock();
        held.has_reader = false;
        held.reader = None;
        // What lies before the next request is still of use to the answer.
        let is_done = !held.is_http1 || held.left.as_ref().is_some_and(Incoming::is_end_stream);
        if !is_done && !held.is_answered {
            return;
        }
        let taken = held.take();
        drop(held);
        if !is_done {
            taken.read_away(runtime);
        }
    }

    /// What has come of the content and has not been read. Nobody reads on.
    pub(super) fn take_arrived(&self) -> BytesMut {
        let taken = self.lock().take();
        let mut arrived = BytesMut::new();
        let mut context = Context::from_waker(Waker::noop());
        if let Some(mut left) = taken.left {
            while let Poll::Ready(Some(Ok(frame))) = Pin::new(&mut left).poll_frame(&mut context) {
                if let Ok(chunk) = frame.into_data() {
                    arrived.extend_from_slice(&chunk);
                }
            }
        }
        if let Some(reader) = taken.reader {
            reader.wake();
        }
        arrived
    }

    /// The answer has ended: nobody reads on. What is left is read away on `runtime`.
    pub(super) fn end(&self, runtime: &Handle) {
        let taken = self.lock().take();
        taken.read_away(runtime);
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// Takes what is left. That is let go of, and its reader woken, without the lock.
    fn take(&mut self) -> Taken {
        Taken {
            left: self.left.take(),
            reader: self.reader.take(),
            is_http1: self.is_http1,
            awaits_continue: self.awaits_continue,
        }
    }
}

impl Taken {
    /// What has to be read before the next request. A reader that waits is woken, and sees that it is taken away.
    fn unread(self) -> Option<Unread> {
        if let Some(reader) = self.reader {
            reader.wake();
        }
        let left = self.left.filter(|_| self.is_http1)?;
        Some(Unread::new(left, self.awaits_continue))
    }

    /// Reads away what no answer waits for.
    fn read_away(self, runtime: &Handle) {
        if let Some(mut unread) = self.unread() {
            // When more is to come than is worth reading, hyper sees that nobody wants it, and closes.
            runtime.spawn(async move { std::future::poll_fn(|context| unread.poll_drained(context)).await });
        }
    }
}
