//! From replies to responses.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_core::Stream;
use http::{
    HeaderValue, Response, StatusCode, Uri,
    header::{CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING},
};
use http_body::{Body, Frame, SizeHint};
use sabir_core::{Problem, ProblemType, Reply, ReplyBody, RequestHead, reply::StreamError};

use crate::request_id::{self, X_REQUEST_ID};

type ReplyStream = Pin<Box<dyn Stream<Item = Result<Bytes, StreamError>> + Send>>;

/// The content of a response.
#[derive(Default)]
pub struct ResponseBody(Content);

#[derive(Default)]
enum Content {
    #[default]
    Empty,
    Bytes(Bytes),
    Stream(ReplyStream),
}

/// What must be remembered of a request to write its answer after the head has gone to the handler.
#[derive(Debug)]
pub(crate) struct Origin {
    is_head: bool,
    uri: Uri,
    request_id: Option<HeaderValue>,
}

impl Origin {
    pub(crate) fn of(head: &RequestHead) -> Self {
        Self {
            is_head: head.method == http::Method::HEAD,
            uri: head.uri.clone(),
            request_id: request_id::inbound(&head.headers),
        }
    }

    /// The path of the request.
    pub(crate) fn path(&self) -> &str {
        self.uri.path()
    }

    /// The request's name, made up when the client gave none.
    pub(crate) fn request_id(&mut self) -> HeaderValue {
        self.request_id
            .get_or_insert_with(|| {
                HeaderValue::from_str(&request_id::generate()).unwrap_or(HeaderValue::from_static("unknown"))
            })
            .clone()
    }

    /// Writes `problem` as a response.
    pub(crate) fn refuse(&mut self, problem: Problem) -> Response<ResponseBody> {
        self.respond(problem.into_reply())
    }

    /// Writes `reply` as a response (RFC 9110 §6.4, §9.3.2).
    pub(crate) fn respond(&mut self, mut reply: Reply) -> Response<ResponseBody> {
        if reply.status.is_informational() {
            // A 1xx status is not an answer (RFC 9110 §15.2): the client would wait for the final one for ever.
            tracing::error!(
                status = reply.status.as_u16(),
                "a handler answered with an interim status"
            );
            reply = Problem::new(ProblemType::InternalError).into_reply();
        }
        if reply.status.as_u16() >= 400 && is_problem(&reply) {
            self.complete_problem(&mut reply);
        }
        let Reply {
            status,
            mut headers,
            body,
        } = reply;
        // Framing belongs to the connection: a handler that sets it could desynchronise the client.
        headers.remove(TRANSFER_ENCODING);
        let content = match body {
            ReplyBody::Bytes(bytes) => {
                headers.remove(CONTENT_LENGTH);
                Content::Bytes(bytes)
            }
            ReplyBody::Stream(stream) => Content::Stream(stream),
            _ => {
                if !self.is_head && status != StatusCode::NOT_MODIFIED {
                    headers.remove(CONTENT_LENGTH);
                }
                Content::Empty
            }
        };
        let content = if status == StatusCode::NO_CONTENT || status == StatusCode::RESET_CONTENT {
            headers.remove(CONTENT_LENGTH);
            Content::Empty
        } else if self.is_head || status == StatusCode::NOT_MODIFIED {
            if let Content::Bytes(bytes) = &content
                && self.is_head
            {
                headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
            }
            Content::Empty
        } else {
            content
        };
        let mut response = Response::new(ResponseBody(content));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response
    }

    /// Adds `instance` and `request_id` to a problem that does not have them yet, and names the request in the header
    /// section.
    fn complete_problem(&mut self, reply: &mut Reply) {
        let id = self.request_id();
        if let ReplyBody::Bytes(bytes) = &reply.body
            && let Ok(mut members) =
                serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(bytes)
        {
            let instance = self.path().to_owned();
            let name = id.to_str().unwrap_or_default().to_owned();
            members.entry("instance").or_insert(instance.into());
            members.entry("request_id").or_insert(name.into());
            reply.body = ReplyBody::Bytes(serde_json::Value::Object(members).to_string().into());
        }
        reply.headers.insert(X_REQUEST_ID, id);
    }
}

fn is_problem(reply: &Reply) -> bool {
    reply
        .headers
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"application/problem+json"))
}

impl ResponseBody {
    /// Whether the content is made while it is sent.
    pub(crate) fn is_stream(&self) -> bool {
        matches!(self.0, Content::Stream(_))
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = StreamError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StreamError>>> {
        match &mut self.0 {
            Content::Empty => Poll::Ready(None),
            Content::Bytes(bytes) => {
                let bytes = std::mem::take(bytes);
                self.0 = Content::Empty;
                Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
            }
            Content::Stream(stream) => stream
                .as_mut()
                .poll_next(context)
                .map(|chunk| chunk.map(|chunk| chunk.map(Frame::data))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Content::Empty => true,
            Content::Bytes(bytes) => bytes.is_empty(),
            Content::Stream(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Content::Empty => SizeHint::with_exact(0),
            Content::Bytes(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Content::Stream(_) => SizeHint::default(),
        }
    }
}

impl std::fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Content::Empty => f.write_str("Empty"),
            Content::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Content::Stream(_) => f.write_str("Stream"),
        }
    }
}
