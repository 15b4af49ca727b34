//! The service that hyper calls for one connection.

use std::{
    convert::Infallible,
    future::Future,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http::{
    HeaderValue, Request, Response,
    header::{CONNECTION, EXPECT, TRAILER},
};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use sabir_core::{
    Problem,
    pipeline::{self, ResponseBody, Source},
};

use super::{
    answer_body::AnswerBody,
    shared::Shared,
    unread::Unread,
    upgrade::{self, Asked},
};
use crate::Service;

/// Passes requests to the application, except those that the connection refuses.
#[derive(Debug)]
pub(super) struct Answering {
    pub(super) service: Service,
    pub(super) remote: Option<SocketAddr>,
    /// Whether the inspector has checked the request, its `Host` included.
    pub(super) is_http1: bool,
    pub(super) shared: Arc<Shared>,
    pub(super) write_timeout: Option<Duration>,
}

/// A request's content, with the inspector's reason when it breaks off.
#[derive(Debug)]
pub(super) struct InspectedBody {
    /// Present until the body is dropped.
    incoming: Option<Incoming>,
    shared: Arc<Shared>,
    /// Whether the connection is only of use again when this is read to its end: HTTP/2 has streams instead.
    must_be_read: bool,
    awaits_continue: bool,
}

/// The answer to come.
pub(super) struct Answer {
    stage: Stage,
    shared: Arc<Shared>,
    is_http1: bool,
    is_done: bool,
    /// Present where the client asks for another protocol.
    asked: Option<Box<(Asked, Option<Duration>)>>,
}

enum Stage {
    Answering(pipeline::Answer),
    /// The answer is there; what it did not read of the request is read away.
    Draining(Option<Box<Response<ResponseBody>>>, Box<Unread>),
}

impl hyper::service::Service<Request<Incoming>> for Answering {
    type Response = Response<AnswerBody>;
    type Error = Infallible;
    type Future = Answer;

    fn call(&self, mut request: Request<Incoming>) -> Answer {
        let asked = upgrade::ask(&mut request, self.is_http1);
        let asked = asked.map(|asked| Box::new((asked, self.write_timeout)));
        let index = self.shared.begin();
        let application = self.service.application();
        let future = if let Some(problem) = self.shared.refusal_of(index) {
            application.refuse(request.method().clone(), problem)
        } else {
            let source = Source::default()
                .from_client(self.remote)
                .measured(self.is_http1)
                .needing_host();
            let body_shared = Arc::clone(&self.shared);
            let awaits_continue = !request.body().is_end_stream() && request.headers().contains_key(EXPECT);
            let must_be_read = self.is_http1 && !request.body().is_end_stream();
            let request = request.map(|incoming| InspectedBody {
                incoming: Some(incoming),
                shared: body_shared,
                must_be_read,
                awaits_continue,
            });
            application.answer(request, source)
        };
        Answer {
            stage: Stage::Answering(future),
            shared: Arc::clone(&self.shared),
            is_http1: self.is_http1,
            is_done: false,
            asked,
        }
    }
}

impl Future for Answer {
    type Output = Result<Response<AnswerBody>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        let mut response = ready!(this.stage.poll(&this.shared, context));
        this.is_done = true;
        let shared = &this.shared;
        shared.answered();
        if let Some(asked) = this.asked.take()
            && let Some(start) = upgrade::start(&mut response)
        {
            match *asked {
                (Asked::Connection, _) => shared.upgrade(start),
                (Asked::Stream(on_upgrade), write_timeout) => {
                    let work = upgrade::drive_stream(start, on_upgrade, write_timeout, Arc::clone(shared));
                    shared.upgrade_stream(work);
                }
            }
        } else if this.is_http1 && shared.is_last() {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
        }
        if this.is_http1 && response.body().has_trailers() && !shared.takes_trailers() {
            // hyper leaves them out.
            response.headers_mut().remove(TRAILER);
        }
        Poll::Ready(Ok(AnswerBody::response(response, shared, this.is_http1)))
    }
}

impl Stage {
    fn poll(&mut self, shared: &Shared, context: &mut Context<'_>) -> Poll<Response<ResponseBody>> {
        loop {
            match self {
                Self::Answering(future) => {
                    let response = ready!(Pin::new(future).poll(context));
                    match shared.take_unread() {
                        Some(unread) if !response.headers().contains_key(CONNECTION) => {
                            *self = Self::Draining(Some(Box::new(response)), unread);
                        }
                        _ => return Poll::Ready(response),
                    }
                }
                Self::Draining(response, unread) => {
                    let is_drained = ready!(unread.poll_drained(context));
                    // Polled again after it has answered: there is nothing more to come.
                    let Some(mut response) = response.take() else {
                        return Poll::Pending;
                    };
                    if !is_drained {
                        let close = HeaderValue::from_static("close");
                        response.headers_mut().insert(CONNECTION, close);
                    }
                    return Poll::Ready(*response);
                }
            }
        }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        if !self.is_done {
            self.shared.answered();
            self.shared.end();
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
        let Some(incoming) = &mut self.incoming else {
            return Poll::Ready(None);
        };
        let frame = ready!(Pin::new(incoming).poll_frame(context));
        self.must_be_read &= matches!(frame, Some(Ok(_)));
        Poll::Ready(frame.map(|frame| {
            frame.map_err(|_| self.shared.content_problem().unwrap_or_else(pipeline::broken_off))
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.as_ref().is_none_or(Incoming::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming
            .as_ref()
            .map_or_else(|| SizeHint::with_exact(0), Incoming::size_hint)
    }
}

impl Drop for InspectedBody {
    fn drop(&mut self) {
        if let Some(incoming) = self.incoming.take()
            && self.must_be_read
            && !incoming.is_end_stream()
        {
            self.shared
                .leave_unread(Unread::new(incoming, self.awaits_continue));
        }
    }
}
