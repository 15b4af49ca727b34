//! What has come while the consumer was given no more.

use std::collections::VecDeque;

use crate::websocket::{consumer::SocketEvent, sender::MESSAGE_COST};

/// Bytes of messages that are held for a consumer that takes no more, so that the pings between and behind them are answered.
const AHEAD: usize = 64 * 1024;

/// Events in the order in which they came.
#[derive(Default)]
pub(super) struct Held {
    events: VecDeque<SocketEvent>,
    size: usize,
}

impl Held {
    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Whether as much is held as may be.
    pub(super) fn is_full(&self) -> bool {
        self.size >= AHEAD
    }

    pub(super) fn push(&mut self, event: SocketEvent) {
        self.size += length(&event) + MESSAGE_COST;
        self.events.push_back(event);
    }

    /// Takes the oldest one. With the last one the room goes that all of them took.
    pub(super) fn pop(&mut self) -> Option<SocketEvent> {
        let event = self.events.pop_front()?;
        self.size -= length(&event) + MESSAGE_COST;
        if self.events.is_empty() {
            self.events = VecDeque::new();
        }
        Some(event)
    }

    /// Forgets all of them.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

/// What an event counts for.
pub(super) fn length(event: &SocketEvent) -> usize {
    match event {
        SocketEvent::Message(message) => message.len(),
        SocketEvent::Ping(content) | SocketEvent::Pong(content) => content.len(),
        _ => 0,
    }
}
