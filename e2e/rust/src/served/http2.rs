//! Sending requests over HTTP/2 with prior knowledge (RFC 9113 §3.3).

use std::time::Duration;

use bytes::Bytes;
use h2::client::SendRequest;
use sabir_codegen::fixture::Request;
use tokio::{net::TcpStream, runtime::Runtime, time::timeout};

use super::has_content;
use crate::client::{Answer, content};

/// A client that sends all requests of a fixture over one connection.
#[derive(Debug)]
pub(crate) struct Http2<'r> {
    runtime: &'r Runtime,
    sender: SendRequest<Bytes>,
    timeout: Duration,
}

impl<'r> Http2<'r> {
    pub(crate) fn connect(runtime: &'r Runtime, address: &str, timeout: Duration) -> Result<Self, String> {
        let sender = runtime.block_on(async {
            let stream = TcpStream::connect(address)
                .await
                .map_err(|error| error.to_string())?;
            let (sender, connection) = h2::client::handshake(stream)
                .await
                .map_err(|error| error.to_string())?;
            // Why a connection ends early is said by the request that it fails.
            tokio::spawn(async move { drop(connection.await) });
            Ok::<_, String>(sender)
        })?;
        Ok(Self {
            runtime,
            sender,
            timeout,
        })
    }

    pub(crate) fn send(&self, request: &Request) -> Result<Answer, String> {
        self.runtime.block_on(async {
            timeout(self.timeout, exchange(self.sender.clone(), request))
                .await
                .map_err(|_| "no answer came in time".to_owned())?
        })
    }
}

async fn exchange(sender: SendRequest<Bytes>, request: &Request) -> Result<Answer, String> {
    let text = |error: h2::Error| error.to_string();
    let (body, content_type) = content::content(request)?;
    let (head, is_end) = (head(request, content_type)?, !has_content(request));
    let mut sender = sender.ready().await.map_err(text)?;
    let (response, mut stream) = sender.send_request(head, is_end).map_err(text)?;
    if !is_end {
        // Two frames where that is possible, so that a reader has to put them together.
        let mut first = Bytes::from(body);
        let second = first.split_off(first.len() / 2);
        // A request that is refused may be answered before all of it is sent.
        let _ = stream
            .send_data(first, false)
            .and_then(|()| stream.send_data(second, true));
    }
    let (head, mut stream) = response.await.map_err(text)?.into_parts();
    let mut body = Vec::new();
    while let Some(chunk) = stream.data().await {
        let chunk = chunk.map_err(text)?;
        stream
            .flow_control()
            .release_capacity(chunk.len())
            .map_err(text)?;
        body.extend_from_slice(&chunk);
    }
    let fields = head.headers.iter();
    Ok(Answer {
        status: head.status.as_u16(),
        headers: fields
            .map(|(name, value)| {
                (
                    name.to_string(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect(),
        body,
        breaks_off: false,
    })
}

fn head(request: &Request, content_type: Option<&str>) -> Result<http::Request<()>, String> {
    let mut builder = http::Request::builder().method(request.method.as_str());
    for (name, values) in &request.headers {
        for value in values.values() {
            // White space around a value belongs to HTTP/1.1 (RFC 9113 §8.2.1).
            builder = builder.header(name, value.expand().trim_matches([' ', '\t']));
        }
    }
    let names = request.headers.keys();
    let is_typed = names
        .into_iter()
        .any(|name| name.eq_ignore_ascii_case("content-type"));
    if let Some(content_type) = content_type.filter(|_| !is_typed) {
        builder = builder.header("content-type", content_type);
    }
    builder
        .version(http::Version::HTTP_2)
        .uri(format!("http://localhost{}", request.path.expand()))
        .body(())
        .map_err(|error| error.to_string())
}
