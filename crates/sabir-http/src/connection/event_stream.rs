//! A stream of events on HTTP/1.1, sent without hyper.
//!
//! Such a connection may be silent for hours, and there may be many of them. For as long as hyper serves a connection it keeps two
//! buffers of 8 KiB for it, so once the head is sent the content is taken from hyper, and the next request is given to a new
//! one. It is sent in chunks (RFC 9112 §7.1).

use std::{
    cell::Cell,
    future::poll_fn,
    io::Write as _,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};
use http_body::Body;
use sabir_core::pipeline::ResponseBody;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{
    answer::Answering,
    answer_body::{AnswerBody, PIECE},
    inspect::Inspector,
};

/// What ends the content.
const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// The most of a buffer that a thread keeps.
const KEPT: usize = 2 * PIECE;

thread_local! {
    /// Where the streams of this thread gather what is ready, one after the other, so that none of them needs a buffer while it
    /// waits.
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Sends one stream of events to its end.
pub(super) struct EventStream {
    inspector: Inspector,
    /// Serves what comes after the stream.
    answering: Answering,
    /// Absent when all of it is taken.
    body: Option<AnswerBody>,
    /// What the client has not read.
    rest: Bytes,
    end: End,
}

/// How the stream ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// It goes on.
    Open,
    /// Everything is said.
    Complete,
    /// It breaks off, so that the client can tell.
    Broken,
}

/// Sends a stream to its end. Gives what serves the next request, unless the connection is over.
pub(super) async fn run(mut events: Box<EventStream>) -> Option<(Inspector, Answering)> {
    let goes_on = poll_fn(|context| events.poll_end(context)).await;
    goes_on.then_some((events.inspector, events.answering))
}

impl EventStream {
    pub(super) fn new(inspector: Inspector, answering: Answering, body: ResponseBody) -> Self {
        let body = AnswerBody::of_events(body, &answering.shared);
        Self {
            inspector,
            answering,
            body: Some(body),
            rest: Bytes::new(),
            end: End::Open,
        }
    }

    /// Gathers what is ready as chunks.
    fn gather(&mut self, context: &mut Context<'_>, chunks: &mut Vec<u8>) {
        while let Some(body) = &mut self.body
            && chunks.len() < PIECE
        {
            match Pin::new(body).poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) => {
                    if let Ok(piece) = frame.into_data()
                        && piece.has_remaining()
                    {
                        // A Vec takes everything.
                        let _ = write!(chunks, "{:x}\r\n", piece.remaining());
                        chunks.extend_from_slice(piece.chunk());
                        chunks.extend_from_slice(b"\r\n");
                    }
                }
                Poll::Ready(None) => {
                    chunks.extend_from_slice(LAST_CHUNK);
                    self.body = None;
                    self.end = End::Complete;
                }
                Poll::Ready(Some(Err(_))) => {
                    self.body = None;
                    self.end = End::Broken;
                }
                Poll::Pending => break,
            }
        }
    }

    /// Sends what waits and what is ready. Ready when there is nothing more to come; fails when the client has left.
    fn poll_send(&mut self, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        loop {
            while self.rest.has_remaining() {
                let count = ready!(Pin::new(&mut self.inspector).poll_write(context, &self.rest))?;
                self.rest.advance(count);
            }
            if self.end != End::Open {
                return Poll::Ready(Ok(()));
            }
            let mut chunks = BUFFER.take();
            chunks.clear();
            self.gather(context, &mut chunks);
            let sent = if chunks.is_empty() {
                Ok(0)
            } else {
                match Pin::new(&mut self.inspector).poll_write(context, &chunks) {
                    Poll::Ready(sent) => sent,
                    Poll::Pending => Ok(0),
                }
            };
            let is_waiting = chunks.is_empty() && self.end == End::Open;
            if let Ok(sent) = sent
                && sent < chunks.len()
            {
                self.rest = Bytes::copy_from_slice(&chunks[sent..]);
            }
            chunks.shrink_to(KEPT);
            BUFFER.set(chunks);
            sent?;
            if is_waiting {
                return Poll::Pending;
            }
        }
    }

    /// Notices a client that leaves, and keeps what it sends for later.
    fn poll_watch(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut scratch = [0; 1024];
        match Pin::new(&mut self.inspector).poll_read(context, &mut ReadBuf::new(&mut scratch)) {
            Poll::Ready(_) => Poll::Ready(()),
            Poll::Pending => match Pin::new(&mut self.inspector).poll_flush(context) {
                Poll::Ready(Err(_)) => Poll::Ready(()),
                _ => Poll::Pending,
            },
        }
    }
    /// Ready at the end, with whether the connection goes on.
    fn poll_end(&mut self, context: &mut Context<'_>) -> Poll<bool> {
        match self.poll_send(context) {
            Poll::Ready(Ok(())) if self.end == End::Complete => {}
            Poll::Ready(_) => return Poll::Ready(false),
            Poll::Pending => return self.poll_watch(context).map(|()| false),
        }
        if !self.answering.shared.closes() {
            return Poll::Ready(true);
        }
        Pin::new(&mut self.inspector)
            .poll_shutdown(context)
            .map(|_| false)
    }
}
