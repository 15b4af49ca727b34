//! The task of one socket: it reads, runs the consumer, writes, and keeps the time.

use std::{
    cell::Cell,
    collections::VecDeque,
    future::Future,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::{Buf, BytesMut};
use sabir_core::{
    RequestId,
    websocket::{Close, CloseCode},
};
use tokio::{
    io::{AsyncReadExt, AsyncWrite as _},
    time::Instant,
};

use super::{
    consumer::{SocketConsumer, SocketEvent},
    deadline::Deadline,
    decoder::{Decoder, Incoming},
    frame::Failure,
    outbound::{State, Taken, emptied},
    sender::{MESSAGE_COST, Shared},
    transport::Transport,
};

/// What is read at once, at most.
const READ: usize = 64 * 1024;

/// The most of what was read that a socket keeps in a buffer of its own: the beginning of a frame.
const KEPT: usize = 256;

thread_local! {
    /// What the sockets of this thread read into, one after the other, so that none of them needs a buffer while it is idle.
    static BUFFER: Cell<BytesMut> = Cell::new(BytesMut::new());
}

/// Bytes of messages that are held for a consumer that takes no more, so that the pings between and behind them are answered.
const AHEAD: usize = 64 * 1024;

/// How long a handler may take to answer what came before a close, at most.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

/// How long the other side may take to end the connection when everything has been said (RFC 6455 §7.1.1).
const LINGER: Duration = Duration::from_secs(1);

/// How long a server that stops waits for the answer to a close that has been sent.
const STOPPING: Duration = Duration::from_secs(1);

/// How long a socket may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    pub(super) idle: Option<Duration>,
    pub(super) ping: Option<Duration>,
    pub(super) close: Duration,
    pub(super) write: Option<Duration>,
}

/// Drives one socket to its end. Dropping it cuts the connection, and drops the consumer.
pub(crate) struct Driver {
    /// Absent when the connection has ended.
    transport: Option<Box<dyn Transport>>,
    /// What was read and not decoded.
    input: BytesMut,
    /// Absent when nothing more is to be read.
    decoder: Option<Decoder>,
    /// A close or a mistake that came after messages, which the consumer may answer first.
    last: Option<Result<Close, Failure>>,
    /// Since when the consumer has all that came before it.
    answering: Option<Instant>,
    /// What has come while the consumer was given no more, and what it takes.
    held: VecDeque<SocketEvent>,
    held_size: usize,
    shared: Arc<Shared>,
    /// Absent when it has ended.
    consumer: Option<Box<dyn SocketConsumer>>,
    output: Option<Output>,
    spare: Vec<u8>,
    times: Times,
    id: RequestId,
    deadline: Deadline,
    phase: Phase,
    /// When the client was last heard, and whether it was asked since.
    heard: Instant,
    is_pinged: bool,
    /// Since when nothing could be written.
    blocked: Option<Instant>,
    /// When closing began.
    closing: Option<Instant>,
    /// Since when the client has been sent a close that it has not answered.
    unanswered: Option<Instant>,
    is_stopping: bool,
}

/// How far the connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    /// Nothing more is to be said to the client, once what waits is sent.
    LastWords,
    /// The stream is being ended, since then.
    Ending(Instant),
    Ended,
}

/// Bytes on their way.
enum Output {
    Owned(Vec<u8>, usize),
    Shared(bytes::Bytes),
}

impl Driver {
    pub(super) fn new(
        transport: Box<dyn Transport>,
        input: BytesMut,
        decoder: Decoder,
        shared: Arc<Shared>,
        consumer: Box<dyn SocketConsumer>,
        times: Times,
        id: RequestId,
    ) -> Self {
        Self {
            transport: Some(transport),
            input,
            decoder: Some(decoder),
            last: None,
            answering: None,
            held: VecDeque::new(),
            held_size: 0,
            shared,
            consumer: Some(consumer),
            output: None,
            spare: Vec::new(),
            times,
            id,
            deadline: Deadline::default(),
            phase: Phase::Open,
            heard: Instant::now(),
            is_pinged: false,
            blocked: None,
            closing: None,
            unanswered: None,
            is_stopping: false,
        }
    }

    /// Has the socket be closed, since the server stops.
    pub(crate) fn stop(&mut self) {
        self.is_stopping = true;
        self.close(&Close::new(CloseCode::GOING_AWAY, "the server stops"));
    }

    /// Closes the socket from this side, and tells the consumer.
    fn close(&mut self, close: &Close) {
        self.shared.lock().close(close);
        self.tell_said();
    }

    /// Tells the consumer that this side has closed the socket, once. It is not kept waiting for the client, whose answer may
    /// never come, and would only repeat the code (RFC 6455 §5.5.1).
    fn tell_said(&mut self) {
        let said = self.shared.lock().take_said();
        if let Some(close) = said {
            self.tell(SocketEvent::Closed(close));
        }
    }

    fn tell(&mut self, event: SocketEvent) {
        let Some(consumer) = &mut self.consumer else {
            return;
        };
        if catch_unwind(AssertUnwindSafe(|| consumer.event(event))).is_err() {
            self.panicked();
        }
    }

    fn panicked(&mut self) {
        tracing::error!(request_id = %self.id, "the handler of a WebSocket panicked");
        self.drop_consumer();
        self.shared.lock().close(&CloseCode::INTERNAL_ERROR.into());
    }

    fn drop_consumer(&mut self) {
        if let Some(consumer) = self.consumer.take() {
            // What is left of it may panic once more.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(consumer)));
        }
    }

    /// The client has left. The consumer of a socket that was closed before goes on.
    fn gone(&mut self) {
        if self.shared.lock().state() == State::Open {
            self.tell(SocketEvent::Gone);
            self.drop_consumer();
        } else {
            self.tell_said();
        }
        self.ended();
    }

    /// The connection is of no more use.
    fn ended(&mut self) {
        self.shared.lock().abandon();
        self.decoder = None;
        self.input = BytesMut::new();
        self.last = None;
        self.answering = None;
        self.drop_held();
        self.transport = None;
        self.phase = Phase::Ended;
        self.closing.get_or_insert_with(Instant::now);
    }

    /// Reads once, and delivers what that completes. Gives whether anything came of it.
    fn read(&mut self, context: &mut Context<'_>) -> bool {
        if self.decoder.is_none() || self.transport.is_none() {
            return false;
        }
        if self.decode() {
            return true;
        }
        if self.answering.is_some() && self.has_left(context) {
            return self.answer_last();
        }
        if self.decoder.is_none() || self.last.is_some() || !self.may_decode() {
            // A client that is kept waiting cannot be heard.
            self.heard = Instant::now();
            return self.decoder.is_none();
        }
        let Some(transport) = &mut self.transport else {
            return false;
        };
        let mut buffer = BUFFER.take();
        buffer.reserve(READ);
        buffer.extend_from_slice(&self.input);
        let read = pin!(transport.read_buf(&mut buffer)).poll(context);
        match read {
            Poll::Pending => {
                give_back(buffer);
                false
            }
            Poll::Ready(Ok(0) | Err(_)) => {
                give_back(buffer);
                self.gone();
                true
            }
            Poll::Ready(Ok(_)) => {
                self.input = buffer;
                self.heard = Instant::now();
                self.is_pinged = false;
                self.decode();
                true
            }
        }
    }

    /// Delivers what has been read. Gives whether there was anything.
    fn decode(&mut self) -> bool {
        let is_progress = self.deliver_read();
        if self.input.len() <= KEPT && self.input.capacity() > KEPT {
            let rest = BytesMut::from(&self.input[..]);
            give_back(std::mem::replace(&mut self.input, rest));
        }
        is_progress
    }

    fn deliver_read(&mut self) -> bool {
        let mut is_progress = self.deliver_held();
        if self.last.is_some() {
            if self.held.is_empty() {
                if self.is_answered() {
                    return self.answer_last();
                }
                self.answering.get_or_insert_with(Instant::now);
            }
            return is_progress;
        }
        while self.may_decode()
            && let Some(decoder) = &mut self.decoder
        {
            let last = match decoder.next(&mut self.input) {
                Ok(None) => break,
                Ok(Some(Incoming::Close(close))) => Ok(close),
                Ok(Some(incoming)) => {
                    self.incoming(incoming);
                    is_progress = true;
                    continue;
                }
                Err(failure) => Err(failure),
            };
            self.last = Some(last);
            // The consumer has its turn first. It is asked afterwards whether that was enough.
            return true;
        }
        is_progress
    }

    /// Whether nothing that came is still to be answered.
    fn is_answered(&self) -> bool {
        self.consumer.is_none() || self.shared.is_consumed() || self.shared.lock().state() != State::Open
    }

    /// Takes what came last, if there is something. Gives whether there was.
    fn answer_last(&mut self) -> bool {
        self.answering = None;
        let last = self.last.take();
        let is_there = last.is_some();
        if let Some(last) = last {
            self.take_last(last);
        }
        is_there
    }

    /// Whether the client has left after its close. What else comes is of no use (RFC 6455 §5.5.1).
    fn has_left(&mut self, context: &mut Context<'_>) -> bool {
        let Some(transport) = &mut self.transport else {
            return true;
        };
        is_over(transport, context)
    }

    /// Whether the consumer may be given what comes next.
    fn may_deliver(&self) -> bool {
        self.held.is_empty() && self.shared.may_deliver()
    }

    /// Whether more may be decoded, to be delivered or held.
    fn may_decode(&self) -> bool {
        self.may_deliver() || self.held_size < AHEAD
    }

    fn incoming(&mut self, incoming: Incoming) {
        let event = match incoming {
            Incoming::Message(message) => SocketEvent::Message(message),
            Incoming::Ping(content) => {
                self.shared.lock().pong(content.clone());
                SocketEvent::Ping(content)
            }
            Incoming::Pong(content) => SocketEvent::Pong(content),
            Incoming::Close(_) => return,
        };
        // What comes after a close from this side is of no use (RFC 6455 §5.5.1).
        if self.consumer.is_none() || self.shared.lock().state() != State::Open {
            return;
        }
        if self.may_deliver() {
            self.deliver(event);
        } else {
            self.held_size += length(&event) + MESSAGE_COST;
            self.held.push_back(event);
        }
    }

    fn deliver(&mut self, event: SocketEvent) {
        self.shared.deliver(length(&event));
        self.tell(event);
    }

    /// Delivers what was held as far as that may be. Gives whether there was anything.
    fn deliver_held(&mut self) -> bool {
        if self.held.is_empty() {
            return false;
        }
        if self.consumer.is_none() || self.shared.lock().state() != State::Open {
            self.drop_held();
            return false;
        }
        let mut is_progress = false;
        while self.shared.may_deliver()
            && let Some(event) = self.held.pop_front()
        {
            self.held_size -= length(&event) + MESSAGE_COST;
            self.deliver(event);
            is_progress = true;
        }
        if self.held.is_empty() {
            self.drop_held();
        }
        is_progress
    }

    fn drop_held(&mut self) {
        self.held = VecDeque::new();
        self.held_size = 0;
    }

    /// Answers a close with its own code (RFC 6455 §5.5.1), or fails the connection (§7.1.7).
    fn take_last(&mut self, last: Result<Close, Failure>) {
        match last {
            Ok(close) => {
                let (is_first, said) = {
                    let mut outbound = self.shared.lock();
                    (outbound.close(&Close::new(close.code, "")), outbound.take_said())
                };
                if let Some(close) = if is_first { Some(close) } else { said } {
                    self.tell(SocketEvent::Closed(close));
                }
            }
            Err(Failure { code, reason }) => {
                tracing::debug!(request_id = %self.id, %code, reason, "a WebSocket failed");
                self.close(&Close::new(code, reason));
            }
        }
        self.last_words();
    }

    fn last_words(&mut self) {
        self.decoder = None;
        self.input = BytesMut::new();
        self.closing.get_or_insert_with(Instant::now);
        if self.phase == Phase::Open {
            self.phase = Phase::LastWords;
        }
    }

    fn run_consumer(&mut self, context: &mut Context<'_>) {
        let Some(consumer) = &mut self.consumer else {
            return;
        };
        match catch_unwind(AssertUnwindSafe(|| consumer.poll(context))) {
            Ok(Poll::Pending) => {}
            Ok(Poll::Ready(close)) => {
                self.drop_consumer();
                self.shared.lock().close(&close);
            }
            Err(_) => self.panicked(),
        }
    }

    /// Takes what is to be written next, if there is anything.
    fn has_output(&mut self) -> bool {
        if self.output.is_some() {
            return true;
        }
        let mut outbound = self.shared.lock();
        match outbound.take(std::mem::take(&mut self.spare)) {
            Ok(Taken::Owned(bytes)) => self.output = Some(Output::Owned(bytes, 0)),
            Ok(Taken::Shared(bytes, spare)) => {
                self.spare = spare;
                self.output = Some(Output::Shared(bytes));
            }
            Err(spare) => {
                self.spare = spare;
                outbound.driver_sleeps();
            }
        }
        self.output.is_some()
    }

    /// Writes what waits.
    fn flush(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if matches!(self.phase, Phase::Ending(_)) {
            return Ok(());
        }
        while self.has_output() {
            let (Some(transport), Some(output)) = (&mut self.transport, &mut self.output) else {
                return Ok(());
            };
            let transport = Pin::new(transport);
            let written = match output {
                Output::Owned(bytes, start) => transport.poll_write(context, &bytes[*start..]),
                Output::Shared(bytes) => transport.poll_write(context, bytes),
            };
            let count = match written {
                Poll::Pending => {
                    self.blocked.get_or_insert_with(Instant::now);
                    return Ok(());
                }
                Poll::Ready(Ok(0)) => return Err(io::ErrorKind::WriteZero.into()),
                Poll::Ready(written) => written?,
            };
            self.blocked = None;
            let is_done = match output {
                Output::Owned(bytes, start) => {
                    *start += count;
                    *start == bytes.len()
                }
                Output::Shared(bytes) => {
                    bytes.advance(count);
                    bytes.is_empty()
                }
            };
            if is_done && let Some(Output::Owned(bytes, _)) = self.output.take() {
                self.spare = emptied(bytes);
            }
            if self.shared.lock().sent(count) {
                self.tell(SocketEvent::Writable);
            }
        }
        if let Some(transport) = &mut self.transport
            && let Poll::Ready(flushed) = Pin::new(transport).poll_flush(context)
        {
            return flushed;
        }
        Ok(())
    }

    /// Whether everything has been written.
    fn is_flushed(&self) -> bool {
        self.output.is_none()
    }

    /// Ends the stream when everything has been said.
    fn end(&mut self, context: &mut Context<'_>) {
        if self.phase == Phase::LastWords && self.is_flushed() {
            self.phase = Phase::Ending(Instant::now());
        }
        let (Phase::Ending(_), Some(transport)) = (self.phase, &mut self.transport) else {
            return;
        };
        if let Poll::Ready(Err(_)) = Pin::new(&mut *transport).poll_shutdown(context) {
            return self.ended();
        }
        // Closing while bytes of the client wait to be read would take the last words away from it.
        if is_over(transport, context) {
            self.ended();
        }
    }

    /// Does what is due, and has the task be woken for what will be.
    fn keep_time(&mut self, context: &mut Context<'_>) {
        let now = Instant::now();
        if self.closing.is_none() && self.shared.lock().state() != State::Open {
            self.closing = Some(now);
            self.tell_said();
            // A consumer that is a future learns of it when it is polled.
            context.waker().wake_by_ref();
        }
        if self.closing.is_some() && self.phase == Phase::Open && self.is_flushed() {
            self.unanswered.get_or_insert(now);
        }
        let mut next: Option<Instant> = None;
        let mut is_due = |since: Instant, after: Duration| {
            let moment = since + after;
            if moment > now {
                next = Some(next.map_or(moment, |next| next.min(moment)));
            }
            moment <= now
        };
        let is_blocked = self
            .blocked
            .zip(self.times.write)
            .is_some_and(|(since, after)| is_due(since, after));
        let is_over = match self.phase {
            Phase::Ending(since) => is_due(since, LINGER),
            Phase::Ended => true,
            _ => false,
        };
        let is_answer_late = self
            .answering
            .is_some_and(|since| is_due(since, LAST_ANSWERS.min(self.times.close)));
        let is_closing_over = self.closing.is_some_and(|since| is_due(since, self.times.close));
        let is_left = self.is_stopping
            && self.phase == Phase::Open
            && self.unanswered.is_some_and(|since| is_due(since, STOPPING));
        let (mut is_silent, mut is_idle, mut is_to_be_pinged) = (false, false, false);
        if self.closing.is_none() {
            if let Some(interval) = self.times.ping {
                is_silent = self.is_pinged && is_due(self.heard, 2 * interval);
                is_to_be_pinged = !self.is_pinged && is_due(self.heard, interval);
            }
            is_idle = self.times.idle.is_some_and(|after| is_due(self.heard, after));
        }
        if is_over || is_left {
            self.ended();
        }
        if is_closing_over {
            // Neither a client nor a handler may take for ever.
            self.drop_consumer();
        }
        if is_blocked || is_silent || (is_closing_over && self.phase != Phase::Ended) {
            if let Some(transport) = &self.transport {
                transport.discard_unsent();
            }
            self.gone();
        }
        if is_answer_late {
            self.answer_last();
            context.waker().wake_by_ref();
        }
        if is_idle {
            self.close(&Close::new(
                CloseCode::GOING_AWAY,
                "nothing was sent for too long",
            ));
            context.waker().wake_by_ref();
        } else if is_to_be_pinged {
            self.is_pinged = true;
            self.shared.lock().ping(b"");
            context.waker().wake_by_ref();
        }
        if let Some(next) = next
            && self.deadline.poll(next, now, context).is_ready()
        {
            context.waker().wake_by_ref();
        }
    }
}

/// Reads what still comes and drops it. Whether the other side has ended the connection.
fn is_over(transport: &mut Box<dyn Transport>, context: &mut Context<'_>) -> bool {
    let mut scratch = [0; 1024];
    loop {
        match pin!(transport.read(&mut scratch)).poll(context) {
            Poll::Pending => return false,
            Poll::Ready(Ok(0) | Err(_)) => return true,
            Poll::Ready(Ok(_)) => {}
        }
    }
}

/// Has other sockets of this thread read into `buffer`.
fn give_back(mut buffer: BytesMut) {
    buffer.clear();
    BUFFER.set(buffer);
}

/// What an event counts for.
fn length(event: &SocketEvent) -> usize {
    match event {
        SocketEvent::Message(message) => message.len(),
        SocketEvent::Ping(content) | SocketEvent::Pong(content) => content.len(),
        _ => 0,
    }
}

impl Future for Driver {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        // What is reported meanwhile is about this request.
        let _current = this.id.clone().enter();
        this.shared.lock().driver_runs(context.waker());
        let mut has_run = false;
        loop {
            let is_progress = this.read(context);
            if is_progress || !has_run {
                has_run = true;
                this.run_consumer(context);
            }
            if !is_progress {
                break;
            }
        }
        if this.flush(context).is_err() {
            this.gone();
        }
        this.end(context);
        this.keep_time(context);
        if this.phase == Phase::Ended && this.consumer.is_none() {
            return Poll::Ready(());
        }
        Poll::Pending
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.shared.lock().abandon();
        self.drop_consumer();
    }
}
