//! What `./task test:endurance` puts under strain, in Rust; it listens on `$PORT`.

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use sabir::{
    ContentStream, Event, Events, Json, Problem, Query, Respond, Sabir, ServeError, Settings, StreamBody,
    websocket::{SocketClosed, WebSocket},
};
use serde::{Deserialize, Serialize};

static CHUNK: [u8; 65_536] = [b'a'; 65_536];

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
    StreamBody(chunks())
}

async fn down(Query(Length { bytes }): Query<Length>) -> impl Respond {
    StreamBody(chunks().take(bytes / CHUNK.len()))
}

/// One event, and then nothing.
async fn events() -> impl Respond {
    let first = stream::iter([Ok::<_, Infallible>(Event::new("begun"))]);
    Events(first.chain(stream::pending()))
}

async fn echo(mut socket: WebSocket) -> Result<(), SocketClosed> {
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
        .get("/counts", counts);
    app.serve(format!("127.0.0.1:{port}")).await
}
