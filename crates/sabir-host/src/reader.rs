//! Reading a stream from the host's threads.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::StreamExt;
use sabir_core::threads::BoxStream;
use tokio::{runtime::Handle, task::AbortHandle};

/// Reads a stream one item at a time, each on a runtime, when the host wants it: that is all the back-pressure there has to be.
/// Dropping it drops the stream.
pub(crate) struct Reader<T> {
    state: Arc<Mutex<State<T>>>,
    runtime: Handle,
}

enum State<T> {
    Idle(BoxStream<T>),
    Reading(Option<AbortHandle>),
    Over,
}

/// Another item is being read.
#[derive(Debug)]
pub(crate) struct Busy;

impl<T: Send + 'static> Reader<T> {
    pub(crate) fn new(stream: BoxStream<T>, runtime: Handle) -> Self {
        Self {
            state: Arc::new(Mutex::new(State::Idle(stream))),
            runtime,
        }
    }

    /// Reads the next item. `done` is called on a thread of the runtime with it, or with `None` at the end; not at all when
    /// the reader is closed before.
    ///
    /// # Errors
    /// An item is being read; `done` is not called.
    pub(crate) fn read(&self, done: impl FnOnce(Option<T>) + Send + 'static) -> Result<(), Busy> {
        let mut state = lock(&self.state);
        let stream = match std::mem::replace(&mut *state, State::Reading(None)) {
            State::Idle(stream) => Some(stream),
            State::Over => {
                *state = State::Over;
                None
            }
            reading @ State::Reading(_) => {
                *state = reading;
                return Err(Busy);
            }
        };
        let shared = Arc::clone(&self.state);
        let task = self.runtime.spawn(async move {
            let Some(mut stream) = stream else {
                return done(None);
            };
            let item = stream.next().await;
            let mut state = lock(&shared);
            if !matches!(*state, State::Reading(_)) {
                return;
            }
            // Only then may the next item be asked for.
            *state = if item.is_some() {
                State::Idle(stream)
            } else {
                State::Over
            };
            drop(state);
            done(item);
        });
        if let State::Reading(abort) = &mut *state {
            *abort = Some(task.abort_handle());
        }
        Ok(())
    }
}

impl<T> Reader<T> {
    /// Drops the stream.
    pub(crate) fn close(&self) {
        let before = std::mem::replace(&mut *lock(&self.state), State::Over);
        if let State::Reading(Some(task)) = before {
            task.abort();
        }
    }
}

impl<T> Drop for Reader<T> {
    fn drop(&mut self) {
        self.close();
    }
}

impl<T> fmt::Debug for Reader<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}

fn lock<T>(state: &Mutex<State<T>>) -> MutexGuard<'_, State<T>> {
    // No code that can panic runs under the lock.
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
