//! Sockets that have subscribed to channels.

use std::sync::Arc;

use sabir_core::{
    channel::{Delivery, Published, Subscriber},
    websocket::CloseCode,
};

use super::{PreparedMessage, SendOutcome, SocketSender};

/// A message of a channel is framed once for all sockets. One whose queue is full, so that it would miss the message, is closed
/// with 1013 whatever the policy for what its handler sends, unless that lets the oldest go: nobody can wait for it.
impl Subscriber for SocketSender {
    fn deliver(&self, message: &Arc<Published>) -> Delivery {
        let Some(prepared) = message.frame(|content| PreparedMessage::new(content.clone())) else {
            return Delivery::Taken;
        };
        match self.try_send_prepared(prepared) {
            SendOutcome::Ready => Delivery::Taken,
            SendOutcome::Full => {
                self.close(CloseCode::TRY_AGAIN_LATER);
                Delivery::Gone
            }
            SendOutcome::Gone => Delivery::Gone,
        }
    }
}
