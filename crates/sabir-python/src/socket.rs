//! WebSockets of Python handlers.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use pyo3::{
    exceptions::PyValueError,
    prelude::*,
    types::{PyBytes, PyDict, PyString},
};
use sabir_core::{
    Call, Problem, RequestHead,
    body::FormReader,
    channel::{Hub, Subscription},
    websocket::{CloseCode, Message, Rejection, SocketPlan},
};
use sabir_host::{HostSocket, Request};

use crate::{
    channel, error,
    interpreter::Inside,
    message::{json_text, message},
    request::NativeRequest,
    response::Responder,
    stream::number,
    value,
};

/// One socket, as `sabir.sockets` has it.
#[pyclass(frozen, module = "sabir._sabir")]
pub(crate) struct NativeSocket {
    responder: Arc<Responder>,
    hub: Hub,
    socket: HostSocket,
    plan: Arc<SocketPlan>,
    request: Request,
    form_reader: FormReader,
    head: Arc<RequestHead>,
    subscriptions: Mutex<HashMap<String, Subscription>>,
}

impl NativeSocket {
    /// The socket that `call` has opened; `None` where its route is none of a socket.
    pub(crate) fn new(
        responder: Arc<Responder>,
        hub: Hub,
        form_reader: FormReader,
        call: &Call,
        socket: HostSocket,
    ) -> Option<Self> {
        Some(Self {
            responder,
            hub,
            socket,
            plan: Arc::clone(call.route.socket.as_ref()?),
            request: Request::of(call),
            form_reader,
            head: Arc::clone(&call.head),
            subscriptions: Mutex::default(),
        })
    }

    fn subscriptions(&self) -> MutexGuard<'_, HashMap<String, Subscription>> {
        self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The handler has ended.
    fn end(&self, py: Python<'_>, code: u16, reason: &str) {
        let subscriptions = std::mem::take(&mut *self.subscriptions());
        drop(subscriptions);
        self.socket.finish(code, reason);
        drop(self.responder.sockets.remove(self.socket.id()));
        if let Err(error) = self.responder.call_ended(py, self.socket.id()) {
            error::unraisable(py, &error);
        }
    }
}

#[pymethods]
impl NativeSocket {
    /// Has `running` be told what happens to the socket.
    fn attach(&self, running: Py<PyAny>) {
        self.responder.sockets.insert(self.socket.id(), running);
    }

    #[getter]
    fn request(&self) -> NativeRequest {
        let ended = Arc::clone(&self.responder.ended);
        NativeRequest::from_parts(self.request.clone(), self.socket.id(), ended, self.form_reader)
    }

    #[getter]
    fn subprotocol(&self) -> Option<&str> {
        self.socket.subprotocol()
    }

    /// How long the handler may go on after the socket was closed.
    #[getter]
    fn close_timeout(&self) -> f64 {
        self.plan.close_timeout.as_secs_f64()
    }

    /// Sends text or bytes. 0: there is room for more; 1: it was not taken, and has to be sent again when there is room; 2: the
    /// socket is closed.
    fn send(&self, content: &Bound<'_, PyAny>) -> PyResult<u8> {
        if let Ok(text) = content.cast::<PyString>() {
            return Ok(number(self.socket.send_text(text.to_str()?)));
        }
        Ok(number(self.socket.send(&message(content)?)))
    }

    /// Sends JSON, as `send` does.
    fn send_json(&self, content: &Bound<'_, PyBytes>) -> PyResult<u8> {
        Ok(number(self.socket.send_text(json_text(content)?)))
    }

    /// Sends a ping. Whether the socket is open.
    fn ping(&self, content: &[u8]) -> PyResult<bool> {
        if content.len() > 125 {
            return Err(PyValueError::new_err(
                "a ping has at most 125 bytes (RFC 6455 §5.5)",
            ));
        }
        Ok(self.socket.ping(content))
    }

    /// Closes the socket. Whether it was open.
    fn close(&self, code: u16, reason: &str) -> PyResult<bool> {
        if !CloseCode::new(code).is_sendable() {
            return Err(PyValueError::new_err(format!(
                "no close frame has the code {code}; applications have 4000 to 4999 for themselves (RFC 6455 §7.4.2)"
            )));
        }
        Ok(self.socket.close(code, reason))
    }

    fn is_open(&self) -> bool {
        self.socket.is_open()
    }

    /// The handler has done with something of this length.
    fn consumed(&self, length: usize) {
        self.socket.consumed(length);
    }

    /// Does what is to be done about a message that is refused for the problem that `described` is.
    fn reject(&self, described: &Bound<'_, PyDict>) -> PyResult<()> {
        let data = value::members(described, "problem")?;
        let problem = Problem::from_data(&data).map_err(PyValueError::new_err)?;
        match self.plan.reject(problem) {
            // A client that reads nothing need not be told what is wrong with what it sends.
            Rejection::Report(text) => drop(self.socket.send(&Message::Text(text))),
            Rejection::Close(close) => drop(self.socket.close(close.code.as_u16(), &close.reason)),
        }
        Ok(())
    }

    fn subscribe(&self, channel: &str) {
        if self.subscriptions().contains_key(channel) {
            return;
        }
        let subscription = self.socket.subscribe(&self.hub, channel);
        let before = self.subscriptions().insert(channel.to_owned(), subscription);
        drop(before);
    }

    fn unsubscribe(&self, channel: &str) {
        let subscription = self.subscriptions().remove(channel);
        drop(subscription);
    }

    /// Publishes a message on a channel. How many subscribers it has in this process.
    fn publish(&self, channel: &str, content: &Bound<'_, PyAny>) -> PyResult<usize> {
        channel::publish(&self.hub, channel, content)
    }

    /// Publishes JSON, as `publish` does.
    fn publish_json(&self, channel: &str, content: &Bound<'_, PyBytes>) -> PyResult<usize> {
        channel::publish_json(&self.hub, channel, content)
    }

    /// The handler has ended: nothing more is told. The socket is closed if it is open.
    fn finish(&self, py: Python<'_>, code: u16, reason: &str) {
        self.end(py, code, reason);
    }

    /// The handler has failed: that is in the log, and the client sees 1011.
    fn fail(&self, py: Python<'_>, exception: Bound<'_, PyAny>) {
        let Some(_inside) = Inside::unless_closed() else {
            return;
        };
        let raised = PyErr::from_value(exception);
        if let Err(second) = self.responder.report(py, &raised, &self.head) {
            error::unraisable(py, &second);
        }
        self.end(py, CloseCode::INTERNAL_ERROR.as_u16(), "");
    }
}
