//! Content that stays the same.

use std::hash::{DefaultHasher, Hasher};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{CONTENT_TYPE, ETAG},
};

use super::{Reply, ReplyBody};
use crate::{
    Problem, ProblemType, RequestHead, Switch,
    header::conditional::{Precondition, Validators},
};

/// Content that is the same for every request, such as a document, with an entity tag by which clients keep it (RFC 9110 §8.8.3).
///
/// ```
/// use http::{HeaderValue, Method, Uri, header::{ETAG, IF_NONE_MATCH}};
/// use sabir_core::{RequestHead, reply::Representation};
///
/// let page = Representation::new(HeaderValue::from_static("text/plain"), "hello");
/// let mut head = RequestHead::new(Method::GET, Uri::from_static("/"));
/// let reply = page.reply(&head);
/// assert_eq!(reply.status, 200);
/// head.headers.insert(IF_NONE_MATCH, reply.headers[ETAG].clone());
/// assert_eq!(page.reply(&head).status, 304);
/// ```
#[derive(Debug, Clone)]
pub struct Representation {
    content: Bytes,
    headers: HeaderMap,
}

impl Representation {
    /// Content of a media type.
    pub fn new(content_type: HeaderValue, content: impl Into<Bytes>) -> Self {
        let content = content.into();
        let mut hasher = DefaultHasher::new();
        hasher.write(&content);
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, content_type);
        if let Ok(etag) = HeaderValue::try_from(format!("\"{:016x}\"", hasher.finish())) {
            headers.insert(ETAG, etag);
        }
        Self { content, headers }
    }

    /// The same with one more header field.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The answer to a request for it: nothing where the client has it already (304), `precondition-failed` where it takes it for
    /// something else.
    pub fn reply(&self, head: &RequestHead) -> Reply {
        let validators = Validators {
            etag: self.headers.get(ETAG),
            last_modified: None,
        };
        let mut reply = Reply::new(StatusCode::OK);
        reply.headers.clone_from(&self.headers);
        match validators.evaluate(&head.method, &head.headers) {
            Precondition::NotModified if Switch::Conditions.is_on() => {
                reply.status = StatusCode::NOT_MODIFIED;
                reply.headers.remove(CONTENT_TYPE);
            }
            Precondition::Fails if Switch::Conditions.is_on() => {
                return Problem::new(ProblemType::PreconditionFailed).into_reply();
            }
            _ => reply.body = ReplyBody::Bytes(self.content.clone()),
        }
        reply
    }
}
