//! What a handler may return.

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header::LOCATION};
use sabir_core::{Problem, ProblemType, Reply};
use serde::Serialize;

use crate::Json;

/// A result that can be sent.
pub trait Respond {
    /// The answer.
    fn respond(self) -> Reply;
}

/// `201 Created` with the new resource and its path (RFC 9110 §15.3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created<T> {
    /// The value of `Location`.
    pub location: String,
    /// The content.
    pub content: T,
}

impl Respond for Reply {
    fn respond(self) -> Reply {
        self
    }
}

impl Respond for Problem {
    fn respond(self) -> Reply {
        self.into_reply()
    }
}

impl Respond for () {
    fn respond(self) -> Reply {
        Reply::new(StatusCode::NO_CONTENT)
    }
}

impl Respond for StatusCode {
    fn respond(self) -> Reply {
        Reply::new(self)
    }
}

impl Respond for &'static str {
    fn respond(self) -> Reply {
        Reply::bytes(StatusCode::OK, "text/plain; charset=utf-8", self)
    }
}

impl Respond for String {
    fn respond(self) -> Reply {
        Reply::bytes(StatusCode::OK, "text/plain; charset=utf-8", self)
    }
}

impl Respond for Bytes {
    fn respond(self) -> Reply {
        Reply::bytes(StatusCode::OK, "application/octet-stream", self)
    }
}

impl Respond for Vec<u8> {
    fn respond(self) -> Reply {
        Bytes::from(self).respond()
    }
}

impl<T: Serialize> Respond for Json<T> {
    fn respond(self) -> Reply {
        match serde_json::to_vec(&self.0) {
            Ok(body) => Reply::bytes(StatusCode::OK, "application/json", body),
            Err(error) => {
                tracing::error!(%error, "the answer cannot be written as JSON");
                Problem::new(ProblemType::InternalError).into_reply()
            }
        }
    }
}

impl<T: Respond> Respond for (StatusCode, T) {
    fn respond(self) -> Reply {
        let mut reply = self.1.respond();
        reply.status = self.0;
        reply
    }
}

impl<T: Respond> Respond for Created<T> {
    fn respond(self) -> Reply {
        let mut reply = self.content.respond();
        reply.status = StatusCode::CREATED;
        match HeaderValue::try_from(self.location) {
            Ok(location) => {
                reply.headers.insert(LOCATION, location);
                reply
            }
            Err(error) => {
                tracing::error!(%error, "the location of what was created is no header field");
                Problem::new(ProblemType::InternalError).into_reply()
            }
        }
    }
}

impl<T: Respond, E: Respond> Respond for Result<T, E> {
    fn respond(self) -> Reply {
        match self {
            Ok(value) => value.respond(),
            Err(error) => error.respond(),
        }
    }
}
