//! Threads of the runtime inside the interpreter, and the end of both.
//!
//! A thread that asks for the interpreter while it is shut down is ended by CPython in the middle of its work, which aborts the
//! process where there are frames of Rust on its stack. So threads of the runtime go through [`enter`], and `atexit` closes
//! that door and waits for those inside.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use pyo3::{exceptions::PyRuntimeError, prelude::*};

/// How long the end of the process waits for threads that are inside.
const TIMEOUT: Duration = Duration::from_secs(2);

static INSIDE: AtomicUsize = AtomicUsize::new(0);
static IS_CLOSED: AtomicBool = AtomicBool::new(false);

/// A thread at work in the interpreter with frames of Rust on its stack. The end of the process waits for it.
pub(crate) struct Inside(());

impl Inside {
    /// Enters, unless the interpreter is about to end.
    pub(crate) fn unless_closed() -> Option<Self> {
        INSIDE.fetch_add(1, Ordering::SeqCst);
        let inside = Self(());
        (!IS_CLOSED.load(Ordering::SeqCst)).then_some(inside)
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Runs `work` in the interpreter, on a thread of the runtime; not when the interpreter is about to end.
pub(crate) fn enter<T>(work: impl FnOnce(Python<'_>) -> T) -> Option<T> {
    let _inside = Inside::unless_closed()?;
    Python::try_attach(work)
}

/// Refuses what would wait for a thread that can no longer enter.
pub(crate) fn refuse_at_exit() -> PyResult<()> {
    if IS_CLOSED.load(Ordering::SeqCst) {
        return Err(PyRuntimeError::new_err("the interpreter is shutting down"));
    }
    Ok(())
}

/// Whether this process has started threads of the runtime: those do not survive a fork.
#[pyfunction]
pub(crate) fn has_started() -> bool {
    sabir_host::process::has_threads()
}

/// Keeps the threads of the runtime out, for the end of the process.
#[pyfunction]
pub(crate) fn close_interpreter(py: Python<'_>) {
    IS_CLOSED.store(true, Ordering::SeqCst);
    py.detach(|| {
        let deadline = Instant::now() + TIMEOUT;
        while INSIDE.load(Ordering::SeqCst) > 0 && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(1));
        }
    });
}

/// In a forked child, where only the thread that forked goes on.
#[pyfunction]
pub(crate) fn after_fork() {
    INSIDE.store(0, Ordering::SeqCst);
}
