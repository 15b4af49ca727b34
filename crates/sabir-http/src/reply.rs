//! Responses of other libraries as replies.

use std::{
    pin::Pin,
    task::{Context, Poll, Waker, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, Response, header::CONTENT_LENGTH};
use http_body::Body;
use sabir_core::{
    Reply, ReplyBody,
    reply::{StreamError, Upgrade},
};

/// The reply that a response stands for. Its content is sent as it is made, or at once where it is at hand.
///
/// ```
/// use http::Response;
/// use sabir_core::ReplyBody;
///
/// let reply = sabir_http::reply_of(Response::new(String::from("hello")));
/// assert!(matches!(reply.body, ReplyBody::Bytes(content) if content == "hello"));
/// ```
pub fn reply_of<B>(response: Response<B>) -> Reply
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<StreamError>,
{
    let (head, body) = response.into_parts();
    let mut reply = Reply::new(head.status);
    reply.headers = head.headers;
    reply.body = match head.extensions.get::<Upgrade>() {
        Some(upgrade) => ReplyBody::Upgrade(upgrade.clone()),
        None => content(body, &mut reply.headers),
    };
    reply
}

/// Content that is at hand as such, and other content as a stream, with its length where that is known.
fn content<B>(body: B, headers: &mut HeaderMap) -> ReplyBody
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
