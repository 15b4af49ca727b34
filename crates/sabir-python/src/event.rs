//! Messages of event streams.

use pyo3::{exceptions::PyValueError, prelude::*, types::PyBytes};
use sabir_core::Event;

/// A message as it is sent.
#[pyfunction]
pub(crate) fn encode_event(
    py: Python<'_>,
    data: Option<String>,
    event: Option<String>,
    id: Option<String>,
    retry: Option<u64>,
    comment: Option<String>,
) -> PyResult<Bound<'_, PyBytes>> {
    let event = Event {
        data,
        event,
        id,
        retry,
        comment,
    };
    let encoded = event
        .encode()
        .map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok(PyBytes::new(py, &encoded))
}
