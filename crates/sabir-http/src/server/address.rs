//! Where a server listens.

use std::path::PathBuf;

/// An address to bind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A host name or IP address, and a port; port 0 takes a free one.
    Tcp(String, u16),
    /// The path of a unix socket.
    Unix(PathBuf),
}
