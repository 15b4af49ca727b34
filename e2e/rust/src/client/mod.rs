//! The two ways to send a fixture's requests.

mod content;
mod memory;
mod response;
mod socket;

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
}
