//! Sabir inside axum and axum inside Sabir.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{convert::Infallible, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::OriginalUri,
    http::{HeaderMap, Uri},
    routing::{any, get, post},
};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use sabir::{Path, Sabir, Service, Settings};
use serde_json::Value as Json;
use tower::ServiceExt;

async fn show(Path(id): Path<i64>) -> String {
    format!("user {id}")
}

async fn address(uri: Uri) -> String {
    uri.to_string()
}

async fn send(app: &Service, request: Request<Bytes>) -> Response<Bytes> {
    tokio::time::timeout(Duration::from_secs(10), app.call_in_memory(request))
        .await
        .unwrap()
}

async fn get_from(app: &Service, path: &str) -> (StatusCode, String) {
    let response = send(app, Request::get(path).body(Bytes::new()).unwrap()).await;
    (response.status(), text(&response))
}

fn text(response: &Response<Bytes>) -> String {
    String::from_utf8(response.body().to_vec()).unwrap()
}

fn kind_of(response: &Response<Bytes>) -> Json {
    serde_json::from_slice::<Json>(response.body()).unwrap()["type"].clone()
}

#[tokio::test]
async fn answers_inside_an_axum_router() {
    let app = Sabir::new().get("/users/{id:int}", show).build().unwrap();
    let router = Router::new()
        .route("/health", get(|| async { "ok" }))
        .nest_service("/api", app.clone())
        .fallback_service(app);
    for (path, status, body) in [
        ("/health", 200, "ok"),
        ("/api/users/7", 200, "user 7"),
        ("/users/8", 200, "user 8"),
    ] {
        let request = Request::get(path)
            .header("host", "localhost")
            .body(Body::empty())
            .unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{path}");
        assert_eq!(to_bytes(response.into_body(), 100).await.unwrap(), body, "{path}");
    }
    let request = Request::get("/api/users/x")
        .header("host", "localhost")
        .body(Body::empty())
        .unwrap();
    let response = router.oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
}

#[tokio::test]
async fn hands_what_has_no_route_to_the_longest_prefix() {
    let everything =
        |name: &'static str| Router::new().fallback(move |uri: Uri| async move { format!("{name} {uri}") });
    let app = Sabir::new()
        .get("/old/users/{id:int}", show)
        .nest_service("/old", everything("old"))
        .nest_service("/old/deep", everything("deep"))
        .build()
        .unwrap();
    let ok = |body: &str| (StatusCode::OK, body.to_owned());
    assert_eq!(get_from(&app, "/old/users/7").await, ok("user 7"));
    assert_eq!(get_from(&app, "/old/users/x?a=1").await, ok("old /users/x?a=1"));
    assert_eq!(get_from(&app, "/old").await, ok("old /"));
    assert_eq!(get_from(&app, "/old/deep/er").await, ok("deep /er"));
    assert_eq!(get_from(&app, "/older").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_known_path_without_the_method_is_not_handed_on() {
    let app = Sabir::new()
        .get("/users/{id:int}", show)
        .fallback_service(
            Router::new()
                .route("/users/{id}", any(address))
                .route("/other", any(address)),
        )
        .build()
        .unwrap();
    let response = send(&app, Request::post("/users/7").body(Bytes::new()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(
        get_from(&app, "/other?x").await,
        (StatusCode::OK, "/other?x".into())
    );
}

#[tokio::test]
async fn a_nested_service_gets_content_and_the_request_id() {
    let echo = |headers: HeaderMap, content: Bytes| async move {
        let id = headers["x-request-id"].to_str().unwrap().to_owned();
        (StatusCode::CREATED, [("x-seen", id)], content)
    };
    let app = Sabir::new()
        .nest_service("/old", Router::new().route("/echo", post(echo)))
        .build()
        .unwrap();
    let request = Request::post("/old/echo")
        .header("x-request-id", "r-1")
        .body("content".into());
    let response = send(&app, request.unwrap()).await;
    assert_eq!(
        (response.status(), text(&response)),
        (StatusCode::CREATED, "content".into())
    );
    assert_eq!(response.headers()["x-seen"], "r-1");
    assert_eq!(response.headers().get_all("content-length").iter().count(), 1);
}

#[tokio::test]
async fn limits_hold_for_a_nested_service() {
    let settings = Settings {
        body_limit: 4,
        handler_timeout_ms: 30,
        ..Settings::default()
    };
    let slow = || async {
        tokio::time::sleep(Duration::from_secs(60)).await;
    };
    let old = Router::new()
        .route("/echo", post(|content: Bytes| async { content }))
        .route("/slow", get(slow));
    let app = Sabir::with_settings(settings)
        .fallback_service(old)
        .build()
        .unwrap();
    let response = send(&app, Request::post("/echo").body("12345".into()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(kind_of(&response), "urn:sabir:problem:content-too-large");
    let response = send(&app, Request::get("/slow").body(Bytes::new()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(get_from(&app, "/%zz").await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_nested_service_that_fails_or_panics_is_a_problem() {
    let fails = tower::service_fn(|request: Request<_>| async move {
        let _: http_body_util::Full<Bytes> = request.into_body();
        Err::<Response<Body>, _>(std::io::Error::other("secret"))
    });
    let panics = tower::service_fn(|_: Request<http_body_util::Full<Bytes>>| async move {
        assert!(std::hint::black_box(false), "secret");
        Ok::<_, Infallible>(Response::new(Body::empty()))
    });
    let app = Sabir::new()
        .nest_service("/fails", fails)
        .nest_service("/panics", panics)
        .build()
        .unwrap();
    for path in ["/fails", "/panics"] {
        let response = send(&app, Request::get(path).body(Bytes::new()).unwrap()).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(kind_of(&response), "urn:sabir:problem:internal-error");
        assert!(!text(&response).contains("secret"));
        assert!(response.headers().contains_key("x-request-id"));
    }
}

#[test]
fn refuses_a_prefix_that_is_taken_or_no_path() {
    let refused = |app: Sabir| app.build().unwrap_err().to_string();
    let twice = Sabir::new()
        .nest_service("/a", Router::new())
        .nest_service("/a", Router::new());
    assert!(refused(twice).contains("there already is a service or a fallback below `/a`"));
    let twice = Sabir::new()
        .fallback_service(Router::new())
        .fallback_service(Router::new());
    assert!(refused(twice).contains("there already is a fallback"));
    assert!(refused(Sabir::new().nest_service("/a/", Router::new())).contains("not the start of a path"));
    assert!(refused(Sabir::new().nest_service("", Router::new())).contains("fallback_service"));
}

#[derive(Clone)]
struct Name(&'static str);

async fn name(sabir::State(Name(name)): sabir::State<Name>) -> &'static str {
    name
}

#[tokio::test]
async fn applications_within_an_application_keep_their_state() {
    let inner = Sabir::new()
        .get("/", name)
        .get("/users/{id:int}", show)
        .nest_service("/old", Router::new().fallback(address))
        .state(Name("inner"));
    let merged = Sabir::new().get("/merged", name);
    let app = Sabir::new()
        .nest("/api", Sabir::new().nest("/v1", inner))
        .merge(merged)
        .state(Name("outer"))
        .build()
        .unwrap();
    let ok = |body: &str| (StatusCode::OK, body.to_owned());
    assert_eq!(get_from(&app, "/api/v1").await, ok("inner"));
    assert_eq!(get_from(&app, "/merged").await, ok("outer"));
    assert_eq!(get_from(&app, "/api/v1/users/7").await, ok("user 7"));
    assert_eq!(get_from(&app, "/api/v1/old/x").await, ok("/x"));
    let response = send(&app, Request::get("/api/v1/users/7/").body(Bytes::new()).unwrap()).await;
    assert_eq!(response.status(), StatusCode::PERMANENT_REDIRECT);
    assert_eq!(response.headers()["location"], "/api/v1/users/7");
    let response = send(&app, Request::post("/api/v1/users/7").body(Bytes::new()).unwrap()).await;
    let problem: Json = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(problem["instance"], "/api/v1/users/7");
}

#[test]
fn what_would_have_no_effect_within_an_application_is_refused() {
    let settings = Settings {
        body_limit: 1,
        ..Settings::default()
    };
    let refused = |app: Sabir| app.build().unwrap_err().to_string();
    let error = refused(Sabir::new().nest("/api", Sabir::with_settings(settings.clone())));
    assert!(error.contains("nest /api: settings"), "{error}");
    let error = refused(Sabir::new().nest("api", Sabir::new()));
    assert!(error.contains("`api` is not the start of a path"), "{error}");
    for inner in [
        Sabir::new().get("users", show),
        Sabir::new().nest_service("users", Router::new()),
    ] {
        let error = refused(Sabir::new().nest("/api", Sabir::new().nest("/v1", inner)));
        assert!(error.contains("users:") && !error.contains("/v1users"), "{error}");
    }
    let error = refused(Sabir::new().nest("/api", Sabir::new().get("/", name)));
    assert!(error.starts_with("GET /api: argument 1"), "{error}");
    let error = refused(Sabir::new().get("/a", show).merge(Sabir::new().get("/a", show)));
    assert!(error.contains("GET /a"), "{error}");
    let same = Sabir::with_settings(settings.clone()).merge(Sabir::with_settings(settings));
    assert!(same.build().is_ok());
}

#[tokio::test]
async fn answers_of_a_nested_service_keep_their_length() {
    let full = tower::service_fn(|_: Request<http_body_util::Full<Bytes>>| async {
        Ok::<_, Infallible>(Response::new(http_body_util::Full::new(Bytes::from_static(
            b"seven",
        ))))
    });
    let app = Sabir::new().nest_service("/full", full).build().unwrap();
    let response = send(&app, Request::get("/full").body(Bytes::new()).unwrap()).await;
    assert_eq!(response.headers()["content-length"], "5");
    assert_eq!(text(&response), "seven");
    let response = send(&app, Request::head("/full").body(Bytes::new()).unwrap()).await;
    assert_eq!(response.headers()["content-length"], "5");
    assert_eq!(text(&response), "");
}

/// The answer of `router` to `GET path`.
async fn routed(router: &Router, path: &str) -> (StatusCode, HeaderMap, Bytes) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let (head, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    (head.status, head.headers, to_bytes(body, 1000).await.unwrap())
}

#[tokio::test]
async fn what_the_client_asked_for_is_known_inside_an_axum_router() {
    let asked =
        async |uri: Uri, sabir::OriginalUri(original): sabir::OriginalUri| format!("{uri} {original}");
    let of_axum =
        async |sabir::FromParts(original, ..): sabir::FromParts<OriginalUri>| original.0.to_string();
    let app = Sabir::new()
        .get("/asked", asked)
        .get("/axum", of_axum)
        .get("/users/{id:int}", show)
        .nest_service(
            "/old",
            Router::new().fallback(async |original: OriginalUri| original.0.to_string()),
        );
    let app = app.build().unwrap();
    let router = Router::new().nest("/outer", Router::new().nest_service("/api", app.clone()));
    let (_, _, content) = routed(&router, "/outer/api/asked?x").await;
    assert_eq!(content, "/asked?x /outer/api/asked?x");
    let (_, _, content) = routed(&router, "/outer/api/axum?x").await;
    assert_eq!(content, "/outer/api/axum?x");
    let (_, _, content) = routed(&router, "/outer/api/old/x").await;
    assert_eq!(content, "/outer/api/old/x");
    assert_eq!(get_from(&app, "/old/x").await, (StatusCode::OK, "/old/x".into()));
    assert_eq!(get_from(&app, "/asked").await.1, "/asked /asked");
    let (status, headers, _) = routed(&router, "/outer/api/users/7/?x").await;
    assert_eq!(status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(headers["location"], "/outer/api/users/7?x");
    let (status, _, content) = routed(&router, "/outer/api/none").await;
    let problem: Json = serde_json::from_slice(&content).unwrap();
    assert_eq!(
        (status, &problem["instance"]),
        (StatusCode::NOT_FOUND, &"/outer/api/none".into())
    );
}

#[tokio::test]
async fn what_the_client_asked_for_is_known_inside_another_application() {
    let inner = Sabir::new().get("/users/{id:int}", show).build().unwrap();
    let app = Sabir::new().nest_service("/api", inner).build().unwrap();
    let response = send(&app, Request::get("/api/users/7/").body(Bytes::new()).unwrap()).await;
    assert_eq!(response.headers()["location"], "/api/users/7");
    let response = send(&app, Request::get("/api/none").body(Bytes::new()).unwrap()).await;
    let problem: Json = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(problem["instance"], "/api/none");
}
