//! What a Python handler returned, as a reply.

use std::{path::PathBuf, sync::Arc};

use http::StatusCode;
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyBytes, PyDict, PyList, PyString, PyTuple},
};
use sabir_core::{Reply, ReplyBody, RequestHead, header::location, trace::TraceContext};
use sabir_host::{
    CallId, Calls, Queue, SocketNews,
    answer::{self, Answer},
};

use crate::{
    call::{Target, Ticket},
    channel::NativeEvents,
    ended::Ended,
    error,
    hooks::Hooks,
    socket_news,
    stream::NativeStream,
    value,
};

/// What a handler's result comes to.
enum Encoded<'py> {
    Reply(Reply),
    /// The file at the path.
    File(Reply, PathBuf),
    /// What makes the content while it is sent, see `sabir.streams`.
    Chunks(Bound<'py, PyAny>),
}

/// Answers calls with what their handlers returned or raised.
pub(crate) struct Responder {
    pub(crate) hooks: Hooks,
    pub(crate) queue: Arc<Queue>,
    /// Runs a call on a thread.
    pub(crate) submit: Py<PyAny>,
    /// What makes answers on the loop while they are sent.
    pub(crate) streams: Calls<Py<PyAny>>,
    /// Who waits for the next piece of the content of a call.
    pub(crate) reading: Calls<Py<PyAny>>,
    /// The handlers of sockets that are at work.
    pub(crate) sockets: Calls<Py<PyAny>>,
    /// Who wants to know when calls and connections have ended.
    pub(crate) ended: Arc<Ended>,
    /// Whether clients see why a handler failed.
    pub(crate) debug: bool,
}

impl Responder {
    /// Answers a call, on the thread of the loop. `context_run` is the bound `run` of the context that the handler has run
    /// in, if it has.
    pub(crate) fn answer(
        self: &Arc<Self>,
        py: Python<'_>,
        ticket: Ticket,
        result: PyResult<Bound<'_, PyAny>>,
        context_run: Option<&Bound<'_, PyAny>>,
    ) {
        // On the loop nothing is left to be done.
        let _ = self.answer_on(py, ticket, result, context_run, None);
    }

    /// Answers a call, on a thread for plain functions where the loop is given. What is left for that thread to do, once no
    /// frame of Rust is on its stack.
    pub(crate) fn answer_on(
        self: &Arc<Self>,
        py: Python<'_>,
        mut ticket: Ticket,
        result: PyResult<Bound<'_, PyAny>>,
        context_run: Option<&Bound<'_, PyAny>>,
        event_loop: Option<&Py<PyAny>>,
    ) -> Option<Py<PyAny>> {
        self.watch(&mut ticket, context_run);
        let encoder = Encoder {
            responder: self,
            target: &ticket.target,
            py,
        };
        match result.and_then(|result| encoder.encode(&result)) {
            Ok(Encoded::Reply(reply)) => ticket.reply.answer(reply),
            Ok(Encoded::File(reply, path)) => ticket.reply.answer_with_file(path, ticket.head, reply),
            Ok(Encoded::Chunks(chunks)) => return self.stream(ticket, &chunks, context_run, event_loop),
            Err(error) => {
                let reply = encoder.refuse(&error, &ticket.head, self.debug);
                ticket.reply.answer(reply);
            }
        }
        None
    }

    /// The answer to a call whose arguments could not be made.
    pub(crate) fn refusal(
        &self,
        py: Python<'_>,
        target: &Target,
        error: &PyErr,
        head: &RequestHead,
    ) -> Reply {
        let encoder = Encoder {
            responder: self,
            target,
            py,
        };
        encoder.refuse(error, head, self.debug)
    }

    /// Forgets a call that nobody waits for.
    pub(crate) fn forget(&self, mut ticket: Ticket, context_run: &Bound<'_, PyAny>) {
        self.watch(&mut ticket, Some(context_run));
    }

    /// Has Python be told when a call ends, if it has asked for that.
    fn watch(&self, ticket: &mut Ticket, context_run: Option<&Bound<'_, PyAny>>) {
        if !ticket.target.takes_request {
            return;
        }
        let run = context_run.map(|run| run.clone().unbind());
        if self
            .ended
            .waiting
            .with(ticket.id, |(_, context_run)| *context_run = run)
            .is_some()
        {
            self.queue.tell_end(ticket.id, &mut ticket.reply);
        }
    }

    /// Tells Python that a call has ended, or a connection.
    pub(crate) fn call_ended(&self, py: Python<'_>, id: CallId) -> PyResult<()> {
        let Some((callback, context_run)) = self.ended.waiting.remove(id) else {
            return Ok(());
        };
        callback.call1(py, (context_run,)).map(drop)
    }

    /// The answer to a handshake that the handler of the socket refuses with `result`.
    pub(crate) fn refused(
        &self,
        py: Python<'_>,
        target: &Target,
        result: PyResult<Bound<'_, PyAny>>,
        head: &RequestHead,
    ) -> Reply {
        let encoder = Encoder {
            responder: self,
            target,
            py,
        };
        let answer = result.and_then(|result| encoder.encode(&result));
        let refused = answer.and_then(|answer| match answer {
            Encoded::Reply(reply) => Ok(reply),
            Encoded::File(..) | Encoded::Chunks(_) => Err(PyTypeError::new_err(
                "the answer that refuses a WebSocket is no file and no stream",
            )),
        });
        refused.unwrap_or_else(|error| encoder.refuse(&error, head, self.debug))
    }

    /// Has an answer be made while it is sent.
    fn stream(
        self: &Arc<Self>,
        mut ticket: Ticket,
        chunks: &Bound<'_, PyAny>,
        context_run: Option<&Bound<'_, PyAny>>,
        event_loop: Option<&Py<PyAny>>,
    ) -> Option<Py<PyAny>> {
        let py = chunks.py();
        if ticket.target.takes_request {
            // What makes the content may still ask for it.
            self.queue.tell_end(ticket.id, &mut ticket.reply);
        }
        let started = Bound::new(py, NativeStream::new(Arc::clone(self), ticket)).and_then(|stream| {
            let start = self.hooks.start_stream.bind(py);
            start.call1((stream, chunks, context_run, event_loop, &self.submit))
        });
        match started {
            Ok(rest) => (!rest.is_none()).then(|| rest.unbind()),
            Err(error) => {
                error::unraisable(py, &error);
                None
            }
        }
    }

    /// Tells what makes the answer to a call that it has room, or that nobody reads it.
    pub(crate) fn tell_stream(&self, py: Python<'_>, id: CallId, what: &str) -> PyResult<()> {
        let running = self.streams.with(id, |running| running.clone_ref(py));
        running.map_or(Ok(()), |running| running.call_method0(py, what).map(drop))
    }

    /// Tells the handler of a socket what has happened to it, unless it has ended.
    pub(crate) fn tell_socket(&self, py: Python<'_>, id: CallId, news: SocketNews) -> PyResult<()> {
        let running = self.sockets.with(id, |running| running.clone_ref(py));
        running.map_or(Ok(()), |running| socket_news::tell(running.bind(py), news))
    }

    /// Writes an exception to the log, and gives its traceback.
    pub(crate) fn report(&self, py: Python<'_>, error: &PyErr, head: &RequestHead) -> PyResult<String> {
        let exception = error.value(py);
        if let Some(traceback) = error.traceback(py) {
            // Python sets it where an exception is caught; to here it came beside the exception.
            exception.setattr("__traceback__", traceback)?;
        }
        let entry = (
            exception,
            head.method.as_str(),
            head.uri.path(),
            head.id.to_string(),
            head.id.trace().map(TraceContext::trace_id),
        );
        self.hooks.report.bind(py).call1(entry)?.extract()
    }
}

/// What a handler declares of its answers, and the hooks that encode what Rust does not.
struct Encoder<'a, 'py> {
    responder: &'a Responder,
    target: &'a Target,
    py: Python<'py>,
}

impl<'py> Encoder<'_, 'py> {
    /// Encodes what the handler returned.
    fn encode(&self, result: &Bound<'py, PyAny>) -> PyResult<Encoded<'py>> {
        let answers = &self.target.answers;
        if answers.are_plain
            && let Some(reply) = self.encode_plain(result)?
        {
            return Ok(Encoded::Reply(reply));
        }
        let arguments = (result, &answers.object);
        let encoded = self
            .responder
            .hooks
            .encode_result
            .bind(self.py)
            .call1(arguments)?;
        parts(&encoded)
    }

    /// The reply for a result of the most usual types.
    fn encode_plain(&self, result: &Bound<'py, PyAny>) -> PyResult<Option<Reply>> {
        let status = self.target.answers.status.unwrap_or(StatusCode::OK);
        if let Ok(text) = result.cast_exact::<PyString>() {
            let body = bytes::Bytes::copy_from_slice(text.to_str()?.as_bytes());
            return Ok(Some(answer::text(status, body)));
        }
        if result.is_exact_instance_of::<PyDict>() || result.is_exact_instance_of::<PyList>() {
            let encoded = self.target.answers.encode.bind(self.py).call1((result,))?;
            let body = value::content(encoded.cast::<PyBytes>()?);
            return Ok(Some(answer::json(status, body)));
        }
        if let Ok(bytes) = result.cast_exact::<PyBytes>() {
            return Ok(Some(answer::bytes(status, value::content(bytes))));
        }
        Ok(None)
    }

    /// The answer for an exception: the problem it stands for, or 500 and a log entry. A problem that cannot be sent is a
    /// failure as well.
    fn refuse(&self, error: &PyErr, head: &RequestHead, debug: bool) -> Reply {
        let failed = match self.problem(error) {
            Ok(Some(reply)) => return reply,
            Ok(None) => self.failure(error, head, debug),
            Err(second) => self.failure(&second, head, debug),
        };
        failed.unwrap_or_else(|error| {
            error::unraisable(self.py, &error);
            answer::failure(None)
        })
    }

    /// The problem that an exception is, if it is one.
    fn problem(&self, error: &PyErr) -> PyResult<Option<Reply>> {
        let exception = error.value(self.py);
        let described = self
            .responder
            .hooks
            .problem_of
            .bind(self.py)
            .call1((exception,))?;
        let Ok(described) = described.cast::<PyDict>() else {
            return Ok(None);
        };
        let data = value::members(described, "problem")?;
        answer::problem(&data).map(Some).map_err(error::answer)
    }

    fn failure(&self, error: &PyErr, head: &RequestHead, debug: bool) -> PyResult<Reply> {
        let trace = self.responder.report(self.py, error, head)?;
        Ok(answer::failure(debug.then_some(trace)))
    }
}

/// The `(status, headers, body)` of `encode_result`, where the body is the path of a file or content; or what makes content.
fn parts<'py>(encoded: &Bound<'py, PyAny>) -> PyResult<Encoded<'py>> {
    let Ok(parts) = encoded.cast::<PyTuple>() else {
        return Ok(Encoded::Chunks(encoded.clone()));
    };
    let (status, headers, body): (u32, Bound<'_, PyList>, Bound<'_, PyAny>) = parts.extract()?;
    let mut reply = head_of(status, &headers)?;
    match body.cast::<PyBytes>() {
        Ok(content) => {
            let content = value::content(content);
            if !content.is_empty() {
                reply.body = ReplyBody::Bytes(content);
            }
            Ok(Encoded::Reply(reply))
        }
        Err(_) => match body.cast::<NativeEvents>() {
            Ok(events) => {
                reply.body = events.get().body();
                Ok(Encoded::Reply(reply))
            }
            Err(_) => Ok(Encoded::File(reply, body.extract()?)),
        },
    }
}

/// A reply with a status and header fields.
pub(crate) fn head_of(status: u32, headers: &Bound<'_, PyList>) -> PyResult<Reply> {
    let mut answer = Answer::new(status).map_err(error::answer)?;
    for header in headers {
        let (name, value): (String, String) = header.extract()?;
        answer.add_field(&name, &value).map_err(error::answer)?;
    }
    Ok(answer.with_content(bytes::Bytes::new()))
}

/// The value of `Location` for a URL.
#[pyfunction]
#[pyo3(name = "location")]
pub(crate) fn encode_location(url: &str) -> PyResult<String> {
    location::encode(url).map_err(|error| PyValueError::new_err(format!("{url:?}: {error}")))
}
