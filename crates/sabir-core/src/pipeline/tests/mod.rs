//! Requests of every kind, with a clock of the tests' own.
#![allow(clippy::panic, reason = "a panic is under test")]

mod rate_limit;
mod refusals;
mod socket;
mod support;
mod time;

use std::{
    cell::Cell,
    future::{pending, ready as completed},
    sync::Arc,
    task::Poll,
};

use bytes::Bytes;
use futures_util::stream;
use http::{
    HeaderValue, Method, Request, StatusCode,
    header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE},
};
use serde_json::{Value as Json, json};

use self::support::{Clock, Pieces, add, builder, now, poll, ready, request};
use super::{Application, Source};
use crate::{
    Body, Call, Operation, Problem, Reply, ReplyBody, RouteDefinition, Value, settings::ResponseValidation,
};

thread_local! {
    /// How many replies this thread has finished.
    static FINISHED: Cell<usize> = const { Cell::new(0) };
}

pub(super) fn count_finished() {
    FINISHED.set(FINISHED.get() + 1);
}

/// How many replies `work` finishes.
fn finished<T>(work: impl FnOnce() -> T) -> (usize, T) {
    let before = FINISHED.get();
    let result = work();
    (FINISHED.get() - before, result)
}

struct PanicsWhenDropped;

impl Drop for PanicsWhenDropped {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "as it is dropped");
    }
}

/// An application that has a route for every kind of reply.
fn application(clock: &Clock) -> Application {
    let mut builder = builder(|settings| settings.concurrency_limit = 1)
        .timer(clock.clone())
        .counting_calls();
    let mut get = |path: &str, operation: &Json, handler: Arc<dyn Fn(Call) -> Reply + Send + Sync>| {
        add(&mut builder, Method::GET, path, operation, move |call| {
            completed(handler(call))
        });
    };
    let plain = json!({});
    get(
        "/bytes",
        &plain,
        Arc::new(|_| Reply::bytes(StatusCode::OK, "text/plain", "hello")),
    );
    get("/empty", &plain, Arc::new(|_| Reply::new(StatusCode::NO_CONTENT)));
    get(
        "/problem",
        &plain,
        Arc::new(|_| Problem::from_status(409).into_reply()),
    );
    get("/interim", &plain, Arc::new(|_| Reply::new(StatusCode::CONTINUE)));
    get("/panic", &plain, Arc::new(|_| panic!("before there is a future")));
    get(
        "/stream",
        &plain,
        Arc::new(|_| {
            let guard = PanicsWhenDropped;
            let mut reply = Reply::new(StatusCode::OK);
            reply.body = ReplyBody::Stream(Box::pin(stream::poll_fn(move |_| {
                let _ = &guard;
                Poll::Ready(None)
            })));
            reply
        }),
    );
    let integer = json!({ "parameters": [{ "name": "a", "in": "query", "schema": { "type": "integer" } }] });
    get("/integer", &integer, Arc::new(|_| Reply::new(StatusCode::OK)));
    let json = json!({ "responses": { "200": { "description": "", "content": { "application/json": {}, "text/csv": {} } } } });
    get("/json", &json, Arc::new(|_| Reply::new(StatusCode::OK)));
    let quick = json!({ "x-sabir": { "timeout_ms": 10 } });
    add(&mut builder, Method::GET, "/late", &quick, |_| pending());
    add(&mut builder, Method::GET, "/poll", &plain, |_| async {
        panic!("as it is polled")
    });
    let body = json!({ "requestBody": { "required": true, "content": { "application/json": {} } }, "x-sabir": { "body_limit": 10 } });
    add(&mut builder, Method::POST, "/body", &body, |_| {
        completed(Reply::new(StatusCode::OK))
    });
    let nested = |call: Call| {
        completed(Reply::bytes(
            StatusCode::OK,
            "text/plain",
            call.head.uri.path().to_owned(),
        ))
    };
    builder.nest("/below", Arc::new(nested)).unwrap();
    builder.build()
}

#[test]
fn every_reply_is_finished_once() {
    let clock = Clock::default();
    let application = application(&clock);
    let source = || Source::default().needing_host();
    let requests = [
        // The handler's replies.
        (Method::GET, "/bytes", 200),
        (Method::HEAD, "/bytes", 200),
        (Method::GET, "/empty", 204),
        (Method::GET, "/problem", 409),
        (Method::GET, "/interim", 500),
        (Method::GET, "/below/it", 200),
        // The runtime's own.
        (Method::GET, "/none", 404),
        (Method::DELETE, "/bytes", 405),
        (Method::OPTIONS, "/bytes", 204),
        (Method::OPTIONS, "*", 204),
        (Method::GET, "/bytes/", 308),
        (Method::GET, "/%zz", 400),
        (Method::CONNECT, "a.example:443", 501),
        (Method::GET, "/integer?a=b", 422),
        (Method::POST, "/body", 422),
    ];
    for (method, target, status) in requests {
        let name = format!("{method} {target}");
        let (count, response) = finished(|| now(application.call(request(method, target))));
        assert_eq!((response.status().as_u16(), count), (status, 1), "{name}");
    }
    let mut picky = request(Method::GET, "/json");
    picky
        .headers_mut()
        .insert(ACCEPT, HeaderValue::from_static("text/html"));
    let (count, response) = finished(|| now(application.call(picky)));
    assert_eq!((response.status().as_u16(), count), (406, 1));
    // Without Host.
    let (count, response) =
        finished(|| ready(application.answer(Request::new(Pieces(Vec::new())), source())));
    assert_eq!((response.status().as_u16(), count), (400, 1));
}

#[test]
#[cfg_attr(panic = "abort", ignore = "a panic ends everything here")]
fn every_panic_is_finished_once() {
    let application = application(&Clock::default());
    for (method, target) in [
        // What the handler gave panics as it is dropped, when its answer is written already.
        (Method::HEAD, "/stream"),
        (Method::GET, "/panic"),
        (Method::GET, "/poll"),
    ] {
        let (count, response) = finished(|| now(application.call(request(method, target))));
        assert_eq!((response.status().as_u16(), count), (500, 1), "{target}");
    }
}

#[test]
fn every_refusal_of_content_is_finished_once() {
    let application = application(&Clock::default());
    let broken = || Err(super::broken_off());
    for (content_type, pieces, status) in [
        ("application/json", vec![Some(Ok("{}"))], 200),
        ("application/json", vec![Some(Ok("{"))], 400),
        ("application/json", vec![Some(Ok("[1,")), Some(broken())], 400),
        ("application/json", vec![Some(Ok("[1,2,3,4,5,6]"))], 413),
        ("text/html", vec![Some(Ok("<p>"))], 415),
    ] {
        let request = Request::post("/body")
            .header("content-type", content_type)
            .body(Pieces(pieces))
            .unwrap();
        let (count, response) = finished(|| ready(application.answer(request, Source::default())));
        assert_eq!((response.status().as_u16(), count), (status, 1), "{content_type}");
    }
}

#[test]
fn what_the_connection_refuses_is_finished_too() {
    let application = application(&Clock::default());
    for status in [400, 408, 414, 431, 503] {
        let (count, response) =
            finished(|| ready(application.refuse(Method::GET, Problem::from_status(status))));
        assert_eq!((response.status().as_u16(), count), (status, 1));
    }
    // A head that could be read names its resource.
    let request = Request::get("/bytes").body(Pieces(Vec::new())).unwrap();
    let source = Source::default().refused(Problem::unavailable("full"));
    let (count, response) = finished(|| ready(application.answer(request, source)));
    assert_eq!((response.status().as_u16(), count), (503, 1));
    let text = now(super::whole::collect(response.into_body())).unwrap();
    let problem: Json = serde_json::from_slice(&text).unwrap();
    assert_eq!(problem["instance"], "/bytes");
}

#[test]
fn a_reply_that_comes_late_or_not_at_all_is_finished_once() {
    let clock = Clock::default();
    let application = application(&clock);
    let source = Source::default;
    let get = |target: &str| Request::get(target).body(Pieces(Vec::new())).unwrap();
    let mut late = application.answer(get("/late"), source());
    assert!(poll(&mut late).is_pending());
    // There is room for one call.
    let (count, refused) = finished(|| ready(application.answer(get("/bytes"), source())));
    assert_eq!((refused.status().as_u16(), count), (503, 1));
    clock.advance(11);
    let (count, response) = finished(|| ready(late));
    assert_eq!((response.status().as_u16(), count), (504, 1));
    // It counts until its last byte is sent.
    assert_eq!(ready(application.answer(get("/bytes"), source())).status(), 503);
    drop(response);
    assert_eq!(ready(application.answer(get("/bytes"), source())).status(), 200);
}

#[test]
fn a_handler_has_the_head_for_itself() {
    let mut builder = builder(|_| {});
    let take = |mut call: Call| {
        let is_alone = Arc::get_mut(&mut call.head).is_some();
        completed(Reply::new(if is_alone {
            StatusCode::OK
        } else {
            StatusCode::CONFLICT
        }))
    };
    add(&mut builder, Method::POST, "/", &json!({}), take);
    builder.nest("/below", Arc::new(take)).unwrap();
    let application = builder.build();
    for (target, content) in [("/", ""), ("/", "a"), ("/below", ""), ("/below", "a")] {
        let mut request = request(Method::POST, target);
        *request.body_mut() = Bytes::from_static(content.as_bytes());
        assert_eq!(now(application.call(request)).status(), 200, "{target} {content}");
    }
}

#[test]
fn a_handler_sees_what_the_server_knows_of_a_request() {
    let mut builder = builder(|_| {});
    let tell = |call: Call| {
        let known = call.head.extensions.get::<&'static str>().copied();
        completed(Reply::bytes(
            StatusCode::OK,
            "text/plain",
            known.unwrap_or_default(),
        ))
    };
    add(&mut builder, Method::GET, "/", &json!({}), tell);
    let mut request = request(Method::GET, "/");
    request.extensions_mut().insert("known");
    assert_eq!(now(builder.build().call(request)).body(), "known");
}

#[cfg(feature = "multipart")]
#[test]
fn files_stay_in_memory_without_a_store() {
    let mut builder = builder(|settings| settings.file_memory_limit = 1);
    let operation = json!({ "requestBody": { "content": { "multipart/form-data": { "schema": {
        "type": "object", "properties": { "a": { "type": "string", "format": "binary" } }
    } } } } });
    add(&mut builder, Method::POST, "/", &operation, |call: Call| {
        assert!(matches!(call.body, crate::Body::Decoded));
        completed(Reply::bytes(
            StatusCode::OK,
            "text/plain",
            format!("{:?}", call.arguments.body),
        ))
    });
    let content = "--b\r\nContent-Disposition: form-data; name=a; filename=f\r\n\r\nhello\r\n--b--\r\n";
    let request = Request::post("/")
        .header("content-type", "multipart/form-data; boundary=b")
        .body(Bytes::from_static(content.as_bytes()))
        .unwrap();
    let response = now(builder.build().call(request));
    let text = std::str::from_utf8(response.body()).unwrap();
    assert!(text.contains(r#"Memory(b"hello")"#), "{text}");
}

#[test]
fn two_operations_of_one_id_are_refused() {
    let mut builder = builder(|_| ());
    let operation = |id: &str| Operation::from_json(&json!({ "operationId": id })).unwrap();
    let handler = || Arc::new(async |_: Call| Reply::new(StatusCode::NO_CONTENT));
    let mut route = |method, path: &str, id: &str| {
        builder.route(RouteDefinition::new(method, path, operation(id)), handler())
    };
    route(Method::GET, "/orders/{id}", "show").unwrap();
    let error = route(Method::POST, "/orders", "show").unwrap_err();
    assert_eq!(
        error.to_string(),
        "POST /orders: operationId: `POST /orders` and `GET /orders/{id}` have the same id \"show\"; give one of them another"
    );
    // What was refused is not there.
    route(Method::POST, "/orders", "create").unwrap();
}

#[test]
fn a_problem_has_one_media_type() {
    let mut builder = builder(|_| {});
    let conflict = async |_: Call| {
        let mut reply = Problem::from_status(409).into_reply();
        reply
            .headers
            .insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        reply.headers.insert("x-app", HeaderValue::from_static("shop"));
        reply
    };
    add(&mut builder, Method::GET, "/", &json!({}), conflict);
    let response = now(builder.build().call(request(Method::GET, "/")));
    let types: Vec<_> = response.headers().get_all(CONTENT_TYPE).iter().collect();
    assert_eq!(types, ["application/problem+json"]);
    assert_eq!(response.headers()["x-app"], "shop");
}

#[test]
fn an_answer_to_head_is_held_to_a_schema_where_it_has_content() {
    let mut builder = builder(|settings| settings.response_validation = ResponseValidation::Enforce);
    let operation = json!({ "responses": { "200": { "description": "", "content": {
        "application/json": { "schema": { "type": "object", "properties": { "id": {} } } }
    } } } });
    let show = async |_: Call| Reply::bytes(StatusCode::OK, "application/json", r#"{"id":1,"secret":2}"#);
    add(&mut builder, Method::GET, "/", &operation, show);
    let nothing = async |_: Call| Reply::bytes(StatusCode::OK, "application/json", "");
    add(&mut builder, Method::GET, "/nothing", &operation, nothing);
    let application = builder.build();
    for method in [Method::GET, Method::HEAD] {
        let response = now(application.call(request(method.clone(), "/")));
        let length = &response.headers()[CONTENT_LENGTH];
        assert_eq!(
            (response.status(), length),
            (StatusCode::OK, &HeaderValue::from(8)),
            "{method}"
        );
    }
    for (method, status) in [(Method::GET, 500), (Method::HEAD, 200)] {
        let response = now(application.call(request(method.clone(), "/nothing")));
        assert_eq!(response.status(), status, "{method}");
    }
}

#[test]
fn json_is_left_to_a_handler_that_reads_it() {
    let mut builder = builder(|_| {});
    let operation = json!({ "requestBody": { "content": {
        "application/json": { "schema": { "type": "array", "items": { "type": "number" } } }
    } } });
    let show = async |call: Call| {
        let text = match (&call.body, &call.arguments.body) {
            (Body::Json(text), None) => text.clone(),
            (Body::Bytes(_), Some(Value::Array(_))) => "a value".into(),
            _ => "neither".into(),
        };
        Reply::bytes(StatusCode::OK, "text/plain", text)
    };
    let definition = RouteDefinition::new(Method::POST, "/", Operation::from_json(&operation).unwrap());
    builder.route(definition.leaving_json(), Arc::new(show)).unwrap();
    let application = builder.build();
    for (sent, status, content) in [
        ("[1, 2.5]", 200, "[1, 2.5]"),
        ("[9007199254740993]", 200, "a value"),
        ("[1e400]", 200, "a value"),
        ("[1,", 400, ""),
        ("[true]", 422, ""),
    ] {
        let request = Request::post("/")
            .header(CONTENT_TYPE, "application/json")
            .body(Bytes::from(sent))
            .unwrap();
        let response = now(application.call(request));
        assert_eq!(response.status().as_u16(), status, "{sent}");
        if status == 200 {
            assert_eq!(response.body(), content, "{sent}");
        }
    }
}
