//! Sabir in Rust: typed handlers, as its users write them.

use std::{convert::Infallible, time::Duration};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use sabir::{
    Event, Events, Form, Json, Multipart, Path, Query, Respond, Sabir, State, StaticFiles, StreamBody,
    UploadFile,
    channel::Hub,
    websocket::{SocketClosed, WebSocket},
};
use sabir_benchmark::{Accepted, port, routes};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What every server of files has.
const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/files");

async fn socket(mut socket: WebSocket) -> Result<(), SocketClosed> {
    while let Some(message) = socket.receive().await {
        socket.send(message).await?;
    }
    Ok(())
}

async fn room(mut socket: WebSocket, State(hub): State<Hub>) -> Result<(), SocketClosed> {
    socket.subscribe(&hub, "room");
    socket.send("ready").await?;
    while socket.receive().await.is_some() {}
    Ok(())
}

async fn publish(mut socket: WebSocket, State(hub): State<Hub>) {
    while let Some(message) = socket.receive().await {
        hub.publish("room", message);
    }
}

async fn events() -> impl Respond {
    let first = stream::iter([Ok::<_, Infallible>(Event::new("begun"))]);
    Events(first.chain(stream::pending()))
}

async fn ticks() -> impl Respond {
    let numbers = stream::iter(0..20_000);
    Events(numbers.map(|number: u32| Ok::<_, Infallible>(Event::new(number.to_string()))))
}

async fn download() -> impl Respond {
    let chunk = Bytes::from(vec![b'x'; 65_536]);
    StreamBody(stream::iter(
        (0..1_000).map(move |_| Ok::<_, Infallible>(chunk.clone())),
    ))
}

#[derive(Deserialize, JsonSchema)]
struct Page {
    #[schemars(range(min = 1, max = 100))]
    limit: Option<i64>,
}

#[derive(Serialize)]
struct User {
    id: i64,
    limit: i64,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Line {
    #[schemars(regex(pattern = "^[A-Z]{3}-[0-9]{4}$"))]
    #[expect(dead_code, reason = "validated, then of no interest to the answer")]
    sku: String,
    #[schemars(range(min = 1, max = 100))]
    quantity: i64,
    #[schemars(range(min = 0))]
    #[expect(dead_code, reason = "validated, then of no interest to the answer")]
    price: f64,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "validated, then of no interest to the answer")]
struct Order {
    #[schemars(range(min = 1))]
    id: i64,
    #[schemars(length(min = 1, max = 80))]
    customer: String,
    #[schemars(regex(pattern = "@"))]
    email: String,
    #[schemars(length(min = 1))]
    lines: Vec<Line>,
    note: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Person {
    name: String,
    #[schemars(range(min = 1, max = 150))]
    age: i64,
}

#[derive(Deserialize, JsonSchema)]
struct Upload {
    file: UploadFile,
}

#[derive(Serialize)]
struct Size {
    size: u64,
}

async fn index() -> &'static str {
    "Hello, world!"
}

async fn sleep() -> &'static str {
    tokio::time::sleep(Duration::from_millis(1)).await;
    "Slept."
}

async fn show(Path(id): Path<i64>, Query(page): Query<Page>) -> Json<User> {
    Json(User {
        id,
        limit: page.limit.unwrap_or(10),
    })
}

async fn order(Json(order): Json<Order>) -> Json<Accepted> {
    Json(Accepted {
        id: order.id,
        items: order.lines.iter().map(|line| line.quantity).sum(),
    })
}

async fn echo(Json(value): Json<serde_json::Value>) -> Json<serde_json::Value> {
    Json(value)
}

async fn form(Form(person): Form<Person>) -> Json<Person> {
    Json(person)
}

async fn upload(Multipart(upload): Multipart<Upload>) -> Json<Size> {
    Json(Size {
        size: upload.file.size(),
    })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut app = Sabir::new()
        .get("/", index)
        .state(Hub::default())
        .websocket("/echo", socket)
        .websocket("/room", room)
        .websocket("/publish", publish)
        .get("/events", events)
        .get("/ticks", ticks)
        .get("/download", download)
        .get("/sleep", sleep)
        .static_files("/files", StaticFiles::new(FILES))
        .get("/users/{id:int}", show)
        .post("/orders", order)
        .post("/echo", echo)
        .post("/form", form)
        .post("/upload", upload);
    for number in 0..routes() / 2 {
        app = app
            .get(&format!("/static/{number}"), move || async move {
                format!("static {number}")
            })
            .get(
                &format!("/items/{number}/parts/{{part}}"),
                move |Path(part): Path<String>| async move { format!("items {number} {part}") },
            );
    }
    app.serve(&format!("127.0.0.1:{}", port())).await?;
    Ok(())
}
