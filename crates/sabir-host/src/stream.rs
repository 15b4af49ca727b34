//! Content that a host makes while it is sent.
//!
//! The host writes chunks on its own thread, the I/O thread reads them. What the client has not taken yet is bounded: past
//! that the writer is told to pause until there is room. A host with an event loop hears of it by
//! [`HostMessage::Writable`](crate::HostMessage), a thread that may block [waits](StreamWriter::write_and_wait).

use std::{
    collections::VecDeque,
    fmt, mem,
    pin::Pin,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, HeaderName};
use sabir_core::{
    Reply, ReplyBody,
    reply::{StreamError, Trailers},
};

use crate::{CallId, Queue, ReplyHandle, outbox::Outbox};

/// How many bytes may wait for the client: enough that the host makes the next chunks while the last ones are sent, and that the
/// threads change seldom. The sockets of a client that reads nothing hold more.
const ROOM: usize = 512 * 1024;

/// How much still waits when the host is told that there is room. The less, the more chunks are made for each time that the threads
/// change; the sockets hold enough for the client meanwhile.
const LOW: usize = ROOM / 8;

/// What a chunk counts for at least: it takes more than its bytes.
const LEAST: usize = 128;

pub use crate::room::Room;

/// The end of an answer's content that the host has. Dropped before it is [finished](Self::finish), the content breaks off,
/// so that the client can tell.
pub struct StreamWriter {
    shared: Arc<Shared>,
}

/// The end that the I/O thread has.
struct Chunks {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    /// Where threads wait for room.
    has_room: Condvar,
    outbox: Arc<Outbox>,
    queue: Arc<Queue>,
    id: CallId,
}

#[derive(Default)]
struct State {
    chunks: VecDeque<Bytes>,
    /// What all chunks take.
    size: usize,
    phase: Phase,
    /// What follows the chunks.
    trailers: HeaderMap,
    /// The task that reads, while it waits for a chunk.
    reader: Option<Waker>,
    /// Whether the host waits to be told that there is room.
    is_awaited: bool,
    /// How many threads wait for room. To wake none takes a system call, too.
    waiting: usize,
    /// The task of the host that waits for room.
    writer: Option<Waker>,
}

#[derive(Default)]
enum Phase {
    #[default]
    Open,
    Finished,
    /// Told once.
    Failed(Option<StreamError>),
    /// Nobody reads.
    Abandoned,
}

/// The content of the answer to the call `id`, and what writes it.
fn stream(outbox: Arc<Outbox>, queue: Arc<Queue>, id: CallId) -> (Chunks, StreamWriter) {
    let shared = Arc::new(Shared {
        state: Mutex::default(),
        has_room: Condvar::new(),
        outbox,
        queue,
        id,
    });
    let chunks = Chunks {
        shared: Arc::clone(&shared),
    };
    (chunks, StreamWriter { shared })
}

impl ReplyHandle {
    /// Begins the answer to the call `id` of `queue` with the head of `reply`, whose content is written as it is made.
    pub fn answer_with_stream(self, reply: Reply, id: CallId, queue: &Arc<Queue>) -> StreamWriter {
        self.answer_with_stream_and_trailers(reply, Vec::new(), id, queue)
    }

    /// The same for an answer with the [fields](crate::answer::trailer_names) `trailers` after its content, which
    /// [`finish_with`](StreamWriter::finish_with) gives.
    pub fn answer_with_stream_and_trailers(
        self,
        mut reply: Reply,
        trailers: Vec<HeaderName>,
        id: CallId,
        queue: &Arc<Queue>,
    ) -> StreamWriter {
        let (content, writer) = stream(Arc::clone(self.outbox()), Arc::clone(queue), id);
        if !trailers.is_empty() {
            let shared = Arc::clone(&content.shared);
            let fields = move || mem::take(&mut shared.lock().trailers);
            // Names that cannot follow content have been refused before.
            reply.trailers = Trailers::new(trailers, fields).ok().map(Box::new);
        }
        reply.body = ReplyBody::Stream(Box::pin(content));
        self.answer(reply);
        writer
    }

    /// The same for an answer whose chunks are [events](sabir_core::Event).
    pub fn answer_with_events(self, mut reply: Reply, id: CallId, queue: &Arc<Queue>) -> StreamWriter {
        let (content, writer) = stream(Arc::clone(self.outbox()), Arc::clone(queue), id);
        reply.body = ReplyBody::Events(Box::pin(content));
        self.answer(reply);
        writer
    }
}

impl StreamWriter {
    /// Adds a chunk. It is kept also when there is no room for more.
    pub fn write(&self, chunk: Bytes) -> Room {
        let (room, reader) = self.shared.push(chunk, true);
        self.wake(reader);
        room
    }

    /// Adds a chunk, and blocks until there is room for another one, at most for as long as `limit` says. For threads that
    /// have left their interpreter. After [`Full`](Room::Full) the host is told when there is room, so that no thread has to
    /// wait for a slow client.
    pub fn write_and_wait(&self, chunk: Bytes, limit: Duration) -> Room {
        let (room, reader) = self.shared.push(chunk, false);
        self.wake(reader);
        if room != Room::Full {
            return room;
        }
        let mut state = self.shared.lock();
        state.waiting += 1;
        let (mut state, _) = self
            .shared
            .has_room
            .wait_timeout_while(state, limit, |state| state.is_open() && state.size > LOW)
            .unwrap_or_else(PoisonError::into_inner);
        state.waiting -= 1;
        let room = state.room();
        state.is_awaited |= room == Room::Full;
        room
    }

    /// Waits until there is room, or nobody reads any more. For hosts whose tasks, or fibers, wait: they are woken, and the queue is told
    /// nothing.
    pub fn poll_room(&self, context: &mut Context<'_>) -> Poll<Room> {
        let mut state = self.shared.lock();
        match state.room() {
            Room::Full => {
                state.writer = Some(context.waker().clone());
                state.is_awaited = false;
                Poll::Pending
            }
            room => Poll::Ready(room),
        }
    }

    /// Whether more can be written. A host that is told `Full` hears when that changes.
    pub fn room(&self) -> Room {
        let mut state = self.shared.lock();
        let room = state.room();
        state.is_awaited |= room == Room::Full;
        room
    }

    /// Whether somebody reads what is written.
    pub fn is_open(&self) -> bool {
        self.shared.lock().is_open()
    }

    /// Ends the content.
    pub fn finish(&self) {
        self.end(Phase::Finished);
    }

    /// Ends the content, which `trailers` follow.
    pub fn finish_with(&self, trailers: HeaderMap) {
        self.shared.lock().trailers = trailers;
        self.finish();
    }

    /// Breaks the content off; the client can tell that it is not whole.
    pub fn fail(&self, error: impl Into<StreamError>) {
        self.end(Phase::Failed(Some(error.into())));
    }

    fn end(&self, phase: Phase) {
        let mut state = self.shared.lock();
        if !state.is_open() {
            return;
        }
        state.phase = phase;
        let reader = state.reader.take();
        drop(state);
        self.wake(reader);
    }

    fn wake(&self, reader: Option<Waker>) {
        if let Some(reader) = reader {
            self.shared.outbox.wake_reader(reader);
        }
    }
}

impl Drop for StreamWriter {
    fn drop(&mut self) {
        self.end(Phase::Failed(Some("the host has dropped the stream".into())));
    }
}

impl Shared {
    /// Adds a chunk, and gives the task that waits for it.
    fn push(&self, chunk: Bytes, awaits: bool) -> (Room, Option<Waker>) {
        let mut state = self.lock();
        if !state.is_open() {
            return (Room::Gone, None);
        }
        let mut reader = None;
        // A chunk of no bytes would end chunked content (RFC 9112 §7.1).
        if !chunk.is_empty() {
            state.size += chunk.len().max(LEAST);
            state.chunks.push_back(chunk);
            reader = state.reader.take();
        }
        let room = state.room();
        state.is_awaited |= awaits && room == Room::Full;
        (room, reader)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Open)
    }

    fn room(&self) -> Room {
        match self.phase {
            Phase::Open if self.size < ROOM => Room::Ready,
            Phase::Open => Room::Full,
            _ => Room::Gone,
        }
    }
}

impl Stream for Chunks {
    type Item = Result<Bytes, StreamError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut state = self.shared.lock();
        let Some(chunk) = state.chunks.pop_front() else {
            return match &mut state.phase {
                Phase::Open => {
                    state.reader = Some(context.waker().clone());
                    Poll::Pending
                }
                Phase::Failed(error) => Poll::Ready(error.take().map(Err)),
                Phase::Finished | Phase::Abandoned => Poll::Ready(None),
            };
        };
        state.size -= chunk.len().max(LEAST);
        let has_room = state.is_open() && state.size <= LOW;
        let is_awaited = has_room && mem::take(&mut state.is_awaited);
        let is_waited_for = has_room && state.waiting > 0;
        let writer = state.writer.take_if(|_| has_room);
        drop(state);
        if let Some(writer) = writer {
            writer.wake();
        }
        if is_waited_for {
            self.shared.has_room.notify_all();
        }
        if is_awaited {
            self.shared.queue.tell_writable(self.shared.id);
        }
        Poll::Ready(Some(Ok(chunk)))
    }
}

impl Drop for Chunks {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        let chunks = mem::take(&mut state.chunks);
        if !state.is_open() {
            return;
        }
        state.phase = Phase::Abandoned;
        let writer = state.writer.take();
        drop((state, chunks));
        if let Some(writer) = writer {
            writer.wake();
        }
        self.shared.has_room.notify_all();
        self.shared.queue.cancel(self.shared.id);
    }
}

impl fmt::Debug for StreamWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamWriter")
            .field("id", &self.shared.id)
            .field("room", &self.shared.lock().room())
            .finish()
    }
}
