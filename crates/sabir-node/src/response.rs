//! From what JavaScript answers to a reply.

use bytes::Bytes;
use http::{HeaderMap, HeaderName};
use napi::{Either, Result, bindgen_prelude::Uint8Array};
use napi_derive::napi;
use sabir_core::{Reply, header::location};
use sabir_host::answer::{self, Answer};
use serde_json::{Map, Value as Json};

use crate::{content::Contents, error};

/// The content of an answer.
pub(crate) type Content = Either<String, Uint8Array>;

/// A reply with text.
pub(crate) fn text(status: u32, text: String, contents: &Contents) -> Result<Reply> {
    let status = answer::status_code(status).map_err(error::answer)?;
    Ok(answer::text(status, contents.owned(text.into_bytes())))
}

/// A reply with the text of JSON.
pub(crate) fn json(status: u32, text: String, contents: &Contents) -> Result<Reply> {
    let status = answer::status_code(status).map_err(error::answer)?;
    Ok(answer::json(status, contents.owned(text.into_bytes())))
}

/// A reply with header fields given as names and values, one after the other.
pub(crate) fn reply(
    status: u32,
    fields: &[String],
    body: Option<Content>,
    contents: &Contents,
) -> Result<Reply> {
    Ok(head(status, fields)?.with_content(match body {
        None => Bytes::new(),
        Some(Either::A(text)) => contents.owned(text.into_bytes()),
        Some(Either::B(bytes)) => contents.copied(&bytes),
    }))
}

/// The status and the header fields of an answer.
pub(crate) fn head(status: u32, fields: &[String]) -> Result<Answer> {
    let mut answer = Answer::new(status).map_err(error::answer)?;
    for pair in fields.chunks_exact(2) {
        answer.add_field(&pair[0], &pair[1]).map_err(error::answer)?;
    }
    Ok(answer)
}

/// The names of fields that follow content.
pub(crate) fn trailer_names(names: Option<Vec<String>>) -> Result<Vec<HeaderName>> {
    answer::trailer_names(names.unwrap_or_default()).map_err(error::answer)
}

/// Fields that follow content, given as names and values, one after the other.
pub(crate) fn trailers(fields: Option<Vec<String>>) -> Result<HeaderMap> {
    let fields = fields.unwrap_or_default();
    let pairs = fields.chunks_exact(2).map(|pair| (&pair[0], &pair[1]));
    answer::trailers(pairs).map_err(error::answer)
}

/// The problem that `data` describe, whose `extensions` are JSON text.
pub(crate) fn problem(data: &Map<String, Json>) -> Result<Reply> {
    answer::problem(data).map_err(error::answer)
}

/// The value of a `Location` field, percent-encoded where that is needed.
#[napi(js_name = "location")]
pub fn encode_location(url: String) -> Result<String> {
    location::encode(&url).map_err(|error| error::misuse(format!("{url:?}: {error}")))
}
