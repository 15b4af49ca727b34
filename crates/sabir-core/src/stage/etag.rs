//! The stage `etag` (RFC 9110 §8.8.3, §13).

use std::sync::Arc;

use bytes::Bytes;
use http::{
    Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
    header::{
        CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH,
        IF_UNMODIFIED_SINCE, LAST_MODIFIED,
    },
};
use twox_hash::XxHash3_128;

use super::{Compile, Leaving, Stage};
use crate::{
    Problem, ProblemType, Reply, ReplyBody, RequestHead, SetupError,
    header::{
        conditional::{Precondition, Validators},
        date,
    },
    options::options,
};

/// What asks for conditions.
const CONDITIONS: [HeaderName; 4] = [IF_MATCH, IF_NONE_MATCH, IF_MODIFIED_SINCE, IF_UNMODIFIED_SINCE];

options! {
    /// Answers 200 to GET and HEAD whose content is at hand get an entity tag of that content, where the handler has set none, and
    /// whoever has the content already is told so (304). The conditions of requests count for handlers' own `ETag` and
    /// `Last-Modified`, too; where one does not hold the answer is 412.
    Etag ("option", at "") {
        /// Whether tags say that the content means the same, not that it is the same byte by byte.
        weak: bool = false;
    }
}

/// The options, made ready before the first request.
#[derive(Debug)]
struct Compiled {
    is_weak: bool,
}

/// The conditions of a request; kept for the answer.
#[derive(Debug, Clone)]
struct Conditions(HeaderMap);

impl Compile for Etag {
    fn compile(&self) -> Result<Arc<dyn Stage>, SetupError> {
        Ok(Arc::new(Compiled { is_weak: self.weak }))
    }
}

impl Compiled {
    /// The tag of `content`, the same in every process. Nobody gains by content of the same tag: it would be their own.
    fn tag(&self, content: &[u8]) -> Option<HeaderValue> {
        let prefix = if self.is_weak { "W/" } else { "" };
        let tag = format!("{prefix}\"{:032x}\"", XxHash3_128::oneshot(content));
        HeaderValue::from_maybe_shared(Bytes::from(tag)).ok()
    }
}

impl Stage for Compiled {
    fn note(&self, head: &RequestHead, notes: &mut Extensions) {
        // The head is the handler's afterwards.
        if CONDITIONS.iter().any(|name| head.headers.contains_key(name)) {
            let mut conditions = HeaderMap::new();
            for name in &CONDITIONS {
                for value in head.headers.get_all(name) {
                    conditions.append(name, value.clone());
                }
            }
            notes.insert(Conditions(conditions));
        }
    }

    fn leave(&self, exchange: &Leaving<'_>, reply: &mut Reply) {
        if !exchange.is_read() || reply.status != StatusCode::OK {
            return;
        }
        let headers = &mut reply.headers;
        match &reply.body {
            ReplyBody::Bytes(content) if !headers.contains_key(ETAG) && !is_never_kept(headers) => {
                if let Some(tag) = self.tag(content) {
                    headers.insert(ETAG, tag);
                }
            }
            ReplyBody::Bytes(_) | ReplyBody::Stream(_) | ReplyBody::Empty => {}
            _ => return,
        }
        let Some(Conditions(conditions)) = exchange.extensions().get() else {
            return;
        };
        let last_modified = headers
            .get(LAST_MODIFIED)
            .and_then(|value| date::parse(value.to_str().ok()?));
        let validators = Validators {
            etag: headers.get(ETAG),
            last_modified,
        };
        if validators.etag.is_none() && last_modified.is_none() {
            return;
        }
        match validators.evaluate(&Method::GET, conditions) {
            Precondition::Holds => {}
            Precondition::NotModified => {
                reply.status = StatusCode::NOT_MODIFIED;
                reply.body = ReplyBody::Empty;
                reply.trailers = None;
                headers.remove(CONTENT_TYPE);
                headers.remove(CONTENT_LENGTH);
            }
            Precondition::Fails => {
                *reply = Problem::new(ProblemType::PreconditionFailed).into_reply();
            }
        }
    }
}

/// Whether nobody may keep the answer, so that nobody could ask whether it is still the same (RFC 9111 §5.2.2.5).
fn is_never_kept(headers: &HeaderMap) -> bool {
    headers
        .get_all(CACHE_CONTROL)
        .iter()
        .flat_map(|field| field.as_bytes().split(|byte| *byte == b','))
        .any(|directive| directive.trim_ascii().eq_ignore_ascii_case(b"no-store"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_the_same_everywhere() {
        let tag = |is_weak, content: &[u8]| Compiled { is_weak }.tag(content).unwrap();
        assert_eq!(tag(false, b""), "\"99aa06d3014798d86001c324468d497f\"");
        assert_eq!(tag(true, b""), "W/\"99aa06d3014798d86001c324468d497f\"");
        assert_ne!(tag(false, b"a"), tag(false, b"b"));
    }
}
