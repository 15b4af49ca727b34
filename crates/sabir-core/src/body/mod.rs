//! Request bodies by media type.

use std::{future::Future, path::PathBuf, pin::Pin};

use bytes::Bytes;
use http::HeaderValue;

use crate::{
    Problem, Settings, SetupError, Value, Violation, call::BodyStream, operation::RequestBody,
    schema::SchemaCompiler,
};

/// The compiled request body of one route: its media types with their schemas.
#[derive(Debug, Clone)]
pub struct BodyPlan {
    _private: (),
}

/// How one request's body is to be read, chosen by its `Content-Type`.
#[derive(Debug)]
pub struct Decoder<'a> {
    _plan: &'a BodyPlan,
}

/// Where file parts above the setting `file_memory_limit` go. Implemented where there is I/O.
pub trait FileStore: Send + Sync {
    /// Opens a new file.
    fn create(&self) -> Pin<Box<dyn Future<Output = Result<Box<dyn FileSink>, Problem>> + Send + '_>>;
}

/// A file being written.
pub trait FileSink: Send {
    /// Appends `chunk`.
    fn write(&mut self, chunk: Bytes) -> Pin<Box<dyn Future<Output = Result<(), Problem>> + Send + '_>>;
    /// Ends the file and gives its path.
    fn finish(self: Box<Self>) -> Pin<Box<dyn Future<Output = Result<PathBuf, Problem>> + Send>>;
}

impl BodyPlan {
    /// Compiles the declared content.
    ///
    /// # Errors
    /// A media type that is not well formed, a schema that does not compile.
    pub fn compile(
        _body: &RequestBody,
        _schemas: &SchemaCompiler,
        _settings: &Settings,
    ) -> Result<Self, SetupError> {
        todo!()
    }

    /// Chooses how to read a body. `None` when there is no content and none is required.
    ///
    /// # Errors
    /// `unsupported-media-type` (415, with `Accept`), `validation-failed` when required content is missing.
    pub fn select(
        &self,
        _content_type: Option<&HeaderValue>,
        _has_content: bool,
    ) -> Result<Option<Decoder<'_>>, Problem> {
        todo!()
    }
}

impl Decoder<'_> {
    /// Whether the body is multipart and must be read with [`decode_stream`](Self::decode_stream).
    pub fn is_streamed(&self) -> bool {
        todo!()
    }

    /// Decodes and validates a whole body.
    ///
    /// # Errors
    /// `bad-request` for bad syntax, bad UTF-8, too deep a nesting, a name given twice.
    pub fn decode(&self, _body: &Bytes, _violations: &mut Vec<Violation>) -> Result<Value, Problem> {
        todo!()
    }

    /// Decodes and validates a multipart body as it arrives.
    ///
    /// # Errors
    /// `bad-request`, `content-too-large`, and whatever the stream or the store fails with.
    pub async fn decode_stream(
        &self,
        _body: BodyStream,
        _store: &dyn FileStore,
        _violations: &mut Vec<Violation>,
    ) -> Result<Value, Problem> {
        todo!()
    }
}
