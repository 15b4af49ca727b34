//! What `./task test:endurance` puts under strain, in Rust; it listens on `$PORT`.

use std::{
    convert::Infallible,
    sync::atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use sabir::{
    ContentStream, Event, Events, Json, Problem, Query, Respond, Sabir, ServeError, Settings, StreamBody,
    websocket::{SocketClosed, WebSocket},
};
use serde::{Deserialize, Serialize};

static CHUNK: [u8; 65_536] = [b'a'; 65_536];

/// The handlers that are at work.
static WORKING: AtomicUsize = AtomicUsize::new(0);

/// Counts a handler for as long as it is at work.
struct Working;

impl Working {
    fn begin() -> Self {
        WORKING.fetch_add(1, Ordering::Relaxed);
        Self
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        WORKING.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What could be left behind.
#[derive(Serialize, schemars::JsonSchema)]
struct Counts {
    tasks: usize,
}

#[derive(Deserialize, schemars::JsonSchema)]
struct Length {
    bytes: usize,
}

/// Bytes without an end.
fn chunks() -> impl Stream<Item = Result<Bytes, Infallible>> + Send + 'static {
    stream::repeat_with(|| Ok(Bytes::from_static(&CHUNK)))
}

async fn endless() -> impl Respond {
    let working = Working::begin();
    StreamBody(chunks().inspect(move |_| {
        let _ = &working;
    }))
}

async fn down(Query(Length { bytes }): Query<Length>) -> impl Respond {
    StreamBody(chunks().take(bytes / CHUNK.len()))
}

/// One event, and then nothing.
async fn events() -> impl Respond {
    let working = Working::begin();
    let first = stream::iter([Ok::<_, Infallible>(Event::new("begun"))]);
    Events(first.chain(stream::pending()).inspect(move |_| {
        let _ = &working;
    }))
}

async fn echo(mut socket: WebSocket) -> Result<(), SocketClosed> {
    let _working = Working::begin();
    while let Some(message) = socket.receive().await {
        socket.send(message).await?;
    }
    Ok(())
}

async fn up(content: ContentStream) -> Result<String, Problem> {
    let total = content
        .try_fold(0, async |total, chunk| Ok(total + chunk.len()))
        .await?;
    Ok(total.to_string())
}

async fn working() -> Json<usize> {
    Json(WORKING.load(Ordering::Relaxed))
}

async fn counts() -> Json<Counts> {
    let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    Json(Counts { tasks })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), ServeError> {
    let port = std::env::var("PORT").unwrap_or("9001".into());
    let settings = Settings {
        body_limit: 4_000_000_000,
        ..Settings::default()
    };
    let app = Sabir::with_settings(settings)
        .get("/stream", endless)
        .get("/events", events)
        .websocket("/socket", echo)
        .post("/up", up)
        .get("/down", down)
        .get("/working", working)
        .get("/counts", counts);
    app.serve(format!("127.0.0.1:{port}")).await
}
