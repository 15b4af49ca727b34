//! Requests in memory: through the same service as those on sockets.

use bytes::Bytes;
use http::Response;
use napi::{Either, bindgen_prelude::Uint8Array};
use napi_derive::napi;
use sabir_core::header::field::to_text;

use crate::value::shared;

/// An answer in memory.
#[napi(object)]
pub struct InjectedResponse {
    /// The status code.
    pub status: u16,
    /// Names and values of the header fields, one after the other.
    pub headers: Vec<String>,
    /// The content.
    pub body: Uint8Array,
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
pub(crate) fn answered(response: Response<Bytes>) -> InjectedResponse {
    let (head, body) = response.into_parts();
    let fields = head.headers.iter();
    InjectedResponse {
        status: head.status.as_u16(),
        headers: fields
            .flat_map(|(name, value)| [name.as_str().to_owned(), to_text(value.as_bytes()).into_owned()])
            .collect(),
        body: shared(&body),
    }
}
