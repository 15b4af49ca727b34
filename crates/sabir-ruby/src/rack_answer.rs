//! Answers of Rack that consist of strings.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, header::TRANSFER_ENCODING};
use magnus::{Error, RArray, RHash, RString, Ruby, Value, r_hash::ForEach, value::Fixnum};
use sabir_core::{Reply, ReplyBody};
use sabir_host::answer::status_code;

use crate::{error, fields::Fields, value};

/// Keys of the application to the server.
const PRIVATE: &[u8] = b"rack.";

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
        Some(headers) => fields(&ruby, headers)?,
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

/// The header fields of a Hash of strings or arrays of strings. `None` where there is something else in it.
///
/// # Errors
/// A header field that cannot be sent.
pub(crate) fn fields(ruby: &Ruby, headers: RHash) -> Result<Option<HeaderMap>, Error> {
    let mut fields = HeaderMap::with_capacity(headers.len());
    let mut are_plain = true;
    headers.foreach(|name: Value, value: Value| {
        are_plain = add(ruby, &mut fields, name, value)?;
        Ok(if are_plain {
            ForEach::Continue
        } else {
            ForEach::Stop
        })
    })?;
    Ok(are_plain.then_some(fields))
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

/// Adds a field. Whether it consists of strings.
fn add(ruby: &Ruby, fields: &mut HeaderMap, name: Value, field: Value) -> Result<bool, Error> {
    let Some(name) = RString::from_value(name).map(value::content) else {
        return Ok(false);
    };
    // Content that the application has coded itself is decoded first.
    if name.starts_with(PRIVATE) || name.eq_ignore_ascii_case(TRANSFER_ENCODING.as_str().as_bytes()) {
        return Ok(false);
    }
    let name = HeaderName::from_bytes(&name).map_err(|_| {
        let name = String::from_utf8_lossy(&name);
        error::argument(ruby, format!("{name:?} is not the name of a header field"))
    })?;
    if let Some(text) = RString::from_value(field) {
        // Up to Rack 2, several values are lines.
        for line in value::content(text).split(|byte| *byte == b'\n') {
            fields.append(&name, field_value(ruby, &name, line)?);
        }
        return Ok(true);
    }
    let Some(values) = RArray::from_value(field) else {
        return Ok(false);
    };
    for text in values {
        let Some(text) = RString::from_value(text) else {
            return Ok(false);
        };
        fields.append(&name, field_value(ruby, &name, &value::content(text))?);
    }
    Ok(true)
}

fn field_value(ruby: &Ruby, name: &HeaderName, text: &[u8]) -> Result<HeaderValue, Error> {
    HeaderValue::from_bytes(text).map_err(|_| {
        let text = String::from_utf8_lossy(text);
        error::argument(
            ruby,
            format!("{text:?} is not a value of the header field {name}"),
        )
    })
}
