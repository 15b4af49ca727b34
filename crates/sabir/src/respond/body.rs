//! Answers whose content is made while it is sent.

use std::{
    pin::Pin,
    task::{Context, Poll, Waker, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use http::{
    HeaderValue, Response, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
};
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
        let (head, body) = self.into_parts();
        let mut reply = Reply::new(head.status);
        reply.headers = head.headers;
        reply.body = content(body, &mut reply.headers);
        reply
    }
}

/// Content that is at hand as such, and other content as a stream, with its length where that is known.
fn content<B>(body: B, headers: &mut http::HeaderMap) -> ReplyBody
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<StreamError>,
{
    if body.is_end_stream() {
        return ReplyBody::Empty;
    }
    let length = body.size_hint().exact();
    let mut body = Box::pin(body);
    let mut context = Context::from_waker(Waker::noop());
    // What is not ready now is asked again by those who wait for it.
    let first = match body.as_mut().poll_frame(&mut context) {
        Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
            Ok(bytes) if body.is_end_stream() => return ReplyBody::Bytes(bytes),
            Ok(bytes) => Some(Ok(bytes)),
            Err(_) => None,
        },
        Poll::Ready(Some(Err(error))) => Some(Err(error.into())),
        Poll::Ready(None) => return ReplyBody::Empty,
        Poll::Pending => None,
    };
    if let Some(length) = length {
        headers.entry(CONTENT_LENGTH).or_insert(length.into());
    }
    ReplyBody::Stream(Box::pin(Chunks { first, body }))
}

/// The data of a body; its trailers are left out, since a reply has none.
struct Chunks<B> {
    first: Option<Result<Bytes, StreamError>>,
    body: Pin<Box<B>>,
}

impl<B> Stream for Chunks<B>
where
    B: Body<Data = Bytes>,
    B::Error: Into<StreamError>,
{
    type Item = Result<Bytes, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(first));
        }
        loop {
            match ready!(self.body.as_mut().poll_frame(context)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
                Some(Ok(frame)) => {
                    if let Ok(chunk) = frame.into_data() {
                        return Poll::Ready(Some(Ok(chunk)));
                    }
                }
            }
        }
    }
}
