//! Large uploads on disk.

use std::{
    future::Future,
    path::PathBuf,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use sabir_core::{
    Problem, ProblemType,
    body::{FileSink, FileStore},
};
use tempfile::{NamedTempFile, TempPath};
use tokio::io::AsyncWriteExt;

/// Keeps the files of one request. Until [`keep`](Self::keep), dropping the store removes them, so that a request
/// that is refused or cancelled leaves nothing behind.
#[derive(Debug, Default)]
pub(crate) struct TemporaryFiles {
    finished: Arc<Mutex<Vec<TempPath>>>,
}

#[derive(Debug)]
struct TemporaryFile {
    file: tokio::fs::File,
    path: TempPath,
    finished: Arc<Mutex<Vec<TempPath>>>,
}

impl TemporaryFiles {
    /// Leaves the files to whoever holds their paths.
    pub(crate) fn keep(self) {
        for mut path in self
            .finished
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .drain(..)
        {
            path.disable_cleanup(true);
        }
    }
}

impl FileStore for TemporaryFiles {
    fn create(&self) -> Pin<Box<dyn Future<Output = Result<Box<dyn FileSink>, Problem>> + Send + '_>> {
        Box::pin(async {
            let created = tokio::task::spawn_blocking(NamedTempFile::new).await;
            let (file, path) = created
                .map_err(std::io::Error::other)
                .and_then(|file| file)
                .map_err(|error| failed(&error))?
                .into_parts();
            let sink = TemporaryFile {
                file: tokio::fs::File::from_std(file),
                path,
                finished: Arc::clone(&self.finished),
            };
            Ok(Box::new(sink) as Box<dyn FileSink>)
        })
    }
}

impl FileSink for TemporaryFile {
    fn write(&mut self, chunk: Bytes) -> Pin<Box<dyn Future<Output = Result<(), Problem>> + Send + '_>> {
        Box::pin(async move { self.file.write_all(&chunk).await.map_err(|error| failed(&error)) })
    }

    fn finish(mut self: Box<Self>) -> Pin<Box<dyn Future<Output = Result<PathBuf, Problem>> + Send>> {
        Box::pin(async move {
            self.file.flush().await.map_err(|error| failed(&error))?;
            let path = self.path.to_path_buf();
            self.finished
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(self.path);
            Ok(path)
        })
    }
}

/// The client learns only that the server failed; the reason is for the log.
fn failed(error: &std::io::Error) -> Problem {
    tracing::error!(%error, "an uploaded file could not be stored");
    Problem::new(ProblemType::InternalError)
}
