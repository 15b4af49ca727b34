//! The service that hyper calls for one connection.

use std::{
    convert::Infallible,
    future::Future,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, header::RETRY_AFTER};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use sabir_core::{Problem, ProblemType, reply::StreamError};

use super::refusal::Shared;
use crate::{
    ResponseBody, Service, content,
    server::Control,
    service::{ResponseFuture, Source},
};

/// Passes requests to the application, except those that the connection refuses.
#[derive(Debug)]
pub(super) struct Answering {
    pub(super) service: Service,
    pub(super) remote: Option<SocketAddr>,
    pub(super) host_is_checked: bool,
    pub(super) control: Arc<Control>,
    pub(super) shared: Arc<Shared>,
    /// Requests so far.
    pub(super) index: AtomicU64,
}

/// A request's content, with the inspector's reason when it breaks off.
#[derive(Debug)]
pub(super) struct InspectedBody {
    incoming: Incoming,
    shared: Arc<Shared>,
}

/// The answer to come.
pub(super) struct Answer {
    future: ResponseFuture,
    shared: Arc<Shared>,
    is_done: bool,
}

/// A response's content; the connection counts as busy until it is sent.
pub(super) struct AnswerBody {
    body: ResponseBody,
    busy: Option<Arc<Shared>>,
}

impl hyper::service::Service<Request<Incoming>> for Answering {
    type Response = Response<AnswerBody>;
    type Error = Infallible;
    type Future = Answer;

    fn call(&self, request: Request<Incoming>) -> Answer {
        let index = self.index.load(Ordering::Relaxed);
        self.index.store(index + 1, Ordering::Relaxed);
        self.shared.begin();
        let future = if let Some(problem) = self.shared.refusal_of(index) {
            Service::refuse_unread(request.method(), problem)
        } else if self.control.is_stopping() {
            let (head, _) = request.into_parts();
            Service::refuse(head, stopping())
        } else {
            let source = Source {
                remote: self.remote,
                host_is_checked: self.host_is_checked,
            };
            let shared = Arc::clone(&self.shared);
            let request = request.map(|incoming| InspectedBody { incoming, shared });
            self.service.answer(request, source)
        };
        Answer {
            future,
            shared: Arc::clone(&self.shared),
            is_done: false,
        }
    }
}

fn stopping() -> Problem {
    let mut problem =
        Problem::new(ProblemType::ServiceUnavailable).with_detail("The server is shutting down.");
    problem.headers.insert(RETRY_AFTER, HeaderValue::from_static("1"));
    problem
}

impl Future for Answer {
    type Output = Result<Response<AnswerBody>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let response = ready!(Pin::new(&mut this.future).poll(context));
        this.is_done = true;
        let shared = &this.shared;
        Poll::Ready(Ok(response.map(|body| {
            if body.is_stream() {
                return AnswerBody {
                    body,
                    busy: Some(Arc::clone(shared)),
                };
            }
            shared.end();
            AnswerBody { body, busy: None }
        })))
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        if !self.is_done {
            self.shared.end();
        }
    }
}

impl Drop for AnswerBody {
    fn drop(&mut self) {
        if let Some(shared) = &self.busy {
            shared.end();
        }
    }
}

impl Body for InspectedBody {
    type Data = Bytes;
    type Error = Problem;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let frame = ready!(Pin::new(&mut self.incoming).poll_frame(context));
        Poll::Ready(frame.map(|frame| {
            frame.map_err(|_| self.shared.content_problem().unwrap_or_else(content::broken_off))
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = StreamError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StreamError>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
