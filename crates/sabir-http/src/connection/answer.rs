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

use http::{
    HeaderMap, HeaderValue, Request, Response,
    header::{CONNECTION, CONTENT_LENGTH, EXPECT, TRAILER, TRANSFER_ENCODING},
};
use http_body::Body;
use hyper::body::Incoming;
use sabir_core::{
    Connection,
    pipeline::{self, ResponseBody, Source},
};

use super::{
    answer_body::AnswerBody,
    content::Content,
    inspected_body::InspectedBody,
    shared::Shared,
    takeover::Takeover,
    unread::Unread,
    upgrade::{self, Asked},
};
use crate::Service;

/// Passes requests to the application, except those that the connection refuses.
#[derive(Debug)]
pub(super) struct Answering {
    pub(super) service: Service,
    pub(super) remote: Option<SocketAddr>,
    pub(super) connection: Connection,
    /// Whether the inspector has checked the request, its `Host` included.
    pub(super) is_http1: bool,
    pub(super) shared: Arc<Shared>,
    pub(super) write_timeout: Option<Duration>,
}

/// The answer to come.
pub(super) struct Answer {
    stage: Stage,
    /// That of the request, if it has any.
    content: Option<Content>,
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
    /// Somebody else answers.
    TakenOver,
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
        let mut content = None;
        let future = if let Some(problem) = self.shared.refusal_of(index) {
            application.refuse_from(self.remote, request.method().clone(), problem)
        } else {
            let source = Source::default()
                .from_client(self.remote)
                .on(&self.connection)
                .measured(self.is_http1)
                .owning_connection(self.is_http1)
                .needing_host();
            let awaits_continue = !request.body().is_end_stream() && request.headers().contains_key(EXPECT);
            let request = request.map(|incoming| {
                content = Content::of(incoming, self.is_http1, awaits_continue);
                InspectedBody::new(content.clone(), &self.shared)
            });
            application.answer(request, source)
        };
        Answer {
            stage: Stage::Answering(future),
            content,
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
        let mut response = ready!(this.stage.poll(this.content.as_ref(), &this.shared, context));
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
        let request = this.content.take();
        if this.is_http1
            && request.as_ref().is_none_or(Content::is_read)
            && are_sent_without_hyper(response.headers(), response.body(), shared)
        {
            return Poll::Ready(Ok(response.map(|body| {
                shared.detach(body);
                AnswerBody::elsewhere()
            })));
        }
        Poll::Ready(Ok(AnswerBody::response(response, request, shared, this.is_http1)))
    }
}

impl Stage {
    fn poll(
        &mut self,
        request: Option<&Content>,
        shared: &Shared,
        context: &mut Context<'_>,
    ) -> Poll<Response<ResponseBody>> {
        loop {
            match self {
                Self::Answering(future) => {
                    let response = ready!(Pin::new(future).poll(context));
                    if let Some(takeover) = Takeover::of(&response) {
                        shared.take_over(takeover, request.cloned());
                        *self = Self::TakenOver;
                        return Poll::Pending;
                    }
                    let is_whole = !response.body().is_stream();
                    match request.and_then(|content| content.take_unread(is_whole)) {
                        Some(unread) if !response.headers().contains_key(CONNECTION) => {
                            *self = Self::Draining(Some(Box::new(response)), unread);
                        }
                        _ => return Poll::Ready(response),
                    }
                }
                Self::TakenOver => return Poll::Pending,
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
            if let Some(content) = &self.content {
                content.end(self.shared.runtime());
            }
            self.shared.answered();
            self.shared.end();
        }
    }
}

/// Whether the content of an answer with `head` are events that are sent without hyper.
fn are_sent_without_hyper(head: &HeaderMap, body: &ResponseBody, shared: &Shared) -> bool {
    body.are_events()
        && !body.has_trailers()
        && shared.is_http_11()
        // The connection ends with them.
        && !head.contains_key(CONNECTION)
        && !head.contains_key(CONTENT_LENGTH)
        && !head.contains_key(TRANSFER_ENCODING)
}
