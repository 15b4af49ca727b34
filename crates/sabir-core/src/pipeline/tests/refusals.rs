//! Refusals that handlers answer.

use std::{future::ready as completed, sync::Arc};

use futures_util::FutureExt;
use http::{Method, Request, StatusCode};
use serde_json::json;

use super::support::{Clock, builder};
use crate::{
    Call, Operation, Problem, Reply, RouteDefinition,
    pipeline::{Application, ApplicationBuilder},
};

/// What answers a refusal: its status and its first error, under another status.
fn told(call: Call) -> Reply {
    let Some(problem) = call.refusal else {
        return Reply::bytes(StatusCode::OK, "text/plain", "handled");
    };
    let error = problem.errors.first();
    let error = error.map_or(String::new(), |error| format!(" {}", error.keyword));
    let text = format!("{} {}{error}", call.route.pattern.as_str(), problem.status);
    Reply::bytes(StatusCode::IM_A_TEAPOT, "text/plain", text)
}

/// `/orders` takes an order; the handler of `/watched` answers its refusals.
fn application(change: impl FnOnce(&mut ApplicationBuilder)) -> Application {
    let mut builder = builder(|_| {});
    let order = json!({
        "parameters": [{ "name": "limit", "in": "query", "schema": { "type": "integer" } }],
        "requestBody": { "content": { "application/json": { "schema": { "type": "object", "required": ["sku"] } } } },
        "x-sabir": { "body_limit": 100 },
    });
    for path in ["/orders", "/watched"] {
        let operation = Operation::from_json(&order).unwrap();
        let definition = RouteDefinition::new(Method::POST, path, operation);
        let handler = Arc::new(|call| completed(told(call)));
        let route = builder.route(definition, handler.clone()).unwrap();
        if path == "/watched" {
            builder.refusals_of(&route, handler);
        }
    }
    change(&mut builder);
    builder.build()
}

/// What the future gives at once.
fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().unwrap()
}

fn sent(application: &Application, method: &str, path: &str, content: &'static str) -> (u16, String) {
    let request = Request::builder().method(method).uri(path);
    let request = request.header("content-type", "application/json");
    let request = request.body(content.into()).unwrap();
    let response = now(application.call(request));
    let text = String::from_utf8_lossy(response.body()).into_owned();
    (response.status().as_u16(), text)
}

#[test]
fn a_route_answers_what_is_refused_of_its_requests() {
    let application = application(|_| {});
    for (path, content, told) in [
        ("/watched", r#"{"sku":"a"}"#, "handled"),
        ("/watched?limit=x", "", "/watched 422 type"),
        ("/watched", "{}", "/watched 422 required"),
        ("/watched", "{", "/watched 400"),
        (
            "/watched",
            "[\"this is far too long, this is far too long, this is far too long, this is far too long, this is far too long\"]",
            "/watched 413",
        ),
    ] {
        let (_, text) = sent(&application, "POST", path, content);
        assert_eq!(text, told, "{path} {content}");
    }
    assert_eq!(
        sent(&application, "POST", "/orders", "{}").0,
        422,
        "that route has not asked"
    );
    assert_eq!(
        sent(&application, "PUT", "/watched", "{}").0,
        405,
        "no route fits"
    );
}

#[test]
fn what_no_route_fits_is_answered_by_one_handler() {
    let application = application(|builder| {
        builder.refusals(Arc::new(|call| completed(told(call)))).unwrap();
    });
    assert_eq!(sent(&application, "GET", "/nowhere", ""), (418, "/ 404".into()));
    assert_eq!(sent(&application, "PUT", "/orders", ""), (418, "/ 405".into()));
    assert_eq!(
        sent(&application, "POST", "/orders", "{}").0,
        422,
        "that route has not asked"
    );
    assert_eq!(
        sent(&application, "OPTIONS", "/orders", "").0,
        204,
        "this is no refusal"
    );
}

#[test]
fn what_keeps_load_away_enters_no_handler() {
    let application = application(|builder| {
        builder.refusals(Arc::new(|call| completed(told(call)))).unwrap();
    });
    for status in [408, 414, 429, 431, 500, 503] {
        let answer = application.refuse(Method::GET, Problem::from_status(status));
        assert_eq!(now(answer.in_memory()).status().as_u16(), status);
    }
    let request = Request::get("/nowhere")
        .header("host", "a b")
        .body("".into())
        .unwrap();
    assert_eq!(
        now(application.call(request)).status(),
        400,
        "no well-formed request"
    );
}

#[test]
fn a_handler_of_refusals_has_a_deadline() {
    let clock = Clock::default();
    let mut builder = builder(|settings| settings.handler_timeout_ms = 1_000).timer(clock.clone());
    builder
        .refusals(Arc::new(|_| std::future::pending::<Reply>()))
        .unwrap();
    let application = builder.build();
    let request = Request::get("/slow").body("".into()).unwrap();
    let mut answer = Box::pin(application.call(request));
    assert!(answer.as_mut().now_or_never().is_none());
    clock.advance(1_001);
    assert_eq!(now(answer).status(), 504);
}

#[cfg_attr(panic = "abort", ignore = "a panic ends everything here")]
#[test]
fn a_handler_of_refusals_may_fail() {
    let application = application(|builder| {
        builder
            .refusals(Arc::new(|_: Call| async { panic!("no") }))
            .unwrap();
    });
    assert_eq!(sent(&application, "GET", "/fails", "").0, 500);
}

#[cfg(feature = "compression")]
#[test]
fn answers_to_refusals_leave_through_the_stages() {
    let lengthy = |call: Call| {
        let status = match call.refusal {
            Some(_) => StatusCode::NOT_FOUND,
            None => StatusCode::OK,
        };
        completed(Reply::bytes(
            status,
            "text/plain",
            "again and again ".repeat(1000),
        ))
    };
    let application = application(|builder| {
        builder
            .stage("cors", &json!({ "allow_origins": ["https://shop.example"] }))
            .unwrap();
        builder.stage("compression", &json!(true)).unwrap();
        builder.stage("csrf", &json!(true)).unwrap();
        builder.refusals(Arc::new(lengthy)).unwrap();
        let definition = RouteDefinition::new(Method::POST, "/lengthy", Operation::default());
        let route = builder.route(definition, Arc::new(lengthy)).unwrap();
        builder.refusals_of(&route, Arc::new(lengthy));
    });
    for (method, path, site) in [
        ("GET", "/nowhere", "none"),
        ("GET", "/lengthy", "none"),
        ("POST", "/lengthy", "cross-site"),
    ] {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("accept-encoding", "gzip")
            .header("sec-fetch-site", site)
            .header("origin", "https://shop.example");
        let response = now(application.call(request.body("".into()).unwrap()));
        assert_eq!(response.status(), 404, "{path}");
        let headers = response.headers();
        assert_eq!(headers["content-encoding"], "gzip", "{path}");
        assert_eq!(headers["access-control-allow-origin"], "https://shop.example");
        assert!(response.body().len() < 1000, "{path}");
    }
}
