//! What the runtime reports, for Python's `logging`.

use std::time::UNIX_EPOCH;

use pyo3::{prelude::*, sync::PyOnceLock};
use sabir_host::{
    Wake,
    log::{self, Attachment, Record},
};

use crate::{error::unraisable, interpreter::enter};

/// `sabir._hooks.log`, and what makes records come.
static LOG: PyOnceLock<(Py<PyAny>, Attachment)> = PyOnceLock::new();

/// Passes records on in a thread of their own, which lives while there are any: a slow logger delays neither I/O nor handlers.
struct Logging;

impl Wake for Logging {
    fn wake(&self) {
        let deliver = || {
            enter(flush);
        };
        // Without a thread the records wait for whoever flushes next.
        let _ = std::thread::Builder::new()
            .name("sabir-log".into())
            .spawn(deliver);
    }
}

/// Passes records to `log` from now on.
pub(crate) fn attach(log: &Bound<'_, PyAny>) {
    LOG.get_or_init(log.py(), || (log.clone().unbind(), log::attach(Logging)));
}

/// Passes on what waits.
pub(crate) fn flush(py: Python<'_>) {
    let Some((log, _)) = LOG.get(py) else { return };
    loop {
        let records = log::take();
        if records.is_empty() {
            return;
        }
        for record in records {
            pass_on(py, log, record);
        }
    }
}

/// Passes on what waits, for the end of the process.
#[pyfunction]
pub(crate) fn flush_log(py: Python<'_>) {
    py.detach(sabir_host::flush_access_logs);
    flush(py);
}

fn pass_on(py: Python<'_>, log: &Py<PyAny>, record: Record) {
    let time = record.time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let arguments = (
        record.level_name(),
        record.text(),
        record.fields,
        record.target,
        record.request_id,
        time.as_secs_f64(),
        record.trace_id,
    );
    if let Err(error) = log.call1(py, arguments) {
        unraisable(py, &error);
    }
}
