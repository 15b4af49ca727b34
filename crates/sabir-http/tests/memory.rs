//! Requests that come through `tower` and in memory are held against the checks that connections are.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::StreamExt;
use http::{HeaderValue, Method, Request, StatusCode, Version};
use http_body::Frame;
use http_body_util::{BodyExt, Full, StreamBody};
use sabir_core::{Body, Call, Reply, ReplyBody, RouteDefinition, Settings};
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

/// The chunks that `receiver` gets, and how many were asked for.
fn chunks(
    receiver: tokio::sync::mpsc::Receiver<Result<Bytes, std::io::Error>>,
    asked: &Arc<AtomicUsize>,
) -> impl http_body::Body<Data = Bytes, Error = std::io::Error> + Send + 'static {
    let asked = Arc::clone(asked);
    StreamBody::new(futures_util::stream::unfold(receiver, move |mut receiver| {
        asked.fetch_add(1, Ordering::SeqCst);
        async move {
            let chunk = receiver.recv().await?;
            Some((chunk.map(Frame::data), receiver))
        }
    }))
}

/// A service whose `/echo` sends back what comes while it comes, and whose `/none` waits and does not read.
fn streaming(limit: u64, dropped: &Arc<AtomicUsize>) -> Service {
    struct OnDrop(Arc<AtomicUsize>);
    impl Drop for OnDrop {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let mut app = App::new(Settings {
        body_timeout_ms: 200,
        ..Settings::default()
    });
    let limits = json!({ "x-sabir": { "body_limit": limit } });
    let echo = |call: Call| async move {
        let mut reply = Reply::new(StatusCode::OK);
        if let Body::Stream(content) = call.body {
            let chunks = content.map(|chunk| chunk.map_err(|problem| problem.status.to_string().into()));
            reply.body = ReplyBody::Stream(Box::pin(chunks));
        }
        reply
    };
    let definition = RouteDefinition::new(Method::POST, "/echo", operation(&limits));
    app.route(definition.streaming(), Arc::new(echo)).unwrap();
    let counter = Arc::clone(dropped);
    let none = move |call: Call| {
        let guard = OnDrop(Arc::clone(&counter));
        async move {
            let _held = (call, guard);
            std::future::pending::<Reply>().await
        }
    };
    let definition = RouteDefinition::new(Method::POST, "/none", operation(&limits));
    app.route(definition.streaming(), Arc::new(none)).unwrap();
    let count = |call: Call| async move {
        match call.body {
            Body::Bytes(bytes) => Reply::bytes(StatusCode::OK, "text/plain", bytes.len().to_string()),
            _ => Reply::new(StatusCode::NO_CONTENT),
        }
    };
    let definition = RouteDefinition::new(Method::POST, "/count", operation(&limits));
    app.route(definition, Arc::new(count)).unwrap();
    app.build()
}

#[tokio::test]
async fn content_that_is_a_stream_is_read_when_it_is_wanted() {
    let (dropped, asked) = (Arc::default(), Arc::<AtomicUsize>::default());
    let service = streaming(100, &dropped);
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    let request = Request::post("/echo").body(chunks(receiver, &asked)).unwrap();
    let mut content = service.open_in_memory(request).await.into_body();
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    for text in ["one", "two", "six"] {
        sender.send(Ok(text.into())).await.unwrap();
        let frame = content.frame().await.unwrap().unwrap();
        assert_eq!(frame.into_data().unwrap(), text);
    }
    assert_eq!(asked.load(Ordering::SeqCst), 3);
    drop(sender);
    assert!(content.frame().await.is_none());
}

#[tokio::test]
async fn limits_hold_for_a_stream_in_memory() {
    let (dropped, asked) = (Arc::default(), Arc::<AtomicUsize>::default());
    let service = streaming(5, &dropped);
    for (path, last, expected) in [
        ("/echo", Some(Ok("more".into())), "413"),
        ("/echo", Some(Err(std::io::Error::other("left"))), "400"),
        ("/echo", None, "408"),
        ("/count", Some(Ok("more".into())), "413"),
        ("/count", Some(Err(std::io::Error::other("left"))), "400"),
        ("/count", None, "408"),
    ] {
        let (sender, receiver) = tokio::sync::mpsc::channel(2);
        sender.send(Ok("four".into())).await.unwrap();
        if let Some(last) = last {
            sender.send(last).await.unwrap();
        }
        let request = Request::post(path).body(chunks(receiver, &asked)).unwrap();
        let response = service.open_in_memory(request).await;
        if path == "/count" {
            assert_eq!(response.status().as_str(), expected);
        } else {
            let failure = response.into_body().collect().await.unwrap_err();
            assert_eq!(failure.to_string(), expected);
        }
    }
    let (sender, receiver) = tokio::sync::mpsc::channel(2);
    sender.send(Ok("four".into())).await.unwrap();
    drop(sender);
    let request = Request::post("/count").body(chunks(receiver, &asked)).unwrap();
    let response = service.open_in_memory(request).await;
    assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), "4");
}

#[tokio::test]
async fn a_request_in_memory_that_is_dropped_drops_its_content_and_its_handler() {
    let (dropped, asked) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let service = streaming(5, &dropped);
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    let request = Request::post("/none").body(chunks(receiver, &asked)).unwrap();
    let answer = service.open_in_memory(request);
    assert!(
        tokio::time::timeout(Duration::from_millis(50), answer)
            .await
            .is_err()
    );
    assert_eq!(dropped.load(Ordering::SeqCst), 1);
    assert_eq!(asked.load(Ordering::SeqCst), 0, "nobody has wanted any of it");
    assert!(sender.is_closed());
}
