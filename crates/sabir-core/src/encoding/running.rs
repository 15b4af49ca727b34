//! Content that is encoded while it is sent.

use std::{
    error::Error,
    fmt, io,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;

use super::Encoder;
use crate::{pipeline::Timer, threads::BoxStream};

/// Why a stream breaks off.
type Failure = Box<dyn Error + Send + Sync>;

/// How much is encoded at once.
const STEP: usize = 64 * 1024;

/// How much is encoded before others have their turn: a millisecond or two.
const TURN: usize = 128 * 1024;

/// How much is handed on at once where more is ready.
const PIECE: usize = 16 * 1024;

/// Encodes the chunks of a stream. Those that are ready together become one; what has no successor yet is handed on at once.
pub(crate) struct Running {
    encoder: Encoder,
    /// Absent where nobody else wants a turn.
    timer: Option<Arc<dyn Timer>>,
    /// How much was encoded in this turn.
    encoded: usize,
    /// What is left of a larger chunk.
    waiting: Bytes,
    /// Whether something is written that nobody can read yet.
    is_held: bool,
    /// Why the content breaks off, while what came before is handed on.
    failure: Option<Failure>,
    has_ended: bool,
}

impl Running {
    pub(crate) fn new(encoder: Encoder, timer: Option<Arc<dyn Timer>>) -> Self {
        Self {
            encoder,
            timer,
            encoded: 0,
            waiting: Bytes::new(),
            is_held: false,
            failure: None,
            has_ended: false,
        }
    }

    /// The next bytes that come of `chunks`.
    pub(crate) fn poll_next(
        &mut self,
        chunks: &mut BoxStream<Result<Bytes, Failure>>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Failure>>> {
        if self.has_ended {
            return Poll::Ready(None);
        }
        if let Some(error) = self.failure.take() {
            self.has_ended = true;
            return Poll::Ready(Some(Err(error)));
        }
        self.poll_bytes(chunks, context).map(|made| match made {
            Ok(made) if made.is_empty() => None,
            Ok(made) => Some(Ok(made)),
            Err(error) => {
                self.has_ended = true;
                Some(Err(error))
            }
        })
    }

    fn poll_bytes(
        &mut self,
        chunks: &mut BoxStream<Result<Bytes, Failure>>,
        context: &mut Context<'_>,
    ) -> Poll<Result<Bytes, Failure>> {
        loop {
            if !self.waiting.is_empty() {
                if self.encoded >= TURN
                    && let Some(timer) = &self.timer
                {
                    self.encoded = 0;
                    timer.yield_now(context);
                    return Poll::Pending;
                }
                let step = self.waiting.split_to(self.waiting.len().min(STEP));
                self.encoder.write(&step)?;
                self.is_held = true;
                self.encoded += step.len();
                if self.encoder.len() >= PIECE {
                    return Poll::Ready(Ok(self.encoder.take().into()));
                }
                continue;
            }
            let mut is_waiting = false;
            match chunks.as_mut().poll_next(context) {
                Poll::Ready(Some(Ok(chunk))) => {
                    self.waiting = chunk;
                    continue;
                }
                Poll::Ready(Some(Err(error))) if !self.is_held => return Poll::Ready(Err(error)),
                Poll::Ready(Some(Err(error))) => self.failure = Some(error),
                Poll::Ready(None) => return Poll::Ready(Ok(self.finish()?)),
                Poll::Pending => {
                    self.encoded = 0;
                    if !self.is_held {
                        return Poll::Pending;
                    }
                    is_waiting = true;
                }
            }
            let made = self.flush()?;
            if !made.is_empty() {
                return Poll::Ready(Ok(made));
            }
            if let Some(error) = self.failure.take() {
                return Poll::Ready(Err(error));
            }
            if is_waiting {
                return Poll::Pending;
            }
        }
    }

    /// `bytes` as they are sent between two chunks.
    pub(crate) fn insert(&mut self, bytes: &[u8]) -> io::Result<Bytes> {
        self.encoder.write(bytes)?;
        self.flush()
    }

    /// What is sent after the last chunk.
    pub(crate) fn finish(&mut self) -> io::Result<Bytes> {
        self.has_ended = true;
        self.encoder.finish()?;
        Ok(self.encoder.take().into())
    }

    fn flush(&mut self) -> io::Result<Bytes> {
        self.encoder.flush()?;
        self.is_held = false;
        Ok(self.encoder.take().into())
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running")
            .field("encoder", &self.encoder)
            .finish_non_exhaustive()
    }
}
