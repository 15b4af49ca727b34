//! Calls on their way to a thread.

use std::sync::{Arc, Mutex, PoisonError};

use pyo3::{PyTraverseError, PyVisit, prelude::*, types::PyTuple};

use crate::{
    call::{Target, Ticket},
    interpreter::Inside,
    response::Responder,
};

/// A call of a plain function. Python's threads call the function themselves, between [`begin`](Self::begin) and the answer:
/// CPython ends a thread that returns from a function while the interpreter shuts down, and there must be no frame of Rust
/// on its stack then.
#[pyclass(frozen, module = "sabir._sabir")]
pub(crate) struct BlockingCall {
    responder: Arc<Responder>,
    /// The bound `Context.run` of the call, the function, and its arguments.
    call: Py<PyTuple>,
    /// The loop of the application.
    event_loop: Py<PyAny>,
    ticket: Mutex<Option<Ticket>>,
}

impl BlockingCall {
    pub(crate) fn new(
        responder: Arc<Responder>,
        call: Py<PyTuple>,
        ticket: Ticket,
        event_loop: Py<PyAny>,
    ) -> Self {
        Self {
            responder,
            call,
            event_loop,
            ticket: Mutex::new(Some(ticket)),
        }
    }

    fn take(&self) -> Option<Ticket> {
        self.ticket.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn answer(&self, py: Python<'_>, result: PyResult<Bound<'_, PyAny>>) -> Option<Py<PyAny>> {
        let ticket = self.take()?;
        let _inside = Inside::unless_closed()?;
        let context_run = self.call.bind(py).get_item(0).ok();
        self.responder
            .answer_on(py, ticket, result, context_run.as_ref(), Some(&self.event_loop))
    }
}

#[pymethods]
impl BlockingCall {
    /// The function to call and its arguments; nothing when nobody waits for the answer any more.
    fn begin(&self, py: Python<'_>) -> Option<Py<PyTuple>> {
        let ticket = self.ticket.lock().unwrap_or_else(PoisonError::into_inner);
        let is_wanted = ticket.as_ref().is_some_and(|ticket| !ticket.reply.is_abandoned());
        is_wanted.then(|| self.call.clone_ref(py))
    }

    /// Answers with what the function returned. Gives what is left for the thread to do.
    fn returned(&self, result: Bound<'_, PyAny>) -> Option<Py<PyAny>> {
        self.answer(result.py(), Ok(result))
    }

    /// Answers for what the function raised.
    fn raised(&self, error: Bound<'_, PyAny>) {
        // For an exception nothing is left to be done.
        let _ = self.answer(error.py(), Err(PyErr::from_value(error)));
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.call)?;
        visit.call(&self.event_loop)?;
        match self.ticket.try_lock() {
            Ok(ticket) => ticket
                .as_ref()
                .map_or(Ok(()), |ticket: &Ticket| Target::visit(&ticket.target, &visit)),
            Err(_) => Ok(()),
        }
    }

    fn __clear__(&self) {
        drop(self.take());
    }
}
