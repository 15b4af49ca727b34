//! From replies to responses.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_core::Stream;
use http::{
    HeaderValue, Method, Response, StatusCode, Version,
    header::{CONTENT_LENGTH, TRANSFER_ENCODING, VARY},
};
use http_body::{Body, Frame, SizeHint};
use sabir_core::{
    Problem, ProblemType, Reply, ReplyBody, RequestHead, in_flight::Permit, reply::StreamError,
};

use crate::shield::shield;

type ReplyStream = Pin<Box<dyn Stream<Item = Result<Bytes, StreamError>> + Send>>;

/// The content of a response.
#[derive(Default)]
pub struct ResponseBody {
    content: Content,
    /// Counts the call that is answered; dropped with the content, after its last byte.
    _permit: Option<Permit>,
}

#[derive(Default)]
enum Content {
    #[default]
    Empty,
    Bytes(Bytes),
    Stream(ReplyStream),
}

/// What must be remembered of a request to write its answer.
#[derive(Debug)]
pub(crate) struct Origin {
    head: Arc<RequestHead>,
    /// Whether the answer depends on `Accept`.
    varies: bool,
}

impl Origin {
    pub(crate) fn of(head: Arc<RequestHead>) -> Self {
        Self { head, varies: false }
    }

    /// The request's head.
    pub(crate) fn head(&self) -> &Arc<RequestHead> {
        &self.head
    }

    /// States whether the resource has several answers to choose from: caches have to know (RFC 9110 §12.5.5).
    pub(crate) fn set_varies(&mut self, varies: bool) {
        self.varies = varies;
    }

    /// Writes `problem` as a response.
    pub(crate) fn refuse(&self, problem: Problem) -> Response<ResponseBody> {
        self.respond(problem.into_reply())
    }

    /// Writes `reply` as a response (RFC 9110 §6.4, §9.3.2).
    pub(crate) fn respond(&self, mut reply: Reply) -> Response<ResponseBody> {
        if reply.status.is_informational() {
            // A 1xx status is not an answer (RFC 9110 §15.2): the client would wait for the final one for ever.
            tracing::error!(
                status = reply.status.as_u16(),
                "a handler answered with an interim status"
            );
            let permit = reply.permit;
            reply = Problem::new(ProblemType::InternalError).into_reply();
            reply.permit = permit;
        }
        if matches!(reply.body, ReplyBody::Problem(_)) {
            reply = self.written(reply);
        }
        let Reply {
            status,
            mut headers,
            body,
            permit,
            ..
        } = reply;
        // Framing belongs to the connection: a handler that sets it could desynchronise the client.
        headers.remove(TRANSFER_ENCODING);
        let is_head = self.head.method == Method::HEAD;
        let content = match body {
            ReplyBody::Bytes(bytes) => {
                headers.remove(CONTENT_LENGTH);
                Content::Bytes(bytes)
            }
            ReplyBody::Stream(stream) => Content::Stream(stream),
            _ => {
                if !is_head && status != StatusCode::NOT_MODIFIED {
                    headers.remove(CONTENT_LENGTH);
                }
                Content::Empty
            }
        };
        let content = if !sabir_core::Switch::NoContent.is_on() {
            content
        } else if status == StatusCode::NO_CONTENT || status == StatusCode::RESET_CONTENT {
            headers.remove(CONTENT_LENGTH);
            Content::Empty
        } else if is_head || status == StatusCode::NOT_MODIFIED {
            if let Content::Bytes(bytes) = &content
                && is_head
            {
                headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
            }
            Content::Empty
        } else {
            if self.head.version == Version::HTTP_2 && content.is_empty() {
                // hyper says it of an empty answer in HTTP/1.1 alone.
                headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
            }
            content
        };
        if self.varies {
            headers.append(VARY, HeaderValue::from_static("accept"));
        }
        let mut response = Response::new(ResponseBody {
            content,
            _permit: permit,
        });
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response
    }

    /// Writes the problem of `reply` with what only the pipeline knows: `instance` and `request_id`. The header section
    /// names the request too.
    fn written(&self, reply: Reply) -> Reply {
        let Reply {
            headers,
            body: ReplyBody::Problem(mut problem),
            permit,
            ..
        } = reply
        else {
            return reply;
        };
        let id = self.head.id.to_string();
        // A head that could not be read names no resource.
        let path = self.head.uri.path();
        if path != "*" {
            problem.instance.get_or_insert_with(|| path.to_owned());
        }
        if let Ok(value) = HeaderValue::try_from(id.as_str()) {
            problem.headers.insert("x-request-id", value);
        }
        problem.request_id.get_or_insert(id);
        let mut reply = problem.write();
        reply.permit = permit;
        for (name, value) in &headers {
            reply.headers.append(name, value.clone());
        }
        reply
    }
}

impl Content {
    fn is_empty(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Bytes(bytes) => bytes.is_empty(),
            Self::Stream(_) => false,
        }
    }
}

impl ResponseBody {
    /// Whether the content is made while it is sent.
    pub(crate) fn is_stream(&self) -> bool {
        matches!(self.content, Content::Stream(_))
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = StreamError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StreamError>>> {
        match &mut self.content {
            Content::Empty => Poll::Ready(None),
            Content::Bytes(bytes) => {
                let bytes = std::mem::take(bytes);
                self.content = Content::Empty;
                Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
            }
            Content::Stream(stream) => {
                let Ok(polled) = shield(|| stream.as_mut().poll_next(context)) else {
                    let _ = shield(|| self.content = Content::Empty);
                    return Poll::Ready(Some(Err("the stream panicked".into())));
                };
                polled.map(|chunk| chunk.map(|chunk| chunk.map(Frame::data)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.content.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        match &self.content {
            Content::Empty => SizeHint::with_exact(0),
            Content::Bytes(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Content::Stream(_) => SizeHint::default(),
        }
    }
}

impl std::fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.content {
            Content::Empty => f.write_str("Empty"),
            Content::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Content::Stream(_) => f.write_str("Stream"),
        }
    }
}
