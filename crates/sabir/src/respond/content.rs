//! Answers that are content of some type.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header::LOCATION};
use sabir_core::{Problem, ProblemType, Reply};
use serde::Serialize;

use super::Respond;
use crate::Json;

/// Text as `text/html`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Html<T>(pub T);

/// `201 Created` with the new resource and its path (RFC 9110 §15.3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created<T> {
    /// The value of `Location`.
    pub location: String,
    /// The content.
    pub content: T,
}

fn text(body: impl Into<Bytes>) -> Reply {
    Reply::bytes(StatusCode::OK, "text/plain; charset=utf-8", body)
}

fn octets(body: impl Into<Bytes>) -> Reply {
    Reply::bytes(StatusCode::OK, "application/octet-stream", body)
}

macro_rules! content {
    ($($type:ty = |$value:ident| $reply:expr;)*) => {
        $(impl Respond for $type {
            fn respond(self) -> Reply {
                let $value = self;
                $reply
            }
        })*
    };
}

content! {
    &'static str = |value| text(value);
    String = |value| text(value);
    Box<str> = |value| text(String::from(value));
    Cow<'static, str> = |value| match value {
        Cow::Borrowed(value) => text(value),
        Cow::Owned(value) => text(value),
    };
    Bytes = |value| octets(value);
    Vec<u8> = |value| octets(value);
    &'static [u8] = |value| octets(value);
    Cow<'static, [u8]> = |value| match value {
        Cow::Borrowed(value) => octets(value),
        Cow::Owned(value) => octets(value),
    };
}

impl<T: Into<Bytes>> Respond for Html<T> {
    fn respond(self) -> Reply {
        Reply::bytes(StatusCode::OK, "text/html; charset=utf-8", self.0)
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
