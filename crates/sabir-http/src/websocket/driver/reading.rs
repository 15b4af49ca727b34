//! From what is read to what the consumer is told.

use std::task::{Context, Poll};

use tokio::time::Instant;

use super::{Driver, closing::is_over, held::length};
use crate::websocket::{consumer::SocketEvent, decoder::Incoming, outbound::State};

impl Driver {
    /// Reads once, and delivers what that completes. Gives whether anything came of it.
    pub(super) fn read(&mut self, context: &mut Context<'_>) -> bool {
        if self.input.has_ended() || self.transport.is_none() {
            return false;
        }
        if self.decode() {
            return true;
        }
        if self.answering.is_some() && self.has_left(context) {
            return self.answer_last();
        }
        if self.input.has_ended() || self.last.is_some() || !self.may_decode() {
            // A client that is kept waiting cannot be heard.
            self.heard = Instant::now();
            return self.input.has_ended();
        }
        let Some(transport) = &mut self.transport else {
            return false;
        };
        match self.input.poll_read(transport, context) {
            Poll::Pending => false,
            Poll::Ready(Ok(0) | Err(_)) => {
                self.gone();
                true
            }
            Poll::Ready(Ok(_)) => {
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
        self.input.shrink();
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
            && let Some(next) = self.input.next()
        {
            let last = match next {
                Ok(Incoming::Close(close)) => Ok(close),
                Ok(incoming) => {
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
        self.may_deliver() || !self.held.is_full()
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
            self.held.push(event);
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
            self.held.clear();
            return false;
        }
        let mut is_progress = false;
        while self.shared.may_deliver()
            && let Some(event) = self.held.pop()
        {
            self.deliver(event);
            is_progress = true;
        }
        is_progress
    }
}
