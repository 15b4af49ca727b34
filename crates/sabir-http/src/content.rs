//! Reading request bodies within their limits.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::{HeaderMap, header::CONTENT_LENGTH};
use http_body::Body;
use sabir_core::{Problem, ProblemType};
use tokio::time::{Instant, Sleep, sleep};

/// A request body as a stream of chunks that enforces the size limit and the client's pace.
pub(crate) struct Content<B> {
    body: B,
    limit: u64,
    read: u64,
    pause: Option<Duration>,
    timer: Option<Pin<Box<Sleep>>>,
}

/// Refuses a body whose declared length is above `limit`, before a byte of it is read (RFC 9110 §15.5.14).
pub(crate) fn check_length<B: Body>(headers: &HeaderMap, body: &B, limit: u64) -> Result<(), Box<Problem>> {
    let declared = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok())
        .unwrap_or(0);
    if declared.max(body.size_hint().lower()) > limit {
        return Err(Box::new(too_large(limit)));
    }
    Ok(())
}

impl<B> Content<B>
where
    B: Body<Data = Bytes, Error = Problem> + Unpin,
{
    /// `pause_ms` is how long the client may pause; 0 means no limit.
    pub(crate) fn new(body: B, limit: u64, pause_ms: u64) -> Self {
        Self {
            body,
            limit,
            read: 0,
            pause: (pause_ms > 0).then(|| Duration::from_millis(pause_ms)),
            timer: None,
        }
    }

    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Problem>>> {
        loop {
            match Pin::new(&mut self.body).poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) => {
                    self.timer = None;
                    // Trailers are not part of the contract.
                    let Ok(chunk) = frame.into_data() else { continue };
                    if chunk.is_empty() {
                        continue;
                    }
                    self.read += chunk.len() as u64;
                    if self.read > self.limit {
                        return Poll::Ready(Some(Err(too_large(self.limit))));
                    }
                    return Poll::Ready(Some(Ok(chunk)));
                }
                Poll::Ready(Some(Err(problem))) => return Poll::Ready(Some(Err(problem))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return self.poll_pause(context),
            }
        }
    }

    fn poll_pause(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Problem>>> {
        let Some(pause) = self.pause else {
            return Poll::Pending;
        };
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(pause)));
        if timer.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        timer.as_mut().reset(Instant::now() + pause);
        let mut problem = Problem::new(ProblemType::RequestTimeout)
            .with_detail(format!("No content arrived for {} ms.", pause.as_millis()));
        problem.close = true;
        Poll::Ready(Some(Err(problem)))
    }
}

impl<B> Stream for Content<B>
where
    B: Body<Data = Bytes, Error = Problem> + Unpin,
{
    type Item = Result<Bytes, Problem>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_chunk(context)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, self.body.is_end_stream().then_some(0))
    }
}

/// Reads everything.
///
/// # Errors
/// Those of the stream.
pub(crate) async fn read<S>(mut content: S) -> Result<Bytes, Problem>
where
    S: Stream<Item = Result<Bytes, Problem>> + Unpin,
{
    let Some(first) = next(&mut content).await.transpose()? else {
        return Ok(Bytes::new());
    };
    if content.size_hint().1 == Some(0) {
        return Ok(first);
    }
    let Some(second) = next(&mut content).await.transpose()? else {
        return Ok(first);
    };
    let mut whole = BytesMut::with_capacity(first.len() + second.len());
    whole.extend_from_slice(&first);
    whole.extend_from_slice(&second);
    while let Some(chunk) = next(&mut content).await.transpose()? {
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.freeze())
}

async fn next<S: Stream + Unpin>(stream: &mut S) -> Option<S::Item> {
    std::future::poll_fn(|context| Pin::new(&mut *stream).poll_next(context)).await
}

/// `400` for content that ends too early.
pub(crate) fn broken_off() -> Problem {
    let mut problem = Problem::bad_request("The content breaks off before its end.");
    problem.close = true;
    problem
}

/// What follows an unread body cannot be told from it, so the connection closes.
fn too_large(limit: u64) -> Problem {
    let mut problem = Problem::new(ProblemType::ContentTooLarge)
        .with_detail(format!("The content is larger than {limit} bytes."));
    problem.close = true;
    problem
}
