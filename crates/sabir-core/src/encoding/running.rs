//! Content that is encoded while it is sent.

use std::{
    error::Error,
    io,
    task::{Context, Poll},
};

use bytes::Bytes;

use super::Encoder;
use crate::threads::BoxStream;

/// Why a stream breaks off.
type Failure = Box<dyn Error + Send + Sync>;

/// How much is encoded before the reader is given what came of it, or others have their turn.
const STEP: usize = 64 * 1024;

/// How much is handed on at once where more is ready.
const PIECE: usize = 16 * 1024;

/// Encodes the chunks of a stream. Those that are ready together become one; what has no successor yet is handed on at once.
#[derive(Debug)]
pub(crate) struct Running {
    encoder: Encoder,
    /// What is left of a larger chunk.
    waiting: Bytes,
    /// Whether something is written that nobody can read yet.
    is_held: bool,
    /// Why the content breaks off, while what came before is handed on.
    failure: Option<Failure>,
    has_ended: bool,
}

impl Running {
    pub(crate) fn new(encoder: Encoder) -> Self {
        Self {
            encoder,
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
        let (mut written, mut is_waiting) = (0, false);
        loop {
            if !self.waiting.is_empty() {
                let step = self.waiting.split_to(self.waiting.len().min(STEP));
                self.encoder.write(&step)?;
                self.is_held = true;
                written += step.len();
                if self.encoder.len() >= PIECE {
                    return Poll::Ready(Ok(self.encoder.take().into()));
                }
                if written < STEP {
                    continue;
                }
                written = 0;
            } else {
                match chunks.as_mut().poll_next(context) {
                    Poll::Ready(Some(Ok(chunk))) => {
                        self.waiting = chunk;
                        continue;
                    }
                    Poll::Ready(Some(Err(error))) if !self.is_held => return Poll::Ready(Err(error)),
                    Poll::Ready(Some(Err(error))) => self.failure = Some(error),
                    Poll::Ready(None) => return Poll::Ready(Ok(self.finish()?)),
                    Poll::Pending if self.is_held => is_waiting = true,
                    Poll::Pending => return Poll::Pending,
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
