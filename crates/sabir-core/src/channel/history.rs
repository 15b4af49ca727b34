//! The last messages of a channel.

use std::{collections::VecDeque, sync::Arc};

use super::{Position, Published};

/// How much of a channel is kept for clients that come back.
///
/// ```
/// use sabir_core::channel::HistoryLimits;
///
/// let none = HistoryLimits { messages: 0, ..HistoryLimits::default() };
/// assert_eq!(HistoryLimits::default().messages, 100);
/// # let _ = none;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryLimits {
    /// The most messages of one channel.
    pub messages: usize,
    /// The most bytes of one channel.
    pub bytes: usize,
    /// The most channels that are remembered while nobody has subscribed to them; the one that was used least recently goes
    /// first.
    pub channels: usize,
}

impl Default for HistoryLimits {
    fn default() -> Self {
        Self {
            messages: 100,
            bytes: 1024 * 1024,
            channels: 10_000,
        }
    }
}

/// The last messages of one channel.
#[derive(Debug, Default)]
pub(super) struct History {
    messages: VecDeque<Arc<Published>>,
    bytes: usize,
}

impl History {
    pub(super) fn add(&mut self, message: Arc<Published>, limits: &HistoryLimits) {
        self.bytes += message.content.len();
        self.messages.push_back(message);
        while self.messages.len() > limits.messages || self.bytes > limits.bytes {
            let Some(oldest) = self.messages.pop_front() else {
                break;
            };
            self.bytes -= oldest.content.len();
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// The messages behind `position`, and whether these are all that have come since, where the last one was number `last` of
    /// `epoch`.
    pub(super) fn since(
        &self,
        position: Position,
        epoch: u64,
        last: u64,
    ) -> (impl Iterator<Item = &Arc<Published>>, bool) {
        let is_known = position.epoch == epoch && position.offset <= last;
        // Of another life of the channel everything is new.
        let after = if is_known { position.offset } else { 0 };
        let first = self
            .messages
            .front()
            .map_or(last + 1, |first| first.position.offset);
        let is_complete = is_known && first <= position.offset + 1;
        let missed = self
            .messages
            .iter()
            .skip_while(move |message| message.position.offset <= after);
        (missed, is_complete)
    }
}
