//! Streams of events.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use http::StatusCode;
use sabir_core::{
    Event, Operation, Reply, ReplyBody,
    operation::{MediaType, Response, SchemaData},
    reply::StreamError,
};

use super::Respond;

/// A stream of [events](Event) as `text/event-stream` (WHATWG HTML §9.2). It is polled when the client has read what was sent
/// before, and dropped when the client leaves; the server keeps it alive with comments while it is silent
/// (`event_keep_alive_ms`), and ends it when it stops: clients come back by themselves, and say the last id that they saw
/// in `Last-Event-ID`.
///
/// When the stream fails, or an event cannot be written, the connection is closed, so that the client comes back.
///
/// [`Sabir::describe`](crate::Sabir::describe) says what the data of the events are.
///
/// ```
/// use std::convert::Infallible;
///
/// use futures_util::{StreamExt, stream};
/// use sabir::{Event, Events, Sabir};
///
/// async fn ticks() -> impl sabir::Respond {
///     Events(stream::iter(1..=2).map(|n| Ok::<_, Infallible>(Event::new(n.to_string()))))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new().get("/ticks", ticks).build()?;
/// let response = app.call_in_memory(http::Request::get("/ticks").body("".into()).unwrap()).await;
/// assert_eq!(response.body(), "data: 1\n\ndata: 2\n\n");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Events<S>(pub S);

impl<S, E> Respond for Events<S>
where
    S: Stream<Item = Result<Event, E>> + Send + 'static,
    E: Into<StreamError>,
{
    fn respond(self) -> Reply {
        let mut reply = Reply::new(StatusCode::OK);
        reply.body = ReplyBody::Events(Box::pin(Encoded(Box::pin(self.0))));
        reply
    }

    fn describe(operation: &mut Operation) {
        describe_events(operation);
    }
}

/// Declares events whose types nobody has said yet.
pub(super) fn describe_events(operation: &mut Operation) {
    let nothing: [(&str, SchemaData); 0] = [];
    let response = Response::of("text/event-stream", MediaType::of_events(nothing));
    operation.responses.entry("200".into()).or_insert(response);
}

struct Encoded<S>(Pin<Box<S>>);

impl<S, E> Stream for Encoded<S>
where
    S: Stream<Item = Result<Event, E>>,
    E: Into<StreamError>,
{
    type Item = Result<Bytes, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let event = ready!(self.0.as_mut().poll_next(context));
        Poll::Ready(event.map(|event| event.map_err(Into::into)?.encode().map_err(Into::into)))
    }
}
