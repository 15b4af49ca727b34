//! Routes that answer with the application's own documents.

use std::sync::{Arc, OnceLock, Weak};

use http::{HeaderValue, header::CACHE_CONTROL};

use super::application::Inner;
use crate::{
    BoxFuture, Call, Handler, Operation, Problem, ProblemType, Reply, SetupError,
    document::{Info, OpenApiVersion, asyncapi},
    reply::Representation,
    schema::SchemaCompiler,
};

/// A document that an application answers with.
///
/// ```
/// use http::Request;
/// use sabir_core::{Settings, document::{Info, OpenApiVersion}};
/// use sabir_core::pipeline::{ApplicationBuilder, ServedDocument};
///
/// # fn main() -> Result<(), sabir_core::SetupError> {
/// let mut builder = ApplicationBuilder::new(Settings::default());
/// let document = ServedDocument::OpenApi(Info::new("Shop", "1.0.0"), OpenApiVersion::default());
/// builder.document("/openapi.json", document)?;
/// let application = builder.build();
///
/// # futures_util::FutureExt::now_or_never(async {
/// let response = application.call(Request::get("/openapi.json").body("".into()).unwrap()).await;
/// assert!(response.body().starts_with(br#"{"openapi":"3.1.0","info":{"title":"Shop","#));
/// # }).unwrap();
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum ServedDocument {
    /// That of the operations; see [`openapi`](crate::document::openapi).
    OpenApi(Info, OpenApiVersion),
    /// That of sockets and streams; see [`asyncapi`].
    AsyncApi(Info),
}

impl ServedDocument {
    /// Refuses what no document could be made with.
    ///
    /// # Errors
    /// As [`asyncapi`].
    pub(super) fn check(&self) -> Result<(), SetupError> {
        match self {
            Self::OpenApi(..) => Ok(()),
            Self::AsyncApi(info) => asyncapi(info, [], &SchemaCompiler::default()).map(drop),
        }
    }
}

/// The operation of a route that no document describes.
pub(super) fn hidden() -> Operation {
    hidden_too(Operation::default())
}

/// `operation` as one that no document describes.
pub(super) fn hidden_too(mut operation: Operation) -> Operation {
    let extension = operation.extension.get_or_insert_default();
    extension.hidden = true;
    operation
}

/// Answers with a document, which is made at the first request for it.
pub(super) struct DocumentHandler {
    pub(super) document: ServedDocument,
    /// The application, once it is finished. It has this handler.
    pub(super) application: Arc<OnceLock<Weak<Inner>>>,
    pub(super) made: OnceLock<Option<Representation>>,
}

impl DocumentHandler {
    fn make(&self) -> Option<Representation> {
        let inner = self.application.get()?.upgrade()?;
        let document = match &self.document {
            ServedDocument::OpenApi(info, version) => inner.routes.openapi(info, *version, &inner.schemas),
            ServedDocument::AsyncApi(info) => inner.routes.asyncapi(info, &inner.schemas).ok()?,
        };
        let json = const { HeaderValue::from_static("application/json") };
        let no_cache = const { HeaderValue::from_static("no-cache") };
        Some(Representation::new(json, document.to_string()).with_header(CACHE_CONTROL, no_cache))
    }
}

impl Handler for DocumentHandler {
    fn call(&self, call: Call) -> BoxFuture<'static, Reply> {
        let reply = match self.made.get_or_init(|| self.make()) {
            Some(made) => made.reply(&call.head),
            None => Problem::new(ProblemType::InternalError).into_reply(),
        };
        Box::pin(std::future::ready(reply))
    }
}
