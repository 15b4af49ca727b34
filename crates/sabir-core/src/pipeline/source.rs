//! What is known of a request besides what it says.

use std::net::SocketAddr;

use http::{Extensions, Uri, uri::PathAndQuery};

use crate::{Connection, Problem};

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

/// A request extension that tells the target which the client asked for, where it was changed on the way, as by a router that
/// takes a prefix away.
///
/// ```
/// use http::Request;
/// use sabir_core::pipeline::OriginalUri;
///
/// let mut request = Request::get("/users/7").body(()).unwrap();
/// request.extensions_mut().insert(OriginalUri("/api/users/7".parse().unwrap()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginalUri(pub Uri);

/// A request extension that says that the connection can go on with WebSocket, which the pipeline asks for before the handler of
/// a socket is called. Whoever sets it takes the [`Upgrade`](crate::reply::Upgrade) from the extensions of the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CanUpgrade {
    /// Whether the client asked by an extended CONNECT (RFC 8441), which then counts as GET.
    pub is_connect: bool,
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
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about the request"
)]
pub struct Source {
    pub(super) remote: Option<SocketAddr>,
    pub(super) connection: Option<Connection>,
    pub(super) is_measured: bool,
    pub(super) needs_host: bool,
    pub(super) refusal: Option<Box<Problem>>,
    pub(super) is_passed_on: bool,
    pub(super) owns_connection: bool,
    pub(super) original: Option<PathAndQuery>,
}

impl Source {
    /// The client's address.
    #[must_use]
    pub fn from_client(mut self, remote: Option<SocketAddr>) -> Self {
        self.remote = remote;
        self
    }

    /// The connection that it came on.
    #[must_use]
    pub fn on(mut self, connection: &Connection) -> Self {
        self.connection = Some(connection.clone());
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

    /// The request has its connection for itself, so that a handler may take that over. Whoever says so takes the
    /// [`Upgrade`](crate::reply::Upgrade) from the extensions of the response, and sends nothing.
    #[must_use]
    pub fn owning_connection(mut self, owns_connection: bool) -> Self {
        self.owns_connection = owns_connection;
        self
    }

    /// Another application has taken the request in, and names it in the log.
    #[must_use]
    pub fn passed_on(mut self, is_passed_on: bool) -> Self {
        self.is_passed_on = is_passed_on;
        self
    }

    /// What the client asked for, where the target was changed since: problems name it, and redirects stay below what was taken
    /// from its path.
    #[must_use]
    pub fn asked_for(mut self, original: Option<&OriginalUri>) -> Self {
        self.original = original.and_then(|original| original.0.path_and_query().cloned());
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
