//! What is on its way to the client.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::{Buf, Bytes};
use tokio::{io::AsyncWrite as _, time::Instant};

use crate::websocket::{
    outbound::{Taken, emptied},
    sender::Shared,
    transport::Transport,
};

/// Bytes that were taken from those that wait, to be written.
#[derive(Default)]
pub(super) struct Output {
    chunk: Option<Chunk>,
    /// A buffer to be used again.
    spare: Vec<u8>,
    /// Since when nothing could be written.
    blocked: Option<Instant>,
    /// Bytes that were written since the socket was opened.
    sent: usize,
}

enum Chunk {
    /// From this byte on.
    Owned(Vec<u8>, usize),
    Shared(Bytes),
}

impl Output {
    /// Whether everything has been written.
    pub(super) fn is_flushed(&self) -> bool {
        self.chunk.is_none()
    }

    /// Bytes that were written since the socket was opened.
    pub(super) fn sent(&self) -> usize {
        self.sent
    }

    /// Since when nothing can be written, if so.
    pub(super) fn blocked(&self) -> Option<Instant> {
        self.blocked
    }

    /// Writes what waits, as far as that goes. Gives whether a sender is to be told of room before the rest is written.
    pub(super) fn write(
        &mut self,
        transport: &mut Box<dyn Transport>,
        shared: &Shared,
        context: &mut Context<'_>,
    ) -> io::Result<bool> {
        while self.has_chunk(shared) {
            let Some(chunk) = &mut self.chunk else { break };
            let stream = Pin::new(&mut *transport);
            let written = match chunk {
                Chunk::Owned(bytes, start) => stream.poll_write(context, &bytes[*start..]),
                Chunk::Shared(bytes) => stream.poll_write(context, bytes),
            };
            let count = match written {
                Poll::Pending => {
                    self.blocked.get_or_insert_with(Instant::now);
                    return Ok(false);
                }
                Poll::Ready(Ok(0)) => return Err(io::ErrorKind::WriteZero.into()),
                Poll::Ready(written) => written?,
            };
            self.blocked = None;
            self.sent = self.sent.wrapping_add(count);
            self.advance(count);
            if shared.lock().sent(count) {
                return Ok(true);
            }
        }
        if let Poll::Ready(flushed) = Pin::new(transport).poll_flush(context) {
            flushed?;
        }
        Ok(false)
    }

    /// Takes what is to be written next, if there is anything.
    fn has_chunk(&mut self, shared: &Shared) -> bool {
        if self.chunk.is_some() {
            return true;
        }
        let mut outbound = shared.lock();
        match outbound.take(std::mem::take(&mut self.spare)) {
            Ok(Taken::Owned(bytes)) => self.chunk = Some(Chunk::Owned(bytes, 0)),
            Ok(Taken::Shared(bytes, spare)) => {
                self.spare = spare;
                self.chunk = Some(Chunk::Shared(bytes));
            }
            Err(spare) => {
                self.spare = spare;
                outbound.driver_sleeps();
            }
        }
        self.chunk.is_some()
    }

    /// So many bytes of the chunk have been written.
    fn advance(&mut self, count: usize) {
        let is_done = match &mut self.chunk {
            None => return,
            Some(Chunk::Owned(bytes, start)) => {
                *start += count;
                *start == bytes.len()
            }
            Some(Chunk::Shared(bytes)) => {
                bytes.advance(count);
                bytes.is_empty()
            }
        };
        if is_done && let Some(Chunk::Owned(bytes, _)) = self.chunk.take() {
            self.spare = emptied(bytes);
        }
    }
}
