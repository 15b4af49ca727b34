//! The content of an HTTP/1.1 request: hyper reads no further request before it is read or given up.
//!
//! Whoever reads it may hold it longer than the answer takes, as an object of another language does that is collected later,
//! or a task that a handler has left behind. So it stays with the connection, readers have a handle, and when the request is
//! answered it is taken from them.

use std::{
    pin::Pin,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame};
use hyper::body::Incoming;
use tokio::runtime::Handle;

use super::unread::Unread;

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
    /// Whether a reader may still come for it, and who is to be woken when it comes.
    has_reader: bool,
    reader: Option<Waker>,
    /// Whether its answer has begun, so that nobody takes what is left any more but the reader.
    is_answered: bool,
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
    /// To be called on the runtime of the connection.
    pub(super) fn new() -> Self {
        Self {
            held: Mutex::default(),
            runtime: Handle::current(),
        }
    }

    /// Holds the content of request number `index` for its reader.
    pub(super) fn hold(&self, incoming: Incoming, index: u64, awaits_continue: bool) {
        *self.lock() = Some(Held {
            incoming,
            index,
            awaits_continue,
            has_reader: true,
            reader: None,
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

    /// Reads on in the content of request number `index`.
    pub(super) fn poll_frame(
        &self,
        index: u64,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let mut held = self.lock();
        let Some(left) = held.as_mut().filter(|left| left.index == index) else {
            return Poll::Ready(Some(Err(Broken::Taken)));
        };
        let Poll::Ready(frame) = Pin::new(&mut left.incoming).poll_frame(context) else {
            left.reader = Some(context.waker().clone());
            return Poll::Pending;
        };
        if !matches!(frame, Some(Ok(_))) {
            *held = None;
        }
        Poll::Ready(frame.map(|frame| frame.map_err(|_| Broken::Off)))
    }

    /// Looks at the content, unless it was taken away.
    pub(super) fn look<T>(&self, index: u64, look: impl FnOnce(&Incoming) -> T) -> Option<T> {
        match &*self.lock() {
            Some(held) if held.index == index => Some(look(&held.incoming)),
            _ => None,
        }
    }

    /// Its reader has gone.
    pub(super) fn leave(&self, index: u64) {
        let mut held = self.lock();
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
            self.read_away(left);
        }
    }

    /// Whether nothing is left.
    pub(super) fn is_read(&self) -> bool {
        self.lock().is_none()
    }

    /// What has come of the content and has not been read. Nobody reads on.
    pub(super) fn take_arrived(&self) -> BytesMut {
        let mut arrived = BytesMut::new();
        let Some(mut left) = self.lock().take() else {
            return arrived;
        };
        let mut context = Context::from_waker(Waker::noop());
        while let Poll::Ready(Some(Ok(frame))) = Pin::new(&mut left.incoming).poll_frame(&mut context) {
            if let Ok(chunk) = frame.into_data() {
                arrived.extend_from_slice(&chunk);
            }
        }
        if let Some(reader) = left.reader {
            reader.wake();
        }
        arrived
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
    /// Takes it from its reader, who sees that when it is woken.
    fn unread(self) -> Unread {
        if let Some(reader) = self.reader {
            reader.wake();
        }
        Unread::new(self.incoming, self.awaits_continue)
    }
}
