//! What is written to the log names the request that it is about.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use futures_util::stream;
use sabir::{Problem, Request, Sabir};
use tracing_subscriber::fmt::MakeWriter;

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

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

async fn fails() -> Result<(), Problem> {
    tracing::warn!("said by the handler");
    tokio::task::yield_now().await;
    Err("x".parse::<u8>().unwrap_err())?
}

async fn breaks_off() -> http::Response<axum::body::Body> {
    let chunks = [Ok("first"), Err("the disk is gone")];
    http::Response::new(axum::body::Body::from_stream(stream::iter(chunks)))
}

async fn panics() {
    assert!(std::env::args().next().is_none(), "by chance");
}

#[tokio::test]
async fn every_line_has_the_id_of_its_request() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::WARN)
        .with_ansi(false)
        .with_writer(lines.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let app = Sabir::new()
        .get("/fails", fails)
        .get("/panics", panics)
        .get("/breaks_off", breaks_off)
        .build()
        .unwrap();
    for (path, status) in [("/fails", 500), ("/panics", 500), ("/breaks_off", 200)] {
        let request = Request::get(path).header("x-request-id", "r-17");
        let response = app.call_in_memory(request.body("".into()).unwrap()).await;
        assert_eq!(response.status(), status);
    }
    let lines = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    for said in [
        "said by the handler",
        "invalid digit",
        "by chance",
        "the disk is gone",
    ] {
        let line = lines.lines().find(|line| line.contains(said));
        assert!(
            line.is_some_and(|line| line.contains("request_id=r-17")),
            "{lines}"
        );
    }
}
