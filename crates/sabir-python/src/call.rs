//! Handlers of Python, and calls of them between their arrival and their answers.

use std::sync::Arc;

use http::StatusCode;
use pyo3::{PyTraverseError, PyVisit, exceptions::PyValueError, prelude::*};
use sabir_core::{RequestHead, SetupError};
use sabir_host::{CallId, ReplyHandle, answer::status_code};

use crate::{arguments::ArgumentPlan, error};

/// How a handler is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// It makes a coroutine.
    Coroutine,
    /// It is called on a thread.
    Blocking,
    /// It is called on the loop.
    Inline,
}

impl Mode {
    /// The mode with the number that `sabir.app` gives it.
    pub(crate) fn from_number(number: u8) -> PyResult<Self> {
        match number {
            0 => Ok(Self::Coroutine),
            1 => Ok(Self::Blocking),
            2 => Ok(Self::Inline),
            _ => Err(PyValueError::new_err("mode is 0, 1 or 2")),
        }
    }
}

/// One Python handler.
pub(crate) struct Target {
    pub(crate) function: Py<PyAny>,
    pub(crate) mode: Mode,
    /// The coroutine function of a request and a problem that answers what the runtime refuses, if one does.
    pub(crate) refused: Option<Py<PyAny>>,
    pub(crate) arguments: ArgumentPlan,
    /// Whether these have the request object.
    pub(crate) takes_request: bool,
    /// What it declares of its answers.
    pub(crate) answers: Answers,
}

/// What a handler declares of its answers.
pub(crate) struct Answers {
    /// The `sabir.encoding.Answers` that this is read from.
    pub(crate) object: Py<PyAny>,
    pub(crate) status: Option<StatusCode>,
    /// What encodes values as JSON.
    pub(crate) encode: Py<PyAny>,
    /// Whether the type of a value says its media type.
    pub(crate) are_plain: bool,
}

impl Answers {
    /// Reads the object.
    pub(crate) fn read(object: &Bound<'_, PyAny>, route: &str) -> PyResult<Self> {
        let status: Option<u32> = object.getattr("status")?.extract()?;
        let status = status.map(status_code).transpose().map_err(|error| {
            let remedy = "give the status of a success";
            error::setup(SetupError::new("status", error.to_string(), remedy).at(route.to_owned()))
        })?;
        Ok(Self {
            status,
            encode: object.getattr("encode")?.unbind(),
            are_plain: object.getattr("media_type")?.is_none(),
            object: object.clone().unbind(),
        })
    }
}

/// A call between its first step and its end.
pub(crate) struct Running {
    pub(crate) coroutine: Py<PyAny>,
    pub(crate) context_run: Py<PyAny>,
    pub(crate) ticket: Ticket,
}

/// What is needed to answer a call.
pub(crate) struct Ticket {
    pub(crate) id: CallId,
    pub(crate) target: Arc<Target>,
    pub(crate) head: Arc<RequestHead>,
    pub(crate) reply: ReplyHandle,
}

impl Target {
    /// Shows the garbage collector what a handler holds, if nobody shares it. Shown by one of several owners, the objects
    /// would look as if nothing but that owner knew them.
    pub(crate) fn visit(this: &Arc<Self>, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        if Arc::strong_count(this) > 1 {
            return Ok(());
        }
        visit.call(&this.function)?;
        visit.call(&this.refused)?;
        visit.call(&this.answers.object)?;
        visit.call(&this.answers.encode)?;
        this.arguments.visit(visit)
    }
}

impl Running {
    pub(crate) fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.coroutine)?;
        visit.call(&self.context_run)?;
        Target::visit(&self.ticket.target, visit)
    }
}
