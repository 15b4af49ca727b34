//! Telling a client that sends no more from one that has left.
//!
//! Both look alike at first: the stream ends. One that only closed its side for sending (RFC 9112 §9.6) still waits for
//! its answer; for one that has left, a handler would work for nobody. Only bytes sent to it make the difference: the system of a
//! client that has left refuses them. Nothing may be sent that is no answer, but every answer begins alike, so that its
//! first bytes can go ahead, and so can a leading zero of the next chunk's size.

use std::{
    fmt,
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::AsyncWrite;

use super::{paced::Paced, shared::Shared};

/// What every answer begins with.
const ANSWER: &[u8] = b"HTTP/1.";

/// Chunk sizes may begin with zeros (RFC 9112 §7.1), the last one too.
const CHUNK: &[u8] = b"0";

/// Watches a client whose input has ended, or may have, for whether it has left.
#[derive(Default)]
pub(super) struct HalfClose {
    /// Completes when the client's system has reset the connection.
    reset: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    /// How many bytes of the next output are there already.
    ahead: usize,
}

/// What decides about the bytes that go ahead.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ahead {
    /// Whether the input has ended for certain.
    pub(super) has_ended: bool,
    pub(super) is_http_11: bool,
}

impl HalfClose {
    /// Fails when the client has left. To be called while a request is being answered.
    pub(super) fn poll_left(
        &mut self,
        stream: &mut Paced,
        shared: &Shared,
        ahead: Ahead,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        if self.reset.is_none() && !stream.is_blocked() {
            if shared.is_unanswered() {
                self.ahead = ready!(Pin::new(&mut *stream).poll_write(context, ANSWER))?;
            } else if !shared.awaits_piece() {
                // What is being sent tells soon enough.
                return Poll::Pending;
            } else if ahead.is_http_11 && shared.is_chunked() {
                ready!(Pin::new(&mut *stream).poll_write(context, CHUNK))?;
            } else if !ahead.has_ended {
                return Poll::Pending;
            } else {
                // Nothing can be sent ahead, and most clients that close have left.
                return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
            }
            // Reading does not tell, since its end has been read.
            self.reset = Some(stream.stream().failure()?);
        }
        match &mut self.reset {
            Some(reset) => reset
                .as_mut()
                .poll(context)
                .map(|()| Err(io::ErrorKind::ConnectionReset.into())),
            None => Poll::Pending,
        }
    }

    /// Whether an answer has begun already.
    pub(super) fn is_ahead(&self) -> bool {
        self.ahead > 0
    }

    /// All requests are answered: for the next one it begins anew.
    pub(super) fn clear(&mut self) {
        if self.ahead == 0 && self.reset.is_some() {
            self.reset = None;
        }
    }

    /// How many of the next `count` bytes of output are not to be sent again.
    pub(super) fn take_ahead(&mut self, count: usize) -> usize {
        let taken = self.ahead.min(count);
        self.ahead -= taken;
        taken
    }
}

impl fmt::Debug for HalfClose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HalfClose")
            .field("ahead", &self.ahead)
            .finish_non_exhaustive()
    }
}
