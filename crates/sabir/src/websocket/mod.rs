//! Sockets of WebSocket (RFC 6455) as handlers see them.

mod error;
mod handler;
mod inbox;
mod message;
mod options;
mod outcome;
mod socket;

pub use error::{SendError, SocketClosed};
pub use handler::SocketHandler;
pub(crate) use handler::handler;
pub use message::{IncomingMessages, OutgoingMessages};
pub use options::WebSocketOptions;
pub use outcome::SocketOutcome;
pub use sabir_core::{
    operation::InvalidMessage,
    settings::{WebSocketCompression, WebSocketQueuePolicy},
    websocket::{Close, CloseCode, Message},
};
pub use sabir_http::websocket::{PreparedMessage, SendOutcome, SocketSender as WebSocketSender};
pub use socket::WebSocket;
