//! The OpenAPI document of an application in Rust is that of the same application in other languages.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::HashMap, convert::Infallible};

use futures_util::stream;
use sabir::{
    Cookie, Event, Events, Form, Header, Items, Json, JsonLines, Method, Multipart, Path, Query, Sabir,
    Service, SetupError, StatusCode, UploadFile,
    document::{Contact, Info, OpenApiVersion},
    operation::{MediaType, Operation, Response},
    schema_of,
    websocket::WebSocket,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum State {
    Open,
    Closed,
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Line {
    #[schemars(regex(pattern = r"^[A-Z]{3}-[0-9]{4}$"))]
    sku: String,
    #[schemars(range(min = 1, max = 100))]
    quantity: i64,
}

/// What a client orders.
#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "only its schema counts")]
struct NewOrder {
    #[schemars(length(min = 1))]
    lines: Vec<Line>,
    note: Option<String>,
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

#[derive(Serialize, Deserialize, JsonSchema)]
struct Comment {
    text: String,
    replies: Vec<Comment>,
}

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
}

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
#[allow(dead_code, reason = "only its schema counts")]
enum Message {
    Join(Join),
    Say(Say),
}

#[derive(Serialize, JsonSchema)]
struct Tick {
    n: i64,
}

fn ten() -> i64 {
    10
}

#[derive(Deserialize, JsonSchema)]
#[schemars(inline)]
#[serde(rename_all = "lowercase")]
enum Word {
    Open,
    Closed,
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "only its schema counts")]
struct Page {
    #[serde(default = "ten")]
    #[schemars(range(min = 1, max = 100))]
    limit: i64,
    since: Option<String>,
    state: Option<Vec<Word>>,
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "only its schema counts")]
struct Keys {
    /// The key of the client.
    #[serde(rename = "x-key")]
    key: String,
}

fn no() -> String {
    "no".into()
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "only its schema counts")]
struct Cookies {
    #[serde(default = "no")]
    seen: String,
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "only its schema counts")]
struct Id(#[schemars(range(min = 1))] i64);

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "only its schema counts")]
struct Photo {
    photo: UploadFile,
    #[serde(default)]
    caption: String,
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "only its schema counts")]
struct Name {
    first: String,
    #[schemars(range(min = 0))]
    age: i64,
}

async fn find(_: Header<Keys>, _: Query<Page>, _: Cookie<Cookies>) -> Json<Vec<Order>> {
    Json(Vec::new())
}

fn empty(status: &'static str) -> impl FnOnce(&mut Operation) + Send + 'static {
    move |operation| {
        operation.responses.entry(status.into()).or_default();
    }
}

fn shop() -> Result<Service, SetupError> {
    let sku = json!({ "type": "string", "pattern": "^[A-Z]{3}-[0-9]{4}$" });
    let orders = |operation: &mut Operation| operation.tags = vec!["orders".into()];
    let none = async || StatusCode::NO_CONTENT;
    let purge = Method::from_bytes(b"PURGE").unwrap();
    Sabir::new()
        .converter("sku", "[A-Z]{3}-[0-9]{4}", sku)
        .get("/orders", find)
        .describe(move |operation| {
            orders(operation);
            operation.operation_id = Some("find_orders".into());
            operation.summary = Some("Find orders.".into());
            operation.description = Some("The newest first.".into());
        })
        .returns::<Vec<Order>>(StatusCode::OK)
        .post("/orders", async |_: Json<NewOrder>| StatusCode::CREATED)
        .describe(orders)
        .describe(empty("409"))
        .returns::<Order>(StatusCode::CREATED)
        .get("/orders/{id:int}", async |_: Path<i64>| "")
        .describe(|operation| {
            let missing = Response {
                description: "There is no such order.".into(),
                ..Response::default()
            };
            operation.responses.insert("404".into(), missing);
        })
        .returns::<Order>(StatusCode::OK)
        .put("/orders/{id:int}", async |_: Path<Id>, _: Json<NewOrder>| "")
        .describe(|operation| operation.deprecated = true)
        .returns::<Order>(StatusCode::OK)
        .delete("/orders/{number}", async |_: Path<String>| StatusCode::NO_CONTENT)
        .describe(empty("204"))
        .get("/orders/{id:uuid}", none)
        .get("/files/{path:path}", none)
        .get("/reports/{kind:csv|pdf}/{day:date}.{n}", none)
        .get("/parts/{sku:sku}", none)
        .describe(|operation| {
            let response = operation.responses.entry("200".into()).or_default();
            for media_type in ["application/json", "text/html"] {
                response.content.insert(media_type.into(), MediaType::default());
            }
        })
        .post("/photos", async |_: Multipart<Photo>| StatusCode::CREATED)
        .describe(empty("201"))
        .post("/names", async |_: Form<Name>| StatusCode::NO_CONTENT)
        .describe(|operation| {
            // Other languages take both kinds of forms where one has no files.
            let body = operation.request_body.as_mut().unwrap();
            let form = body.content["application/x-www-form-urlencoded"].clone();
            body.content.insert("multipart/form-data".into(), form);
        })
        .post("/comments", async |Json(comment): Json<Comment>| Json(comment))
        .returns::<Comment>(StatusCode::OK)
        .post("/messages", async |_: Json<Message>| StatusCode::NO_CONTENT)
        .get("/ticks", async || {
            Events(stream::empty::<Result<Event, Infallible>>())
        })
        .describe(|operation| {
            let ticks = MediaType::of_events([("tick", schema_of::<Tick>())]);
            let response = Response::of("text/event-stream", ticks);
            operation.responses.insert("200".into(), response);
        })
        .get("/export", async || {
            JsonLines(stream::empty::<Result<Order, Infallible>>())
        })
        .post("/import", async |_: Items<Line>| Json(Vec::<i64>::new()))
        .returns::<Vec<i64>>(StatusCode::OK)
        .put("/blob", none)
        .all("/any", none)
        .route(purge, "/cache", none)
        .get("/cache", none)
        .get("/hidden", none)
        .describe(|operation| operation.extension.get_or_insert_default().hidden = true)
        .websocket("/chat", async |_: WebSocket| ())
        .build()
}

fn document(version: OpenApiVersion) -> String {
    let mut info = Info::new("Shop", "1.2.0")
        .with_description("Tea and more.")
        .with_terms_of_service("https://shop.example/terms")
        .with_contact(Contact {
            name: Some("Ada".into()),
            url: Some("https://shop.example".into()),
            email: Some("ada@shop.example".into()),
        })
        .with_license("MIT License", "MIT")
        .with_server("https://shop.example/api")
        .with_server("/")
        .with_tag("orders", "What is bought.");
    info.servers[1].description = Some("Here.".into());
    format!("{:#}\n", shop().unwrap().openapi(&info, version))
}

#[test]
fn the_document_is_that_of_every_language() {
    for (version, expected) in [
        (
            OpenApiVersion::V3_1,
            include_str!("../../../e2e/openapi-3.1.json"),
        ),
        (
            OpenApiVersion::V3_2,
            include_str!("../../../e2e/openapi-3.2.json"),
        ),
    ] {
        let found = document(version);
        let lines = found.lines().zip(expected.lines()).enumerate();
        for (number, (found, expected)) in lines {
            assert_eq!(found, expected, "{version:?}, line {}", number + 1);
        }
        assert_eq!(found.len(), expected.len());
    }
}
