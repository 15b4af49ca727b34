//! Requests in memory: through the same service as those on sockets.

use bytes::Bytes;
use http::{HeaderMap, Response};
use napi::{
    Either, Env, Result,
    bindgen_prelude::{Object, Uint8Array},
};
use napi_derive::napi;
use sabir_core::{header::field::to_text, reply::StreamError};
use sabir_host::{Content, ContentReader, ContentWriter};

use crate::{error::misuse, value::shared};

/// An answer in memory.
#[napi(object, object_from_js = false)]
pub struct InjectedResponse {
    /// The status code.
    pub status: u16,
    /// Names and values of the header fields, one after the other.
    pub headers: Vec<String>,
    /// The content, or what reads it while it is made.
    pub body: Either<Uint8Array, NativeContent>,
}

/// What reading gives: a chunk, nothing at the end, or why the content breaks off.
type Chunk = Option<std::result::Result<Bytes, StreamError>>;

/// Content that is read while it is made. Collected, it leaves as a client does.
#[napi]
pub struct NativeContent(ContentReader);

#[napi]
impl NativeContent {
    /// The next chunk; nothing at the end, and when it is closed. The promise is rejected when the content breaks off. One
    /// chunk is read at a time.
    #[napi(ts_return_type = "Promise<Uint8Array | null>")]
    pub fn read<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        read(env, &self.0)
    }

    /// Names and values of the fields that have followed the content, one after the other, once it has ended.
    #[napi]
    pub fn trailers(&self) -> Vec<String> {
        texts(&self.0.trailers())
    }

    /// Leaves, as a client does: what makes the content is cancelled.
    #[napi]
    pub fn close(&self) {
        self.0.close();
    }
}

/// Makes the content of a request while it is read. Collected before its end, it breaks off.
#[napi]
pub struct NativeContentWriter(pub(crate) ContentWriter);

#[napi]
impl NativeContentWriter {
    /// Waits until a chunk is wanted; `false` when nobody reads any more. One waits at a time.
    #[napi(ts_return_type = "Promise<boolean>")]
    pub fn wanted<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let (deferred, promise) = env.create_deferred()?;
        self.0
            .wanted(move |is_wanted| deferred.resolve(move |_| Ok(is_wanted)));
        Ok(promise)
    }

    /// Gives the next chunk, where one is wanted.
    #[napi]
    pub fn write(&self, chunk: Uint8Array) {
        // A copy: JavaScript may change what it has at any time.
        self.0.write(Bytes::copy_from_slice(&chunk));
    }

    /// Ends the content.
    #[napi]
    pub fn end(&self) {
        self.0.end();
    }

    /// Breaks the content off.
    #[napi]
    pub fn fail(&self) {
        self.0.fail();
    }
}

/// The promise of the next chunk.
pub(crate) fn read<'env>(env: &'env Env, reader: &ContentReader) -> Result<Object<'env>> {
    let (deferred, promise) = env.create_deferred()?;
    let give = move |chunk: Chunk| {
        deferred.resolve(move |_| match chunk {
            // A copy: several answers may have the chunk.
            Some(Ok(chunk)) => Ok(Some(Uint8Array::from(chunk.as_ref()))),
            Some(Err(error)) => Err(misuse(error.to_string())),
            None => Ok(None),
        });
    };
    let mut read = Read(Some(give));
    // A reading that is refused drops what is called, which keeps the promise.
    let _ = reader.read(move |chunk| read.give(chunk));
    Ok(promise)
}

/// A promise that is kept also when the reader is closed: what is pending would keep the loop.
struct Read<F: FnOnce(Chunk)>(Option<F>);

impl<F: FnOnce(Chunk)> Read<F> {
    fn give(&mut self, chunk: Chunk) {
        if let Some(give) = self.0.take() {
            give(chunk);
        }
    }
}

impl<F: FnOnce(Chunk)> Drop for Read<F> {
    fn drop(&mut self) {
        self.give(None);
    }
}

/// Header fields from names and values, one after the other.
pub(crate) fn fields(fields: &[Either<String, Uint8Array>]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let bytes = |field: &Either<String, Uint8Array>| match field {
        Either::A(text) => text.as_bytes().to_vec(),
        Either::B(bytes) => bytes.to_vec(),
    };
    fields
        .chunks_exact(2)
        .map(|pair| (bytes(&pair[0]), bytes(&pair[1])))
        .collect()
}

/// Names and values, one after the other.
fn texts(fields: &HeaderMap) -> Vec<String> {
    fields
        .iter()
        .flat_map(|(name, value)| [name.as_str().to_owned(), to_text(value.as_bytes()).into_owned()])
        .collect()
}

/// The answer as JavaScript gets it.
pub(crate) fn answered(response: Response<Content>) -> InjectedResponse {
    let (head, body) = response.into_parts();
    InjectedResponse {
        status: head.status.as_u16(),
        headers: texts(&head.headers),
        body: match body {
            Content::Whole(bytes) => Either::A(shared(&bytes)),
            Content::Stream(reader) => Either::B(NativeContent(reader)),
        },
    }
}
