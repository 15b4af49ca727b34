//! The finished application.

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock, Weak},
};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, Uri, header::HOST};
use http_body::Body as HttpBody;
use tracing::{Level, field::Empty};

use super::{
    answer::{Answer, Progress, Resume},
    bounded_body::Pace,
    exchange::{Exchange, Parts},
    guarded::Guarded,
    head_checks,
    matched::{Matched, Parameters, Reading},
    middleware::{Middleware, unread},
    observation::{Behind, Observation, Observers},
    refusals::Refusals,
    routes::Routes,
    shield::shield,
    source::{CanUpgrade, RemoteAddress, Source},
    target::Target,
    timer::Timer,
    whole::Whole,
};
use crate::{
    Problem, ProblemType, Reply, ReplyBody, RequestHead, Settings, SetupError,
    body::FileStore,
    document::{Info, OpenApiVersion},
    in_flight::{self, InFlight},
    schema::SchemaCompiler,
    security::Identity,
    stage::{Chain, Halt},
    threads::MaybeSend,
    websocket,
};

/// An application that answers requests. Cloning shares it.
///
/// ```
/// use std::sync::Arc;
///
/// use http::{Method, Request, StatusCode};
/// use sabir_core::{Call, Operation, Reply, RouteDefinition, Settings, pipeline::ApplicationBuilder};
///
/// # fn main() -> Result<(), sabir_core::SetupError> {
/// let mut builder = ApplicationBuilder::new(Settings::default());
/// let show = async |_: Call| Reply::bytes(StatusCode::OK, "text/plain", "hello");
/// builder.route(RouteDefinition::new(Method::GET, "/hello", Operation::default()), Arc::new(show))?;
/// let application = builder.build();
///
/// # futures_util::FutureExt::now_or_never(async {
/// let response = application.call(Request::get("/hello").body("".into()).unwrap()).await;
/// assert_eq!(response.body(), "hello");
/// # }).unwrap();
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Application {
    inner: Arc<Inner>,
    middleware: Option<Arc<dyn Middleware>>,
}

pub(super) struct Inner {
    pub(super) routes: Routes,
    /// What operations refer to, for documents.
    pub(super) schemas: SchemaCompiler,
    pub(super) settings: Settings,
    /// What requests meet before their route is looked for.
    pub(super) arrivals: Option<Chain>,
    /// What requests without a route meet.
    pub(super) chain: Option<Chain>,
    /// Who answers requests that no route fits, if a handler does.
    pub(super) refusals: Option<Refusals>,
    /// Who is told of requests when their answers have ended.
    pub(super) observers: Option<Arc<Observers>>,
    pub(super) in_flight: Option<Arc<InFlight>>,
    pub(super) timer: Option<Arc<dyn Timer>>,
    pub(super) files: Option<Arc<dyn FileStore>>,
}

impl Application {
    /// `known` is told what it has.
    pub(super) fn new(inner: Inner, known: &OnceLock<Weak<Inner>>) -> Self {
        let inner = Arc::new(inner);
        // It is built once.
        let _ = known.set(Arc::downgrade(&inner));
        Self {
            inner,
            middleware: None,
        }
    }

    /// The same application behind `middleware`, which gets its requests instead.
    #[must_use]
    pub fn behind(self, middleware: Arc<dyn Middleware>) -> Self {
        Self {
            inner: self.inner,
            middleware: Some(middleware),
        }
    }

    /// The settings that it was made with.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// The AsyncAPI document of its sockets and streams; see [`asyncapi`](crate::document::asyncapi).
    ///
    /// # Errors
    /// A server has no URL of HTTP.
    pub fn asyncapi(&self, info: &Info) -> Result<serde_json::Value, SetupError> {
        self.inner.routes.asyncapi(info, &self.inner.schemas)
    }

    /// The OpenAPI document of its operations; see [`openapi`](crate::document::openapi).
    pub fn openapi(&self, info: &Info, version: OpenApiVersion) -> serde_json::Value {
        self.inner.routes.openapi(info, version, &self.inner.schemas)
    }

    /// Answers a request in memory, through the same pipeline as on a socket.
    ///
    /// `Host` is added when it is missing, and the answer has a `content-length`, as a socket would have it. The extension
    /// [`RemoteAddress`] tells the client's address.
    pub async fn call(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.call_in_memory(request.map(Whole::new)).in_memory().await
    }

    /// The answer to a request in memory, as of [`call`](Self::call), whose content may be a stream: it is read as the answer is
    /// polled, or by the handler.
    pub fn call_in_memory<B>(&self, mut request: Request<B>) -> Answer
    where
        B: HttpBody<Data = Bytes, Error = Problem> + MaybeSend + Unpin + 'static,
    {
        if request.uri().authority().is_none() {
            request
                .headers_mut()
                .entry(HOST)
                .or_insert(HeaderValue::from_static("localhost"));
        }
        let source = Source::default()
            .from_client(RemoteAddress::of(request.extensions()))
            .needing_host();
        self.answer(request, source)
    }

    /// Answers a request of which nothing but the method could be read.
    pub fn refuse(&self, method: Method, problem: Problem) -> Answer {
        self.refuse_from(None, method, problem)
    }

    /// Answers a request of this client of which nothing but the method could be read.
    pub fn refuse_from(&self, remote: Option<SocketAddr>, method: Method, problem: Problem) -> Answer {
        let mut request = Request::new(Whole::default());
        *request.method_mut() = method;
        *request.uri_mut() = Uri::from_static("*");
        self.answer(request, Source::default().from_client(remote).refused(problem))
    }

    /// Answers a request. Its head is looked at now, its content is read as the answer is polled.
    ///
    /// The body fails with the problem that is then the answer.
    pub fn answer<B>(&self, request: Request<B>, source: Source) -> Answer
    where
        B: HttpBody<Data = Bytes, Error = Problem> + MaybeSend + Unpin + 'static,
    {
        let (parts, body) = request.into_parts();
        let mut head = RequestHead::from_parts(parts, source.remote);
        if source.connection.is_some() {
            head.connection.clone_from(&source.connection);
        }
        let refusal = self.arrive(&mut head, &source);
        // Whatever is written to the log meanwhile, errors too, names the request.
        let span = (!source.is_passed_on && tracing::enabled!(Level::ERROR)).then(|| {
            let (method, path, request_id) = (&head.method, head.uri.path(), &head.id);
            let span = tracing::error_span!("request", %method, path, %request_id, trace_id = Empty, span_id = Empty);
            if let Some(trace) = head.id.trace() {
                span.record("trace_id", trace.trace_id())
                    .record("span_id", trace.span_id());
            }
            Box::new(span)
        });
        let entered = span.as_ref().map(|span| span.enter());
        // What is reported meanwhile is about this request.
        let current = head.id.enter();
        let mut exchange = Exchange::new(head);
        exchange.owns_connection = source.owns_connection;
        exchange.is_passed_on = source.is_passed_on;
        exchange.chain.clone_from(&self.inner.chain);
        if let Some(original) = source.original {
            exchange.set_target(original);
        }
        if let Some(observers) = &self.inner.observers {
            self.observe(
                observers,
                &mut exchange,
                source.is_passed_on,
                source.refusal.is_some(),
            );
        }
        let progress = match source
            .refusal
            .map(|problem| Box::new(problem.into_reply()))
            .or(refusal)
        {
            Some(reply) => Progress::Done(Some(reply)),
            None => shield(|| {
                exchange.refusals.clone_from(&self.inner.refusals);
                self.go_on(body, &mut exchange, 0)
            })
            .unwrap_or_else(|panicked| Err(panicked.into()))
            .unwrap_or_else(Progress::refused),
        };
        drop((entered, current));
        Answer::new(progress, exchange, span)
    }

    /// Has those who are told of requests be told of this one.
    #[cold]
    fn observe(
        &self,
        observers: &Arc<Observers>,
        exchange: &mut Exchange,
        is_passed_on: bool,
        is_refused: bool,
    ) {
        if is_passed_on {
            let behind = exchange.head().and_then(|head| head.extensions.get::<Behind>());
            exchange.observation = behind.cloned().map(Observation::behind);
            return;
        }
        let is_unread = is_refused && exchange.path() == "*";
        let Some(head) = exchange.head() else { return };
        let mut observation = observers.begin(head, exchange.target(), is_unread);
        if self.middleware.is_some()
            && let Some(head) = exchange.head_mut()
        {
            head.extensions.insert(observation.ahead());
        }
        exchange.observation = Some(observation);
    }

    /// Checks the head, and shows it the stages that see requests first. They see those that are refused as well, so that their answers
    /// name the same client and the same id.
    fn arrive(&self, head: &mut RequestHead, source: &Source) -> Option<Box<Reply>> {
        let limits = (!source.is_measured).then_some(&self.inner.settings);
        let shielded = shield(|| {
            let checked = match source.refusal {
                Some(_) => Ok(()),
                None => head_checks::check(head, limits, source.needs_host),
            };
            // Whoever passes a request on has shown it these stages.
            let stages = self.inner.arrivals.as_ref().filter(|_| !source.is_passed_on);
            let arrived = stages.map_or(Ok(()), |stages| stages.arrive(head));
            checked
                .map_err(|problem| Box::new(problem.into_reply()))
                .and(arrived)
        });
        shielded
            .unwrap_or_else(|panicked| Err(Box::new(Problem::from(panicked).into_reply())))
            .err()
    }

    /// Finds out what answers the request, which has met the first `entered` stages of its route already, even if it is refused.
    pub(super) fn go_on<B>(
        &self,
        body: B,
        exchange: &mut Exchange,
        entered: usize,
    ) -> Result<Progress, Box<Problem>>
    where
        B: HttpBody<Data = Bytes, Error = Problem> + MaybeSend + Unpin + 'static,
    {
        self.begin(body, exchange, entered)
            .or_else(|problem| self.refused(problem, exchange))
    }

    /// The same without those that answer refusals.
    fn begin<B>(&self, body: B, exchange: &mut Exchange, entered: usize) -> Result<Progress, Box<Problem>>
    where
        B: HttpBody<Data = Bytes, Error = Problem> + MaybeSend + Unpin + 'static,
    {
        let inner = &self.inner;
        if let Some(middleware) = &self.middleware
            && let Some(head) = exchange.give_away()
        {
            exchange.is_behind_middleware = true;
            exchange.may_upgrade = head.extensions.get::<CanUpgrade>().is_some();
            let work = middleware.call(head, unread(body));
            return Ok(Progress::Handling(Guarded::without_deadline(work)));
        }
        let Some(Parts {
            head,
            prefix,
            chain,
            refusals,
            observation,
            notes,
        }) = exchange.split()
        else {
            return Ok(Progress::Done(None));
        };
        let (target, captures) = match inner.routes.find(head, prefix) {
            Ok(found) => found,
            Err(reply) => {
                if let Some(target) = inner.routes.find_preflighted(head) {
                    chain.clone_from(&target.chain);
                }
                return answered(*reply);
            }
        };
        chain.clone_from(&target.chain);
        refusals.clone_from(&target.refusals);
        if let Some(observation) = observation {
            observation.found(&target.route, target.lines.as_ref());
        }
        if let Some(stages) = chain
            && let Err((entered, halt)) = stages.enter(entered, head, notes)
        {
            return match halt {
                Halt::Answer(reply) => answered(*reply),
                Halt::Wait(work) => Ok(Progress::Waiting(
                    work,
                    Box::new(Entering {
                        application: self.clone(),
                        body,
                        entered,
                    }),
                )),
            };
        }
        let handshake = match &target.route.socket {
            Some(_) if !body.is_end_stream() => return Err(Box::new(opened_with_content())),
            Some(plan) => Some(websocket::check(head, plan)?),
            None => None,
        };
        let parameters = Parameters::decode(target, &captures, head)?;
        drop(captures);
        if let Some(in_flight) = &inner.in_flight {
            exchange.permit = Some(in_flight.enter().ok_or_else(in_flight::refusal)?);
        }
        exchange.varies = target.route.offers.len() > 1;
        let Some(mut head) = exchange.take_head() else {
            return Ok(Progress::Done(None));
        };
        if target.security.is_some()
            && let Some(identity) = exchange.extensions_mut().remove::<Identity>()
        {
            if let Some(observation) = &mut exchange.observation {
                observation.identified(&identity);
            }
            // Nobody else has a reference, so nothing is copied.
            Arc::make_mut(&mut head).extensions.insert(identity);
        }
        let is_socket = handshake.is_some();
        if let Some(handshake) = handshake {
            exchange.may_upgrade = head.extensions.get::<CanUpgrade>().is_some();
            // Nobody else has a reference, so nothing is copied.
            Arc::make_mut(&mut head).extensions.insert(handshake);
        }
        // Nobody else has the head but where a handler answers refusals.
        let refusals = exchange
            .refusals
            .take()
            .map(|refusals| (refusals, Arc::clone(&head)));
        let matched = parameters.into_matched(&target.route, head);
        let is_refused = is_socket && !exchange.may_upgrade;
        self.hand_over(target, matched, refusals, is_refused, body)
    }

    /// Hands the request to the handler of its route, as soon as it has the content that it takes.
    fn hand_over<B>(
        &self,
        target: &Target,
        matched: Matched,
        refusals: Option<(Refusals, Arc<RequestHead>)>,
        cannot_upgrade: bool,
        body: B,
    ) -> Result<Progress, Box<Problem>>
    where
        B: HttpBody<Data = Bytes, Error = Problem> + MaybeSend + Unpin + 'static,
    {
        let inner = &self.inner;
        if body.is_end_stream() {
            let call = match (matched.without_content(), refusals) {
                (Ok(call), _) => call,
                (Err(problem), None) => return Err(problem),
                (Err(problem), Some((refusals, head))) => {
                    let answer = refusals.answer(head, problem, inner.timer.as_deref());
                    return answer.map(Progress::Handling);
                }
            };
            if cannot_upgrade {
                return Err(Box::new(unable_to_upgrade()));
            }
            let work = Guarded::start(&*target.handler, call, inner.timer.as_deref());
            return Ok(Progress::Handling(work));
        }
        let (inner, handler, is_nested) = (Arc::clone(inner), Arc::clone(&target.handler), target.is_nested);
        Ok(Progress::Reading(Box::pin(async move {
            let reading = Reading {
                pace: Pace::of(&inner.settings),
                expansion_limit: inner.settings.expansion_limit,
                timer: inner.timer.clone(),
                files: inner.files.as_deref(),
                is_nested,
            };
            match (matched.with_content(body, reading).await, refusals) {
                (Ok(call), _) => Ok(Guarded::start(&*handler, call, inner.timer.as_deref())),
                (Err(problem), None) => Err(problem),
                (Err(problem), Some((refusals, head))) => {
                    refusals.answer(head, problem, inner.timer.as_deref())
                }
            }
        })))
    }

    /// Has a handler answer a request that is refused before its content is read, where one does.
    fn refused(&self, problem: Box<Problem>, exchange: &mut Exchange) -> Result<Progress, Box<Problem>> {
        let Some(refusals) = exchange.refusals.take() else {
            return Err(problem);
        };
        let Some(head) = exchange.give_away() else {
            return Err(problem);
        };
        let answer = refusals.answer(head, problem, self.inner.timer.as_deref());
        answer.map(Progress::Handling)
    }
}

/// A request on its way through the stages of its route.
struct Entering<B> {
    application: Application,
    body: B,
    /// How many stages it has met.
    entered: usize,
}

impl<B> Resume for Entering<B>
where
    B: HttpBody<Data = Bytes, Error = Problem> + MaybeSend + Unpin + 'static,
{
    fn resume(self: Box<Self>, exchange: &mut Exchange) -> Result<Progress, Box<Problem>> {
        self.application.go_on(self.body, exchange, self.entered)
    }
}

/// The runtime's own answer; a problem is a refusal.
fn answered(reply: Reply) -> Result<Progress, Box<Problem>> {
    match reply {
        Reply {
            body: ReplyBody::Problem(problem),
            ..
        } => Err(problem),
        reply => Ok(Progress::Done(Some(Box::new(reply)))),
    }
}

fn opened_with_content() -> Problem {
    Problem::bad_request("The request that opens a WebSocket has no content.")
}

/// `501` where whoever serves this application gives no connection to go on with.
fn unable_to_upgrade() -> Problem {
    Problem::new(ProblemType::Unimplemented).with_detail("This connection cannot become a WebSocket.")
}

impl std::fmt::Debug for Application {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Application")
            .field("inner", &self.inner)
            .field("has_middleware", &self.middleware.is_some())
            .finish()
    }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Application")
            .field("routes", &self.routes)
            .field("settings", &self.settings)
            .field("in_flight", &self.in_flight)
            .finish_non_exhaustive()
    }
}
