//! The project's README shows what its application answers.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use bytes::Bytes;
use http::{Request, StatusCode};
use sabir::{Json, Sabir};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// As in the README, whose Rust is compiled with the documentation.
#[derive(Serialize, Deserialize, JsonSchema)]
struct Order {
    sku: String,
    #[schemars(range(min = 1))]
    quantity: u32,
}

async fn create(order: Json<Order>) -> (StatusCode, Json<Order>) {
    (StatusCode::CREATED, order)
}

/// Whether `shown` is `actual`, as far as it is written out: an ellipsis stands for anything.
fn agrees(shown: &Value, actual: &Value) -> bool {
    match (shown, actual) {
        (Value::String(text), Value::String(_)) if text == "…" => true,
        (Value::Object(shown), Value::Object(actual)) => {
            shown.keys().eq(actual.keys()) && shown.iter().all(|(name, value)| agrees(value, &actual[name]))
        }
        (Value::Array(shown), Value::Array(actual)) => {
            shown.len() == actual.len()
                && shown
                    .iter()
                    .zip(actual)
                    .all(|(shown, actual)| agrees(shown, actual))
        }
        _ => shown == actual,
    }
}

#[tokio::test]
async fn the_problem_in_the_readme_is_the_one_that_comes() {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").unwrap();
    let readme = std::fs::read_to_string(Path::new(&package).join("../../README.md")).unwrap();
    let (_, rest) = readme.split_once("```json\n").unwrap();
    let (shown, _) = rest.split_once("```").unwrap();
    let app = Sabir::new().post("/orders", create).build().unwrap();
    let request = Request::post("/orders").header("content-type", "application/json");
    let response = app
        .call_in_memory(request.body(Bytes::from(r#"{"quantity": 0}"#)).unwrap())
        .await;
    let (shown, actual): (Value, Value) = (
        serde_json::from_str(shown).unwrap(),
        serde_json::from_slice(response.body()).unwrap(),
    );
    assert!(
        agrees(&shown, &actual),
        "the README shows {shown}\nbut the answer is {actual}"
    );
}
