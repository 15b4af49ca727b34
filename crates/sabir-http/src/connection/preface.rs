//! Telling HTTP/2 with prior knowledge from HTTP/1.1 (RFC 9113 §3.4).

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
};

use bytes::{Buf, BytesMut};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf},
    time::{Instant, timeout, timeout_at},
};

use super::{inspect::LAST_REQUEST, limits::Limits};
use crate::control::Control;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// One read of this size takes a usual first request whole.
const FIRST_READ: usize = 1024;

/// How a connection begins.
pub(super) struct Beginning {
    pub(super) is_http2: bool,
    pub(super) bytes: BytesMut,
    /// When the first byte arrived.
    pub(super) since: Option<Instant>,
}

/// Reads until it is clear whether the client begins with the preface of HTTP/2. `None` when it has left or sends nothing.
pub(super) async fn detect(
    stream: &mut (impl AsyncRead + Unpin),
    limits: &Limits,
    control: &Control,
) -> Option<Beginning> {
    let mut bytes = BytesMut::with_capacity(FIRST_READ);
    first_bytes(stream, &mut bytes, limits, control).await?;
    let mut beginning = Beginning {
        is_http2: false,
        bytes,
        since: None,
    };
    if is_clear(&beginning.bytes) {
        beginning.is_http2 = beginning.bytes.starts_with(PREFACE);
        return Some(beginning);
    }
    let since = Instant::now();
    beginning.since = Some(since);
    let rest = async {
        // The end of the input settles it too.
        while !is_clear(&beginning.bytes) && stream.read_buf(&mut beginning.bytes).await? > 0 {}
        io::Result::Ok(())
    };
    // When time is over, the reader of HTTP/1.1 has an answer for that.
    match limits.header_timeout {
        Some(timeout) => timeout_at(since + timeout, rest).await.unwrap_or(Ok(())),
        None => rest.await,
    }
    .ok()?;
    beginning.is_http2 = beginning.bytes.starts_with(PREFACE);
    Some(beginning)
}

/// Waits for the first bytes, for a moment only when the server stops: they may be on their way.
async fn first_bytes(
    stream: &mut (impl AsyncRead + Unpin),
    bytes: &mut BytesMut,
    limits: &Limits,
    control: &Control,
) -> Option<()> {
    let too_late = async {
        match limits.idle_timeout {
            Some(timeout) => tokio::time::sleep(timeout).await,
            None => std::future::pending().await,
        }
    };
    let count = tokio::select! {
        biased;
        read = stream.read_buf(bytes) => read.ok()?,
        () = too_late => return None,
        () = control.stopped() => timeout(LAST_REQUEST, stream.read_buf(bytes)).await.ok()?.ok()?,
    };
    (count > 0).then_some(())
}

/// Whether `bytes` hold the preface or something else.
fn is_clear(bytes: &[u8]) -> bool {
    let length = bytes.len().min(PREFACE.len());
    bytes[..length] != PREFACE[..length] || length == PREFACE.len()
}

/// A stream with bytes in front that were read from it before.
#[derive(Debug)]
pub(super) struct Rewound<S> {
    stream: S,
    bytes: BytesMut,
}

impl<S> Rewound<S> {
    pub(super) fn new(stream: S, bytes: BytesMut) -> Self {
        Self { stream, bytes }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Rewound<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.bytes.is_empty() {
            return Pin::new(&mut self.stream).poll_read(context, buffer);
        }
        let taken = self.bytes.len().min(buffer.remaining());
        buffer.put_slice(&self.bytes[..taken]);
        self.bytes.advance(taken);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Rewound<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
