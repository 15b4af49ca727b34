//! WebSocket on a connection (RFC 6455, RFC 7692, RFC 8441).
//!
//! The handler of a socket's route makes a [`SocketUpgrade`] of its call, and a reply of that with a [`SocketConsumer`]. After the
//! answer the connection's task becomes the socket's driver: it reads and gives the consumer [events](SocketEvent), polls it,
//! writes what was queued, and keeps the time. A [`SocketSender`] queues messages from anywhere.
//!
//! ```text
//! bytes -> decoder: frames, masks, UTF-8, decompression -> event -> consumer (a handler, or the queue of a host language)
//! bytes <- one write for all that waits <- outbound: frames, compression, limit and policy <- sender
//! ```
//!
//! Nothing is read while 64 KiB of messages are delivered and not [consumed](SocketSender::consumed), so that a slow
//! handler slows its client down. What was sent to a client that does not read is bounded by the setting
//! `websocket_send_queue_limit`.

mod channel;
mod client;
mod consumer;
mod deadline;
mod decoder;
mod deflate;
mod driver;
mod extension;
mod frame;
mod inflate;
mod mask;
mod outbound;
mod prepared;
mod sender;
mod transport;
mod upgrade;
mod utf8;

pub(crate) use client::complete;
pub use client::{Client, ConnectError};
pub use consumer::{SocketConsumer, SocketEvent};
pub(crate) use driver::Driver;
pub use outbound::SendOutcome;
pub use prepared::PreparedMessage;
pub use sender::{SocketSender, Wakes};
pub use transport::Transport;
pub use upgrade::SocketUpgrade;
pub(crate) use upgrade::Start;
