//! The asyncio loop that runs the calls of an application.

use std::sync::{Arc, PoisonError, RwLock};

use pyo3::{PyTraverseError, PyVisit, exceptions::PyRuntimeError, prelude::*};

use crate::wake::EventFd;

/// A loop, and the functions of asyncio that calls take.
pub(crate) struct EventLoop {
    pub(crate) object: Py<PyAny>,
    pub(crate) create_future: Py<PyAny>,
    pub(crate) task_type: Py<PyAny>,
    pub(crate) enter_task: Py<PyAny>,
    pub(crate) leave_task: Py<PyAny>,
    pub(crate) copy_context: Py<PyAny>,
    pub(crate) wake: EventFd,
}

/// The loop that an application is attached to, if any.
#[derive(Default)]
pub(crate) struct Attachment(RwLock<Option<Arc<EventLoop>>>);

impl EventLoop {
    /// The functions for `event_loop`.
    pub(crate) fn new(event_loop: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = event_loop.py();
        let (asyncio, tasks) = (py.import("asyncio")?, py.import("asyncio.tasks")?);
        Ok(Self {
            object: event_loop.clone().unbind(),
            create_future: event_loop.getattr("create_future")?.unbind(),
            task_type: asyncio.getattr("Task")?.unbind(),
            enter_task: tasks.getattr("_enter_task")?.unbind(),
            leave_task: tasks.getattr("_leave_task")?.unbind(),
            copy_context: py.import("contextvars")?.getattr("copy_context")?.unbind(),
            wake: EventFd::new()?,
        })
    }

    /// The bound `run` of a fresh copy of the current context.
    pub(crate) fn context_run<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.copy_context.bind(py).call0()?.getattr("run")
    }

    fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.object)?;
        visit.call(&self.create_future)?;
        visit.call(&self.task_type)?;
        visit.call(&self.enter_task)?;
        visit.call(&self.leave_task)?;
        visit.call(&self.copy_context)
    }
}

impl Attachment {
    /// The loop.
    pub(crate) fn get(&self) -> PyResult<Arc<EventLoop>> {
        let current = self.0.read().unwrap_or_else(PoisonError::into_inner);
        current
            .clone()
            .ok_or_else(|| PyRuntimeError::new_err("the application is attached to no event loop"))
    }

    /// Sets the loop and gives the one before, which is dropped by the caller and not under the lock: code of Python may run
    /// when an object dies.
    pub(crate) fn replace(&self, event_loop: Option<Arc<EventLoop>>) -> Option<Arc<EventLoop>> {
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *current, event_loop)
    }

    /// Shows the garbage collector the loop, if nobody else uses it now.
    pub(crate) fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self.0.try_read().as_deref() {
            Ok(Some(event_loop)) if Arc::strong_count(event_loop) == 1 => event_loop.visit(visit),
            _ => Ok(()),
        }
    }
}
