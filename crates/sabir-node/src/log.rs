//! What the runtime reports, for the loggers of JavaScript.

use std::sync::{Arc, Mutex, PoisonError};

use napi::{
    Env, Result, Status,
    bindgen_prelude::Function,
    threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode},
};
use napi_derive::napi;
use sabir_host::{Wake, log};

/// Wakes the loop of one thread of JavaScript, which it does not keep alive.
struct LogWake(ThreadsafeFunction<(), (), (), Status, false, true>);

impl Wake for LogWake {
    fn wake(&self) {
        // The loop is gone when its thread ends. Then the next one is woken, or the records wait.
        let _ = self.0.call((), ThreadsafeFunctionCallMode::NonBlocking);
    }
}

/// Calls `wake` on this thread's loop when there are records to take, until the loop ends.
#[napi]
pub fn attach_log(env: Env, wake: Function<'_, (), ()>) -> Result<()> {
    let wake = wake
        .build_threadsafe_function::<()>()
        .weak::<true>()
        .build_callback(|_| Ok(()))?;
    let attachment = log::attach(LogWake(wake));
    let kept = Arc::new(Mutex::new(Some(attachment)));
    env.add_env_cleanup_hook(kept, |kept| {
        drop(kept.lock().unwrap_or_else(PoisonError::into_inner).take());
    })?;
    Ok(())
}

/// One thing that the runtime reports.
#[napi(object)]
pub struct LogRecord {
    /// `error` or `warn`.
    pub level: String,
    /// What happened, with its details and the id of its request.
    pub text: String,
}

/// Takes the records that wait.
#[napi]
pub fn take_log() -> Vec<LogRecord> {
    let records = log::take().into_iter();
    records
        .map(|record| LogRecord {
            level: record.level_name().into(),
            text: record.text(),
        })
        .collect()
}
