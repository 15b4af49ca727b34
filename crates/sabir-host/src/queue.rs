//! The queue between I/O threads and the host.

use std::{
    collections::VecDeque,
    mem,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, ThreadId},
    time::{Duration, Instant},
};

use sabir_core::{Connection, in_flight::InFlight};

use crate::{
    HostMessage, ReplyHandle,
    call_id::{CallId, CallMap},
    outbox::Sleeper,
};

/// Tells the host that the queue is no longer empty. Called from I/O threads.
pub trait Wake: Send + Sync + 'static {
    /// Wakes the host; must not block.
    fn wake(&self);
}

/// A queue from many I/O threads to one or more host threads, bounded by the calls in flight.
///
/// A host with an event loop [`attach`](Self::attach)es its wake and [`take`](Self::take)s everything. A host with several
/// threads attaches none; each thread [`wait`](Self::wait)s and [takes some](Self::take_at_most). One whose threads have event
/// loops attaches a wake for all of them, and each takes some.
pub struct Queue {
    state: Mutex<State>,
    wake: RwLock<Option<Box<dyn Wake>>>,
    /// Where threads of the host wait.
    arrived: Condvar,
    in_flight: Arc<InFlight>,
    next_id: AtomicU64,
    entries: AtomicU64,
}

#[derive(Default)]
struct State {
    messages: VecDeque<HostMessage>,
    calls: usize,
    /// Whether the host waits for a wake. Only then is waking it worth a system call.
    idle: bool,
    /// Whether the host is gone for good.
    closed: bool,
    /// How many threads [`wait`](Queue::wait).
    sleepers: usize,
    /// How often waiting threads were interrupted.
    interruptions: u64,
    /// A thread that has been woken and has not taken anything since. Nobody else is woken meanwhile: of several threads that wake at
    /// once, all but one would wait for their interpreter in vain.
    waking: Option<Waking>,
    /// The calls whose messages are in the hands of a thread: how many of them, and which take they came with.
    held: CallMap<Holding>,
    takes: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Waking {
    /// It has been notified.
    Anyone,
    /// It is on its way to the messages.
    Thread(ThreadId),
}

struct Holding {
    count: usize,
    take: u64,
}

/// A queue is closed, and takes nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed;

/// Why [`Queue::wait`] returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waited {
    /// There are messages, unless another thread has been faster.
    Ready,
    /// The time is over.
    TimedOut,
    /// [`Queue::interrupt`] was called.
    Interrupted,
    /// The queue is closed; nothing will come any more.
    Closed,
}

/// A message that [`Queue::take_at_most`] gave. Until this is dropped, no other thread gets a message of the same call.
#[derive(Debug)]
#[must_use = "dropping it lets go of the call's other messages"]
pub struct Hold<'a> {
    queue: &'a Queue,
    id: CallId,
}

impl Sleeper for Queue {
    fn wake(&self) {
        Self::wake(self);
    }
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
            arrived: Condvar::new(),
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

    /// Refuses calls from now on and drops those that wait, which answers them: nobody will take them any more. Threads that
    /// wait return.
    pub fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.calls = 0;
        let messages = mem::take(&mut state.messages);
        drop(state);
        self.arrived.notify_all();
        // Not under the lock: an answer may let an I/O thread push again.
        drop(messages);
    }

    /// A fresh id.
    pub fn next_id(&self) -> CallId {
        CallId(self.next_id.fetch_add(1, Ordering::Relaxed))
    }

    /// Adds a message, and tells whether the host sleeps: then the caller must [`wake`](Self::wake) it, once it has
    /// pushed what else is at hand.
    ///
    /// # Errors
    /// The queue is closed.
    pub fn push(&self, message: HostMessage) -> Result<bool, Closed> {
        let mut state = self.lock();
        if state.closed {
            // Not under the lock: what it holds may let an I/O thread push again.
            drop(state);
            return Err(Closed);
        }
        state.calls += usize::from(message.is_entry());
        state.messages.push_back(message);
        Ok(state.must_wake())
    }

    /// Tells the host that `id` is no longer wanted. A call that it has not taken yet is still taken, and found
    /// abandoned ([`ReplyHandle::is_abandoned`]).
    pub fn cancel(&self, id: CallId) {
        self.tell(HostMessage::Cancelled(id));
    }

    /// Tells the host that the stream that answers `id` has room again.
    pub(crate) fn tell_writable(&self, id: CallId) {
        self.tell(HostMessage::Writable(id));
    }

    /// Has the host be told when the last byte of the answer to the call `id` was handed over, or nobody gets it any more:
    /// [`HostMessage::Ended`].
    pub fn tell_end(self: &Arc<Self>, id: CallId, reply: &mut ReplyHandle) {
        let queue = Arc::clone(self);
        reply.when_ended(move || queue.tell(HostMessage::Ended(id)));
    }

    /// Has the host be told of the end of a connection by [`HostMessage::Ended`] with an id that no call has, see
    /// [`next_id`](Self::next_id).
    pub fn tell_connection_end(self: &Arc<Self>, id: CallId, connection: &Connection) {
        let queue = Arc::clone(self);
        connection.when_ended(move || queue.tell(HostMessage::Ended(id)));
    }

    pub(crate) fn tell(&self, message: HostMessage) {
        if self.add(message) {
            self.wake();
        }
    }

    /// Adds a message that nobody misses when the queue is closed, and tells whether the host sleeps, as [`push`](Self::push) does.
    pub(crate) fn add(&self, message: HostMessage) -> bool {
        self.push(message).unwrap_or(false)
    }

    /// Moves every waiting message to the end of `batch`.
    ///
    /// The host stays "awake" until [`try_sleep`](Self::try_sleep) succeeds, so pushes meanwhile cost no wake.
    pub fn take(&self, batch: &mut VecDeque<HostMessage>) {
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

    /// Adds up to `limit` messages to `batch`, for one of several threads; without waiting.
    ///
    /// Those of one call stay in order: as long as one of them is [held](Hold), later ones are left to the thread that drops
    /// it, or to another one after that. So a thread that begins a call lets go of it once it can be cancelled, and before the
    /// handler runs.
    pub fn take_at_most<'a>(&'a self, limit: usize, batch: &mut Vec<(HostMessage, Hold<'a>)>) {
        let mut guard = self.lock();
        let state = &mut *guard;
        state.arrive();
        state.takes += 1;
        let (mut index, mut taken, mut calls) = (0, 0, 0);
        while taken < limit && index < state.messages.len() {
            let id = state.messages[index].id();
            let holding = state.held.entry(id).or_insert(Holding {
                count: 0,
                take: state.takes,
            });
            if holding.take != state.takes {
                index += 1;
                continue;
            }
            let Some(message) = state.messages.remove(index) else {
                break;
            };
            holding.count += 1;
            taken += 1;
            calls += usize::from(message.is_entry());
            batch.push((message, Hold { queue: self, id }));
        }
        state.calls = state.calls.saturating_sub(calls);
        self.entries.fetch_add(calls as u64, Ordering::Relaxed);
        // Whatever this thread does with what it has taken, somebody is there for the rest.
        let wakes = taken > 0 && state.must_wake_another();
        drop(guard);
        if wakes {
            self.arrived.notify_one();
        }
    }

    /// Blocks until there are messages that no other thread holds back, `timeout` is over, or the queue is closed. For threads
    /// that have left their interpreter.
    pub fn wait(&self, timeout: Option<Duration>) -> Waited {
        self.wait_since(self.interruptions(), timeout)
    }

    /// The same, but [`Interrupted`](Waited::Interrupted) too when that has happened since there were `interruptions`.
    pub fn wait_since(&self, interruptions: u64, timeout: Option<Duration>) -> Waited {
        let end = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut state = self.lock();
        let waited = loop {
            if state.closed {
                break Waited::Closed;
            }
            if state.interruptions != interruptions {
                break Waited::Interrupted;
            }
            if state.has_free() {
                break Waited::Ready;
            }
            let left = end.map(|end| end.saturating_duration_since(Instant::now()));
            if left.is_some_and(|left| left.is_zero()) {
                break Waited::TimedOut;
            }
            state.sleepers += 1;
            state.idle = true;
            state = match left {
                None => self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(left) => {
                    let waited = self.arrived.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
            state.sleepers -= 1;
            if state.waking == Some(Waking::Anyone) && !state.has_free() {
                // Another thread has been faster than this one, which sleeps again.
                state.waking = None;
            }
        };
        if state.waking == Some(Waking::Anyone) {
            // It may be this one that was notified, and has something else to do.
            state.waking = (waited == Waited::Ready).then(|| Waking::Thread(thread::current().id()));
        }
        let wakes = waited != Waited::Ready && state.must_wake_another();
        drop(state);
        if wakes {
            self.arrived.notify_one();
        }
        waited
    }

    /// Has another thread take what is there. For one that was woken and ends before it takes anything.
    pub fn pass_on(&self) {
        let mut state = self.lock();
        state.arrive();
        let wakes = state.must_wake_another();
        drop(state);
        if wakes {
            self.arrived.notify_one();
        }
    }

    /// How often threads that wait were interrupted. One that its interpreter may interrupt between here and there reads it first,
    /// and [waits since then](Self::wait_since).
    pub fn interruptions(&self) -> u64 {
        self.lock().interruptions
    }

    /// Lets every thread return that [`wait`](Self::wait)s now, for an interpreter that wants them for something else.
    pub fn interrupt(&self) {
        self.lock().interruptions += 1;
        self.arrived.notify_all();
    }

    /// Declares the host idle if nothing waits that no thread [holds back](Hold). When it returns false the host must take again.
    pub fn try_sleep(&self) -> bool {
        let mut state = self.lock();
        state.idle = !state.has_free();
        state.idle
    }

    /// How many messages wait.
    pub fn waiting(&self) -> usize {
        self.lock().messages.len()
    }

    /// How many calls the host has taken since the start.
    pub fn entries(&self) -> u64 {
        self.entries.load(Ordering::Relaxed)
    }

    /// The calls in flight.
    pub fn in_flight(&self) -> &Arc<InFlight> {
        &self.in_flight
    }

    /// Wakes the host: what is attached, else one of the waiting threads, which has another one woken if it leaves messages.
    pub fn wake(&self) {
        if let Some(wake) = &*self.wake.read().unwrap_or_else(PoisonError::into_inner) {
            wake.wake();
            return;
        }
        let mut state = self.lock();
        let wakes = state.must_wake_another();
        // Those that go on sleeping have to be woken for what comes later.
        state.idle = state.sleepers > 0;
        drop(state);
        if wakes {
            self.arrived.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under the lock, so a poisoned state is still a sound one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// This thread is at the messages.
    fn arrive(&mut self) {
        if self.waking.is_some() && self.waking == Some(Waking::Thread(thread::current().id())) {
            self.waking = None;
        }
    }

    /// Whether a waiting thread has to be notified, which is noted.
    fn must_wake_another(&mut self) -> bool {
        let wakes = self.sleepers > 0 && self.waking.is_none() && self.has_free();
        if wakes {
            self.waking = Some(Waking::Anyone);
        }
        wakes
    }

    /// Whether whoever has just pushed has to wake the host. Nobody else does it before the host sleeps again.
    fn must_wake(&mut self) -> bool {
        mem::replace(&mut self.idle, false)
    }

    /// Whether there is a message that no thread holds back.
    fn has_free(&self) -> bool {
        self.messages
            .iter()
            .any(|message| !self.held.contains_key(&message.id()))
    }
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        let mut state = self.queue.lock();
        if let Some(holding) = state.held.get_mut(&self.id) {
            holding.count -= 1;
            if holding.count > 0 {
                return;
            }
            state.held.remove(&self.id);
        }
        let wakes = state.must_wake_another();
        // A host with event loops has gone to sleep over the messages that were held back.
        let wakes_loop = state.sleepers == 0 && state.idle && state.has_free();
        drop(state);
        if wakes {
            self.queue.arrived.notify_one();
        }
        if wakes_loop {
            self.queue.wake();
        }
    }
}

impl std::fmt::Debug for Queue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Queue")
            .field("in_flight", &self.in_flight)
            .finish_non_exhaustive()
    }
}
