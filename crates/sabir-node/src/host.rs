//! Running calls on the event loop of JavaScript.
//!
//! I/O threads queue calls and wake the loop once. The package's `drain` takes a whole [`Batch`] with one call, runs the
//! handlers and answers each call by its ticket.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http::{HeaderMap, HeaderName, HeaderValue};
use napi::{Either, Env, Result, bindgen_prelude::Float64ArraySlice};
use sabir_core::{Body, Call, Connection, Reply, ReplyBody, reply::HandlerFailed};
use sabir_host::{
    Application, Calls, Handlers, HostMessage, Queue, ReplyHandle, SocketNews, StreamWriter, answer,
    stream::Room,
};

use crate::{
    arguments::Slots,
    batch::{Batch, Writer},
    body::{self, Bodies},
    content::Contents,
    error::misuse,
    request::NativeRequest,
    response::Content,
    socket::{self, Sockets},
    ticket::{id, ticket},
};

/// What the loop knows of its calls. Only the loop's thread uses it; the locks are there because the type system cannot
/// know, and are never contended.
pub(crate) struct Host {
    queue: Arc<Queue>,
    pub(crate) handlers: Handlers<Slots>,
    running: Calls<Running>,
    streams: Calls<Streaming>,
    /// Taken from the queue, but not by JavaScript: the last batch was full.
    waiting: Mutex<VecDeque<HostMessage>>,
    contents: Contents,
    pub(crate) sockets: Sockets,
    pub(crate) bodies: Bodies,
}

/// A call between the batch that it came in and its answer.
struct Running {
    /// None when it was cancelled. Its handler may be at work all the same, so that the call is in flight until the handler
    /// ends.
    call: Option<Call>,
    reply: ReplyHandle,
}

/// A call whose answer is being made.
struct Streaming {
    /// What makes it may ask for the request at any time.
    call: Call,
    writer: StreamWriter,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A batch whose calls have more bytes of content than this between them is full, so that JavaScript works with what was made
/// for one before all of them have their copies.
const CONTENT_LIMIT: usize = 256 * 1024;

/// Names and values of header fields, one after the other.
fn flat(fields: &HeaderMap) -> Vec<String> {
    let text = |(name, value): (&HeaderName, &HeaderValue)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        [name.as_str().to_owned(), value]
    };
    fields.iter().flat_map(text).collect()
}

fn length(call: &Call) -> usize {
    match &call.body {
        Body::Bytes(bytes) | Body::Json(bytes) => bytes.len(),
        _ => 0,
    }
}

impl Host {
    /// What runs the calls of `app`.
    pub(crate) fn new(app: &Application) -> Self {
        Self {
            queue: Arc::clone(app.queue()),
            handlers: Handlers::default(),
            running: Calls::default(),
            streams: Calls::default(),
            waiting: Mutex::default(),
            contents: Contents::default(),
            sockets: Sockets::new(app.hub().clone()),
            bodies: Bodies::default(),
        }
    }

    /// What waits, as far as there is room for it in `numbers`.
    pub(crate) fn take(self: &Arc<Self>, numbers: Float64ArraySlice<'static>) -> Batch {
        Batch {
            host: Arc::clone(self),
            numbers,
        }
    }

    /// Writes a batch.
    ///
    /// # Errors
    /// Not even one call fits, or JavaScript cannot make a value.
    pub(crate) fn write(&self, batch: &mut Writer<'_>) -> Result<()> {
        let mut waiting = lock(&self.waiting);
        if waiting.is_empty() {
            self.queue.take(&mut waiting);
        }
        let handlers = self.handlers.read();
        let slots_of = |target: usize| handlers.get(target).and_then(Option::as_deref);
        let (mut room, mut content) = (batch.room(), 0);
        let fits = |message: &&HostMessage| {
            let slots = |target| slots_of(target).map_or(0, Slots::len);
            let (needed, length) = match message {
                HostMessage::Cancelled(_) | HostMessage::Writable(_) | HostMessage::Ended(_) => {
                    (Writer::HEAD, 0)
                }
                HostMessage::Content(_, item) => (Writer::HEAD + 2, body::length(item.as_ref())),
                HostMessage::Opened(opened) => (Writer::HEAD + 2 + slots(opened.target), 0),
                HostMessage::Socket(_, news) => socket::size(news),
                HostMessage::Call(pending) if pending.call.refusal.is_some() => (Writer::HEAD + 3, 0),
                HostMessage::Call(pending) => (Writer::HEAD + slots(pending.target), length(&pending.call)),
            };
            // The message that passes the limit is still taken: there has to be one.
            let is_full = length > 0 && content > CONTENT_LIMIT;
            content += length;
            if is_full {
                return false;
            }
            let fits = needed <= room;
            room = room.saturating_sub(needed);
            fits
        };
        let count = waiting.iter().take_while(fits).count();
        if count == 0 && !waiting.is_empty() {
            return Err(misuse("a call has more slots than a batch has room for"));
        }
        for message in waiting.drain(..count) {
            match message {
                HostMessage::Cancelled(id) => batch.cancelled(ticket(id)),
                HostMessage::Writable(id) => batch.writable(ticket(id)),
                HostMessage::Ended(id) => batch.ended(ticket(id)),
                HostMessage::Content(id, item) => self.bodies.write(id, item, batch)?,
                HostMessage::Socket(id, news) => {
                    socket::write(id, &news, batch)?;
                    if matches!(news, SocketNews::Closed(_) | SocketNews::Gone) {
                        self.sockets.unsubscribe_all(ticket(id));
                    }
                }
                HostMessage::Opened(opened) => {
                    let admission = opened.admission.as_ref();
                    if admission.is_some_and(|admission| admission.is_abandoned()) {
                        continue;
                    }
                    let Some(slots) = slots_of(opened.target) else {
                        continue;
                    };
                    batch.opened(opened.target, ticket(opened.id));
                    match opened.socket.subprotocol() {
                        Some(name) => batch.other(name)?,
                        None => batch.absent(),
                    }
                    slots.write(&opened.call, batch)?;
                    self.sockets.add(*opened);
                }
                HostMessage::Call(mut pending) => {
                    if pending.reply.is_abandoned() {
                        continue;
                    }
                    if let Some(problem) = pending.call.refusal.take() {
                        batch.refused(pending.target, ticket(pending.id));
                        batch.other(flat(&problem.headers))?;
                        batch.other(problem.into_text())?;
                    } else {
                        let Some(slots) = slots_of(pending.target) else {
                            continue;
                        };
                        batch.call(pending.target, ticket(pending.id));
                        slots.write(&pending.call, batch)?;
                        if slots.is_streamed {
                            self.bodies.add(pending.id, pending.take_content(&self.queue));
                        }
                    }
                    // JavaScript has its own now.
                    pending.call.arguments.body = None;
                    let call = Running {
                        call: Some(pending.call),
                        reply: pending.reply,
                    };
                    self.running.insert(pending.id, call);
                }
            }
        }
        Ok(())
    }

    /// Declares the loop idle, unless more waits: then the next batch is due at once.
    pub(crate) fn rest(&self) -> bool {
        lock(&self.waiting).is_empty() && self.queue.try_sleep()
    }

    /// Answers the call with this ticket. One that was cancelled meanwhile, or has been answered, is left alone.
    pub(crate) fn answer(&self, ticket: f64, reply: impl FnOnce(&Contents) -> Result<Reply>) -> Result<()> {
        let id = id(ticket);
        if !self.is_open(ticket) {
            self.running.remove(id);
            return Ok(());
        }
        // A reply that cannot be made leaves the call open, so that the error can be answered.
        let reply = reply(&self.contents)?;
        if let Some(running) = self.running.remove(id) {
            running.reply.answer(reply);
        }
        self.bodies.close(ticket);
        Ok(())
    }

    /// Answers in place of the socket with this ticket, if it has not been opened. A reply that cannot be made leaves it waiting.
    pub(crate) fn refuse_socket(
        &self,
        ticket: f64,
        reply: impl FnOnce(&Contents) -> Result<Reply>,
    ) -> Result<()> {
        self.sockets.refuse(ticket, reply(&self.contents)?);
        Ok(())
    }

    /// Answers the call with this ticket with the messages of a channel as events, and with what `reply` says of it.
    pub(crate) fn answer_with_channel(
        &self,
        ticket: f64,
        mut reply: Reply,
        channel: &str,
        last: Option<&str>,
    ) {
        let running = self.running.remove(id(ticket));
        if let Some(Running {
            call: Some(_),
            reply: handle,
        }) = running
        {
            let position = last.and_then(|last| last.parse().ok());
            reply.body = ReplyBody::Events(Box::pin(self.sockets.hub.events(channel, position)));
            handle.answer(reply);
        }
    }

    /// Answers the call with this ticket with the file at `path`, and with what `reply` says of it.
    pub(crate) fn answer_with_file(&self, ticket: f64, path: String, reply: Reply) {
        let running = self.running.remove(id(ticket));
        if let Some(Running {
            call: Some(call),
            reply: handle,
        }) = running
        {
            handle.answer_with_file(path.into(), call.head, reply);
        }
    }

    /// Begins to answer the call with this ticket, with the head of `reply`. Whether somebody waits for the rest.
    pub(crate) fn begin(
        &self,
        ticket: f64,
        reply: Reply,
        are_events: bool,
        trailers: Vec<HeaderName>,
    ) -> bool {
        let id = id(ticket);
        let running = self.running.remove(id);
        let Some(Running {
            call: Some(mut call),
            reply: handle,
        }) = running
        else {
            return false;
        };
        if are_events {
            // What makes them may say nothing for a long time.
            Arc::make_mut(&mut call.head).detach();
        }
        let writer = if are_events {
            handle.answer_with_events(reply, id, &self.queue)
        } else {
            handle.answer_with_stream_and_trailers(reply, trailers, id, &self.queue)
        };
        self.streams.insert(id, Streaming { call, writer });
        true
    }

    /// Adds a chunk to the answer with this ticket.
    pub(crate) fn write_chunk(&self, ticket: f64, chunk: Content) -> Room {
        let chunk = match chunk {
            Either::A(text) => self.contents.owned(text.into_bytes()),
            Either::B(bytes) => self.contents.copied(&bytes),
        };
        let room = self.streams.with(id(ticket), |stream| stream.writer.write(chunk));
        room.unwrap_or(Room::Gone)
    }

    /// Ends the answer with this ticket; one that is not `whole` so that the client can tell. A call that was cancelled before
    /// its answer began counts as in flight until this says that its handler has ended.
    /// `trailers` follow one that is.
    pub(crate) fn end(&self, ticket: f64, whole: bool, trailers: HeaderMap) {
        let id = id(ticket);
        if let Some(stream) = self.streams.remove(id) {
            if whole {
                stream.writer.finish_with(trailers);
            } else {
                stream.writer.fail(HandlerFailed(stream.call.head.id.clone()));
            }
        } else if !self.is_open(ticket) {
            self.running.remove(id);
        }
        self.bodies.close(ticket);
    }

    /// Whether somebody waits for the answer with this ticket, or for more of it.
    pub(crate) fn is_open(&self, ticket: f64) -> bool {
        let id = id(ticket);
        let is_open = self.running.with(id, |running| running.call.is_some());
        let is_open = is_open.or_else(|| self.streams.with(id, |stream| stream.writer.is_open()));
        let is_open = is_open.or_else(|| self.sockets.is_open(ticket));
        is_open == Some(true)
    }

    /// The request of the call with this ticket.
    pub(crate) fn request(&self, env: Env, ticket: f64) -> Result<NativeRequest> {
        let id = id(ticket);
        let running = self.running.with(id, |running| {
            let call = running.call.as_ref()?;
            Some(NativeRequest::new(env, call))
        });
        let streaming = || {
            self.streams
                .with(id, |stream| NativeRequest::new(env, &stream.call))
        };
        running
            .flatten()
            .or_else(streaming)
            .or_else(|| self.sockets.request(env, ticket))
            .unwrap_or_else(|| Err(misuse("the call has been answered; read the request before that")))
    }

    /// Has JavaScript be told when the last byte of the answer to the call with this ticket was handed over, or nobody gets it any
    /// more. Whether it will be: the call must not have been answered yet.
    pub(crate) fn tell_end(&self, ticket: f64) -> bool {
        let id = id(ticket);
        let told = self
            .running
            .with(id, |running| self.queue.tell_end(id, &mut running.reply));
        told.is_some()
    }

    /// A number for the connection of the call with this ticket, which no other one has; 0 where none is known.
    #[allow(clippy::cast_precision_loss, reason = "no process has 2^53 connections")]
    pub(crate) fn connection(&self, ticket: f64) -> f64 {
        let connection = self.connection_of(ticket);
        connection.map_or(0.0, |connection| connection.id() as f64)
    }

    /// Has JavaScript be told when the connection of the call with this ticket has ended: of the end of the ticket that this gives; 0
    /// where no connection is known.
    pub(crate) fn tell_connection_end(&self, of: f64) -> f64 {
        let Some(connection) = self.connection_of(of) else {
            return 0.0;
        };
        let id = self.queue.next_id();
        self.queue.tell_connection_end(id, &connection);
        ticket(id)
    }

    fn connection_of(&self, ticket: f64) -> Option<Connection> {
        let id = id(ticket);
        let of = |call: &Call| call.head.connection.clone();
        let running = self
            .running
            .with(id, |running| running.call.as_ref().and_then(of));
        let streaming = || self.streams.with(id, |stream| of(&stream.call)).flatten();
        running
            .flatten()
            .or_else(streaming)
            .or_else(|| self.sockets.connection(ticket))
    }

    /// Answers every call with a failure: the loop ends and will run none of them. That is no fault to be logged, as a call
    /// that is dropped would be.
    pub(crate) fn close(&self) {
        let mut waiting = std::mem::take(&mut *lock(&self.waiting));
        self.queue.take(&mut waiting);
        self.queue.close();
        for message in waiting {
            message.answer(answer::failure(None));
        }
        for running in self.running.take_all() {
            running.reply.answer(answer::failure(None));
        }
        // Dropped, they break off.
        self.streams.take_all().for_each(drop);
        self.sockets.end();
        self.bodies.end();
    }

    /// Drops the request of a call that nobody waits for.
    pub(crate) fn cancel(&self, ticket: f64) {
        let id = id(ticket);
        let call = self.running.with(id, |running| running.call.take());
        drop((call, self.streams.remove(id)));
        self.bodies.close(ticket);
        self.sockets.cancel(ticket);
    }
}
