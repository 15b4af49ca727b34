//! Channels: whatever is published on one reaches everybody who has subscribed to it.
//!
//! A [`Hub`] has the channels of one process. Sockets and streams of events subscribe to them; a message is written once for all
//! of them, in each form that somebody needs. The last messages of a channel are kept within [`HistoryLimits`], each with its
//! [`Position`], so that a client that comes back gets what it has missed.
//!
//! An [`Engine`] carries messages to other processes.

mod engine;
mod events;
mod history;
mod hub;
mod position;
mod published;
#[cfg(test)]
mod tests;

pub use engine::Engine;
pub use events::ChannelEvents;
pub use history::HistoryLimits;
pub use hub::{Delivery, Hub, Resumed, Subscriber, Subscription};
pub use position::Position;
pub use published::Published;
