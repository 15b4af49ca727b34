//! Content of requests that Python takes while it arrives.

use std::sync::Arc;

use pyo3::{
    prelude::*,
    types::{PyBytes, PyDict, PyList},
};
use sabir_core::{Location, Problem, header::field::to_text};
use sabir_host::{CallId, ContentItem, RequestContent};

use crate::{response::Responder, value::to_python};

/// The content of one request, as `sabir.content` reads it.
#[pyclass(frozen, module = "sabir._sabir")]
pub(crate) struct NativeRequestContent {
    responder: Arc<Responder>,
    id: CallId,
    content: RequestContent,
}

impl NativeRequestContent {
    pub(crate) fn new(responder: Arc<Responder>, id: CallId, content: RequestContent) -> Self {
        Self {
            responder,
            id,
            content,
        }
    }
}

#[pymethods]
impl NativeRequestContent {
    /// Asks for the next piece: `done(kind, value)` is called on the loop's thread, with the kinds `chunk`, `value`, `part`, `problem`
    /// and `end`. Whether it will be: one piece is asked for at a time.
    fn read(&self, done: Py<PyAny>) -> bool {
        // Before the piece can be there.
        if self.responder.reading.with(self.id, |_| ()).is_some() {
            return false;
        }
        self.responder.reading.insert(self.id, done);
        let is_asked = self.content.read();
        if !is_asked {
            drop(self.responder.reading.remove(self.id));
        }
        is_asked
    }

    /// Leaves the rest unread.
    fn close(&self) {
        self.content.close();
        drop(self.responder.reading.remove(self.id));
    }
}

impl Drop for NativeRequestContent {
    fn drop(&mut self) {
        drop(self.responder.reading.remove(self.id));
    }
}

/// Calls `done` with a piece.
pub(crate) fn tell(done: &Bound<'_, PyAny>, piece: Option<Result<ContentItem, Problem>>) -> PyResult<()> {
    let py = done.py();
    let called = match piece {
        None => done.call1(("end", py.None())),
        Some(Ok(ContentItem::Chunk(chunk))) => done.call1(("chunk", PyBytes::new(py, &chunk))),
        Some(Ok(ContentItem::Value(value))) => done.call1(("value", to_python(py, &value)?)),
        Some(Ok(ContentItem::Part(part))) => {
            let content_type = part.content_type.as_ref().map(ToString::to_string);
            done.call1(("part", (part.name, part.filename, content_type)))
        }
        Some(Err(problem)) => done.call1(("problem", described(py, &problem)?)),
    };
    called.map(drop)
}

/// The members of a problem, and its header fields.
pub(crate) fn described<'py>(py: Python<'py>, problem: &Problem) -> PyResult<Bound<'py, PyDict>> {
    let errors = PyList::empty(py);
    for violation in &problem.errors {
        let error = PyDict::new(py);
        error.set_item("in", location(violation.location))?;
        if let Some(name) = &violation.name {
            error.set_item("name", name.to_string())?;
        }
        if let Some(pointer) = &violation.pointer {
            error.set_item("pointer", pointer)?;
        }
        error.set_item("keyword", violation.keyword.as_ref())?;
        error.set_item("detail", &violation.detail)?;
        errors.append(error)?;
    }
    let headers: Vec<_> = problem
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), to_text(value.as_bytes())))
        .collect();
    let described = PyDict::new(py);
    described.set_item("status", problem.status)?;
    described.set_item("type", problem.type_uri.as_ref())?;
    described.set_item("title", problem.title.as_ref())?;
    described.set_item("detail", problem.detail.as_deref())?;
    described.set_item("headers", headers)?;
    described.set_item("errors", errors)?;
    let extensions = PyDict::new(py);
    for (name, value) in &problem.extensions.0 {
        extensions.set_item(name.to_string(), to_python(py, value)?)?;
    }
    if problem.errors_truncated {
        extensions.set_item("errors_truncated", true)?;
    }
    described.set_item("extensions", extensions)?;
    Ok(described)
}

fn location(location: Location) -> &'static str {
    match location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
        Location::Body => "body",
    }
}
