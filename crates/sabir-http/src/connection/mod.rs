//! One connection, from its first byte to its last.

mod answer;
mod answer_body;
mod chunked;
mod content;
mod event_stream;
mod events;
mod half_close;
mod head;
mod http2;
mod inspect;
mod inspected_body;
mod limits;
mod paced;
mod preface;
mod request_line;
mod shared;
mod stream;
mod takeover;
mod timer;
mod trailers;
mod unread;
mod unread_input;
mod upgrade;

use std::{
    future::{Future, poll_fn},
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::BytesMut;
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use sabir_core::{Connection, Problem, Settings};

use self::{
    answer::Answering,
    content::Content,
    event_stream::EventStream,
    head::HeadReader,
    inspect::Inspector,
    limits::Limits,
    paced::Paced,
    preface::{Beginning, Rewound},
    shared::Shared,
};
use crate::{Service, control::Control, websocket::Driver};

pub(crate) use stream::Stream;
pub use takeover::{TakenConnection, Takeover};

/// The number of fields that hyper reads without allocating.
const INLINE_FIELDS: usize = 100;

/// The bytes of the shortest field, `a:` and the end of its line.
const SHORTEST_FIELD: usize = 4;

/// Room in hyper's buffers beside the largest head: so much of an answer's content is written at once, about as much as hyper does by itself.
const BUFFER_ROOM: usize = 384 * 1024;

/// Holds what a client would write against the reader of HTTP/1.1.
pub(crate) fn check_head<N: AsRef<[u8]>, V: AsRef<[u8]>>(
    method: &str,
    target: &str,
    fields: &[(N, V)],
    settings: &Settings,
) -> Result<(), Box<Problem>> {
    let line = format!("{method} {target} HTTP/1.1");
    request_line::parse(line.as_bytes(), &Limits::of(settings))?;
    let mut reader = HeadReader::default();
    fields
        .iter()
        .try_for_each(|(name, value)| reader.field(&[name.as_ref(), b":", value.as_ref()].concat()))
}

/// Serves requests on `stream` until either side ends it or the server stops.
pub(crate) async fn serve(
    stream: Stream,
    remote: Option<SocketAddr>,
    service: Service,
    settings: Arc<Settings>,
    control: Arc<Control>,
) {
    // Ends with all that comes after.
    let (connection, _end) = Connection::begin();
    // Boxed, so that a connection which goes on without hyper keeps nothing of it.
    let requests = Box::pin(serve_requests(
        stream,
        remote,
        connection,
        service,
        settings,
        Arc::clone(&control),
    ));
    let mut next = requests.await;
    loop {
        next = match next {
            Next::End => return,
            Next::Socket(driver) => return upgrade::drive(driver, &control).await,
            Next::Events(events) => match event_stream::run(events).await {
                Some((inspector, answering)) => Box::pin(serve_http1(inspector, answering, &control)).await,
                None => return,
            },
        }
    }
}

/// What a connection goes on with.
enum Next {
    End,
    Socket(Box<Driver>),
    Events(Box<EventStream>),
}

/// Serves requests until there are no more, or the connection goes on without hyper.
async fn serve_requests(
    mut stream: Stream,
    remote: Option<SocketAddr>,
    connection: Connection,
    service: Service,
    settings: Arc<Settings>,
    control: Arc<Control>,
) -> Next {
    let limits = Limits::of(&settings);
    let beginning = if settings.http2 {
        match preface::detect(&mut stream, &limits, &control).await {
            Some(beginning) => beginning,
            None => return Next::End,
        }
    } else {
        Beginning {
            is_http2: false,
            bytes: BytesMut::new(),
            since: None,
        }
    };
    let shared = Arc::new(Shared::new(Arc::clone(&control), limits.event_keep_alive));
    let stream = Paced::new(stream, limits.write_timeout, Arc::clone(&shared));
    let answering = Answering {
        service,
        remote,
        connection,
        is_http1: !beginning.is_http2,
        shared: Arc::clone(&shared),
        write_timeout: limits.write_timeout,
    };
    if beginning.is_http2 {
        let stream = Rewound::new(stream, beginning.bytes);
        if let Err(error) = http2::serve(stream, answering, &limits, &shared, &control).await {
            ended_early(&error);
        }
        return Next::End;
    }
    let Beginning { bytes, since, .. } = beginning;
    let inspector = Inspector::new(stream, bytes, since, limits, shared);
    serve_http1(inspector, answering, &control).await
}

/// Serves HTTP/1.1 to its end, or until the connection goes on without hyper.
async fn serve_http1(inspector: Inspector, answering: Answering, control: &Control) -> Next {
    let limits = inspector.limits();
    let mut builder = http1::Builder::new();
    builder
        .half_close(false)
        // Flushing pipelined answers together would lose them when the connection closes while a further request
        // is buffered: hyper skips the flush for as long as there is something to read.
        .pipeline_flush(false)
        // Head and content leave in one system call, and the content is never copied.
        .writev(true)
        // The inspector keeps the time, so that a slow client gets a problem and an idle one costs no timer.
        .header_read_timeout(None)
        .max_buf_size(limits.header_section.saturating_add(BUFFER_ROOM));
    // hyper makes room for all of them with every request, so a careless setting must not cost memory.
    let fields = limits.header_fields.min(limits.header_section / SHORTEST_FIELD);
    if fields > INLINE_FIELDS {
        builder.max_headers(fields);
    }
    let shared = Arc::clone(&answering.shared);
    let mut connection = builder.serve_connection(TokioIo::new(inspector), answering);
    // The inspector ends the connection itself: it knows whether a request is there that hyper has not seen.
    let served = until_stopped(
        Pin::new(&mut connection),
        control,
        |_| shared.stop(),
        |_| {
            if shared.is_left() || shared.is_taken_over() {
                Poll::Ready(Ok(()))
            } else {
                Poll::Pending
            }
        },
    );
    let served = served.await;
    let detached = shared.take_detached();
    if let Err(error) = served {
        ended_early(&error);
        return Next::End;
    }
    if let Some((takeover, content)) = shared.take_takeover() {
        give(connection, takeover, content.as_ref());
        return Next::End;
    }
    // hyper has read no further: the inspector gave it no more than the request.
    if let Some(start) = shared.take_upgrade() {
        let (stream, input) = connection.into_parts().io.into_inner().into_parts();
        // The stream itself fails when nothing can be written.
        return Next::Socket(Box::new(start.on(stream, input, None)));
    }
    if let Some(body) = detached {
        let http1::Parts { io, service, .. } = connection.into_parts();
        let events = EventStream::new(io.into_inner(), service, body);
        return Next::Events(Box::new(events));
    }
    Next::End
}

fn ended_early(error: &hyper::Error) {
    tracing::debug!(%error, "a connection ended early");
}

/// Gives a connection to whoever takes it over.
fn give(
    connection: http1::Connection<TokioIo<Inspector>, Answering>,
    takeover: Takeover,
    content: Option<&Content>,
) {
    let mut input = content.map_or_else(BytesMut::new, Content::take_arrived);
    let parts = connection.into_parts();
    // Where an answer has begun, the client has sent its last byte, and most such clients have left.
    let Some((stream, rest)) = parts.io.into_inner().into_unanswered() else {
        return;
    };
    input.extend_from_slice(&parts.read_buf);
    input.extend_from_slice(&rest);
    if let Err(error) = takeover.take(stream.into_stream(), input) {
        tracing::debug!(%error, "a connection could not be given away");
    }
}

/// Drives `connection`, and tells it once when the server stops. Ends early when `given_up` is ready.
async fn until_stopped<C: Future>(
    mut connection: Pin<&mut C>,
    control: &Control,
    tell: impl Fn(Pin<&mut C>),
    mut given_up: impl FnMut(&mut Context<'_>) -> Poll<C::Output>,
) -> C::Output {
    let mut stopped = std::pin::pin!(control.stopped());
    let (mut is_registered, mut is_told) = (false, false);
    poll_fn(move |context| {
        // Polling the signal once registers the task; polling it on every wake would be wasted work.
        if !is_told && (!is_registered || control.is_stopping()) {
            is_registered = true;
            if stopped.as_mut().poll(context).is_ready() {
                is_told = true;
                tell(connection.as_mut());
            }
        }
        match connection.as_mut().poll(context) {
            Poll::Pending => given_up(context),
            ended @ Poll::Ready(_) => ended,
        }
    })
    .await
}
