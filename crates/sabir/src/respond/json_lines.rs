//! Answers of one JSON value a line.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use sabir_core::{Reply, reply::StreamError};
use serde::Serialize;

use super::{Respond, StreamBody};

/// A stream of values as `application/jsonl`: each of them is a line of JSON, sent as it is made.
///
/// ```
/// use std::convert::Infallible;
///
/// use futures_util::stream;
/// use sabir::{JsonLines, Sabir};
///
/// async fn rows() -> impl sabir::Respond {
///     JsonLines(stream::iter([("TEA-0001", 7), ("TEA-0002", 1)].map(Ok::<_, Infallible>)))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new().get("/rows", rows).build()?;
/// let response = app.call_in_memory(http::Request::get("/rows").body("".into()).unwrap()).await;
/// assert_eq!(response.body(), "[\"TEA-0001\",7]\n[\"TEA-0002\",1]\n");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct JsonLines<S>(pub S);

impl<S, T, E> Respond for JsonLines<S>
where
    S: Stream<Item = Result<T, E>> + Send + 'static,
    T: Serialize,
    E: Into<StreamError>,
{
    fn respond(self) -> Reply {
        let mut reply = StreamBody(Lines(Box::pin(self.0))).respond();
        let media_type = http::HeaderValue::from_static("application/jsonl");
        reply.headers.insert(http::header::CONTENT_TYPE, media_type);
        reply
    }
}

struct Lines<S>(Pin<Box<S>>);

impl<S, T, E> Stream for Lines<S>
where
    S: Stream<Item = Result<T, E>>,
    T: Serialize,
    E: Into<StreamError>,
{
    type Item = Result<Bytes, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let value = ready!(self.0.as_mut().poll_next(context));
        Poll::Ready(value.map(|value| {
            let mut line = serde_json::to_vec(&value.map_err(Into::into)?)?;
            line.push(b'\n');
            Ok(line.into())
        }))
    }
}
