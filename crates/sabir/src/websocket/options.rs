//! What a route says of its socket besides the types of its messages.

use std::time::Duration;

use sabir_core::operation::{InvalidMessage, SocketDescription};

/// Options of one WebSocket, for [`Sabir::websocket_with`](crate::Sabir::websocket_with). Limits that are left out are those of the
/// settings.
///
/// ```
/// use sabir::websocket::WebSocketOptions;
///
/// let options = WebSocketOptions::new()
///     .subprotocols(["chat.v1"])
///     .allowed_origins(["https://shop.example"])
///     .message_limit(64 * 1024);
/// # let _ = options;
/// ```
#[derive(Debug, Clone, Default)]
pub struct WebSocketOptions(pub(crate) SocketDescription);

impl WebSocketOptions {
    /// The usual options.
    pub fn new() -> Self {
        Self::default()
    }

    /// The subprotocols that the handler speaks. The first of the client's list that is among them is chosen; without one in common
    /// the socket has none, and the client decides whether to go on.
    #[must_use]
    pub fn subprotocols<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        self.0.subprotocols = names.into_iter().map(Into::into).collect();
        self
    }

    /// The origins of pages that may connect, as `https://shop.example`, and `*` for all. Without any, only pages of the server's
    /// own host may; clients that are no browsers always may.
    #[must_use]
    pub fn allowed_origins<T: Into<String>>(mut self, origins: impl IntoIterator<Item = T>) -> Self {
        self.0.allowed_origins = origins.into_iter().map(Into::into).collect();
        self
    }

    /// What becomes of a message that does not fit its type. It never reaches the handler.
    #[must_use]
    pub fn invalid_message(mut self, policy: InvalidMessage) -> Self {
        self.0.invalid_message = policy;
        self
    }

    /// The largest message in bytes; a larger one closes the socket with 1009.
    #[must_use]
    pub fn message_limit(mut self, bytes: u64) -> Self {
        self.0.message_limit = Some(bytes);
        self
    }

    /// How long the client may send nothing, not even an answer to a ping; zero is for ever.
    #[must_use]
    pub fn idle_timeout(mut self, time: Duration) -> Self {
        self.0.idle_timeout_ms = Some(milliseconds(time));
        self
    }

    /// After how much silence the client is sent a ping, and how long it then has to answer; zero is never.
    #[must_use]
    pub fn ping_interval(mut self, time: Duration) -> Self {
        self.0.ping_interval_ms = Some(milliseconds(time));
        self
    }

    /// How many bytes may wait to be sent.
    #[must_use]
    pub fn send_queue_limit(mut self, bytes: u64) -> Self {
        self.0.send_queue_limit = Some(bytes);
        self
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
