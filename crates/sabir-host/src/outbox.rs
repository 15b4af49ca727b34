//! The way back: replies for one I/O thread, delivered in batches.
//!
//! Waking a task of another thread's runtime costs a system call. The host therefore leaves replies in the outbox
//! of the I/O thread that asked, whose own task is woken once and hands them out locally, where a wake is a push to
//! the run queue.
//!
//! The same task wakes hosts that sleep, after all sockets that are ready have been read, so that a host wakes to the calls
//! of all of them. Woken at the first call, it would take the core from the I/O thread, answer one call and sleep again.

use std::{
    cell::RefCell,
    future::poll_fn,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use sabir_core::Reply;
use sabir_http::websocket::Wakes;
use tokio::{runtime::Handle, sync::oneshot, task::yield_now};

/// One reply with the call that waits for it.
type Addressed = (oneshot::Sender<Reply>, Reply);

/// A queue whose host sleeps.
pub(crate) trait Sleeper: std::fmt::Debug + Send + Sync {
    fn wake(&self);
}

/// The replies that wait to be handed out on one I/O thread.
#[derive(Debug)]
pub(crate) struct Outbox {
    state: Mutex<State>,
    /// The runtime of the thread.
    runtime: Handle,
}

#[derive(Debug, Default)]
struct State {
    replies: Vec<Addressed>,
    /// The tasks of the thread whose streams and sockets were written to.
    readers: Vec<Waker>,
    /// The queues whose hosts have to be woken.
    sleepers: Vec<Arc<dyn Sleeper>>,
    /// Present while the task that delivers them sleeps.
    deliverer: Option<Waker>,
    /// Whether the runtime that ran the task has ended.
    closed: bool,
}

thread_local! {
    static CURRENT: RefCell<Option<Arc<Outbox>>> = const { RefCell::new(None) };
}

impl Outbox {
    /// The outbox of this thread; must be called inside its runtime.
    pub(crate) fn current() -> Arc<Self> {
        CURRENT.with_borrow_mut(|current| match current {
            Some(outbox) if !outbox.lock().closed => Arc::clone(outbox),
            _ => {
                let outbox = Arc::new(Self {
                    state: Mutex::default(),
                    runtime: Handle::current(),
                });
                tokio::spawn(deliver(Closing(Arc::clone(&outbox))));
                *current = Some(Arc::clone(&outbox));
                outbox
            }
        })
    }

    /// Leaves a reply. The task that delivers is woken only if it sleeps.
    pub(crate) fn post(&self, sender: oneshot::Sender<Reply>, reply: Reply) {
        let mut state = self.lock();
        if state.closed {
            return;
        }
        state.replies.push((sender, reply));
        let deliverer = state.deliverer.take();
        drop(state);
        if let Some(deliverer) = deliverer {
            deliverer.wake();
        }
    }

    /// Wakes a task of the thread, together with those that replies, chunks and messages are for.
    pub(crate) fn wake_reader(&self, reader: Waker) {
        let mut state = self.lock();
        if state.closed {
            return;
        }
        state.readers.push(reader);
        let deliverer = state.deliverer.take();
        drop(state);
        if let Some(deliverer) = deliverer {
            deliverer.wake();
        }
    }

    /// The runtime of the thread.
    pub(crate) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// Wakes the host of `queue` when this thread has done what is ready now.
    pub(crate) fn wake_soon(&self, queue: Arc<dyn Sleeper>) {
        let mut state = self.lock();
        if state.closed {
            drop(state);
            queue.wake();
            return;
        }
        state.sleepers.push(queue);
        let deliverer = state.deliverer.take();
        drop(state);
        if let Some(deliverer) = deliverer {
            deliverer.wake();
        }
    }

    /// Takes replies and readers, and tells whether there are hosts to wake.
    fn poll_take(
        &self,
        replies: &mut Vec<Addressed>,
        readers: &mut Vec<Waker>,
        context: &mut Context<'_>,
    ) -> Poll<bool> {
        let mut state = self.lock();
        if state.replies.is_empty() && state.readers.is_empty() && state.sleepers.is_empty() {
            state.deliverer = Some(context.waker().clone());
            return Poll::Pending;
        }
        mem::swap(replies, &mut state.replies);
        mem::swap(readers, &mut state.readers);
        Poll::Ready(!state.sleepers.is_empty())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wakes for Outbox {
    fn wake(&self, task: Waker) {
        self.wake_reader(task);
    }
}

/// Hands the replies out and wakes the hosts, for as long as the thread's runtime lives.
async fn deliver(outbox: Closing) {
    let (mut replies, mut readers, mut sleepers) = (Vec::new(), Vec::new(), Vec::new());
    loop {
        let wakes = poll_fn(|context| outbox.0.poll_take(&mut replies, &mut readers, context)).await;
        for (sender, reply) in replies.drain(..) {
            // The receiver is gone when the client hung up. Nobody is left to answer, so the reply is dropped
            // without a log line: disconnects are routine on mobile networks.
            let _ = sender.send(reply);
        }
        readers.drain(..).for_each(Waker::wake);
        if wakes {
            // The replies are sent first, and the clients that they reach may have the next request ready.
            yield_now().await;
            mem::swap(&mut sleepers, &mut outbox.0.lock().sleepers);
            for queue in sleepers.drain(..) {
                queue.wake();
            }
        }
    }
}

/// Closes the outbox when its runtime ends.
struct Closing(Arc<Outbox>);

impl Drop for Closing {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.closed = true;
        let replies = mem::take(&mut state.replies);
        let sleepers = mem::take(&mut state.sleepers);
        drop(state);
        drop(replies);
        for queue in sleepers {
            queue.wake();
        }
    }
}
