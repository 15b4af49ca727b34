//! Schemas that refer to documents of the application.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use bytes::Bytes;
use http::Request;
use sabir::{Json, Query, Sabir, Service};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

fn count(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "$ref": "https://example.org/order#count" })
}

fn kind(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "$ref": "urn:kind" })
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Order {
    #[schemars(schema_with = "count")]
    count: i64,
    #[schemars(schema_with = "kind")]
    kind: String,
}

async fn search(Query(order): Query<Order>) -> Json<Order> {
    Json(order)
}

async fn create(Json(order): Json<Order>) -> Json<Order> {
    Json(order)
}

fn documents() -> Map<String, Value> {
    let order = json!({"$defs": {"count": {"$anchor": "count", "type": "integer", "minimum": 1}}});
    let kind = json!({"$schema": "http://json-schema.org/draft-04/schema#", "enum": ["new", "used"]});
    Map::from_iter([
        ("https://example.org/order".into(), order),
        ("urn:kind".into(), kind),
    ])
}

async fn send(app: &Service, request: Request<Bytes>) -> (u16, Value) {
    let response = app.call_in_memory(request).await;
    (
        response.status().as_u16(),
        serde_json::from_slice(response.body()).unwrap(),
    )
}

fn get(target: &str) -> Request<Bytes> {
    Request::get(target).body(Bytes::new()).unwrap()
}

fn post(body: &Value) -> Request<Bytes> {
    Request::post("/orders")
        .header("content-type", "application/json")
        .body(body.to_string().into())
        .unwrap()
}

#[tokio::test]
async fn refer_to_documents_by_their_uris() {
    let app = Sabir::new()
        .schemas(documents())
        .get("/orders", search)
        .post("/orders", create)
        .build()
        .unwrap();
    let order = json!({"count": 2, "kind": "new"});
    assert_eq!(
        send(&app, get("/orders?count=2&kind=new")).await,
        (200, order.clone())
    );
    assert_eq!(send(&app, post(&order)).await, (200, order));

    let keywords = |problem: &Value| -> Vec<String> {
        let errors = problem["errors"].as_array().unwrap();
        errors
            .iter()
            .map(|error| error["keyword"].as_str().unwrap().to_owned())
            .collect()
    };
    let (status, problem) = send(&app, get("/orders?count=0&kind=old")).await;
    assert_eq!(
        (status, keywords(&problem)),
        (422, vec!["minimum".to_owned(), "enum".to_owned()])
    );
    let (status, problem) = send(&app, post(&json!({"count": "2", "kind": "old"}))).await;
    assert_eq!(
        (status, keywords(&problem)),
        (422, vec!["type".to_owned(), "enum".to_owned()])
    );
}

#[test]
fn name_what_is_missing_and_what_is_wrong() {
    let error = Sabir::new().post("/orders", create).build().unwrap_err();
    assert_eq!(error.route, "POST /orders");
    assert!(error.problem.contains("https://example.org/order"), "{error}");
    let wrong = Map::from_iter([("order".into(), json!({}))]);
    let error = Sabir::new().schemas(wrong).build().unwrap_err();
    assert_eq!(error.field, "schemas.order");
}
