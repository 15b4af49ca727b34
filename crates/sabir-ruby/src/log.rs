//! What the runtime reports, for Ruby's `Logger`.

use std::{
    sync::{Condvar, Mutex, OnceLock, PoisonError},
    time::UNIX_EPOCH,
};

use magnus::{Error, RArray, Ruby};
use sabir_host::{
    Wake,
    log::{self, Attachment},
};

use crate::interpreter::without_lock;

/// What makes records come.
static ATTACHMENT: OnceLock<Attachment> = OnceLock::new();
static STATE: Mutex<State> = Mutex::new(State {
    has_records: false,
    interruptions: 0,
});
static CHANGED: Condvar = Condvar::new();

struct State {
    has_records: bool,
    interruptions: u64,
}

struct Logging;

impl Wake for Logging {
    fn wake(&self) {
        change(|state| state.has_records = true);
    }
}

fn change(change: impl FnOnce(&mut State)) {
    change(&mut STATE.lock().unwrap_or_else(PoisonError::into_inner));
    CHANGED.notify_all();
}

/// Has records kept from now on, until somebody takes them: nobody knows when the thread that waits for them gets to do so.
pub(crate) fn attach() {
    ATTACHMENT.get_or_init(|| log::attach(Logging));
}

/// Waits until there are records.
pub(crate) fn wait(ruby: &Ruby) -> Result<(), Error> {
    loop {
        let interruptions = STATE.lock().unwrap_or_else(PoisonError::into_inner).interruptions;
        let work = || {
            let state = STATE.lock().unwrap_or_else(PoisonError::into_inner);
            let waits = |state: &mut State| !state.has_records && state.interruptions == interruptions;
            let mut state = CHANGED
                .wait_while(state, waits)
                .unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut state.has_records)
        };
        let has_records = without_lock(work, &|| change(|state| state.interruptions += 1));
        ruby.thread_check_ints()?;
        if has_records == Some(true) {
            return Ok(());
        }
    }
}

/// Takes what has been recorded: level, text, fields, target, id of the request, time, id of the trace.
pub(crate) fn take(ruby: &Ruby) -> RArray {
    ruby.ary_from_iter(log::take().into_iter().map(|record| {
        let time = record.time.duration_since(UNIX_EPOCH).unwrap_or_default();
        let (level, text) = (record.level_name(), record.text());
        (
            level,
            text,
            record.fields,
            record.target,
            record.request_id,
            time.as_secs_f64(),
            record.trace_id,
        )
    }))
}
