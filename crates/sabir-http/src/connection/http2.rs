//! Serving HTTP/2, where hyper keeps the frames and this keeps the time.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use hyper::server::conn::http2::{Builder, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};

use super::{
    answer::Answering, answer_body::PIECE, limits::Limits, paced::Paced, preface::Rewound, shared::Shared,
    timer::Timer, trailers::TrailerCheck, until_stopped,
};
use crate::control::Control;

/// Room in a list of HTTP/2 fields beside the largest header section: each field is counted with 32 bytes more (RFC 9113
/// §10.5.1), and one that is a little too large is to be answered.
const HEADER_LIST_ROOM: usize = 64 * 1024;

/// How long a client may take to close after it was told that it was idle.
const FAREWELL: Duration = Duration::from_secs(5);

/// Serves requests on `stream` until either side ends it or the server stops.
pub(super) async fn serve(
    stream: Rewound<Paced>,
    answering: Answering,
    limits: &Limits,
    shared: &Arc<Shared>,
    control: &Control,
) -> hyper::Result<()> {
    // h2 refuses what is larger without a word, so it is given room for heads that the checks answer.
    let header_list = limits.header_section.saturating_add(HEADER_LIST_ROOM);
    let header_list = u32::try_from(header_list).unwrap_or(u32::MAX);
    let connection = Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .max_header_list_size(header_list)
        .max_send_buf_size(PIECE)
        .enable_connect_protocol()
        .keep_alive_interval(limits.idle_timeout)
        .serve_connection(
            TokioIo::new(TrailerCheck::new(stream, Arc::clone(shared))),
            answering,
        );
    let mut connection = pin!(connection);
    let mut pace = Pace::default();
    let idle = until_stopped(
        connection.as_mut(),
        control,
        Connection::graceful_shutdown,
        |context| pace.poll(limits, shared, context).map(Ok),
    );
    idle.await?;
    if shared.is_given_up() || !(pace.is_idle || pace.is_late) {
        return Ok(());
    }
    connection.as_mut().graceful_shutdown();
    if pace.is_late {
        // A client in the middle of a header section cannot say anything else. Its answers are waited for as long as it
        // reads them.
        return poll_fn(|context| match connection.as_mut().poll(context) {
            Poll::Pending if !shared.is_busy() && !shared.has_unsent() => Poll::Ready(Ok(())),
            Poll::Pending => pace.poll_unread(limits, shared, context).map(Ok),
            ended @ Poll::Ready(_) => ended,
        })
        .await;
    }
    tokio::time::timeout(FAREWELL, connection).await.unwrap_or(Ok(()))
}

/// The time of one connection.
#[derive(Default)]
struct Pace {
    unread: Timer,
    header: Timer,
    idle: Timer,
    /// What had been sent, awaited and begun when the timers were set.
    sent: u64,
    section: u64,
    begun: u64,
    is_late: bool,
    is_idle: bool,
}

impl Pace {
    /// Ready when the client reads nothing of its answers, does not end a header section, or has been idle for too long.
    fn poll(&mut self, limits: &Limits, shared: &Shared, context: &mut Context<'_>) -> Poll<()> {
        if self.poll_unread(limits, shared, context).is_ready() {
            shared.give_up();
            return Poll::Ready(());
        }
        if self.poll_header(limits, shared, context).is_ready() {
            self.is_late = true;
            return Poll::Ready(());
        }
        ready!(self.poll_idle(limits, shared, context));
        self.is_idle = true;
        Poll::Ready(())
    }

    /// Pieces may wait for the socket or for a window that the client never opens (RFC 9113 §5.2).
    fn poll_unread(&mut self, limits: &Limits, shared: &Shared, context: &mut Context<'_>) -> Poll<()> {
        if !shared.has_unsent() || self.sent != shared.sent() {
            self.sent = shared.sent();
            self.unread.clear();
        }
        match limits.write_timeout {
            Some(timeout) if shared.has_unsent() => self.unread.poll(timeout, context),
            _ => Poll::Pending,
        }
    }

    /// No other frame may come between those of a header section (RFC 9113 §4.3), so it has the time of one in HTTP/1.1.
    fn poll_header(&mut self, limits: &Limits, shared: &Shared, context: &mut Context<'_>) -> Poll<()> {
        let section = shared.awaited_section();
        if section != self.section {
            self.section = section;
            self.header.clear();
        }
        match limits.header_timeout {
            Some(timeout) if section != 0 => self.header.poll(timeout, context),
            _ => Poll::Pending,
        }
    }

    /// An idle connection is found after one to two spans, so that a request only costs a number.
    fn poll_idle(&mut self, limits: &Limits, shared: &Shared, context: &mut Context<'_>) -> Poll<()> {
        let Some(timeout) = limits.idle_timeout else {
            return Poll::Pending;
        };
        loop {
            ready!(self.idle.poll(timeout, context));
            let begun = shared.begun();
            if begun == self.begun && !shared.is_busy() && !shared.has_unsent() {
                return Poll::Ready(());
            }
            self.begun = begun;
            self.idle.clear();
        }
    }
}
