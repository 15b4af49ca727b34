//! The request as Python sees it: parts are built when they are asked for.

use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;

use pyo3::{
    exceptions::PyRuntimeError,
    prelude::*,
    types::{PyBytes, PyDict, PyList, PyString, PyTuple},
};
use sabir_core::{Call, Connection, body::FormReader};
use sabir_host::{CallId, Request};

use crate::{ended::Ended, value::to_python};

/// One request, without its arguments.
#[pyclass(frozen, module = "sabir._sabir")]
pub(crate) struct NativeRequest {
    request: Request,
    id: CallId,
    ended: Arc<Ended>,
    form_reader: FormReader,
}

impl NativeRequest {
    pub(crate) fn new(call: &Call, id: CallId, ended: Arc<Ended>, form_reader: FormReader) -> Self {
        Self::from_parts(Request::of(call), id, ended, form_reader)
    }

    pub(crate) fn from_parts(
        request: Request,
        id: CallId,
        ended: Arc<Ended>,
        form_reader: FormReader,
    ) -> Self {
        Self {
            request,
            id,
            ended,
            form_reader,
        }
    }

    fn content(&self) -> PyResult<&Bytes> {
        let content = self.request.content();
        content.map_err(|error| PyRuntimeError::new_err(error.to_string()))
    }
}

#[pymethods]
impl NativeRequest {
    /// Has `callback` be called on the loop's thread when the last byte of the answer was handed over, or nobody gets it any
    /// more; for a socket, when its handler has ended. It is given the bound `run` of the context that the handler has run in, as
    /// far as that is known, and takes the place of one that was given before.
    fn when_ended(&self, callback: Py<PyAny>) {
        self.ended.of_call(self.id, callback);
    }

    /// A number for the connection that the request came on, which no other one has; none where another server has taken it in.
    #[getter]
    fn connection_id(&self) -> Option<u64> {
        self.request.connection().map(Connection::id)
    }

    /// Has `callback` be called on the loop's thread, with `None`, when the connection of the request has ended. Not called where
    /// none is known.
    fn when_connection_ended(&self, callback: Py<PyAny>) {
        if let Some(connection) = self.request.connection() {
            self.ended.of_connection(connection, callback);
        }
    }

    #[getter]
    fn method(&self) -> &str {
        self.request.method()
    }

    /// The absolute URL that the client asked for.
    #[getter]
    fn url(&self) -> String {
        self.request.url()
    }

    #[getter]
    fn scheme(&self) -> &'static str {
        self.request.scheme()
    }

    /// The host with its port, as the client named it.
    #[getter]
    fn host(&self) -> Cow<'_, str> {
        self.request.host()
    }

    /// The path as sent, still percent-encoded.
    #[getter]
    fn path(&self) -> &str {
        self.request.path()
    }

    #[getter]
    fn query_string(&self) -> &str {
        self.request.query()
    }

    #[getter]
    fn http_version(&self) -> &'static str {
        self.request.http_version()
    }

    #[getter]
    fn client(&self) -> Option<(String, u16)> {
        self.request.remote()
    }

    #[getter]
    fn request_id(&self) -> String {
        self.request.id()
    }

    #[getter]
    fn csp_nonce(&self) -> Option<&str> {
        self.request.csp_nonce()
    }

    #[getter]
    fn accepts(&self) -> Option<&str> {
        self.request.accepts()
    }

    /// Who sends it, as a security scheme has found out.
    #[getter]
    fn identity<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let identity = self.request.identity();
        identity.map(|identity| to_python(py, &identity)).transpose()
    }

    /// The trace that it is of: the ids of trace, span and the caller's span, whether it is sampled, `traceparent` and `tracestate`.
    #[getter]
    fn trace(&self) -> Option<sabir_host::request::Trace> {
        self.request.trace()
    }

    /// The pattern of the route that matched.
    #[getter]
    fn route(&self) -> &str {
        self.request.route()
    }

    fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        self.request.header(name)
    }

    fn header_list(&self, name: &str) -> Vec<Cow<'_, str>> {
        self.request.header_list(name).collect()
    }

    fn headers(&self) -> Vec<(&str, Cow<'_, str>)> {
        self.request.headers().collect()
    }

    fn cookies<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let cookies = PyDict::new(py);
        for (name, value) in self.request.cookies() {
            cookies.set_item(name, value)?;
        }
        Ok(cookies)
    }

    fn body<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        self.content().map(|content| PyBytes::new(py, content))
    }

    /// How many bytes the content has.
    fn size(&self) -> PyResult<usize> {
        self.content().map(Bytes::len)
    }

    /// The fields of a form that is not declared. The problem of a malformed one is its status and detail instead.
    fn form<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let (content, content_type) = (self.content()?, self.request.content_type());
        let fields = match py.detach(|| self.form_reader.read(content_type, content)) {
            Ok(fields) => fields,
            Err(problem) => {
                return (problem.status, problem.detail)
                    .into_pyobject(py)
                    .map(Bound::into_any);
            }
        };
        let list = PyList::empty(py);
        for (name, value) in &fields {
            let pair = [PyString::new(py, name).into_any(), to_python(py, value)?];
            list.append(PyTuple::new(py, pair)?)?;
        }
        Ok(list.into_any())
    }
}
