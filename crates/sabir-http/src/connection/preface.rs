//! Telling HTTP/2 with prior knowledge from HTTP/1.1 (RFC 9113 §3.4).

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Reads until it is clear whether the client begins with the preface of HTTP/2. Gives what was read.
pub(super) async fn detect(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<(bool, Vec<u8>)> {
    // One read of this size takes a usual first request whole.
    let mut bytes = Vec::with_capacity(1024);
    loop {
        let length = bytes.len().min(PREFACE.len());
        if bytes[..length] != PREFACE[..length] {
            return Ok((false, bytes));
        }
        if length == PREFACE.len() {
            return Ok((true, bytes));
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok((false, bytes));
        }
    }
}

/// A stream with bytes in front that were read from it before.
#[derive(Debug)]
pub(super) struct Rewound<S> {
    stream: S,
    bytes: Vec<u8>,
    taken: usize,
}

impl<S> Rewound<S> {
    pub(super) fn new(stream: S, bytes: Vec<u8>) -> Self {
        Self {
            stream,
            bytes,
            taken: 0,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Rewound<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let waiting = &self.bytes[self.taken..];
        if waiting.is_empty() {
            return Pin::new(&mut self.stream).poll_read(context, buffer);
        }
        let taken = waiting.len().min(buffer.remaining());
        buffer.put_slice(&waiting[..taken]);
        self.taken += taken;
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

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
