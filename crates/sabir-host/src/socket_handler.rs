//! A handler of sockets that lives in the host.

use std::{
    future::ready,
    sync::Arc,
    task::{Context, Poll},
};

use sabir_core::{
    BoxFuture, Call, Handler, Reply,
    websocket::{Close, CloseCode, Message, Rejection, SocketPlan},
};
use sabir_http::websocket::{SocketConsumer, SocketEvent, SocketSender, SocketUpgrade};

use crate::{CallId, HostMessage, HostSocket, Opened, Queue, SocketNews, outbox::Outbox, socket::End};

/// Opens sockets, and passes them to the host's handler number `target`.
#[derive(Debug, Clone)]
pub struct HostSocketHandler {
    queue: Arc<Queue>,
    target: usize,
}

impl HostSocketHandler {
    /// A handler that queues sockets for `target`.
    pub fn new(queue: Arc<Queue>, target: usize) -> Self {
        Self { queue, target }
    }
}

impl Handler for HostSocketHandler {
    fn call(&self, call: Call) -> BoxFuture<'static, Reply> {
        let upgrade = match SocketUpgrade::of(&call) {
            Ok(upgrade) => upgrade,
            Err(problem) => return Box::pin(ready(problem.into_reply())),
        };
        let id = self.queue.next_id();
        let end = Arc::new(End::default());
        let consumer = Consumer {
            opening: Some(Box::new(Opened {
                id,
                target: self.target,
                socket: HostSocket::new(id, &upgrade, Arc::clone(&end)),
                call,
            })),
            id,
            plan: Arc::clone(upgrade.plan()),
            sender: upgrade.sender(),
            queue: Arc::clone(&self.queue),
            outbox: Outbox::current(),
            is_over: false,
            end,
        };
        Box::pin(ready(upgrade.reply(consumer)))
    }
}

/// Tells the host what happens to one socket, from the task of its connection.
struct Consumer {
    /// Until the answer has been sent.
    opening: Option<Box<Opened>>,
    id: CallId,
    plan: Arc<SocketPlan>,
    sender: SocketSender,
    queue: Arc<Queue>,
    outbox: Arc<Outbox>,
    /// Whether the host knows that nothing follows.
    is_over: bool,
    end: Arc<End>,
}

impl Consumer {
    /// What the host is told of a message. One that does not fit never reaches it.
    fn read(&self, message: Message) -> Option<SocketNews> {
        if !self.plan.has_incoming_schema() {
            return Some(SocketNews::Message(message));
        }
        let length = message.len();
        match self.plan.read(&message) {
            Ok(value) => return Some(SocketNews::Value(value, length)),
            Err(Rejection::Report(text)) => {
                // A client that reads nothing need not be told what is wrong with what it sends.
                let _ = self.sender.try_send(&text.into());
            }
            Err(Rejection::Close(close)) => {
                self.sender.close(close);
            }
        }
        self.sender.consumed(length);
        None
    }

    fn open(&mut self) {
        if let Some(opening) = self.opening.take() {
            self.push(HostMessage::Opened(opening));
        }
    }

    fn tell(&mut self, news: SocketNews) {
        // Whatever comes, the host has the socket first.
        self.open();
        self.is_over |= matches!(news, SocketNews::Closed(_) | SocketNews::Gone);
        self.push(HostMessage::Socket(self.id, news));
    }

    /// The host is woken when this thread has done what is ready now.
    fn push(&self, message: HostMessage) {
        if self.queue.add(message) {
            self.outbox.wake_soon(Arc::clone(&self.queue) as _);
        }
    }
}

impl SocketConsumer for Consumer {
    fn event(&mut self, event: SocketEvent) {
        let news = match event {
            SocketEvent::Message(message) => self.read(message),
            SocketEvent::Ping(content) => Some(SocketNews::Ping(content)),
            SocketEvent::Pong(content) => Some(SocketNews::Pong(content)),
            SocketEvent::Writable => Some(SocketNews::Writable),
            SocketEvent::Closed(close) => Some(SocketNews::Closed(close)),
            SocketEvent::Gone => Some(SocketNews::Gone),
            _ => None,
        };
        if let Some(news) = news {
            self.tell(news);
        }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Close> {
        self.open();
        if self.end.poll(context) {
            // The host has closed it.
            return Poll::Ready(CloseCode::NORMAL.into());
        }
        Poll::Pending
    }
}

impl Drop for Consumer {
    fn drop(&mut self) {
        if self.opening.is_none() && !self.is_over {
            self.tell(SocketNews::Gone);
        }
    }
}
