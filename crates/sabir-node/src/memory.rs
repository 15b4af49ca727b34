//! Requests in memory: through the same service as those on sockets.

use bytes::Bytes;
use http::Response;
use napi::{
    Either, Env, Result,
    bindgen_prelude::{Object, Uint8Array},
};
use napi_derive::napi;
use sabir_core::{header::field::to_text, reply::StreamError};
use sabir_host::{Content, ContentReader};

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

    /// Leaves, as a client does: what makes the content is cancelled.
    #[napi]
    pub fn close(&self) {
        self.0.close();
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

/// The answer as JavaScript gets it.
pub(crate) fn answered(response: Response<Content>) -> InjectedResponse {
    let (head, body) = response.into_parts();
    let fields = head.headers.iter();
    InjectedResponse {
        status: head.status.as_u16(),
        headers: fields
            .flat_map(|(name, value)| [name.as_str().to_owned(), to_text(value.as_bytes()).into_owned()])
            .collect(),
        body: match body {
            Content::Whole(bytes) => Either::A(shared(&bytes)),
            Content::Stream(reader) => Either::B(NativeContent(reader)),
        },
    }
}
