//! A handler of sockets that lives in the host.

use std::{
    future::ready,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use sabir_core::{
    BoxFuture, Call, Handler, Reply, in_flight,
    websocket::{Close, CloseCode, Handshake, Message, Rejection, SocketPlan},
};
use sabir_http::websocket::{SocketConsumer, SocketEvent, SocketSender, SocketUpgrade};

use crate::{
    Admission, CallId, HostMessage, HostSocket, Opened, OpenedBy, Queue, SocketNews, handler::ask,
    outbox::Outbox, socket::End,
};

/// Opens sockets, and passes them to the host's handler number `target`.
#[derive(Debug, Clone)]
pub struct HostSocketHandler {
    queue: Arc<Queue>,
    target: usize,
    /// Whether the host opens them. It may say so until the first request.
    is_opened_by_host: Arc<AtomicBool>,
}

impl HostSocketHandler {
    /// A handler that queues sockets for `target`.
    pub fn new(queue: Arc<Queue>, target: usize) -> Self {
        Self {
            queue,
            target,
            is_opened_by_host: Arc::default(),
        }
    }

    /// The same handler, whose sockets are opened by somebody else.
    #[must_use]
    pub fn opened_by(self, opened_by: OpenedBy) -> Self {
        self.is_opened_by_host
            .store(opened_by == OpenedBy::Host, Ordering::Relaxed);
        self
    }

    /// What has the host open the sockets of this handler when it is set.
    pub(crate) fn opener(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.is_opened_by_host)
    }
}

impl Handler for HostSocketHandler {
    fn call(&self, mut call: Call) -> BoxFuture<'static, Reply> {
        let upgrade = match SocketUpgrade::of(&call) {
            Ok(upgrade) => upgrade,
            Err(problem) => return Box::pin(ready(problem.into_reply())),
        };
        // The handler may look at it as long as the socket is open.
        let head = Arc::make_mut(&mut call.head);
        head.extensions.remove::<Handshake>();
        head.detach();
        let opened_by = if self.is_opened_by_host.load(Ordering::Relaxed) {
            OpenedBy::Host
        } else {
            OpenedBy::Runtime
        };
        match opened_by {
            OpenedBy::Runtime => {
                let id = self.queue.next_id();
                let (socket, mut consumer) = Consumer::new(id, &upgrade, &self.queue);
                consumer.opening = Some(Box::new(Opened {
                    id,
                    target: self.target,
                    socket,
                    call,
                    admission: None,
                }));
                Box::pin(ready(upgrade.reply(consumer)))
            }
            OpenedBy::Host => {
                let Some(permit) = self.queue.in_flight().enter() else {
                    return Box::pin(ready(in_flight::refusal().into_reply()));
                };
                ask(&self.queue, permit, |id, reply| {
                    let (socket, mut consumer) = Consumer::new(id, &upgrade, &self.queue);
                    // Until it is admitted there is no socket of which the host could be told.
                    consumer.is_over = true;
                    HostMessage::Opened(Box::new(Opened {
                        id,
                        target: self.target,
                        socket,
                        call,
                        admission: Some(Box::new(Admission::new(reply, move || {
                            upgrade.reply(consumer.admitted())
                        }))),
                    }))
                })
            }
        }
    }
}

/// Tells the host what happens to one socket, from the task of its connection.
struct Consumer {
    /// What the host is told first, where the runtime opens the socket; until it has been told.
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
    /// The socket that `upgrade` opens, and what tells of it.
    fn new(id: CallId, upgrade: &SocketUpgrade, queue: &Arc<Queue>) -> (HostSocket, Self) {
        let (end, outbox) = (Arc::new(End::default()), Outbox::current());
        let socket = HostSocket::new(id, upgrade, Arc::clone(&end), Arc::clone(&outbox));
        let consumer = Self {
            opening: None,
            id,
            plan: Arc::clone(upgrade.plan()),
            sender: upgrade.sender(),
            queue: Arc::clone(queue),
            outbox,
            is_over: false,
            end,
        };
        (socket, consumer)
    }

    /// The same for a socket that the host has opened, and so knows.
    fn admitted(mut self) -> Self {
        self.is_over = false;
        self
    }

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
            // The host has closed it, and has nobody left to tell.
            self.is_over = true;
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
