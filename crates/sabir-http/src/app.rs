//! Collecting routes before the first request.

use std::sync::Arc;

use bytes::Bytes;
use http::{Extensions, Request, Response, Uri};
use http_body::Body as HttpBody;
use http_body_util::Full;
use sabir_core::{
    Handler, Operation, Route, RouteDefinition, Settings, SetupError,
    document::{Info, OpenApiVersion},
    operation::SchemaData,
    pipeline::{ApplicationBuilder, Redirect, StaticFiles},
    reply::StreamError,
    routing::Pattern,
};

use crate::{
    Service, access_log::AccessLogs, nested::ServiceHandler, static_files::FileSystem,
    temporary_files::TemporaryFiles, tokio_timer::TokioTimer,
};

/// An application under construction.
///
/// Components and converters are added before the routes that use them, since a route is compiled as it is added.
///
/// ```
/// use std::sync::Arc;
///
/// use http::{Method, Request, StatusCode};
/// use sabir_core::{Call, Operation, Reply, RouteDefinition, Settings};
/// use sabir_http::App;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sabir_core::SetupError> {
/// let mut app = App::new(Settings::default());
/// let show = async |_: Call| Reply::bytes(StatusCode::OK, "text/plain", "hello");
/// app.route(RouteDefinition::new(Method::GET, "/hello", Operation::default()), Arc::new(show))?;
/// let service = app.build();
/// let response = service.call_in_memory(Request::get("/hello").body("".into()).unwrap()).await;
/// assert_eq!(response.body(), "hello");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct App {
    pub(crate) builder: ApplicationBuilder,
    original_uri: fn(&Extensions) -> Option<Uri>,
}

impl App {
    /// An application without routes.
    pub fn new(settings: Settings) -> Self {
        let builder = ApplicationBuilder::new(settings);
        Self {
            builder: builder
                .timer(TokioTimer::new())
                .file_store(TemporaryFiles)
                .static_server(FileSystem)
                .access_log_sink(AccessLogs),
            original_uri: |_| None,
        }
    }

    /// Holds the calls of this application against the setting `concurrency_limit`.
    ///
    /// Not for handlers of a host language: there a call goes on when its client has left, so the host counts.
    #[must_use]
    pub fn counting_calls(mut self) -> Self {
        self.builder = self.builder.counting_calls();
        self
    }

    /// Sets the schemas that `#/components/schemas/...` refers to in routes added from now on.
    #[must_use]
    pub fn components(mut self, components: serde_json::Map<String, serde_json::Value>) -> Self {
        self.builder = self.builder.components(components);
        self
    }

    /// Adds schemas that `#/components/schemas/...` refers to in routes added from now on.
    pub fn add_components(&mut self, components: serde_json::Map<String, serde_json::Value>) -> &mut Self {
        self.builder.add_components(components);
        self
    }

    /// Adds a security scheme for routes added from now on, as [`ApplicationBuilder::security_scheme`].
    ///
    /// # Errors
    /// As there.
    pub fn security_scheme(
        &mut self,
        name: &str,
        scheme: &serde_json::Value,
    ) -> Result<&mut Self, SetupError> {
        self.builder.security_scheme(name, scheme)?;
        Ok(self)
    }

    /// Has `handler` answer requests that no route fits, as [`ApplicationBuilder::refusals`].
    ///
    /// # Errors
    /// As there.
    pub fn refusals(&mut self, handler: Arc<dyn Handler>) -> Result<Arc<Route>, SetupError> {
        self.builder.refusals(handler)
    }

    /// Has `handler` answer refused requests for `route`, as [`ApplicationBuilder::refusals_of`].
    pub fn refusals_of(&mut self, route: &Arc<Route>, handler: Arc<dyn Handler>) -> &mut Self {
        self.builder.refusals_of(route, handler);
        self
    }

    /// Sets the stage called `name` for every answer, as [`ApplicationBuilder::stage`].
    ///
    /// # Errors
    /// As there.
    pub fn stage(&mut self, name: &str, options: &serde_json::Value) -> Result<&mut Self, SetupError> {
        self.builder.stage(name, options)?;
        Ok(self)
    }

    /// Sets the documents, by URI, that schemas of routes added from now on may refer to.
    ///
    /// # Errors
    /// As [`SchemaCompiler::with_documents`](sabir_core::schema::SchemaCompiler::with_documents).
    pub fn schemas(
        &mut self,
        documents: serde_json::Map<String, serde_json::Value>,
    ) -> Result<&mut Self, SetupError> {
        self.builder.schemas(documents)?;
        Ok(self)
    }

    /// Adds a path converter for routes added from now on: `{name:converter}` matches segments that fit `regex`,
    /// and the variable has `schema`.
    ///
    /// # Errors
    /// A name that is taken, a regular expression that does not compile.
    pub fn converter(
        &mut self,
        name: &str,
        regex: &str,
        schema: SchemaData,
    ) -> Result<&mut Self, SetupError> {
        self.builder.converter(name, regex, schema)?;
        Ok(self)
    }

    /// Parses the path of a route with the converters that have been added.
    ///
    /// # Errors
    /// Says what is wrong at which place of the pattern.
    pub fn pattern(&self, path: &str) -> Result<Pattern, SetupError> {
        self.builder.pattern(path)
    }

    /// Compiles and adds a route whose calls `handler` answers.
    ///
    /// # Errors
    /// Names the route, the field and the remedy.
    pub fn route(
        &mut self,
        definition: RouteDefinition,
        handler: Arc<dyn Handler>,
    ) -> Result<Arc<Route>, SetupError> {
        self.builder.route(definition, handler)
    }

    /// Hands the requests below `prefix` that have no route here to another service, which sees the path without the
    /// prefix. With the empty prefix the service is the fallback for every path. The longest prefix that fits wins.
    ///
    /// The service works inside the pipeline: limits, deadlines, the request's id and the shield against panics hold for
    /// it too. Its request content has been read within the setting `body_limit`; it finds the id in the header
    /// field `x-request-id` and as an extension, and the client's address as the extension
    /// [`RemoteAddress`](crate::RemoteAddress). It cannot upgrade the connection.
    ///
    /// # Errors
    /// A prefix that is taken, or that is not the start of a path.
    pub fn nest<S, B>(&mut self, prefix: &str, service: S) -> Result<&mut Self, SetupError>
    where
        S: tower_service::Service<Request<Full<Bytes>>, Response = Response<B>>
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send,
        S::Error: Into<StreamError>,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<StreamError>,
    {
        self.builder
            .nest(prefix, Arc::new(ServiceHandler::new(prefix, service)))?;
        Ok(self)
    }

    /// Hands the requests below `prefix` that have no route here to `handler`, whatever their method, once their heads are there.
    /// Content is taken while it arrives, see [`RouteDefinition::streaming`], and decoded by nobody. Gives the route that the calls
    /// carry, which have the whole path.
    ///
    /// # Errors
    /// As for [`nest`](Self::nest).
    pub fn nest_streaming(
        &mut self,
        prefix: &str,
        handler: Arc<dyn Handler>,
    ) -> Result<Arc<Route>, SetupError> {
        self.builder.nest_streaming(prefix, handler)
    }

    /// Hands the requests below `prefix` that have no route here to `handler`, whatever their method, as [`nest`](Self::nest)
    /// does, with the arguments that `operation` declares.
    ///
    /// # Errors
    /// As for [`nest`](Self::nest) and for [`route`](Self::route).
    pub fn fallback(
        &mut self,
        prefix: &str,
        operation: Operation,
        handler: Arc<dyn Handler>,
    ) -> Result<&mut Self, SetupError> {
        self.builder.fallback(prefix, operation, handler)?;
        Ok(self)
    }

    /// Answers requests for the paths below `path` that have no route with the files of a folder, as
    /// [`ApplicationBuilder::static_files`].
    ///
    /// # Errors
    /// As there.
    pub fn static_files(
        &mut self,
        path: &str,
        files: &StaticFiles,
        operation: Operation,
    ) -> Result<&mut Self, SetupError> {
        self.builder.static_files(path, files, operation)?;
        Ok(self)
    }

    /// Sends requests for `path` elsewhere, as [`ApplicationBuilder::redirect`].
    ///
    /// # Errors
    /// As there.
    pub fn redirect(
        &mut self,
        path: &str,
        redirect: &Redirect,
        operation: Operation,
    ) -> Result<&mut Self, SetupError> {
        self.builder.redirect(path, redirect, operation)?;
        Ok(self)
    }

    /// Lets `read` find what the client asked for in the extensions of a request where [`OriginalUri`](crate::OriginalUri) is not
    /// among them, since another framework has an extension of its own for it.
    #[must_use]
    pub fn original_uri(mut self, read: fn(&Extensions) -> Option<Uri>) -> Self {
        self.original_uri = read;
        self
    }

    /// The AsyncAPI document of the routes that have been added; see [`asyncapi`](sabir_core::document::asyncapi).
    ///
    /// # Errors
    /// A server has no URL of HTTP.
    pub fn asyncapi(&self, info: &Info) -> Result<serde_json::Value, SetupError> {
        self.builder.asyncapi(info)
    }

    /// Adds what a service below `prefix` says of itself to the OpenAPI document: its paths, below the prefix, its components, of which one
    /// whose name is taken gets another, and its tags.
    ///
    /// # Errors
    /// It is no OpenAPI document.
    pub fn nested_document(
        &mut self,
        prefix: &str,
        document: serde_json::Value,
    ) -> Result<&mut Self, SetupError> {
        self.builder.nested_document(prefix, document)?;
        Ok(self)
    }

    /// The OpenAPI document of the routes that have been added; see [`openapi`](sabir_core::document::openapi).
    pub fn openapi(&self, info: &Info, version: OpenApiVersion) -> serde_json::Value {
        self.builder.openapi(info, version)
    }

    /// The finished application.
    pub fn build(self) -> Service {
        Service::new(self.builder.build(), self.original_uri)
    }
}
