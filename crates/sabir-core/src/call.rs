//! What a handler is given.

use std::{fmt, net::SocketAddr, pin::Pin, sync::Arc};

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, Method, Uri, Version};

use crate::{Problem, RequestId, Route, Value};

/// One request on its way to a handler.
#[derive(Debug)]
pub struct Call {
    /// The route that matched.
    pub route: Arc<Route>,
    /// The request line and the header section, shared with the runtime, which needs them to write the answer.
    pub head: Arc<RequestHead>,
    /// The decoded and validated arguments.
    pub arguments: Arguments,
    /// The body as sent. Kept beside `arguments.body`, since a handler may ask for the bytes as well.
    pub body: Body,
}

/// The request line, the header section and what the connection knows (RFC 9112 §3, §5).
#[derive(Debug, Clone)]
pub struct RequestHead {
    /// The request method.
    pub method: Method,
    /// The request target.
    pub uri: Uri,
    /// The protocol version.
    pub version: Version,
    /// The header fields, in the order received.
    pub headers: HeaderMap,
    /// The client's address; `None` on unix sockets and in memory.
    pub remote: Option<SocketAddr>,
    /// The request's id.
    pub id: RequestId,
}

/// Decoded arguments. `parameters[i]` belongs to the `i`th parameter of the route's compiled
/// [`Parameters`](crate::parameters::Parameters); an absent optional parameter is `None`.
#[derive(Debug, Default)]
pub struct Arguments {
    /// Path, query, header and cookie parameters.
    pub parameters: Vec<Option<Value>>,
    /// The decoded body; `None` when the operation declares none or none was sent.
    pub body: Option<Value>,
    /// The media type chosen among those that the operation's responses declare; `None` when it declares none.
    pub accepts: Option<Arc<str>>,
}

/// A stream of body chunks.
pub type BodyStream = Pin<Box<dyn Stream<Item = Result<Bytes, Problem>> + Send>>;

/// A request body.
#[derive(Default)]
pub enum Body {
    /// No content.
    #[default]
    Empty,
    /// The whole content.
    Bytes(Bytes),
    /// Content that has not been read yet.
    Stream(BodyStream),
    /// Multipart content that was decoded while it arrived. It is not kept: its files may be larger than memory.
    Decoded,
}

impl Body {
    /// The content as it was sent, where it is in memory; empty when there is none.
    ///
    /// # Errors
    /// Says why there is content that is not kept, and what to do.
    pub fn content(&self) -> Result<Bytes, NotKept> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.clone()),
            Self::Empty => Ok(Bytes::new()),
            Self::Stream(_) | Self::Decoded => Err(NotKept),
        }
    }
}

/// Content that is asked for as it was sent, and is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the content of a declared multipart form is decoded while it arrives, and not kept; take its fields, or leave the \
     form undeclared to get the content as it was sent"
)]
pub struct NotKept;

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Self::Stream(_) => f.write_str("Stream"),
            Self::Decoded => f.write_str("Decoded"),
        }
    }
}
