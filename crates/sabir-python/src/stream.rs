//! Answers that Python makes while they are sent.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use pyo3::{
    prelude::*,
    types::{PyBytes, PyList},
};
use sabir_core::{RequestHead, reply::HandlerFailed};
use sabir_host::{CallId, StreamWriter, answer, stream::Room};

use crate::{
    call::Ticket,
    error,
    interpreter::Inside,
    response::{Responder, head_of},
    value,
};

/// The answer to one call, whose content `sabir.streams` writes.
#[pyclass(frozen, module = "sabir._sabir")]
pub(crate) struct NativeStream {
    responder: Arc<Responder>,
    id: CallId,
    state: Mutex<State>,
}

enum State {
    /// Nothing has been sent, so that an error is still an answer.
    Unanswered(Ticket),
    Writing(Writing),
    Over,
}

#[derive(Clone)]
struct Writing {
    writer: Arc<StreamWriter>,
    /// For the log.
    head: Arc<RequestHead>,
}

impl NativeStream {
    pub(crate) fn new(responder: Arc<Responder>, ticket: Ticket) -> Self {
        Self {
            responder,
            id: ticket.id,
            state: Mutex::new(State::Unanswered(ticket)),
        }
    }

    fn take(&self) -> State {
        std::mem::replace(&mut *self.lock(), State::Over)
    }

    /// Ends the answer.
    fn end(&self) -> State {
        drop(self.responder.streams.remove(self.id));
        self.take()
    }

    fn writer(&self) -> Option<Arc<StreamWriter>> {
        match &*self.lock() {
            State::Writing(writing) => Some(Arc::clone(&writing.writer)),
            State::Unanswered(_) | State::Over => None,
        }
    }

    /// The state. Nothing of Python is dropped under the lock, since its code may run then.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The number of `room` for Python.
pub(crate) fn number(room: Room) -> u8 {
    match room {
        Room::Ready => 0,
        Room::Full => 1,
        Room::Gone => 2,
    }
}

#[pymethods]
impl NativeStream {
    /// Has `running` be told, by its methods `cancel` and `writable`, what becomes of the answer.
    fn attach(&self, running: Py<PyAny>) {
        self.responder.streams.insert(self.id, running);
    }

    /// Sends the head, unless that is done or nothing is to be sent any more. The content follows, and then the fields `trailers`.
    fn begin(
        &self,
        status: u32,
        fields: &Bound<'_, PyList>,
        are_events: bool,
        trailers: Vec<String>,
    ) -> PyResult<()> {
        let reply = head_of(status, fields)?;
        let trailers = answer::trailer_names(trailers).map_err(error::answer)?;
        let Some(_inside) = Inside::unless_closed() else {
            return Ok(());
        };
        match self.take() {
            State::Unanswered(mut ticket) => {
                if are_events {
                    // What makes them may say nothing for a long time.
                    Arc::make_mut(&mut ticket.head).detach();
                }
                let (id, queue) = (ticket.id, &self.responder.queue);
                let writer = if are_events {
                    ticket.reply.answer_with_events(reply, id, queue)
                } else {
                    ticket
                        .reply
                        .answer_with_stream_and_trailers(reply, trailers, id, queue)
                };
                let writing = Writing {
                    writer: Arc::new(writer),
                    head: ticket.head,
                };
                *self.lock() = State::Writing(writing);
            }
            before => *self.lock() = before,
        }
        Ok(())
    }

    /// Adds a chunk. 0: there is room for more; 1: not yet; 2: nobody reads.
    fn write(&self, chunk: &Bound<'_, PyBytes>) -> u8 {
        self.writer().map_or(number(Room::Gone), |writer| {
            number(writer.write(value::content(chunk)))
        })
    }

    /// Whether there is room for more, as `write` says it.
    fn room(&self) -> u8 {
        self.writer()
            .map_or(number(Room::Gone), |writer| number(writer.room()))
    }

    /// Adds a chunk, and waits until there is room for more, at most for some milliseconds. As `write` says it.
    fn write_and_wait(&self, py: Python<'_>, chunk: &Bound<'_, PyBytes>, limit_ms: u64) -> u8 {
        let Some(writer) = self.writer() else {
            return number(Room::Gone);
        };
        // CPython would end a thread that comes back while the interpreter shuts down, with this frame on its stack.
        let Some(_inside) = Inside::unless_closed() else {
            return number(Room::Gone);
        };
        let chunk = value::content(chunk);
        number(py.detach(|| writer.write_and_wait(chunk, Duration::from_millis(limit_ms))))
    }

    /// Whether somebody waits for the answer, or for more of it.
    fn is_open(&self) -> bool {
        match &*self.lock() {
            State::Unanswered(ticket) => !ticket.reply.is_abandoned(),
            State::Writing(writing) => writing.writer.is_open(),
            State::Over => false,
        }
    }

    /// Ends the content, which `trailers` follow; also where nobody reads it.
    fn finish(&self, trailers: Vec<(String, String)>) -> PyResult<()> {
        let trailers = answer::trailers(trailers).map_err(error::answer)?;
        if let State::Writing(writing) = self.end() {
            writing.writer.finish_with(trailers);
        }
        Ok(())
    }

    /// Answers for what the handler raised; once the head has been sent, that is in the log, and the content breaks off.
    fn fail(&self, py: Python<'_>, exception: Bound<'_, PyAny>) {
        let Some(_inside) = Inside::unless_closed() else {
            return;
        };
        let raised = PyErr::from_value(exception);
        match self.end() {
            State::Unanswered(ticket) => {
                self.responder.answer(py, ticket, Err(raised), None);
            }
            State::Writing(Writing { writer, head }) => {
                if let Err(second) = self.responder.report(py, &raised, &head) {
                    error::unraisable(py, &second);
                }
                writer.fail(HandlerFailed(head.id.clone()));
            }
            State::Over => {}
        }
    }
}
