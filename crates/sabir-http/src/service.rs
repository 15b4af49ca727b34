//! The finished application as a service.

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use http::{Extensions, Request, Response, Uri};
use http_body::Body as HttpBody;
use http_body_util::{BodyExt, Full};
use hyper::upgrade::OnUpgrade;
use sabir_core::{
    Problem, RequestId, Settings, SetupError,
    document::{Info, OpenApiVersion},
    pipeline::{Answer, Application, CanUpgrade, OriginalUri, RemoteAddress, ResponseBody, Source},
    reply::{StreamError, Upgrade},
};
use tower_layer::Layer;

use crate::{
    foreign_upgrade,
    nested::Layered,
    request_body::{RequestBody, content_problem},
    websocket::{Client, ConnectError, Start, complete},
};

/// An application that answers requests. Cloning shares it.
///
/// It is a `tower::Service` for servers of others; those need not tell the host of a request, and may tell the client's
/// address with the extension [`RemoteAddress`].
///
/// ```
/// use http::Request;
/// use http_body_util::Empty;
/// use sabir_core::Settings;
/// use sabir_http::App;
/// use tower_service::Service as _;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let mut service = App::new(Settings::default()).build();
/// let request = Request::get("/none").body(Empty::<bytes::Bytes>::new()).unwrap();
/// assert_eq!(service.call(request).await.unwrap().status(), 404);
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Service {
    application: Application,
    /// Finds what the client asked for in the extensions of another framework.
    original_uri: fn(&Extensions) -> Option<Uri>,
}

impl Service {
    pub(crate) fn new(application: Application, original_uri: fn(&Extensions) -> Option<Uri>) -> Self {
        Self {
            application,
            original_uri,
        }
    }

    /// The same application with `layer` around it. A request has passed the checks of its head before, and what the layer
    /// answers, also in place of the application, is sent as every other answer is.
    ///
    /// ```
    /// use http::{Request, Response};
    /// use sabir_core::Settings;
    /// use sabir_http::App;
    /// use tower::util::MapResponseLayer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let layer = MapResponseLayer::new(|mut response: Response<_>| {
    ///     response.headers_mut().insert("x-app", "shop".parse().unwrap());
    ///     response
    /// });
    /// let service = App::new(Settings::default()).build().layer(&layer);
    /// let response = service.call_in_memory(Request::get("/none").body("".into()).unwrap()).await;
    /// assert_eq!(response.headers()["x-app"], "shop");
    /// # }
    /// ```
    #[must_use]
    pub fn layer<L, B>(self, layer: &L) -> Self
    where
        L: Layer<Self>,
        L::Service: tower_service::Service<Request<RequestBody>, Response = Response<B>>
            + Clone
            + Send
            + Sync
            + 'static,
        <L::Service as tower_service::Service<Request<RequestBody>>>::Future: Send,
        <L::Service as tower_service::Service<Request<RequestBody>>>::Error: Into<StreamError>,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<StreamError>,
    {
        let layered = Arc::new(Layered(layer.layer(self.clone())));
        Self {
            application: self.application.behind(layered),
            original_uri: self.original_uri,
        }
    }

    /// What answers.
    pub(crate) fn application(&self) -> &Application {
        &self.application
    }

    /// The settings of the application.
    pub fn settings(&self) -> &Settings {
        self.application.settings()
    }

    /// The AsyncAPI document of the application's sockets and streams; see [`asyncapi`](sabir_core::document::asyncapi).
    ///
    /// # Errors
    /// A server has no URL of HTTP.
    pub fn asyncapi(&self, info: &Info) -> Result<serde_json::Value, SetupError> {
        self.application.asyncapi(info)
    }

    /// The OpenAPI document of the application's operations; see [`openapi`](sabir_core::document::openapi).
    pub fn openapi(&self, info: &Info, version: OpenApiVersion) -> serde_json::Value {
        self.application.openapi(info, version)
    }

    /// Answers a request in memory, through the same pipeline as on a socket.
    ///
    /// [`memory_request`](crate::memory_request) makes one of anything. `Host` is added when it is missing, and the answer
    /// has a `content-length`, as a socket would have it.
    pub async fn call_in_memory(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.answer_in_memory(request.map(Full::new)).in_memory().await
    }

    /// Answers a request in memory like [`call_in_memory`](Self::call_in_memory), where the content of either may be a stream. That
    /// of the request is read when somebody wants it; it breaks off where it fails. Dropping that of the answer is what a client
    /// does that leaves.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use bytes::Bytes;
    /// use futures_util::stream;
    /// use http::{Method, Request, StatusCode};
    /// use http_body::Frame;
    /// use http_body_util::{BodyExt, StreamBody};
    /// use sabir_core::{Body, Call, Operation, Reply, ReplyBody, RouteDefinition, Settings};
    /// use sabir_http::App;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), sabir_core::SetupError> {
    /// let mut app = App::new(Settings::default());
    /// let route = RouteDefinition::new(Method::POST, "/files", Operation::default()).streaming();
    /// let has_content = async |call: Call| match call.body {
    ///     Body::Stream(_) => Reply::bytes(StatusCode::OK, "text/plain", "a stream"),
    ///     _ => Reply::new(StatusCode::NO_CONTENT),
    /// };
    /// app.route(route, Arc::new(has_content))?;
    /// let chunks = stream::iter(["a", "b"].map(|text| Ok::<_, std::io::Error>(Frame::data(Bytes::from(text)))));
    /// let request = Request::post("/files").body(StreamBody::new(chunks)).unwrap();
    /// let response = app.build().open_in_memory(request).await;
    /// assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "a stream");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn open_in_memory<B>(&self, request: Request<B>) -> Response<ResponseBody>
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<StreamError>,
    {
        self.answer_in_memory(request).with_length().await
    }

    fn answer_in_memory<B>(&self, mut request: Request<B>) -> Answer
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<StreamError>,
    {
        match request.extensions_mut().remove() {
            Some(Refused(problem)) => {
                let (parts, _) = request.into_parts();
                self.application.refuse(parts.method, *problem)
            }
            None => self.application.call_in_memory(request.map(readable)),
        }
    }

    /// Opens a WebSocket in memory, through the same pipeline and with the same frames as on a socket. What a handshake needs
    /// is added to `request`. Has to be called within a runtime of tokio, where the socket then lives.
    ///
    /// # Errors
    /// The answer of a server that refuses.
    pub async fn connect_in_memory(&self, mut request: Request<Bytes>) -> Result<Client, ConnectError> {
        complete(&mut request);
        request.extensions_mut().insert(CanUpgrade { is_connect: false });
        let mut answer = self.call_in_memory(request).await;
        let upgrade = answer.extensions_mut().remove::<Upgrade>();
        let Some(start) = upgrade.and_then(|upgrade| Start::of(&upgrade)) else {
            return Err(ConnectError::Refused(answer));
        };
        let (client, server) = tokio::io::duplex(DUPLEX);
        tokio::spawn(start.on(server, BytesMut::new(), None));
        let (head, _) = answer.into_parts();
        Client::after(client, BytesMut::new(), Response::from_parts(head, ()))
    }
}

/// Content as the pipeline reads it.
fn readable<B>(body: B) -> impl HttpBody<Data = Bytes, Error = Problem> + Send + Unpin + 'static
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<StreamError>,
{
    Box::pin(body.map_err(|error| {
        let error: StreamError = error.into();
        content_problem(&*error)
    }))
}

/// What waits in memory between the two sides of a socket.
const DUPLEX: usize = 64 * 1024;

/// Why a request is not one, in its extensions.
#[derive(Debug, Clone)]
pub(crate) struct Refused(pub(crate) Box<Problem>);

/// The answer to come, with the error type that `tower` asks for. Dropping it cancels the handler.
#[derive(Debug)]
pub struct TowerFuture {
    answer: Answer,
    /// Present where another server can give up its connection.
    on_upgrade: Option<Box<(OnUpgrade, Option<Duration>)>>,
}

impl Future for TowerFuture {
    type Output = Result<Response<ResponseBody>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut response = ready!(Pin::new(&mut self.answer).poll(context));
        if let Some(upgrade) = self.on_upgrade.take() {
            foreign_upgrade::start(&mut response, upgrade.0, upgrade.1);
        }
        Poll::Ready(Ok(response))
    }
}

impl<B> tower_service::Service<Request<B>> for Service
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<StreamError>,
{
    type Response = Response<ResponseBody>;
    type Error = Infallible;
    type Future = TowerFuture;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<B>) -> TowerFuture {
        let on_upgrade = foreign_upgrade::ask(&mut request).map(|on_upgrade| {
            let timeout = self.settings().write_timeout_ms;
            Box::new((on_upgrade, (timeout > 0).then(|| Duration::from_millis(timeout))))
        });
        let extensions = request.extensions_mut();
        if extensions.get::<OriginalUri>().is_none()
            && let Some(uri) = (self.original_uri)(extensions)
        {
            extensions.insert(OriginalUri(uri));
        }
        let source = Source::default()
            .from_client(RemoteAddress::of(extensions))
            .passed_on(extensions.get::<RequestId>().is_some())
            .asked_for(extensions.get());
        TowerFuture {
            answer: self.application.answer(request.map(readable), source),
            on_upgrade,
        }
    }
}
