//! The ways to send a fixture's requests.

mod content;
mod http2;
mod memory;
mod response;
mod socket;

pub(crate) use http2::Http2;
pub(crate) use memory::Memory;
pub(crate) use response::{Answer, Reading};
pub(crate) use socket::Socket;

/// How requests reach the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// As function calls.
    Memory,
    /// Over a loopback socket.
    Socket,
    /// Over a loopback socket, each request in two segments and for another host.
    Segments,
    /// Over a loopback socket, in HTTP/2 with prior knowledge (RFC 9113 §3.3).
    Http2,
}
