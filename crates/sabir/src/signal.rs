//! SIGINT and SIGTERM, for servers that end with them.

use std::{
    io,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use signal_hook::{
    consts::{SIGINT, SIGTERM},
    flag,
};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// How many servers wait for a signal.
static WAITING: Mutex<usize> = Mutex::new(0);

/// Waits for the first signal. From then on, and when nobody waits, a signal ends the process as it does by default: tokio
/// alone would swallow it for as long as the process lives.
pub(crate) struct Signals {
    interrupt: Signal,
    terminate: Signal,
    ends_process: Arc<AtomicBool>,
}

impl Signals {
    /// Starts to listen.
    ///
    /// # Errors
    /// When the system refuses, or the runtime has no I/O.
    pub(crate) fn listen() -> io::Result<Self> {
        let ends_process = ends_process()?;
        let signals = Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            ends_process: Arc::clone(&ends_process),
        };
        let mut waiting = WAITING.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting += 1;
        ends_process.store(false, Ordering::SeqCst);
        Ok(signals)
    }

    /// Completes with the first signal.
    pub(crate) async fn received(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        let mut waiting = WAITING.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting -= 1;
        if *waiting == 0 {
            self.ends_process.store(true, Ordering::SeqCst);
        }
    }
}

/// Whether the next signal ends the process. The first one that arrives sets it.
fn ends_process() -> io::Result<Arc<AtomicBool>> {
    static FLAG: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    static REGISTERING: Mutex<()> = Mutex::new(());
    let _registering = REGISTERING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(flag) = FLAG.get() {
        return Ok(Arc::clone(flag));
    }
    let ends_process = Arc::new(AtomicBool::new(false));
    for number in [SIGINT, SIGTERM] {
        // They act in this order, so the first signal passes the first of them.
        flag::register_conditional_default(number, Arc::clone(&ends_process))?;
        flag::register(number, Arc::clone(&ends_process))?;
    }
    Ok(Arc::clone(FLAG.get_or_init(|| ends_process)))
}
