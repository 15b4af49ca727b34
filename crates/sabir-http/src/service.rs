//! The finished application as a service.

use std::{
    convert::Infallible,
    future::Future,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{
    HeaderValue, Method, Request, Response, Uri,
    header::{CONTENT_LENGTH, HOST},
};
use http_body::Body as HttpBody;
use http_body_util::{BodyExt, Full};
use sabir_core::{
    Problem, Reply, RequestHead, Settings,
    in_flight::{self, InFlight},
    routing::Router,
};
use tracing::{Level, Span};

use crate::{
    ResponseBody,
    app::Target,
    content::{self, Pace},
    guard::Guarded,
    head_checks,
    memory::Refused,
    nested::Nested,
    pipeline::{self, ContentSettings},
    response::Origin,
    shield::{Panicked, shield},
};

/// An application that answers requests. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    router: Router<Target>,
    nested: Vec<Nested>,
    settings: Settings,
    in_flight: Option<Arc<InFlight>>,
}

/// A request extension that tells [`Service`] the client's address, for servers other than
/// [`Server`](crate::Server).
#[derive(Debug, Clone, Copy)]
pub struct RemoteAddress(pub SocketAddr);

/// Where a request comes from.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Source {
    pub(crate) remote: Option<SocketAddr>,
    /// Whether the connection has held the head against the limits already.
    pub(crate) is_measured: bool,
    /// Whether a request must say which host it is for. A server that calls the service through `tower` has made sure of
    /// what it wants itself, and callers in their own program have no host to name.
    pub(crate) needs_host: bool,
}

/// The answer to come. Dropping it cancels the handler.
pub(crate) struct ResponseFuture {
    stage: Stage,
    origin: Origin,
    span: Option<Span>,
}

enum Stage {
    /// The runtime itself has answered.
    Done(Option<Box<Reply>>),
    /// A handler is at work; without content this needs no box but the handler's own.
    Handling(Guarded),
    /// The content is read first.
    Reading(Pin<Box<dyn Future<Output = Reply> + Send>>),
}

impl Service {
    pub(crate) fn new(
        router: Router<Target>,
        nested: Vec<Nested>,
        settings: Settings,
        in_flight: Option<Arc<InFlight>>,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                router,
                nested,
                settings,
                in_flight,
            }),
        }
    }

    /// The settings of the application.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// Answers a request in memory, through the same pipeline as on a socket.
    ///
    /// [`memory_request`](crate::memory_request) makes one of anything. `Host` is added when it is missing, and the answer has a `content-length`, as a socket would have it.
    pub async fn call_in_memory(&self, mut request: Request<Bytes>) -> Response<Bytes> {
        if request.uri().authority().is_none() {
            request
                .headers_mut()
                .entry(HOST)
                .or_insert(HeaderValue::from_static("localhost"));
        }
        let is_head = request.method() == Method::HEAD;
        let remote = request
            .extensions()
            .get::<RemoteAddress>()
            .map(|address| address.0);
        let source = Source {
            remote,
            is_measured: false,
            needs_host: true,
        };
        let answer = match request.extensions_mut().remove() {
            Some(Refused(problem)) => Self::refuse_unread(request.method(), *problem),
            None => self.answer(
                request.map(|body| Full::new(body).map_err(|never| match never {})),
                source,
            ),
        };
        let (mut head, body) = answer.await.into_parts();
        let is_stream = body.is_stream();
        let bytes = match body.collect().await {
            Ok(collected) => collected.to_bytes(),
            Err(error) => {
                tracing::error!(%error, "a reply stream failed");
                Bytes::new()
            }
        };
        if !is_stream && !is_head && !matches!(head.status.as_u16(), 204 | 304) {
            head.headers
                .insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        }
        Response::from_parts(head, bytes)
    }

    /// Answers a request whose head could not be read; nothing but its method is known.
    pub(crate) fn refuse_unread(method: &Method, problem: Problem) -> ResponseFuture {
        let head = RequestHead::new(method.clone(), Uri::from_static("*"));
        ResponseFuture::refusal(head, problem)
    }

    pub(crate) fn answer<B>(&self, request: Request<B>, source: Source) -> ResponseFuture
    where
        B: HttpBody<Data = Bytes, Error = Problem> + Send + Unpin + 'static,
    {
        let (parts, body) = request.into_parts();
        let span = tracing::enabled!(Level::INFO)
            .then(|| tracing::info_span!("request", method = %parts.method, path = parts.uri.path()));
        let entered = span.as_ref().map(Span::enter);
        let mut head = RequestHead::from_parts(parts, source.remote);
        // What is reported meanwhile is about this request.
        let current = head.id.enter();
        let checked = shield(|| head_checks::check(&mut head, &self.inner.settings, source));
        let mut origin = Origin::of(Arc::new(head));
        let stage = match checked.unwrap_or_else(|panicked| Err(panicked.into())) {
            Ok(()) => shield(|| self.begin(body, &mut origin)).unwrap_or_else(Stage::failed),
            Err(problem) => Stage::refused(*problem),
        };
        drop((entered, current));
        ResponseFuture { stage, origin, span }
    }

    /// Finds out what answers the request.
    fn begin<B>(&self, body: B, origin: &mut Origin) -> Stage
    where
        B: HttpBody<Data = Bytes, Error = Problem> + Send + Unpin + 'static,
    {
        let inner = &self.inner;
        let mut matched = match pipeline::find(&inner.router, &inner.nested, Arc::clone(origin.head())) {
            Ok(matched) => matched,
            Err(reply) => return Stage::Done(Some(reply)),
        };
        if let Some(in_flight) = &inner.in_flight {
            match in_flight.enter() {
                Some(permit) => matched.hold(permit),
                None => return Stage::refused(in_flight::refusal()),
            }
        }
        origin.set_varies(matched.is_negotiated());
        if body.is_end_stream() {
            return match matched.without_content() {
                Ok(work) => Stage::Handling(work),
                Err(problem) => Stage::refused(problem),
            };
        }
        let settings = ContentSettings {
            pace: Pace::of(&inner.settings),
            expansion_limit: inner.settings.expansion_limit,
        };
        Stage::Reading(Box::pin(async move {
            match matched.with_content(body, settings).await {
                Ok(work) => work.await,
                Err(problem) => problem.into_reply(),
            }
        }))
    }
}

impl Stage {
    fn refused(problem: Problem) -> Self {
        Self::Done(Some(Box::new(problem.into_reply())))
    }

    fn failed(panicked: Panicked) -> Self {
        Self::refused(panicked.into())
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Reply> {
        match self {
            Self::Done(reply) => match reply.take() {
                Some(reply) => Poll::Ready(*reply),
                // Polled again after it has answered: there is nothing more to come.
                None => Poll::Pending,
            },
            Self::Handling(work) => Pin::new(work).poll(context),
            Self::Reading(work) => work.as_mut().poll(context),
        }
    }
}

impl ResponseFuture {
    fn refusal(head: RequestHead, problem: Problem) -> Self {
        Self {
            stage: Stage::refused(problem),
            origin: Origin::of(Arc::new(head)),
            span: None,
        }
    }
}

impl Future for ResponseFuture {
    type Output = Response<ResponseBody>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { stage, origin, span } = &mut *self;
        let _current = origin.head().id.enter();
        let _entered = span.as_ref().map(Span::enter);
        let polled = shield(|| stage.poll(context).map(|reply| origin.respond(reply)));
        let response = match polled {
            Ok(polled) => ready!(polled),
            Err(panicked) => {
                // What is left of the work may panic once more as it is dropped.
                let _ = shield(|| *stage = Stage::Done(None));
                origin.refuse(panicked.into())
            }
        };
        if span.is_some() {
            tracing::info!(status = response.status().as_u16(), "answered");
        }
        Poll::Ready(response)
    }
}

impl std::fmt::Debug for ResponseFuture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}

/// [`ResponseFuture`] with the error type that `tower` asks for.
#[derive(Debug)]
pub struct TowerFuture(ResponseFuture);

impl Future for TowerFuture {
    type Output = Result<Response<ResponseBody>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(Ok)
    }
}

impl<B> tower_service::Service<Request<B>> for Service
where
    B: HttpBody<Data = Bytes> + Send + 'static,
{
    type Response = Response<ResponseBody>;
    type Error = Infallible;
    type Future = TowerFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> TowerFuture {
        let remote = request
            .extensions()
            .get::<RemoteAddress>()
            .map(|address| address.0);
        let request = request.map(|body| Box::pin(body.map_err(|_| content::broken_off())));
        TowerFuture(self.answer(
            request,
            Source {
                remote,
                ..Source::default()
            },
        ))
    }
}
