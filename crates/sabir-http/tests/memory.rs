//! Requests that come through `tower` and in memory are held against the checks that connections are.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, Version};
use http_body_util::{BodyExt, Full};
use sabir_core::{Call, Reply, RouteDefinition, Settings};
use sabir_http::{App, Service};
use serde_json::json;
use support::operation;
use tower_service::Service as _;

/// A service whose one route answers the host of its request.
fn service() -> Service {
    let mut app = App::new(Settings::default());
    let definition = RouteDefinition::new(Method::GET, "/", operation(&json!({})));
    let show = |call: Call| async move {
        let host = call.head.headers.get("host").map(HeaderValue::as_bytes);
        Reply::bytes(StatusCode::OK, "text/plain", host.unwrap_or(b"none").to_vec())
    };
    app.route(definition, Arc::new(show)).unwrap();
    app.build()
}

async fn through_tower(request: Request<()>) -> (u16, String) {
    let request = request.map(|()| Full::new(Bytes::new()));
    let response = service().call(request).await.unwrap();
    let status = response.status().as_u16();
    let content = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8_lossy(&content).into_owned())
}

async fn in_memory(request: Request<()>) -> (u16, String) {
    let response = service().call_in_memory(request.map(|()| Bytes::new())).await;
    (
        response.status().as_u16(),
        String::from_utf8_lossy(response.body()).into_owned(),
    )
}

#[tokio::test]
async fn tower_needs_no_host_but_one_that_is_right() {
    assert_eq!(
        through_tower(Request::get("/").body(()).unwrap()).await,
        (200, "none".into())
    );
    let named = Request::get("/").header("host", "a.example:80").body(()).unwrap();
    assert_eq!(through_tower(named).await, (200, "a.example:80".into()));
    let absolute = Request::get("http://a.example/").body(()).unwrap();
    assert_eq!(through_tower(absolute).await, (200, "a.example".into()));
    let http_2 = Request::get("http://a.example/")
        .version(Version::HTTP_2)
        .body(())
        .unwrap();
    assert_eq!(through_tower(http_2).await, (200, "a.example".into()));
    for hosts in [vec!["a", "a"], vec!["a b"], vec![""], vec!["a:65536"]] {
        let mut request = Request::get("/");
        for host in &hosts {
            request = request.header("host", *host);
        }
        assert_eq!(through_tower(request.body(()).unwrap()).await.0, 400, "{hosts:?}");
    }
}

#[tokio::test]
async fn memory_names_a_host_where_nobody_did() {
    assert_eq!(
        in_memory(Request::get("/").body(()).unwrap()).await,
        (200, "localhost".into())
    );
    let absolute = Request::get("http://a.example/")
        .header("host", "b")
        .body(())
        .unwrap();
    assert_eq!(in_memory(absolute).await, (200, "a.example".into()));
}

#[tokio::test]
async fn limits_and_targets_are_those_of_connections() {
    let many = (0..101).fold(Request::get("/"), |request, number| {
        request.header(format!("a{number}"), "b")
    });
    let target = |method: &str, target: &str| Request::builder().method(method).uri(target).body(()).unwrap();
    let lengths = |values: [&'static str; 2]| {
        let request = values.into_iter().fold(Request::get("/"), |request, value| {
            request.header("content-length", value)
        });
        request.body(()).unwrap()
    };
    for (request, status) in [
        (many.body(()).unwrap(), 431),
        (
            Request::get("/")
                .header("a", "b".repeat(33_000))
                .body(())
                .unwrap(),
            431,
        ),
        (target("GET", &format!("/{}", "a".repeat(8192))), 414),
        (target(&"A".repeat(33), "/"), 501),
        (target("CONNECT", "a.example:443"), 501),
        (target("OPTIONS", "*"), 204),
        (target("GET", "*"), 400),
        (target("GET", "a.example"), 400),
        (target("GET", "ftp://a.example/"), 400),
        (target("GET", "http://user@a.example/"), 400),
        (target("GET", "/\u{e4}"), 400),
        (target("GET", "/?\u{e4}"), 400),
        (lengths(["0", "0"]), 200),
        (lengths(["0", "1"]), 400),
        (lengths(["+0", "+0"]), 400),
    ] {
        let shown = format!("{} {}", request.method(), request.uri());
        let (method, uri, headers) = (
            request.method().clone(),
            request.uri().clone(),
            request.headers().clone(),
        );
        assert_eq!(in_memory(request).await.0, status, "{shown}");
        let mut again = Request::new(());
        (*again.method_mut(), *again.uri_mut(), *again.headers_mut()) = (method, uri, headers);
        assert_eq!(through_tower(again).await.0, status, "{shown}");
    }
}

#[tokio::test]
async fn white_space_around_values_is_no_part_of_them() {
    let request = Request::get("/").header("host", " a.example\t").body(()).unwrap();
    assert_eq!(in_memory(request).await, (200, "a.example".into()));
    let request = Request::get("/")
        .version(Version::HTTP_2)
        .header("host", " a.example")
        .body(())
        .unwrap();
    assert_eq!(in_memory(request).await.0, 400);
}
