//! Why nothing can be sent.

use std::{error::Error, fmt};

/// The socket is closed: nothing can be sent. The handler that returns it has not failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SocketClosed;

impl fmt::Display for SocketClosed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the WebSocket is closed")
    }
}

impl Error for SocketClosed {}

/// A value was not sent.
#[derive(Debug)]
pub enum SendError {
    /// The socket is closed. The handler that returns this has not failed.
    Closed(SocketClosed),
    /// The value is none of JSON. (A variant named like the wrapper `Json` would have the compiler write that with its path.)
    NotJson(serde_json::Error),
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed(closed) => write!(f, "{closed}"),
            Self::NotJson(error) => write!(f, "the value is none of JSON: {error}"),
        }
    }
}

impl Error for SendError {}

impl From<SocketClosed> for SendError {
    fn from(closed: SocketClosed) -> Self {
        Self::Closed(closed)
    }
}

impl From<serde_json::Error> for SendError {
    fn from(error: serde_json::Error) -> Self {
        Self::NotJson(error)
    }
}
