//! Calling the service without a socket.

use bytes::Bytes;
use sabir_codegen::fixture::Request;
use sabir_http::Service;

use super::{Answer, content};

/// A client that calls the service.
#[derive(Debug)]
pub(crate) struct Memory(pub(crate) Service);

impl Memory {
    pub(crate) async fn send(&self, request: &Request) -> Result<Answer, String> {
        let (body, content_type) = content::content(request)?;
        let mut builder = http::Request::builder()
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
        let request = builder
            .body(Bytes::from(body))
            .map_err(|error| error.to_string())?;
        let response = self.0.call_in_memory(request).await;
        let fields = response.headers().iter();
        Ok(Answer {
            status: response.status().as_u16(),
            headers: fields
                .map(|(name, value)| {
                    (
                        name.to_string(),
                        String::from_utf8_lossy(value.as_bytes()).into_owned(),
                    )
                })
                .collect(),
            body: response.body().to_vec(),
        })
    }
}
