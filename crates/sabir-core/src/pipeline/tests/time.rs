use std::{future::ready as completed, task::Poll};

use http::{Method, Request, StatusCode};
use serde_json::json;

use super::support::{Clock, Pieces, add, builder, poll, ready};
use crate::{
    Reply, Settings,
    pipeline::{Application, Source},
};

fn application(clock: Option<&Clock>, change: impl FnOnce(&mut Settings)) -> Application {
    let mut builder = builder(change);
    if let Some(clock) = clock {
        builder = builder.timer(clock.clone());
    }
    add(&mut builder, Method::POST, "/", &json!({}), |_| {
        completed(Reply::new(StatusCode::OK))
    });
    builder.build()
}

fn post(pieces: Vec<Option<&'static str>>) -> Request<Pieces> {
    let pieces = pieces.into_iter().map(|piece| piece.map(Ok)).collect();
    Request::post("/").body(Pieces(pieces)).unwrap()
}

#[test]
fn a_client_that_pauses_for_too_long_is_told() {
    let clock = Clock::default();
    let application = application(Some(&clock), |settings| settings.body_timeout_ms = 100);
    let pieces = vec![None, Some("a"), None, None];
    let mut answer = application.answer(post(pieces), Source::default());
    assert!(poll(&mut answer).is_pending());
    clock.advance(99);
    assert!(
        poll(&mut answer).is_pending(),
        "a byte came in time, and a new pause began"
    );
    clock.advance(100);
    let Poll::Ready(response) = poll(&mut answer) else {
        unreachable!("the pause is over")
    };
    assert_eq!(response.status(), 408);
    assert_eq!(response.headers()["connection"], "close");
}

#[test]
fn the_average_pace_counts_only_the_time_in_which_the_client_was_waited_for() {
    let clock = Clock::default();
    let slow = |settings: &mut Settings| {
        settings.body_timeout_ms = 0;
        settings.body_minimum_rate = 1;
    };
    let application = application(Some(&clock), slow);
    let mut answer = application.answer(post(vec![None, Some("a"), None, None]), Source::default());
    // Nobody asks for content meanwhile.
    clock.advance(60_000);
    assert!(poll(&mut answer).is_pending());
    clock.advance(4_000);
    assert!(poll(&mut answer).is_pending());
    clock.advance(1_001);
    assert_eq!(ready(answer).status(), 408);
}

#[test]
fn without_a_timer_nobody_is_too_slow() {
    let application = application(None, |settings| {
        settings.body_timeout_ms = 1;
        settings.handler_timeout_ms = 1;
    });
    let mut answer = application.answer(post(vec![None, None, Some("a")]), Source::default());
    assert!(poll(&mut answer).is_pending());
    assert!(poll(&mut answer).is_pending());
    assert_eq!(ready(answer).status(), 200);
}
