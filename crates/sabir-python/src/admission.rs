//! Handshakes that the handler of a socket decides on.

use std::sync::{Arc, Mutex, PoisonError};

use pyo3::prelude::*;
use sabir_core::RequestHead;
use sabir_host::Admission;

use crate::{call::Target, response::Responder};

/// The answer that the client of a handshake waits for. It is given once.
#[pyclass(frozen, module = "sabir._sabir")]
pub(crate) struct NativeAdmission {
    responder: Arc<Responder>,
    target: Arc<Target>,
    head: Arc<RequestHead>,
    admission: Mutex<Option<Box<Admission>>>,
}

impl NativeAdmission {
    pub(crate) fn new(
        responder: Arc<Responder>,
        target: Arc<Target>,
        head: Arc<RequestHead>,
        admission: Box<Admission>,
    ) -> Self {
        Self {
            responder,
            target,
            head,
            admission: Mutex::new(Some(admission)),
        }
    }

    fn take(&self) -> Option<Box<Admission>> {
        self.admission
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    fn answer(&self, py: Python<'_>, result: PyResult<Bound<'_, PyAny>>) {
        if let Some(admission) = self.take() {
            admission.refuse(self.responder.refused(py, &self.target, result, &self.head));
        }
    }
}

#[pymethods]
impl NativeAdmission {
    /// Opens the socket. `False` where nobody waits any more.
    fn accept(&self) -> bool {
        self.take().is_some_and(|admission| admission.accept())
    }

    /// Answers with what a handler may return instead of opening the socket.
    fn refuse(&self, result: Bound<'_, PyAny>) {
        self.answer(result.py(), Ok(result));
    }

    /// Answers for an exception instead of opening the socket.
    fn fail(&self, exception: Bound<'_, PyAny>) {
        self.answer(exception.py(), Err(PyErr::from_value(exception)));
    }
}
