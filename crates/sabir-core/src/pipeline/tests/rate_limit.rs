//! Limits of requests, with stores that fail and that have to be waited for.

use std::{
    future::ready as completed,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::{Value as Json, json};

use super::support::{Clock, add, builder, now, poll, request};
use crate::{
    Reply,
    pipeline::{Application, ApplicationBuilder, RemoteAddress, Source},
    stage::{Quota, RateLimitKey, RateLimitStore, Taking},
};

fn application(builder: ApplicationBuilder, options: &Json) -> Application {
    let mut builder = builder;
    for (path, operation) in [
        ("/a", json!({})),
        ("/b", json!({})),
        (
            "/own",
            json!({ "x-sabir": { "stages": { "rate_limit": { "limit": "1/minute" } } } }),
        ),
    ] {
        add(&mut builder, Method::GET, path, &operation, |_| {
            completed(Reply::new(http::StatusCode::OK))
        });
    }
    builder.stage("rate_limit", options).unwrap();
    builder.build()
}

fn get(application: &Application, path: &str, client: &str) -> Response<Bytes> {
    let mut request = request(Method::GET, path);
    request
        .extensions_mut()
        .insert(RemoteAddress(client.parse().unwrap()));
    now(application.call(request))
}

#[test]
fn a_clock_brings_back_what_was_taken() {
    let clock = Clock::default();
    let application = application(
        builder(|_| ()).timer(clock.clone()),
        &json!({ "limit": "2/minute" }),
    );
    let (one, other) = ("192.0.2.1:1", "192.0.2.2:1");
    let first = get(&application, "/a", one);
    assert_eq!(first.headers()["ratelimit-policy"], "\"default\";q=2;w=60");
    assert_eq!(first.headers()["ratelimit"], "\"default\";r=1;t=30");
    assert_eq!(
        get(&application, "/b", one).headers()["ratelimit"],
        "\"default\";r=0;t=60"
    );
    clock.advance(100);
    let refused = get(&application, "/a", one);
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()["retry-after"]),
        (429, &"30".parse().unwrap())
    );
    assert_eq!(refused.headers()["ratelimit"], "\"default\";r=0;t=60");
    assert_eq!(get(&application, "/a", other).status(), 200);
    assert_eq!(get(&application, "/own", one).status(), 200, "a limit of its own");
    assert_eq!(get(&application, "/own", one).status(), 429);
    clock.advance(29_900);
    assert_eq!(get(&application, "/b", one).status(), 200);
    assert_eq!(get(&application, "/b", one).status(), 429);
}

#[test]
fn without_a_clock_nothing_can_be_counted() {
    let refusing = application(builder(|_| ()), &json!({}));
    assert_eq!(get(&refusing, "/a", "192.0.2.1:1").status(), 503);
    let allowing = application(builder(|_| ()), &json!({ "on_store_error": "allow" }));
    assert_eq!(get(&allowing, "/a", "192.0.2.1:1").status(), 200);
}

/// A store that has to be asked, and fails when it is told to.
#[derive(Debug, Clone, Default)]
struct Remote {
    is_failing: Arc<AtomicBool>,
    has_answered: Arc<AtomicBool>,
}

impl RateLimitStore for Remote {
    fn take(&self, place: &str, key: &RateLimitKey<'_>, quota: &Quota, now: Duration) -> Taking {
        let asked = format!("{place}: {key}");
        let taken = if self.is_failing.load(Ordering::SeqCst) {
            Err(asked.into())
        } else {
            Ok(quota.take(Duration::ZERO, now).1)
        };
        let has_answered = Arc::clone(&self.has_answered);
        Taking::Later(Box::pin(async move {
            std::future::poll_fn(|_| {
                if has_answered.load(Ordering::SeqCst) {
                    Poll::Ready(())
                } else {
                    Poll::Pending
                }
            })
            .await;
            taken
        }))
    }
}

#[test]
fn a_store_may_take_its_time() {
    let store = Remote::default();
    let ready = builder(|_| ())
        .timer(Clock::default())
        .rate_limit_store(store.clone());
    let application = application(ready, &json!({ "limit": "3/minute" }));
    let request = Request::get("/a")
        .body(super::support::Pieces(Vec::new()))
        .unwrap();
    let mut answer = application.answer(request, Source::default());
    assert!(poll(&mut answer).is_pending());
    store.has_answered.store(true, Ordering::SeqCst);
    let Poll::Ready(response) = poll(&mut answer) else {
        unreachable!("the store has answered");
    };
    assert_eq!(
        (response.status().as_u16(), &response.headers()["ratelimit"]),
        (200, &"\"default\";r=2;t=20".parse().unwrap())
    );
}

#[test]
fn a_store_that_fails_refuses_or_allows() {
    let store = Remote::default();
    store.is_failing.store(true, Ordering::SeqCst);
    store.has_answered.store(true, Ordering::SeqCst);
    for (option, status) in [("refuse", 503), ("allow", 200)] {
        let ready = builder(|_| ())
            .timer(Clock::default())
            .rate_limit_store(store.clone());
        let application = application(ready, &json!({ "on_store_error": option }));
        let response = get(&application, "/a", "192.0.2.1:1");
        assert_eq!(response.status(), status, "{option}");
        assert_eq!(response.headers().contains_key("retry-after"), status == 503);
        assert!(!response.headers().contains_key("ratelimit"));
    }
}
