//! WebSockets of test clients.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use pyo3::{
    prelude::*,
    types::{PyBytes, PyString},
};
use sabir_core::websocket::{Close, Message};
use sabir_host::memory::{ClientSocket, Refusal, SocketEvent};

use crate::{
    error,
    interpreter::{self, enter},
    log,
    memory::fields,
    message::message,
};

/// One socket of a test client.
#[pyclass(frozen, module = "sabir._sabir")]
pub(crate) struct NativeClientSocket(Mutex<Option<Arc<ClientSocket>>>);

/// A function of Python that is called once: with what is done, or at its end, since nothing will be.
pub(crate) struct Done(Option<Py<PyAny>>);

impl Done {
    pub(crate) fn new(function: Py<PyAny>) -> Self {
        Self(Some(function))
    }

    /// Calls it with what `arguments` makes.
    pub(crate) fn call<A>(mut self, arguments: impl FnOnce(Python<'_>) -> PyResult<A>)
    where
        A: for<'py> pyo3::call::PyCallArgs<'py>,
    {
        let function = self.0.take();
        enter(|py| {
            // Whoever sees what happens can see what the log says about it.
            log::flush(py);
            let called = function.map(|function| {
                let arguments = arguments(py)?;
                function.call1(py, arguments)
            });
            if let Some(Err(error)) = called {
                error::unraisable(py, &error);
            }
        });
    }
}

impl Drop for Done {
    fn drop(&mut self) {
        if let Some(function) = self.0.take() {
            Self(Some(function)).call(|py| Ok(("gone", py.None())));
        }
    }
}

/// Calls `done(None, None)`, or `done("failed", reason)`.
fn tell(done: Done, outcome: io::Result<()>) {
    let failure = outcome.err().map(|error| error.to_string());
    done.call(|_| Ok((failure.as_ref().map(|_| "failed"), failure)));
}

/// Calls `done` with what has happened: its name, and what belongs to it.
fn tell_event(done: Done, event: io::Result<SocketEvent>) {
    done.call(move |py| {
        let none = || py.None().into_bound(py);
        let (kind, value) = match event {
            Ok(SocketEvent::Message(Message::Text(text))) => ("message", PyString::new(py, &text).into_any()),
            Ok(SocketEvent::Message(Message::Binary(bytes))) => {
                ("message", PyBytes::new(py, &bytes).into_any())
            }
            Ok(SocketEvent::Ping(content)) => ("ping", PyBytes::new(py, &content).into_any()),
            Ok(SocketEvent::Pong(content)) => ("pong", PyBytes::new(py, &content).into_any()),
            Ok(SocketEvent::Closed(close)) => (
                "closed",
                (close.code.as_u16(), close.reason).into_pyobject(py)?.into_any(),
            ),
            Ok(SocketEvent::Writable) => ("writable", none()),
            Ok(_) => ("gone", none()),
            Err(error) => ("failed", PyString::new(py, &error.to_string()).into_any()),
        };
        Ok((kind, value.unbind()))
    });
}

/// Calls `done(socket, status, headers, content, failure)`.
pub(crate) fn opened(done: Done, outcome: Result<ClientSocket, Refusal>) {
    done.call(move |py| {
        let nothing = || (None, 0, Vec::new(), PyBytes::new(py, b"").unbind());
        let (parts, failure) = match outcome {
            Ok(socket) => {
                let headers = fields(py, socket.headers());
                let socket = Py::new(py, NativeClientSocket(Mutex::new(Some(Arc::new(socket)))))?;
                let content = PyBytes::new(py, b"").unbind();
                ((Some(socket), 101, headers, content), None)
            }
            Err(Refusal::Answer(answer)) => {
                let headers = fields(py, answer.headers());
                let content = PyBytes::new(py, answer.body()).unbind();
                ((None, answer.status().as_u16(), headers, content), None)
            }
            Err(Refusal::Failed(reason)) => (nothing(), Some(reason)),
        };
        let (socket, status, headers, content) = parts;
        Ok((socket, status, headers, content, failure))
    });
}

impl NativeClientSocket {
    fn socket(&self) -> Option<Arc<ClientSocket>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Uses the socket, unless this side has left: then `done` is dropped.
    fn with(&self, done: Py<PyAny>, work: impl FnOnce(&ClientSocket, Done)) -> PyResult<()> {
        interpreter::refuse_at_exit()?;
        let done = Done::new(done);
        // Not under the lock: `done` may be called at once.
        if let Some(socket) = self.socket() {
            work(&socket, done);
        }
        Ok(())
    }
}

#[pymethods]
impl NativeClientSocket {
    /// The subprotocol that the server chose.
    #[getter]
    fn subprotocol(&self) -> Option<String> {
        self.socket()?.subprotocol().map(str::to_owned)
    }

    /// Sends text or bytes. `done` is called from another thread, as in all that follows.
    fn send(&self, content: &Bound<'_, PyAny>, done: Py<PyAny>) -> PyResult<()> {
        let message = message(content)?;
        self.with(done, |socket, done| {
            socket.send(message, move |outcome| tell(done, outcome));
        })
    }

    fn ping(&self, content: &[u8], done: Py<PyAny>) -> PyResult<()> {
        let content = Bytes::copy_from_slice(content);
        self.with(done, |socket, done| {
            socket.ping(content, move |outcome| tell(done, outcome));
        })
    }

    fn close(&self, code: u16, reason: &str, done: Py<PyAny>) -> PyResult<()> {
        let close = Close::new(code, reason);
        self.with(done, |socket, done| {
            socket.close(close, move |outcome| tell(done, outcome));
        })
    }

    /// Writes bytes as they are, which need be no frames.
    fn write(&self, content: &[u8], done: Py<PyAny>) -> PyResult<()> {
        let content = Bytes::copy_from_slice(content);
        self.with(done, |socket, done| {
            socket.write(content, move |outcome| tell(done, outcome));
        })
    }

    /// Waits for what comes next.
    fn receive(&self, done: Py<PyAny>) -> PyResult<()> {
        self.with(done, |socket, done| {
            socket.receive(move |event| tell_event(done, event));
        })
    }

    /// Leaves, without closing.
    fn leave(&self) {
        let socket = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(socket);
    }
}
