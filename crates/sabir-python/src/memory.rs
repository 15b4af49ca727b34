//! Requests in memory and their answers.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderMap, Response};
use pyo3::{exceptions::PyRuntimeError, prelude::*, types::PyBytes};
use sabir_core::{
    Connection, ConnectionEnd,
    reply::{HandlerFailed, StreamError},
};
use sabir_host::{Content, ContentReader, ContentWriter, Exchange, SentContent};

use crate::{
    error,
    interpreter::{self, enter},
    log,
};

/// What stands for a connection in memory: the requests of one client.
#[pyclass(frozen, module = "sabir._sabir")]
pub(crate) struct NativeConnection {
    pub(crate) connection: Connection,
    end: Mutex<Option<ConnectionEnd>>,
}

#[pymethods]
impl NativeConnection {
    #[new]
    fn new() -> Self {
        let (connection, end) = Connection::begin();
        Self {
            connection,
            end: Mutex::new(Some(end)),
        }
    }

    /// Ends it.
    fn close(&self, py: Python<'_>) {
        let end = self.end.lock().unwrap_or_else(PoisonError::into_inner).take();
        py.detach(|| drop(end));
    }
}

/// A request in memory.
#[pyclass(frozen, module = "sabir._sabir")]
pub(crate) struct NativeExchange(pub(crate) Exchange);

#[pymethods]
impl NativeExchange {
    /// Leaves, as a client does that closes its connection: a handler at work is cancelled.
    fn cancel(&self) {
        self.0.cancel();
    }
}

/// The content of an answer in memory that is made while it is read. What makes it is cancelled when this is dropped.
#[pyclass(frozen, module = "sabir._sabir")]
pub(crate) struct NativeContent(ContentReader);

#[pymethods]
impl NativeContent {
    /// Reads the next chunk: `done(chunk, failure)` is called from another thread. Neither is there at the end; a failure is
    /// why the content breaks off, and the id of the request whose handler failed, if that is why. Not called when the content
    /// is closed before. Whether it will be called: one chunk is read at a time.
    fn read(&self, done: Py<PyAny>) -> PyResult<bool> {
        interpreter::refuse_at_exit()?;
        Ok(self.0.read(move |chunk| {
            enter(move |py| {
                log::flush(py);
                let told = match chunk {
                    None => done.call1(py, (py.None(), py.None())),
                    Some(Ok(chunk)) => done.call1(py, (PyBytes::new(py, &chunk), py.None())),
                    Some(Err(error)) => done.call1(py, (py.None(), failure(&error))),
                };
                if let Err(error) = told {
                    error::unraisable(py, &error);
                }
            });
        }))
    }

    /// The fields that have followed the content, once it has ended.
    fn trailers(&self, py: Python<'_>) -> Vec<(Py<PyBytes>, Py<PyBytes>)> {
        fields(py, &self.0.trailers())
    }

    /// Leaves.
    fn close(&self) {
        self.0.close();
    }
}

/// Makes the content of a request in memory while it is read. Collected before its end, it breaks off.
#[pyclass(frozen, module = "sabir._sabir")]
pub(crate) struct NativeContentWriter {
    writer: ContentWriter,
    /// Until a request has it.
    content: Mutex<Option<SentContent>>,
}

impl NativeContentWriter {
    /// What is written, for one request.
    fn take(&self) -> PyResult<SentContent> {
        let content = self.content.lock().unwrap_or_else(PoisonError::into_inner).take();
        content.ok_or_else(|| PyRuntimeError::new_err("another request has the content"))
    }
}

#[pymethods]
impl NativeContentWriter {
    #[new]
    fn new() -> Self {
        let (writer, content) = ContentWriter::new();
        Self {
            writer,
            content: Mutex::new(Some(content)),
        }
    }

    /// Waits until a chunk is wanted: `done(is_wanted)` is called, maybe from another thread; with `False` when nobody reads.
    fn wanted(&self, done: Py<PyAny>) -> PyResult<()> {
        interpreter::refuse_at_exit()?;
        self.writer.wanted(move |is_wanted| {
            enter(move |py| {
                if let Err(error) = done.call1(py, (is_wanted,)) {
                    error::unraisable(py, &error);
                }
            });
        });
        Ok(())
    }

    /// Gives the next chunk, where one is wanted.
    fn write(&self, chunk: &Bound<'_, PyBytes>) {
        self.writer.write(Bytes::copy_from_slice(chunk.as_bytes()));
    }

    /// Ends the content.
    fn end(&self) {
        self.writer.end();
    }

    /// Breaks the content off.
    fn fail(&self) {
        self.writer.fail();
    }
}

/// The content of a request: bytes, or what a [`NativeContentWriter`] writes.
pub(crate) fn sent(content: &Bound<'_, PyAny>) -> PyResult<SentContent> {
    if let Ok(bytes) = content.cast::<PyBytes>() {
        return Ok(Bytes::copy_from_slice(bytes.as_bytes()).into());
    }
    content.cast::<NativeContentWriter>()?.get().take()
}

fn failure(error: &StreamError) -> (String, Option<String>) {
    let failed = error.downcast_ref::<HandlerFailed>();
    (error.to_string(), failed.map(|failed| failed.0.to_string()))
}

/// Header fields as Python has them.
pub(crate) fn fields(py: Python<'_>, headers: &HeaderMap) -> Vec<(Py<PyBytes>, Py<PyBytes>)> {
    let bytes = |content: &[u8]| PyBytes::new(py, content).unbind();
    headers
        .iter()
        .map(|(name, value)| (bytes(name.as_str().as_bytes()), bytes(value.as_bytes())))
        .collect()
}

/// Calls `done` with an answer.
pub(crate) fn deliver(py: Python<'_>, done: &Py<PyAny>, response: Response<Content>) -> PyResult<()> {
    let (head, content) = response.into_parts();
    let headers = fields(py, &head.headers);
    let content = match content {
        Content::Whole(bytes) => PyBytes::new(py, &bytes).into_any(),
        Content::Stream(reader) => Bound::new(py, NativeContent(reader))?.into_any(),
    };
    done.call1(py, (head.status.as_u16(), headers, content)).map(drop)
}
