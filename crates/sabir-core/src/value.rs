//! Decoded data: the one model for JSON bodies, parameters and form fields.

use std::{
    any::Any,
    fmt,
    ops::Deref,
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;

/// A string that is stored inline when short.
pub type Text = compact_str::CompactString;

/// One decoded value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// JSON `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer that fits 64 bits.
    Integer(i64),
    /// A number with a fraction or an exponent whose text survives the way through `f64`.
    Number(f64),
    /// A number that neither `i64` nor `f64` holds exactly, as its JSON text.
    Literal(Text),
    /// A string.
    String(Text),
    /// Raw bytes: a body or a part that is not text.
    Bytes(Bytes),
    /// An uploaded file.
    File(Arc<File>),
    /// An array.
    Array(Vec<Value>),
    /// An object; members keep their order.
    Object(Map),
}

/// The members of an object, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Map(pub Vec<(Text, Value)>);

/// A file part of a `multipart/form-data` body (RFC 7578).
#[derive(Debug, PartialEq)]
pub struct File {
    /// The `filename` parameter, without directories.
    pub filename: Option<Text>,
    /// The part's media type.
    pub content_type: Option<Text>,
    /// Where the content is.
    pub content: FileContent,
    /// The content's length in bytes.
    pub size: u64,
}

/// Where the content of a [`File`] is.
#[derive(Debug, PartialEq)]
pub enum FileContent {
    /// In memory.
    Memory(Bytes),
    /// On disk.
    Disk(StoredFile),
}

/// A file that a [`FileStore`](crate::body::FileStore) made. It is there for as long as this value is: what a handler
/// wants to keep, it moves or copies.
pub struct StoredFile {
    path: PathBuf,
    /// Removes the file when it is dropped. The core does no I/O, so how is the store's affair.
    _keeper: Box<dyn Any + Send + Sync>,
}

impl StoredFile {
    /// The file at `path`, which `keeper` removes when it is dropped.
    pub fn new(path: PathBuf, keeper: impl Any + Send + Sync) -> Self {
        Self {
            path,
            _keeper: Box::new(keeper),
        }
    }
}

impl Deref for StoredFile {
    type Target = Path;
    fn deref(&self) -> &Path {
        &self.path
    }
}

impl AsRef<Path> for StoredFile {
    fn as_ref(&self) -> &Path {
        &self.path
    }
}

impl PartialEq for StoredFile {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path
    }
}

impl fmt::Debug for StoredFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.fmt(f)
    }
}

/// What a value is, as its schema declares it: hosts choose the type that they build from this, never from the
/// looks of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// The schema says nothing.
    Any,
    /// `type: null`.
    Null,
    /// `type: boolean`.
    Boolean,
    /// `type: integer`.
    Integer,
    /// `type: number`.
    Number,
    /// `type: string`, `format: decimal`: a number kept as its text.
    Decimal,
    /// `type: string`.
    String,
    /// `format: uuid`.
    Uuid,
    /// `format: date` (RFC 3339).
    Date,
    /// `format: date-time` (RFC 3339).
    DateTime,
    /// `format: time` (RFC 3339).
    Time,
    /// `format: duration` (ISO 8601).
    Duration,
    /// `format: binary`.
    Binary,
    /// `type: array`, with the kind of its items.
    Array(Box<Kind>),
    /// `type: object`.
    Object,
}

impl Map {
    /// The value of the first member called `name`.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}
