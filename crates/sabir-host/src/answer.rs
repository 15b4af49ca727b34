//! From what a host's handler answers to a reply.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use sabir_core::{
    Problem, ProblemType, Reply, ReplyBody,
    header::field::{self, FieldError},
    reply::{ForbiddenTrailer, Trailers},
};
use serde_json::{Map, Value as Json};

/// Why an answer cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// The number is no status code (RFC 9110 §15).
    #[error("{0} is not a status code; use 100 to 999")]
    Status(u32),
    /// A header field cannot be written (RFC 9110 §5).
    #[error(transparent)]
    Field(#[from] FieldError),
    /// A field cannot follow the content (RFC 9110 §6.5.1).
    #[error(transparent)]
    Trailer(#[from] ForbiddenTrailer),
    /// The data do not describe a problem.
    #[error("{0}")]
    Problem(String),
}

/// An answer with header fields, under construction.
#[derive(Debug)]
pub struct Answer(Reply);

impl Answer {
    /// An answer without header fields.
    ///
    /// # Errors
    /// No status code.
    pub fn new(status: u32) -> Result<Self, AnswerError> {
        Ok(Self(Reply::new(status_code(status)?)))
    }

    /// Adds a header field; those of the same name are kept.
    ///
    /// # Errors
    /// A name that is not a token, a value with control characters or with characters beyond ISO 8859-1.
    pub fn add_field(&mut self, name: &str, value: &str) -> Result<(), AnswerError> {
        let (name, value) = field::from_text(name, value)?;
        self.0.headers.append(name, value);
        Ok(())
    }

    /// The answer with `content`. Without any a `content-length` among the fields is kept, for answers to HEAD (RFC 9110 §8.6).
    pub fn with_content(self, content: Bytes) -> Reply {
        let Self(mut reply) = self;
        if !content.is_empty() {
            reply.body = ReplyBody::Bytes(content);
        }
        reply
    }
}

/// The names of fields that follow content.
///
/// # Errors
/// One that is not a token, or that has to be known before the content.
pub fn trailer_names<S: AsRef<str>>(
    names: impl IntoIterator<Item = S>,
) -> Result<Vec<HeaderName>, AnswerError> {
    let names = names
        .into_iter()
        .map(|name| Ok(field::from_text(name.as_ref(), "")?.0))
        .collect::<Result<Vec<_>, FieldError>>()?;
    // What they are is known later.
    Trailers::new(names.iter().cloned(), HeaderMap::new)?;
    Ok(names)
}

/// The fields that follow content, given as names and values.
///
/// # Errors
/// A name that is not a token, a value with control characters or with characters beyond ISO 8859-1.
pub fn trailers<N: AsRef<str>, V: AsRef<str>>(
    fields: impl IntoIterator<Item = (N, V)>,
) -> Result<HeaderMap, AnswerError> {
    let mut trailers = HeaderMap::new();
    for (name, value) in fields {
        let (name, value) = field::from_text(name.as_ref(), value.as_ref())?;
        trailers.append(name, value);
    }
    Ok(trailers)
}

/// The status code with this number.
///
/// # Errors
/// There is none.
pub fn status_code(status: u32) -> Result<StatusCode, AnswerError> {
    u16::try_from(status)
        .ok()
        .and_then(|status| StatusCode::from_u16(status).ok())
        .ok_or(AnswerError::Status(status))
}

/// An answer with UTF-8 text.
pub fn text(status: StatusCode, content: Bytes) -> Reply {
    Reply::content(
        status,
        const { HeaderValue::from_static("text/plain; charset=utf-8") },
        content,
    )
}

/// An answer with JSON.
pub fn json(status: StatusCode, content: Bytes) -> Reply {
    Reply::content(
        status,
        const { HeaderValue::from_static("application/json") },
        content,
    )
}

/// An answer with bytes of no particular kind.
pub fn bytes(status: StatusCode, content: Bytes) -> Reply {
    Reply::content(
        status,
        const { HeaderValue::from_static("application/octet-stream") },
        content,
    )
}

/// The problem that `data` describe, as [`Problem::from_data`] reads them.
///
/// # Errors
/// What cannot be sent.
pub fn problem(data: &Map<String, Json>) -> Result<Reply, AnswerError> {
    Problem::from_data(data)
        .map(Problem::into_reply)
        .map_err(AnswerError::Problem)
}

/// The answer for a handler that failed. Clients see `detail` as it is, so it is for debugging only.
pub fn failure(detail: Option<String>) -> Reply {
    let mut problem = Problem::new(ProblemType::InternalError);
    problem.detail = detail;
    problem.into_reply()
}
