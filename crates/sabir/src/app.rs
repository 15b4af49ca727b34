//! The application.

use std::sync::Arc;

use http::{Method, StatusCode};
use sabir_core::{
    Handler, Operation, RouteDefinition, Settings, SetupError,
    operation::{MediaType, SchemaData},
    routing::{ANY_METHOD, Pattern},
    stage::StageOptions,
};
use sabir_http::{App, Documents, Service};
use schemars::JsonSchema;

use crate::{
    Arguments, Description, Respond, States, TypedHandler, handler, original_uri, schema_of,
    served::PendingServed,
    websocket::{self, SocketHandler, WebSocketOptions},
};

/// An application: routes, what their handlers share, and settings.
///
/// Nothing is checked before [`build`](Self::build), which reports the first mistake with its route; so the order of what is
/// added does not matter.
///
/// ```
/// use sabir::{Path, Sabir};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sabir::SetupError> {
/// let app = Sabir::new()
///     .get("/hello/{name}", async |Path(name): Path<String>| format!("Hello, {name}!"))
///     .build()?;
/// let response = app.call_in_memory(http::Request::get("/hello/Ada").body("".into()).unwrap()).await;
/// assert_eq!(response.body(), "Hello, Ada!");
///
/// let twice = Sabir::new().get("/{a}", async || "a").get("/{b}", async || "b");
/// assert!(twice.build().is_err());
/// # Ok(())
/// # }
/// ```
pub struct Sabir {
    pub(crate) settings: Settings,
    pub(crate) states: States,
    pub(crate) schemas: Members,
    pub(crate) converters: Vec<(String, String, SchemaData)>,
    pub(crate) stages: Members,
    pub(crate) security: Members,
    pub(crate) routes: Vec<PendingRoute>,
    pub(crate) fallbacks: Vec<PendingFallback>,
    pub(crate) served: Vec<PendingServed>,
    pub(crate) documents: Option<Box<AddDocuments>>,
    /// Prefixes, and what the services there say of themselves.
    pub(crate) nested_documents: Vec<(String, serde_json::Value)>,
    /// The innermost comes first.
    pub(crate) layers: Vec<Box<AddLayer>>,
    pub(crate) error: Option<SetupError>,
}

/// What the future of a handler gives.
type Output<H, A> = <<H as TypedHandler<A>>::Future as Future>::Output;

type Members = serde_json::Map<String, serde_json::Value>;

/// What is known of a route before it is compiled.
pub(crate) struct PendingRoute {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) describe: Box<Describe>,
}

/// Gives the operation of a route, and who answers it, once its path, the states and the setting `debug` are known.
type Describe = dyn FnOnce(&Pattern, &States, bool) -> Result<Described, SetupError> + Send;

/// The operation of a route, and who answers it.
pub(crate) struct Described {
    pub(crate) operation: Operation,
    handler: Arc<dyn Handler>,
    /// Whether the handler takes the content while it arrives.
    is_streaming: bool,
}

/// What answers requests without a route below a prefix; the empty one is every path.
pub(crate) struct PendingFallback {
    pub(crate) prefix: String,
    pub(crate) add: Box<AddFallback>,
}

/// Hands a service or a handler to the application, for the paths below a prefix, with the states and the setting `debug`.
type AddFallback = dyn FnOnce(&mut App, &str, &States, bool) -> Result<(), SetupError> + Send;

/// Has an application serve its documents.
type AddDocuments = dyn FnOnce(&mut App) -> Result<(), SetupError> + Send;

/// Puts a layer around a service.
type AddLayer = dyn FnOnce(Service) -> Service + Send;

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
            schemas: Members::new(),
            converters: Vec::new(),
            stages: Members::new(),
            security: Members::new(),
            routes: Vec::new(),
            fallbacks: Vec::new(),
            served: Vec::new(),
            documents: None,
            nested_documents: Vec::new(),
            layers: Vec::new(),
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

    /// Adds the [security scheme](sabir_core::security) that operations call `name`: an OpenAPI Security Scheme Object, whose `x-sabir`
    /// says what credentials are held against. Requests for operations that demand it are answered 401 and 403 before any handler.
    ///
    /// ```
    /// use sabir::{Identity, Sabir};
    /// use serde_json::json;
    ///
    /// async fn orders(identity: Identity) -> String {
    ///     format!("those of {}", identity.subject.unwrap_or_default())
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), sabir::SetupError> {
    /// let scheme = json!({
    ///     "type": "apiKey", "in": "header", "name": "x-api-key",
    ///     "x-sabir": { "keys": { "ci": { "key": "s3cret", "scopes": ["read"] } } },
    /// });
    /// let app = Sabir::new()
    ///     .security_scheme("key", scheme)
    ///     .get("/orders", orders)
    ///     .describe(|operation| {
    ///         operation.secured_by("key", &["read"]);
    ///     })
    ///     .build()?;
    /// let request = http::Request::get("/orders").header("x-api-key", "s3cret").body("".into()).unwrap();
    /// assert_eq!(app.call_in_memory(request).await.body(), "those of ci");
    /// let request = http::Request::get("/orders").body("".into()).unwrap();
    /// assert_eq!(app.call_in_memory(request).await.status(), 401);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn security_scheme(mut self, name: &str, scheme: serde_json::Value) -> Self {
        self.security.insert(name.into(), scheme);
        self
    }

    /// Sets a stage of the application. It covers every answer, refusals too; a route says what differs with
    /// [`Operation::stage`] and [`Operation::without_stage`].
    ///
    /// Requests meet stages in the order of [their table](sabir_core::stage::table), whichever order they are set in. Those of an
    /// application within another one are around its routes.
    ///
    /// ```
    /// use sabir::{Sabir, stages::{Cors, SecurityHeaders}};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), sabir::SetupError> {
    /// let app = Sabir::new()
    ///     .stage(Cors { allow_origins: vec!["https://shop.example".into()], ..Cors::default() })
    ///     .stage(SecurityHeaders::default())
    ///     .get("/", async || "hello")
    ///     .get("/open", async || "hello")
    ///     .describe(|operation| {
    ///         operation.stage(&Cors::default());
    ///     })
    ///     .build()?;
    /// let origin = "https://other.example";
    /// let ask = async |path: &str| {
    ///     app.call_in_memory(http::Request::get(path).header("origin", origin).body("".into()).unwrap()).await
    /// };
    /// assert_eq!(ask("/open").await.headers()["access-control-allow-origin"], "*");
    /// assert!(!ask("/").await.headers().contains_key("access-control-allow-origin"));
    /// assert_eq!(ask("/nowhere").await.headers()["x-content-type-options"], "nosniff");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    #[allow(clippy::needless_pass_by_value, reason = "it is written where it is set")]
    pub fn stage<S: StageOptions>(mut self, options: S) -> Self {
        self.stages.insert(S::NAME.into(), options.to_json());
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

    /// Adds a route that answers every method which has no route of its own on the path.
    #[must_use]
    pub fn all<A, H>(self, path: &str, handler: H) -> Self
    where
        A: Arguments,
        H: TypedHandler<A, Future: Future<Output: Respond> + Send + 'static>,
    {
        // A method is any token (RFC 9110 §9.1), and so is this one.
        let any = Method::from_bytes(ANY_METHOD.as_bytes()).unwrap_or_default();
        self.route(any, path, handler)
    }

    /// Adds a route of one method, which may be any.
    ///
    /// ```
    /// use sabir::{Method, Sabir};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let purge = Method::from_bytes(b"PURGE")?;
    /// let app = Sabir::new().route(purge.clone(), "/cache", async || "empty").build()?;
    /// let request = http::Request::builder().method(purge).uri("/cache").body("".into())?;
    /// assert_eq!(app.call_in_memory(request).await.body(), "empty");
    /// # Ok(())
    /// # }
    /// ```
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
                <Output<H, A> as Respond>::describe(description.operation());
                let is_streaming = description.is_streaming;
                Ok(Described {
                    operation: description.finish()?,
                    handler,
                    is_streaming,
                })
            }),
        });
        self
    }

    /// Changes the operation of the route that was added last, which its handler has described: gives it a name, words for people, or
    /// what the types of the handler do not tell, such as the types of events.
    ///
    /// ```
    /// use std::convert::Infallible;
    ///
    /// use futures_util::stream;
    /// use sabir::{Event, Events, Sabir, document::Info, operation::{MediaType, Response}, schema_of};
    ///
    /// #[derive(serde::Serialize, schemars::JsonSchema)]
    /// struct Tick {
    ///     n: u8,
    /// }
    ///
    /// # fn main() -> Result<(), sabir::SetupError> {
    /// let app = Sabir::new()
    ///     .get("/ticks", async || Events(stream::empty::<Result<Event, Infallible>>()))
    ///     .describe(|operation| {
    ///         operation.operation_id = Some("ticks".into());
    ///         let ticks = MediaType::of_events([("tick", schema_of::<Tick>())]);
    ///         operation.responses.insert("200".into(), Response::of("text/event-stream", ticks));
    ///     })
    ///     .build()?;
    /// let document = app.asyncapi(&Info::new("Clock", "1.0.0"))?;
    /// assert_eq!(document["channels"]["ticks"]["messages"]["tick"]["payload"]["$ref"], "#/components/schemas/Tick");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn describe(mut self, change: impl FnOnce(&mut Operation) + Send + 'static) -> Self {
        let Some(PendingRoute {
            method,
            path,
            describe,
        }) = self.routes.pop()
        else {
            let error = SetupError::new("describe", "there is no route to describe", "add one before");
            self.keep(Err(error.at("describe")));
            return self;
        };
        self.routes.push(PendingRoute {
            method,
            path,
            describe: Box::new(|pattern, states, debug| {
                let mut described = describe(pattern, states, debug)?;
                change(&mut described.operation);
                Ok(described)
            }),
        });
        self
    }

    /// Says that a success of the route that was added last has the status `status` and is `T` as JSON. It describes, for the types of
    /// handlers do not tell it of all answers.
    ///
    /// ```
    /// use sabir::{Json, Sabir, StatusCode, document::{Info, OpenApiVersion}};
    ///
    /// #[derive(serde::Serialize, schemars::JsonSchema)]
    /// struct Order {
    ///     id: i64,
    /// }
    ///
    /// # fn main() -> Result<(), sabir::SetupError> {
    /// let app = Sabir::new()
    ///     .post("/orders", async || (StatusCode::CREATED, Json(Order { id: 1 })))
    ///     .returns::<Order>(StatusCode::CREATED)
    ///     .build()?;
    /// let document = app.openapi(&Info::new("Shop", "1.0.0"), OpenApiVersion::default());
    /// let created = &document["paths"]["/orders"]["post"]["responses"]["201"];
    /// assert_eq!(created["content"]["application/json"]["schema"]["$ref"], "#/components/schemas/Order");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn returns<T: JsonSchema>(self, status: StatusCode) -> Self {
        let content = MediaType::of(schema_of::<T>());
        self.describe(move |operation| {
            let response = operation.responses.entry(status.as_str().to_owned()).or_default();
            response.content.insert("application/json".into(), content);
        })
    }

    /// Says that the handler of the route that was added last answers some requests with a problem of this status, such as 404 for what
    /// is not there. What the runtime refuses by itself is in documents anyway.
    #[must_use]
    pub fn refuses(self, status: StatusCode) -> Self {
        self.describe(move |operation| {
            operation.responses.entry(status.as_str().to_owned()).or_default();
        })
    }

    /// Adds a WebSocket, which a request to `path` opens; `handler` is called with it and with the arguments that it takes of the
    /// request. Pages of other hosts are refused; see [`WebSocketOptions::allowed_origins`].
    ///
    /// The socket is closed when the handler returns: with 1000, or with 1011 when it fails.
    #[must_use]
    pub fn websocket<M, A, H>(self, path: &str, handler: H) -> Self
    where
        A: Arguments,
        H: SocketHandler<M, A>,
    {
        self.websocket_with(path, WebSocketOptions::new(), handler)
    }

    /// Adds a WebSocket with options, as [`websocket`](Self::websocket) does.
    ///
    /// ```
    /// use sabir::{Sabir, websocket::{WebSocket, WebSocketOptions}};
    ///
    /// async fn ticks(socket: WebSocket) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    ///     assert_eq!(socket.subprotocol(), Some("ticks.v1"));
    ///     socket.send_json(&[1, 2]).await?;
    ///     socket.close(4000, "that is all");
    ///     Ok(())
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let options = WebSocketOptions::new().subprotocols(["ticks.v1"]);
    /// let app = Sabir::new().websocket_with("/ticks", options, ticks).build()?;
    /// let request = http::Request::get("/ticks").header("sec-websocket-protocol", "ticks.v2, ticks.v1").body("".into())?;
    /// let mut client = app.connect_in_memory(request).await?;
    /// assert_eq!(client.message().await?, Some("[1,2]".into()));
    /// assert_eq!(client.closed().await?.unwrap().code.as_u16(), 4000);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn websocket_with<M, A, H>(mut self, path: &str, options: WebSocketOptions, handler: H) -> Self
    where
        A: Arguments,
        H: SocketHandler<M, A>,
    {
        self.routes.push(PendingRoute {
            method: Method::GET,
            path: path.into(),
            describe: Box::new(|pattern, states, debug| {
                let mut description = Description::new(pattern, states, debug);
                let handler = websocket::handler(handler, options.0, &mut description)?;
                Ok(Described {
                    operation: description.finish()?,
                    handler,
                    is_streaming: false,
                })
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
            describe: Box::new(|_, _, _| {
                Ok(Described {
                    operation,
                    handler,
                    is_streaming: false,
                })
            }),
        });
        self
    }

    /// Sets the documents, by URI, that schemas may refer to.
    #[must_use]
    pub fn schemas(mut self, documents: serde_json::Map<String, serde_json::Value>) -> Self {
        self.schemas.extend(documents);
        self
    }

    /// Answers requests for the documents of the application, and for a page that shows its OpenAPI document.
    ///
    /// ```
    /// use sabir::{Documents, Sabir, document::Info};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), sabir::SetupError> {
    /// let app = Sabir::new()
    ///     .get("/hello", async || "hello")
    ///     .documents(Documents::new(Info::new("Greetings", "1.0.0")))
    ///     .build()?;
    /// let response = app.call_in_memory(http::Request::get("/docs").body("".into()).unwrap()).await;
    /// assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn documents(mut self, documents: Documents) -> Self {
        // Linked where it is called: it has the page.
        self.documents = Some(Box::new(move |app| app.documents(&documents).map(drop)));
        self
    }

    /// Adds a path converter: `{name:converter}` matches segments that fit `regex` as a whole, an expression of ECMA-262
    /// with the flag `u` and without look-around and back-references.
    #[must_use]
    pub fn converter(mut self, name: &str, regex: &str, schema: SchemaData) -> Self {
        self.converters.push((name.into(), regex.into(), schema));
        self
    }

    /// Keeps the first error for [`build`](Self::build).
    pub(crate) fn keep(&mut self, outcome: Result<(), SetupError>) {
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
        check_effects(&self.settings)?;
        let debug = self.settings.debug;
        let mut app = App::new(self.settings)
            .counting_calls()
            .original_uri(original_uri::read);
        app.schemas(self.schemas)?;
        for (name, regex, schema) in self.converters {
            app.converter(&name, &regex, schema)?;
        }
        for (name, scheme) in &self.security {
            app.security_scheme(name, scheme)?;
        }
        for (name, options) in &self.stages {
            app.stage(name, options).map_err(|error| error.at("stage"))?;
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
            let described = describe(&pattern, &self.states, debug).map_err(named)?;
            let mut definition = RouteDefinition::new(method, path, described.operation);
            if described.is_streaming {
                definition = definition.streaming();
            }
            app.route(definition, described.handler)?;
        }
        for served in self.served {
            served.add(&mut app)?;
        }
        for fallback in self.fallbacks {
            (fallback.add)(&mut app, &fallback.prefix, &self.states, debug)?;
        }
        for (prefix, document) in self.nested_documents {
            app.nested_document(&prefix, document)?;
        }
        if let Some(add) = self.documents {
            add(&mut app)?;
        }
        let service = app.build();
        Ok(self.layers.into_iter().fold(service, |service, add| add(service)))
    }
}

/// Refuses what has no effect where handlers are in Rust: they have no threads of their own, and a `Hub` has limits of its own.
fn check_effects(settings: &Settings) -> Result<(), SetupError> {
    let usual = Settings::default();
    let history = "a `Hub` keeps what its own `HistoryLimits` say";
    for (name, is_usual, problem, remedy) in [
        (
            "handler_threads",
            settings.handler_threads == usual.handler_threads,
            "handlers in Rust run on the threads of tokio",
            "leave it out, and give `tokio::task::spawn_blocking` what blocks",
        ),
        (
            "channel_history_limit",
            settings.channel_history_limit == usual.channel_history_limit,
            history,
            "leave it out, and make the hub with `Hub::new`",
        ),
        (
            "channel_history_bytes",
            settings.channel_history_bytes == usual.channel_history_bytes,
            history,
            "leave it out, and make the hub with `Hub::new`",
        ),
    ] {
        if !is_usual {
            return Err(SetupError::new(name, problem, remedy).at("settings"));
        }
    }
    Ok(())
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
