//! What is known of a request besides what it says.

use std::net::SocketAddr;

use http::Extensions;

use crate::Problem;

/// A request extension that tells the client's address, for servers other than this project's own.
///
/// ```
/// use http::Request;
/// use sabir_core::pipeline::RemoteAddress;
///
/// let mut request = Request::get("/").body(()).unwrap();
/// request.extensions_mut().insert(RemoteAddress("192.0.2.7:50000".parse().unwrap()));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct RemoteAddress(pub SocketAddr);

impl RemoteAddress {
    /// The address that `extensions` tell.
    pub fn of(extensions: &Extensions) -> Option<SocketAddr> {
        extensions.get::<Self>().map(|address| address.0)
    }
}

/// Where a request comes from, and what its connection has found out about it.
///
/// ```
/// use sabir_core::{Problem, pipeline::Source};
///
/// let source = Source::default()
///     .from_client("192.0.2.7:50000".parse().ok())
///     .needing_host()
///     .refused(Problem::bad_request("A line of the header section does not end with CR LF."));
/// # let _ = source;
/// ```
#[derive(Debug, Default)]
pub struct Source {
    pub(super) remote: Option<SocketAddr>,
    pub(super) is_measured: bool,
    pub(super) needs_host: bool,
    pub(super) refusal: Option<Box<Problem>>,
}

impl Source {
    /// The client's address.
    #[must_use]
    pub fn from_client(mut self, remote: Option<SocketAddr>) -> Self {
        self.remote = remote;
        self
    }

    /// The connection has held the head against the limits already, and its fields against the rules of HTTP/1.1.
    #[must_use]
    pub fn measured(mut self, is_measured: bool) -> Self {
        self.is_measured = is_measured;
        self
    }

    /// The request must say which host it is for (RFC 9112 §3.2). Whoever passes requests on, as a `tower` server does, has
    /// made sure of what it wants itself.
    #[must_use]
    pub fn needing_host(mut self) -> Self {
        self.needs_host = true;
        self
    }

    /// The connection refuses the request. Its head may stand for one that could not be read; the target of such a one is
    /// `*`.
    #[must_use]
    pub fn refused(mut self, problem: Problem) -> Self {
        self.refusal = Some(Box::new(problem));
        self
    }
}
