//! The host's handlers by their numbers.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// What a host keeps for each route: its function, and how to call it. The numbers are those of
/// [`Added::target`](crate::app::Added).
#[derive(Debug)]
pub struct Handlers<H>(RwLock<Vec<Option<Arc<H>>>>);

impl<H> Default for Handlers<H> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<H> Handlers<H> {
    /// Sets the handler with this number.
    pub fn set(&self, target: usize, handler: H) {
        let handler = Some(Arc::new(handler));
        let mut handlers = self.write();
        if handlers.len() <= target {
            handlers.resize_with(target + 1, || None);
        }
        let before = std::mem::replace(&mut handlers[target], handler);
        drop(handlers);
        // Not under the lock: it is the host's, and code of the host may run when it dies.
        drop(before);
    }

    /// The handler with this number.
    pub fn get(&self, target: usize) -> Option<Arc<H>> {
        self.read().get(target).cloned()?
    }

    /// All handlers, for a host that takes calls in batches.
    pub fn read(&self) -> RwLockReadGuard<'_, Vec<Option<Arc<H>>>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// All handlers, unless one is being set: for a garbage collector, which must not wait.
    pub fn try_read(&self) -> Option<RwLockReadGuard<'_, Vec<Option<Arc<H>>>>> {
        self.0.try_read().ok()
    }

    /// Removes all handlers.
    pub fn clear(&self) {
        let handlers = std::mem::take(&mut *self.write());
        drop(handlers);
    }

    fn write(&self) -> RwLockWriteGuard<'_, Vec<Option<Arc<H>>>> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}
