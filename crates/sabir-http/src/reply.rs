//! Responses of other libraries as replies.

use std::{
    mem,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderMap, Response, header::CONTENT_LENGTH};
use http_body::Body;
use sabir_core::{
    Reply, ReplyBody,
    reply::{Finished, StreamError, Trailers, Upgrade},
};

/// The reply that a response stands for. Its content is sent as it is made, or at once where it is at hand; what follows content
/// that is a stream follows it here too.
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
    reply.is_finished = head.extensions.get::<Finished>().is_some();
    if let Some(upgrade) = head.extensions.get::<Upgrade>() {
        reply.body = ReplyBody::Upgrade(upgrade.clone());
    } else {
        (reply.body, reply.trailers) = content(body, &mut reply.headers);
    }
    reply
}

/// Content that is at hand as such, and other content as a stream, with its length where that is known, or what follows it.
fn content<B>(body: B, headers: &mut HeaderMap) -> (ReplyBody, Option<Box<Trailers>>)
where
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<StreamError>,
{
    if body.is_end_stream() {
        return (ReplyBody::Empty, None);
    }
    let length = body.size_hint().exact();
    let mut body = Box::pin(body);
    let trailers = Arc::<Mutex<HeaderMap>>::default();
    let mut context = Context::from_waker(Waker::noop());
    // What is not ready now is asked again by those who wait for it.
    let first = match body.as_mut().poll_frame(&mut context) {
        Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
            Ok(bytes) if body.is_end_stream() => return (ReplyBody::Bytes(bytes), None),
            Ok(bytes) => Some(Ok(bytes)),
            Err(frame) => {
                // Content that is empty but for them is a stream too.
                if let Ok(fields) = frame.into_trailers() {
                    extend(&trailers, fields);
                }
                None
            }
        },
        Poll::Ready(Some(Err(error))) => Some(Err(error.into())),
        Poll::Ready(None) => return (ReplyBody::Empty, None),
        Poll::Pending => None,
    };
    if let Some(length) = length {
        headers.entry(CONTENT_LENGTH).or_insert(length.into());
    }
    let read = Arc::clone(&trailers);
    // What says its length says that nothing follows: in HTTP/1.1 nothing could.
    let trailers_to_come = length.is_none().then(|| {
        let make = move || mem::take(&mut *read.lock().unwrap_or_else(PoisonError::into_inner));
        Box::new(Trailers::passed_on(make))
    });
    let chunks = Chunks {
        first,
        body,
        trailers,
    };
    (ReplyBody::Stream(Box::pin(chunks)), trailers_to_come)
}

fn extend(trailers: &Mutex<HeaderMap>, fields: HeaderMap) {
    let mut trailers = trailers.lock().unwrap_or_else(PoisonError::into_inner);
    trailers.extend(fields);
}

/// The data of a body. What follows it is put aside.
struct Chunks<B> {
    first: Option<Result<Bytes, StreamError>>,
    body: Pin<Box<B>>,
    trailers: Arc<Mutex<HeaderMap>>,
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
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(chunk) => return Poll::Ready(Some(Ok(chunk))),
                    Err(frame) => {
                        if let Ok(fields) = frame.into_trailers() {
                            extend(&self.trailers, fields);
                        }
                    }
                },
            }
        }
    }
}
