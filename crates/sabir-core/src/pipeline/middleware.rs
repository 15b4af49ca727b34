//! What stands around all routes of an application.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use http_body::Body as HttpBody;

use crate::{
    Body, BoxFuture, Problem, Reply, RequestHead,
    threads::{MaybeSend, MaybeSync},
};

/// Gets every request whose head has passed its checks, before a route is looked for, and answers it: by itself, or with what
/// another application answers, which it hands the request on to.
///
/// Content comes as [`Body::Stream`], unread and without a limit.
///
/// ```
/// use std::sync::Arc;
///
/// use http::{Method, Request, StatusCode};
/// use sabir_core::{Body, BoxFuture, Reply, RequestHead, Settings, pipeline::{ApplicationBuilder, Middleware}};
///
/// struct Closed;
///
/// impl Middleware for Closed {
///     fn call(&self, _head: Arc<RequestHead>, _content: Body) -> BoxFuture<'static, Reply> {
///         Box::pin(async { Reply::new(StatusCode::SERVICE_UNAVAILABLE) })
///     }
/// }
///
/// # futures_util::FutureExt::now_or_never(async {
/// let application = ApplicationBuilder::new(Settings::default()).build().behind(Arc::new(Closed));
/// let response = application.call(Request::get("/").body("".into()).unwrap()).await;
/// assert_eq!(response.status(), 503);
/// # }).unwrap();
/// ```
pub trait Middleware: MaybeSend + MaybeSync + 'static {
    /// Answers the request.
    fn call(&self, head: Arc<RequestHead>, content: Body) -> BoxFuture<'static, Reply>;
}

/// Content on its way to a middleware.
pub(super) fn unread<B>(body: B) -> Body
where
    B: HttpBody<Data = Bytes, Error = Problem> + MaybeSend + Unpin + 'static,
{
    if body.is_end_stream() {
        Body::Empty
    } else {
        Body::Stream(Box::pin(Chunks(body)))
    }
}

/// The data of a body, without its trailers.
struct Chunks<B>(B);

impl<B> Stream for Chunks<B>
where
    B: HttpBody<Data = Bytes, Error = Problem> + Unpin,
{
    type Item = Result<Bytes, Problem>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match ready!(Pin::new(&mut self.0).poll_frame(context)) {
                None => return Poll::Ready(None),
                Some(Err(problem)) => return Poll::Ready(Some(Err(problem))),
                Some(Ok(frame)) => {
                    if let Ok(chunk) = frame.into_data() {
                        return Poll::Ready(Some(Ok(chunk)));
                    }
                }
            }
        }
    }
}
