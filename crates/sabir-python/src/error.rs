//! Errors that cross into Python.

use pyo3::{
    exceptions::{PyOSError, PyRuntimeError, PyValueError},
    import_exception,
    prelude::*,
};
use sabir_host::{ListenError, answer::AnswerError};

import_exception!(sabir.problem, SetupError);

/// A mistake in a route, an operation or a setting, as the class of the package with its parts.
#[allow(clippy::needless_pass_by_value, reason = "used with map_err")]
pub(crate) fn setup(error: sabir_core::SetupError) -> PyErr {
    let sabir_core::SetupError {
        route,
        field,
        problem,
        remedy,
    } = error;
    SetupError::new_err((route, field, problem, remedy))
}

/// What a handler answered cannot be sent.
#[allow(clippy::needless_pass_by_value, reason = "used with map_err")]
pub(crate) fn answer(error: AnswerError) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// Why the application does not listen at `address`.
pub(crate) fn listen(error: &ListenError, address: &str) -> PyErr {
    match error {
        ListenError::System(error) => system(error, address),
        ListenError::Listening | ListenError::Stopped => PyRuntimeError::new_err(error.to_string()),
    }
}

/// An error of the system at `address` as the `OSError` that Python itself would raise, with `errno`.
pub(crate) fn system(error: &std::io::Error, address: &str) -> PyErr {
    let text = error.to_string();
    match error.raw_os_error() {
        Some(number) => {
            // Python has the number in a field of its own.
            let text = text.split(" (os error").next().unwrap_or(&text).to_owned();
            PyOSError::new_err((number, text, address.to_owned()))
        }
        None => PyOSError::new_err(format!("{address}: {text}")),
    }
}

/// Shows an error that nobody can receive, the way Python shows those of destructors.
pub(crate) fn unraisable(py: Python<'_>, error: &PyErr) {
    error.clone_ref(py).write_unraisable(py, None);
}
