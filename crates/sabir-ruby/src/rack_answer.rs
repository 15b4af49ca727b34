//! Answers of Rack that consist of strings.

use bytes::{Bytes, BytesMut};
use magnus::{Error, RArray, RHash, RString, Ruby, Value, value::Fixnum};
use sabir_core::{Reply, ReplyBody};
use sabir_host::answer::status_code;

use crate::{
    error,
    fields::{self, Fields},
    value,
};

/// The reply that an answer is: its status is a number of a final answer, its header fields are [`Fields`] or a Hash of strings or
/// arrays of strings, and its content is an Array of strings. `None` for all others.
///
/// # Errors
/// A header field that cannot be sent.
pub(crate) fn encode(result: Value) -> Result<Option<Reply>, Error> {
    let ruby = Ruby::get_with(result);
    let Some(parts) = RArray::from_value(result).filter(|parts| parts.len() == 3) else {
        return Ok(None);
    };
    let status = Fixnum::from_value(parts.entry(0)?).and_then(|status| status.to_u32().ok());
    let content = RArray::from_value(parts.entry(2)?);
    let (Some(status @ 200..), Some(content)) = (status, content) else {
        return Ok(None);
    };
    let Some(content) = joined(content)? else {
        return Ok(None);
    };
    let headers: Value = parts.entry(1)?;
    let known = match RHash::from_value(headers) {
        Some(headers) => fields::read(&ruby, headers)?,
        None => Fields::of(headers),
    };
    let Some(fields) = known else {
        return Ok(None);
    };
    let mut reply = Reply::new(status_code(status).map_err(|error| error::answer(&ruby, error))?);
    reply.headers = fields;
    if !content.is_empty() {
        reply.body = ReplyBody::Bytes(content);
    }
    Ok(Some(reply))
}

/// The content of an array of strings.
fn joined(parts: RArray) -> Result<Option<Bytes>, Error> {
    if parts.len() == 1 {
        return Ok(RString::from_value(parts.entry(0)?).map(value::content));
    }
    let mut whole = BytesMut::new();
    for part in parts {
        let Some(part) = RString::from_value(part) else {
            return Ok(None);
        };
        whole.extend_from_slice(&value::content(part));
    }
    Ok(Some(whole.freeze()))
}
