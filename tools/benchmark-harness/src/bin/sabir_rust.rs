//! Sabir in Rust: handlers over the routes that every framework of the harness declares.

use std::sync::Arc;

use http::{Method, StatusCode};
use sabir_benchmark::port;
use sabir_core::{Call, Map, Operation, Reply, RouteDefinition, Settings, Value};
use sabir_http::{Address, App, Server};
use serde_json::json;

type Failure = Box<dyn std::error::Error>;

fn definition(method: Method, path: &str, operation: &serde_json::Value) -> Result<RouteDefinition, Failure> {
    Ok(RouteDefinition {
        method,
        path: path.into(),
        operation: Operation::from_json(operation)?,
    })
}

fn integer(value: Option<&Value>) -> i64 {
    match value {
        Some(Value::Integer(value)) => *value,
        _ => 0,
    }
}

fn body(call: &Call) -> Map {
    match &call.arguments.body {
        Some(Value::Object(members)) => members.clone(),
        _ => Map::default(),
    }
}

fn json_reply(body: String) -> Reply {
    Reply::bytes(StatusCode::OK, "application/json", body)
}

fn show(call: &Call) -> Reply {
    let [id, limit] = [0, 1].map(|index| integer(call.arguments.parameters[index].as_ref()));
    json_reply(format!("{{\"id\":{id},\"limit\":{limit}}}"))
}

fn order(call: &Call) -> Reply {
    let order = body(call);
    let items: i64 = match order.get("lines") {
        Some(Value::Array(lines)) => lines
            .iter()
            .map(|line| match line {
                Value::Object(line) => integer(line.get("quantity")),
                _ => 0,
            })
            .sum(),
        _ => 0,
    };
    json_reply(format!(
        "{{\"id\":{},\"items\":{items}}}",
        integer(order.get("id"))
    ))
}

fn form(call: &Call) -> Reply {
    let form = body(call);
    let Some(Value::String(name)) = form.get("name") else {
        return Reply::new(StatusCode::BAD_REQUEST);
    };
    json_reply(json!({"name": name.as_str(), "age": integer(form.get("age"))}).to_string())
}

fn upload(call: &Call) -> Reply {
    match body(call).get("file") {
        Some(Value::File(file)) => json_reply(format!("{{\"size\":{}}}", file.size)),
        _ => Reply::new(StatusCode::BAD_REQUEST),
    }
}

fn echo(call: &Call) -> Reply {
    match &call.arguments.body {
        Some(value) => Reply::bytes(
            StatusCode::OK,
            "application/json",
            sabir_core::json::to_json_bytes(value),
        ),
        None => Reply::new(StatusCode::BAD_REQUEST),
    }
}

fn main() -> Result<(), Failure> {
    let content = |media: &str, schema: serde_json::Value| json!({"requestBody": {"required": true, "content": {media: {"schema": schema}}}});
    let line = json!({"type": "object", "additionalProperties": false, "required": ["sku", "quantity", "price"],
        "properties": {"sku": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{4}$"},
            "quantity": {"type": "integer", "minimum": 1, "maximum": 100},
            "price": {"type": "number", "minimum": 0}}});
    let order_schema = json!({"type": "object", "additionalProperties": false,
        "required": ["id", "customer", "email", "lines"],
        "properties": {"id": {"type": "integer", "minimum": 1},
            "customer": {"type": "string", "minLength": 1, "maxLength": 80},
            "email": {"type": "string", "pattern": "@"},
            "lines": {"type": "array", "minItems": 1, "items": line},
            "note": {"type": ["string", "null"]}}});
    let form_schema = json!({"type": "object", "required": ["name", "age"], "properties": {
        "name": {"type": "string"}, "age": {"type": "integer", "minimum": 1, "maximum": 150}}});
    let upload_schema = json!({"type": "object", "required": ["file"],
        "properties": {"file": {"type": "string", "format": "binary"}}});
    let typed = json!({"parameters": [
        {"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}},
        {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 10}}]});

    let mut app = App::new(Settings::default());
    app.route(
        definition(Method::GET, "/", &json!({}))?,
        Arc::new(|_: Call| async {
            Reply::bytes(StatusCode::OK, "text/plain; charset=utf-8", "Hello, world!")
        }),
    )?;
    app.route(
        definition(Method::GET, "/users/{id:int}", &typed)?,
        Arc::new(|call: Call| async move { show(&call) }),
    )?;
    app.route(
        definition(
            Method::POST,
            "/orders",
            &content("application/json", order_schema),
        )?,
        Arc::new(|call: Call| async move { order(&call) }),
    )?;
    app.route(
        definition(Method::POST, "/echo", &content("application/json", json!({})))?,
        Arc::new(|call: Call| async move { echo(&call) }),
    )?;
    app.route(
        definition(
            Method::POST,
            "/form",
            &content("application/x-www-form-urlencoded", form_schema),
        )?,
        Arc::new(|call: Call| async move { form(&call) }),
    )?;
    app.route(
        definition(
            Method::POST,
            "/upload",
            &content("multipart/form-data", upload_schema),
        )?,
        Arc::new(|call: Call| async move { upload(&call) }),
    )?;
    let server = Server::bind(Address::Tcp("127.0.0.1".into(), port()), Settings::default())?;
    server.serve(app.build())?.wait();
    Ok(())
}
