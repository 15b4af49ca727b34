//! The application.

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body::Body as HttpBody;
use http_body_util::Full;
use sabir_core::{
    Handler, Operation, RouteDefinition, Settings, SetupError, operation::SchemaData, reply::StreamError,
};
use sabir_http::{Address, App, Service};

use crate::{
    Description, ServeError, TypedHandler,
    serve::{self, check_handler_threads, check_io_threads},
    signal::Signals,
};

/// An application: routes and settings.
///
/// Mistakes in settings and routes are collected and reported by [`build`](Self::build), so that routes can be chained.
#[derive(Debug)]
pub struct Sabir {
    app: App,
    settings: Settings,
    error: Option<SetupError>,
}

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident = $method:expr;)*) => {
        $(
            $(#[$doc])*
            #[must_use]
            pub fn $name<A, H: TypedHandler<A>>(self, path: &str, handler: H) -> Self {
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
            app: App::new(settings.clone()).counting_calls(),
            error: settings
                .check()
                .and_then(|()| check_handler_threads(&settings))
                .err(),
            settings,
        }
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
    pub fn route<A, H: TypedHandler<A>>(self, method: Method, path: &str, handler: H) -> Self {
        let mut description = Description::default();
        H::describe(&mut description);
        match description.into_operation() {
            Ok(operation) => self.operation(method, path, operation, handler.into_handler()),
            Err(error) => {
                let route = format!("{method} {path}");
                self.change(|_| Err(error.at(route)))
            }
        }
    }

    /// Adds a route from its operation, for handlers that read the [`Call`](sabir_core::Call) themselves.
    #[must_use]
    pub fn operation(
        self,
        method: Method,
        path: &str,
        operation: Operation,
        handler: Arc<dyn Handler>,
    ) -> Self {
        let definition = RouteDefinition::new(method, path, operation);
        self.change(|app| app.route(definition, handler).map(drop))
    }

    /// Sets the documents, by URI, that schemas of routes added from now on may refer to.
    #[must_use]
    pub fn schemas(self, documents: serde_json::Map<String, serde_json::Value>) -> Self {
        self.change(|app| app.schemas(documents).map(drop))
    }

    /// Adds a path converter: `{name:converter}` matches segments that fit `regex` as a whole, an expression of ECMA-262
    /// with the flag `u` and without look-around and back-references.
    #[must_use]
    pub fn converter(self, name: &str, regex: &str, schema: SchemaData) -> Self {
        self.change(|app| app.converter(name, regex, schema).map(drop))
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
    pub fn nest_service<S, B>(self, prefix: &str, service: S) -> Self
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
        self.change(|app| {
            if prefix.is_empty() {
                let error = SetupError::new("prefix", "the prefix is empty", "use `fallback_service`");
                return Err(error.at("nest_service"));
            }
            app.nest(prefix, service).map(drop)
        })
    }

    /// Hands every request that has no route here to another service, as [`nest_service`](Self::nest_service) does for
    /// those below a prefix.
    #[must_use]
    pub fn fallback_service<S, B>(self, service: S) -> Self
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
        self.change(|app| app.nest("", service).map(drop))
    }

    fn change(mut self, change: impl FnOnce(&mut App) -> Result<(), SetupError>) -> Self {
        if self.error.is_none() {
            self.error = change(&mut self.app).err();
        }
        self
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
        match self.error {
            Some(error) => Err(error),
            None => Ok(self.app.build()),
        }
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

impl Default for Sabir {
    fn default() -> Self {
        Self::new()
    }
}
