//! axum with its own extractors and hand-written range checks.

use std::{convert::Infallible, time::Duration};

use axum::{
    Form, Json, Router,
    body::Body,
    extract::{Multipart, Path, Query},
    http::StatusCode,
    response::sse::{Event, Sse},
    routing::{get, post},
};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use sabir_benchmark::{Accepted, Order, port, routes};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Limit {
    limit: Option<i64>,
}

#[derive(Serialize)]
struct User {
    id: i64,
    limit: i64,
}

#[derive(Serialize, Deserialize)]
struct Person {
    name: String,
    age: i64,
}

#[derive(Serialize)]
struct Size {
    size: usize,
}

async fn sleep() -> &'static str {
    tokio::time::sleep(Duration::from_millis(1)).await;
    "Slept."
}

async fn show(Path(id): Path<i64>, Query(query): Query<Limit>) -> Result<Json<User>, StatusCode> {
    let limit = query.limit.unwrap_or(10);
    (1..=100)
        .contains(&limit)
        .then_some(Json(User { id, limit }))
        .ok_or(StatusCode::UNPROCESSABLE_ENTITY)
}

async fn order(Json(order): Json<Order>) -> Result<Json<Accepted>, StatusCode> {
    let items = order.lines.iter().map(|line| line.quantity).sum();
    order
        .is_valid()
        .then_some(Json(Accepted { id: order.id, items }))
        .ok_or(StatusCode::UNPROCESSABLE_ENTITY)
}

async fn form(Form(person): Form<Person>) -> Result<Json<Person>, StatusCode> {
    (1..=150)
        .contains(&person.age)
        .then_some(Json(person))
        .ok_or(StatusCode::UNPROCESSABLE_ENTITY)
}

async fn upload(mut parts: Multipart) -> Result<Json<Size>, StatusCode> {
    while let Ok(Some(part)) = parts.next_field().await {
        if part.name() == Some("file") {
            let size = part.bytes().await.map_err(|_| StatusCode::BAD_REQUEST)?.len();
            return Ok(Json(Size { size }));
        }
    }
    Err(StatusCode::UNPROCESSABLE_ENTITY)
}

async fn ticks() -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let numbers = stream::iter(0..20_000);
    Sse::new(numbers.map(|number: u32| Ok(Event::default().data(number.to_string()))))
}

async fn download() -> Body {
    let chunk = Bytes::from(vec![b'x'; 65_536]);
    Body::from_stream(stream::iter(
        (0..1_000).map(move |_| Ok::<_, Infallible>(chunk.clone())),
    ))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let mut app = Router::new()
        .route("/", get(|| async { "Hello, world!" }))
        .route("/sleep", get(sleep))
        .route("/ticks", get(ticks))
        .route("/download", get(download))
        .route("/users/{id}", get(show))
        .route("/orders", post(order))
        .route(
            "/echo",
            post(|Json(value): Json<serde_json::Value>| async { Json(value) }),
        )
        .route("/form", post(form))
        .route("/upload", post(upload));
    for number in 0..routes() / 2 {
        app = app
            .route(
                &format!("/static/{number}"),
                get(move || async move { format!("static {number}") }),
            )
            .route(
                &format!("/items/{number}/parts/{{part}}"),
                get(move |Path(part): Path<String>| async move { format!("items {number} {part}") }),
            );
    }
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port())).await?;
    axum::serve(
        axum::serve::ListenerExt::tap_io(listener, |stream| drop(stream.set_nodelay(true))),
        app,
    )
    .await
}
