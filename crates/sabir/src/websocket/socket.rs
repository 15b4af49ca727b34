//! One socket.

use std::{
    fmt,
    future::poll_fn,
    marker::PhantomData,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use sabir_core::{
    channel::{Hub, Subscription},
    websocket::{Close, Message, Rejection, SocketPlan},
};
use sabir_http::websocket::{PreparedMessage, SocketSender, SocketUpgrade};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    error::{SendError, SocketClosed},
    inbox::Inbox,
    message::IncomingMessages,
};
use crate::Json;

/// A WebSocket, the first argument of the handler that [`Sabir::websocket`](crate::Sabir::websocket) takes.
///
/// `In` and `Out` are what it receives and sends: [`Message`], which is text or bytes, or [`Json<T>`](Json). It is a [`Stream`] of
/// what it receives as well.
///
/// ```
/// use sabir::{Json, Path, Sabir, websocket::{Message, WebSocket}};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Line {
///     text: String,
/// }
///
/// async fn chat(mut socket: WebSocket<Json<Line>>, Path(room): Path<String>) {
///     while let Some(line) = socket.receive().await {
///         if socket.send(format!("{room}: {}", line.text)).await.is_err() {
///             return;
///         }
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = Sabir::new().websocket("/chat/{room}", chat).build()?;
/// let request = http::Request::get("/chat/tea").body("".into())?;
/// let mut client = app.connect_in_memory(request).await?;
/// client.send(r#"{ "text": "hello" }"#).await?;
/// assert_eq!(client.message().await?, Some("tea: hello".into()));
/// # Ok(())
/// # }
/// ```
pub struct WebSocket<In = Message, Out = Message> {
    sender: SocketSender,
    inbox: Arc<Inbox>,
    plan: Arc<SocketPlan>,
    subprotocol: Option<Arc<str>>,
    /// What the client is to be told of a message that did not fit.
    report: Option<Message>,
    /// The length of the last message, until the next one is asked for.
    taken: Option<usize>,
    subscriptions: Vec<Subscription>,
    messages: PhantomData<fn() -> (In, Out)>,
}

impl<In: IncomingMessages, Out> WebSocket<In, Out> {
    pub(super) fn new(upgrade: &SocketUpgrade, inbox: Arc<Inbox>) -> Self {
        Self {
            sender: upgrade.sender(),
            inbox,
            plan: Arc::clone(upgrade.plan()),
            subprotocol: upgrade.subprotocol().cloned(),
            report: None,
            taken: None,
            subscriptions: Vec::new(),
            messages: PhantomData,
        }
    }

    /// Waits for the next message. `None` when there will be none, since one of the sides has closed; then
    /// [`close_reason`](Self::close_reason) says why. Dropping the future loses nothing.
    ///
    /// When the client leaves without closing, the handler is dropped where it waits.
    pub async fn receive(&mut self) -> Option<In::Item> {
        poll_fn(|context| self.poll_receive(context)).await
    }

    fn poll_receive(&mut self, context: &mut Context<'_>) -> Poll<Option<In::Item>> {
        loop {
            if let Some(report) = &self.report {
                let is_open = ready!(self.sender.poll_send(context, report));
                self.report = None;
                if !is_open {
                    return Poll::Ready(None);
                }
            }
            // Whoever asks for the next message has answered the one before.
            if let Some(length) = self.taken.take() {
                self.sender.consumed(length);
            }
            let Some(message) = ready!(self.inbox.poll(context)) else {
                return Poll::Ready(None);
            };
            self.taken = Some(message.len());
            match In::read(message, &self.plan) {
                Ok(message) => return Poll::Ready(Some(message)),
                Err(Rejection::Report(text)) => self.report = Some(text.into()),
                Err(Rejection::Close(close)) => self.close(close.code, close.reason),
            }
        }
    }
}

impl<In, Out> WebSocket<In, Out> {
    /// Sends a ping with at most 125 bytes. The client's system answers it by itself; nobody has to wait for that.
    ///
    /// # Errors
    /// When the socket is closed.
    pub fn ping(&self, content: &[u8]) -> Result<(), SocketClosed> {
        sent(self.sender.ping(content))
    }

    /// Closes the socket after what was sent before. Messages that the client has sent meanwhile are dropped, and what it answers is not
    /// waited for. A socket whose handler
    /// returns is closed with 1000.
    pub fn close(&self, code: impl Into<super::CloseCode>, reason: impl Into<String>) {
        let close = Close::new(code, reason);
        if self.sender.close(close.clone()) {
            self.inbox.discard(close);
        }
    }

    /// Sends a message that was framed before, and maybe sent to other sockets.
    ///
    /// # Errors
    /// When the socket is closed.
    pub async fn send_prepared(&self, message: &PreparedMessage) -> Result<(), SocketClosed> {
        sent(self.sender.send_prepared(message).await)
    }

    /// Sends to this socket from elsewhere: another task, another thread.
    pub fn sender(&self) -> SocketSender {
        self.sender.clone()
    }

    /// The subprotocol that client and server agreed on.
    pub fn subprotocol(&self) -> Option<&str> {
        self.subprotocol.as_deref()
    }

    /// Has the socket sent what is published on a channel, until it [unsubscribes](Self::unsubscribe) or its handler ends. A
    /// socket that reads too slowly to be sent a message is closed with 1013.
    ///
    /// ```
    /// use sabir::{Path, Sabir, State, channel::Hub, websocket::WebSocket};
    ///
    /// async fn chat(mut socket: WebSocket, Path(room): Path<String>, State(hub): State<Hub>) {
    ///     socket.subscribe(&hub, &room);
    ///     while let Some(message) = socket.receive().await {
    ///         hub.publish(&room, message);
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), sabir::SetupError> {
    /// let app = Sabir::new().state(Hub::default()).websocket("/chat/{room}", chat).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn subscribe(&mut self, hub: &Hub, channel: &str) {
        if self.subscriptions.iter().any(|known| known.channel() == channel) {
            return;
        }
        let subscription = hub.subscribe(channel, Arc::new(self.sender.clone()));
        self.subscriptions.push(subscription);
    }

    /// Sends no more of a channel.
    pub fn unsubscribe(&mut self, channel: &str) {
        self.subscriptions.retain(|known| known.channel() != channel);
    }

    /// Why no message follows: what the client closed with, or this side. `None` while the socket is open.
    pub fn close_reason(&self) -> Option<Close> {
        self.inbox.closed()
    }
}

impl<In> WebSocket<In, Message> {
    /// Sends a message. Waits while as much waits to be sent as may, if the setting `websocket_send_queue_policy` says so.
    ///
    /// # Errors
    /// When the socket is closed.
    pub async fn send(&self, message: impl Into<Message>) -> Result<(), SocketClosed> {
        let message = message.into();
        sent(self.sender.send(&message).await)
    }

    /// Sends a value as text of JSON.
    ///
    /// # Errors
    /// When the socket is closed, or the value is none of JSON.
    pub async fn send_json<T: Serialize>(&self, value: &T) -> Result<(), SendError> {
        let text = serde_json::to_string(value)?;
        Ok(self.send(text).await?)
    }
}

impl<In, T: Serialize + JsonSchema> WebSocket<In, Json<T>> {
    /// Sends a value as text of JSON. Waits while as much waits to be sent as may, if the setting `websocket_send_queue_policy`
    /// says so.
    ///
    /// # Errors
    /// When the socket is closed, or the value is none of JSON.
    pub async fn send(&self, value: &T) -> Result<(), SendError> {
        let text = serde_json::to_string(value)?;
        sent(self.sender.send(&Message::Text(text)).await)?;
        Ok(())
    }
}

fn sent(is_open: bool) -> Result<(), SocketClosed> {
    if is_open { Ok(()) } else { Err(SocketClosed) }
}

impl<In: IncomingMessages, Out> Stream for WebSocket<In, Out> {
    type Item = In::Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<In::Item>> {
        self.poll_receive(context)
    }
}

impl<In, Out> fmt::Debug for WebSocket<In, Out> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSocket")
            .field("subprotocol", &self.subprotocol)
            .field("sender", &self.sender)
            .finish_non_exhaustive()
    }
}
