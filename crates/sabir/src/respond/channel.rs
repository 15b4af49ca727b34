//! Channels as answers.

use http::StatusCode;
use sabir_core::{Operation, Reply, ReplyBody, channel::ChannelEvents};

use super::{Respond, events::describe_events};

/// The messages of a channel as server-sent events, as [`Events`](crate::Events) are.
impl Respond for ChannelEvents {
    fn respond(self) -> Reply {
        let mut reply = Reply::new(StatusCode::OK);
        reply.body = ReplyBody::Events(Box::pin(self));
        reply
    }

    fn describe(operation: &mut Operation) {
        describe_events(operation);
    }
}
