//! What a Ruby handler returned, as a reply.

use std::path::PathBuf;

use http::{StatusCode, header::CONTENT_TYPE};
use magnus::{Error, RArray, RHash, RString, Ruby, TryConvert, Value};
use sabir_core::{Reply, ReplyBody, header::location};
use sabir_host::answer::{self, Answer};

use crate::{call::Answers, channel::NativeEvents, error, fields::Fields, hooks, json, rack_answer, value};

/// What a handler's result comes to.
pub(crate) enum Encoded {
    Reply(Reply),
    /// The file at the path.
    File(Reply, PathBuf),
    /// What makes the content while it is sent, a `Sabir::Streaming`.
    Stream(Value),
}

/// Encodes what the handler returned.
pub(crate) fn encode(ruby: &Ruby, result: Value, answers: &Answers) -> Result<Encoded, Error> {
    if answers.are_plain
        && let Some(reply) = encode_plain(ruby, result, answers.status.unwrap_or(StatusCode::OK))?
    {
        return Ok(Encoded::Reply(reply));
    }
    // Where it says its media type, none has to be found.
    let of_rack = rack_answer::encode(result)?;
    if let Some(reply) = of_rack.filter(|reply| reply.headers.contains_key(CONTENT_TYPE)) {
        return Ok(Encoded::Reply(reply));
    }
    let encoded = hooks::encode_result(ruby, result, ruby.get_inner(answers.object))?;
    match RArray::from_value(encoded) {
        Some(parts) => encode_parts(ruby, parts),
        None => Ok(Encoded::Stream(encoded)),
    }
}

/// The reply for a result of the most usual classes.
fn encode_plain(ruby: &Ruby, result: Value, status: StatusCode) -> Result<Option<Reply>, Error> {
    if let Some(string) = RString::from_value(result) {
        let content = value::content(string);
        if !value::is_text(ruby, string) {
            return Ok(Some(answer::bytes(status, content)));
        }
        // Text in another encoding is written anew.
        return Ok(string
            .is_utf8_compatible_encoding()
            .then(|| answer::text(status, content)));
    }
    let is_object = RHash::from_value(result).is_some();
    if is_object || RArray::from_value(result).is_some_and(|array| !is_triple(array)) {
        let content = json::encode(ruby, result)?;
        return Ok(Some(answer::json(status, content.into())));
    }
    Ok(None)
}

/// Whether an array is an answer of Rack, a status, header fields and content, and not one of JSON.
fn is_triple(array: RArray) -> bool {
    array.len() == 3
        && array
            .entry::<Value>(0)
            .is_ok_and(|status| magnus::value::Fixnum::from_value(status).is_some())
        && array
            .entry::<Value>(1)
            .is_ok_and(|fields| RHash::from_value(fields).is_some() || Fields::are(fields))
}

/// The status, header fields and content of `encode_result`, where the content is a string, the messages of a
/// channel, or an array that has the path of a file.
fn encode_parts(ruby: &Ruby, parts: RArray) -> Result<Encoded, Error> {
    let (status, fields, content): (u32, RArray, Value) = (parts.entry(0)?, parts.entry(1)?, parts.entry(2)?);
    let mut reply = head_of(ruby, status, fields)?;
    if let Some(string) = RString::from_value(content) {
        let content = value::content(string);
        if !content.is_empty() {
            reply.body = ReplyBody::Bytes(content);
        }
        return Ok(Encoded::Reply(reply));
    }
    if let Ok(events) = <&NativeEvents>::try_convert(content) {
        reply.body = events.body();
        return Ok(Encoded::Reply(reply));
    }
    let path: String = RArray::try_convert(content)?.entry(0)?;
    Ok(Encoded::File(reply, path.into()))
}

/// A reply with a status and header fields.
pub(crate) fn head_of(ruby: &Ruby, status: u32, fields: RArray) -> Result<Reply, Error> {
    let mut answer = Answer::new(status).map_err(|error| error::answer(ruby, error))?;
    for field in fields {
        let field = RArray::try_convert(field)?;
        let (name, value): (String, String) = (field.entry(0)?, field.entry(1)?);
        answer
            .add_field(&name, &value)
            .map_err(|error| error::answer(ruby, error))?;
    }
    Ok(answer.with_content(bytes::Bytes::new()))
}

/// The phrase that stands for a status where there is one (RFC 9110 §15).
pub(crate) fn reason(status: u16) -> &'static str {
    let status = StatusCode::from_u16(status).ok();
    status
        .and_then(|status| status.canonical_reason())
        .unwrap_or_default()
}

/// The value of `Location` for a URL.
pub(crate) fn encode_location(ruby: &Ruby, url: String) -> Result<String, Error> {
    location::encode(&url).map_err(|problem| error::argument(ruby, format!("{url:?}: {problem}")))
}
