//! Where large file parts go.

use std::path::PathBuf;

use bytes::Bytes;

use crate::{BoxFuture, Problem};

/// Where file parts above the setting `file_memory_limit` go. Implemented where there is I/O.
///
/// A store remembers the files that it made and removes those that no value refers to: when a later part of the
/// body turns out to be bad, nobody else knows of them.
pub trait FileStore: Send + Sync {
    /// Opens a new file.
    fn create(&self) -> BoxFuture<'_, Result<Box<dyn FileSink>, Problem>>;
}

/// A file being written. One that is dropped before [`finish`](Self::finish) is removed.
pub trait FileSink: Send {
    /// Appends `chunk`.
    fn write(&mut self, chunk: Bytes) -> BoxFuture<'_, Result<(), Problem>>;
    /// Ends the file and gives its path.
    fn finish(self: Box<Self>) -> BoxFuture<'static, Result<PathBuf, Problem>>;
}
