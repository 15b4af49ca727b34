//! Content that is made while it is sent.

use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::HeaderValue;
use http_body::Frame;

use super::shield::shield;
use crate::{
    RequestId,
    reply::{HandlerFailed, StreamError, Trailers},
    threads::BoxStream,
};

/// The chunks of an answer, and the fields that follow them.
pub(super) struct Streamed {
    chunks: BoxStream<Result<Bytes, StreamError>>,
    trailers: Option<Box<Trailers>>,
    /// For the log.
    id: RequestId,
    has_ended: bool,
}

impl Streamed {
    pub(super) fn new(
        chunks: BoxStream<Result<Bytes, StreamError>>,
        trailers: Option<Box<Trailers>>,
        id: &RequestId,
    ) -> Self {
        Self {
            chunks,
            trailers,
            id: id.clone(),
            has_ended: false,
        }
    }

    pub(super) fn has_trailers(&self) -> bool {
        self.trailers.is_some()
    }

    /// The value of `Trailer` (RFC 9110 §6.6.2).
    pub(super) fn announcement(&self) -> Option<HeaderValue> {
        self.trailers.as_ref()?.announcement()
    }

    /// The next chunk, or the fields. Nothing follows an error. The client sees of it only that the content breaks off, so the
    /// log has it.
    pub(super) fn poll_frame(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StreamError>>> {
        let _current = self.id.enter();
        if !self.has_ended {
            let Ok(polled) = shield(|| self.chunks.as_mut().poll_next(context)) else {
                return Poll::Ready(Some(Err("the stream panicked".into())));
            };
            match ready!(polled) {
                Some(Ok(chunk)) => return Poll::Ready(Some(Ok(Frame::data(chunk)))),
                Some(Err(_)) if !crate::Switch::StreamErrors.is_on() => return Poll::Ready(None),
                Some(Err(error)) => {
                    if !error.is::<HandlerFailed>() {
                        tracing::error!(request_id = %self.id, error = &*error, "an answer broke off");
                    }
                    return Poll::Ready(Some(Err(error)));
                }
                None => self.has_ended = true,
            }
        }
        let Some(trailers) = self.trailers.take() else {
            return Poll::Ready(None);
        };
        Poll::Ready(match shield(|| trailers.make()) {
            Ok(fields) if fields.is_empty() => None,
            Ok(fields) => Some(Ok(Frame::trailers(fields))),
            Err(_) => Some(Err("making the trailers panicked".into())),
        })
    }
}
