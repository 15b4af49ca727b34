//! The application.

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body::Body as HttpBody;
use http_body_util::Full;
use sabir_core::{
    Handler, Operation, RouteDefinition, Settings, SetupError, operation::SchemaData, reply::StreamError,
    routing::Pattern,
};
use sabir_http::{Address, App, Service};

use crate::{
    Arguments, Description, Respond, ServeError, States, TypedHandler, handler,
    serve::{self, check_handler_threads, check_io_threads},
    signal::Signals,
};

/// An application: routes, what their handlers share, and settings.
///
/// Nothing is checked before [`build`](Self::build), which reports the first mistake with its route; so the order of what is
/// added does not matter.
pub struct Sabir {
    settings: Settings,
    states: States,
    schemas: Documents,
    converters: Vec<(String, String, SchemaData)>,
    routes: Vec<PendingRoute>,
    services: Vec<PendingService>,
    error: Option<SetupError>,
}

type Documents = serde_json::Map<String, serde_json::Value>;

/// What is known of a route before it is compiled.
struct PendingRoute {
    method: Method,
    path: String,
    describe: Box<Describe>,
}

/// Gives the operation of a route, and who answers it, once its path, the states and the setting `debug` are known.
type Describe =
    dyn FnOnce(&Pattern, &States, bool) -> Result<(Operation, Arc<dyn Handler>), SetupError> + Send;

/// A service for the paths below a prefix; the empty one is every path.
struct PendingService {
    prefix: String,
    add: Box<AddService>,
}

/// Hands a service to the application, for the paths below a prefix.
type AddService = dyn FnOnce(&mut App, &str) -> Result<(), SetupError> + Send;

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident = $method:expr;)*) => {
        $(
            $(#[$doc])*
            #[must_use]
            pub fn $name<A, H>(self, path: &str, handler: H) -> Self
            where
                A: Arguments,
                H: TypedHandler<A, Future: Future<Output: Respond> + Send + 'static>,
            {
                self.route($method, path, handler)
            }
        )*
    };
}

impl Sabir {
    /// An application with the default settings.
    pub fn new() -> Self {
        Self::with_settings(Settings::default())
    }

    /// An application with `settings`.
    pub fn with_settings(settings: Settings) -> Self {
        Self {
            settings,
            states: States::default(),
            schemas: Documents::new(),
            converters: Vec::new(),
            routes: Vec::new(),
            services: Vec::new(),
            error: None,
        }
    }

    /// Shares `value` with all handlers, which take it as [`State<T>`](crate::State). There is one of each type.
    #[must_use]
    pub fn state<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        let outcome = self.states.insert(value);
        self.keep(outcome.map_err(|error| error.at("state")));
        self
    }

    methods! {
        /// Adds a GET route; it answers HEAD too.
        get = Method::GET;
        /// Adds a POST route.
        post = Method::POST;
        /// Adds a PUT route.
        put = Method::PUT;
        /// Adds a PATCH route.
        patch = Method::PATCH;
        /// Adds a DELETE route.
        delete = Method::DELETE;
    }

    /// Adds a route of any method.
    #[must_use]
    pub fn route<A, H>(mut self, method: Method, path: &str, handler: H) -> Self
    where
        A: Arguments,
        H: TypedHandler<A, Future: Future<Output: Respond> + Send + 'static>,
    {
        self.routes.push(PendingRoute {
            method,
            path: path.into(),
            describe: Box::new(|pattern, states, debug| {
                let mut description = Description::new(pattern, states, debug);
                let handler = handler::handler(handler, &mut description)?;
                Ok((description.finish()?, handler))
            }),
        });
        self
    }

    /// Adds a route from its operation, for handlers that read the [`Call`](sabir_core::Call) themselves.
    #[must_use]
    pub fn operation(
        mut self,
        method: Method,
        path: &str,
        operation: Operation,
        handler: Arc<dyn Handler>,
    ) -> Self {
        self.routes.push(PendingRoute {
            method,
            path: path.into(),
            describe: Box::new(|_, _, _| Ok((operation, handler))),
        });
        self
    }

    /// Sets the documents, by URI, that schemas may refer to.
    #[must_use]
    pub fn schemas(mut self, documents: serde_json::Map<String, serde_json::Value>) -> Self {
        self.schemas.extend(documents);
        self
    }

    /// Adds a path converter: `{name:converter}` matches segments that fit `regex` as a whole, an expression of ECMA-262
    /// with the flag `u` and without look-around and back-references.
    #[must_use]
    pub fn converter(mut self, name: &str, regex: &str, schema: SchemaData) -> Self {
        self.converters.push((name.into(), regex.into(), schema));
        self
    }

    /// Adds all routes and services of `other`. Its handlers keep their state, and get from this application what it lacks;
    /// its settings would have no effect, and must be the default or those of this application.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        self.adopt("", other)
    }

    /// Adds all routes and services of `other` below `prefix`, as [`merge`](Self::merge) does: `/` of `other` is the prefix
    /// itself.
    ///
    /// ```
    /// use sabir::{Path, Sabir};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), sabir::SetupError> {
    /// let users = Sabir::new().get("/{id}", async |Path(id): Path<u64>| format!("user {id}"));
    /// let app = Sabir::new().nest("/users", users).build()?;
    /// let response = app.call_in_memory(http::Request::get("/users/7").body("".into()).unwrap()).await;
    /// assert_eq!(response.body(), "user 7");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn nest(mut self, prefix: &str, other: Self) -> Self {
        if !prefix.starts_with('/') || prefix.ends_with('/') {
            let problem = format!("`{prefix}` is not the start of a path");
            let error = SetupError::new("prefix", problem, "write it as `/api`, or use `merge`");
            self.keep(Err(error.at("nest")));
            return self;
        }
        self.adopt(prefix, other)
    }

    fn adopt(mut self, prefix: &str, other: Self) -> Self {
        if other.settings != Settings::default() && other.settings != self.settings {
            let problem = "an application within another one has settings of its own";
            let error = SetupError::new("settings", problem, "give them to the application that is built");
            self.keep(Err(error.at(format!("nest {prefix}"))));
        }
        self.keep(other.error.map_or(Ok(()), Err));
        for (name, regex, schema) in other.converters {
            let converter = (name, regex, schema);
            if !self.converters.contains(&converter) {
                self.converters.push(converter);
            }
        }
        for (uri, document) in other.schemas {
            if self.schemas.get(&uri).is_some_and(|known| *known != document) {
                let error =
                    SetupError::new("schemas", format!("{uri} is another document here"), "rename one");
                self.keep(Err(error.at(format!("nest {prefix}"))));
            }
            self.schemas.insert(uri, document);
        }
        let states = other.states;
        self.routes.extend(other.routes.into_iter().map(|route| {
            let states = states.clone();
            let describe = route.describe;
            PendingRoute {
                method: route.method,
                path: below(prefix, &route.path),
                describe: Box::new(move |pattern, outer, debug| describe(pattern, &states.or(outer), debug)),
            }
        }));
        self.services
            .extend(other.services.into_iter().map(|service| PendingService {
                prefix: format!("{prefix}{}", service.prefix),
                add: service.add,
            }));
        self
    }

    /// Hands the requests below `prefix` that have no route here to another service, such as an axum `Router`. It sees
    /// the path without the prefix; the longest prefix that fits wins.
    ///
    /// The service works inside the pipeline: limits, deadlines and the shield against panics hold for it too. It finds
    /// the request's id in the header field `x-request-id`. It cannot upgrade the connection, and its request content is
    /// read, within the setting `body_limit`, before it is called.
    ///
    /// ```
    /// use axum::routing::get;
    /// use sabir::Sabir;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), sabir::SetupError> {
    /// let old = axum::Router::new().route("/users", get(|| async { "users" }));
    /// let app = Sabir::new().get("/hello", async || "hello").nest_service("/old", old).build()?;
    /// let response = app.call_in_memory(http::Request::get("/old/users").body("".into()).unwrap()).await;
    /// assert_eq!(response.body(), "users");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn nest_service<S, B>(mut self, prefix: &str, service: S) -> Self
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
        if prefix.is_empty() {
            let error = SetupError::new("prefix", "the prefix is empty", "use `fallback_service`");
            self.keep(Err(error.at("nest_service")));
        } else {
            self.services.push(PendingService {
                prefix: prefix.into(),
                add: Box::new(|app, prefix| app.nest(prefix, service).map(drop)),
            });
        }
        self
    }

    /// Hands every request that has no route here to another service, as [`nest_service`](Self::nest_service) does for
    /// those below a prefix.
    #[must_use]
    pub fn fallback_service<S, B>(mut self, service: S) -> Self
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
        self.services.push(PendingService {
            prefix: String::new(),
            add: Box::new(|app, prefix| app.nest(prefix, service).map(drop)),
        });
        self
    }

    /// Keeps the first error for [`build`](Self::build).
    fn keep(&mut self, outcome: Result<(), SetupError>) {
        if let Err(error) = outcome {
            self.error.get_or_insert(error);
        }
    }

    /// The application as a `tower::Service`, which an axum `Router` can nest.
    ///
    /// ```
    /// use axum::{body::Body, routing::get};
    /// use sabir::{Path, Sabir};
    /// use tower::ServiceExt;
    ///
    /// async fn show(Path(id): Path<i64>) -> String {
    ///     format!("user {id}")
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let app = Sabir::new().get("/users/{id:int}", show).build()?;
    /// let router = axum::Router::new().route("/health", get(|| async { "ok" })).nest_service("/api", app);
    /// let request = http::Request::get("/api/users/7").body(Body::empty())?;
    /// let response = router.oneshot(request).await?;
    /// assert_eq!(axum::body::to_bytes(response.into_body(), 100).await?, "user 7");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The first mistake in a setting or a route.
    pub fn build(self) -> Result<Service, SetupError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        self.settings.check()?;
        check_handler_threads(&self.settings)?;
        let debug = self.settings.debug;
        let mut app = App::new(self.settings).counting_calls();
        app.schemas(self.schemas)?;
        for (name, regex, schema) in self.converters {
            app.converter(&name, &regex, schema)?;
        }
        for route in self.routes {
            let PendingRoute {
                method,
                path,
                describe,
            } = route;
            let name = format!("{method} {path}");
            let named = |error: SetupError| {
                if error.route.is_empty() {
                    error.at(&name)
                } else {
                    error
                }
            };
            let pattern = app.pattern(&path).map_err(|error| error.at(&name))?;
            let (operation, handler) = describe(&pattern, &self.states, debug).map_err(named)?;
            app.route(RouteDefinition::new(method, path, operation), handler)?;
        }
        for service in self.services {
            (service.add)(&mut app, &service.prefix)?;
        }
        Ok(app.build())
    }

    /// Serves the application at `address` until SIGINT or SIGTERM: then the server takes no more connections and lets
    /// running requests finish, for up to the setting `shutdown_timeout_ms`. A second signal ends the process at once.
    ///
    /// The address is `127.0.0.1:8000`, `unix:/run/shop.sock`, a `SocketAddr` or an [`Address`]. Connections and handlers
    /// are tasks of the tokio runtime that this is called on. Dropping the future stops the server as well; what runs then
    /// is finished while the runtime lasts.
    ///
    /// # Errors
    /// A mistake in a setting or a route, or an address that cannot be bound.
    pub async fn serve<A>(self, address: A) -> Result<(), ServeError>
    where
        A: TryInto<Address>,
        ServeError: From<A::Error>,
    {
        let mut signals = Signals::listen()?;
        self.serve_with_shutdown(address, signals.received()).await
    }

    /// As [`serve`](Self::serve), until `shutdown` completes. Signals are left alone.
    ///
    /// # Errors
    /// As for [`serve`](Self::serve).
    pub async fn serve_with_shutdown<A>(
        self,
        address: A,
        shutdown: impl Future<Output = ()>,
    ) -> Result<(), ServeError>
    where
        A: TryInto<Address>,
        ServeError: From<A::Error>,
    {
        let address = address.try_into()?;
        check_io_threads(&self.settings)?;
        serve::serve(self.build()?, address, shutdown).await
    }
}

/// `path` of an application that is nested at `prefix`.
fn below(prefix: &str, path: &str) -> String {
    match path {
        "/" if !prefix.is_empty() => prefix.to_owned(),
        _ => format!("{prefix}{path}"),
    }
}

impl Default for Sabir {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Sabir {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let routes = self
            .routes
            .iter()
            .map(|route| format!("{} {}", route.method, route.path));
        f.debug_struct("Sabir")
            .field("settings", &self.settings)
            .field("states", &self.states)
            .field("routes", &routes.collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
