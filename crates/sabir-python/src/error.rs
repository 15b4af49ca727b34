//! Errors that cross into Python.

use pyo3::{create_exception, exceptions::PyValueError, prelude::*};
use sabir_core::SetupError;

create_exception!(
    _sabir,
    NativeSetupError,
    PyValueError,
    "A mistake in a route, an operation or a setting."
);

/// A set-up error with its text.
#[allow(clippy::needless_pass_by_value, reason = "used with map_err")]
pub(crate) fn setup(error: SetupError) -> PyErr {
    NativeSetupError::new_err(error.to_string())
}

/// Shows an error that nobody can receive, the way Python shows those of destructors.
pub(crate) fn unraisable(py: Python<'_>, error: &PyErr) {
    error.clone_ref(py).write_unraisable(py, None);
}
