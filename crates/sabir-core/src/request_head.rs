//! What a request says before its content.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Extensions, HeaderMap, HeaderValue, Method, Uri, Version};

use crate::{Connection, RequestId};

/// How a client has come: over plain HTTP, or over TLS, which proxies end. As an extension of a request it says so for servers other
/// than this project's own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Scheme {
    /// `http`.
    #[default]
    Http,
    /// `https`.
    Https,
}

impl Scheme {
    /// The name in URLs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// The port where an URL names none (RFC 9110 §4.2.1, §4.2.2).
    pub fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

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
    /// The scheme that the client has used.
    pub scheme: Scheme,
    /// The client's address; `None` on unix sockets and in memory. Its port is 0 where a proxy has not told it.
    pub remote: Option<SocketAddr>,
    /// The connection that it came on, unless another server has taken the request in.
    pub connection: Option<Connection>,
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
            scheme: parts.extensions.get().copied().unwrap_or_default(),
            remote,
            connection: parts.extensions.get().cloned(),
            extensions: parts.extensions,
        }
    }

    /// Copies what the head shares with the buffer that it was read into. For whoever keeps it for as long as its client stays: some
    /// hundred bytes would keep kilobytes.
    ///
    /// ```
    /// # use http::{Method, Uri};
    /// # use sabir_core::RequestHead;
    /// let mut head = RequestHead::new(Method::GET, Uri::from_static("/users?limit=10"));
    /// head.detach();
    /// assert_eq!(head.uri, "/users?limit=10");
    /// ```
    pub fn detach(&mut self) {
        let values: Vec<u8> = self
            .headers
            .values()
            .flat_map(HeaderValue::as_bytes)
            .copied()
            .collect();
        let mut rest = Bytes::from(values);
        for value in self.headers.values_mut() {
            let Ok(mut own) = HeaderValue::from_maybe_shared(rest.split_to(value.len())) else {
                continue;
            };
            own.set_sensitive(value.is_sensitive());
            *value = own;
        }
        if let Ok(own) = Uri::try_from(self.uri.to_string()) {
            self.uri = own;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_that_is_detached_is_the_same_and_keeps_no_buffer() {
        let buffer = Bytes::from(b"/a/b?c=d one two".to_vec());
        let target = Uri::from_maybe_shared(buffer.slice(..8)).unwrap();
        let mut head = RequestHead::new(Method::GET, target);
        for (name, value) in [("x-a", 9..12), ("x-b", 13..16), ("x-a", 9..9)] {
            let value = HeaderValue::from_maybe_shared(buffer.slice(value)).unwrap();
            head.headers.append(name, value);
        }
        head.headers.get_mut("x-b").unwrap().set_sensitive(true);
        let before = head.clone();
        head.detach();
        assert_eq!((&head.uri, &head.headers), (&before.uri, &before.headers));
        assert!(head.headers["x-b"].is_sensitive());
        assert!(!buffer.is_unique());
        drop(before);
        assert!(buffer.is_unique());
    }
}
