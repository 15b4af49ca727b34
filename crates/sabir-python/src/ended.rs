//! Who wants to know when calls and connections have ended.

use std::sync::Arc;

use pyo3::{Py, PyAny};
use sabir_core::Connection;
use sabir_host::{CallId, Calls, Queue};

/// What is called when calls and connections have ended.
pub(crate) struct Ended {
    queue: Arc<Queue>,
    /// With the bound `run` of the contexts that the handlers of calls have run in.
    pub(crate) waiting: Calls<(Py<PyAny>, Option<Py<PyAny>>)>,
}

impl Ended {
    pub(crate) fn new(queue: Arc<Queue>) -> Self {
        Self {
            queue,
            waiting: Calls::default(),
        }
    }

    /// Has `callback` be called when the call has ended, in place of one that was given before.
    pub(crate) fn of_call(&self, id: CallId, callback: Py<PyAny>) {
        self.waiting.insert(id, (callback, None));
    }

    /// Has `callback` be called when the connection has ended.
    pub(crate) fn of_connection(&self, connection: &Connection, callback: Py<PyAny>) {
        let id = self.queue.next_id();
        // Noted first: the end may have come already.
        self.waiting.insert(id, (callback, None));
        self.queue.tell_connection_end(id, connection);
    }
}
