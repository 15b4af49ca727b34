//! Watching the bytes of an HTTP/1.1 connection on their way to hyper.
//!
//! hyper only ever sees heads that are complete and well formed. Where the client breaks the rules, hyper is given a
//! request that stands for the refused one, and the service above answers that with the problem. So answers stay in
//! the order of their requests, also when several are pipelined, and every refusal is a problem like any other.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use sabir_core::{Problem, ProblemType};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{
    chunked::{ChunkReader, Chunks},
    head::{Framing, HeadReader},
    limits::Limits,
    refusal::Shared,
    timer::Timer,
};

/// How long a refused client may go on sending before the connection is cut. Closing at once could reset the
/// connection and so take the answer away before it is read (RFC 9112 §9.6).
const LINGER: Duration = Duration::from_secs(1);

/// A byte stream whose incoming bytes are checked.
#[derive(Debug)]
pub(crate) struct Inspector<S> {
    stream: S,
    limits: Limits,
    shared: Arc<Shared>,
    phase: Phase,
    /// The beginning of a head that is not complete.
    held: Vec<u8>,
    /// Bytes for hyper, from `delivered` on.
    ready: Vec<u8>,
    delivered: usize,
    /// Heads that hyper has been given.
    heads: u64,
    timer: Timer,
    /// Whether a request was being answered at some time since the timer was set.
    was_busy: bool,
    saw_end: bool,
    write_is_shut: bool,
}

#[derive(Debug)]
enum Phase {
    Head(HeadReader),
    Length(u64),
    Chunked(ChunkReader),
    /// The content is not framed well; hyper is told by an error.
    BadContent,
    /// Nothing that follows is looked at.
    Refused,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Inspector<S> {
    /// `beginning` are bytes of the client that have been read already.
    pub(super) fn new(stream: S, beginning: Vec<u8>, limits: Limits, shared: Arc<Shared>) -> Self {
        let mut inspector = Self {
            stream,
            limits,
            shared,
            phase: Phase::Head(HeadReader::default()),
            held: beginning,
            ready: Vec::new(),
            delivered: 0,
            heads: 0,
            timer: Timer::default(),
            was_busy: false,
            saw_end: false,
            write_is_shut: false,
        };
        inspector.inspect_held();
        inspector
    }

    /// Checks `bytes`, which begin where the phase does, and gives how many of them hyper may have.
    fn inspect(&mut self, bytes: &[u8]) -> usize {
        if !sabir_core::Switch::HeadChecks.is_on() {
            return bytes.len();
        }
        let mut accepted = 0;
        while accepted < bytes.len() {
            let rest = &bytes[accepted..];
            match &mut self.phase {
                Phase::Head(reader) => match reader.read(rest, &self.limits) {
                    Ok(Some((length, framing))) => {
                        accepted += length;
                        self.heads += 1;
                        self.phase = match framing {
                            Framing::Length(0) => Phase::Head(HeadReader::default()),
                            Framing::Length(length) => Phase::Length(length),
                            Framing::Chunked => Phase::Chunked(ChunkReader::new()),
                        };
                    }
                    Ok(None) => return accepted,
                    Err(problem) => {
                        let is_head = reader.is_head();
                        self.refuse(*problem, is_head);
                        return accepted;
                    }
                },
                Phase::Length(left) => {
                    let taken = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                    accepted += taken;
                    *left -= taken as u64;
                    if *left == 0 {
                        self.phase = Phase::Head(HeadReader::default());
                    }
                }
                Phase::Chunked(reader) => match reader.read(rest) {
                    Chunks::Unfinished => return bytes.len(),
                    Chunks::Finished(length) => {
                        accepted += length;
                        self.phase = Phase::Head(HeadReader::default());
                    }
                    Chunks::Malformed(place) => {
                        let mut problem = Problem::bad_request("The chunked content is malformed.");
                        problem.close = true;
                        self.shared.refuse_content(problem);
                        self.phase = Phase::BadContent;
                        return accepted + place;
                    }
                },
                Phase::BadContent | Phase::Refused => return accepted,
            }
        }
        accepted
    }

    /// Has the service answer with `problem` next.
    fn refuse(&mut self, mut problem: Problem, is_head: bool) {
        problem.close = true;
        self.shared.refuse(self.heads, problem);
        self.phase = Phase::Refused;
        self.held.clear();
        let method = if is_head { "HEAD" } else { "GET" };
        // Accepted bytes that hyper has not taken yet stay in front.
        self.ready.extend_from_slice(method.as_bytes());
        self.ready
            .extend_from_slice(b" / HTTP/1.1\r\nconnection: close\r\n\r\n");
    }

    /// Looks again at a head that is not complete, after bytes were added to it.
    fn inspect_held(&mut self) {
        let mut held = std::mem::take(&mut self.held);
        debug_assert!(
            self.ready.is_empty(),
            "hyper has taken everything before more is read"
        );
        let accepted = self.inspect(&held);
        // A refusal has put its stand-in into `ready`; what was accepted comes before it.
        self.ready.splice(0..0, held[..accepted].iter().copied());
        if !matches!(self.phase, Phase::Refused | Phase::BadContent) {
            held.drain(..accepted);
            self.held = held;
        }
    }

    /// Gives hyper what is ready for it.
    fn deliver(&mut self, buffer: &mut ReadBuf<'_>) -> bool {
        let waiting = &self.ready[self.delivered..];
        if waiting.is_empty() {
            return false;
        }
        let taken = waiting.len().min(buffer.remaining());
        buffer.put_slice(&waiting[..taken]);
        self.delivered += taken;
        if self.delivered == self.ready.len() {
            self.ready.clear();
            self.delivered = 0;
        }
        true
    }

    /// Reads from the client and keeps back what hyper must not have. Ready when something is to be delivered, has
    /// been put into `buffer`, or the client has ended.
    fn poll_fill(&mut self, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let start = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        let end = buffer.filled().len();
        if end == start {
            self.saw_end = true;
            return Poll::Ready(Ok(()));
        }
        if self.held.is_empty() {
            self.timer.clear();
            let accepted = self.inspect(&buffer.filled()[start..]);
            if matches!(self.phase, Phase::Head(_)) {
                self.held.extend_from_slice(&buffer.filled()[start + accepted..]);
            }
            buffer.set_filled(start + accepted);
        } else {
            self.held.extend_from_slice(&buffer.filled()[start..]);
            buffer.set_filled(start);
            self.inspect_held();
            if self.held.is_empty() {
                self.timer.clear();
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Ends the wait of a client that is too slow.
    fn poll_patience(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if !matches!(self.phase, Phase::Head(_)) {
            // The pace of the content is the service's to watch.
            return Poll::Pending;
        }
        if self.held.is_empty() {
            let Some(patience) = self.limits.idle_timeout else {
                return Poll::Pending;
            };
            // hyper may not ask again when an answer is done, so the timer runs while one is made and a full span
            // must pass afterwards: an idle connection is closed after one to two spans.
            self.was_busy |= self.shared.is_busy();
            ready!(self.timer.poll(patience, context));
            while self.was_busy {
                self.was_busy = self.shared.is_busy();
                self.timer.clear();
                ready!(self.timer.poll(patience, context));
            }
            self.saw_end = true;
        } else {
            let Some(patience) = self.limits.header_timeout else {
                return Poll::Pending;
            };
            ready!(self.timer.poll(patience, context));
            let detail = format!(
                "The header section was not complete after {} ms.",
                patience.as_millis()
            );
            self.refuse(
                Problem::new(ProblemType::RequestTimeout).with_detail(detail),
                false,
            );
        }
        Poll::Ready(())
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Inspector<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            if this.deliver(buffer) {
                return Poll::Ready(Ok(()));
            }
            match this.phase {
                Phase::BadContent => {
                    this.phase = Phase::Refused;
                    return Poll::Ready(Err(io::ErrorKind::InvalidData.into()));
                }
                // The answer is on its way and the connection closes after it.
                Phase::Refused => return Poll::Pending,
                _ => {}
            }
            if this.saw_end {
                return Poll::Ready(Ok(()));
            }
            let start = buffer.filled().len();
            match this.poll_fill(context, buffer) {
                Poll::Ready(Ok(())) if buffer.filled().len() > start => return Poll::Ready(Ok(())),
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => ready!(this.poll_patience(context)),
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Inspector<S> {
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

    /// Ends the answers, then reads and drops what an interrupted client still sends.
    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.write_is_shut {
            ready!(Pin::new(&mut this.stream).poll_shutdown(context))?;
            this.write_is_shut = true;
            this.timer.clear();
        }
        let is_between_requests = matches!(this.phase, Phase::Head(_)) && this.held.is_empty();
        if this.saw_end || is_between_requests {
            return Poll::Ready(Ok(()));
        }
        let mut scratch = [0; 4096];
        loop {
            let mut scratch = ReadBuf::new(&mut scratch);
            match Pin::new(&mut this.stream).poll_read(context, &mut scratch) {
                Poll::Ready(Ok(())) if !scratch.filled().is_empty() => {
                    if this.timer.poll(LINGER, context).is_ready() {
                        return Poll::Ready(Ok(()));
                    }
                }
                Poll::Ready(_) => return Poll::Ready(Ok(())),
                Poll::Pending => return this.timer.poll(LINGER, context).map(Ok),
            }
        }
    }
}
