//! Where large file parts go.

use bytes::Bytes;

use crate::{
    BoxFuture, Problem,
    threads::{MaybeSend, MaybeSync},
    value::StoredFile,
};

/// Where file parts above the setting `file_memory_limit` go. Implemented where there is I/O.
///
/// A file is removed when the [`StoredFile`] that stands for it goes, so that a body whose later part turns out to be
/// bad leaves nothing behind, nor does a handler that is done.
pub trait FileStore: MaybeSend + MaybeSync {
    /// Opens a new file.
    fn create(&self) -> BoxFuture<'_, Result<Box<dyn FileSink>, Problem>>;
}

/// A file being written. One that is dropped before [`finish`](Self::finish) is removed.
pub trait FileSink: MaybeSend {
    /// Appends `chunk`.
    fn write(&mut self, chunk: Bytes) -> BoxFuture<'_, Result<(), Problem>>;
    /// Ends the file.
    fn finish(self: Box<Self>) -> BoxFuture<'static, Result<StoredFile, Problem>>;
}
