//! Waking the event loop of JavaScript.

use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Status, bindgen_prelude::Function};
use sabir_host::Wake;

/// Calls `drain` on the event loop. It does not keep the process alive: what listens does.
type Drain = ThreadsafeFunction<(), (), (), Status, false, true>;

/// Wakes the loop that the application was made on.
pub(crate) struct LoopWake(Drain);

impl LoopWake {
    pub(crate) fn new(drain: &Function<'_, (), ()>) -> napi::Result<Self> {
        drain
            .build_threadsafe_function::<()>()
            .weak::<true>()
            .build_callback(|_| Ok(()))
            .map(Self)
    }
}

impl Wake for LoopWake {
    fn wake(&self) {
        // The loop is gone when its thread ends; then nobody is left to answer, and the reply handles say so.
        let _ = self.0.call((), ThreadsafeFunctionCallMode::NonBlocking);
    }
}
