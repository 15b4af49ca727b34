//! The content of a request in memory, which a host may make while it is read.

use std::{
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use sabir_core::reply::StreamError;

/// Called once with whether a chunk is wanted.
type Wanted = Box<dyn FnOnce(bool) + Send>;

/// What a request in memory says: all of it, or what its [`ContentWriter`] gives. Dropping it leaves the rest unread.
pub struct SentContent(Arc<Shared>);

/// Gives content while it is read: a chunk whenever [one is wanted](Self::wanted), so that nothing waits that nobody has asked for.
/// Dropped before its [end](Self::end), the content breaks off, as that of a client does that leaves.
pub struct ContentWriter(Arc<Shared>);

#[derive(Default)]
struct Shared(Mutex<State>);

#[derive(Default)]
struct State {
    phase: Phase,
    chunk: Option<Bytes>,
    /// The task that reads, while it waits for a chunk.
    reader: Option<Waker>,
    /// Who waits for the reader to want one.
    writer: Option<Wanted>,
}

#[derive(Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Open,
    Ended,
    BrokenOff,
    /// Nobody reads.
    Unread,
}

impl ContentWriter {
    /// What writes content, and what it writes.
    pub fn new() -> (Self, SentContent) {
        let shared = Arc::<Shared>::default();
        (Self(Arc::clone(&shared)), SentContent(shared))
    }

    /// Waits until a chunk is wanted: `done` is called with `true`, maybe on another thread, or with `false` when nobody reads any
    /// more. One such wait takes the place of another.
    pub fn wanted(&self, done: impl FnOnce(bool) + Send + 'static) {
        let mut state = self.0.lock();
        let is_wanted = match state.phase {
            Phase::Open if state.reader.is_some() => true,
            Phase::Open => {
                let before = state.writer.replace(Box::new(done));
                drop(state);
                return drop(before);
            }
            _ => false,
        };
        drop(state);
        done(is_wanted);
    }

    /// Gives the next chunk. Whether it was wanted; if not, it is not taken.
    pub fn write(&self, chunk: Bytes) -> bool {
        let mut state = self.0.lock();
        if state.phase != Phase::Open {
            return false;
        }
        let Some(reader) = state.reader.take() else {
            return false;
        };
        state.chunk = Some(chunk);
        drop(state);
        reader.wake();
        true
    }

    /// Ends the content.
    pub fn end(&self) {
        self.finish(Phase::Ended);
    }

    /// Breaks the content off.
    pub fn fail(&self) {
        self.finish(Phase::BrokenOff);
    }

    fn finish(&self, phase: Phase) {
        let mut state = self.0.lock();
        if state.phase != Phase::Open {
            return;
        }
        state.phase = phase;
        let (reader, writer) = (state.reader.take(), state.writer.take());
        drop(state);
        if let Some(reader) = reader {
            reader.wake();
        }
        if let Some(writer) = writer {
            writer(false);
        }
    }
}

impl Drop for ContentWriter {
    fn drop(&mut self) {
        self.fail();
    }
}

impl From<Bytes> for SentContent {
    fn from(content: Bytes) -> Self {
        Self(Arc::new(Shared(Mutex::new(State {
            phase: Phase::Ended,
            chunk: (!content.is_empty()).then_some(content),
            ..State::default()
        }))))
    }
}

impl Body for SentContent {
    type Data = Bytes;
    type Error = StreamError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StreamError>>> {
        let mut state = self.0.lock();
        if let Some(chunk) = state.chunk.take() {
            return Poll::Ready(Some(Ok(Frame::data(chunk))));
        }
        match state.phase {
            Phase::Open => {
                state.reader = Some(context.waker().clone());
                let writer = state.writer.take();
                drop(state);
                if let Some(writer) = writer {
                    writer(true);
                }
                Poll::Pending
            }
            Phase::BrokenOff => {
                state.phase = Phase::Ended;
                Poll::Ready(Some(Err("the client has left".into())))
            }
            Phase::Ended | Phase::Unread => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        let state = self.0.lock();
        state.phase == Phase::Ended && state.chunk.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        let state = self.0.lock();
        let known = state.chunk.as_ref().map_or(0, Bytes::len) as u64;
        let mut hint = SizeHint::new();
        hint.set_lower(known);
        if state.phase == Phase::Ended {
            hint.set_upper(known);
        }
        hint
    }
}

impl Drop for SentContent {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.phase = Phase::Unread;
        let rest = (state.chunk.take(), state.reader.take());
        let writer = state.writer.take();
        drop(state);
        drop(rest);
        if let Some(writer) = writer {
            writer(false);
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for SentContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SentContent").finish_non_exhaustive()
    }
}

impl fmt::Debug for ContentWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContentWriter").finish_non_exhaustive()
    }
}
