//! Messages of Python.

use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyBytes, PyString},
};
use sabir_core::websocket::Message;

use crate::value;

/// Text or bytes as a message.
pub(crate) fn message(object: &Bound<'_, PyAny>) -> PyResult<Message> {
    if let Ok(text) = object.cast::<PyString>() {
        return Ok(Message::Text(text.to_str()?.to_owned()));
    }
    if let Ok(bytes) = object.cast::<PyBytes>() {
        return Ok(Message::Binary(value::content(bytes)));
    }
    Err(PyTypeError::new_err("a message is str or bytes"))
}

/// Encoded JSON as text.
pub(crate) fn json_text<'a>(content: &'a Bound<'_, PyBytes>) -> PyResult<&'a str> {
    std::str::from_utf8(content.as_bytes()).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// Encoded JSON as a message.
pub(crate) fn json_message(content: &Bound<'_, PyBytes>) -> PyResult<Message> {
    Ok(Message::Text(json_text(content)?.to_owned()))
}
