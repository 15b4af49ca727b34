//! How a socket ends: closed by either side, left by its client, or after its last words.

use std::{
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll},
};

use sabir_core::{
    access_log::Outcome,
    websocket::{Close, CloseCode},
};
use tokio::{
    io::{AsyncReadExt, AsyncWrite as _},
    time::Instant,
};

use super::{Driver, Phase};
use crate::websocket::{consumer::SocketEvent, frame::Failure, outbound::State, transport::Transport};

impl Driver {
    /// Has the socket be closed, since the server stops.
    pub(crate) fn stop(&mut self) {
        self.is_stopping = true;
        self.close(&Close::new(CloseCode::GOING_AWAY, "the server stops"));
    }

    /// Closes the socket from this side, and tells the consumer.
    pub(super) fn close(&mut self, close: &Close) {
        self.shared.lock().close(close);
        self.tell_said();
    }

    /// Tells the consumer that this side has closed the socket, once. It is not kept waiting for the client, whose answer may
    /// never come, and would only repeat the code (RFC 6455 §5.5.1).
    pub(super) fn tell_said(&mut self) {
        let said = self.shared.lock().take_said();
        if let Some(close) = said {
            self.tell(SocketEvent::Closed(close));
        }
    }

    /// Takes what came last, if there is something. Gives whether there was.
    pub(super) fn answer_last(&mut self) -> bool {
        self.answering = None;
        let last = self.last.take();
        let is_there = last.is_some();
        if let Some(last) = last {
            self.take_last(last);
        }
        is_there
    }

    /// Answers a close with its own code (RFC 6455 §5.5.1), or fails the connection (§7.1.7).
    fn take_last(&mut self, last: Result<Close, Failure>) {
        self.observe(match last {
            Ok(_) => Outcome::Complete,
            Err(_) => Outcome::Failed,
        });
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

    /// The socket has ended so, for who is told of its request.
    fn observe(&mut self, outcome: Outcome) {
        if let Some(observation) = &mut self.observation {
            observation.ended(outcome);
        }
    }

    fn last_words(&mut self) {
        self.input.end();
        self.closing.get_or_insert_with(Instant::now);
        if self.phase == Phase::Open {
            self.phase = Phase::LastWords;
        }
    }

    /// Ends the stream when everything has been said.
    pub(super) fn end(&mut self, context: &mut Context<'_>) {
        if self.phase == Phase::LastWords && self.output.is_flushed() {
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

    /// The client has left. The consumer of a socket that was closed before goes on.
    pub(super) fn gone(&mut self) {
        if self.shared.lock().state() == State::Open {
            self.tell(SocketEvent::Gone);
            self.drop_consumer();
        } else {
            self.observe(Outcome::Complete);
            self.tell_said();
        }
        self.ended();
    }

    /// The connection is of no more use.
    pub(super) fn ended(&mut self) {
        self.shared.lock().abandon();
        self.input.end();
        self.last = None;
        self.answering = None;
        self.held.clear();
        self.transport = None;
        self.phase = Phase::Ended;
        self.closing.get_or_insert_with(Instant::now);
    }
}

/// Reads what still comes and drops it. Whether the other side has ended the connection.
pub(super) fn is_over(transport: &mut Box<dyn Transport>, context: &mut Context<'_>) -> bool {
    let mut scratch = [0; 1024];
    loop {
        match pin!(transport.read(&mut scratch)).poll(context) {
            Poll::Pending => return false,
            Poll::Ready(Ok(0) | Err(_)) => return true,
            Poll::Ready(Ok(_)) => {}
        }
    }
}
