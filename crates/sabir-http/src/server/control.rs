//! What the threads of one server share.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

type Callback = Box<dyn FnOnce() + Send>;

/// Tells the threads to stop, and those who wait that they have.
pub(crate) struct Control {
    stopping: watch::Sender<bool>,
    state: Mutex<State>,
    finished: Condvar,
}

struct State {
    threads: usize,
    callbacks: Vec<Callback>,
}

impl Control {
    pub(crate) fn new(threads: usize) -> Self {
        Self {
            stopping: watch::Sender::new(false),
            state: Mutex::new(State {
                threads,
                callbacks: Vec::new(),
            }),
            finished: Condvar::new(),
        }
    }

    pub(crate) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    pub(crate) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Completes when the server is told to stop.
    pub(crate) async fn stopped(&self) {
        // The sender lives in `self`, so waiting cannot fail.
        let _ = self.stopping.subscribe().wait_for(|stopping| *stopping).await;
    }

    /// Calls `callback` when the last thread has finished; at once when it has.
    pub(crate) fn on_stopped(&self, callback: Callback) {
        let mut state = self.lock();
        if state.threads == 0 {
            drop(state);
            callback();
        } else {
            state.callbacks.push(callback);
        }
    }

    pub(crate) fn thread_finished(&self) {
        let mut state = self.lock();
        state.threads = state.threads.saturating_sub(1);
        if state.threads > 0 {
            return;
        }
        let callbacks = std::mem::take(&mut state.callbacks);
        drop(state);
        for callback in callbacks {
            callback();
        }
        self.finished.notify_all();
    }

    pub(crate) fn wait(&self) {
        let mut state = self.lock();
        while state.threads > 0 {
            state = self.finished.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Control {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Control")
            .field("stopping", &self.is_stopping())
            .finish_non_exhaustive()
    }
}
