//! Tests of the Ruby that is written.

use serde_json::{Value, json};

use super::{application, literal, names};
use crate::fixture::Fixture;

/// The statements of the application with this route, whose fixture has a name that takes the first turn of everything but the router.
fn written(route: &Value, name: &str) -> Vec<String> {
    let content = json!({
        "about": "A.", "source": "B.", "app": { "routes": [route] },
        "exchanges": [{ "send": { "method": "GET", "path": "/" }, "expect": { "status": 200 } }]
    });
    let fixture = Fixture {
        category: "routing".to_owned(),
        name: name.to_owned(),
        content: serde_json::from_value(content).unwrap(),
    };
    let statements = application::statements(&fixture);
    let printed = statements.iter().map(|statement| statement.print(0));
    printed
        .filter(|line| {
            !line.starts_with("app = ")
                && line != "app"
                && !line.contains("router = ")
                && !line.contains("mount")
        })
        .collect()
}

#[track_caller]
fn writes(route: &Value, source: &str) {
    let found = written(route, "fixture").join("\n");
    assert_eq!(found.replace("router.", "app."), source);
}

#[test]
fn blocks_take_what_they_tell_of() {
    let parameters = json!([
        { "name": "day", "in": "query", "schema": { "type": "string", "format": "date" } },
        { "name": "x-key", "in": "header", "required": true, "schema": { "type": ["string", "null"] } },
    ]);
    let operation = json!({ "parameters": parameters });
    writes(
        &json!({ "method": "GET", "path": "/{id:int}", "operation": operation, "handler": { "do": "echo" } }),
        "app.get(\"/{id:int}\", query: { day?: Date }, headers: { x_key: { type: [\"string\", \"null\"] } }) \
         do |day: nil, x_key:, id:|\n  echo(path: { id: }, query: { day: }, header: { \"x-key\": nullable(x_key) })\nend",
    );
}

#[test]
fn what_is_short_stands_on_one_line() {
    for (handler, source) in [
        (
            json!({ "do": "return", "value": "a", "as": "text" }),
            "app.get(\"/\") { \"a\" }",
        ),
        (
            json!({ "do": "return" }),
            "app.get(\"/\") { Sabir::Response.json(nil) }",
        ),
        (
            json!({ "do": "fail", "message": "no" }),
            "app.get(\"/\") { raise \"no\" }",
        ),
        (
            json!({ "do": "read", "what": ["method", "header:x-a"] }),
            "app.get(\"/\") { |request| { method: request.request_method, \"header:x-a\": request.headers[\"x-a\"] } }",
        ),
    ] {
        writes(
            &json!({ "method": "GET", "path": "/", "handler": handler }),
            source,
        );
    }
}

#[test]
fn sockets_say_what_they_do_when_something_happens() {
    let handler = json!({ "do": "socket", "sends": [{ "text": "a" }], "takes": 2, "ends": { "closes": { "code": 4000 } } });
    writes(
        &json!({ "method": "GET", "path": "/", "handler": handler }),
        "app.websocket(\"/\") do |ws|\n  count = 0\n  ws.on_open { ws.text(\"a\") }\n  ws.on_message do |event|\n    count += 1\n    event.binary? ? ws.binary(event.data) : ws.text(event.data)\n    if count == 2\n      ws.close(4000)\n    end\n  end\nend",
    );
}

#[test]
fn text_is_quoted_and_names_are_symbols() {
    assert_eq!(literal::string("a\"#{b}\n\u{0}"), r#""a\"\#{b}\n\u{0}""#);
    assert_eq!(
        literal::json(&json!({ "a": [1, null], "b-c": { "$repeat": "x", "times": 3 } })).print(0),
        "{ a: [1, nil], \"b-c\": \"x\" * 3 }"
    );
    assert!(!names::is_variable("class") && names::is_variable("limit"));
}
