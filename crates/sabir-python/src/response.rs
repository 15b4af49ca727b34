//! What a Python handler returned, as a reply.

use std::path::PathBuf;

use http::StatusCode;
use pyo3::{
    exceptions::PyValueError,
    prelude::*,
    types::{PyBytes, PyDict, PyList, PyString},
};
use sabir_core::{Reply, RequestHead, header::location};
use sabir_host::answer::{self, Answer};

use crate::{
    call::{Target, Ticket},
    error,
    hooks::Hooks,
    value,
};

/// A reply, and the path of the file that is its content, if it is one.
type Encoded = (Reply, Option<PathBuf>);

/// Answers calls with what their handlers returned or raised.
pub(crate) struct Responder {
    pub(crate) hooks: Hooks,
    /// Whether clients see why a handler failed.
    pub(crate) debug: bool,
}

impl Responder {
    /// Answers a call.
    pub(crate) fn answer(&self, py: Python<'_>, ticket: Ticket, result: PyResult<Bound<'_, PyAny>>) {
        let encoder = Encoder {
            hooks: &self.hooks,
            target: &ticket.target,
            py,
        };
        let (reply, file) = match result.and_then(|result| encoder.encode(&result)) {
            Ok(answer) => answer,
            Err(error) => (encoder.refuse(&error, &ticket.head, self.debug), None),
        };
        match file {
            None => ticket.reply.answer(reply),
            Some(path) => ticket.reply.answer_with_file(path, ticket.head, reply),
        }
    }
}

/// What a handler declares of its answers, and the hooks that encode what Rust does not.
struct Encoder<'a, 'py> {
    hooks: &'a Hooks,
    target: &'a Target,
    py: Python<'py>,
}

impl<'py> Encoder<'_, 'py> {
    /// Encodes what the handler returned.
    fn encode(&self, result: &Bound<'py, PyAny>) -> PyResult<Encoded> {
        if let Some(reply) = self.encode_plain(result)? {
            return Ok((reply, None));
        }
        let status = self.target.status.map(|status| status.as_u16());
        let arguments = (result, status, &self.target.statuses, &self.target.encode);
        let encoded = self.hooks.encode_result.bind(self.py).call1(arguments)?;
        parts(&encoded)
    }

    /// The reply for a result of the most usual types.
    fn encode_plain(&self, result: &Bound<'py, PyAny>) -> PyResult<Option<Reply>> {
        let status = self.target.status.unwrap_or(StatusCode::OK);
        if let Ok(text) = result.cast_exact::<PyString>() {
            let body = bytes::Bytes::copy_from_slice(text.to_str()?.as_bytes());
            return Ok(Some(answer::text(status, body)));
        }
        if result.is_exact_instance_of::<PyDict>() || result.is_exact_instance_of::<PyList>() {
            let encoded = self.target.encode.bind(self.py).call1((result,))?;
            let body = value::content(encoded.cast::<PyBytes>()?);
            return Ok(Some(answer::json(status, body)));
        }
        if let Ok(bytes) = result.cast_exact::<PyBytes>() {
            return Ok(Some(answer::bytes(status, value::content(bytes))));
        }
        Ok(None)
    }

    /// The answer for an exception: the problem it stands for, or 500 and a log entry. A problem that cannot be sent is a
    /// failure as well.
    fn refuse(&self, error: &PyErr, head: &RequestHead, debug: bool) -> Reply {
        let failed = match self.problem(error) {
            Ok(Some(reply)) => return reply,
            Ok(None) => self.failure(error, head, debug),
            Err(second) => self.failure(&second, head, debug),
        };
        failed.unwrap_or_else(|error| {
            error::unraisable(self.py, &error);
            answer::failure(None)
        })
    }

    /// The problem that an exception is, if it is one.
    fn problem(&self, error: &PyErr) -> PyResult<Option<Reply>> {
        let exception = error.value(self.py);
        let described = self.hooks.problem_of.bind(self.py).call1((exception,))?;
        let Ok(described) = described.cast::<PyDict>() else {
            return Ok(None);
        };
        let data = value::members(described, "problem")?;
        answer::problem(&data).map(Some).map_err(error::answer)
    }

    fn failure(&self, error: &PyErr, head: &RequestHead, debug: bool) -> PyResult<Reply> {
        let exception = error.value(self.py);
        if let Some(traceback) = error.traceback(self.py) {
            // Python sets it where an exception is caught; to here it came beside the exception.
            exception.setattr("__traceback__", traceback)?;
        }
        let entry = (
            exception,
            head.method.as_str(),
            head.uri.path(),
            head.id.to_string(),
        );
        let trace: String = self.hooks.report.bind(self.py).call1(entry)?.extract()?;
        Ok(answer::failure(debug.then_some(trace)))
    }
}

/// The `(status, headers, body)` of `encode_result`, where the body is the path of a file or content.
fn parts(encoded: &Bound<'_, PyAny>) -> PyResult<Encoded> {
    let (status, headers, body): (u32, Bound<'_, PyList>, Bound<'_, PyAny>) = encoded.extract()?;
    let mut answer = Answer::new(status).map_err(error::answer)?;
    for header in headers {
        let (name, value): (String, String) = header.extract()?;
        answer.add_field(&name, &value).map_err(error::answer)?;
    }
    match body.cast::<PyBytes>() {
        Ok(content) => Ok((answer.with_content(value::content(content)), None)),
        Err(_) => Ok((answer.with_content(bytes::Bytes::new()), Some(body.extract()?))),
    }
}

/// The value of `Location` for a URL.
#[pyfunction]
#[pyo3(name = "location")]
pub(crate) fn encode_location(url: &str) -> PyResult<String> {
    location::encode(url).map_err(|error| PyValueError::new_err(format!("{url:?}: {error}")))
}
