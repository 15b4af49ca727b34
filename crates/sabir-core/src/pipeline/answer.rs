//! The answer to come.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Extensions, HeaderValue, Response, header::CONTENT_LENGTH};
use http_body::Body;
use tracing::Span;

use super::{
    exchange::Exchange,
    finish::{ResponseBody, finish},
    guarded::Guarded,
    shield::shield,
    whole::collect,
};
use crate::{BoxFuture, Problem, Reply, threads::MaybeSend};

/// The answer to come. Dropping it cancels the handler.
///
/// It never fails: what goes wrong is answered with a problem.
///
/// ```
/// use http::Method;
/// use sabir_core::{Problem, Settings, pipeline::ApplicationBuilder};
///
/// # futures_util::FutureExt::now_or_never(async {
/// let application = ApplicationBuilder::new(Settings::default()).build();
/// let response = application.refuse(Method::GET, Problem::from_status(431)).in_memory().await;
/// assert_eq!(response.status(), 431);
/// # }).unwrap();
/// ```
#[must_use = "nothing is answered unless this is polled"]
pub struct Answer {
    progress: Progress,
    exchange: Exchange,
    /// Boxed, since most requests are not traced, and the answer is moved by value.
    span: Option<Box<Span>>,
}

/// How far a request is.
pub(super) enum Progress {
    /// The runtime itself has answered.
    Done(Option<Box<Reply>>),
    /// A stage waits before the request goes on.
    Waiting(
        BoxFuture<'static, (Extensions, Option<Box<Reply>>)>,
        Box<dyn Resume>,
    ),
    /// A handler is at work; without content this needs no box but the handler's own.
    Handling(Guarded),
    /// The content is read first.
    Reading(BoxFuture<'static, Result<Guarded, Box<Problem>>>),
}

/// What goes on when a stage has waited.
pub(super) trait Resume: MaybeSend {
    fn resume(self: Box<Self>, exchange: &mut Exchange) -> Result<Progress, Box<Problem>>;
}

impl Progress {
    #[allow(
        clippy::boxed_local,
        reason = "problems travel in boxes, since they are large and rare"
    )]
    pub(super) fn refused(problem: Box<Problem>) -> Self {
        Self::Done(Some(Box::new(problem.into_reply())))
    }

    fn poll(&mut self, context: &mut Context<'_>, exchange: &mut Exchange) -> Poll<Reply> {
        loop {
            match self {
                Self::Waiting(work, _) => {
                    let (notes, answer) = ready!(work.as_mut().poll(context));
                    exchange.extensions_mut().extend(notes);
                    let next = match (answer, std::mem::replace(self, Self::Done(None))) {
                        (None, Self::Waiting(_, resume)) => resume.resume(exchange),
                        (answer, _) => Ok(Self::Done(answer)),
                    };
                    *self = next.unwrap_or_else(Self::refused);
                }
                Self::Done(reply) => {
                    return match reply.take() {
                        Some(reply) => Poll::Ready(*reply),
                        // Polled again after it has answered: there is nothing more to come.
                        None => Poll::Pending,
                    };
                }
                Self::Handling(work) => return Pin::new(work).poll(context),
                Self::Reading(work) => {
                    *self = match ready!(work.as_mut().poll(context)) {
                        Ok(work) => Self::Handling(work),
                        Err(problem) => Self::refused(problem),
                    }
                }
            }
        }
    }
}

impl Answer {
    pub(super) fn new(progress: Progress, exchange: Exchange, span: Option<Box<Span>>) -> Self {
        Self {
            progress,
            exchange,
            span,
        }
    }

    /// The response with its whole content, and with the `content-length` that a socket would add.
    pub async fn in_memory(self) -> Response<Bytes> {
        let (head, body) = self.with_length().await.into_parts();
        let content = collect(body).await.unwrap_or_default();
        Response::from_parts(head, content)
    }

    /// The response with the `content-length` that a socket would add; its content may be a stream.
    pub async fn with_length(mut self) -> Response<ResponseBody> {
        let mut response = (&mut self).await;
        let has_content = !self.exchange.is_head && !matches!(response.status().as_u16(), 101 | 204 | 304);
        if has_content && let Some(length) = response.body().size_hint().exact() {
            response
                .headers_mut()
                .insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        response
    }
}

impl Future for Answer {
    type Output = Response<ResponseBody>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self {
            progress,
            exchange,
            span,
        } = &mut *self;
        let _current = exchange.id().enter();
        let _entered = span.as_ref().map(|span| span.enter());
        let reply = match shield(|| progress.poll(context, exchange)) {
            Ok(polled) => ready!(polled),
            Err(panicked) => {
                // What is left of the work may panic once more as it is dropped.
                let _ = shield(|| *progress = Progress::Done(None));
                Problem::from(panicked).into_reply()
            }
        };
        let response = finish(exchange, reply);
        if span.is_some() {
            tracing::info!(status = response.status().as_u16(), "answered");
        }
        Poll::Ready(response)
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("exchange", &self.exchange)
            .finish_non_exhaustive()
    }
}
