//! Requests in memory and their answers.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, Response};
use magnus::{
    Error, Module, Object, RArray, RModule, RString, Ruby, TryConvert, Value, function, method, prelude::*,
};
use sabir_core::{header::field::to_text, reply::StreamError};
use sabir_host::{Application, Content, ContentReader, ContentWriter, SentContent};

use crate::{awaited::Awaited, class, error, interpreter::Local, value::content};

/// The content of an answer in memory that is made while it is read. What makes it is cancelled when this is closed or dropped.
#[magnus::wrap(class = "Sabir::Native::Content", free_immediately)]
pub(crate) struct NativeContent {
    reader: ContentReader,
    /// The chunk that a thread has asked for, which has then been interrupted.
    asked: Mutex<Option<Awaited<Option<Chunk>>>>,
}

type Chunk = Result<Bytes, StreamError>;

impl NativeContent {
    fn new(reader: ContentReader) -> Self {
        Self {
            reader,
            asked: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Awaited<Option<Chunk>>>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the next chunk; nil at the end. Where the content breaks off, its last piece is an array with the reason.
    fn read(ruby: &Ruby, this: &Self) -> Result<Option<Value>, Error> {
        let before = this.lock().take();
        let has_asked = before.is_some();
        let awaited = before.unwrap_or_else(Awaited::new);
        if !has_asked && !this.reader.read(awaited.giver()) {
            return Err(error::runtime(ruby, "another thread reads this content".into()));
        }
        let chunk = match awaited.wait(ruby) {
            Ok(chunk) => chunk.flatten(),
            Err(raised) => {
                *this.lock() = Some(awaited);
                return Err(raised);
            }
        };
        Ok(match chunk {
            None => None,
            Some(Ok(chunk)) => Some(ruby.str_from_slice(&chunk).as_value()),
            Some(Err(reason)) => Some(
                ruby.ary_new_from_values(&[ruby.str_new(&reason.to_string())])
                    .as_value(),
            ),
        })
    }

    /// The fields that have followed the content, once it has ended.
    fn trailers(ruby: &Ruby, this: &Self) -> RArray {
        header_fields(ruby, &this.reader.trailers())
    }

    /// Leaves.
    fn close(&self) {
        self.reader.close();
    }
}

/// Makes the content of a request in memory while it is read. Collected before its end, it breaks off.
#[magnus::wrap(class = "Sabir::Native::ContentWriter", free_immediately)]
pub(crate) struct NativeContentWriter {
    writer: Local<ContentWriter>,
    /// Until a request has it.
    content: Local<Mutex<Option<SentContent>>>,
}

impl NativeContentWriter {
    fn new() -> Self {
        let (writer, content) = ContentWriter::new();
        Self {
            writer: Local::new(writer),
            content: Local::new(Mutex::new(Some(content))),
        }
    }

    /// What is written, for one request.
    fn take(&self, ruby: &Ruby) -> Result<SentContent, Error> {
        let content = self.content.lock().unwrap_or_else(PoisonError::into_inner).take();
        content.ok_or_else(|| error::runtime(ruby, "another request has the content".into()))
    }

    /// Waits until a chunk is wanted. Whether one is; not when nobody reads any more.
    fn is_wanted(ruby: &Ruby, this: &Self) -> Result<bool, Error> {
        let awaited = Awaited::new();
        this.writer.wanted(awaited.giver());
        awaited.wait(ruby).map(Option::unwrap_or_default)
    }

    /// Gives the next chunk, where one is wanted.
    fn write(&self, chunk: RString) {
        self.writer.write(content(chunk));
    }

    /// Ends the content.
    fn end(&self) {
        self.writer.end();
    }

    /// Breaks the content off.
    fn fail(&self) {
        self.writer.fail();
    }
}

/// The content of a request: a string, or what a [`NativeContentWriter`] writes.
fn sent(ruby: &Ruby, body: Value) -> Result<SentContent, Error> {
    match RString::from_value(body) {
        Some(string) => Ok(content(string).into()),
        None => <&NativeContentWriter>::try_convert(body)?.take(ruby),
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
    body: Value,
) -> Result<RArray, Error> {
    let (fields, content) = (fields(headers)?, sent(ruby, body)?);
    let awaited = Awaited::new();
    let exchange = app
        .request(method, target, &fields, content, awaited.giver())
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
        Content::Stream(reader) => parts.push(ruby.obj_wrap(NativeContent::new(reader)))?,
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
    let class = class::define::<NativeContent>(ruby, native, "Content")?;
    class.define_method("read", method!(NativeContent::read, 0))?;
    class.define_method("trailers", method!(NativeContent::trailers, 0))?;
    class.define_method("close", method!(NativeContent::close, 0))?;
    let class = class::define::<NativeContentWriter>(ruby, native, "ContentWriter")?;
    class.define_singleton_method("new", function!(NativeContentWriter::new, 0))?;
    class.define_method("wanted?", method!(NativeContentWriter::is_wanted, 0))?;
    class.define_method("write", method!(NativeContentWriter::write, 1))?;
    class.define_method("finish", method!(NativeContentWriter::end, 0))?;
    class.define_method("fail", method!(NativeContentWriter::fail, 0))
}
