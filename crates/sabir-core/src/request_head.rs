//! What a request says before its content.

use std::net::SocketAddr;

use http::{Extensions, HeaderMap, Method, Uri, Version};

use crate::RequestId;

/// The request line, the header section and what the connection knows (RFC 9112 §3, §5).
///
/// ```
/// use http::{Method, Uri};
/// use sabir_core::RequestHead;
///
/// let head = RequestHead::new(Method::GET, Uri::from_static("/users?limit=10"));
/// assert_eq!((head.uri.path(), head.uri.query()), ("/users", Some("limit=10")));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
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
    /// What else is known of the request, by type: what a `tower` layer has put there, and what the pipeline's own layers
    /// have found out for the handler.
    pub extensions: Extensions,
}

impl RequestHead {
    /// The head of an HTTP/1.1 request without header fields, with an id of its own.
    pub fn new(method: Method, uri: Uri) -> Self {
        let (mut parts, ()) = http::Request::new(()).into_parts();
        (parts.method, parts.uri) = (method, uri);
        Self::from_parts(parts, None)
    }

    /// The head of a request that came from `remote`. Its id is the one in `x-request-id`, else a new one.
    pub fn from_parts(parts: http::request::Parts, remote: Option<SocketAddr>) -> Self {
        Self {
            id: RequestId::of(&parts.headers),
            method: parts.method,
            uri: parts.uri,
            version: parts.version,
            headers: parts.headers,
            remote,
            extensions: parts.extensions,
        }
    }
}
