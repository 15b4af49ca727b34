//! The task of one socket: it reads, runs the consumer, writes, and keeps the time.
//!
//! `reading` delivers what comes, `closing` has the ways in which a socket ends, and `timeouts` what is due after some time. The
//! other files are what these work on.

mod closing;
mod held;
mod input;
mod output;
mod reading;
mod timeouts;

use std::{
    future::Future,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::BytesMut;
use sabir_core::{
    RequestId,
    pipeline::Observation,
    websocket::{Close, CloseCode},
};
use tokio::time::Instant;

use self::{held::Held, input::Input, output::Output};
use super::{
    consumer::{SocketConsumer, SocketEvent},
    deadline::Deadline,
    decoder::Decoder,
    frame::Failure,
    sender::Shared,
    transport::Transport,
};

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
    input: Input,
    /// A close or a mistake that came after messages, which the consumer may answer first.
    last: Option<Result<Close, Failure>>,
    /// Since when the consumer has all that came before it.
    answering: Option<Instant>,
    held: Held,
    shared: Arc<Shared>,
    /// Absent when it has ended.
    consumer: Option<Box<dyn SocketConsumer>>,
    output: Output,
    times: Times,
    id: RequestId,
    deadline: Deadline,
    phase: Phase,
    /// When the client was last heard, and whether it was asked since.
    heard: Instant,
    is_pinged: bool,
    /// When closing began.
    closing: Option<Instant>,
    /// Since when the client has been sent a close that it has not answered.
    unanswered: Option<Instant>,
    is_stopping: bool,
    /// Has somebody told of the request when the socket has ended.
    observation: Option<Box<Observation>>,
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
            input: Input::new(input, decoder),
            last: None,
            answering: None,
            held: Held::default(),
            shared,
            consumer: Some(consumer),
            output: Output::default(),
            times,
            id,
            deadline: Deadline::default(),
            phase: Phase::Open,
            heard: Instant::now(),
            is_pinged: false,
            closing: None,
            unanswered: None,
            is_stopping: false,
            observation: None,
        }
    }

    /// Has `observation` count what is sent.
    pub(in super::super) fn observed_by(mut self, observation: Option<Box<Observation>>) -> Self {
        self.observation = observation;
        self
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

    /// Writes what waits.
    fn flush(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if matches!(self.phase, Phase::Ending(_)) {
            return Ok(());
        }
        while let Some(transport) = &mut self.transport
            && self.output.write(transport, &self.shared, context)?
        {
            self.tell(SocketEvent::Writable);
        }
        Ok(())
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
        if let Some(observation) = &mut self.observation {
            observation.add_sent(self.output.sent());
        }
        self.shared.lock().abandon();
        self.drop_consumer();
    }
}
