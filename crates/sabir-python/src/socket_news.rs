//! What handlers of sockets are told.

use pyo3::{
    intern,
    prelude::*,
    types::{PyBytes, PyString},
};
use sabir_core::websocket::Message;
use sabir_host::SocketNews;

use crate::value::to_python;

/// Tells the handler of a socket what has happened to it.
pub(crate) fn tell(running: &Bound<'_, PyAny>, news: SocketNews) -> PyResult<()> {
    let py = running.py();
    let called = match news {
        SocketNews::Message(message) => {
            let length = message.len();
            let message = match &message {
                Message::Text(text) => PyString::new(py, text).into_any(),
                Message::Binary(bytes) => PyBytes::new(py, bytes).into_any(),
            };
            running.call_method1(intern!(py, "message"), (message, length))
        }
        SocketNews::Value(value, length) => {
            running.call_method1(intern!(py, "message"), (to_python(py, &value)?, length))
        }
        SocketNews::Ping(content) => running.call_method1(intern!(py, "ping"), (PyBytes::new(py, &content),)),
        SocketNews::Pong(content) => running.call_method1(intern!(py, "pong"), (PyBytes::new(py, &content),)),
        SocketNews::Writable => running.call_method0(intern!(py, "writable")),
        SocketNews::Closed(close) => {
            running.call_method1(intern!(py, "closed"), (close.code.as_u16(), close.reason))
        }
        SocketNews::Gone => running.call_method0(intern!(py, "gone")),
    };
    called.map(drop)
}
