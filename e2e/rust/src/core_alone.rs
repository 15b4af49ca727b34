//! Fixtures against the core alone, without a runtime.

use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use sabir_codegen::fixture::{Fixture, Request, Send};
use sabir_core::pipeline::Application;

use crate::{
    app::{Calls, Parts},
    client::{Answer, request},
    run::{Failure, check_all},
    time::{Clock, Time},
};

/// Sends every request of `fixture` and compares the answers.
pub(crate) fn run(fixture: &Fixture) -> Result<(), Failure> {
    let (calls, clock) = (Calls::default(), Clock::default());
    let parts = Parts::of(&fixture.content.app, &calls, &Time::Clock(clock.clone()));
    let application = parts.and_then(|parts| Ok(parts.in_the_core(clock.clone())?));
    let application = application.map_err(Failure::of_the_application)?;
    check_all(fixture, &calls, |exchange| match &exchange.send {
        Send::Request(request) => Ok((vec![answer(&application, &clock, request)?], false)),
        Send::Raw(_) => Err("raw bytes need a socket".to_owned()),
    })
}

/// The answer to `request`. Time passes as soon as nothing else is left to do.
fn answer(application: &Application, clock: &Clock, request: &Request) -> Result<Answer, String> {
    let mut response = pin!(application.call(request::built(request)?));
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(response) = response.as_mut().poll(&mut context) {
            return Ok(response.into());
        }
        if !clock.advance() {
            return Err("the answer waits for something that never comes".to_owned());
        }
    }
}
