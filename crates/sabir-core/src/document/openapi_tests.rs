#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use http::Method;
use serde_json::{Value as Json, json};

use super::{Contact, Info, OpenApiVersion, openapi};
use crate::{
    Operation, Route, RouteDefinition, Settings, operation::MediaType, routing::Converters,
    schema::SchemaCompiler,
};

fn document_of(info: &Info, version: OpenApiVersion, given: &[(&str, &str, Json)], components: Json) -> Json {
    let Json::Object(components) = components else {
        unreachable!()
    };
    let schemas = SchemaCompiler::new(components);
    let compile = |(method, path, operation): &(&str, &str, Json)| {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let definition = RouteDefinition::new(method, *path, Operation::from_json(operation).unwrap());
        Route::compile(definition, &Converters::default(), &schemas, &Settings::default()).unwrap()
    };
    let routes: Vec<_> = given.iter().map(compile).collect();
    openapi(info, version, &routes, &schemas, [])
}

fn document(given: &[(&str, &str, Json)]) -> Json {
    document_of(&Info::default(), OpenApiVersion::V3_1, given, json!({}))
}

fn names(object: &Json) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

fn statuses<'d>(document: &'d Json, path: &str) -> Vec<&'d str> {
    names(&document["paths"][path]["get"]["responses"])
}

#[test]
fn an_operation_is_written_in_the_words_of_openapi() {
    let operation = json!({
        "operationId": "change",
        "summary": "Change it.",
        "description": "At once.",
        "tags": ["items"],
        "deprecated": true,
        "parameters": [
            { "name": "limit", "in": "query", "schema": { "type": "integer", "maximum": 9, "description": "How many." } },
            { "name": "x-key", "in": "header", "required": true, "schema": { "type": "string", "deprecated": true } },
            { "name": "sort", "in": "query", "style": "form", "explode": false, "schema": { "type": "array", "items": { "type": "string" } } }
        ],
        "requestBody": { "required": true, "description": "All of it.", "content": {
            "application/json": { "schema": { "$ref": "#/components/schemas/Item" } }
        } },
        "responses": {
            "409": { "description": "Taken." },
            "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Item" } } } }
        },
        "x-sabir": { "body_limit": 10 }
    });
    let components =
        json!({ "Item": { "type": "object", "properties": { "n": { "type": "integer" } } }, "Other": {} });
    let given = [("PUT", "/items/{id:int}", operation)];
    let found = document_of(&Info::default(), OpenApiVersion::V3_1, &given, components);
    let item = json!({ "$ref": "#/components/schemas/Item" });
    let problem =
        json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
    let expected = json!({
        "tags": ["items"],
        "summary": "Change it.",
        "description": "At once.",
        "operationId": "change",
        "parameters": [
            { "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } },
            { "name": "limit", "in": "query", "description": "How many.", "schema": { "type": "integer", "maximum": 9 } },
            { "name": "sort", "in": "query", "style": "form", "explode": false, "schema": { "type": "array", "items": { "type": "string" } } },
            { "name": "x-key", "in": "header", "required": true, "deprecated": true, "schema": { "type": "string" } }
        ],
        "requestBody": { "description": "All of it.", "content": { "application/json": { "schema": item } }, "required": true },
        "responses": {
            "200": { "description": "OK", "content": { "application/json": { "schema": item } } },
            "400": { "$ref": "#/components/responses/BadRequest" },
            "404": { "$ref": "#/components/responses/NotFound" },
            "409": { "description": "Taken.", "content": problem },
            "413": { "$ref": "#/components/responses/ContentTooLarge" },
            "415": { "$ref": "#/components/responses/UnsupportedMediaType" },
            "422": { "$ref": "#/components/responses/ValidationFailed" },
            "default": { "$ref": "#/components/responses/Problem" }
        },
        "deprecated": true
    });
    // As text, for the order counts.
    assert_eq!(
        format!("{:#}", found["paths"]["/items/{id}"]["put"]),
        format!("{expected:#}")
    );
    assert_eq!(names(&found["components"]["schemas"]), ["Item", "Problem"]);
    assert_eq!(
        names(&found["components"]["responses"]),
        [
            "BadRequest",
            "NotFound",
            "ContentTooLarge",
            "UnsupportedMediaType",
            "ValidationFailed",
            "Problem"
        ]
    );
    assert_eq!(
        found["components"]["responses"]["NotFound"],
        json!({ "description": "The resource was not found", "content": problem })
    );
}

#[test]
fn the_whole_is_described() {
    let info = Info::new("Shop", "1.2.0")
        .with_description("Tea.")
        .with_terms_of_service("https://shop.example/terms")
        .with_contact(Contact {
            email: Some("tea@shop.example".into()),
            ..Contact::default()
        })
        .with_license("MIT License", "MIT")
        .with_server("/api")
        .with_tag("orders", "What is bought.");
    let found = document_of(&info, OpenApiVersion::V3_2, &[], json!({}));
    let expected = json!({
        "openapi": "3.2.0",
        "info": {
            "title": "Shop",
            "description": "Tea.",
            "termsOfService": "https://shop.example/terms",
            "contact": { "email": "tea@shop.example" },
            "license": { "name": "MIT License", "identifier": "MIT" },
            "version": "1.2.0"
        },
        "servers": [{ "url": "/api" }],
        "paths": {},
        "tags": [{ "name": "orders", "description": "What is bought." }]
    });
    assert_eq!(format!("{found:#}"), format!("{expected:#}"));
}

#[test]
fn problems_follow_from_what_an_operation_takes() {
    let query = |schema: Json| json!({ "parameters": [{ "name": "q", "in": "query", "schema": schema }] });
    let path = |schema: Json| json!({ "parameters": [{ "name": "id", "in": "path", "required": true, "schema": schema }] });
    let answers = |content: Json| json!({ "responses": { "200": { "content": content } } });
    let required = json!({ "parameters": [{ "name": "q", "in": "query", "required": true, "schema": { "type": "string" } }] });
    for (pattern, operation, expected) in [
        ("/a", json!({}), vec![]),
        ("/{id}", json!({}), vec!["400"]),
        ("/{id:int}", json!({}), vec!["400", "404"]),
        ("/{id:a|b}", json!({}), vec!["400", "404"]),
        ("/{id:path}", json!({}), vec!["400", "404"]),
        (
            "/{id:int}",
            path(json!({ "type": "integer", "title": "Id" })),
            vec!["400", "404"],
        ),
        (
            "/{id:int}",
            path(json!({ "type": "integer", "minimum": 1 })),
            vec!["400", "404", "422"],
        ),
        (
            "/{id}",
            path(json!({ "type": "string", "title": "Id" })),
            vec!["400"],
        ),
        (
            "/{id}",
            path(json!({ "type": "string", "maxLength": 9 })),
            vec!["400", "422"],
        ),
        (
            "/a",
            query(json!({ "type": "string", "default": "a" })),
            vec!["400"],
        ),
        ("/a", query(json!({ "type": ["string", "null"] })), vec!["400"]),
        ("/a", query(json!({ "type": "integer" })), vec!["400", "422"]),
        ("/a", required, vec!["400", "422"]),
        (
            "/a",
            answers(json!({ "text/html": {}, "application/json": {} })),
            vec!["406"],
        ),
        (
            "/a",
            json!({ "requestBody": { "content": { "*/*": {} } } }),
            vec!["400", "413", "415"],
        ),
        (
            "/a",
            json!({ "requestBody": { "content": { "application/json": { "schema": {} } } } }),
            vec!["400", "413", "415", "422"],
        ),
        (
            "/a",
            json!({ "requestBody": { "required": true, "content": { "text/plain": {} } } }),
            vec!["400", "413", "415", "422"],
        ),
    ] {
        let found = document(&[("GET", pattern, operation)]);
        let template = pattern.split(':').next().unwrap().to_owned();
        let template = if pattern.contains(':') {
            template + "}"
        } else {
            template
        };
        let mut all = statuses(&found, &template);
        assert_eq!(all.pop(), Some("default"));
        all.retain(|status| !status.starts_with('2'));
        assert_eq!(all, expected, "{pattern}");
    }
}

#[test]
fn an_answer_that_is_declared_has_the_problem_of_the_runtime_too() {
    let own = json!({ "description": "Mine.", "content": { "text/plain": {} } });
    let whole = json!({ "content": { "application/problem+json": {} } });
    let operation = json!({
        "parameters": [{ "name": "q", "in": "query", "required": true }],
        "responses": { "422": own, "404": whole, "default": { "description": "Anything." }, "303": {} }
    });
    let found = document(&[("GET", "/", operation)]);
    let responses = &found["paths"]["/"]["get"]["responses"];
    let problem = json!({ "schema": { "$ref": "#/components/schemas/Problem" } });
    assert_eq!(names(responses), ["303", "400", "404", "422", "default"]);
    assert_eq!(
        responses["422"],
        json!({ "description": "Mine.", "content": { "text/plain": {}, "application/problem+json": problem } })
    );
    assert_eq!(
        responses["404"]["content"],
        json!({ "application/problem+json": problem })
    );
    assert_eq!(responses["default"], json!({ "description": "Anything." }));
}

#[test]
fn paths_are_told_apart_where_openapi_can() {
    let found = document(&[
        ("GET", "/users/{id:int}", json!({ "operationId": "number" })),
        ("DELETE", "/users/{name}", json!({})),
        ("GET", "/users/{name}", json!({ "operationId": "name" })),
        ("GET", "/users/{id:uuid}", json!({ "operationId": "uuid" })),
        ("GET", "/é/{a}-{b:int}.json", json!({})),
        ("GET", "/files/{path:path}", json!({})),
    ]);
    let paths = &found["paths"];
    assert_eq!(
        names(paths),
        [
            "/users/{id}",
            "/users/{name}",
            "/users/{id_2}",
            "/%C3%A9/{a}-{b}.json",
            "/files/{path}"
        ]
    );
    assert_eq!(names(&paths["/users/{id}"]), ["get", "delete"]);
    assert_eq!(paths["/users/{id}"]["delete"]["parameters"][0]["name"], "id");
    assert_eq!(paths["/users/{id_2}"]["get"]["parameters"][0]["name"], "id_2");
    assert_eq!(paths["/users/{id_2}"]["get"]["operationId"], "uuid");
}

#[test]
fn an_operation_of_any_method_is_listed_under_those_that_have_none_of_their_own() {
    let found = document(&[
        ("*", "/a", json!({ "operationId": "any" })),
        ("POST", "/a", json!({ "operationId": "post" })),
    ]);
    let item = &found["paths"]["/a"];
    assert_eq!(names(item), ["get", "put", "post", "delete", "patch"]);
    assert_eq!(
        (&item["get"]["operationId"], &item["post"]["operationId"]),
        (&json!("any"), &json!("post"))
    );
    assert_eq!(item["put"].get("operationId"), None);
}

#[test]
fn methods_without_a_word_are_additional_operations() {
    let given = [
        ("PURGE", "/a", json!({})),
        ("QUERY", "/a", json!({})),
        ("GET", "/a", json!({})),
    ];
    let found = |version| document_of(&Info::default(), version, &given, json!({}));
    let old = found(OpenApiVersion::V3_1);
    assert_eq!(names(&old["paths"]["/a"]), ["get", "x-sabir"]);
    assert_eq!(
        names(&old["paths"]["/a"]["x-sabir"]["additionalOperations"]),
        ["PURGE", "QUERY"]
    );
    let new = found(OpenApiVersion::V3_2);
    assert_eq!(
        names(&new["paths"]["/a"]),
        ["get", "query", "additionalOperations"]
    );
}

#[test]
fn what_is_sent_one_after_the_other_has_a_word_since_3_2() {
    let events = MediaType::of_events([("tick", json!({ "type": "integer" }))]);
    let events = serde_json::to_value(events).unwrap();
    let operation = json!({
        "requestBody": { "required": true, "content": { "application/jsonl": { "itemSchema": { "type": "integer" } } } },
        "responses": { "200": { "content": { "text/event-stream": events } } }
    });
    let given = [("GET", "/a", operation)];
    let content = |document: &Json| {
        document["paths"]["/a"]["get"]["requestBody"]["content"]["application/jsonl"].clone()
    };
    let old = document(&given);
    assert_eq!(
        content(&old),
        json!({ "schema": { "type": "string" }, "x-sabir": { "itemSchema": { "type": "integer" } } })
    );
    assert_eq!(
        old["paths"]["/a"]["get"]["parameters"],
        json!([{ "name": "last-event-id", "in": "header", "schema": { "type": "string" } }])
    );
    let new = document_of(&Info::default(), OpenApiVersion::V3_2, &given, json!({}));
    assert_eq!(content(&new), json!({ "itemSchema": { "type": "integer" } }));
}

#[test]
fn sockets_and_hidden_operations_are_left_out() {
    let found = document(&[
        ("GET", "/chat", json!({ "x-sabir": { "websocket": {} } })),
        ("GET", "/docs", json!({ "x-sabir": { "hidden": true } })),
    ]);
    assert_eq!(found["paths"], json!({}));
    assert_eq!(found.get("components"), None);
}

#[test]
fn the_problem_of_the_runtime_has_the_name_before_all_others() {
    let other = json!({ "title": "Problem", "type": "object", "properties": { "a": {} } });
    let operation =
        json!({ "responses": { "200": { "content": { "application/json": { "schema": other } } } } });
    let found = document(&[("GET", "/{id:int}", operation)]);
    assert_eq!(names(&found["components"]["schemas"]), ["Problem", "Problem-2"]);
    assert!(
        found["components"]["schemas"]["Problem"]["properties"]
            .get("status")
            .is_some()
    );
}

#[test]
fn there_is_no_other_version() {
    assert_eq!(OpenApiVersion::from_name("3.2").unwrap(), OpenApiVersion::V3_2);
    let error = OpenApiVersion::from_name("3.0").unwrap_err();
    assert_eq!(error.field, "openapi_version");
}
