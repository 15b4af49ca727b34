//! Answers of one JSON value a line.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use sabir_core::{
    Operation, Reply,
    operation::{MediaType, Response},
    reply::StreamError,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Respond, StreamBody};
use crate::schema::schema_of;

/// A stream of values as `application/jsonl`: each of them is a line of JSON, sent as it is made. The operation says what they are.
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
    T: Serialize + JsonSchema,
    E: Into<StreamError>,
{
    fn respond(self) -> Reply {
        let mut reply = StreamBody(Lines(Box::pin(self.0))).respond();
        let media_type = http::HeaderValue::from_static("application/jsonl");
        reply.headers.insert(http::header::CONTENT_TYPE, media_type);
        reply
    }

    fn describe(operation: &mut Operation) {
        let items = MediaType::of_items(schema_of::<T>());
        let response = Response::of("application/jsonl", items);
        operation.responses.entry("200".into()).or_insert(response);
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
