//! From what JavaScript answers to a reply.

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use napi::{Either, Result, bindgen_prelude::Uint8Array};
use napi_derive::napi;
use sabir_core::{
    Problem, Reply, ReplyBody,
    header::{field, location},
};

use crate::{content::Contents, error::misuse};

/// The content of an answer.
pub(crate) type Content = Either<String, Uint8Array>;

pub(crate) fn status_code(status: u32) -> Result<StatusCode> {
    u16::try_from(status)
        .ok()
        .and_then(|status| StatusCode::from_u16(status).ok())
        .ok_or_else(|| misuse(format!("{status} is not a status code; use 100 to 999")))
}

/// A reply with text of this media type.
pub(crate) fn text(
    status: u32,
    media_type: &'static str,
    text: String,
    contents: &Contents,
) -> Result<Reply> {
    let content = contents.owned(text.into_bytes());
    Ok(Reply::bytes(status_code(status)?, media_type, content))
}

/// A reply with header fields given as names and values, one after the other.
pub(crate) fn reply(
    status: u32,
    fields: &[String],
    body: Option<Content>,
    contents: &Contents,
) -> Result<Reply> {
    let mut reply = Reply::new(status_code(status)?);
    reply.headers = headers(fields)?;
    let body = match body {
        None => Bytes::new(),
        Some(Either::A(text)) => contents.owned(text.into_bytes()),
        Some(Either::B(bytes)) => contents.copied(&bytes),
    };
    if !body.is_empty() {
        reply.body = ReplyBody::Bytes(body);
    } else if !reply.headers.contains_key(header::CONTENT_LENGTH) {
        reply.body = ReplyBody::Empty;
    }
    Ok(reply)
}

/// The problem that `data` describes, whose `extensions` are JSON text.
pub(crate) fn problem(mut data: serde_json::Map<String, serde_json::Value>) -> Result<Reply> {
    if let Some(serde_json::Value::String(text)) = data.get("extensions") {
        let extensions = serde_json::from_str(text).map_err(|error| misuse(error.to_string()))?;
        data.insert("extensions".into(), extensions);
    }
    Problem::from_data(&data).map(Problem::into_reply).map_err(misuse)
}

/// The value of a `Location` field, percent-encoded where that is needed.
#[napi(js_name = "location")]
pub fn encode_location(url: String) -> Result<String> {
    location::encode(&url).map_err(|error| misuse(format!("{url:?}: {error}")))
}

fn headers(fields: &[String]) -> Result<HeaderMap> {
    let mut headers = HeaderMap::with_capacity(fields.len() / 2);
    for pair in fields.chunks_exact(2) {
        let (name, value) =
            field::from_text(&pair[0], &pair[1]).map_err(|error| misuse(error.to_string()))?;
        headers.append(name, value);
    }
    Ok(headers)
}
