//! Sockets whose handlers are JavaScript's.

use std::collections::HashMap;

use bytes::Bytes;
use napi::{Either, Env, Result};
use sabir_core::{
    Call, Connection, Reply,
    channel::{Hub, Subscription},
    websocket::Message,
};
use sabir_host::{Admission, Calls, HostSocket, Opened, SocketNews, answer, stream::Room};

use crate::{
    batch::Writer,
    error::misuse,
    request::NativeRequest,
    response::Content,
    ticket::{id, ticket},
    value::shared,
};

/// The open sockets by their tickets, and the channels that they subscribe to.
#[derive(Default)]
pub(crate) struct Sockets {
    open: Calls<Open>,
    pub(crate) hub: Hub,
}

/// A socket, and what is known of it.
struct Open {
    /// Ended before the socket is.
    subscriptions: HashMap<String, Subscription>,
    socket: HostSocket,
    /// The handler may ask for the request at any time.
    call: Call,
    /// What opens it, as long as JavaScript has not decided.
    admission: Option<Box<Admission>>,
}

impl Sockets {
    /// No sockets yet.
    pub(crate) fn new(hub: Hub) -> Self {
        Self {
            hub,
            open: Calls::default(),
        }
    }

    /// Keeps a socket that has been opened, or is to be.
    pub(crate) fn add(&self, opened: Opened) {
        let open = Open {
            subscriptions: HashMap::new(),
            socket: opened.socket,
            call: opened.call,
            admission: opened.admission,
        };
        self.open.insert(opened.id, open);
    }

    /// Opens a socket that waits for it. Whether its client still does.
    pub(crate) fn admit(&self, ticket: f64) -> bool {
        let admission = self.with(ticket, |open| open.admission.take()).flatten();
        let is_open = admission.is_some_and(|admission| admission.accept());
        if !is_open {
            self.forget(ticket);
        }
        is_open
    }

    /// Answers with something else than a socket, if it has not been opened.
    pub(crate) fn refuse(&self, ticket: f64, reply: Reply) {
        if let Some(admission) = self.open.remove(id(ticket)).and_then(|open| open.admission) {
            admission.refuse(reply);
        }
    }

    /// Forgets a socket whose client does not wait for it any more. One that has been opened is told of otherwise.
    pub(crate) fn cancel(&self, ticket: f64) {
        if self.with(ticket, |open| open.admission.is_some()) == Some(true) {
            self.forget(ticket);
        }
    }

    /// Sends a message. With [`Room::Full`] it was not taken.
    pub(crate) fn send(&self, ticket: f64, content: Content) -> Room {
        let sent = match content {
            Either::A(text) => self.with(ticket, |open| open.socket.send_text(&text)),
            content @ Either::B(_) => {
                let message = message(content);
                self.with(ticket, |open| open.socket.send(&message))
            }
        };
        sent.unwrap_or(Room::Gone)
    }

    /// Sends texts, each to the socket with the ticket at its place in `tickets`, and writes there what became of it. Where one is
    /// not taken, neither are those behind it for the same socket, which would overtake it.
    pub(crate) fn send_all(
        &self,
        tickets: &mut [f64],
        mut next: impl FnMut(usize) -> Result<String>,
    ) -> Result<()> {
        let mut full = Vec::new();
        for (place, ticket) in tickets.iter_mut().enumerate() {
            let text = next(place)?;
            let room = if full.contains(ticket) {
                Room::Full
            } else {
                self.with(*ticket, |open| open.socket.send_text(&text))
                    .unwrap_or(Room::Gone)
            };
            if room == Room::Full {
                full.push(*ticket);
            }
            *ticket = f64::from(number(room));
        }
        Ok(())
    }

    /// Sends a ping. Whether the socket is open.
    pub(crate) fn ping(&self, ticket: f64, content: &[u8]) -> bool {
        self.with(ticket, |open| open.socket.ping(content)) == Some(true)
    }

    /// Closes a socket after what waits to be sent. Whether it was open.
    pub(crate) fn close(&self, ticket: f64, code: u16, reason: &str) -> bool {
        self.with(ticket, |open| open.socket.close(code, reason)) == Some(true)
    }

    /// Handlers have done with what came: tickets and lengths, one after the other.
    pub(crate) fn consumed(&self, taken: &[f64]) {
        for pair in taken.chunks_exact(2) {
            self.with(pair[0], |open| open.socket.consumed(length_of(pair[1])));
        }
    }

    /// Whether a socket is open.
    pub(crate) fn is_open(&self, ticket: f64) -> Option<bool> {
        self.with(ticket, |open| open.socket.is_open())
    }

    /// Subscribes to a channel. Whether there is such a socket.
    pub(crate) fn subscribe(&self, ticket: f64, channel: String) -> bool {
        self.with(ticket, |open| {
            if !open.subscriptions.contains_key(&channel) {
                let subscription = open.socket.subscribe(&self.hub, &channel);
                open.subscriptions.insert(channel, subscription);
            }
        })
        .is_some()
    }

    /// Ends a subscription. Whether there was one.
    pub(crate) fn unsubscribe(&self, ticket: f64, channel: &str) -> bool {
        self.with(ticket, |open| open.subscriptions.remove(channel).is_some()) == Some(true)
    }

    /// Ends all subscriptions of a socket, whose client is no more.
    pub(crate) fn unsubscribe_all(&self, ticket: f64) {
        let ended = self.with(ticket, |open| std::mem::take(&mut open.subscriptions));
        drop(ended);
    }

    /// The request that asked for a socket.
    pub(crate) fn request(&self, env: Env, ticket: f64) -> Option<Result<NativeRequest>> {
        self.with(ticket, |open| NativeRequest::new(env, &open.call))
    }

    /// The connection of a socket, as far as it is known.
    pub(crate) fn connection(&self, ticket: f64) -> Option<Connection> {
        self.with(ticket, |open| open.call.head.connection.clone())
            .flatten()
    }

    /// Forgets a socket, which is closed where it is open.
    pub(crate) fn forget(&self, ticket: f64) {
        drop(self.open.remove(id(ticket)));
    }

    /// Closes every socket: the loop ends.
    pub(crate) fn end(&self) {
        for open in self.open.take_all() {
            open.socket.close(1001, "the server stops");
            if let Some(admission) = open.admission {
                admission.refuse(answer::failure(None));
            }
        }
    }

    fn with<T>(&self, ticket: f64, work: impl FnOnce(&mut Open) -> T) -> Option<T> {
        self.open.with(id(ticket), work)
    }
}

/// The message that JavaScript gives.
pub(crate) fn message(content: Content) -> Message {
    match content {
        Either::A(text) => Message::Text(text),
        // A copy: JavaScript may change what it has at any time.
        Either::B(bytes) => Message::Binary(Bytes::copy_from_slice(&bytes)),
    }
}

/// Writes what has happened to the socket with this id.
pub(crate) fn write(socket: sabir_host::CallId, news: &SocketNews, batch: &mut Writer<'_>) -> Result<()> {
    let ticket = ticket(socket);
    match news {
        SocketNews::Message(message) => {
            batch.message(ticket, message.len());
            match message {
                Message::Text(text) => batch.other(text.as_str()),
                Message::Binary(bytes) => batch.other(shared(bytes)),
            }
        }
        SocketNews::Value(value, length) => {
            batch.message(ticket, *length);
            batch.value(value)
        }
        SocketNews::Ping(content) => {
            batch.ping(ticket, content.len());
            batch.other(shared(content))
        }
        SocketNews::Pong(content) => {
            batch.pong(ticket, content.len());
            batch.other(shared(content))
        }
        SocketNews::Writable => {
            batch.writable(ticket);
            Ok(())
        }
        SocketNews::Closed(close) => {
            batch.closed(ticket, close.code.as_u16());
            batch.other(close.reason.as_str())
        }
        SocketNews::Gone => {
            batch.gone(ticket);
            Ok(())
        }
    }
}

/// How many numbers [`write`] needs room for, and how much content it copies.
pub(crate) fn size(news: &SocketNews) -> (usize, usize) {
    match news {
        SocketNews::Message(message) => (Writer::HEAD + 2, message.len()),
        SocketNews::Value(_, length) => (Writer::HEAD + 2, *length),
        SocketNews::Ping(_) | SocketNews::Pong(_) | SocketNews::Closed(_) => (Writer::HEAD + 2, 0),
        SocketNews::Writable | SocketNews::Gone => (Writer::HEAD, 0),
    }
}

/// How JavaScript is told of room: 0, there is more; 1, it was not taken, a message says when there is room; 2, nobody reads.
pub(crate) fn number(room: Room) -> u32 {
    match room {
        Room::Ready => 0,
        Room::Full => 1,
        Room::Gone => 2,
    }
}

/// A length that a batch brought.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it was a length before it was a number"
)]
fn length_of(number: f64) -> usize {
    number as usize
}

/// A close code that JavaScript has checked.
pub(crate) fn code(code: u32) -> Result<u16> {
    u16::try_from(code).map_err(|_| misuse(format!("{code} is no close code")))
}
