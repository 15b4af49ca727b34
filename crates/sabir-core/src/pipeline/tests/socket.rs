//! Handshakes of sockets, whose handlers are called when everything is right.

use bytes::Bytes;
use http::{Method, Request, Response, Version, header::CONNECTION};
use serde_json::json;

use super::support::{add, builder, now};
use crate::{
    Call, Operation, Reply, ReplyBody, RouteDefinition, SetupError,
    pipeline::{Application, CanUpgrade},
    reply::Upgrade,
    websocket::Handshake,
};

fn application() -> Application {
    let mut builder = builder(|_| {}).counting_calls();
    let operation = json!({
        "x-sabir": { "websocket": { "subprotocols": ["chat"] } },
        "parameters": [{ "name": "a", "in": "query", "schema": { "type": "integer" } }]
    });
    let upgrade = |call: Call| {
        let handshake = call.head.extensions.get::<Handshake>();
        let subprotocol = handshake.and_then(|handshake| handshake.subprotocol.clone());
        let mut reply = Reply::new(http::StatusCode::SWITCHING_PROTOCOLS);
        reply.body = ReplyBody::Upgrade(Upgrade::new(subprotocol));
        std::future::ready(reply)
    };
    add(&mut builder, Method::GET, "/socket", &operation, upgrade);
    add(&mut builder, Method::GET, "/plain", &json!({}), upgrade);
    builder.build()
}

fn handshake(target: &str) -> Request<Bytes> {
    let mut request = Request::get(target)
        .header("upgrade", "h2c, WebSocket")
        .header("connection", "keep-alive, Upgrade")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("sec-websocket-protocol", "other, chat")
        .body(Bytes::new())
        .unwrap();
    request.extensions_mut().insert(CanUpgrade { is_connect: false });
    request
}

fn answer(request: Request<Bytes>) -> Response<Bytes> {
    now(application().call(request))
}

#[test]
fn the_answer_hands_on_what_the_handler_gave() {
    let answer = answer(handshake("/socket"));
    assert_eq!(answer.status(), 101);
    assert_eq!(answer.headers()["upgrade"], "websocket");
    assert_eq!(answer.headers()["connection"], "upgrade");
    assert!(!answer.headers().contains_key("content-length"));
    let upgrade = answer.extensions().get::<Upgrade>().unwrap();
    let subprotocol = upgrade.take::<Option<std::sync::Arc<str>>>().unwrap();
    assert_eq!(subprotocol.as_deref(), Some("chat"));
}

#[test]
fn an_extended_connect_is_a_get_without_the_fields_of_http_1() {
    let mut request = handshake("http://localhost/socket");
    *request.method_mut() = Method::CONNECT;
    *request.version_mut() = Version::HTTP_2;
    for name in ["upgrade", "connection", "sec-websocket-key"] {
        request.headers_mut().remove(name);
    }
    let plain = Request::from_parts(request.into_parts().0, Bytes::new());
    let mut connect = plain.clone();
    connect.extensions_mut().insert(CanUpgrade { is_connect: true });
    let answered = answer(connect);
    assert_eq!(answered.status(), 200);
    assert!(!answered.headers().contains_key(CONNECTION));
    assert!(answered.extensions().get::<Upgrade>().is_some());
    // Any other CONNECT asks for a tunnel.
    assert_eq!(answer(plain).status(), 501);
}

#[test]
fn a_connection_that_cannot_go_on_is_told_so_last() {
    let mut request = handshake("/socket");
    request.extensions_mut().remove::<CanUpgrade>();
    assert_eq!(answer(request).status(), 501);
    let mut request = handshake("/socket?a=x");
    request.extensions_mut().remove::<CanUpgrade>();
    assert_eq!(answer(request).status(), 422);
}

#[test]
fn no_other_route_changes_the_protocol() {
    assert_eq!(answer(handshake("/plain")).status(), 500);
}

#[test]
fn a_socket_holds_no_permit() {
    let application = application();
    for _ in 0..3 {
        let answer = now(application.call(handshake("/socket")));
        assert_eq!(answer.status(), 101);
        // It is kept until the end of the test.
        std::mem::forget(answer);
    }
}

fn refused(method: Method, operation: &serde_json::Value) -> SetupError {
    let mut builder = builder(|_| {});
    let operation = Operation::from_json(operation).unwrap();
    let definition = RouteDefinition::new(method, "/socket", operation);
    let handler = |_: Call| std::future::ready(Reply::new(http::StatusCode::OK));
    builder
        .route(definition, std::sync::Arc::new(handler))
        .unwrap_err()
}

#[test]
fn a_socket_that_nobody_could_open_is_refused_when_it_is_added() {
    let socket = |socket: serde_json::Value| json!({ "x-sabir": { "websocket": socket } });
    let error = refused(Method::POST, &socket(json!({})));
    assert_eq!(
        (error.route.as_str(), error.field.as_str()),
        ("POST /socket", "x-sabir.websocket")
    );
    let with_body =
        json!({ "requestBody": { "content": { "text/plain": {} } }, "x-sabir": { "websocket": {} } });
    assert_eq!(refused(Method::GET, &with_body).field, "requestBody");
    for (description, field) in [
        (
            json!({ "subprotocols": ["a", "b c"] }),
            "x-sabir.websocket.subprotocols[1]",
        ),
        (
            json!({ "subprotocols": ["a", "a"] }),
            "x-sabir.websocket.subprotocols[1]",
        ),
        (
            json!({ "allowed_origins": ["shop.example"] }),
            "x-sabir.websocket.allowed_origins[0]",
        ),
        (
            json!({ "incoming": { "type": "strin" } }),
            "x-sabir.websocket.incoming.type",
        ),
        (
            json!({ "outgoing": { "type": "strin" } }),
            "x-sabir.websocket.outgoing.type",
        ),
    ] {
        assert_eq!(refused(Method::GET, &socket(description)).field, field);
    }
}

#[test]
fn a_socket_and_a_plain_route_cannot_share_a_path() {
    let mut builder = builder(|_| {});
    let handler = |_: Call| std::future::ready(Reply::new(http::StatusCode::OK));
    add(&mut builder, Method::GET, "/both", &json!({}), handler);
    let operation = Operation::from_json(&json!({ "x-sabir": { "websocket": {} } })).unwrap();
    let definition = RouteDefinition::new(Method::GET, "/both", operation);
    let error = builder
        .route(definition, std::sync::Arc::new(handler))
        .unwrap_err();
    assert!(error.problem.contains("GET /both"), "{error}");
}
