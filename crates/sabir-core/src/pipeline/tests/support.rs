//! A clock that stands still until it is told, and requests that are polled by hand.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, Waker},
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body::{Body, Frame};

use crate::{
    Handler, Operation, Problem, RouteDefinition, Settings,
    pipeline::{Answer, ApplicationBuilder, ResponseBody, Sleep, Timer},
};

/// Milliseconds that pass when the test says so.
#[derive(Debug, Clone, Default)]
pub(super) struct Clock(Arc<AtomicU64>);

impl Clock {
    pub(super) fn advance(&self, milliseconds: u64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

impl Timer for Clock {
    fn now(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::SeqCst))
    }

    fn sleep_until(&self, deadline: Duration) -> Pin<Box<dyn Sleep>> {
        Box::pin(Sleeping {
            clock: self.clone(),
            deadline,
        })
    }
}

struct Sleeping {
    clock: Clock,
    deadline: Duration,
}

impl Future for Sleeping {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.clock.now() < self.deadline {
            return Poll::Pending;
        }
        Poll::Ready(())
    }
}

impl Sleep for Sleeping {
    fn reset(mut self: Pin<&mut Self>, deadline: Duration) {
        self.deadline = deadline;
    }
}

/// Content that comes in these pieces; `None` is one that has not come yet, and is there when it is asked for again.
pub(super) struct Pieces(pub(super) Vec<Option<Result<&'static str, Problem>>>);

impl Body for Pieces {
    type Data = Bytes;
    type Error = Problem;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Problem>>> {
        if self.0.is_empty() {
            return Poll::Ready(None);
        }
        match self.0.remove(0) {
            Some(piece) => Poll::Ready(Some(piece.map(|piece| Frame::data(piece.into())))),
            None => Poll::Pending,
        }
    }
}

pub(super) fn add(
    builder: &mut ApplicationBuilder,
    method: Method,
    path: &str,
    operation: &serde_json::Value,
    handler: impl Handler,
) {
    let operation = Operation::from_json(operation).unwrap();
    let definition = RouteDefinition::new(method, path, operation);
    builder.route(definition, Arc::new(handler)).unwrap();
}

pub(super) fn builder(change: impl FnOnce(&mut Settings)) -> ApplicationBuilder {
    let mut settings = Settings::default();
    change(&mut settings);
    ApplicationBuilder::new(settings)
}

/// Polls `future` once.
pub(super) fn poll<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// The result of a future that has nothing to wait for.
pub(super) fn now<T>(future: impl Future<Output = T>) -> T {
    match poll(&mut Box::pin(future)) {
        Poll::Ready(result) => result,
        Poll::Pending => unreachable!("there is nothing to wait for"),
    }
}

/// The response to `answer`, which is there already.
pub(super) fn ready(mut answer: Answer) -> Response<ResponseBody> {
    match poll(&mut answer) {
        Poll::Ready(response) => response,
        Poll::Pending => unreachable!("there is nothing to wait for"),
    }
}

pub(super) fn request(method: Method, target: &str) -> Request<Bytes> {
    Request::builder()
        .method(method)
        .uri(target)
        .body(Bytes::new())
        .unwrap()
}
