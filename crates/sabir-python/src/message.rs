//! Messages of Python.

use pyo3::{
    exceptions::PyTypeError,
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

/// Encoded JSON as a message.
pub(crate) fn json_message(content: &Bound<'_, PyBytes>) -> PyResult<Message> {
    Ok(Message::Text(String::from_utf8(content.as_bytes().to_vec())?))
}
