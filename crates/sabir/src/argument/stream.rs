//! The content of a request while it arrives.

use std::{
    fmt,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_core::Stream;
use sabir_core::{
    Body, Call, Location, Problem, SetupError, Value,
    body::{BodyStream, ItemStream},
    deserialize::from_value,
};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::{Argument, misfit};
use crate::Description;

/// The content of a request, of whatever type, as a `Stream` of its bytes: the handler runs once the head is there, and
/// the client is held up while nobody reads. `Expect: 100-continue` is answered when the handler first reads (RFC 9110
/// §10.1.1), so a handler may refuse large content that has not been sent.
///
/// The limits hold while it is read: `body_limit` (which `x-sabir` of an operation changes), `body_timeout_ms`,
/// `body_minimum_rate`. What goes wrong is the problem that is then the answer.
///
/// ```
/// use futures_util::TryStreamExt;
/// use sabir::{ContentStream, Problem, Sabir};
///
/// async fn count(content: ContentStream) -> Result<String, Problem> {
///     let size = content.try_fold(0, async |size, chunk| Ok(size + chunk.len())).await?;
///     Ok(format!("{size} bytes"))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new().put("/files", count).build()?;
/// let response = app.call_in_memory(http::Request::put("/files").body("hello".into()).unwrap()).await;
/// assert_eq!(response.body(), "5 bytes");
/// # Ok(())
/// # }
/// ```
pub struct ContentStream(Option<BodyStream>);

/// The lines of an `application/jsonl` body as a `Stream`, each of them JSON that fits `T`. The first that does not ends the
/// stream, with a problem that names its place.
///
/// ```
/// use futures_util::TryStreamExt;
/// use sabir::{Items, Problem, Sabir};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Row {
///     sold: u32,
/// }
///
/// async fn total(rows: Items<Row>) -> Result<String, Problem> {
///     let total = rows.try_fold(0, async |total, row| Ok(total + row.sold)).await?;
///     Ok(total.to_string())
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new().post("/sales", total).build()?;
/// let request = |content: &'static str| {
///     http::Request::post("/sales").header("content-type", "application/jsonl").body(content.into()).unwrap()
/// };
/// let response = app.call_in_memory(request("{\"sold\": 1}\n{\"sold\": 2}\n")).await;
/// assert_eq!(response.body(), "3");
/// let response = app.call_in_memory(request("{\"sold\": 1}\n{\"sold\": -2}\n")).await;
/// assert!(std::str::from_utf8(response.body()).unwrap().contains("\"/1/sold\""));
/// # Ok(())
/// # }
/// ```
pub struct Items<T> {
    values: Option<ItemStream>,
    of: PhantomData<fn() -> T>,
}

impl Argument for ContentStream {
    type Plan = ();
    type Rejection = Box<Problem>;

    fn describe(description: &mut Description<'_>) -> Result<(), SetupError> {
        description.stream_content("*/*")
    }

    async fn take(call: &mut Call, (): &()) -> Result<Self, Box<Problem>> {
        Ok(Self(match std::mem::take(&mut call.body) {
            Body::Stream(content) => Some(content),
            _ => None,
        }))
    }
}

impl<T: DeserializeOwned + JsonSchema + Send + 'static> Argument for Items<T> {
    type Plan = ();
    type Rejection = Box<Problem>;

    fn describe(description: &mut Description<'_>) -> Result<(), SetupError> {
        description.add_items::<T>("application/jsonl")
    }

    async fn take(call: &mut Call, (): &()) -> Result<Self, Box<Problem>> {
        let values = match std::mem::take(&mut call.body) {
            Body::Items(values) => Some(values),
            _ => None,
        };
        Ok(Self {
            values,
            of: PhantomData,
        })
    }
}

impl Stream for ContentStream {
    type Item = Result<Bytes, Problem>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut self.0 {
            Some(stream) => stream.as_mut().poll_next(context),
            None => Poll::Ready(None),
        }
    }
}

impl<T: DeserializeOwned> Stream for Items<T> {
    type Item = Result<T, Problem>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(values) = &mut self.values else {
            return Poll::Ready(None);
        };
        let value = values.as_mut().poll_next(context);
        value.map(|value| value.map(|value| value.and_then(item)))
    }
}

/// What serde refuses although it fits the schema is the client's mistake as well.
fn item<T: DeserializeOwned>(value: Value) -> Result<T, Problem> {
    from_value(value).map_err(|error| *misfit(Location::Body, None, &error))
}

impl fmt::Debug for ContentStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContentStream").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").finish_non_exhaustive()
    }
}
