//! The functions of `sabir._hooks`.

use pyo3::prelude::*;

/// What the native module calls of the package.
pub(crate) struct Hooks {
    pub(crate) make_request: Py<PyAny>,
    pub(crate) encode_result: Py<PyAny>,
    pub(crate) problem_of: Py<PyAny>,
    pub(crate) report: Py<PyAny>,
    pub(crate) start_stream: Py<PyAny>,
    pub(crate) open_socket: Py<PyAny>,
    pub(crate) make_problem: Py<PyAny>,
}

impl Hooks {
    /// Reads the module.
    pub(crate) fn read(module: &Bound<'_, PyAny>) -> PyResult<Self> {
        let function = |name: &str| module.getattr(name).map(Bound::unbind);
        Ok(Self {
            make_request: function("make_request")?,
            encode_result: function("encode_result")?,
            problem_of: function("problem_of")?,
            report: function("report")?,
            start_stream: function("start_stream")?,
            open_socket: function("open_socket")?,
            make_problem: function("make_problem")?,
        })
    }
}
