//! Reading request content within its limits.

use std::{
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::{HeaderMap, header::CONTENT_LENGTH};
use http_body::Body as HttpBody;

use super::timer::{Sleep, Timer};
use crate::{Problem, ProblemType, Settings};

/// The time after which the average pace counts where pauses have no limit.
const FIRST_SPAN: Duration = Duration::from_secs(5);

/// How slowly a client may send its content.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// The longest pause.
    pause: Option<Duration>,
    /// The fewest bytes a second on average; 0 for any.
    minimum_rate: u64,
}

/// A request body as a stream of chunks that enforces the size limit and the client's pace.
pub(super) struct BoundedBody<B> {
    body: B,
    limit: u64,
    read: u64,
    pace: Pace,
    /// Without one, the client may be as slow as it likes.
    timer: Option<Arc<dyn Timer>>,
    /// How long the client was waited for before the present wait, which is only the time in which it could have sent
    /// something: the server's own slowness is not the client's.
    waited: Duration,
    waiting_since: Option<Duration>,
    sleep: Option<Pin<Box<dyn Sleep>>>,
    /// When the sleep ends.
    deadline: Duration,
}

impl Pace {
    pub(super) fn of(settings: &Settings) -> Self {
        let pause = Duration::from_millis(settings.body_timeout_ms);
        Self {
            pause: (!pause.is_zero()).then_some(pause),
            minimum_rate: settings.body_minimum_rate,
        }
    }

    /// How long the client may be waited for in all when it has sent `read` bytes.
    fn time_for(self, read: u64) -> Option<Duration> {
        if self.minimum_rate == 0 {
            return None;
        }
        let first = self.pause.unwrap_or(FIRST_SPAN);
        let milliseconds = read.saturating_mul(1000) / self.minimum_rate;
        Some(first.max(Duration::from_millis(milliseconds)))
    }
}

/// Refuses a body whose declared length is above `limit`, before a byte of it is read (RFC 9110 §15.5.14).
pub(super) fn check_length<B: HttpBody>(
    headers: &HeaderMap,
    body: &B,
    limit: u64,
) -> Result<(), Box<Problem>> {
    let declared = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok())
        .unwrap_or(0);
    if declared.max(body.size_hint().lower()) > limit {
        return Err(Box::new(too_large(limit)));
    }
    Ok(())
}

impl<B> BoundedBody<B>
where
    B: HttpBody<Data = Bytes, Error = Problem> + Unpin,
{
    pub(super) fn new(body: B, limit: u64, pace: Pace, timer: Option<Arc<dyn Timer>>) -> Self {
        Self {
            body,
            limit,
            read: 0,
            pace,
            timer,
            waited: Duration::ZERO,
            waiting_since: None,
            sleep: None,
            deadline: Duration::ZERO,
        }
    }

    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Problem>>> {
        loop {
            match Pin::new(&mut self.body).poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) => {
                    // Trailers are not part of the contract.
                    let Ok(chunk) = frame.into_data() else { continue };
                    if chunk.is_empty() {
                        continue;
                    }
                    if let (Some(since), Some(timer)) = (self.waiting_since.take(), &self.timer) {
                        self.waited += timer.now().saturating_sub(since);
                    }
                    self.read += chunk.len() as u64;
                    if self.read > self.limit {
                        return Poll::Ready(Some(Err(too_large(self.limit))));
                    }
                    return Poll::Ready(Some(Ok(chunk)));
                }
                Poll::Ready(Some(Err(problem))) => return Poll::Ready(Some(Err(problem))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return self.poll_wait(context),
            }
        }
    }

    /// Ends the wait of a client that is too slow.
    fn poll_wait(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Problem>>> {
        let Some(timer) = &self.timer else {
            return Poll::Pending;
        };
        let since = *self.waiting_since.get_or_insert_with(|| timer.now());
        let total = self
            .pace
            .time_for(self.read)
            .map(|total| total.saturating_sub(self.waited));
        let (timeout, is_pause) = match (self.pace.pause, total) {
            (Some(pause), Some(total)) if total < pause => (total, false),
            (Some(pause), _) => (pause, true),
            (None, Some(total)) => (total, false),
            (None, None) => return Poll::Pending,
        };
        let deadline = since + timeout;
        let sleep = self.sleep.get_or_insert_with(|| timer.sleep_until(deadline));
        if self.deadline != deadline {
            self.deadline = deadline;
            sleep.as_mut().reset(deadline);
        }
        ready!(sleep.as_mut().poll(context));
        let detail = if is_pause {
            format!("No content arrived for {} ms.", timeout.as_millis())
        } else {
            let rate = self.pace.minimum_rate;
            format!("The content arrived more slowly than {rate} bytes a second.")
        };
        let mut problem = Problem::new(ProblemType::RequestTimeout).with_detail(detail);
        problem.close = true;
        Poll::Ready(Some(Err(problem)))
    }
}

impl<B> Stream for BoundedBody<B>
where
    B: HttpBody<Data = Bytes, Error = Problem> + Unpin,
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
pub(super) async fn read<S>(mut content: S) -> Result<Bytes, Problem>
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
    poll_fn(|context| Pin::new(&mut *stream).poll_next(context)).await
}

/// `400` for content that ends too early.
pub fn broken_off() -> Problem {
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
