//! The way back: replies for one I/O thread, delivered in batches.
//!
//! Waking a task of another thread's runtime costs a system call. The host therefore leaves replies in the outbox
//! of the I/O thread that asked, whose own task is woken once and hands them out locally, where a wake is a push to
//! the run queue.

use std::{
    cell::RefCell,
    future::Future,
    mem,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use sabir_core::Reply;
use tokio::sync::oneshot;

/// One reply with the call that waits for it.
type Parcel = (oneshot::Sender<Reply>, Reply);

/// The replies that wait to be handed out on one I/O thread.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    parcels: Vec<Parcel>,
    /// Present while the courier sleeps.
    courier: Option<Waker>,
    /// Whether the runtime that ran the courier has ended.
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
                let outbox = Arc::new(Self::default());
                tokio::spawn(Courier {
                    outbox: Arc::clone(&outbox),
                    round: Vec::new(),
                });
                *current = Some(Arc::clone(&outbox));
                outbox
            }
        })
    }

    /// Leaves a reply. The courier is woken only if it sleeps.
    pub(crate) fn post(&self, sender: oneshot::Sender<Reply>, reply: Reply) {
        let mut state = self.lock();
        if state.closed {
            return;
        }
        state.parcels.push((sender, reply));
        let courier = state.courier.take();
        drop(state);
        if let Some(courier) = courier {
            courier.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The task that hands the replies out.
struct Courier {
    outbox: Arc<Outbox>,
    round: Vec<Parcel>,
}

impl Future for Courier {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let courier = self.get_mut();
        {
            let mut state = courier.outbox.lock();
            mem::swap(&mut courier.round, &mut state.parcels);
            state.courier = Some(context.waker().clone());
        }
        for (sender, reply) in courier.round.drain(..) {
            // The receiver is gone when the client hung up. Nobody is left to answer, so the reply is dropped
            // without a log line: disconnects are routine on mobile networks.
            let _ = sender.send(reply);
        }
        Poll::Pending
    }
}

impl Drop for Courier {
    fn drop(&mut self) {
        let mut state = self.outbox.lock();
        state.closed = true;
        let parcels = mem::take(&mut state.parcels);
        drop(state);
        drop(parcels);
    }
}
