//! One connection, from its first byte to its last.

mod answer;
mod chunked;
mod head;
mod idle;
mod inspect;
mod limits;
mod preface;
mod refusal;
mod request_line;
mod stream;
mod timer;
mod unread;

use std::{
    future::Future,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
};

use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use sabir_core::Settings;

use self::{
    answer::Answering, idle::Idle, inspect::Inspector, limits::Limits, preface::Rewound, refusal::Shared,
};
use crate::{Service, server::Control};

pub(crate) use stream::Stream;

/// The number of fields that hyper reads without allocating.
const INLINE_FIELDS: usize = 100;

/// The bytes of the shortest field, `a:` and the end of its line.
const SHORTEST_FIELD: usize = 4;

/// Room in a list of HTTP/2 fields beside the largest header section: each field is counted with 32 bytes more (RFC 9113
/// §10.5.1), and one that is a little too large is to be answered.
const HEADER_LIST_ROOM: usize = 64 * 1024;

/// Room in hyper's buffer beside the largest head.
const BUFFER_ROOM: usize = 32 * 1024;

/// Serves requests on `stream` until either side ends it or the server stops.
pub(crate) async fn serve(
    mut stream: Stream,
    remote: Option<SocketAddr>,
    service: Service,
    settings: Arc<Settings>,
    control: Arc<Control>,
) {
    let limits = Limits::of(&settings);
    let (is_http2, beginning) = if settings.http2 {
        match first_bytes(&mut stream, &limits, &control).await {
            Some(detected) => detected,
            None => return,
        }
    } else {
        (false, Vec::new())
    };
    let shared = Arc::new(Shared::new());
    let answering = Answering {
        service,
        remote,
        is_http1: !is_http2,
        control: Arc::clone(&control),
        shared: Arc::clone(&shared),
    };
    // The inspector watches HTTP/1.1 itself.
    let idle = Idle::new(limits.idle_timeout.filter(|_| is_http2), Arc::clone(&shared));
    let served = if is_http2 {
        let stream = TokioIo::new(Rewound::new(stream, beginning));
        // h2 refuses what is larger without a word, so it is given room for heads that the checks answer.
        let header_list = limits.header_section.saturating_add(HEADER_LIST_ROOM);
        let header_list = u32::try_from(header_list).unwrap_or(u32::MAX);
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .max_header_list_size(header_list)
            .keep_alive_interval(limits.idle_timeout)
            .serve_connection(stream, answering);
        until_stopped(
            pin!(connection),
            idle,
            &control,
            http2::Connection::graceful_shutdown,
        )
        .await
    } else {
        let mut builder = http1::Builder::new();
        builder
            .half_close(false)
            // Flushing pipelined answers together would lose them when the connection closes while a further request
            // is buffered: hyper skips the flush for as long as there is something to read.
            .pipeline_flush(false)
            // Head and content leave in one buffer: most answers are small, and a large one is copied once for that.
            .writev(false)
            // The inspector keeps the time, so that a slow client gets a problem and an idle one costs no timer.
            .header_read_timeout(None)
            .max_buf_size(limits.header_section.saturating_add(BUFFER_ROOM));
        // hyper makes room for all of them with every request, so a careless setting must not cost memory.
        let fields = limits.header_fields.min(limits.header_section / SHORTEST_FIELD);
        if fields > INLINE_FIELDS {
            builder.max_headers(fields);
        }
        let stream = TokioIo::new(Inspector::new(stream, beginning, limits, shared));
        let connection = builder.serve_connection(stream, answering);
        until_stopped(
            pin!(connection),
            idle,
            &control,
            http1::Connection::graceful_shutdown,
        )
        .await
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection ended early");
    }
}

/// Waits for the first bytes. `None` when the client or the server has gone, or the client is too slow to begin.
async fn first_bytes(stream: &mut Stream, limits: &Limits, control: &Control) -> Option<(bool, Vec<u8>)> {
    let patience = async {
        match limits.idle_timeout {
            Some(patience) => tokio::time::sleep(patience).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        detected = preface::detect(stream) => detected.ok(),
        () = control.stopped() => None,
        () = patience => None,
    }
}

/// Drives `connection`, and tells it once when the server stops or nothing has been asked for too long. A connection that
/// does not end on that is given the idle time once more.
async fn until_stopped<C, E>(
    mut connection: Pin<&mut C>,
    mut idle: Idle,
    control: &Control,
    shut_down: impl Fn(Pin<&mut C>),
) -> Result<(), E>
where
    C: Future<Output = Result<(), E>>,
{
    let mut stopped = pin!(control.stopped());
    let (mut is_registered, mut is_told) = (false, false);
    std::future::poll_fn(move |context: &mut Context<'_>| -> Poll<C::Output> {
        // Polling the signal once registers the task; polling it on every wake would be wasted work.
        if !is_told && (!is_registered || control.is_stopping()) {
            is_registered = true;
            if stopped.as_mut().poll(context).is_ready() {
                is_told = true;
                shut_down(connection.as_mut());
            }
        }
        while idle.poll(context).is_ready() {
            if is_told {
                return Poll::Ready(Ok(()));
            }
            is_told = true;
            shut_down(connection.as_mut());
            idle.restart();
        }
        connection.as_mut().poll(context)
    })
    .await
}
