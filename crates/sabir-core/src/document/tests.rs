#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use http::Method;
use serde_json::{Value as Json, json};

use super::{Info, asyncapi};
use crate::{Operation, Route, RouteDefinition, Settings, routing::Converters, schema::SchemaCompiler};

fn routes(routes: &[(&str, &str, Json)], schemas: &SchemaCompiler) -> Vec<Route> {
    let compile = |(method, path, operation): &(&str, &str, Json)| {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let definition = RouteDefinition::new(method, *path, Operation::from_json(operation).unwrap());
        Route::compile(definition, &Converters::default(), schemas, &Settings::default()).unwrap()
    };
    routes.iter().map(compile).collect()
}

fn document(given: &[(&str, &str, Json)], components: Json) -> Json {
    let Json::Object(components) = components else {
        unreachable!()
    };
    let schemas = SchemaCompiler::new(components);
    asyncapi(&Info::new("Shop", "1.0.0"), &routes(given, &schemas), &schemas).unwrap()
}

#[allow(clippy::needless_pass_by_value, reason = "shorter where it is called")]
fn socket(incoming: Json, outgoing: Json) -> Json {
    json!({ "x-sabir": { "websocket": { "incoming": incoming, "outgoing": outgoing } } })
}

fn names(object: &Json) -> Vec<&str> {
    object.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn a_socket_is_a_channel_with_two_operations() {
    let operation = json!({
        "operationId": "chat",
        "summary": "Talk.",
        "tags": ["talk"],
        "deprecated": true,
        "parameters": [
            { "name": "room", "in": "path", "required": true, "schema": { "enum": ["tea", "mate"] }, "description": "Which." },
            { "name": "limit", "in": "query", "schema": { "type": "integer" }, "description": "How many.", "deprecated": true },
            { "name": "x-key", "in": "header", "required": true, "schema": { "type": "string" } },
            { "name": "seen", "in": "cookie", "schema": { "$ref": "#/components/schemas/Word" } }
        ],
        "x-sabir": { "websocket": {
            "incoming": { "$ref": "#/components/schemas/Line" }, "subprotocols": ["chat.v1"], "invalid_message": "close"
        } }
    });
    let components = json!({
        "Other": {},
        "Word": { "title": "Word", "type": "string" },
        "Line": { "title": "Line", "properties": { "text": { "$ref": "#/components/schemas/Word" } }, "type": "object" }
    });
    let found = document(
        &[
            ("GET", "/chat/{room}/{n:int}", operation),
            ("GET", "/plain", json!({})),
        ],
        components,
    );
    let expected = json!({
        "asyncapi": "3.0.0",
        "info": { "title": "Shop", "version": "1.0.0" },
        "channels": { "chat": {
            "address": "/chat/{room}/{n}",
            "summary": "Talk.",
            "parameters": { "room": { "description": "Which.", "enum": ["tea", "mate"] }, "n": {} },
            "messages": {
                "Line": { "name": "Line", "contentType": "application/json", "payload": { "$ref": "#/components/schemas/Line" } },
                "outgoing": { "name": "outgoing", "summary": "Text or bytes." }
            },
            "bindings": { "ws": {
                "method": "GET",
                "query": { "type": "object", "properties": {
                    "limit": { "description": "How many.", "deprecated": true, "type": "integer" }
                } },
                "headers": { "type": "object", "properties": { "x-key": { "type": "string" } }, "required": ["x-key"] },
                "bindingVersion": "0.1.0"
            } },
            "x-sabir": {
                "subprotocols": ["chat.v1"],
                "parameters": [
                    { "name": "n", "in": "path", "required": true, "schema": { "type": "integer" } },
                    { "name": "seen", "in": "cookie", "schema": { "$ref": "#/components/schemas/Word" } }
                ],
                "deprecated": true
            }
        } },
        "operations": {
            "receive.chat": {
                "action": "receive",
                "channel": { "$ref": "#/channels/chat" },
                "tags": [{ "name": "talk" }],
                "messages": [{ "$ref": "#/channels/chat/messages/Line" }]
            },
            "send.chat": {
                "action": "send",
                "channel": { "$ref": "#/channels/chat" },
                "tags": [{ "name": "talk" }],
                "messages": [{ "$ref": "#/channels/chat/messages/outgoing" }]
            }
        },
        "components": { "schemas": {
            "Line": { "type": "object", "properties": { "text": { "$ref": "#/components/schemas/Word" } } },
            "Word": { "type": "string" }
        } }
    });
    assert_eq!(
        serde_json::to_string_pretty(&found).unwrap(),
        serde_json::to_string_pretty(&expected).unwrap()
    );
}

#[test]
fn a_client_is_told_what_does_not_fit() {
    let found = document(
        &[(
            "GET",
            "/",
            socket(json!({ "type": "integer" }), json!({ "type": "string" })),
        )],
        json!({}),
    );
    assert_eq!(
        names(&found["channels"]["root"]["messages"]),
        ["incoming", "outgoing", "problem"]
    );
    let sent = &found["operations"]["send.root"]["messages"];
    assert_eq!(sent[1]["$ref"], "#/channels/root/messages/problem");
    let problem = &found["channels"]["root"]["messages"]["problem"];
    assert_eq!(problem["contentType"], "application/problem+json");
    assert_eq!(problem["payload"]["$ref"], "#/components/schemas/Problem");
}

#[test]
fn alternatives_with_names_are_messages() {
    let tagged = json!({ "oneOf": [
        { "type": "object", "properties": { "kind": { "enum": ["join"] } }, "required": ["kind"] },
        { "type": "object", "properties": { "kind": { "const": "say" }, "text": {} }, "required": ["text", "kind"] }
    ] });
    let named = json!({ "title": "Outgoing", "anyOf": [{ "$ref": "#/$defs/Said" }, { "$ref": "#/$defs/Left" }], "$defs": {
        "Said": { "type": "object" }, "Left": { "type": "object", "properties": { "who": { "$ref": "#/$defs/Who" } } }, "Who": { "type": "string" }
    } });
    let unnamed = json!({ "anyOf": [{ "$ref": "#/$defs/A" }, { "type": "integer" }], "$defs": { "A": { "type": "object" } } });
    let found = document(
        &[
            ("GET", "/chat", socket(tagged, named)),
            ("GET", "/other", socket(Json::Null, unnamed)),
        ],
        json!({}),
    );
    assert_eq!(
        names(&found["channels"]["chat"]["messages"]),
        ["join", "say", "Said", "Left", "problem"]
    );
    assert_eq!(
        names(&found["channels"]["other"]["messages"]),
        ["incoming", "outgoing"]
    );
    assert_eq!(
        names(&found["components"]["schemas"]),
        ["A", "Left", "Problem", "Said", "Who"]
    );
}

#[test]
fn schemas_get_a_name_by_definition_component_or_title() {
    let line = json!({ "type": "object", "properties": { "sku": { "type": "string" } } });
    let mut titled = line.clone();
    titled["title"] = "Line".into();
    let by_definition = json!({ "$ref": "#/$defs/Line", "$defs": { "Line": line } });
    let by_component = json!({ "$ref": "#/components/schemas/Line" });
    let nested = json!({ "type": "array", "items": titled });
    let found = document(
        &[
            ("GET", "/a", socket(titled.clone(), by_definition)),
            ("GET", "/b", socket(by_component, nested)),
        ],
        json!({ "Line": titled }),
    );
    let reference = json!({ "$ref": "#/components/schemas/Line" });
    assert_eq!(found["channels"]["a"]["messages"]["Line"]["payload"], reference);
    assert_eq!(names(&found["channels"]["a"]["messages"]), ["Line", "problem"]);
    assert_eq!(found["channels"]["b"]["messages"]["Line"]["payload"], reference);
    assert_eq!(
        found["channels"]["b"]["messages"]["outgoing"]["payload"]["items"],
        reference
    );
    assert_eq!(found["components"]["schemas"]["Line"], line);
}

#[test]
fn two_schemas_of_one_name_are_kept_apart() {
    let of = |kind: &str| {
        json!({ "$ref": "#/$defs/A", "$defs": {
        "A": { "type": "object", "properties": { "b": { "$ref": "#/$defs/B" }, "a": { "$ref": "#/$defs/A" } } }, "B": { "type": kind }
    } })
    };
    let found = document(
        &[
            ("GET", "/a", socket(of("string"), of("integer"))),
            ("GET", "/b", socket(of("string"), Json::Null)),
        ],
        json!({}),
    );
    assert_eq!(
        names(&found["components"]["schemas"]),
        ["A", "A-2", "B", "B-2", "Problem"]
    );
    assert_eq!(
        names(&found["channels"]["a"]["messages"]),
        ["A", "A-2", "problem"]
    );
    let schemas = &found["components"]["schemas"];
    assert_eq!(
        schemas["A-2"]["properties"]["b"]["$ref"],
        "#/components/schemas/B-2"
    );
    assert_eq!(
        schemas["A-2"]["properties"]["a"]["$ref"],
        "#/components/schemas/A-2"
    );
    assert_eq!(schemas["B"]["type"], "string");
}

#[test]
fn references_of_every_kind_lead_into_the_document() {
    let schema = json!({
        "type": "object",
        "properties": {
            "self": { "$ref": "#" },
            "part": { "$ref": "#/properties/anchored" },
            "anchored": { "$ref": "#here" },
            "far": { "$ref": "https://shop.example/schemas/sku.json", "description": "Beside." }
        },
        "$defs": { "Place": { "$anchor": "here", "type": "integer" } }
    });
    let documents = json!({ "https://shop.example/schemas/sku.json": {
        "$ref": "#/$defs/text", "$defs": { "text": { "type": "string" } }
    } });
    let Json::Object(documents) = documents else {
        unreachable!()
    };
    let schemas = SchemaCompiler::default().with_documents(documents).unwrap();
    let given = [("GET", "/", socket(schema, Json::Null))];
    let found = asyncapi(&Info::default(), &routes(&given, &schemas), &schemas).unwrap();
    let schemas = &found["components"]["schemas"];
    assert_eq!(names(schemas), ["Place", "Problem", "Schema", "sku", "text"]);
    assert_eq!(schemas["Place"], json!({ "type": "integer" }));
    assert_eq!(
        schemas["Schema"]["properties"],
        json!({
            "self": { "$ref": "#/components/schemas/Schema" },
            "part": { "$ref": "#/components/schemas/Schema/properties/anchored" },
            "anchored": { "$ref": "#/components/schemas/Place" },
            "far": { "description": "Beside.", "allOf": [{ "$ref": "#/components/schemas/sku" }] }
        })
    );
    assert_eq!(schemas["sku"], json!({ "$ref": "#/components/schemas/text" }));
}

#[test]
fn a_schema_that_asyncapi_cannot_say_names_its_dialect() {
    let pair = json!({ "$ref": "#/$defs/Pair", "$defs": { "Pair": { "prefixItems": [{ "type": "string" }], "type": "array" } } });
    let found = document(&[("GET", "/", socket(Json::Null, pair))], json!({}));
    assert_eq!(
        found["channels"]["root"]["messages"]["Pair"]["payload"],
        json!({
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": { "$ref": "#/components/schemas/Pair" }
        })
    );
}

#[test]
fn an_event_stream_sends_its_types_of_events() {
    let tick = json!({ "type": "object", "title": "Tick", "properties": { "n": { "type": "integer" } } });
    let data = json!({ "type": "string", "contentMediaType": "application/json", "contentSchema": tick });
    let operation = json!({
        "parameters": [
            { "name": "Last-Event-ID", "in": "header", "schema": { "type": "string" } },
            { "name": "x-key", "in": "header", "schema": { "type": "string" } },
            { "name": "from", "in": "query", "schema": { "type": "integer" } }
        ],
        "responses": { "200": { "content": { "text/event-stream": { "itemSchema": { "type": "object", "oneOf": [
            { "properties": { "event": { "const": "tick" }, "data": data }, "required": ["event"] },
            { "properties": { "event": { "const": "message" }, "data": { "type": "string", "maxLength": 9 } } }
        ] } } } } }
    });
    let found = document(&[("GET", "/ticks/{n}", operation)], json!({}));
    let channel = &found["channels"]["ticks-n"];
    let bindings = json!({ "http": {
        "headers": { "type": "object", "properties": { "content-type": { "type": "string", "const": "text/event-stream" } } },
        "bindingVersion": "0.3.0"
    } });
    let headers = |event: Json| {
        json!({ "type": "object", "properties": {
        "event": event, "id": { "type": "string" }, "retry": { "type": "integer", "minimum": 0 }
    } })
    };
    let mut named = headers(json!({ "type": "string", "const": "tick" }));
    named["required"] = json!(["event"]);
    assert_eq!(
        channel["messages"],
        json!({
            "tick": {
                "name": "tick", "contentType": "application/json", "headers": named,
                "payload": { "$ref": "#/components/schemas/Tick" }, "bindings": bindings
            },
            "message": {
                "name": "message", "contentType": "text/plain", "headers": headers(json!({ "type": "string", "const": "message" })),
                "payload": { "type": "string", "maxLength": 9 }, "bindings": bindings
            }
        })
    );
    assert_eq!(
        channel["x-sabir"],
        json!({ "parameters": [{ "name": "x-key", "in": "header", "schema": { "type": "string" } }] })
    );
    assert_eq!(names(&found["operations"]), ["send.ticks-n"]);
    assert_eq!(
        found["operations"]["send.ticks-n"]["bindings"],
        json!({ "http": {
            "method": "GET",
            "query": { "type": "object", "properties": { "from": { "type": "integer" } } },
            "bindingVersion": "0.3.0"
        } })
    );
}

#[test]
fn an_event_stream_of_which_nothing_is_said_is_text() {
    for media in [
        json!({}),
        json!({ "itemSchema": { "properties": { "data": { "type": "string" } } } }),
    ] {
        let operation = json!({ "responses": { "200": { "content": { "text/event-stream": media } } } });
        let found = document(&[("GET", "/news", operation)], json!({}));
        let message = &found["channels"]["news"]["messages"]["event"];
        assert_eq!(message["contentType"], "text/plain");
        assert_eq!(message["payload"], json!({ "type": "string" }));
        assert_eq!(message["headers"].get("required"), None);
    }
    let odd = json!({ "itemSchema": { "type": "string", "maxLength": 5 } });
    let operation = json!({ "responses": { "200": { "content": { "text/event-stream": odd } } } });
    let found = document(&[("GET", "/odd", operation)], json!({}));
    assert_eq!(
        found["channels"]["odd"]["messages"]["event"]["contentType"],
        "text/event-stream"
    );
}

#[test]
fn what_is_taken_is_answered_by_a_reply() {
    let row = |name: &str| json!({ "title": name, "properties": { "n": { "type": "integer" } } });
    let lines = |name: &str| json!({ "application/jsonl": { "itemSchema": row(name) } });
    let operation = json!({
        "parameters": [{ "name": "x-key", "in": "header", "required": true, "schema": { "type": "string" } }],
        "requestBody": { "content": lines("Row") },
        "responses": { "201": { "content": lines("Row") }, "404": {} }
    });
    let ask = json!({
        "requestBody": { "content": { "application/json": { "schema": row("Question") } } },
        "responses": { "200": { "content": { "text/event-stream": {} } } }
    });
    let count = json!({
        "requestBody": { "content": lines("Row") },
        "responses": { "200": { "content": { "application/json": { "schema": { "type": "integer" } } } } }
    });
    let found = document(
        &[
            ("POST", "/rows", operation),
            ("POST", "/ask", ask),
            ("REPORT", "/count", count),
            (
                "GET",
                "/export",
                json!({ "responses": { "200": { "content": lines("Row") } } }),
            ),
            (
                "POST",
                "/other",
                json!({ "requestBody": { "content": { "application/json": {} } } }),
            ),
        ],
        json!({}),
    );
    assert_eq!(
        names(&found["operations"]),
        ["receive.rows", "receive.ask", "receive.count", "send.export"]
    );
    let messages = &found["channels"]["rows"]["messages"];
    let fields = |own: Json| {
        let mut properties = own;
        properties["content-type"] = json!({ "type": "string", "const": "application/jsonl" });
        properties
    };
    assert_eq!(
        messages["Row"]["bindings"]["http"],
        json!({
            "headers": { "type": "object", "properties": fields(json!({ "x-key": { "type": "string" } })), "required": ["x-key"] },
            "bindingVersion": "0.3.0"
        })
    );
    assert_eq!(
        messages["Row-2"]["bindings"]["http"],
        json!({
            "headers": { "type": "object", "properties": fields(json!({})) }, "statusCode": 201, "bindingVersion": "0.3.0"
        })
    );
    assert_eq!(
        found["operations"]["receive.rows"]["reply"],
        json!({ "channel": { "$ref": "#/channels/rows" }, "messages": [{ "$ref": "#/channels/rows/messages/Row-2" }] })
    );
    assert_eq!(
        names(&found["channels"]["ask"]["messages"]),
        ["Question", "event"]
    );
    assert_eq!(
        found["channels"]["count"]["messages"]["response"]["payload"],
        json!({ "type": "integer" })
    );
    assert_eq!(
        found["operations"]["receive.count"]["bindings"]["http"].get("method"),
        None
    );
}

#[test]
fn parameters_of_an_exploded_object_are_parameters_themselves() {
    let filter = json!({ "type": "object", "additionalProperties": { "type": "integer" } });
    let mut operation = socket(Json::Null, Json::Null);
    operation["parameters"] = json!([
        { "name": "a", "in": "query", "schema": { "type": "string" } },
        { "name": "others", "in": "query", "style": "form", "explode": true, "schema": filter }
    ]);
    let found = document(&[("GET", "/", operation)], json!({}));
    assert_eq!(
        found["channels"]["root"]["bindings"]["ws"]["query"],
        json!({ "type": "object", "properties": { "a": { "type": "string" } }, "allOf": [filter] })
    );
}

#[test]
fn no_client_sends_null_as_a_parameter() {
    let optional = json!({ "anyOf": [{ "type": "string" }, { "type": "null" }], "default": null });
    let choice = json!({ "anyOf": [{ "$ref": "#/$defs/A" }, { "type": "null" }], "$defs": { "A": { "enum": ["a", "b"] } } });
    let mut operation = socket(Json::Null, Json::Null);
    operation["parameters"] = json!([
        { "name": "a", "in": "query", "schema": optional },
        { "name": "b", "in": "query", "schema": choice },
        { "name": "c", "in": "query", "schema": { "type": ["integer", "null"], "minimum": 1 } },
        { "name": "d", "in": "query", "required": true, "schema": optional },
        { "name": "e", "in": "cookie", "schema": optional }
    ]);
    let found = document(&[("GET", "/", operation)], json!({}));
    assert_eq!(
        found["channels"]["root"]["bindings"]["ws"]["query"]["properties"],
        json!({
            "a": { "type": "string" },
            "b": { "$ref": "#/components/schemas/A" },
            "c": { "type": "integer", "minimum": 1 },
            "d": { "type": ["string", "null"] }
        })
    );
    let cookie = &found["channels"]["root"]["x-sabir"]["parameters"][0];
    assert_eq!(cookie["schema"], json!({ "type": "string" }));
}

#[test]
fn channels_have_names_of_their_own() {
    let open = || socket(Json::Null, Json::Null);
    let mut odd = open();
    odd["operationId"] = "who is/there?".into();
    let found = document(
        &[
            ("GET", "/", open()),
            ("GET", "/a/b", open()),
            ("GET", "/a-b", open()),
            ("GET", "/é", open()),
            ("GET", "/{x}.json", odd),
        ],
        json!({}),
    );
    assert_eq!(
        names(&found["channels"]),
        ["root", "a-b", "a-b-2", "root-2", "who-is-there"]
    );
}

#[test]
fn servers_are_told_apart_by_their_protocols() {
    let schemas = SchemaCompiler::default();
    let events = json!({ "responses": { "200": { "content": { "text/event-stream": {} } } } });
    let given = [
        ("GET", "/a", socket(Json::Null, Json::Null)),
        ("GET", "/b", events),
    ];
    let info = Info::new("Shop", "1")
        .with_description("Tea.")
        .with_server("https://shop.example/api")
        .with_server("http://localhost:8000");
    let compiled = routes(&given, &schemas);
    let found = asyncapi(&info, &compiled, &schemas).unwrap();
    assert_eq!(found["info"]["description"], "Tea.");
    assert_eq!(
        found["servers"],
        json!({
            "shop.example-wss": { "host": "shop.example", "pathname": "/api", "protocol": "wss" },
            "shop.example-https": { "host": "shop.example", "pathname": "/api", "protocol": "https" },
            "localhost-8000-ws": { "host": "localhost:8000", "protocol": "ws" },
            "localhost-8000-http": { "host": "localhost:8000", "protocol": "http" }
        })
    );
    let servers = |channel: &str| found["channels"][channel]["servers"].clone();
    assert_eq!(
        servers("a"),
        json!([{ "$ref": "#/servers/shop.example-wss" }, { "$ref": "#/servers/localhost-8000-ws" }])
    );
    assert_eq!(servers("b")[0]["$ref"], "#/servers/shop.example-https");
    let only_events = asyncapi(&info, &compiled[1..], &schemas).unwrap();
    assert_eq!(
        names(&only_events["servers"]),
        ["shop.example-https", "localhost-8000-http"]
    );

    let error = asyncapi(&Info::default().with_server("/api"), &compiled, &schemas).unwrap_err();
    assert_eq!(error.field, "servers[0].url");
}
