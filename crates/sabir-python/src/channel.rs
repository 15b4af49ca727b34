//! Channels as streams of events.

use pyo3::{prelude::*, types::PyBytes};
use sabir_core::{
    ReplyBody,
    channel::{Hub, Position},
};

use crate::message::{json_message, message};

/// Publishes a message. How many subscribers the channel has in this process.
pub(crate) fn publish(hub: &Hub, channel: &str, content: &Bound<'_, PyAny>) -> PyResult<usize> {
    let message = message(content)?;
    Ok(content.py().detach(|| hub.publish(channel, message)))
}

/// Publishes JSON, as [`publish`] does.
pub(crate) fn publish_json(hub: &Hub, channel: &str, content: &Bound<'_, PyBytes>) -> PyResult<usize> {
    let message = json_message(content)?;
    Ok(content.py().detach(|| hub.publish(channel, message)))
}

/// The content of an answer: the messages of a channel. It subscribes when it is sent.
#[pyclass(frozen, module = "sabir._sabir")]
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
