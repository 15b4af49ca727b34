//! Collecting routes before the first request.

use std::{
    borrow::Cow,
    cmp::Reverse,
    collections::HashMap,
    fmt,
    sync::{Arc, OnceLock, Weak},
};

use http::Method;

use indexmap::IndexMap;

use super::{
    application::{Application, Inner},
    nested::{self, Nested},
    observation::Observers,
    refusals::Refusals,
    response_validation,
    routes::Routes,
    served_document::{DocumentHandler, ServedDocument, hidden},
    static_files::StaticServer,
    target::Target,
    timer::Timer,
};
use crate::{
    Handler, Operation, Route, RouteDefinition, Settings, SetupError,
    access_log::AccessLogSink,
    body::FileStore,
    document::{Info, NestedDocument, OpenApiVersion},
    in_flight::InFlight,
    operation::SchemaData,
    routing::{Converters, Pattern, Router},
    schema::SchemaCompiler,
    security::{Requirement, SecurityScheme, Verifier},
    stage::{RateLimitStore, Stages, Surroundings},
};

/// An application under construction.
///
/// Components and converters are added before the routes that use them, since a route is compiled as it is added.
///
/// ```
/// use std::sync::Arc;
///
/// use http::{Method, StatusCode};
/// use sabir_core::{Call, Operation, Reply, RouteDefinition, Settings, pipeline::ApplicationBuilder};
/// use serde_json::json;
///
/// let mut builder = ApplicationBuilder::new(Settings::default());
/// builder.converter("sku", "[A-Z]{3}-[0-9]{4}", json!({ "type": "string" }))?;
/// let show = async |_: Call| Reply::new(StatusCode::NO_CONTENT);
/// builder.route(RouteDefinition::new(Method::GET, "/parts/{id:sku}", Operation::default()), Arc::new(show))?;
/// let application = builder.build();
/// # Ok::<_, sabir_core::SetupError>(())
/// ```
pub struct ApplicationBuilder {
    pub(super) settings: Settings,
    pub(super) schemas: SchemaCompiler,
    pub(super) converters: Converters,
    pub(super) routes: Routes,
    /// The routes whose operations have an `operationId`, by that.
    identified: HashMap<String, Arc<Route>>,
    in_flight: Option<Arc<InFlight>>,
    pub(super) timer: Option<Arc<dyn Timer>>,
    files: Option<Arc<dyn FileStore>>,
    pub(super) static_server: Option<Arc<dyn StaticServer>>,
    /// The routes whose handlers are the runtime's.
    pub(super) served: Vec<Arc<Route>>,
    stages: Stages,
    pub(super) refusals: Option<Refusals>,
    /// The finished application, for those of its handlers that need it.
    finished: Arc<OnceLock<Weak<Inner>>>,
    around: Surroundings,
}

impl ApplicationBuilder {
    /// An application without routes, timer and file store.
    pub fn new(settings: Settings) -> Self {
        let settings = crate::switch::settings(Cow::Owned(settings)).into_owned();
        Self {
            schemas: SchemaCompiler::default().with_settings(&settings),
            routes: Routes {
                router: Router::new(settings.trailing_slash),
                nested: Vec::new(),
                documents: Vec::new(),
                security: IndexMap::new(),
            },
            settings,
            converters: Converters::default(),
            identified: HashMap::new(),
            in_flight: None,
            timer: None,
            files: None,
            static_server: None,
            served: Vec::new(),
            stages: Stages::default(),
            refusals: None,
            finished: Arc::default(),
            around: Surroundings::default(),
        }
    }

    /// Keeps the deadlines of handlers and of content by `timer`. Without one there are none.
    #[must_use]
    pub fn timer(mut self, timer: impl Timer) -> Self {
        self.timer = Some(Arc::new(timer));
        self
    }

    /// Writes uploaded files above the setting `file_memory_limit` to `store`. Without one they stay in memory.
    #[must_use]
    pub fn file_store(mut self, store: impl FileStore + 'static) -> Self {
        self.files = Some(Arc::new(store));
        self
    }

    /// Has `server` answer requests for [files of folders](Self::static_files). Without one they are refused.
    #[must_use]
    pub fn static_server(mut self, server: impl StaticServer + 'static) -> Self {
        self.static_server = Some(Arc::new(server));
        self
    }

    /// Has rate limits keep what clients have taken in `store`. Without one each stage keeps it in memory.
    #[must_use]
    pub fn rate_limit_store(mut self, store: impl RateLimitStore) -> Self {
        self.around.rate_limits = Some(Arc::new(store));
        self
    }

    /// Has access logs written to what `sink` opens. Without one the stage `access_log` is refused.
    #[must_use]
    pub fn access_log_sink(mut self, sink: impl AccessLogSink) -> Self {
        self.around.access_log = Some(Arc::new(sink));
        self
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

    /// Adds schemas that `#/components/schemas/...` refers to in routes added from now on.
    pub fn add_components(&mut self, components: serde_json::Map<String, serde_json::Value>) -> &mut Self {
        self.schemas.add_components(components);
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
    /// Names the route, the field and the remedy, and both routes where two match the same paths or have the same
    /// `operationId`.
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
        self.check_operation_id(&route)?;
        let target = Target {
            handler: response_validation::checked(&route, handler, &self.schemas, &self.settings)?,
            route: Arc::clone(&route),
            is_nested: false,
            stages: self.stages_of(&route)?,
            security: self.requirement_of(&route)?,
            chain: None,
            lines: None,
            refusals: None,
        };
        let (router, pattern) = (&mut self.routes.router, Arc::clone(&route.pattern));
        let added = match route.socket {
            Some(_) => router.add_upgrade(pattern, target),
            None => router.add(route.method.clone(), pattern, target),
        };
        added.map_err(|error| {
            // The router names both routes of a conflict itself; only an error without a place gets one here.
            if error.route.is_empty() {
                error.at(name_of(&route))
            } else {
                error
            }
        })?;
        if let Some(id) = &route.operation.operation_id {
            self.identified.insert(id.clone(), Arc::clone(&route));
        }
        Ok(route)
    }

    /// Answers requests for `path` with a document of the application, which is made once, at the first of them, and of all its routes.
    /// Clients keep it, and ask whether it has changed. No document describes it.
    ///
    /// # Errors
    /// As for [`route`](Self::route), and as [`asyncapi`](crate::document::asyncapi).
    pub fn document(&mut self, path: &str, document: ServedDocument) -> Result<&mut Self, SetupError> {
        document.check()?;
        // It is one resource.
        self.pattern(path)?.build(&[])?;
        let handler = DocumentHandler {
            document,
            application: Arc::clone(&self.finished),
            made: OnceLock::new(),
        };
        self.hidden_route(path, Arc::new(handler))
    }

    /// Adds a route of GET that no document describes.
    ///
    /// # Errors
    /// As for [`route`](Self::route).
    pub fn hidden_route(&mut self, path: &str, handler: Arc<dyn Handler>) -> Result<&mut Self, SetupError> {
        self.route(RouteDefinition::new(Method::GET, path, hidden()), handler)?;
        Ok(self)
    }

    /// The stages that the operation of a route sets.
    pub(super) fn stages_of(&self, route: &Route) -> Result<Stages, SetupError> {
        let Some(extension) = &route.operation.extension else {
            return Ok(Stages::default());
        };
        let stages = Stages::read_of_route(&extension.stages).and_then(|stages| {
            stages.prepare(&self.around)?;
            Ok(stages)
        });
        stages.map_err(|error| {
            let field = format!("x-sabir.{}", error.field);
            SetupError { field, ..error }.at(name_of(route))
        })
    }

    /// What the requests of a route have to satisfy.
    pub(super) fn requirement_of(&self, route: &Route) -> Result<Option<Arc<Requirement>>, SetupError> {
        let security = &route.operation.security;
        if security.is_empty() {
            return Ok(None);
        }
        let requirement = Requirement::compile(security, &self.routes.security);
        requirement
            .map(|requirement| Some(Arc::new(requirement)))
            .map_err(|error| error.at(name_of(route)))
    }

    /// Adds the [security scheme](crate::security) that operations of routes added from now on call `name`: an OpenAPI Security Scheme
    /// Object, whose `x-sabir` says what credentials are held against.
    ///
    /// # Errors
    /// A name that is taken, a field that is unknown, missing or does not fit.
    pub fn security_scheme(
        &mut self,
        name: &str,
        scheme: &serde_json::Value,
    ) -> Result<&mut Self, SetupError> {
        let at = |error: SetupError| error.at(format!("security scheme {name}"));
        if self.routes.security.contains_key(name) {
            return Err(at(SetupError::new("name", "it is taken", "choose another one")));
        }
        let scheme = SecurityScheme::from_json(scheme).map_err(at)?;
        let verifier = Verifier::compile(name, scheme).map_err(at)?;
        self.routes.security.insert(name.to_owned(), Arc::new(verifier));
        Ok(self)
    }

    /// Refuses an id that another operation has: it must be unique (OpenAPI 3.1 §4.8.10).
    fn check_operation_id(&self, route: &Route) -> Result<(), SetupError> {
        let id = route.operation.operation_id.as_deref();
        let Some((id, other)) = id.and_then(|id| self.identified.get_key_value(id)) else {
            return Ok(());
        };
        let (name, other) = (name_of(route), name_of(other));
        let problem = format!("`{name}` and `{other}` have the same id {id:?}");
        Err(SetupError::new("operationId", problem, "give one of them another").at(name))
    }

    /// Hands the requests below `prefix` that have no route here to `handler`, whatever their method. With the empty prefix
    /// it is the fallback for every path. The longest prefix that fits wins.
    ///
    /// Its calls have the whole path and no arguments, and their content is [`Body::Bytes`](crate::Body::Bytes) as it was
    /// sent, coded as it may be, within the setting `body_limit`.
    ///
    /// # Errors
    /// A prefix that is taken, or that is not the start of a path.
    pub fn nest(&mut self, prefix: &str, handler: Arc<dyn Handler>) -> Result<&mut Self, SetupError> {
        let definition = nested::definition(prefix, Operation::default())?;
        self.nest_as(prefix, definition, handler)?;
        Ok(self)
    }

    /// The same for a handler that runs once the head is there, and takes the content while it arrives, see
    /// [`RouteDefinition::streaming`]. Gives the route that its calls carry.
    ///
    /// # Errors
    /// As for [`nest`](Self::nest).
    pub fn nest_streaming(
        &mut self,
        prefix: &str,
        handler: Arc<dyn Handler>,
    ) -> Result<Arc<Route>, SetupError> {
        let definition = nested::definition(prefix, Operation::default())?.streaming();
        self.nest_as(prefix, definition, handler)
    }

    fn nest_as(
        &mut self,
        prefix: &str,
        definition: RouteDefinition,
        handler: Arc<dyn Handler>,
    ) -> Result<Arc<Route>, SetupError> {
        // The handler decodes for itself, so this takes everything.
        let (converters, schemas) = (Converters::default(), SchemaCompiler::default());
        let route = Route::compile(definition, &converters, &schemas, &self.settings)?;
        let target = Target {
            route: Arc::new(route),
            handler,
            is_nested: true,
            stages: Stages::default(),
            security: None,
            chain: None,
            lines: None,
            refusals: None,
        };
        let route = Arc::clone(&target.route);
        self.add_nested(prefix, target)?;
        Ok(route)
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
        let definition = nested::definition(prefix, operation)?;
        let route = Route::compile(definition, &self.converters, &self.schemas, &self.settings)
            .map_err(|error| error.at(format!("fallback {prefix}")))?;
        let target = Target {
            handler: response_validation::checked(&route, handler, &self.schemas, &self.settings)?,
            route: Arc::new(route),
            is_nested: false,
            stages: Stages::default(),
            security: None,
            chain: None,
            lines: None,
            refusals: None,
        };
        self.add_nested(prefix, target)
    }

    pub(super) fn add_nested(&mut self, prefix: &str, target: Target) -> Result<&mut Self, SetupError> {
        let nested = &mut self.routes.nested;
        if nested.iter().any(|known| known.prefix() == prefix) {
            let problem = match prefix {
                "" => "there already is a fallback".to_owned(),
                _ => format!("there already is a service or a fallback below `{prefix}`"),
            };
            return Err(
                SetupError::new("prefix", problem, "nest one of them below another prefix").at(prefix),
            );
        }
        nested.push(Nested::new(prefix, target));
        nested.sort_by_key(|nested| Reverse(nested.prefix().len()));
        Ok(self)
    }

    /// Has `handler` answer requests that the runtime refuses because no route fits. Its calls have the
    /// [`refusal`](crate::Call::refusal), and the route that is given here, at `/`.
    ///
    /// What keeps load away, statuses 408, 414, 429, 431 and all from 500 on, and what is no well-formed request is answered without a
    /// handler.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use http::{Request, StatusCode};
    /// use sabir_core::{Call, Reply, Settings, pipeline::ApplicationBuilder};
    ///
    /// # fn main() -> Result<(), sabir_core::SetupError> {
    /// let mut builder = ApplicationBuilder::new(Settings::default());
    /// builder.refusals(Arc::new(async |call: Call| {
    ///     let status = call.refusal.map_or(404, |problem| problem.status);
    ///     let status = StatusCode::from_u16(status).unwrap_or_default();
    ///     Reply::bytes(status, "text/plain", format!("nothing at {}", call.head.uri))
    /// }))?;
    /// let application = builder.build();
    ///
    /// # futures_util::FutureExt::now_or_never(async {
    /// let response = application.call(Request::get("/nowhere").body("".into()).unwrap()).await;
    /// assert_eq!(response.status(), StatusCode::NOT_FOUND);
    /// assert_eq!(response.body(), "nothing at /nowhere");
    /// # }).unwrap();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// None that is known.
    pub fn refusals(&mut self, handler: Arc<dyn Handler>) -> Result<Arc<Route>, SetupError> {
        let definition = nested::definition("", Operation::default())?;
        let route = Route::compile(definition, &self.converters, &self.schemas, &self.settings)?;
        let route = Arc::new(route);
        self.refusals = Some(Refusals {
            route: Arc::clone(&route),
            handler,
        });
        Ok(route)
    }

    /// Has `handler` answer requests for `route`, one that was added, which the runtime refuses: its parameters, its content, or what a
    /// stage says of it. See [`refusals`](Self::refusals).
    pub fn refusals_of(&mut self, route: &Arc<Route>, handler: Arc<dyn Handler>) -> &mut Self {
        let mut targets = self.routes.targets_mut();
        if let Some(target) = targets.find(|target| Arc::ptr_eq(&target.route, route)) {
            target.refusals = Some(Refusals {
                route: Arc::clone(route),
                handler,
            });
        }
        drop(targets);
        self
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
        if !document["openapi"]
            .as_str()
            .is_some_and(|version| version.starts_with("3."))
        {
            let problem = "this is no document of OpenAPI 3";
            return Err(
                SetupError::new("document", problem, "give one with `openapi` and `paths`").at(prefix),
            );
        }
        let prefix = prefix.to_owned();
        self.routes.documents.push(NestedDocument { prefix, document });
        Ok(self)
    }

    /// Sets the stage called `name` for every answer of the application: `options` is an object, or `true` for the defaults. A route's
    /// `x-sabir.stages` overrides it.
    ///
    /// # Errors
    /// Names the field as `stages.cors.max_age`.
    pub fn stage(&mut self, name: &str, options: &serde_json::Value) -> Result<&mut Self, SetupError> {
        let set = self.stages.set(name, options);
        set.and_then(|()| self.stages.prepare(&self.around))
            .map_err(|error| error.at("app"))?;
        Ok(self)
    }

    /// The AsyncAPI document of the routes that have been added, as [`Application::asyncapi`].
    ///
    /// # Errors
    /// As [`asyncapi`](crate::document::asyncapi).
    pub fn asyncapi(&self, info: &Info) -> Result<serde_json::Value, SetupError> {
        self.routes.asyncapi(info, &self.schemas)
    }

    /// The OpenAPI document of the routes that have been added, as [`Application::openapi`].
    pub fn openapi(&self, info: &Info, version: OpenApiVersion) -> serde_json::Value {
        self.routes.openapi(info, version, &self.schemas)
    }

    /// The finished application.
    pub fn build(mut self) -> Application {
        self.share_refusals();
        let around = Surroundings {
            timer: self.timer.clone(),
            ..self.around
        };
        self.stages.start("app", &around);
        let mut is_observed = false;
        for target in self.routes.targets_mut() {
            target.stages.start(&name_of(&target.route), &around);
            target.chain = target.stages.within(
                &self.stages,
                target.security.clone().map(|security| security as _),
            );
            target.lines = target.stages.lines(&self.stages);
            is_observed |= target.lines.is_some();
        }
        let lines = Stages::default().lines(&self.stages);
        is_observed |= lines.is_some();
        let observers = is_observed.then(|| {
            Arc::new(Observers {
                timer: self.timer.clone(),
                lines,
            })
        });
        let inner = Inner {
            observers,
            arrivals: self.stages.arrivals(),
            chain: Stages::default().within(&self.stages, None),
            refusals: self.refusals,
            routes: self.routes,
            schemas: self.schemas,
            settings: self.settings,
            in_flight: self.in_flight,
            timer: self.timer,
            files: self.files,
        };
        Application::new(inner, &self.finished)
    }
}

/// A route as errors name it.
fn name_of(route: &Route) -> String {
    format!("{} {}", route.method, route.pattern.as_str())
}

impl fmt::Debug for ApplicationBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApplicationBuilder")
            .field("settings", &self.settings)
            .field("routes", &self.routes)
            .finish_non_exhaustive()
    }
}
