//! Watching the bytes of an HTTP/1.1 connection on their way to hyper.
//!
//! hyper only ever sees heads that are complete and well formed, one request at a time. Where the client breaks the
//! rules, hyper is given a request that stands for the refused one, and the service above it answers that with the
//! problem. So answers stay in the order of their requests, also when several are pipelined, and every refusal is a
//! problem like any other.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Buf, BytesMut};
use sabir_core::{Problem, ProblemType};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf},
    time::Instant,
};

use super::{
    chunked::{ChunkReader, Chunks},
    half_close::{Ahead, HalfClose},
    head::{Framing, HeadReader},
    limits::Limits,
    paced::Paced,
    shared::Shared,
    timer::Timer,
    unread_input::{Suspicion, UnreadInput},
};

/// How long a refused client may go on sending before the connection is cut. Closing at once could reset the
/// connection and so take the answer away before it is read (RFC 9112 §9.6).
const LINGER: Duration = Duration::from_secs(1);

/// The most bytes of further requests that are kept while one is answered.
const KEPT: usize = 64 * 1024;

/// The most bytes of content that are read at once. hyper's buffer grows each time that it is filled, up to the bound that it also
/// has for what it writes; a byte less than a power of two never fills it.
const READ: u64 = 64 * 1024 - 1;

/// When the server stops, how long an idle client may take to send a request: it may be on its way.
pub(super) const LAST_REQUEST: Duration = Duration::from_millis(200);

/// A byte stream whose incoming bytes are checked.
#[derive(Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about the connection"
)]
pub(crate) struct Inspector {
    stream: Paced,
    limits: Limits,
    shared: Arc<Shared>,
    phase: Phase,
    /// What the client has sent and hyper has not taken. The first `accepted` bytes are hyper's to take.
    input: BytesMut,
    accepted: usize,
    /// Whether `input` may hold a request that has not been looked at.
    is_unseen: bool,
    /// A request that stands for a refused one; it follows the accepted bytes.
    stand_in: &'static [u8],
    /// Heads that hyper has been given.
    heads: u64,
    is_http_11: bool,
    timer: Timer,
    /// Whether the timer waits for the rest of a head; else for a request to begin.
    head_has_begun: bool,
    /// Whether a request was being answered at some time since the timer was set.
    was_busy: bool,
    /// Whether the timer waits for a last request before the server stops.
    is_last_wait: bool,
    /// Whether hyper was kept waiting for the answer to the request before.
    is_parked: bool,
    /// Whether the task is woken when something comes from the client.
    is_listening: bool,
    unread: UnreadInput,
    saw_end: bool,
    half_close: HalfClose,
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

impl Inspector {
    /// `beginning` are bytes of the client that have been read already, the first of them at `since`.
    pub(super) fn new(
        stream: Paced,
        beginning: BytesMut,
        since: Option<Instant>,
        limits: Limits,
        shared: Arc<Shared>,
    ) -> Self {
        Self {
            stream,
            limits,
            shared,
            phase: Phase::Head(HeadReader::default()),
            is_unseen: !beginning.is_empty(),
            head_has_begun: !beginning.is_empty(),
            input: beginning,
            accepted: 0,
            stand_in: b"",
            heads: 0,
            is_http_11: false,
            timer: Timer::since(since),
            was_busy: false,
            is_last_wait: false,
            is_parked: false,
            is_listening: false,
            unread: UnreadInput::default(),
            saw_end: false,
            half_close: HalfClose::default(),
            write_is_shut: false,
        }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The stream, and what the client has sent after its last request.
    pub(super) fn into_parts(self) -> (Paced, BytesMut) {
        (self.stream, self.input)
    }

    /// The stream, and what the client has sent that hyper has not taken, for whoever writes the answer; nothing where one has
    /// begun.
    pub(super) fn into_unanswered(self) -> Option<(Paced, BytesMut)> {
        (!self.half_close.is_ahead()).then(|| self.into_parts())
    }

    /// Checks `bytes`, which begin where the phase does, up to the end of a request. Gives how many of them hyper may
    /// have.
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
                        self.is_http_11 = reader.is_http_11();
                        self.shared
                            .set_request(self.is_http_11, reader.takes_trailers(), reader.closes());
                        self.phase = match framing {
                            Framing::Length(0) => return self.end_request(accepted),
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
                        return self.end_request(accepted);
                    }
                }
                Phase::Chunked(reader) => match reader.read(rest) {
                    Chunks::Unfinished => return bytes.len(),
                    Chunks::Finished(length) => return self.end_request(accepted + length),
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

    fn end_request(&mut self, accepted: usize) -> usize {
        self.phase = Phase::Head(HeadReader::default());
        accepted
    }

    /// Has the service answer with `problem` next.
    fn refuse(&mut self, mut problem: Problem, is_head: bool) {
        problem.close = true;
        self.shared.refuse(self.heads, problem);
        self.phase = Phase::Refused;
        self.stand_in = if is_head {
            b"HEAD / HTTP/1.1\r\nconnection: close\r\n\r\n"
        } else {
            b"GET / HTTP/1.1\r\nconnection: close\r\n\r\n"
        };
    }

    /// Looks at the input that follows what is accepted.
    fn inspect_input(&mut self) {
        let input = std::mem::take(&mut self.input);
        let accepted = self.inspect(&input[self.accepted..]);
        self.input = input;
        self.accepted += accepted;
        self.after_inspection(accepted);
    }

    fn after_inspection(&mut self, accepted: usize) {
        let rest = self.input.get(self.accepted..).unwrap_or_default();
        let (is_unseen, has_begun) = match &self.phase {
            Phase::Head(reader) => (accepted > 0 && !rest.is_empty(), reader.has_begun(rest)),
            _ => (false, false),
        };
        self.is_unseen = is_unseen;
        if accepted > 0 || has_begun != self.head_has_begun {
            self.timer.clear();
            self.head_has_begun = has_begun;
        }
        self.shared.set_has_more(!rest.is_empty());
    }

    /// Gives hyper what is ready for it.
    fn deliver(&mut self, buffer: &mut ReadBuf<'_>) -> bool {
        if self.accepted > 0 {
            let taken = self.accepted.min(buffer.remaining());
            buffer.put_slice(&self.input[..taken]);
            self.input.advance(taken);
            self.accepted -= taken;
        } else if !self.stand_in.is_empty() {
            let taken = self.stand_in.len().min(buffer.remaining());
            buffer.put_slice(&self.stand_in[..taken]);
            self.stand_in = &self.stand_in[taken..];
        } else {
            return false;
        }
        true
    }

    /// Whether a request has been read to its end and its answer has not been sent.
    fn is_answering(&self) -> bool {
        matches!(self.phase, Phase::Head(_)) && (self.shared.is_busy() || self.stream.is_blocked())
    }

    /// Reads from the client and keeps back what hyper must not have. Ready when something is to be delivered, has
    /// been put into `buffer`, or the client has ended.
    fn poll_fill(&mut self, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let start = buffer.filled().len();
        ready!(Pin::new(&mut (&mut self.stream).take(READ)).poll_read(context, buffer))?;
        let read = &buffer.filled()[start..];
        if read.is_empty() {
            self.end_input();
        } else if self.input.is_empty() {
            let accepted = self.inspect(read);
            if matches!(self.phase, Phase::Head(_)) {
                self.input.extend_from_slice(&buffer.filled()[start + accepted..]);
            }
            buffer.set_filled(start + accepted);
            self.after_inspection(accepted);
        } else {
            self.input.extend_from_slice(read);
            buffer.set_filled(start);
            self.inspect_input();
        }
        Poll::Ready(Ok(()))
    }

    /// Reads on while a request is being answered: what comes is kept for later, and a client that leaves is noticed.
    fn poll_watch(&mut self, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.is_parked = true;
        while !self.saw_end && self.input.len() < KEPT {
            let start = buffer.filled().len();
            if Pin::new(&mut self.stream)
                .poll_read(context, buffer)?
                .is_pending()
            {
                // hyper may not ask again when the answer is done, so the timer of an idle connection runs already.
                let _ = self.poll_idle(context);
                self.is_listening = true;
                return Poll::Pending;
            }
            let read = &buffer.filled()[start..];
            if read.is_empty() {
                self.end_input();
            } else {
                self.input.extend_from_slice(read);
                buffer.set_filled(start);
                self.is_unseen = true;
                self.shared.set_has_more(true);
            }
        }
        if self.saw_end {
            self.is_listening = true;
            return self.poll_left(true, context);
        }
        Poll::Pending
    }

    /// Fails when a client has left whose input has ended, or may have.
    fn poll_left(&mut self, has_ended: bool, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let ahead = Ahead {
            has_ended,
            is_http_11: self.is_http_11,
        };
        self.half_close
            .poll_left(&mut self.stream, &self.shared, ahead, context)
    }

    /// Fails when the client has left while a request is answered whose content is not read: hyper asks for no more than the
    /// handler takes, so that its end lies behind what waits.
    fn poll_unread(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let is_busy = self.shared.is_busy();
        if !is_busy {
            self.half_close.clear();
        }
        if std::mem::take(&mut self.is_listening) || !is_busy {
            self.unread.clear();
            return Poll::Pending;
        }
        let has_ended = ready!(self.unread.poll(&self.stream, context))? == Suspicion::Ended;
        self.poll_left(has_ended, context)
    }

    fn end_input(&mut self) {
        self.saw_end = true;
        self.shared.end_input();
    }

    /// Ends the wait of a client that is too slow.
    fn poll_timeout(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if !matches!(self.phase, Phase::Head(_)) {
            // The pace of the content is the service's to watch.
            return Poll::Pending;
        }
        if !self.head_has_begun {
            if self.shared.is_stopping() {
                ready!(self.poll_last_request(context));
            } else {
                ready!(self.poll_idle(context));
            }
            self.input.clear();
            self.end_input();
            return Poll::Ready(());
        }
        let Some(timeout) = self.limits.header_timeout else {
            return Poll::Pending;
        };
        ready!(self.timer.poll(timeout, context));
        let detail = format!(
            "The header section was not complete after {} ms.",
            timeout.as_millis()
        );
        self.refuse(
            Problem::new(ProblemType::RequestTimeout).with_detail(detail),
            false,
        );
        Poll::Ready(())
    }

    /// Ready when no request has been answered or begun for the idle timeout.
    fn poll_idle(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(timeout) = self.limits.idle_timeout else {
            return Poll::Pending;
        };
        // The timer runs while an answer is made and a full span must pass afterwards: an idle connection is closed after
        // one to two spans.
        self.was_busy |= self.is_answering();
        ready!(self.timer.poll(timeout, context));
        while self.was_busy {
            self.was_busy = self.is_answering();
            self.timer.clear();
            ready!(self.timer.poll(timeout, context));
        }
        Poll::Ready(())
    }

    /// Ready when no request is to be expected any more from a client that does not know yet that the server stops.
    fn poll_last_request(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if !self.is_last_wait {
            self.is_last_wait = true;
            self.timer.clear();
        }
        self.timer.poll(LAST_REQUEST, context)
    }
}

impl AsyncRead for Inspector {
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
            if this.is_answering() {
                return this.poll_watch(context, buffer);
            }
            if this.is_unseen {
                this.inspect_input();
                continue;
            }
            if this.saw_end {
                return Poll::Ready(Ok(()));
            }
            let start = buffer.filled().len();
            match this.poll_fill(context, buffer) {
                Poll::Ready(Ok(())) if buffer.filled().len() > start => return Poll::Ready(Ok(())),
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => {
                    this.is_listening = true;
                    ready!(this.poll_timeout(context));
                }
            }
        }
    }
}

impl AsyncWrite for Inspector {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.half_close.take_ahead(bytes.len()) {
            0 => Pin::new(&mut self.stream).poll_write(context, bytes),
            sent => Poll::Ready(Ok(sent)),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let first = buffers
            .iter()
            .map(|buffer| buffer.len())
            .find(|length| *length > 0);
        match self.half_close.take_ahead(first.unwrap_or(0)) {
            0 => Pin::new(&mut self.stream).poll_write_vectored(context, buffers),
            sent => Poll::Ready(Ok(sent)),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// hyper calls this when everything has been written, each time that its task runs.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.is_parked && !self.shared.is_busy() {
            self.is_parked = false;
            if self.is_unseen || self.saw_end || self.shared.is_stopping() {
                // hyper takes it that there is nothing to read until it is woken.
                context.waker().wake_by_ref();
            }
        }
        if let Poll::Ready(left) = self.poll_unread(context) {
            return Poll::Ready(left);
        }
        ready!(Pin::new(&mut self.stream).poll_flush(context))?;
        self.shared.flushed();
        Poll::Ready(Ok(()))
    }

    /// Ends the answers, then reads and drops what an interrupted client still sends.
    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if !this.write_is_shut {
            ready!(Pin::new(&mut this.stream).poll_shutdown(context))?;
            this.write_is_shut = true;
            this.timer.clear();
        }
        let is_between_requests =
            matches!(this.phase, Phase::Head(_)) && !this.head_has_begun && !this.is_unseen;
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
