//! A panic anywhere on the way of a request is an answer, not the end of its connection or its host.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a panic is under test"
)]

mod support;

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::{Stream, stream::poll_fn};
use http::{Method, Request, StatusCode};
use http_body::{Body, Frame};
use http_body_util::BodyExt;
use sabir_core::{Call, Handler, Reply, ReplyBody, RouteDefinition, Settings, reply::StreamError};
use sabir_http::{App, Service};
use serde_json::json;
use support::{operation, start};
use tower_service::Service as _;

struct PanicsWhenDropped;

impl Drop for PanicsWhenDropped {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // A second panic while the first unwinds would end the process.
            return;
        }
        panic!("as it is dropped");
    }
}

/// A body that panics where it is told to.
struct PanickingBody {
    at_once: bool,
}

impl Body for PanickingBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        panic!("while it is read");
    }

    fn is_end_stream(&self) -> bool {
        assert!(!self.at_once, "before it is read");
        false
    }
}

/// A future that stays unusable once it has panicked.
struct PanicsTwice(PanicsWhenDropped);

impl Future for PanicsTwice {
    type Output = Reply;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Reply> {
        let _ = &self.0;
        panic!("as it is polled");
    }
}

fn service() -> Service {
    let mut app = App::new(Settings::default());
    let mut add = |path: &str, handler: Arc<dyn Handler>| {
        let definition = RouteDefinition::new(Method::POST, path, operation(&json!({})));
        app.route(definition, handler).unwrap();
    };
    add("/echo", Arc::new(|_: Call| async { Reply::new(StatusCode::OK) }));
    add("/starting", Arc::new(starting));
    add("/twice", Arc::new(|_: Call| PanicsTwice(PanicsWhenDropped)));
    add(
        "/stream",
        Arc::new(|_: Call| async { streamed(poll_fn(|_| panic!("in a stream"))) }),
    );
    add(
        "/stream-twice",
        Arc::new(|_: Call| async {
            let guard = PanicsWhenDropped;
            streamed(poll_fn(move |_| {
                let _ = &guard;
                panic!("in a stream")
            }))
        }),
    );
    app.build()
}

fn streamed(stream: impl Stream<Item = Result<Bytes, StreamError>> + Send + 'static) -> Reply {
    let mut reply = Reply::new(StatusCode::OK);
    reply.body = ReplyBody::Stream(Box::pin(stream));
    reply
}

fn starting(_: Call) -> std::future::Ready<Reply> {
    panic!("before there is a future");
}

#[tokio::test]
async fn a_panic_in_memory_is_an_answer() {
    for path in ["/starting", "/twice"] {
        let request = Request::post(path).body(Bytes::new()).unwrap();
        let response = service().call_in_memory(request).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        assert!(response.headers().contains_key("x-request-id"), "{path}");
    }
}

#[tokio::test]
async fn a_panic_before_the_handler_is_an_answer() {
    for at_once in [true, false] {
        let request = Request::post("/echo").body(PanickingBody { at_once }).unwrap();
        let response = service().call(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let content = response.into_body().collect().await.unwrap().to_bytes();
        assert!(!String::from_utf8_lossy(&content).contains("read"));
    }
}

#[tokio::test]
async fn a_panic_in_a_stream_ends_the_answer() {
    for path in ["/stream", "/stream-twice"] {
        let request = Request::post(path)
            .body(http_body_util::Empty::<Bytes>::new())
            .unwrap();
        let response = service().call(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let mut body = response.into_body();
        assert!(body.frame().await.unwrap().is_err(), "{path}");
        assert!(body.frame().await.is_none(), "{path}");
    }
}

#[test]
fn a_connection_goes_on_after_a_panic() {
    let server = start(|_| {});
    let panics = "GET /panic HTTP/1.1\r\nHost: a\r\n\r\n";
    let answer = server.exchange(&format!("{panics}GET / HTTP/1.1\r\nHost: a\r\n\r\n{panics}"));
    assert_eq!(answer.statuses(), [500, 200, 500], "{answer:?}");
    assert!(!answer.closed);
}
