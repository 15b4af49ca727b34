//! What the runtime reports, for the loggers of JavaScript.

use std::sync::{Arc, Mutex, PoisonError};

use napi::{
    Env, Result, Status,
    bindgen_prelude::Function,
    threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode},
};
use napi_derive::napi;
use sabir_host::{
    Wake,
    log::{self, Level},
};

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
    /// `error`, `warn`, `info` or `debug`.
    pub level: String,
    /// What happened.
    pub message: String,
    /// Names and values of the details, one after the other.
    pub fields: Vec<String>,
    /// The id of the request that it is about.
    pub request_id: Option<String>,
}

/// Takes the records that wait.
#[napi]
pub fn take_log() -> Vec<LogRecord> {
    let batch = log::take();
    let mut records: Vec<LogRecord> = batch
        .records
        .into_iter()
        .map(|record| LogRecord {
            level: name(record.level).into(),
            message: record.message,
            fields: record
                .fields
                .into_iter()
                .flat_map(|(name, value)| [name.to_owned(), value])
                .collect(),
            request_id: record.request_id,
        })
        .collect();
    if batch.dropped > 0 {
        records.push(LogRecord {
            level: "warn".into(),
            message: "records were dropped: they came faster than they were logged".into(),
            fields: vec!["count".into(), batch.dropped.to_string()],
            request_id: None,
        });
    }
    records
}

fn name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        _ => "debug",
    }
}
