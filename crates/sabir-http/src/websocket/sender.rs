//! Sending from anywhere.

use std::{
    fmt,
    future::poll_fn,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
};

use sabir_core::websocket::{Close, Message};

use super::outbound::{Outbound, SendOutcome, State};
use super::prepared::PreparedMessage;

/// Bytes of messages that may have been delivered and not consumed before nothing more is read.
const CREDIT: usize = 64 * 1024;

/// What a message costs beside its content, so that many empty ones are not for nothing.
pub(super) const MESSAGE_COST: usize = 64;

/// Sends to one socket, from any thread. Clones send to the same one, and do not keep it open.
///
/// What is sent goes into a queue that the connection's task empties. How much may wait there is the setting
/// `websocket_send_queue_limit`, and what becomes of more is `websocket_send_queue_policy`.
#[derive(Clone)]
pub struct SocketSender {
    pub(super) shared: Arc<Shared>,
    /// Who wakes the connection's task, if not the sender itself.
    wakes: Option<Arc<dyn Wakes>>,
}

/// Wakes the tasks of connections. To wake a task of another thread costs a system call, so that whoever sends to many of them
/// collects what is to be woken.
pub trait Wakes: fmt::Debug + Send + Sync {
    /// Has `task` be woken, soon.
    fn wake(&self, task: Waker);
}

/// What a socket's driver and those who use the socket share.
pub(super) struct Shared {
    outbound: Mutex<Outbound>,
    /// Bytes that were delivered and not consumed.
    unconsumed: AtomicUsize,
    /// Whether the driver waits for them to be consumed.
    is_paused: AtomicBool,
}

impl Shared {
    fn new(outbound: Outbound) -> Self {
        Self {
            outbound: Mutex::new(outbound),
            unconsumed: AtomicUsize::new(0),
            is_paused: AtomicBool::new(false),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Outbound> {
        self.outbound.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A message is about to be delivered.
    pub(super) fn deliver(&self, length: usize) {
        self.unconsumed.fetch_add(length + MESSAGE_COST, Ordering::SeqCst);
    }

    /// Whether more may be delivered. When not, whoever consumes wakes the driver.
    pub(super) fn may_deliver(&self) -> bool {
        if self.unconsumed.load(Ordering::SeqCst) < CREDIT {
            return true;
        }
        self.is_paused.store(true, Ordering::SeqCst);
        // It may have been consumed in between.
        self.unconsumed.load(Ordering::SeqCst) < CREDIT
    }

    /// Whether all that was delivered has been consumed. When not, whoever consumes wakes the driver.
    pub(super) fn is_consumed(&self) -> bool {
        if self.unconsumed.load(Ordering::SeqCst) == 0 {
            return true;
        }
        self.is_paused.store(true, Ordering::SeqCst);
        // It may have been consumed in between.
        self.unconsumed.load(Ordering::SeqCst) == 0
    }

    pub(super) fn is_paused(&self) -> bool {
        self.is_paused.load(Ordering::SeqCst)
    }
}

impl SocketSender {
    pub(super) fn new(outbound: Outbound) -> Self {
        Self {
            shared: Arc::new(Shared::new(outbound)),
            wakes: None,
        }
    }

    /// The same sender, which leaves it to `wakes` to wake the connection's task.
    #[must_use]
    pub fn waking_by(self, wakes: Arc<dyn Wakes>) -> Self {
        Self {
            wakes: Some(wakes),
            ..self
        }
    }

    /// Sends `message` if there is room for it.
    pub fn try_send(&self, message: &Message) -> SendOutcome {
        self.with(|outbound| outbound.message(message))
    }

    /// Sends a message of text if there is room for it.
    pub fn try_send_text(&self, text: &str) -> SendOutcome {
        self.with(|outbound| outbound.text(text))
    }

    /// Sends a message that was framed before, if there is room for it.
    pub fn try_send_prepared(&self, message: &PreparedMessage) -> SendOutcome {
        self.with(|outbound| outbound.prepared(message))
    }

    /// Sends `message` once there is room for it. `false` when the socket is closed.
    pub async fn send(&self, message: &Message) -> bool {
        poll_fn(|context| self.poll_send(context, message)).await
    }

    /// Sends `message` if there is room for it, and has the task be woken when there is. `false` when the socket is closed.
    pub fn poll_send(&self, context: &mut Context<'_>, message: &Message) -> Poll<bool> {
        self.poll(context, |outbound| outbound.message(message))
    }

    /// Sends a message that was framed before, once there is room for it. `false` when the socket is closed.
    pub async fn send_prepared(&self, message: &PreparedMessage) -> bool {
        poll_fn(|context| self.poll(context, |outbound| outbound.prepared(message))).await
    }

    fn poll(&self, context: &mut Context<'_>, add: impl FnOnce(&mut Outbound) -> SendOutcome) -> Poll<bool> {
        self.with(|outbound| match add(outbound) {
            SendOutcome::Ready => Poll::Ready(true),
            SendOutcome::Gone => Poll::Ready(false),
            SendOutcome::Full => {
                outbound.wait(context.waker());
                Poll::Pending
            }
        })
    }

    /// Sends a ping with at most 125 bytes. `false` when the socket is closed.
    pub fn ping(&self, content: &[u8]) -> bool {
        self.with(|outbound| outbound.ping(content))
    }

    /// Closes the socket after what waits to be sent. `false` when it is closed already.
    pub fn close(&self, close: impl Into<Close>) -> bool {
        let close = close.into();
        self.with(|outbound| outbound.close(&close))
    }

    /// Closes the socket if it is open, for a consumer that has ended: it is not told that this side has closed.
    pub fn finish(&self, close: impl Into<Close>) {
        let close = close.into();
        self.with(|outbound| {
            outbound.close(&close);
            outbound.take_said();
        });
    }

    /// Whether messages can be sent.
    pub fn is_open(&self) -> bool {
        self.shared.lock().state() == State::Open
    }

    /// Says that a message, ping or pong of `length` bytes that was delivered is consumed: whatever it is answered with has been sent.
    /// More may be read then, and a close that came behind it is answered.
    pub fn consumed(&self, length: usize) {
        let shared = &self.shared;
        shared
            .unconsumed
            .fetch_sub(length + MESSAGE_COST, Ordering::SeqCst);
        if shared.is_paused() && shared.unconsumed.load(Ordering::SeqCst) <= CREDIT / 2 {
            shared.is_paused.store(false, Ordering::SeqCst);
            let driver = shared.lock().driver();
            self.wake(driver);
        }
    }

    /// Does `work`, and wakes the driver for it where it sleeps.
    fn with<T>(&self, work: impl FnOnce(&mut Outbound) -> T) -> T {
        let mut outbound = self.shared.lock();
        let result = work(&mut outbound);
        let driver = outbound.asleep();
        drop(outbound);
        self.wake(driver);
        result
    }

    fn wake(&self, driver: Option<Waker>) {
        match (driver, &self.wakes) {
            (None, _) => {}
            (Some(driver), None) => driver.wake(),
            (Some(driver), Some(wakes)) => wakes.wake(driver),
        }
    }
}

impl fmt::Debug for SocketSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SocketSender")
            .field("state", &self.shared.lock().state())
            .finish_non_exhaustive()
    }
}
