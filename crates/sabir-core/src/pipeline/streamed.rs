//! Content that is made while it is sent.

use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::HeaderValue;
use http_body::Frame;

use super::shield::shield;
use crate::{
    RequestId,
    encoding::Running,
    reply::{HandlerFailed, StreamError, Trailers},
    threads::BoxStream,
};

/// The chunks of an answer, and the fields that follow them.
pub(super) struct Streamed {
    chunks: BoxStream<Result<Bytes, StreamError>>,
    trailers: Option<Box<Trailers>>,
    encoder: Option<Box<Running>>,
    /// For the log.
    id: RequestId,
    has_ended: bool,
}

impl Streamed {
    pub(super) fn new(
        chunks: BoxStream<Result<Bytes, StreamError>>,
        trailers: Option<Box<Trailers>>,
        encoder: Option<Box<Running>>,
        id: &RequestId,
    ) -> Self {
        Self {
            chunks,
            trailers,
            encoder,
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

    /// `bytes` as they are sent between two chunks.
    ///
    /// # Errors
    /// They cannot be encoded.
    pub(super) fn insert(&mut self, bytes: Bytes) -> Result<Bytes, StreamError> {
        match &mut self.encoder {
            Some(encoder) => Ok(encoder.insert(&bytes)?),
            None => Ok(bytes),
        }
    }

    /// What is sent last where no more chunk is asked for.
    ///
    /// # Errors
    /// The content cannot be encoded.
    pub(super) fn end(&mut self) -> Result<Bytes, StreamError> {
        self.has_ended = true;
        match &mut self.encoder {
            Some(encoder) => Ok(encoder.finish()?),
            None => Ok(Bytes::new()),
        }
    }

    /// The next chunk, or the fields. Nothing follows an error. The client sees of it only that the content breaks off, so the
    /// log has it.
    pub(super) fn poll_frame(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, StreamError>>> {
        let _current = self.id.enter();
        if !self.has_ended {
            let Ok(polled) = shield(|| match &mut self.encoder {
                Some(encoder) => encoder.poll_next(&mut self.chunks, context),
                None => self.chunks.as_mut().poll_next(context),
            }) else {
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
