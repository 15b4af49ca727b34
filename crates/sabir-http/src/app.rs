//! Collecting routes before the first request.

use std::{borrow::Cow, fmt, sync::Arc};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body as HttpBody;
use http_body_util::Full;
use sabir_core::{
    Handler, Route, RouteDefinition, Settings, SetupError,
    in_flight::InFlight,
    operation::SchemaData,
    reply::StreamError,
    routing::{Converters, Pattern, Router},
    schema::SchemaCompiler,
};

use crate::{Service, nested::Nested};

/// An application under construction.
///
/// Components and converters are added before the routes that use them, since a route is compiled as it is added.
#[derive(Debug)]
pub struct App {
    settings: Settings,
    schemas: SchemaCompiler,
    converters: Converters,
    router: Router<Target>,
    nested: Vec<Nested>,
    in_flight: Option<Arc<InFlight>>,
}

/// What a route leads to.
pub(crate) struct Target {
    pub(crate) route: Arc<Route>,
    pub(crate) handler: Arc<dyn Handler>,
}

impl App {
    /// An application without routes.
    pub fn new(settings: Settings) -> Self {
        let settings = sabir_core::switch::settings(Cow::Owned(settings)).into_owned();
        let router = Router::new(settings.trailing_slash);
        Self {
            schemas: SchemaCompiler::default().with_settings(&settings),
            settings,
            converters: Converters::default(),
            router,
            nested: Vec::new(),
            in_flight: None,
        }
    }

    /// Holds the calls of this application against the setting `concurrency_limit`.
    ///
    /// Not for handlers of a host language: there a call goes on when its client has left, so the host counts.
    #[must_use]
    pub fn counting_calls(mut self) -> Self {
        let limit = usize::try_from(self.settings.concurrency_limit).unwrap_or(usize::MAX);
        self.in_flight = Some(InFlight::new(limit));
        self
    }

    /// Sets the schemas that `#/components/schemas/...` refers to in routes added from now on.
    #[must_use]
    pub fn components(mut self, components: serde_json::Map<String, serde_json::Value>) -> Self {
        self.schemas = self.schemas.with_components(components);
        self
    }

    /// Sets the documents, by URI, that schemas of routes added from now on may refer to.
    ///
    /// # Errors
    /// As [`SchemaCompiler::with_documents`].
    pub fn schemas(
        &mut self,
        documents: serde_json::Map<String, serde_json::Value>,
    ) -> Result<&mut Self, SetupError> {
        self.schemas = self.schemas.clone().with_documents(documents)?;
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
        self.converters.add(name, regex, schema)?;
        Ok(self)
    }

    /// Parses the path of a route with the converters that have been added.
    ///
    /// # Errors
    /// Says what is wrong at which place of the pattern.
    pub fn pattern(&self, path: &str) -> Result<Pattern, SetupError> {
        Pattern::parse(path, &self.converters)
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
        let route = Arc::new(Route::compile(
            definition,
            &self.converters,
            &self.schemas,
            &self.settings,
        )?);
        let target = Target {
            route: Arc::clone(&route),
            handler,
        };
        self.router
            .add(route.method.clone(), Arc::clone(&route.pattern), target)
            .map_err(|error| {
                // The router names both routes of a conflict itself; only an error without a place gets one here.
                if error.route.is_empty() {
                    error.at(format!("{} {}", route.method, route.pattern.as_str()))
                } else {
                    error
                }
            })?;
        Ok(route)
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
        if self.nested.iter().any(|known| known.prefix() == prefix) {
            let problem = match prefix {
                "" => "there already is a fallback service".to_owned(),
                _ => format!("there already is a service below `{prefix}`"),
            };
            return Err(
                SetupError::new("prefix", problem, "nest one of them below another prefix").at(prefix),
            );
        }
        self.nested.push(Nested::new(prefix, service, &self.settings)?);
        self.nested
            .sort_by_key(|nested| std::cmp::Reverse(nested.prefix().len()));
        Ok(self)
    }

    /// The finished application.
    pub fn build(self) -> Service {
        Service::new(self.router, self.nested, self.settings, self.in_flight)
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("route", &self.route)
            .finish_non_exhaustive()
    }
}
