//! Several processes.

use crate::{
    threads::{MaybeSend, MaybeSync},
    websocket::Message,
};

/// Carries messages between the hubs of several processes, such as a broker. Without one, a hub is alone.
///
/// The engine decides on the order of a channel: it gives each message its [`Position`](super::Position) and hands it to
/// [`Hub::deliver`](super::Hub::deliver) of every process, the one that has published it included.
pub trait Engine: MaybeSend + MaybeSync + 'static {
    /// Takes a message on its way. Must not block.
    fn publish(&self, channel: &str, content: Message);

    /// The hub has its first subscriber to `channel`. Must not block.
    fn subscribe(&self, channel: &str);

    /// The hub has no subscriber to `channel` any more. Must not block.
    fn unsubscribe(&self, channel: &str);
}
