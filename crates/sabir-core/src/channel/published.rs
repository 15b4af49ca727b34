//! A message of a channel.

use std::{any::Any, sync::OnceLock};

use bytes::Bytes;

use super::Position;
use crate::{Event, websocket::Message};

/// A message of a channel, shared by all who get it.
#[derive(Debug)]
pub struct Published {
    /// Where it stands in the channel.
    pub position: Position,
    /// What it says.
    pub content: Message,
    event: OnceLock<Bytes>,
    frame: OnceLock<Box<dyn Any + Send + Sync>>,
}

impl Published {
    pub(super) fn new(position: Position, content: Message) -> Self {
        Self {
            position,
            content,
            event: OnceLock::new(),
            frame: OnceLock::new(),
        }
    }

    /// The message as an event with its position as id, written once. Bytes that are not UTF-8 have no such form: `None`.
    pub fn event(&self) -> Option<Bytes> {
        let text = std::str::from_utf8(self.content.as_bytes()).ok()?;
        let write = || {
            let event = Event {
                id: Some(self.position.to_string()),
                ..Event::new(text)
            };
            // A position has neither line breaks nor NUL.
            event.encode().unwrap_or_default()
        };
        Some(self.event.get_or_init(write).clone())
    }

    /// The message as sockets send it, made once by `make`; there is one such form in a process.
    ///
    /// `None` where it was made with another type before.
    pub fn frame<T: Any + Send + Sync>(&self, make: impl FnOnce(&Message) -> T) -> Option<&T> {
        let frame = self.frame.get_or_init(|| Box::new(make(&self.content)));
        frame.downcast_ref()
    }
}
