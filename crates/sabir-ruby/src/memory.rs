//! Requests in memory and their answers.

use bytes::Bytes;
use http::{HeaderMap, Response};
use magnus::{Error, Module, RArray, RModule, RString, Ruby, TryConvert, Value, method, prelude::*};
use sabir_core::header::field::to_text;
use sabir_host::{Application, Content, ContentReader};

use crate::{error, interpreter::Awaited, value::content};

/// The content of an answer in memory that is made while it is read. What makes it is cancelled when this is closed or dropped.
#[magnus::wrap(class = "Sabir::Native::Content", free_immediately)]
pub(crate) struct NativeContent(ContentReader);

impl NativeContent {
    /// Waits for the next chunk; nil at the end. Where the content breaks off, its last piece is an array with the reason.
    fn read(ruby: &Ruby, this: &Self) -> Result<Option<Value>, Error> {
        let awaited = Awaited::new();
        if !this.0.read(awaited.giver()) {
            return Err(error::runtime(ruby, "another thread reads this content".into()));
        }
        Ok(match awaited.wait(ruby)?.flatten() {
            None => None,
            Some(Ok(chunk)) => Some(ruby.str_from_slice(&chunk).as_value()),
            Some(Err(reason)) => Some(
                ruby.ary_new_from_values(&[ruby.str_new(&reason.to_string())])
                    .as_value(),
            ),
        })
    }

    /// Leaves.
    fn close(&self) {
        self.0.close();
    }
}

/// Sends a request and waits for the answer: its status, header fields and content. Whoever interrupts it leaves, as a client
/// does that closes its connection.
pub(crate) fn request(
    ruby: &Ruby,
    app: &Application,
    method: &str,
    target: &str,
    headers: RArray,
    body: RString,
) -> Result<RArray, Error> {
    let fields = fields(headers)?;
    let awaited = Awaited::new();
    let exchange = app
        .request(method, target, &fields, content(body), awaited.giver())
        .map_err(|error| error::system(ruby, &error, target))?;
    let answered = awaited.wait(ruby);
    if answered.is_err() {
        exchange.cancel();
    }
    let Some(response) = answered?.flatten() else {
        return Err(error::runtime(ruby, "the request was given up".into()));
    };
    answer(ruby, response)
}

fn answer(ruby: &Ruby, response: Response<Content>) -> Result<RArray, Error> {
    let (head, content) = response.into_parts();
    let parts = ruby.ary_new_capa(3);
    parts.push(head.status.as_u16())?;
    parts.push(header_fields(ruby, &head.headers))?;
    match content {
        Content::Whole(bytes) => parts.push(ruby.str_from_slice(&bytes))?,
        Content::Stream(reader) => parts.push(ruby.obj_wrap(NativeContent(reader)))?,
    }
    Ok(parts)
}

/// Header fields as Ruby has them.
pub(crate) fn header_fields(ruby: &Ruby, headers: &HeaderMap) -> RArray {
    let fields = headers.iter();
    ruby.ary_from_iter(fields.map(|(name, value)| (name.as_str(), to_text(value.as_bytes()).into_owned())))
}

/// Pairs of name and value as header fields.
pub(crate) fn fields(headers: RArray) -> Result<Vec<(String, Bytes)>, Error> {
    headers.into_iter().map(field).collect()
}

fn field(pair: Value) -> Result<(String, Bytes), Error> {
    let pair = RArray::try_convert(pair)?;
    Ok((pair.entry(0)?, content(pair.entry(1)?)))
}

pub(crate) fn define(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    let class = native.define_class("Content", ruby.class_object())?;
    class.undef_default_alloc_func();
    class.define_method("read", method!(NativeContent::read, 0))?;
    class.define_method("close", method!(NativeContent::close, 0))
}
