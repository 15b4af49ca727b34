//! Channels: publishing, and their messages as streams of events.

use magnus::{Error, RModule, RString, Ruby};
use sabir_core::{
    ReplyBody,
    channel::{Hub, Position},
};

use crate::{class, message::message};

/// Publishes a message. How many subscribers the channel has in this process.
pub(crate) fn publish(ruby: &Ruby, hub: &Hub, channel: &str, content: RString) -> Result<usize, Error> {
    Ok(hub.publish(channel, message(ruby, content)?))
}

/// The content of an answer: the messages of a channel. It subscribes when it is sent.
#[magnus::wrap(class = "Sabir::Native::Events", free_immediately)]
pub(crate) struct NativeEvents {
    hub: Hub,
    channel: String,
    position: Option<Position>,
}

impl NativeEvents {
    /// Those after `last_event_id`, if that is the id of a message.
    pub(crate) fn new(hub: Hub, channel: String, last_event_id: Option<&str>) -> Self {
        Self {
            hub,
            channel,
            position: last_event_id.and_then(|id| id.parse().ok()),
        }
    }

    /// The content.
    pub(crate) fn body(&self) -> ReplyBody {
        ReplyBody::Events(Box::pin(self.hub.events(&self.channel, self.position)))
    }
}

pub(crate) fn define(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    class::define::<NativeEvents>(ruby, native, "Events").map(drop)
}
