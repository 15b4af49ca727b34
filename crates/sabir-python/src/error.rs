//! Errors that cross into Python.

use pyo3::{
    create_exception,
    exceptions::{PyOSError, PyValueError},
    prelude::*,
};
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

/// An error of the system at `address` as the `OSError` that Python itself would raise, with `errno`.
pub(crate) fn of_system(error: &std::io::Error, address: &str) -> PyErr {
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
