//! Layers of tower around applications, and handlers for what has no route.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{convert::Infallible, time::Duration};

use bytes::Bytes;
use futures_util::stream;
use http::{Request, Response, StatusCode};
use sabir::{
    Extension, Json, Multipart, Query, RequestBody, Sabir, Service, Settings, State, StreamBody, UploadFile,
    Uri,
};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use tower::{
    Layer, ServiceBuilder, service_fn,
    util::{MapRequestLayer, MapResponseLayer},
};

async fn send(app: &Service, request: Request<Bytes>) -> Response<Bytes> {
    tokio::time::timeout(Duration::from_secs(10), app.call_in_memory(request))
        .await
        .unwrap()
}

async fn get(app: &Service, path: &str) -> (u16, String) {
    let response = send(app, Request::get(path).body(Bytes::new()).unwrap()).await;
    (response.status().as_u16(), text(&response))
}

fn text(response: &Response<Bytes>) -> String {
    String::from_utf8(response.body().to_vec()).unwrap()
}

fn problem(response: &Response<Bytes>) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

/// A layer that adds a name to the field `x-through` of requests and responses.
#[derive(Clone)]
struct Through(&'static str);

#[derive(Clone)]
struct Passing<S>(S, &'static str);

impl<S> Layer<S> for Through {
    type Service = Passing<S>;

    fn layer(&self, service: S) -> Passing<S> {
        Passing(service, self.0)
    }
}

impl<S, B, R> tower::Service<Request<B>> for Passing<S>
where
    S: tower::Service<Request<B>, Response = Response<R>, Future: Send + 'static>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Response<R>, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let name = self.1;
        request.headers_mut().append("x-through", name.parse().unwrap());
        let answer = self.0.call(request);
        Box::pin(async move {
            let mut response = answer.await?;
            response.headers_mut().append("x-through", name.parse().unwrap());
            Ok(response)
        })
    }
}

async fn passed(headers: http::HeaderMap) -> String {
    let names: Vec<_> = headers
        .get_all("x-through")
        .iter()
        .map(|name| name.to_str().unwrap())
        .collect();
    names.join(" ")
}

#[tokio::test]
async fn layers_see_every_request_the_last_one_first() {
    let app = Sabir::new()
        .layer(Through("inner"))
        .get("/", passed)
        .get("/{id:int}", async |sabir::Path(id): sabir::Path<i64>| {
            id.to_string()
        })
        .layer(Through("outer"))
        .build()
        .unwrap();
    let response = send(&app, Request::get("/").body(Bytes::new()).unwrap()).await;
    assert_eq!(text(&response), "outer inner");
    for (path, status) in [("/", 200), ("/none", 404), ("/7", 200), ("/7/", 308)] {
        let response = send(&app, Request::get(path).body(Bytes::new()).unwrap()).await;
        let through: Vec<_> = response.headers().get_all("x-through").iter().collect();
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(through, ["inner", "outer"], "{path}");
        assert!(response.headers().get_all("content-length").iter().count() <= 1);
    }
    let response = send(&app, Request::head("/").body(Bytes::new()).unwrap()).await;
    assert_eq!(
        (text(&response).as_str(), &response.headers()["content-length"]),
        ("", &"11".parse().unwrap())
    );
    let response = send(&app, Request::post("/7").body(Bytes::new()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(response.headers()["allow"], "GET, HEAD, OPTIONS");
}

#[tokio::test]
async fn a_layer_may_answer_itself_fail_or_panic() {
    #[derive(Clone)]
    struct Gate;
    impl<S> Layer<S> for Gate {
        type Service = tower::util::BoxCloneSyncService<
            Request<RequestBody>,
            Response<String>,
            Box<dyn std::error::Error + Send + Sync>,
        >;

        fn layer(&self, _: S) -> Self::Service {
            tower::util::BoxCloneSyncService::new(service_fn(|request: Request<RequestBody>| async move {
                match request.uri().path() {
                    "/closed" => Ok(Response::new(String::from("closed"))),
                    "/fails" => Err("secret".into()),
                    path => panic!("secret {path}"),
                }
            }))
        }
    }
    let app = Sabir::new().layer(Gate).build().unwrap();
    assert_eq!(get(&app, "/closed").await, (200, "closed".into()));
    for path in ["/fails", "/panics"] {
        let request = Request::get(path).header("x-request-id", "r-1");
        let response = send(&app, request.body(Bytes::new()).unwrap()).await;
        assert_eq!(response.status(), 500, "{path}");
        assert_eq!(problem(&response)["request_id"], "r-1", "{path}");
        assert!(!text(&response).contains("secret"), "{path}");
    }
    // What is no request does not reach them.
    let request = Request::get("/closed").header("host", "a").header("host", "b");
    assert_eq!(
        send(&app, request.body(Bytes::new()).unwrap()).await.status(),
        400
    );
}

#[derive(Deserialize, JsonSchema)]
struct Photo {
    image: UploadFile,
}

#[tokio::test]
async fn content_passes_through_layers_within_its_limits() {
    let settings = Settings {
        body_limit: 300,
        file_memory_limit: 10,
        ..Settings::default()
    };
    let app = Sabir::with_settings(settings)
        .post("/text", async |text: String| text)
        .post("/json", async |Json(number): Json<u8>| number.to_string())
        .post("/photo", async |Multipart(photo): Multipart<Photo>| {
            format!("{} {}", photo.image.path().is_some(), photo.image.size())
        })
        .get("/stream", async || {
            StreamBody(stream::iter(["a", "b"].map(Ok::<_, std::io::Error>)))
        })
        .layer(Through("a"))
        .build()
        .unwrap();
    let post = |path: &str, media_type: &str, content: String| {
        let request = Request::post(path).header("content-type", media_type);
        request.body(Bytes::from(content)).unwrap()
    };
    let response = send(&app, post("/text", "text/plain", "hello".into())).await;
    assert_eq!(text(&response), "hello");
    let response = send(&app, post("/json", "application/json", "256".into())).await;
    assert_eq!(response.status(), 422);
    assert_eq!(problem(&response)["instance"], "/json");
    let response = send(&app, post("/text", "text/plain", "x".repeat(301))).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let form =
        "--b\r\ncontent-disposition: form-data; name=image; filename=a\r\n\r\n0123456789abcdef\r\n--b--\r\n";
    let response = send(
        &app,
        post("/photo", "multipart/form-data; boundary=b", form.into()),
    )
    .await;
    assert_eq!(text(&response), "true 16");
    assert_eq!(get(&app, "/stream").await, (200, "ab".into()));
}

#[tokio::test]
async fn a_layer_tells_handlers_what_it_knows() {
    #[derive(Clone)]
    struct Tenant(&'static str);
    let layers = ServiceBuilder::new()
        .layer(MapResponseLayer::new(|mut response: Response<_>| {
            response.headers_mut().insert("x-app", "shop".parse().unwrap());
            response
        }))
        .layer(MapRequestLayer::new(|mut request: Request<RequestBody>| {
            request.extensions_mut().insert(Tenant("north"));
            *request.uri_mut() = "/tenant".parse().unwrap();
            request
        }));
    let app = Sabir::new()
        .get(
            "/tenant",
            async |Extension(tenant): Extension<Tenant>, uri: sabir::OriginalUri| {
                format!("{} {}", tenant.0, uri.0)
            },
        )
        .layer(layers)
        .build()
        .unwrap();
    assert_eq!(get(&app, "/any?x").await, (200, "north /any?x".into()));
    let response = send(&app, Request::post("/any").body(Bytes::new()).unwrap()).await;
    assert_eq!(problem(&response)["instance"], "/any");
    assert_eq!(response.headers()["x-app"], "shop");
}

#[tokio::test]
async fn middleware_of_axum_is_a_layer() {
    use axum::{body::Body, extract::Request as AxumRequest, middleware::Next};

    async fn named(request: AxumRequest, next: Next) -> axum::response::Response {
        let mut response = next.run(request).await;
        response.headers_mut().insert("x-app", "shop".parse().unwrap());
        response
    }
    let layers = ServiceBuilder::new()
        .map_request(|request: Request<RequestBody>| request.map(Body::new))
        .layer(axum::middleware::from_fn(named));
    let app = Sabir::new()
        .post("/", async |text: String| text)
        .layer(layers)
        .build()
        .unwrap();
    let response = send(&app, Request::post("/").body("hello".into()).unwrap()).await;
    assert_eq!(
        (text(&response).as_str(), &response.headers()["x-app"]),
        ("hello", &"shop".parse().unwrap())
    );
}

#[test]
fn layers_that_would_not_be_called_are_refused() {
    let inner = || Sabir::new().get("/", passed).layer(Through("a"));
    for app in [Sabir::new().nest("/api", inner()), Sabir::new().merge(inner())] {
        let error = app.build().unwrap_err();
        assert_eq!(error.field, "layers", "{error}");
        assert!(error.remedy.contains("nest_service"), "{error}");
    }
    let built = inner().build().unwrap();
    assert!(Sabir::new().nest_service("/api", built).build().is_ok());
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Page {
    limit: Option<u8>,
}

async fn lost(
    State(name): State<&'static str>,
    Query(page): Query<Page>,
    uri: Uri,
    text: String,
) -> (StatusCode, String) {
    (
        StatusCode::NOT_FOUND,
        format!("{name} {uri} {:?} {text}", page.limit),
    )
}

#[tokio::test]
async fn a_handler_answers_what_has_no_route() {
    let inner = Sabir::new().get("/here", passed).fallback(lost).state("inner");
    let app = Sabir::new()
        .get("/here", passed)
        .nest("/api", inner)
        .fallback(lost)
        .state("outer")
        .build()
        .unwrap();
    assert_eq!(get(&app, "/here").await, (200, String::new()));
    assert_eq!(
        get(&app, "/none?limit=3").await,
        (404, "outer /none?limit=3 Some(3) ".into())
    );
    assert_eq!(
        get(&app, "/api/none").await,
        (404, "inner /api/none None ".into())
    );
    assert_eq!(get(&app, "/apis").await, (404, "outer /apis None ".into()));
    let response = send(&app, Request::post("/none").body("sent".into()).unwrap()).await;
    assert_eq!(text(&response), "outer /none None sent");
    assert_eq!(get(&app, "/none?limit=256").await.0, 422);
    let response = send(&app, Request::post("/here").body(Bytes::new()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[test]
fn a_fallback_is_checked_like_a_route() {
    let error = |app: Sabir| app.build().unwrap_err().to_string();
    let said = error(Sabir::new().fallback(lost));
    assert!(
        said.starts_with("fallback") && said.contains("argument 1"),
        "{said}"
    );
    let said = error(Sabir::new().nest("/api", Sabir::new().fallback(lost)));
    assert!(said.starts_with("fallback /api: argument 1"), "{said}");
    let said = error(Sabir::new().fallback(async |_: sabir::Path<u8>| ()));
    assert!(said.contains("has 0 variables"), "{said}");
    let twice = Sabir::new()
        .fallback(passed)
        .fallback_service(service_fn(|_: Request<_>| async {
            Ok::<_, Infallible>(Response::new(String::new()))
        }));
    assert!(error(twice).contains("there already is a fallback"));
}

#[tokio::test]
async fn a_route_of_any_method_leaves_those_of_others_alone() {
    let app = Sabir::new()
        .get("/", async || "get")
        .all("/", async |method: http::Method| method.to_string())
        .build()
        .unwrap();
    assert_eq!(get(&app, "/").await, (200, "get".into()));
    let request = Request::builder().method("PURGE").uri("/");
    let response = send(&app, request.body(Bytes::new()).unwrap()).await;
    assert_eq!(text(&response), "PURGE");
}

#[tokio::test]
async fn stages_see_an_answer_once_whoever_has_made_it() {
    #[derive(Clone)]
    struct Closing<S>(S);
    impl<S, B, R> tower::Service<Request<B>> for Closing<S>
    where
        S: tower::Service<Request<B>, Response = Response<R>, Error = Infallible>,
        S::Future: Send + 'static,
        R: Send + 'static,
    {
        type Response = Response<http_body_util::Either<R, String>>;
        type Error = Infallible;
        type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

        fn poll_ready(
            &mut self,
            context: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Result<(), Infallible>> {
            self.0.poll_ready(context)
        }

        fn call(&mut self, request: Request<B>) -> Self::Future {
            if request.uri().path() == "/closed" {
                let body = http_body_util::Either::Right(lengthy());
                let mut response = Response::new(body);
                response
                    .headers_mut()
                    .insert("content-type", "text/plain".parse().unwrap());
                return Box::pin(std::future::ready(Ok(response)));
            }
            let answer = self.0.call(request);
            Box::pin(async move { Ok(answer.await?.map(http_body_util::Either::Left)) })
        }
    }
    fn lengthy() -> String {
        "again and again ".repeat(1000)
    }
    use sabir::stages::{Compression, Cors, Etag};
    let app = Sabir::new()
        .stage(Compression::default())
        .stage(Cors::default())
        .stage(Etag::default())
        .get("/on", async || lengthy())
        .get("/off", async || lengthy())
        .describe(|operation| {
            operation
                .without_stage::<Compression>()
                .without_stage::<Cors>()
                .without_stage::<Etag>();
        })
        .layer(tower::layer::layer_fn(Closing))
        .build()
        .unwrap();
    for (path, is_on) in [("/on", true), ("/closed", true), ("/off", false)] {
        let request = Request::get(path).header("accept-encoding", "gzip");
        let response = send(&app, request.body(Bytes::new()).unwrap()).await;
        let headers = response.headers();
        for name in ["content-encoding", "access-control-allow-origin", "etag", "vary"] {
            let count = headers.get_all(name).iter().count();
            assert_eq!(count, usize::from(is_on), "{path} {name}");
        }
        assert_eq!(response.body().len() < 1000, is_on, "{path}");
    }
}

#[tokio::test]
async fn handlers_know_the_nonce_of_their_answer_also_behind_layers() {
    use sabir::stages::{CspNonce, SecurityHeaders};
    let app = || {
        Sabir::new()
            .stage(SecurityHeaders {
                content_security_policy: "script-src 'nonce-{nonce}'".into(),
                ..SecurityHeaders::default()
            })
            .get("/", async |nonce: CspNonce| nonce.to_string())
            .get("/off", async |nonce: CspNonce| nonce.to_string())
            .describe(|operation| {
                operation.without_stage::<SecurityHeaders>();
            })
    };
    for app in [
        app().build().unwrap(),
        app().layer(Through("layer")).build().unwrap(),
    ] {
        let mut known = Vec::new();
        for _ in 0..2 {
            let response = send(&app, Request::get("/").body(Bytes::new()).unwrap()).await;
            let nonce = text(&response);
            let policy = format!("script-src 'nonce-{nonce}'");
            let policies: Vec<_> = response
                .headers()
                .get_all("content-security-policy")
                .iter()
                .collect();
            assert_eq!(policies, [&policy]);
            assert_eq!(nonce.len(), 22);
            known.push(nonce);
        }
        assert_ne!(known[0], known[1]);
    }
    assert_eq!(get(&app().build().unwrap(), "/off").await.0, 500);
}
