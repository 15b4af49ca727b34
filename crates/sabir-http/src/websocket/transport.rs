//! What frames travel on.

use tokio::io::{AsyncRead, AsyncWrite};

/// A stream of bytes in both directions.
pub trait Transport: AsyncRead + AsyncWrite + Send + Unpin + 'static {
    /// Has what is still to be sent be forgotten when the stream is dropped.
    fn discard_unsent(&self) {}
}

impl Transport for tokio::io::DuplexStream {}

impl Transport for tokio::net::TcpStream {}

impl Transport for tokio::net::UnixStream {}
