//! WebSocket (RFC 6455), as far as it needs no I/O: what a route says of its socket, the handshake, and messages.
//!
//! A route becomes one of a socket by the word `websocket` in `x-sabir` of its operation, a [`SocketDescription`]. Its requests
//! pass the same checks as all others, and the [`Handshake`] besides, before its handler is called. That answers with
//! [`ReplyBody::Upgrade`](crate::ReplyBody::Upgrade), or with anything else to refuse.

mod close_code;
mod handshake;
mod message;
mod origin;
mod plan;

pub use close_code::{Close, CloseCode};
pub use handshake::Handshake;
pub(crate) use handshake::{PROTOCOL, check};
pub use message::Message;
pub use plan::{Rejection, SocketPlan};
