//! Uploaded files.

use std::{borrow::Cow, io, path::Path, sync::Arc};

use bytes::Bytes;
use sabir_core::{File, deserialize, value::FileContent};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};

/// A file of a `multipart/form-data` body (RFC 7578), as a field of the struct in [`Multipart`](crate::Multipart).
///
/// Files above the setting `file_memory_limit` are on disk. Such a file is removed when the last clone of this value
/// goes, so a handler copies or moves what it wants to keep.
///
/// ```
/// use sabir::{Multipart, Problem, Sabir, UploadFile};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Photo {
///     image: UploadFile,
/// }
///
/// async fn add(Multipart(photo): Multipart<Photo>) -> Result<String, Problem> {
///     let content = photo.image.read().await?;
///     Ok(format!("{:?}, {} bytes", photo.image.filename(), content.len()))
/// }
///
/// # fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new().post("/photos", add).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct UploadFile(Arc<File>);

impl UploadFile {
    /// The name that the client gave, without directories. It is the client's word: do not trust it as a path.
    pub fn filename(&self) -> Option<&str> {
        self.0.filename.as_deref()
    }

    /// The media type that the client gave.
    pub fn content_type(&self) -> Option<&str> {
        self.0.content_type.as_deref()
    }

    /// The size in bytes.
    pub fn size(&self) -> u64 {
        self.0.size
    }

    /// Where the content is on disk; `None` when it is in memory.
    pub fn path(&self) -> Option<&Path> {
        match &self.0.content {
            FileContent::Memory(_) => None,
            FileContent::Disk(file) => Some(file),
        }
    }

    /// The whole content, without copying where it is in memory.
    ///
    /// # Errors
    /// When a file on disk cannot be read.
    pub async fn read(&self) -> io::Result<Bytes> {
        if let FileContent::Memory(bytes) = &self.0.content {
            return Ok(bytes.clone());
        }
        let file = self.clone();
        let read =
            tokio::task::spawn_blocking(move || file.path().map_or_else(|| Ok(Vec::new()), std::fs::read));
        read.await?.map(Bytes::from)
    }
}

impl<'de> Deserialize<'de> for UploadFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize::file(deserializer).map(Self)
    }
}

impl JsonSchema for UploadFile {
    fn schema_name() -> Cow<'static, str> {
        "UploadFile".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "binary" })
    }
}
