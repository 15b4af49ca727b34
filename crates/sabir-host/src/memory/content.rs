//! The content of an answer in memory.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::StreamExt;
use http::HeaderMap;
use http_body::Body;
use sabir_core::{pipeline::ResponseBody, reply::StreamError, threads::BoxStream};
use tokio::runtime::Handle;

use crate::reader::Reader;

/// What an answer in memory says.
#[derive(Debug)]
pub enum Content {
    /// All of it.
    Whole(Bytes),
    /// Chunks that are read as they are made.
    Stream(ContentReader),
}

/// Reads content that is made while it is read. Dropping it is what a client does that leaves: whatever makes the content is
/// cancelled.
#[derive(Debug)]
pub struct ContentReader {
    reader: Reader<Result<Bytes, StreamError>>,
    trailers: Arc<Mutex<HeaderMap>>,
}

impl Content {
    pub(super) async fn of(body: ResponseBody, runtime: Handle) -> Self {
        let is_stream = body.is_stream();
        let trailers = Arc::<Mutex<HeaderMap>>::default();
        let mut chunks = Chunks {
            body,
            trailers: Arc::clone(&trailers),
        };
        if !is_stream {
            // What is no stream is at hand, and cannot fail.
            let whole = chunks.next().await.and_then(Result::ok);
            return Self::Whole(whole.unwrap_or_default());
        }
        Self::Stream(ContentReader {
            reader: Reader::new(Box::pin(chunks), runtime),
            trailers,
        })
    }
}

impl ContentReader {
    /// Reads `chunks`.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn of(chunks: BoxStream<Result<Bytes, StreamError>>) -> io::Result<Self> {
        Ok(Self {
            reader: Reader::new(chunks, super::runtime()?),
            trailers: Arc::default(),
        })
    }

    /// The fields that have followed the content, once it has ended.
    pub fn trailers(&self) -> HeaderMap {
        self.trailers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Reads the next chunk. `done` is called on another thread with it, with `None` at the end, or with why the content breaks
    /// off before its end; not at all when the reader is closed before. One chunk is read at a time: a second reading is
    /// refused, and `done` not called. Whether it will be.
    #[must_use]
    pub fn read(&self, done: impl FnOnce(Option<Result<Bytes, StreamError>>) + Send + 'static) -> bool {
        self.reader.read(done).is_ok()
    }

    /// Leaves.
    pub fn close(&self) {
        self.reader.close();
    }
}

/// The chunks of a body that are not empty. What follows them is put aside.
struct Chunks {
    body: ResponseBody,
    trailers: Arc<Mutex<HeaderMap>>,
}

impl Stream for Chunks {
    type Item = Result<Bytes, StreamError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(chunk) if !chunk.is_empty() => return Poll::Ready(Some(Ok(chunk))),
                    Ok(_) => {}
                    Err(frame) => {
                        if let Ok(fields) = frame.into_trailers() {
                            *self.trailers.lock().unwrap_or_else(PoisonError::into_inner) = fields;
                        }
                    }
                },
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}
