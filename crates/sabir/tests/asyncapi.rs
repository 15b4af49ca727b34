//! The AsyncAPI document of an application in Rust is that of the same application in other languages.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::HashMap, convert::Infallible};

use futures_util::{Stream, stream};
use sabir::{
    Cookie, Event, Events, Header, Items, Json, JsonLines, LastEventId, Path, Query, Sabir, Service,
    SetupError, StatusCode,
    document::Info,
    operation::{MediaType, Response},
    schema_of,
    websocket::{InvalidMessage, WebSocket, WebSocketOptions},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, JsonSchema)]
#[schemars(inline)]
enum JoinKind {
    #[serde(rename = "join")]
    Join,
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "only its schema counts")]
struct Join {
    kind: JoinKind,
    name: String,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(inline)]
enum SayKind {
    #[serde(rename = "say")]
    Say,
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "only its schema counts")]
struct Say {
    kind: SayKind,
    #[schemars(length(min = 1))]
    text: String,
    #[serde(default)]
    to: Vec<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "only its schema counts")]
enum Incoming {
    Join(Join),
    Say(Say),
}

#[derive(Serialize, JsonSchema)]
struct Said {
    name: String,
    text: String,
}

#[derive(Serialize, JsonSchema)]
struct Left {
    name: String,
}

#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "only its schema counts")]
enum Outgoing {
    Said(Said),
    Left(Left),
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Line {
    sku: String,
    #[schemars(range(min = 1))]
    quantity: i64,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code, reason = "only its schema counts")]
enum State {
    Open,
    Closed,
}

/// An order of the shop.
#[derive(Serialize, JsonSchema)]
struct Order {
    id: i64,
    state: State,
    price: f64,
    lines: Vec<Line>,
    counts: HashMap<String, i64>,
    note: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Comment {
    text: String,
    replies: Vec<Comment>,
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "only its schema counts")]
struct Filter {
    state: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct Tick {
    n: i64,
}

fn ten() -> i64 {
    10
}

#[derive(Deserialize, JsonSchema)]
struct Page {
    #[serde(default = "ten")]
    #[schemars(range(min = 1, max = 100))]
    limit: i64,
    since: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
struct Keys {
    #[serde(rename = "x-key")]
    key: String,
}

fn no() -> String {
    "no".into()
}

#[derive(Deserialize, JsonSchema)]
struct Cookies {
    #[serde(default = "no")]
    seen: String,
}

async fn chat(
    _: WebSocket<Json<Incoming>, Json<Outgoing>>,
    Path(room): Path<String>,
    Query(page): Query<Page>,
    Header(keys): Header<Keys>,
    Cookie(cookies): Cookie<Cookies>,
) {
    let _ = (room, page.limit, page.since, keys.key, cookies.seen);
}

async fn watch(_: WebSocket<Json<Filter>, Json<Comment>>, Path(id): Path<i64>) {
    let _ = id;
}

fn orders() -> impl Stream<Item = Result<Order, Infallible>> {
    stream::empty()
}

fn events() -> Events<impl Stream<Item = Result<Event, Infallible>>> {
    Events(stream::empty())
}

fn shop() -> Result<Service, SetupError> {
    Sabir::new()
        .websocket_with(
            "/chat/{room}",
            WebSocketOptions::new().subprotocols(["chat.v2", "chat.v1"]),
            chat,
        )
        .describe(|operation| {
            operation.operation_id = Some("chat".into());
            operation.summary = Some("Talk in a room.".into());
            operation.description = Some("Everybody in it hears it.".into());
            operation.tags = vec!["talk".into()];
        })
        .websocket("/echo", async |_: WebSocket| ())
        .websocket_with(
            "/orders/{id:int}/comments",
            WebSocketOptions::new().invalid_message(InvalidMessage::Close),
            watch,
        )
        .get("/ticks", async |_: LastEventId| events())
        .describe(|operation| {
            operation.summary = Some("Count.".into());
            let ticks = MediaType::of_events([("tick", schema_of::<Tick>())]);
            operation
                .responses
                .insert("200".into(), Response::of("text/event-stream", ticks));
        })
        .get("/news", async || events())
        .get("/export", async |Query(page): Query<Page>| {
            let _ = page.limit;
            JsonLines(orders())
        })
        .post("/import", async |_: Items<Line>, _: Header<Keys>| {
            JsonLines(orders())
        })
        .put("/lines", async |_: Items<Line>| StatusCode::NO_CONTENT)
        .get("/plain", async || "no channel")
        .build()
}

#[test]
fn the_document_is_that_of_every_language() {
    let info = Info::new("Shop", "1.2.0")
        .with_description("Tea and more.")
        .with_server("https://shop.example/api");
    let document = shop().unwrap().asyncapi(&info).unwrap();
    let written = serde_json::to_string_pretty(&document).unwrap();
    assert_eq!(format!("{written}\n"), include_str!("../../../e2e/asyncapi.json"));
}

#[test]
fn there_is_nothing_to_describe_without_a_route() {
    let error = Sabir::new()
        .describe(|_| ())
        .get("/", async || "")
        .build()
        .unwrap_err();
    assert_eq!(error.problem, "there is no route to describe");
}
