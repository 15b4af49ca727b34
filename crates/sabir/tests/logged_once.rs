//! A request is in the log once, however many applications and layers it passes. What a process logs is of one subscriber, so this
//! test has a process of its own.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http::Request;
use sabir::{RequestBody, Sabir};
use tower::util::MapRequestLayer;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_request_is_logged_once() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let unchanged = || MapRequestLayer::new(|request: Request<RequestBody>| request);
    let inner = Sabir::new()
        .get("/", async || "inner")
        .layer(unchanged())
        .build()
        .unwrap();
    let app = Sabir::new()
        .nest_service("/in", axum::Router::new().nest_service("/side", inner))
        .layer(unchanged())
        .build()
        .unwrap();
    let request = Request::get("/in/side").body(Bytes::new()).unwrap();
    assert_eq!(app.call_in_memory(request).await.body(), "inner");
    let lines = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let answered: Vec<_> = lines.lines().filter(|line| line.contains("answered")).collect();
    assert_eq!(answered.len(), 1, "{lines}");
    assert_eq!(answered[0].matches("request{").count(), 1, "{lines}");
}
