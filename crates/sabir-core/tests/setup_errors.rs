//! What a mistake in a route says: the route, the field, what is wrong, and what to do.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[cfg(target_family = "wasm")]
#[macro_use]
extern crate sabir_wasm_test;

use http::Method;
use sabir_core::{
    Operation, Route, RouteDefinition, Settings, SetupError, routing::Converters, schema::SchemaCompiler,
};
use serde_json::{Value as Json, json};

fn compile(path: &str, operation: &Json) -> Result<Route, SetupError> {
    let definition = RouteDefinition::new(Method::POST, path, Operation::from_json(operation).unwrap());
    Route::compile(
        definition,
        &Converters::default(),
        &SchemaCompiler::default(),
        &Settings::default(),
    )
}

#[track_caller]
fn refused(operation: &Json, field: &str, problem: &str) {
    let error = compile("/orders/{id:int}", operation).unwrap_err();
    assert_eq!(
        (error.route.as_str(), error.field.as_str()),
        ("POST /orders/{id:int}", field),
        "{error}"
    );
    assert!(error.problem.contains(problem), "{error}");
    assert!(!error.remedy.is_empty(), "{error}");
}

#[test]
fn an_invalid_schema_of_a_parameter_is_named() {
    let good = json!({"name": "a", "in": "query", "schema": {"type": "integer"}});
    let broken = json!({"name": "b", "in": "query", "schema": {"type": "strin"}});
    refused(
        &json!({"parameters": [good, broken]}),
        "parameters[1].schema.type",
        "\"strin\"",
    );
}

#[test]
fn an_invalid_schema_of_a_body_is_named() {
    let schema = json!({"type": "object", "properties": {"sku": {"$ref": "#/components/schemas/Sku"}}});
    refused(
        &json!({"requestBody": {"content": {"application/json": {"schema": schema}}}}),
        "requestBody.content.application/json.schema.properties.sku.$ref",
        "\"#/components/schemas/Sku\" refers to nothing",
    );
}

#[test]
fn a_pattern_of_names_that_is_not_linear_is_named() {
    for pattern in ["(?<=a)b", "a(?!b).", "(.)\\1"] {
        let named = json!({"type": "object", "patternProperties": {pattern: {"type": "string"}}});
        let schema = json!({"type": "array", "items": named});
        refused(
            &json!({"requestBody": {"content": {"application/json": {"schema": schema}}}}),
            &format!("requestBody.content.application/json.schema.items.patternProperties.{pattern}"),
            "of property names has look-around or a back-reference that takes more than linear time",
        );
    }
    let linear = json!({"patternProperties": {"^(?!x-)[a-z]+$": {"type": "string"}}});
    let body = json!({"requestBody": {"content": {"application/json": {"schema": linear}}}});
    assert!(compile("/", &body).is_ok());
}

#[test]
fn an_invalid_schema_of_a_response_is_named() {
    let content = json!({"application/json": {"schema": {"items": {"minimum": "0"}}}});
    refused(
        &json!({"responses": {"200": {"description": "", "content": content}}}),
        "responses.200.content.application/json.schema.items.minimum",
        "\"0\" is not a number",
    );
}

#[test]
fn a_response_needs_a_status() {
    refused(
        &json!({"responses": {"ok": {"description": ""}}}),
        "responses.ok",
        "`ok` is not a status code",
    );
    for status in ["200", "404", "2XX", "default"] {
        assert!(
            compile("/", &json!({"responses": {status: {"description": ""}}})).is_ok(),
            "{status}"
        );
    }
}

#[test]
fn a_parameter_that_cannot_be_is_named() {
    let parameter = |value: Json| json!({"parameters": [value]});
    refused(
        &parameter(json!({"name": "key", "in": "path", "required": true})),
        "parameters[0].name",
        "has no variable {key}",
    );
    refused(
        &parameter(json!({"name": "id", "in": "path"})),
        "parameters[0].required",
        "not required",
    );
    refused(
        &parameter(json!({"name": "a", "in": "header", "style": "form"})),
        "parameters[0].style",
        "cannot have the style",
    );
}

#[test]
fn a_setting_says_what_it_takes() {
    let error = Settings::default()
        .set("body_limit", &json!("10 MB"))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "settings: body_limit: \"10 MB\" is not a whole number of 0 or more; give it a whole number of 0 or more"
    );
    let error = Settings::default()
        .set("trailing_slash", &json!("maybe"))
        .unwrap_err();
    assert!(error.remedy.contains("strict, redirect, ignore"), "{error}");
    let error = Settings::default().set("body_limits", &json!(1)).unwrap_err();
    assert!(
        error.problem.contains("no such setting") && error.remedy.contains("body_limit"),
        "{error}"
    );
}
