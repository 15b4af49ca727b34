//! Requests in memory, and what comes of them.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each suite uses a part of this"
)]

use http::Request;
use sabir::{Bytes, Sabir, Service};
use serde_json::{Value, json};

pub async fn send(app: &Service, request: Request<Bytes>) -> (u16, String) {
    let response = app.call_in_memory(request).await;
    let content = String::from_utf8(response.body().to_vec()).unwrap();
    (response.status().as_u16(), content)
}

pub async fn get(app: &Service, target: &str) -> (u16, String) {
    send(app, Request::get(target).body(Bytes::new()).unwrap()).await
}

pub async fn post_json(app: &Service, content: &str) -> (u16, String) {
    let request = Request::post("/").header("content-type", "application/json");
    send(app, request.body(content.to_owned().into()).unwrap()).await
}

pub fn ok(content: &str) -> (u16, String) {
    (200, content.into())
}

/// Place, name, pointer and keyword of each error.
pub fn errors((status, content): &(u16, String)) -> Vec<Value> {
    assert_eq!(*status, 422, "{content}");
    let problem: Value = serde_json::from_str(content).unwrap();
    let errors = problem["errors"].as_array().unwrap();
    let shown = |error: &Value| json!([error["in"], error["name"], error["pointer"], error["keyword"]]);
    errors.iter().map(shown).collect()
}

pub fn refusal(app: Sabir) -> String {
    app.build().unwrap_err().to_string()
}
