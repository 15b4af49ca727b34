//! The queue between I/O threads and the host.

use std::{
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use sabir_core::{Call, in_flight::InFlight};

use crate::ReplyHandle;

/// Tells the host that the queue is no longer empty. Called from I/O threads.
pub trait Wake: Send + Sync + 'static {
    /// Wakes the host; must not block.
    fn wake(&self);
}

/// Names one call while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId(u64);

impl CallId {
    /// The id as a number, for hosts that keep calls in tables of their own.
    pub fn number(self) -> u64 {
        self.0
    }
}

/// What an I/O thread tells the host.
#[derive(Debug)]
pub enum Message {
    /// A call to answer.
    Call(Box<Pending>),
    /// Nobody waits for this call's reply any more: the client left or a deadline passed.
    Cancelled(CallId),
}

/// A call that waits for the host.
#[derive(Debug)]
pub struct Pending {
    /// Names the call in a later [`Message::Cancelled`].
    pub id: CallId,
    /// Which of the host's handlers to call.
    pub target: usize,
    /// The call.
    pub call: Call,
    /// Where the answer goes.
    pub reply: ReplyHandle,
}

/// A queue from many I/O threads to one or more host threads, bounded by the calls in flight.
pub struct Queue {
    state: Mutex<State>,
    wake: RwLock<Option<Box<dyn Wake>>>,
    in_flight: Arc<InFlight>,
    next_id: AtomicU64,
    entries: AtomicU64,
}

#[derive(Default)]
struct State {
    messages: Vec<Message>,
    calls: usize,
    /// Whether the host waits for a wake. Only then is waking it worth a system call.
    idle: bool,
    /// Whether the host is gone for good.
    closed: bool,
}

impl Queue {
    /// A queue for at most `limit` calls in flight: those that wait, those that run, and those whose answers are being sent.
    pub fn new(limit: usize) -> Self {
        Self {
            state: Mutex::new(State {
                idle: true,
                ..State::default()
            }),
            wake: RwLock::new(None),
            in_flight: InFlight::new(limit),
            next_id: AtomicU64::new(0),
            entries: AtomicU64::new(0),
        }
    }

    /// Sets who is woken, and wakes it at once when calls are already waiting. `None` detaches the host; calls then
    /// wait until another one is attached.
    pub fn attach(&self, wake: Option<Box<dyn Wake>>) {
        *self.wake.write().unwrap_or_else(PoisonError::into_inner) = wake;
        let mut state = self.lock();
        state.idle = state.messages.is_empty();
        if !state.idle {
            drop(state);
            self.wake();
        }
    }

    /// Refuses calls from now on and drops those that wait, which answers them: nobody will take them any more.
    pub fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.calls = 0;
        let messages = mem::take(&mut state.messages);
        drop(state);
        // Not under the lock: an answer may let an I/O thread push again.
        drop(messages);
    }

    /// A fresh id.
    pub fn next_id(&self) -> CallId {
        CallId(self.next_id.fetch_add(1, Ordering::Relaxed))
    }

    /// Adds a call, and tells whether the host sleeps: then the caller must [`wake`](Self::wake) it, once it has
    /// pushed what else is at hand.
    ///
    /// # Errors
    /// Gives the call back when the queue is closed.
    pub fn push(&self, pending: Box<Pending>) -> Result<bool, Box<Pending>> {
        let mut state = self.lock();
        if state.closed {
            return Err(pending);
        }
        state.calls += 1;
        state.messages.push(Message::Call(pending));
        Ok(mem::replace(&mut state.idle, false))
    }

    /// Tells the host that `id` is no longer wanted. A call that it has not taken yet is still taken, and found
    /// abandoned ([`ReplyHandle::is_abandoned`]).
    pub fn cancel(&self, id: CallId) {
        let mut state = self.lock();
        state.messages.push(Message::Cancelled(id));
        if mem::replace(&mut state.idle, false) {
            drop(state);
            self.wake();
        }
    }

    /// Moves every waiting message to the end of `batch`.
    ///
    /// The host stays "awake" until [`try_sleep`](Self::try_sleep) succeeds, so pushes meanwhile cost no wake.
    pub fn take(&self, batch: &mut Vec<Message>) {
        let mut state = self.lock();
        state.idle = false;
        self.entries.fetch_add(state.calls as u64, Ordering::Relaxed);
        state.calls = 0;
        if batch.is_empty() {
            mem::swap(batch, &mut state.messages);
        } else {
            batch.append(&mut state.messages);
        }
    }

    /// Declares the host idle if nothing waits. When it returns false the host must take again.
    pub fn try_sleep(&self) -> bool {
        let mut state = self.lock();
        state.idle = state.messages.is_empty();
        state.idle
    }

    /// How many calls the host has taken since the start.
    pub fn entries(&self) -> u64 {
        self.entries.load(Ordering::Relaxed)
    }

    /// The calls in flight.
    pub fn in_flight(&self) -> &Arc<InFlight> {
        &self.in_flight
    }

    /// Wakes the host.
    pub fn wake(&self) {
        if let Some(wake) = &*self.wake.read().unwrap_or_else(PoisonError::into_inner) {
            wake.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under the lock, so a poisoned state is still a sound one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Queue")
            .field("in_flight", &self.in_flight)
            .finish_non_exhaustive()
    }
}
