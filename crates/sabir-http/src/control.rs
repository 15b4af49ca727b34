//! What the threads of one server share.

use std::sync::{
    Arc, Condvar, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use tokio::sync::watch;

use crate::access_log::flush_access_logs;

type Callback = Box<dyn FnOnce() + Send>;

/// Tells the threads to stop, and those who wait that they have.
pub(crate) struct Control {
    is_stopping: AtomicBool,
    /// Whether nobody else is to serve a socket that came from another process.
    is_withdrawn: AtomicBool,
    /// Wakes those who wait for `is_stopping`.
    stopping: watch::Sender<()>,
    connection_limit: usize,
    connections: AtomicUsize,
    /// Whether the last connection was refused, so that a flood of them is reported once.
    is_full: AtomicBool,
    state: Mutex<State>,
    finished: Condvar,
}

struct State {
    threads: usize,
    callbacks: Vec<Callback>,
}

/// One of the connections that the server may have; counted until it is dropped.
#[derive(Debug)]
pub(crate) struct ConnectionPermit(Arc<Control>);

impl Control {
    pub(crate) fn new(threads: usize, connection_limit: u64) -> Self {
        Self {
            is_stopping: AtomicBool::new(false),
            is_withdrawn: AtomicBool::new(false),
            stopping: watch::Sender::new(()),
            connection_limit: usize::try_from(connection_limit).unwrap_or(usize::MAX),
            connections: AtomicUsize::new(0),
            is_full: AtomicBool::new(false),
            state: Mutex::new(State {
                threads,
                callbacks: Vec::new(),
            }),
            finished: Condvar::new(),
        }
    }

    pub(crate) fn stop(&self) {
        self.is_stopping.store(true, Ordering::SeqCst);
        self.stopping.send_replace(());
    }

    pub(crate) fn withdraw(&self) {
        self.is_withdrawn.store(true, Ordering::SeqCst);
    }

    pub(crate) fn is_withdrawn(&self) -> bool {
        self.is_withdrawn.load(Ordering::SeqCst)
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Relaxed)
    }

    /// Completes when the server is told to stop.
    pub(crate) async fn stopped(&self) {
        let mut stopping = self.stopping.subscribe();
        while !self.is_stopping.load(Ordering::SeqCst) {
            // The sender lives in `self`, so waiting cannot fail.
            let _ = stopping.changed().await;
        }
    }

    /// Admits one more connection, if the limit permits.
    pub(crate) fn admit(self: &Arc<Self>) -> Option<ConnectionPermit> {
        let before = self.connections.fetch_add(1, Ordering::Relaxed);
        let permit = ConnectionPermit(Arc::clone(self));
        if before < self.connection_limit {
            // Written only when it changes, so that the threads do not take it from each other.
            if self.is_full.load(Ordering::Relaxed) {
                self.is_full.store(false, Ordering::Relaxed);
            }
            return Some(permit);
        }
        None
    }

    /// Whether this is the first refusal since a connection was accepted.
    pub(crate) fn is_newly_full(&self) -> bool {
        !self.is_full.swap(true, Ordering::Relaxed)
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
        // Whoever waits for the end may end the process.
        flush_access_logs();
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

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Ordering::Relaxed);
    }
}

impl std::fmt::Debug for Control {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Control")
            .field("is_stopping", &self.is_stopping())
            .finish_non_exhaustive()
    }
}
