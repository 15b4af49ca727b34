//! The content of an answer in memory.

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::{Bytes, BytesMut};
use http_body::Body;
use sabir_core::{pipeline::ResponseBody, reply::StreamError};
use tokio::{runtime::Handle, task::AbortHandle};

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
pub struct ContentReader {
    shared: Arc<Mutex<State>>,
    runtime: Handle,
}

enum State {
    Idle(ResponseBody),
    Reading(Option<AbortHandle>),
    Over,
}

impl Content {
    pub(super) async fn of(mut body: ResponseBody, runtime: Handle) -> Self {
        if !body.is_stream() {
            // What is no stream is at hand, and cannot fail.
            let whole = next(&mut body).await.and_then(Result::ok);
            return Self::Whole(whole.unwrap_or_default());
        }
        Self::Stream(ContentReader {
            shared: Arc::new(Mutex::new(State::Idle(body))),
            runtime,
        })
    }
}

impl Content {
    /// Reads all of it. `done` is called with that, or with why it breaks off; here for what is at hand, else on another
    /// thread.
    pub fn read_all(self, done: impl FnOnce(Result<Bytes, StreamError>) + Send + 'static) {
        match self {
            Self::Whole(bytes) => done(Ok(bytes)),
            Self::Stream(reader) => reader.read_all(done),
        }
    }
}

impl ContentReader {
    /// Reads the next chunk. `done` is called on another thread with it, with `None` at the end, or with why the content breaks
    /// off before its end; not at all when the reader is closed before. One chunk is read at a time: a second reading fails.
    pub fn read(&self, done: impl FnOnce(Option<Result<Bytes, StreamError>>) + Send + 'static) {
        let mut state = lock(&self.shared);
        let mut body = match std::mem::replace(&mut *state, State::Reading(None)) {
            State::Idle(body) => Some(body),
            State::Over => {
                *state = State::Over;
                None
            }
            reading @ State::Reading(_) => {
                *state = reading;
                drop(state);
                return done(Some(Err("a chunk of the content is being read already".into())));
            }
        };
        let shared = Arc::clone(&self.shared);
        let task = self.runtime.spawn(async move {
            let chunk = match &mut body {
                Some(body) => next(body).await,
                None => None,
            };
            if let Some(body) = body {
                let mut state = lock(&shared);
                let before = std::mem::replace(&mut *state, State::Over);
                let is_wanted = matches!(before, State::Reading(_));
                if is_wanted && matches!(chunk, Some(Ok(_))) {
                    *state = State::Idle(body);
                }
                drop(state);
                if !is_wanted {
                    return;
                }
            }
            done(chunk);
        });
        if let State::Reading(abort) = &mut *state {
            *abort = Some(task.abort_handle());
        }
    }

    fn read_all(self, done: impl FnOnce(Result<Bytes, StreamError>) + Send + 'static) {
        let State::Idle(mut body) = std::mem::replace(&mut *lock(&self.shared), State::Over) else {
            return done(Err("the content is being read already".into()));
        };
        self.runtime.spawn(async move {
            let mut whole = BytesMut::new();
            while let Some(chunk) = next(&mut body).await {
                match chunk {
                    Ok(chunk) => whole.extend_from_slice(&chunk),
                    Err(error) => return done(Err(error)),
                }
            }
            done(Ok(whole.freeze()));
        });
    }

    /// Leaves.
    pub fn close(&self) {
        let before = std::mem::replace(&mut *lock(&self.shared), State::Over);
        if let State::Reading(Some(task)) = before {
            task.abort();
        }
    }
}

impl Drop for ContentReader {
    fn drop(&mut self) {
        self.close();
    }
}

impl fmt::Debug for ContentReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContentReader").finish_non_exhaustive()
    }
}

/// The next chunk that is not empty.
async fn next(body: &mut ResponseBody) -> Option<Result<Bytes, StreamError>> {
    loop {
        let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await?;
        match frame.map(|frame| frame.into_data()) {
            Ok(Ok(chunk)) if !chunk.is_empty() => return Some(Ok(chunk)),
            // Trailers, or nothing.
            Ok(_) => {}
            Err(error) => return Some(Err(error)),
        }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
