//! What a handler answers.

mod handler_failed;
mod problem;
mod representation;
mod trailers;
mod upgrade;

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

pub use handler_failed::HandlerFailed;
pub use representation::Representation;
pub use trailers::{ForbiddenTrailer, Trailers};
pub use upgrade::Upgrade;

use crate::{Problem, encoding::Running, in_flight::Permit, threads::BoxStream};

/// An extension of responses that an application has passed on: its stages have seen them.
#[derive(Debug, Clone, Copy)]
pub struct Finished;

/// An answer on its way to the client.
///
/// ```
/// use http::{HeaderValue, StatusCode, header::ETAG};
/// use sabir_core::Reply;
///
/// let reply = Reply::bytes(StatusCode::OK, "text/plain", "hello")
///     .with_header(ETAG, HeaderValue::from_static("\"1\""));
/// assert_eq!(reply.headers["content-type"], "text/plain");
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Reply {
    /// The status code.
    pub status: StatusCode,
    /// The header fields; a name may be repeated.
    pub headers: HeaderMap,
    /// The content.
    pub body: ReplyBody,
    /// What follows content that is a [`Stream`](ReplyBody::Stream).
    pub trailers: Option<Box<Trailers>>,
    /// Whether it stands for a response that a pipeline has [finished](Finished).
    pub is_finished: bool,
    /// Encodes content that is a stream while it is sent.
    pub(crate) encoder: Option<Box<Running>>,
    /// Counts the call that this answers, until its last byte is sent.
    pub permit: Option<Permit>,
}

/// Why a reply stream ended early; the connection is closed so that the client can tell.
pub type StreamError = Box<dyn std::error::Error + Send + Sync>;

/// The content of a [`Reply`].
///
/// ```
/// use bytes::Bytes;
/// use futures_util::stream;
/// use sabir_core::ReplyBody;
///
/// let chunks = ["a", "b"].map(|text| Ok(Bytes::from(text)));
/// let body = ReplyBody::Stream(Box::pin(stream::iter(chunks)));
/// # let _ = body;
/// ```
#[derive(Default)]
#[non_exhaustive]
pub enum ReplyBody {
    /// No content.
    #[default]
    Empty,
    /// Content that is at hand.
    Bytes(Bytes),
    /// A problem; the pipeline fills in `instance` and `request_id` and writes it. The reply's own header fields are
    /// sent too.
    Problem(Box<Problem>),
    /// No content: the connection goes on with another protocol. The pipeline sets the status. Only for routes of a socket.
    Upgrade(Upgrade),
    /// No answer at all: whoever takes the connection over writes it. Only on connections that are one request's alone
    /// ([`Source::owning_connection`](crate::pipeline::Source::owning_connection)); elsewhere the answer is 500.
    Takeover(Upgrade),
    /// Content sent as it is made.
    Stream(BoxStream<Result<Bytes, StreamError>>),
    /// [Events](crate::Event), each of them encoded. The connection keeps a stream of them alive, and ends it when the server
    /// stops: clients come back by themselves.
    Events(BoxStream<Result<Bytes, StreamError>>),
}

impl Reply {
    /// A reply with `status` and no content.
    pub fn new(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body: ReplyBody::Empty,
            trailers: None,
            is_finished: false,
            encoder: None,
            permit: None,
        }
    }

    /// A reply with `status` and `body` as `content_type`.
    pub fn bytes(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self::content(status, HeaderValue::from_static(content_type), body)
    }

    /// The same with a type that has been made a header value before, as by the compiler: looking at every character takes
    /// longer than all else here.
    ///
    /// ```
    /// use http::{HeaderValue, StatusCode};
    /// use sabir_core::Reply;
    ///
    /// let json = const { HeaderValue::from_static("application/json") };
    /// assert_eq!(Reply::content(StatusCode::OK, json, "{}").headers["content-type"], "application/json");
    /// ```
    pub fn content(status: StatusCode, content_type: HeaderValue, body: impl Into<Bytes>) -> Self {
        let mut reply = Self::new(status);
        reply.headers.insert(header::CONTENT_TYPE, content_type);
        reply.body = ReplyBody::Bytes(body.into());
        reply
    }

    /// The same reply with one more header field; fields of the same name are kept.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// The same reply, whose content is a stream that `trailers` follow.
    #[must_use]
    pub fn with_trailers(mut self, trailers: Trailers) -> Self {
        self.trailers = Some(Box::new(trailers));
        self
    }
}

impl fmt::Debug for ReplyBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("Empty"),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Self::Problem(problem) => problem.fmt(f),
            Self::Upgrade(_) => f.write_str("Upgrade"),
            Self::Takeover(_) => f.write_str("Takeover"),
            Self::Stream(_) => f.write_str("Stream"),
            Self::Events(_) => f.write_str("Events"),
        }
    }
}
