//! The finished application as a service.

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body as HttpBody;
use http_body_util::BodyExt;
use sabir_core::{
    Problem, Settings,
    pipeline::{self, Answer, Application, RemoteAddress, ResponseBody, Source},
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
}

impl Service {
    pub(crate) fn new(application: Application) -> Self {
        Self { application }
    }

    /// What answers.
    pub(crate) fn application(&self) -> &Application {
        &self.application
    }

    /// The settings of the application.
    pub fn settings(&self) -> &Settings {
        self.application.settings()
    }

    /// Answers a request in memory, through the same pipeline as on a socket.
    ///
    /// [`memory_request`](crate::memory_request) makes one of anything. `Host` is added when it is missing, and the answer
    /// has a `content-length`, as a socket would have it.
    pub async fn call_in_memory(&self, mut request: Request<Bytes>) -> Response<Bytes> {
        match request.extensions_mut().remove() {
            Some(Refused(problem)) => {
                let (parts, _) = request.into_parts();
                self.application.refuse(parts.method, *problem).in_memory().await
            }
            None => self.application.call(request).await,
        }
    }
}

/// Why a request is not one, in its extensions.
#[derive(Debug, Clone)]
pub(crate) struct Refused(pub(crate) Box<Problem>);

/// The answer to come, with the error type that `tower` asks for. Dropping it cancels the handler.
#[derive(Debug)]
pub struct TowerFuture(Answer);

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
        let source = Source::default().from_client(RemoteAddress::of(request.extensions()));
        let request = request.map(|body| Box::pin(body.map_err(|_| pipeline::broken_off())));
        TowerFuture(self.application.answer(request, source))
    }
}
