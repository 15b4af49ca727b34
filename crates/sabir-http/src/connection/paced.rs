//! Giving up on a client that does not read.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use smallvec::SmallVec;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{Stream, shared::Shared, timer::Timer};
use crate::websocket::Transport;

/// Answers of so many bytes are written from one buffer, which costs the system less than two.
const SMALL: usize = 1024;

/// A connection's stream, which fails when nothing could be written to it for the setting `write_timeout_ms`.
#[derive(Debug)]
pub(super) struct Paced {
    stream: Stream,
    shared: Arc<Shared>,
    timeout: Option<Duration>,
    timer: Timer,
    is_blocked: bool,
}

impl Paced {
    pub(super) fn new(stream: Stream, timeout: Option<Duration>, shared: Arc<Shared>) -> Self {
        Self {
            stream,
            shared,
            timeout,
            timer: Timer::default(),
            is_blocked: false,
        }
    }

    /// Whether bytes wait because the client has not read the ones before them.
    pub(super) fn is_blocked(&self) -> bool {
        self.is_blocked
    }

    pub(super) fn stream(&self) -> &Stream {
        &self.stream
    }

    /// The stream itself, for whoever keeps no time.
    pub(super) fn into_stream(mut self) -> Stream {
        self.stream.take()
    }

    fn watch(
        &mut self,
        written: Poll<io::Result<usize>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        self.is_blocked = written.is_pending();
        if !self.is_blocked {
            self.timer.clear();
            return written;
        }
        match self.timeout {
            Some(timeout) if self.timer.poll(timeout, context).is_ready() => {
                self.shared.give_up();
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
            _ => Poll::Pending,
        }
    }
}

impl AsyncRead for Paced {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Paced {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let length: usize = buffers.iter().map(|buffer| buffer.len()).sum();
        let stream = Pin::new(&mut self.stream);
        let written = if length <= SMALL {
            let mut whole = SmallVec::<[u8; SMALL]>::new();
            for buffer in buffers {
                whole.extend_from_slice(buffer);
            }
            stream.poll_write(context, &whole)
        } else {
            stream.poll_write_vectored(context, buffers)
        };
        self.watch(written, context)
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

impl Transport for Paced {
    fn discard_unsent(&self) {
        self.shared.give_up();
    }
}

impl Drop for Paced {
    fn drop(&mut self) {
        if self.shared.is_given_up() {
            // Otherwise the system would keep what the client does not read for minutes.
            self.stream.discard_unsent();
        }
    }
}
