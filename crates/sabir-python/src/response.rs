//! What a Python handler returned, as a reply.

use std::path::PathBuf;

use http::{HeaderName, HeaderValue, StatusCode, header};
use pyo3::{
    exceptions::PyValueError,
    prelude::*,
    types::{PyBytes, PyDict, PyList, PyString, PyTuple},
};
use sabir_core::{
    Problem, ProblemType, Reply, ReplyBody, RequestHead,
    header::{field, location},
};
use sabir_host::ReplyHandle;

use crate::{host::Hooks, value};

/// What a handler's result comes to.
pub(crate) enum Answer {
    /// A reply that is at hand.
    Reply(Reply),
    /// The file at `path`, with the status and the header fields of `reply`.
    File { path: PathBuf, reply: Reply },
}

impl Answer {
    pub(crate) fn send(self, handle: ReplyHandle) {
        match self {
            Self::Reply(reply) => handle.answer(reply),
            Self::File { path, mut reply } => handle.answer_with(move || {
                let mut found = sabir_http::file_reply(&path);
                if found.status.is_success() {
                    found.status = reply.status;
                    reply.headers.remove(header::CONTENT_LENGTH);
                    found.headers.extend(reply.headers);
                }
                found
            }),
        }
    }
}

/// The status of a route's success, and the hooks that encode what Rust does not.
pub(crate) struct Encoder<'a, 'py> {
    pub(crate) hooks: &'a Hooks,
    pub(crate) status: Option<StatusCode>,
    /// The statuses that may stand beside a value; `None` where the handler's annotation declares none.
    pub(crate) statuses: &'a Bound<'py, PyAny>,
    pub(crate) py: Python<'py>,
}

impl<'py> Encoder<'_, 'py> {
    /// Encodes what the handler returned.
    pub(crate) fn encode(&self, result: &Bound<'py, PyAny>) -> PyResult<Answer> {
        if let Some(reply) = self.encode_plain(result)? {
            return Ok(Answer::Reply(reply));
        }
        let status = self.status.map(|status| status.as_u16());
        let encoded = self
            .hooks
            .encode_result
            .bind(self.py)
            .call1((result, status, self.statuses))?;
        parts(&encoded)
    }

    /// The reply for a result of the most usual types.
    fn encode_plain(&self, result: &Bound<'py, PyAny>) -> PyResult<Option<Reply>> {
        let status = self.status.unwrap_or(StatusCode::OK);
        if let Ok(text) = result.cast_exact::<PyString>() {
            let body = bytes::Bytes::copy_from_slice(text.to_str()?.as_bytes());
            return Ok(Some(Reply::bytes(status, "text/plain; charset=utf-8", body)));
        }
        if result.is_exact_instance_of::<PyDict>() || result.is_exact_instance_of::<PyList>() {
            let encoded = self.hooks.encode_json.bind(self.py).call1((result,))?;
            let body = value::content(encoded.cast::<PyBytes>()?);
            return Ok(Some(Reply::bytes(status, "application/json", body)));
        }
        if let Ok(bytes) = result.cast_exact::<PyBytes>() {
            let body = value::content(bytes);
            return Ok(Some(Reply::bytes(status, "application/octet-stream", body)));
        }
        Ok(None)
    }

    /// The answer for an exception: the problem it stands for, or 500 and a log entry.
    pub(crate) fn refuse(&self, error: &PyErr, head: &RequestHead, debug: bool) -> Reply {
        self.problem(error, head, debug).unwrap_or_else(|second| {
            crate::error::unraisable(self.py, &second);
            Problem::new(ProblemType::InternalError).into_reply()
        })
    }

    fn problem(&self, error: &PyErr, head: &RequestHead, debug: bool) -> PyResult<Reply> {
        let exception = error.value(self.py);
        let described = self.hooks.problem_of.bind(self.py).call1((exception,))?;
        if let Ok(described) = described.cast::<PyDict>() {
            return Ok(raised(described)?.into_reply());
        }
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
        let mut problem = Problem::new(ProblemType::InternalError);
        if debug {
            problem.detail = Some(trace);
        }
        Ok(problem.into_reply())
    }
}

/// The `(status, headers, body)` of `encode_result`.
fn parts(encoded: &Bound<'_, PyAny>) -> PyResult<Answer> {
    let (status, headers, body): (u16, Bound<'_, PyList>, Bound<'_, PyAny>) = encoded.extract()?;
    let mut reply = Reply::new(status_code(status)?);
    for header in headers {
        let header = header.cast_into::<PyTuple>()?;
        let (name, value) = field(&header)?;
        reply.headers.append(name, value);
    }
    let Ok(body) = body.cast::<PyBytes>() else {
        let path = body.extract()?;
        return Ok(Answer::File { path, reply });
    };
    let body = value::content(body);
    if !body.is_empty() {
        reply.body = ReplyBody::Bytes(body);
    } else if !reply.headers.contains_key(header::CONTENT_LENGTH) {
        reply.body = ReplyBody::Empty;
    }
    Ok(Answer::Reply(reply))
}

/// The value of `Location` for a URL.
#[pyfunction]
#[pyo3(name = "location")]
pub(crate) fn encode_location(url: &str) -> PyResult<String> {
    location::encode(url).map_err(|error| PyValueError::new_err(format!("{url:?}: {error}")))
}

pub(crate) fn status_code(status: u16) -> PyResult<StatusCode> {
    StatusCode::from_u16(status)
        .map_err(|_| PyValueError::new_err(format!("{status} is not a status code; use 100 to 999")))
}

fn field(header: &Bound<'_, PyTuple>) -> PyResult<(HeaderName, HeaderValue)> {
    let (name, value): (String, String) = header.extract()?;
    field::from_text(&name, &value).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// The problem that `problem_of` describes.
fn raised(described: &Bound<'_, PyDict>) -> PyResult<Problem> {
    let serde_json::Value::Object(data) = value::to_json(described)? else {
        return Ok(Problem::new(ProblemType::InternalError));
    };
    Problem::from_data(&data).map_err(PyValueError::new_err)
}
