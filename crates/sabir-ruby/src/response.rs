//! What a Ruby handler returned, as a reply.

use std::{path::PathBuf, sync::Arc};

use http::StatusCode;
use magnus::{Error, RArray, RHash, RString, Ruby, TryConvert, Value, prelude::*};
use sabir_core::{Reply, ReplyBody, RequestHead, header::location};
use sabir_host::{
    CallId, Calls, Queue,
    answer::{self, Answer},
};

use crate::{
    call::{Answers, Ticket},
    error, hooks, json,
    stream::{NativeStream, Running},
    value,
};

/// What a handler's result comes to.
enum Encoded {
    Reply(Reply),
    /// The file at the path.
    File(Reply, PathBuf),
    /// What makes the content while it is sent, a `Sabir::Streaming`.
    Stream(Value),
}

/// Answers calls with what their handlers returned or raised.
pub(crate) struct Responder {
    pub(crate) queue: Arc<Queue>,
    /// What makes answers while they are sent. The application shows it to the garbage collector.
    pub(crate) streams: Calls<Running>,
    /// Whether clients see why a handler failed.
    pub(crate) debug: bool,
}

impl Responder {
    /// Answers a call, on the thread that has run its handler.
    ///
    /// # Errors
    /// The thread is to end.
    pub(crate) fn answer(
        self: &Arc<Self>,
        ruby: &Ruby,
        ticket: Ticket,
        result: Result<Value, Error>,
    ) -> Result<(), Error> {
        match result.and_then(|result| encode(ruby, result, &ticket.target.answers)) {
            Ok(Encoded::Reply(reply)) => ticket.reply.answer(reply),
            Ok(Encoded::File(reply, path)) => ticket.reply.answer_with_file(path, ticket.head, reply),
            Ok(Encoded::Stream(stream)) => return self.stream(ruby, ticket, stream),
            Err(error) => return self.refuse_call(ruby, ticket, &error),
        }
        Ok(())
    }

    /// Answers for what a handler raised. One that ends its thread is passed on.
    fn refuse_call(&self, ruby: &Ruby, ticket: Ticket, error: &Error) -> Result<(), Error> {
        if error::ends_thread(error) {
            ticket.reply.answer(answer::failure(None));
            return Err(error.clone());
        }
        let reply = self.refuse(ruby, error, &ticket.head);
        ticket.reply.answer(reply);
        Ok(())
    }

    /// Has an answer be made while it is sent, on this thread.
    fn stream(self: &Arc<Self>, ruby: &Ruby, ticket: Ticket, stream: Value) -> Result<(), Error> {
        let native = ruby.obj_wrap(NativeStream::new(Arc::clone(self), ticket));
        match hooks::run_stream(ruby, native.as_value(), stream) {
            Ok(_) => Ok(()),
            Err(error) => {
                native.abandon();
                if error::ends_thread(&error) {
                    Err(error)
                } else {
                    Ok(())
                }
            }
        }
    }

    /// Tells what makes the answer to a call that nobody reads it.
    ///
    /// # Errors
    /// What is raised in this thread meanwhile.
    pub(crate) fn cancel(&self, ruby: &Ruby, id: CallId) -> Result<(), Error> {
        match self.streams.with(id, |running| running.0) {
            Some(running) => hooks::cancel(ruby.get_inner(running)).map(drop),
            None => Ok(()),
        }
    }

    /// The answer for what was raised: the problem it stands for, or 500 and a log entry. A problem that cannot be sent is a
    /// failure as well.
    pub(crate) fn refuse(&self, ruby: &Ruby, error: &Error, head: &RequestHead) -> Reply {
        let failed = match problem(ruby, error) {
            Ok(Some(reply)) => return reply,
            Ok(None) => report(ruby, error, head),
            Err(second) => report(ruby, &second, head),
        };
        // Without a text the failure is one of the logger.
        answer::failure(failed.ok().filter(|_| self.debug))
    }
}

/// The problem that an exception is, if it is one.
fn problem(ruby: &Ruby, error: &Error) -> Result<Option<Reply>, Error> {
    let described = hooks::problem_of(ruby, error::exception(ruby, error)?)?;
    let Some(described) = RHash::from_value(described) else {
        return Ok(None);
    };
    let data = value::members(ruby, described, "problem")?;
    answer::problem(&data)
        .map(Some)
        .map_err(|error| error::answer(ruby, error))
}

/// Writes what was raised to the log, and gives its text.
pub(crate) fn report(ruby: &Ruby, error: &Error, head: &RequestHead) -> Result<String, Error> {
    let exception = error::exception(ruby, error)?;
    hooks::report(
        ruby,
        exception,
        head.method.as_str(),
        head.uri.path(),
        head.id.to_string(),
    )
}

/// Encodes what the handler returned.
fn encode(ruby: &Ruby, result: Value, answers: &Answers) -> Result<Encoded, Error> {
    if answers.are_plain
        && let Some(reply) = encode_plain(ruby, result, answers.status.unwrap_or(StatusCode::OK))?
    {
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
            .is_ok_and(|fields| RHash::from_value(fields).is_some())
}

/// The status, header fields and content of `encode_result`, where the content is a string, or an array that has the path of a file.
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

/// The value of `Location` for a URL.
pub(crate) fn encode_location(ruby: &Ruby, url: String) -> Result<String, Error> {
    location::encode(&url).map_err(|problem| error::argument(ruby, format!("{url:?}: {problem}")))
}
