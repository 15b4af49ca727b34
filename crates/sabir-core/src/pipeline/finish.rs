//! From replies to responses: the one way out of the pipeline.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Response, StatusCode,
    header::{
        CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, TRAILER, TRANSFER_ENCODING, UPGRADE, VARY,
    },
};
use http_body::{Body, Frame, SizeHint};

use super::{exchange::Exchange, observation::Observation, shield::shield, streamed::Streamed};
use crate::{
    Problem, ProblemType, Reply, ReplyBody,
    access_log::Outcome,
    event,
    in_flight::Permit,
    reply::{Finished, StreamError, Upgrade},
    request_id::REQUEST_ID,
    stage::Leaving,
    websocket,
};

/// The content of a response. Only the pipeline makes one that is not empty.
///
/// ```
/// use http::Method;
/// use http_body::Body;
/// use sabir_core::{Problem, Settings, pipeline::ApplicationBuilder};
///
/// # futures_util::FutureExt::now_or_never(async {
/// let application = ApplicationBuilder::new(Settings::default()).build();
/// let body = application.refuse(Method::GET, Problem::from_status(431)).await.into_body();
/// assert!(!body.is_stream() && body.size_hint().exact().is_some());
/// # }).unwrap();
/// ```
pub struct ResponseBody {
    remaining: Remaining,
    are_events: bool,
    /// Counts the call that is answered; dropped with the content, after its last byte.
    _permit: Option<Permit>,
    /// Has somebody told of the request; dropped with the content, too.
    observation: Option<Box<Observation>>,
}

/// What is still to be sent.
enum Remaining {
    Nothing,
    Bytes(Bytes),
    Stream(Box<Streamed>),
}

/// Writes `reply` as the response to the request of `exchange`. Every answer, of whatever kind, passes here.
pub(super) fn finish(exchange: &mut Exchange, reply: Reply) -> Response<ResponseBody> {
    #[cfg(test)]
    super::tests::count_finished();
    // What a handler gave may panic when it is dropped.
    shield(|| respond(exchange, reply))
        .unwrap_or_else(|panicked| respond(exchange, Problem::from(panicked).into_reply()))
}

/// Writes `reply` (RFC 9110 §6.4, §9.3.2).
fn respond(exchange: &mut Exchange, mut reply: Reply) -> Response<ResponseBody> {
    if let Some(permit) = reply.permit.take() {
        exchange.permit = Some(permit);
    }
    if matches!(reply.body, ReplyBody::Upgrade(_)) && exchange.may_upgrade {
        leave(exchange, &mut reply);
    }
    if let ReplyBody::Upgrade(upgrade) = reply.body {
        if exchange.may_upgrade {
            return upgraded(exchange, reply.headers, upgrade);
        }
        tracing::error!("a handler upgraded a connection whose client has not asked for it");
        reply = Problem::new(ProblemType::InternalError).into_reply();
    }
    if let ReplyBody::Takeover(takeover) = reply.body {
        if exchange.owns_connection {
            return taken_over(exchange, takeover);
        }
        tracing::error!("a handler took over a connection that is not its own");
        reply = Problem::new(ProblemType::InternalError).into_reply();
    }
    if reply.status.is_informational() {
        // A 1xx status is not an answer (RFC 9110 §15.2): the client would wait for the final one for ever.
        tracing::error!(
            status = reply.status.as_u16(),
            "a handler answered with an interim status"
        );
        reply = Problem::new(ProblemType::InternalError).into_reply();
    }
    if matches!(reply.body, ReplyBody::Problem(_)) {
        reply = written(exchange, reply);
    }
    leave(exchange, &mut reply);
    if matches!(reply.body, ReplyBody::Problem(_)) {
        // A stage has refused it.
        reply = written(exchange, reply);
    }
    let Reply {
        status,
        mut headers,
        body,
        trailers,
        encoder,
        ..
    } = reply;
    // Framing belongs to the connection: a handler that sets it could desynchronise the client. Answers have few fields, so
    // that looking at all of them costs less than looking these up.
    let is_framed = headers
        .keys()
        .any(|name| name == TRANSFER_ENCODING || name == CONTENT_LENGTH);
    if is_framed {
        headers.remove(TRANSFER_ENCODING);
    }
    let mut are_events = false;
    let mut remaining = match body {
        ReplyBody::Bytes(bytes) => {
            if is_framed {
                headers.remove(CONTENT_LENGTH);
            }
            Remaining::Bytes(bytes)
        }
        ReplyBody::Stream(chunks) => {
            Remaining::Stream(Box::new(Streamed::new(chunks, trailers, encoder, exchange.id())))
        }
        ReplyBody::Events(chunks) => {
            are_events = crate::Switch::Events.is_on();
            if are_events {
                describe_events(&mut headers);
            }
            Remaining::Stream(Box::new(Streamed::new(chunks, None, encoder, exchange.id())))
        }
        ReplyBody::Empty | ReplyBody::Problem(_) | ReplyBody::Upgrade(_) | ReplyBody::Takeover(_) => {
            if !exchange.is_head && status != StatusCode::NOT_MODIFIED {
                headers.remove(CONTENT_LENGTH);
            }
            Remaining::Nothing
        }
    };
    fit(exchange, status, &mut headers, &mut remaining);
    if let Remaining::Stream(stream) = &remaining
        && let Some(announcement) = stream.announcement()
    {
        headers.insert(TRAILER, announcement);
        // In HTTP/1.1 fields follow nothing but chunks (RFC 9112 §7.1.2).
        headers.remove(CONTENT_LENGTH);
    }
    if exchange.varies {
        headers.append(VARY, HeaderValue::from_static("accept"));
    }
    // Whatever may panic has been dropped by now: a value that is being returned would be lost with its permit.
    let mut response = Response::new(counted(exchange, status, remaining, are_events));
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    if exchange.is_passed_on {
        response.extensions_mut().insert(Finished);
    }
    response
}

/// The content of an answer, with what ends with it.
fn counted(
    exchange: &mut Exchange,
    status: StatusCode,
    remaining: Remaining,
    are_events: bool,
) -> ResponseBody {
    let mut observation = exchange.observation.take();
    if let Some(observation) = &mut observation {
        observation.answered(status);
        if remaining.is_empty() {
            observation.ended(Outcome::Complete);
        }
    }
    ResponseBody {
        remaining,
        are_events,
        _permit: exchange.permit.take(),
        observation,
    }
}

/// Takes away what an answer to this request with this status does not have (RFC 9110 §6.4.1), and says how long the rest is where only
/// the pipeline knows.
fn fit(exchange: &Exchange, status: StatusCode, headers: &mut HeaderMap, remaining: &mut Remaining) {
    if !crate::Switch::NoContent.is_on() {
        // The handler's content is sent.
    } else if status == StatusCode::NO_CONTENT || status == StatusCode::RESET_CONTENT {
        headers.remove(CONTENT_LENGTH);
        *remaining = Remaining::Nothing;
    } else if exchange.is_head || status == StatusCode::NOT_MODIFIED {
        if let Remaining::Bytes(bytes) = &*remaining
            && exchange.is_head
        {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        }
        *remaining = Remaining::Nothing;
    } else if exchange.is_http_2 && remaining.is_empty() {
        // hyper says it of an empty answer in HTTP/1.1 alone.
        headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
}

/// Shows the stages the answer.
fn leave(exchange: &mut Exchange, reply: &mut Reply) {
    if let Some(chain) = exchange.chain.take()
        && !(exchange.is_behind_middleware && reply.is_finished)
    {
        let leaving = Leaving::new(exchange.head(), exchange.id(), exchange.extensions())
            .reading(exchange.is_read, exchange.is_head);
        chain.leave(leaving, reply);
    }
}

/// Adds what event streams need where a handler has not said it: their media type, and that nobody keeps them.
fn describe_events(headers: &mut HeaderMap) {
    headers.remove(CONTENT_LENGTH);
    headers
        .entry(CONTENT_TYPE)
        .or_insert(HeaderValue::from_static(event::MEDIA_TYPE));
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-cache"));
}

/// The answer after which the connection speaks another protocol (RFC 9110 §15.2.2, RFC 8441 §4). The call has ended: what
/// follows counts as a connection.
fn upgraded(exchange: &mut Exchange, mut headers: HeaderMap, upgrade: Upgrade) -> Response<ResponseBody> {
    exchange.permit = None;
    headers.remove(TRANSFER_ENCODING);
    headers.remove(CONTENT_LENGTH);
    let status = if exchange.is_http_2 {
        StatusCode::OK
    } else {
        headers.insert(UPGRADE, HeaderValue::from_static(websocket::PROTOCOL));
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        StatusCode::SWITCHING_PROTOCOLS
    };
    if let Some(mut observation) = exchange.observation.take() {
        observation.answered(status);
        upgrade.observe(observation);
    }
    let mut response = Response::new(ResponseBody::default());
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response.extensions_mut().insert(upgrade);
    response
}

/// What stands for an answer that somebody else writes. The call has ended: what follows is not the pipeline's.
fn taken_over(exchange: &mut Exchange, takeover: Upgrade) -> Response<ResponseBody> {
    exchange.permit = None;
    if let Some(observation) = &mut exchange.observation {
        observation.ended(Outcome::Complete);
    }
    let mut response = Response::new(ResponseBody::default());
    response.extensions_mut().insert(takeover);
    response
}

/// Whether an answer with `status` never has content (RFC 9110 §15.3.5, §15.3.6, §15.4.5).
pub(super) fn is_without_content(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT | StatusCode::NOT_MODIFIED
    )
}

/// Writes the problem of `reply` with what only the pipeline knows: `instance` and `request_id`. The header section
/// names the request too, and the log has what the client is not told: the cause.
fn written(exchange: &Exchange, reply: Reply) -> Reply {
    let Reply {
        headers,
        body: ReplyBody::Problem(mut problem),
        ..
    } = reply
    else {
        return reply;
    };
    if let Some(cause) = problem.cause_text() {
        tracing::error!(error = cause, "a handler failed");
    }
    let id = exchange.id().to_string();
    // A head that could not be read names no resource.
    let path = exchange.path();
    if path != "*" {
        problem.instance.get_or_insert_with(|| path.to_owned());
    }
    if let Ok(value) = HeaderValue::try_from(id.as_str()) {
        problem.headers.insert(REQUEST_ID.clone(), value);
    }
    problem.request_id.get_or_insert(id);
    let mut reply = problem.write();
    // A problem has a media type of its own.
    for (name, value) in headers.iter().filter(|(name, _)| **name != CONTENT_TYPE) {
        reply.headers.append(name, value.clone());
    }
    reply
}

impl Remaining {
    fn is_empty(&self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Bytes(bytes) => bytes.is_empty(),
            Self::Stream(_) => false,
        }
    }
}

/// No content, for layers that answer by themselves; their answers are finished like all others.
impl Default for ResponseBody {
    fn default() -> Self {
        Self {
            remaining: Remaining::Nothing,
            are_events: false,
            _permit: None,
            observation: None,
        }
    }
}

impl ResponseBody {
    /// Whether the content is made while it is sent.
    pub fn is_stream(&self) -> bool {
        matches!(self.remaining, Remaining::Stream(_))
    }

    /// Whether the content is a stream that fields follow.
    pub fn has_trailers(&self) -> bool {
        matches!(&self.remaining, Remaining::Stream(stream) if stream.has_trailers())
    }

    /// Says that so many bytes were taken and not sent, since the connection has ended.
    pub fn cut(&mut self, bytes: usize) {
        if let Some(observation) = &mut self.observation {
            observation.cut(bytes);
        }
    }

    /// Whether the content is a stream of [events](crate::Event), which may pause for as long as they like.
    pub fn are_events(&self) -> bool {
        self.are_events && self.is_stream()
    }

    /// `bytes` as they are to be sent between two frames of a stream: with the coding that the stream has.
    ///
    /// # Errors
    /// They cannot be encoded.
    pub fn insert(&mut self, bytes: Bytes) -> Result<Bytes, StreamError> {
        match &mut self.remaining {
            Remaining::Stream(stream) => stream.insert(bytes),
            Remaining::Nothing | Remaining::Bytes(_) => Ok(bytes),
        }
    }

    /// Gives up what is left of a stream. What comes instead ends its coding, if it has one.
    ///
    /// # Errors
    /// The coding cannot be ended.
    pub fn end(&mut self) -> Result<Bytes, StreamError> {
        let rest = match &mut self.remaining {
            Remaining::Stream(stream) => stream.end(),
            Remaining::Nothing | Remaining::Bytes(_) => Ok(Bytes::new()),
        };
        let _ = shield(|| self.remaining = Remaining::Nothing);
        rest
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = StreamError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StreamError>>> {
        match &mut self.remaining {
            Remaining::Nothing => Poll::Ready(None),
            Remaining::Bytes(bytes) => {
                let bytes = std::mem::take(bytes);
                self.remaining = Remaining::Nothing;
                if let Some(observation) = &mut self.observation {
                    observation.add_sent(bytes.len());
                    observation.ended(Outcome::Complete);
                }
                Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
            }
            Remaining::Stream(stream) => {
                let polled = stream.poll_frame(context);
                if let (Some(observation), Poll::Ready(polled)) = (&mut self.observation, &polled) {
                    observe(observation, polled.as_ref());
                }
                if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
                    let _ = shield(|| self.remaining = Remaining::Nothing);
                }
                polled
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.remaining.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        match &self.remaining {
            Remaining::Nothing => SizeHint::with_exact(0),
            Remaining::Bytes(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Remaining::Stream(_) => SizeHint::default(),
        }
    }
}

/// Counts a piece of a stream, or its end.
fn observe(observation: &mut Observation, piece: Option<&Result<Frame<Bytes>, StreamError>>) {
    match piece {
        Some(Ok(frame)) => match frame.data_ref() {
            Some(data) => observation.add_sent(data.len()),
            // Fields come last.
            None => observation.ended(Outcome::Complete),
        },
        Some(Err(_)) => observation.ended(Outcome::Failed),
        None => observation.ended(Outcome::Complete),
    }
}

impl std::fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.remaining {
            Remaining::Nothing => f.write_str("Empty"),
            Remaining::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Remaining::Stream(_) => f.write_str("Stream"),
        }
    }
}
