//! The process that the threads of the runtime live in: they do not survive a fork.

use std::sync::atomic::{AtomicU32, Ordering};

/// The process that has started threads of the runtime; 0 for none.
static STARTED_BY: AtomicU32 = AtomicU32::new(0);

/// Remembers that this process has threads of the runtime.
pub(crate) fn threads_start() {
    STARTED_BY.store(std::process::id(), Ordering::Relaxed);
}

/// Whether this process has started threads of the runtime. A fork of it would have none of them.
pub fn has_threads() -> bool {
    STARTED_BY.load(Ordering::Relaxed) == std::process::id()
}
