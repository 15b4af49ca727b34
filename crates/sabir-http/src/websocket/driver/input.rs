//! What is read of the stream, and decoded.

use std::{
    cell::Cell,
    future::Future,
    io,
    pin::pin,
    task::{Context, Poll},
};

use bytes::BytesMut;
use tokio::io::AsyncReadExt;

use crate::websocket::{
    decoder::{Decoder, Incoming},
    frame::Failure,
    transport::Transport,
};

/// What is read at once, at most.
const READ: usize = 64 * 1024;

/// The most of what was read that a socket keeps in a buffer of its own: the beginning of a frame.
const KEPT: usize = 256;

thread_local! {
    /// What the sockets of this thread read into, one after the other, so that none of them needs a buffer while it is idle.
    static BUFFER: Cell<BytesMut> = Cell::new(BytesMut::new());
}

/// What was read and not decoded, and its decoder, which is absent when nothing more is to be read.
pub(super) struct Input {
    bytes: BytesMut,
    decoder: Option<Decoder>,
}

impl Input {
    /// Input of which `bytes` have been read already.
    pub(super) fn new(bytes: BytesMut, decoder: Decoder) -> Self {
        Self {
            bytes,
            decoder: Some(decoder),
        }
    }

    /// Whether nothing more is to be read.
    pub(super) fn has_ended(&self) -> bool {
        self.decoder.is_none()
    }

    /// Reads nothing more.
    pub(super) fn end(&mut self) {
        self.decoder = None;
        self.bytes = BytesMut::new();
    }

    /// Reads once. Ready with how much came.
    pub(super) fn poll_read(
        &mut self,
        transport: &mut Box<dyn Transport>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let mut buffer = BUFFER.take();
        buffer.reserve(READ);
        buffer.extend_from_slice(&self.bytes);
        let read = pin!(transport.read_buf(&mut buffer)).poll(context);
        match read {
            Poll::Ready(Ok(1..)) => self.bytes = buffer,
            _ => give_back(buffer),
        }
        read
    }

    /// The next thing that has been read as a whole, if there is one.
    pub(super) fn next(&mut self) -> Option<Result<Incoming, Failure>> {
        self.decoder.as_mut()?.next(&mut self.bytes).transpose()
    }

    /// Keeps no more room than the beginning of a frame takes, since more may be long in coming.
    pub(super) fn shrink(&mut self) {
        if self.bytes.len() <= KEPT && self.bytes.capacity() > KEPT {
            let rest = BytesMut::from(&self.bytes[..]);
            give_back(std::mem::replace(&mut self.bytes, rest));
        }
    }
}

/// Has other sockets of this thread read into `buffer`.
fn give_back(mut buffer: BytesMut) {
    buffer.clear();
    BUFFER.set(buffer);
}
