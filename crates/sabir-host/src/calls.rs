//! The calls in flight that a host has taken.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::call_id::{CallId, CallMap};

/// What a host keeps for each call that it has begun, by its id: how to cancel it, or what its answer needs.
///
/// Nothing of `C` is dropped under the lock, so that code of the host may run at its end.
#[derive(Debug)]
pub struct Calls<C>(Mutex<CallMap<C>>);

impl<C> Default for Calls<C> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<C> Calls<C> {
    /// Remembers a call.
    pub fn insert(&self, id: CallId, call: C) {
        let before = self.lock().insert(id, call);
        drop(before);
    }

    /// Forgets a call, which was answered or cancelled.
    pub fn remove(&self, id: CallId) -> Option<C> {
        self.lock().remove(&id)
    }

    /// What `read` makes of a call, if that is there.
    pub fn with<T>(&self, id: CallId, read: impl FnOnce(&mut C) -> T) -> Option<T> {
        self.lock().get_mut(&id).map(read)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// How many calls there are.
    pub fn count(&self) -> usize {
        self.lock().len()
    }

    /// Forgets all calls.
    pub fn take_all(&self) -> impl Iterator<Item = C> + use<C> {
        std::mem::take(&mut *self.lock()).into_values()
    }

    /// Shows every call to a garbage collector, which must not wait: none while the table is in use.
    ///
    /// # Errors
    /// The first one of `visit`.
    pub fn try_visit<E>(&self, visit: impl FnMut(&C) -> Result<(), E>) -> Result<(), E> {
        match self.0.try_lock() {
            Ok(calls) => calls.values().try_for_each(visit),
            Err(_) => Ok(()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, CallMap<C>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
