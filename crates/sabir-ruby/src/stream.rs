//! Answers that Ruby makes while they are sent.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderValue, header::CONTENT_LENGTH};
use magnus::{
    Error, Exception, Module, RArray, RModule, RString, Ruby, Value, method, prelude::*, value::Opaque,
};
use sabir_core::{Reply, ReplyBody, RequestHead, reply::HandlerFailed};
use sabir_host::{CallId, Calls, Queue, Room, StreamWriter, answer, file_content};

use crate::{
    awaited::Awaited,
    bell,
    call::Ticket,
    class, error, hooks,
    interpreter::{Local, without_lock},
    refusal::{refuse, report},
    response::head_of,
    takeover, value,
};

/// How long a thread waits for a slow client before it looks what else is wanted of it.
const TURN: Duration = Duration::from_millis(50);

/// The answers of one application that are being made while they are sent.
pub(crate) struct Streams {
    pub(crate) queue: Arc<Queue>,
    /// What makes them. The application shows it to the garbage collector.
    pub(crate) running: Calls<Running>,
    /// Whether clients see why a handler failed.
    pub(crate) debug: bool,
}

/// A `Sabir::Streaming` that is at work.
#[derive(Clone, Copy)]
pub(crate) struct Running(pub(crate) Opaque<Value>);

/// The answer to one call, whose content a `Sabir::Streaming` writes.
#[magnus::wrap(class = "Sabir::Native::Stream", free_immediately)]
pub(crate) struct NativeStream {
    streams: Arc<Streams>,
    id: CallId,
    state: Local<Mutex<State>>,
}

enum State {
    /// Nothing has been sent, so that an error is still an answer.
    Unanswered(Box<Ticket>),
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
    pub(crate) fn new(streams: Arc<Streams>, ticket: Ticket) -> Self {
        Self {
            streams,
            id: ticket.id,
            state: Local::new(Mutex::new(State::Unanswered(Box::new(ticket)))),
        }
    }

    fn take(&self) -> State {
        std::mem::replace(&mut *self.lock(), State::Over)
    }

    /// Ends the answer.
    fn end(&self) -> State {
        self.streams.running.remove(self.id);
        self.take()
    }

    /// Ends the answer where nobody has done so: what was sent breaks off.
    pub(crate) fn abandon(&self) {
        drop(self.end());
    }

    fn writer(&self) -> Option<Arc<StreamWriter>> {
        match &*self.lock() {
            State::Writing(writing) => Some(Arc::clone(&writing.writer)),
            State::Unanswered(_) | State::Over => None,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has `running` be told, by its method `cancel`, that nobody reads the answer. Whether somebody does now.
    fn attach(&self, running: Value) -> bool {
        self.streams.running.insert(self.id, Running(running.into()));
        self.is_open()
    }

    /// Sends the head, unless that is done or nothing is to be sent any more. The content follows, and fields with the names
    /// `trailers` after it.
    fn begin(
        ruby: &Ruby,
        this: &Self,
        status: u32,
        fields: RArray,
        trailers: Vec<String>,
        are_events: bool,
    ) -> Result<(), Error> {
        let reply = head_of(ruby, status, fields)?;
        let trailers = answer::trailer_names(trailers).map_err(|error| error::answer(ruby, error))?;
        match this.take() {
            State::Unanswered(ticket) => {
                let (id, queue) = (ticket.id, &this.streams.queue);
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
                *this.lock() = State::Writing(writing);
            }
            before => *this.lock() = before,
        }
        Ok(())
    }

    /// Answers with content that is at hand. Whether nothing had been sent yet.
    fn answer(
        ruby: &Ruby,
        this: &Self,
        status: u32,
        fields: RArray,
        content: RString,
    ) -> Result<bool, Error> {
        let mut reply = head_of(ruby, status, fields)?;
        let content = value::content(content);
        if !content.is_empty() {
            reply.body = ReplyBody::Bytes(content);
        }
        Ok(this.send(reply))
    }

    /// Answers with the content of the file at a path, as it is opened now. Whether nothing had been sent yet.
    fn answer_file(
        ruby: &Ruby,
        this: &Self,
        status: u32,
        fields: RArray,
        path: String,
    ) -> Result<bool, Error> {
        let mut reply = head_of(ruby, status, fields)?;
        let open = || file_content(path.as_ref());
        // It is short, so that it is not interrupted; but it may not have begun.
        let opened = without_lock(open, &|| ()).unwrap_or_else(open);
        let opened = opened.map_err(|error| error::system(ruby, &error, &path))?;
        let Some((content, length)) = opened else {
            return Err(error::argument(ruby, format!("{path:?} is not a regular file")));
        };
        reply.body = content;
        reply.headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        Ok(this.send(reply))
    }

    fn send(&self, reply: Reply) -> bool {
        let State::Unanswered(ticket) = self.end() else {
            return false;
        };
        ticket.reply.answer(reply);
        true
    }

    /// Takes the connection over: gives what the client has sent and its descriptor; nil once something has been sent.
    fn take_over(ruby: &Ruby, this: &Self) -> Result<Option<RArray>, Error> {
        match this.end() {
            State::Unanswered(ticket) => takeover::connection(ruby, ticket.reply).map(Some),
            State::Writing(_) | State::Over => Ok(None),
        }
    }

    /// Adds a chunk, and waits until there is room for another one. Whether somebody reads.
    fn write(ruby: &Ruby, this: &Self, chunk: RString) -> Result<bool, Error> {
        let Some(writer) = this.writer() else {
            return Ok(false);
        };
        let mut room = writer.write(value::content(chunk));
        if room == Room::Full && bell::is_scheduled(ruby) {
            room = room_in_fiber(ruby, &writer)?;
        }
        while room == Room::Full {
            let wait = || writer.write_and_wait(Bytes::new(), TURN);
            room = without_lock(wait, &|| ()).unwrap_or(Room::Full);
            ruby.thread_check_ints()?;
        }
        Ok(room == Room::Ready)
    }

    /// Has nothing be told any more to what makes the answer, which then is kept by nobody.
    fn detach(&self) {
        self.streams.running.remove(self.id);
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
    fn finish(ruby: &Ruby, this: &Self, trailers: RArray) -> Result<(), Error> {
        let trailers: Vec<(String, String)> = trailers.to_vec()?;
        let trailers = answer::trailers(trailers).map_err(|error| error::answer(ruby, error))?;
        if let State::Writing(writing) = this.end() {
            writing.writer.finish_with(trailers);
        }
        Ok(())
    }

    /// Answers for what the handler raised; once the head has been sent, that is in the log, and the content breaks off.
    pub(crate) fn fail(ruby: &Ruby, this: &Self, exception: Exception) {
        let raised = Error::from(exception);
        match this.end() {
            State::Unanswered(ticket) => {
                let reply = refuse(ruby, &raised, &ticket.head, this.streams.debug);
                ticket.reply.answer(reply);
            }
            State::Writing(Writing { writer, head }) => {
                // The logger may fail; the client sees that something did.
                let _ = report(ruby, &raised, &head);
                writer.fail(HandlerFailed(head.id.clone()));
            }
            State::Over => {}
        }
    }
}

/// Waits until there is room, or nobody reads, while other fibers of the thread run.
fn room_in_fiber(ruby: &Ruby, writer: &StreamWriter) -> Result<Room, Error> {
    loop {
        let has_room = Awaited::new();
        let waker = has_room.waker();
        if let Poll::Ready(room) = writer.poll_room(&mut Context::from_waker(&waker)) {
            return Ok(room);
        }
        // The stream alone has it now, so that its end is noticed.
        drop(waker);
        has_room.wait(ruby)?;
    }
}

/// Has an answer be made while it is sent, on this thread.
///
/// # Errors
/// The thread is to end.
pub(crate) fn make(ruby: &Ruby, streams: &Arc<Streams>, ticket: Ticket, maker: Value) -> Result<(), Error> {
    let native = ruby.obj_wrap(NativeStream::new(Arc::clone(streams), ticket));
    match hooks::run_stream(ruby, native.as_value(), maker) {
        Err(error) if error::ends_thread(&error) => {
            native.abandon();
            Err(error)
        }
        Err(_) => {
            native.abandon();
            Ok(())
        }
        Ok(_) => Ok(()),
    }
}

pub(crate) fn define(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = class::define::<NativeStream>(ruby, native, "Stream")?;
    class.define_method("attach", method!(NativeStream::attach, 1))?;
    class.define_method("detach", method!(NativeStream::detach, 0))?;
    class.define_method("begin", method!(NativeStream::begin, 4))?;
    class.define_method("answer", method!(NativeStream::answer, 3))?;
    class.define_method("answer_file", method!(NativeStream::answer_file, 3))?;
    class.define_method("take_over", method!(NativeStream::take_over, 0))?;
    class.define_method("write", method!(NativeStream::write, 1))?;
    class.define_method("open?", method!(NativeStream::is_open, 0))?;
    class.define_method("finish", method!(NativeStream::finish, 1))?;
    class.define_method("fail", method!(NativeStream::fail, 1))
}
