//! Who gets what a client sends.

use std::task::{Context, Poll};

use bytes::Bytes;
use sabir_core::websocket::{Close, Message};

/// Something that happened to a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SocketEvent {
    /// A message arrived. [`SocketSender::consumed`](super::SocketSender::consumed) is to be told its length when it has been dealt with.
    Message(Message),
    /// A ping arrived, which has been answered. To be consumed like a message.
    Ping(Bytes),
    /// A pong arrived. To be consumed like a message.
    Pong(Bytes),
    /// There is room again, after a message was [not taken](super::SendOutcome::Full).
    Writable,
    /// The socket is closed: no message follows, and none can be sent. With what the client said where it has closed; with what it is
    /// told where this side has, at once. Its answer to that is waited for in the background, and not told.
    Closed(Close),
    /// The client has left without closing. The consumer is dropped next.
    Gone,
}

/// Gets what happens to one socket, in the task of its connection. Dropping it is its end.
pub trait SocketConsumer: Send + 'static {
    /// Takes an event, without waiting.
    fn event(&mut self, event: SocketEvent);

    /// Works in the connection's task, whenever that runs. When it is ready the socket is closed, with that where it is still
    /// open, and the consumer is dropped; one that works elsewhere never is, and closes by its
    /// [`SocketSender`](super::SocketSender).
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Close> {
        let _ = context;
        Poll::Pending
    }
}
