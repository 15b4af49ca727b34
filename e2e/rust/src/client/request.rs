//! Requests as values, for clients that call the application.

use bytes::Bytes;
use http::Request;
use sabir_codegen::fixture;

use super::content;

/// What a client would send for `request`.
pub(crate) fn built(request: &fixture::Request) -> Result<Request<Bytes>, String> {
    let (body, content_type) = content::content(request)?;
    let mut builder = Request::builder()
        .method(request.method.as_str())
        .uri(request.path.expand());
    for (name, values) in &request.headers {
        for value in values.values() {
            builder = builder.header(name, value.expand());
        }
    }
    let is_typed = request
        .headers
        .keys()
        .any(|name| name.eq_ignore_ascii_case("content-type"));
    if let Some(content_type) = content_type.filter(|_| !is_typed) {
        builder = builder.header("content-type", content_type);
    }
    builder.body(Bytes::from(body)).map_err(|error| error.to_string())
}
