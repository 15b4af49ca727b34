//! A WebSocket as hosts have it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::task::AtomicWaker;
use sabir_core::{
    RequestId, Value,
    channel::{Hub, Subscription},
    websocket::{Close, CloseCode, Message},
};
use sabir_http::websocket::{SendOutcome, SocketSender, SocketUpgrade};

use crate::{CallId, Room, outbox::Outbox};

/// Something that happened to a socket. Nothing follows [`Closed`](Self::Closed) and [`Gone`](Self::Gone).
///
/// Messages, pings and pongs have a length which the host [gives back](HostSocket::consumed) when its handler has done with them: only
/// so much is read ahead, and a close that came behind them is answered, and told, when all are done with or after a second.
#[derive(Debug)]
pub enum SocketNews {
    /// A message arrived.
    Message(Message),
    /// A message arrived, JSON that fits the schema of the route. With its length in bytes.
    Value(Value, usize),
    /// A ping arrived, which has been answered.
    Ping(Bytes),
    /// A pong arrived.
    Pong(Bytes),
    /// There is room again, after a message was not taken.
    Writable,
    /// The socket is closed, with what the client said, or with what it is told. This comes at once where the host has closed, whatever
    /// the client answers, unless the handler [has ended](HostSocket::finish).
    Closed(Close),
    /// The client has left without closing.
    Gone,
}

impl SocketNews {
    /// The length of what is to be given back when it is done with; `None` where there is nothing of the kind.
    pub fn length(&self) -> Option<usize> {
        match self {
            Self::Message(message) => Some(message.len()),
            Self::Value(_, length) => Some(*length),
            Self::Ping(content) | Self::Pong(content) => Some(content.len()),
            Self::Writable | Self::Closed(_) | Self::Gone => None,
        }
    }
}

/// One socket, for the handler of the host. Dropped while it is open, it is closed with 1011: its handler has been lost.
#[derive(Debug)]
pub struct HostSocket {
    id: CallId,
    request_id: RequestId,
    sender: SocketSender,
    subprotocol: Option<Arc<str>>,
    end: Arc<End>,
    has_closed: AtomicBool,
}

/// The end of the host's handler, for which the connection waits.
#[derive(Debug, Default)]
pub(crate) struct End {
    has_come: AtomicBool,
    waker: AtomicWaker,
}

impl End {
    fn come(&self) {
        self.has_come.store(true, Ordering::Release);
        self.waker.wake();
    }

    /// Whether it has come. Otherwise the task of `context` is woken then.
    pub(crate) fn poll(&self, context: &Context<'_>) -> bool {
        self.waker.register(context.waker());
        self.has_come.load(Ordering::Acquire)
    }
}

impl HostSocket {
    pub(crate) fn new(id: CallId, upgrade: &SocketUpgrade, end: Arc<End>, outbox: Arc<Outbox>) -> Self {
        Self {
            id,
            request_id: upgrade.request_id().clone(),
            sender: upgrade.sender().waking_by(outbox),
            subprotocol: upgrade.subprotocol().cloned(),
            end,
            has_closed: AtomicBool::new(false),
        }
    }

    /// Names the socket in later messages.
    pub fn id(&self) -> CallId {
        self.id
    }

    /// The id of the request that asked for it, for the log.
    pub fn request_id(&self) -> &RequestId {
        &self.request_id
    }

    /// The subprotocol that was agreed on.
    pub fn subprotocol(&self) -> Option<&str> {
        self.subprotocol.as_deref()
    }

    /// Sends a message. With [`Room::Full`] it was not taken: [`SocketNews::Writable`] says when there is room.
    pub fn send(&self, message: &Message) -> Room {
        room(self.sender.try_send(message))
    }

    /// Sends a message of text, as [`send`](Self::send) does.
    pub fn send_text(&self, text: &str) -> Room {
        room(self.sender.try_send_text(text))
    }

    /// Sends a message, and gives whether the socket is open; or has the task be woken when there may be room for it.
    pub fn poll_send(&self, context: &mut Context<'_>, message: &Message) -> Poll<bool> {
        self.sender.poll_send(context, message)
    }

    /// Sends a ping with at most 125 bytes. Whether the socket is open.
    pub fn ping(&self, content: &[u8]) -> bool {
        self.sender.ping(content)
    }

    /// Closes the socket after what waits to be sent. Whether it was open. [`SocketNews::Closed`] follows at once, with the same code
    /// and reason.
    pub fn close(&self, code: u16, reason: &str) -> bool {
        let was_open = self.sender.close(Close::new(CloseCode::new(code), reason));
        if was_open {
            self.has_closed.store(true, Ordering::Relaxed);
        }
        was_open
    }

    /// Whether the host has closed it. Messages that come to the handler after that are dropped.
    pub fn has_closed(&self) -> bool {
        self.has_closed.load(Ordering::Relaxed)
    }

    /// The handler has ended: a server that stops does not wait for it any longer. Closes the socket if it is open.
    pub fn finish(&self, code: u16, reason: &str) {
        self.sender.finish(Close::new(CloseCode::new(code), reason));
        self.end.come();
    }

    /// Whether messages can be sent.
    pub fn is_open(&self) -> bool {
        self.sender.is_open()
    }

    /// The handler has done with something of this length, and sent what it answers: it has returned, or asks for the next.
    pub fn consumed(&self, length: usize) {
        self.sender.consumed(length);
    }

    /// Has the socket sent what is published on a channel, as long as the subscription lives. One that reads too slowly to be sent
    /// a message is closed with 1013.
    pub fn subscribe(&self, hub: &Hub, channel: &str) -> Subscription {
        hub.subscribe(channel, Arc::new(self.sender.clone()))
    }
}

impl Drop for HostSocket {
    fn drop(&mut self) {
        // Without effect on one that is closed.
        self.sender.finish(CloseCode::INTERNAL_ERROR);
        self.end.come();
    }
}

fn room(outcome: SendOutcome) -> Room {
    match outcome {
        SendOutcome::Ready => Room::Ready,
        SendOutcome::Full => Room::Full,
        SendOutcome::Gone => Room::Gone,
    }
}
