//! Large uploads on disk.

use std::{future::Future, pin::Pin};

use bytes::Bytes;
use sabir_core::{
    Problem, ProblemType,
    body::{FileSink, FileStore},
    value::StoredFile,
};
use tempfile::{NamedTempFile, TempPath};
use tokio::io::AsyncWriteExt;

/// Makes temporary files, each of which is removed with the value that holds it: a request that is refused or cancelled
/// leaves nothing behind, and neither does a handler that is done.
#[derive(Debug, Default)]
pub(crate) struct TemporaryFiles;

#[derive(Debug)]
struct TemporaryFile {
    file: tokio::fs::File,
    path: TempPath,
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
            let file = tokio::fs::File::from_std(file);
            Ok(Box::new(TemporaryFile { file, path }) as Box<dyn FileSink>)
        })
    }
}

impl FileSink for TemporaryFile {
    fn write(&mut self, chunk: Bytes) -> Pin<Box<dyn Future<Output = Result<(), Problem>> + Send + '_>> {
        Box::pin(async move { self.file.write_all(&chunk).await.map_err(|error| failed(&error)) })
    }

    fn finish(mut self: Box<Self>) -> Pin<Box<dyn Future<Output = Result<StoredFile, Problem>> + Send>> {
        Box::pin(async move {
            self.file.flush().await.map_err(|error| failed(&error))?;
            Ok(StoredFile::new(self.path.to_path_buf(), self.path))
        })
    }
}

/// The client learns only that the server failed; the reason is for the log.
fn failed(error: &std::io::Error) -> Problem {
    tracing::error!(%error, "an uploaded file could not be stored");
    Problem::new(ProblemType::InternalError)
}
