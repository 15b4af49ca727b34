//! Answers whose content is made while it is sent.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use http_body::Body;
use sabir_core::{Reply, ReplyBody, reply::StreamError};

use super::Respond;

/// A stream of chunks as content. It is polled when the client has read what was sent before; when it fails, the connection
/// is closed, so that the client can tell.
///
/// ```
/// use std::io;
///
/// use futures_util::stream;
/// use sabir::{Sabir, StreamBody, header::CONTENT_TYPE};
///
/// async fn rows() -> impl sabir::Respond {
///     let rows = stream::iter(["sku,sold\n", "TEA-0001,7\n"].map(Ok::<_, io::Error>));
///     ([(CONTENT_TYPE, "text/csv")], StreamBody(rows))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new().get("/rows", rows).build()?;
/// let response = app.call_in_memory(http::Request::get("/rows").body("".into()).unwrap()).await;
/// assert_eq!(response.body(), "sku,sold\nTEA-0001,7\n");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct StreamBody<S>(pub S);

impl<S, B, E> Respond for StreamBody<S>
where
    S: Stream<Item = Result<B, E>> + Send + 'static,
    B: Into<Bytes>,
    E: Into<StreamError>,
{
    fn respond(self) -> Reply {
        let mut reply = Reply::new(StatusCode::OK);
        let octets = HeaderValue::from_static("application/octet-stream");
        reply.headers.insert(CONTENT_TYPE, octets);
        reply.body = ReplyBody::Stream(Box::pin(Converted(Box::pin(self.0))));
        reply
    }
}

struct Converted<S>(Pin<Box<S>>);

impl<S, B, E> Stream for Converted<S>
where
    S: Stream<Item = Result<B, E>>,
    B: Into<Bytes>,
    E: Into<StreamError>,
{
    type Item = Result<Bytes, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = ready!(self.0.as_mut().poll_next(context));
        Poll::Ready(item.map(|item| item.map(Into::into).map_err(Into::into)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

/// A response of the crate `http`, with any body: text, bytes, or what another library makes.
impl<B> Respond for Response<B>
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<StreamError>,
{
    fn respond(self) -> Reply {
        sabir_http::reply_of(self)
    }
}
