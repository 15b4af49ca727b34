//! Turning connections away.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::{Method, Response};
use http_body_util::{BodyExt, Collected};
use sabir_core::Problem;
use tokio::{
    io::{self, AsyncReadExt, AsyncWriteExt},
    time::timeout,
};

use crate::{ResponseBody, Service, connection::Stream};

/// How many clients at a time get an answer before their connection is closed. Those beyond learn no reason.
const ANSWERED: usize = 256;

/// How long a client may take to read the answer. Closing at once could take it away again (RFC 9112 §9.6).
const LINGER: Duration = Duration::from_secs(1);

/// The most that is read of what a client sends, which nobody looks at.
const SKIPPED: u64 = 64 * 1024;

/// The refusals of one thread.
#[derive(Debug, Default)]
pub(super) struct Overload {
    running: Arc<AtomicUsize>,
}

struct Running(Arc<AtomicUsize>);

impl Overload {
    /// Answers 503, whatever the request may be, and closes the connection.
    pub(super) fn refuse(&self, stream: Stream, remote: Option<SocketAddr>, service: Service) {
        if self.running.load(Ordering::Relaxed) >= ANSWERED {
            return;
        }
        self.running.fetch_add(1, Ordering::Relaxed);
        let running = Running(Arc::clone(&self.running));
        tokio::spawn(async move {
            // A client that leaves or does not read has no use for the answer.
            let _ = timeout(LINGER, answer(stream, remote, &service)).await;
            drop(running);
        });
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Answers 503 and waits until the client has read it.
pub(super) async fn answer(
    mut stream: Stream,
    remote: Option<SocketAddr>,
    service: &Service,
) -> io::Result<()> {
    let mut problem = Problem::unavailable("The server has as many connections as it can have.");
    problem.close = true;
    let response = service
        .application()
        .refuse_from(remote, Method::GET, problem)
        .await;
    stream.write_all(&written(response).await).await?;
    stream.shutdown().await?;
    io::copy(&mut stream.take(SKIPPED), &mut io::sink()).await?;
    Ok(())
}

/// The response as HTTP/1.1, which clients of HTTP/2 take for an error too.
async fn written(response: Response<ResponseBody>) -> Vec<u8> {
    let (head, body) = response.into_parts();
    let body = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
    let mut bytes = format!("HTTP/1.1 {}\r\ncontent-length: {}\r\n", head.status, body.len()).into_bytes();
    for (name, value) in &head.headers {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(&body);
    bytes
}
