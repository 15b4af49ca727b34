//! A channel as a stream of events.

use std::{
    collections::VecDeque,
    fmt, mem,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use futures_core::Stream;

use super::{Delivery, Hub, Position, Published, Resumed, Subscriber, Subscription};
use crate::reply::StreamError;

/// How many bytes may wait for a client, beside what it has missed before.
const ROOM: usize = 256 * 1024;

/// The messages of a channel as [events](crate::Event) whose ids are their positions, for an answer. Messages that are not UTF-8
/// are left out.
///
/// A client that reads too slowly comes to the end of its stream, and gets what it has missed when it comes back.
///
/// ```
/// use futures_util::{FutureExt, StreamExt};
/// use sabir_core::channel::Hub;
///
/// let hub = Hub::default();
/// let mut events = hub.events("news", None);
/// hub.publish("news", "hello");
/// let event = events.next().now_or_never().unwrap().unwrap().unwrap();
/// assert!(event.ends_with(b"data: hello\n\n"));
/// ```
pub struct ChannelEvents {
    queue: Arc<Queue>,
    resumed: Resumed,
    /// Ends with the stream.
    _subscription: Subscription,
}

#[derive(Default)]
struct Queue(Mutex<State>);

#[derive(Default)]
struct State {
    events: VecDeque<Bytes>,
    /// The bytes of all that wait.
    size: usize,
    /// How many may.
    room: usize,
    /// Whether nothing follows what waits.
    is_over: bool,
    reader: Option<Waker>,
}

impl Hub {
    /// The messages of a channel as events: those after `position`, where a client has brought one, as far as they are kept, and
    /// all that are published from now on.
    pub fn events(&self, channel: &str, position: Option<Position>) -> ChannelEvents {
        let queue = Arc::new(Queue::default());
        // What was missed is kept by the channel anyway.
        queue.lock().room = usize::MAX;
        let subscriber = Arc::clone(&queue) as _;
        let (subscription, resumed) = if let Some(position) = position {
            self.resume(channel, subscriber, position)
        } else {
            let resumed = Resumed {
                messages: 0,
                is_complete: true,
            };
            (self.subscribe(channel, subscriber), resumed)
        };
        let mut state = queue.lock();
        state.room = state.size + ROOM;
        drop(state);
        ChannelEvents {
            queue,
            resumed,
            _subscription: subscription,
        }
    }
}

impl ChannelEvents {
    /// What the client has been given of what it had missed.
    pub fn resumed(&self) -> Resumed {
        self.resumed
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Subscriber for Queue {
    fn deliver(&self, message: &Arc<Published>) -> Delivery {
        let mut state = self.lock();
        if state.is_over {
            return Delivery::Gone;
        }
        let Some(event) = message.event() else {
            return Delivery::Taken;
        };
        state.size += event.len();
        if state.size > state.room {
            state.is_over = true;
        } else {
            state.events.push_back(event);
        }
        let delivery = if state.is_over {
            Delivery::Gone
        } else {
            Delivery::Taken
        };
        let reader = state.reader.take();
        drop(state);
        if let Some(reader) = reader {
            reader.wake();
        }
        delivery
    }
}

impl Stream for ChannelEvents {
    type Item = Result<Bytes, StreamError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut state = self.queue.lock();
        if let Some(event) = state.events.pop_front() {
            state.size -= event.len();
            return Poll::Ready(Some(Ok(event)));
        }
        if state.is_over {
            return Poll::Ready(None);
        }
        state.reader = Some(context.waker().clone());
        Poll::Pending
    }
}

impl Drop for ChannelEvents {
    fn drop(&mut self) {
        let mut state = self.queue.lock();
        state.is_over = true;
        let events = mem::take(&mut state.events);
        drop((state, events));
    }
}

impl fmt::Debug for ChannelEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChannelEvents")
            .field("resumed", &self.resumed)
            .finish_non_exhaustive()
    }
}
