//! The request as Python sees it: parts are built when they are asked for.

use http::header::CONTENT_TYPE;
use pyo3::{
    exceptions::PyRuntimeError,
    prelude::*,
    types::{PyBytes, PyDict, PyList, PyString, PyTuple},
};
use sabir_core::{
    Call, RequestHead, Route,
    body::{FormReader, NotKept},
    header::field,
};
use std::sync::Arc;

use crate::value::to_python;

/// One request, without its arguments.
#[pyclass(frozen, module = "sabir._sabir")]
pub(crate) struct NativeRequest {
    head: Arc<RequestHead>,
    route: Arc<Route>,
    accepts: Option<Arc<str>>,
    body: Result<bytes::Bytes, NotKept>,
    form_reader: FormReader,
}

impl NativeRequest {
    pub(crate) fn new(call: &Call, form_reader: FormReader) -> Self {
        Self {
            head: Arc::clone(&call.head),
            route: Arc::clone(&call.route),
            accepts: call.arguments.accepts.clone(),
            body: call.body.content(),
            form_reader,
        }
    }
}

/// The text of a value; bytes that are not UTF-8 are shown as ISO 8859-1 (RFC 9110 §5.5).
pub(crate) fn text<'py>(py: Python<'py>, value: &[u8]) -> Bound<'py, PyString> {
    PyString::new(py, &field::to_text(value))
}

#[pymethods]
impl NativeRequest {
    #[getter]
    fn method(&self) -> &str {
        self.head.method.as_str()
    }

    /// The path as sent, still percent-encoded.
    #[getter]
    fn path(&self) -> &str {
        self.head.uri.path()
    }

    #[getter]
    fn query_string(&self) -> &str {
        self.head.uri.query().unwrap_or_default()
    }

    #[getter]
    fn http_version(&self) -> &'static str {
        match self.head.version {
            http::Version::HTTP_10 => "1.0",
            http::Version::HTTP_2 => "2",
            _ => "1.1",
        }
    }

    #[getter]
    fn client(&self) -> Option<(String, u16)> {
        self.head
            .remote
            .map(|address| (address.ip().to_string(), address.port()))
    }

    #[getter]
    fn request_id(&self) -> String {
        self.head.id.to_string()
    }

    #[getter]
    fn accepts(&self) -> Option<&str> {
        self.accepts.as_deref()
    }

    /// The pattern of the route that matched.
    #[getter]
    fn route(&self) -> &str {
        self.route.pattern.as_str()
    }

    fn header<'py>(&self, py: Python<'py>, name: &str) -> Option<Bound<'py, PyString>> {
        self.head
            .headers
            .get(name)
            .map(|value| text(py, value.as_bytes()))
    }

    fn header_list<'py>(&self, py: Python<'py>, name: &str) -> Vec<Bound<'py, PyString>> {
        self.head
            .headers
            .get_all(name)
            .iter()
            .map(|value| text(py, value.as_bytes()))
            .collect()
    }

    fn headers<'py>(&self, py: Python<'py>) -> Vec<(&str, Bound<'py, PyString>)> {
        self.head
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), text(py, value.as_bytes())))
            .collect()
    }

    /// The cookies of all Cookie fields; the first of a name counts (RFC 6265bis §5.8.3).
    fn cookies<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let cookies = PyDict::new(py);
        for (name, value) in field::cookies(&self.head.headers) {
            cookies.set_item(name, value)?;
        }
        Ok(cookies)
    }

    fn body<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        self.content().map(|body| PyBytes::new(py, body))
    }

    /// How many bytes the content has.
    fn size(&self) -> PyResult<usize> {
        self.content().map(bytes::Bytes::len)
    }

    /// The fields of a form that is not declared. The problem of a malformed one is its status and detail instead.
    fn form<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let body = self.content()?;
        let content_type = self.head.headers.get(CONTENT_TYPE);
        let fields = match py.detach(|| self.form_reader.read(content_type, body)) {
            Ok(fields) => fields,
            Err(problem) => {
                return (problem.status, problem.detail)
                    .into_pyobject(py)
                    .map(Bound::into_any);
            }
        };
        let list = PyList::empty(py);
        for (name, value) in &fields {
            list.append(PyTuple::new(
                py,
                [PyString::new(py, name).into_any(), to_python(py, value)?],
            )?)?;
        }
        Ok(list.into_any())
    }
}

impl NativeRequest {
    fn content(&self) -> PyResult<&bytes::Bytes> {
        let body = self.body.as_ref();
        body.map_err(|error| PyRuntimeError::new_err(error.to_string()))
    }
}
