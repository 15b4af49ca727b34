//! Applications of several parts, and what else stands in them and around them.

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body as HttpBody;
use http_body_util::Full;
use sabir_core::{Settings, SetupError, reply::StreamError};
use sabir_http::{RequestBody, Service};
use serde::Serialize;
use tower_layer::Layer;

use crate::{
    Arguments, Description, Respond, Sabir, TypedHandler,
    app::{PendingFallback, PendingRoute},
    handler,
    original_uri::told,
};

impl Sabir {
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
        if other.documents.is_some() {
            let problem = "the documents of an application within another one are a part of that one's";
            let error = SetupError::new("documents", problem, "give them to the application that is built");
            self.keep(Err(error.at(format!("nest {prefix}"))));
        }
        if !other.layers.is_empty() {
            let problem = "the layers of an application within another one would not be called";
            let remedy =
                "give them to the application that is built, or hand the built inner one to `nest_service`";
            self.keep(Err(
                SetupError::new("layers", problem, remedy).at(format!("nest {prefix}"))
            ));
        }
        for (name, scheme) in other.security {
            if self.security.get(&name).is_some_and(|known| *known != scheme) {
                let error =
                    SetupError::new("security", format!("{name} is another scheme here"), "rename one");
                self.keep(Err(error.at(format!("nest {prefix}"))));
            }
            self.security.insert(name, scheme);
        }
        if !other.stages.is_empty() && !other.fallbacks.is_empty() {
            let problem = "the stages of an application within another one cover its routes, and neither services nor fallbacks";
            let error = SetupError::new("stages", problem, "give them to the application that is built");
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
        let nested = other.nested_documents.into_iter();
        self.nested_documents
            .extend(nested.map(|(at, document)| (below(prefix, &at), document)));
        self.routes.extend(other.routes.into_iter().map(|route| {
            let (states, around) = (other.states.clone(), other.stages.clone());
            let describe = route.describe;
            PendingRoute {
                method: route.method,
                path: below(prefix, &route.path),
                describe: Box::new(move |pattern, outer, debug| {
                    let mut described = describe(pattern, &states.or(outer), debug)?;
                    for (name, options) in around {
                        let extension = described.operation.extension.get_or_insert_default();
                        extension.stages.entry(name).or_insert(options);
                    }
                    Ok(described)
                }),
            }
        }));
        self.served.extend(other.served.into_iter().map(|mut served| {
            served.path = below(prefix, &served.path);
            for (name, options) in &other.stages {
                let extension = served.operation.extension.get_or_insert_default();
                extension.stages.entry(name).or_insert(options.clone());
            }
            served
        }));
        self.fallbacks.extend(other.fallbacks.into_iter().map(|fallback| {
            let states = other.states.clone();
            let add = fallback.add;
            PendingFallback {
                prefix: below(prefix, &fallback.prefix),
                add: Box::new(move |app, prefix, outer, debug| add(app, prefix, &states.or(outer), debug)),
            }
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
            self.fallbacks.push(PendingFallback {
                prefix: prefix.into(),
                add: Box::new(|app, prefix, _, _| app.nest(prefix, told(service)).map(drop)),
            });
        }
        self
    }

    /// Adds to the OpenAPI document what a service below `prefix` says of itself, such as a router of `utoipa-axum` that
    /// [`nest_service`](Self::nest_service) has: its paths, its components, of which one whose name is taken gets another, and its
    /// tags.
    ///
    /// ```
    /// use sabir::{Sabir, document::{Info, OpenApiVersion}};
    /// use utoipa_axum::{router::OpenApiRouter, routes};
    ///
    /// #[derive(serde::Serialize, utoipa::ToSchema)]
    /// struct User {
    ///     id: i64,
    /// }
    ///
    /// #[utoipa::path(get, path = "/users", responses((status = 200, body = User)))]
    /// async fn show() -> axum::Json<User> {
    ///     axum::Json(User { id: 7 })
    /// }
    ///
    /// # fn main() -> Result<(), sabir::SetupError> {
    /// let (router, document) = OpenApiRouter::new().routes(routes!(show)).split_for_parts();
    /// let app = Sabir::new()
    ///     .nest_service("/old", router)
    ///     .nest_document("/old", &document)
    ///     .build()?;
    /// let document = app.openapi(&Info::default(), OpenApiVersion::default());
    /// let content = &document["paths"]["/old/users"]["get"]["responses"]["200"]["content"];
    /// assert_eq!(content["application/json"]["schema"]["$ref"], "#/components/schemas/User");
    /// assert!(document["components"]["schemas"]["User"].is_object());
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn nest_document(mut self, prefix: &str, document: impl Serialize) -> Self {
        match serde_json::to_value(document) {
            Ok(document) => self.nested_documents.push((prefix.into(), document)),
            Err(error) => {
                let error = SetupError::new("document", error.to_string(), "give a document of OpenAPI");
                self.keep(Err(error.at(format!("nest_document {prefix}"))));
            }
        }
        self
    }

    /// Answers every request that has no route here, whatever its method, with a handler. Within another application it answers
    /// those below the prefix at which that nests this one. A path that has routes of other methods is answered 405.
    ///
    /// ```
    /// use sabir::{Sabir, StatusCode, Uri};
    ///
    /// async fn lost(uri: Uri) -> (StatusCode, String) {
    ///     (StatusCode::NOT_FOUND, format!("There is nothing at {uri}."))
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), sabir::SetupError> {
    /// let app = Sabir::new().get("/", async || "hello").fallback(lost).build()?;
    /// let response = app.call_in_memory(http::Request::get("/none").body("".into()).unwrap()).await;
    /// assert_eq!((response.status().as_u16(), response.body().as_ref()), (404, &b"There is nothing at /none."[..]));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn fallback<A, H>(mut self, handler: H) -> Self
    where
        A: Arguments,
        H: TypedHandler<A, Future: Future<Output: Respond> + Send + 'static>,
    {
        self.fallbacks.push(PendingFallback {
            prefix: String::new(),
            add: Box::new(|app, prefix, states, debug| {
                let named = |error: SetupError| error.at(format!("fallback {prefix}"));
                let path = if prefix.is_empty() { "/" } else { prefix };
                let pattern = app.pattern(path).map_err(named)?;
                let mut description = Description::new(&pattern, states, debug);
                let handler = handler::handler(handler, &mut description).map_err(named)?;
                if description.is_streaming {
                    let problem = "a fallback takes its content as a whole";
                    let remedy = "add a route for content that is taken while it arrives";
                    return Err(named(SetupError::new("arguments", problem, remedy)));
                }
                let operation = description.finish().map_err(named)?;
                app.fallback(prefix, operation, handler).map(drop)
            }),
        });
        self
    }

    /// Puts a layer of `tower` around the whole application, its answers without a route and to requests that do not fit
    /// included. Of several layers the last one is the outermost, which sees a request first.
    ///
    /// A request has passed the checks of its head before, and what a layer answers is sent like every other answer: with the
    /// request's id in problems, and as a problem where the layer fails or panics. Its content is read by whoever needs it,
    /// within the limits of the route. What a layer puts into the extensions of the request, handlers take as
    /// [`Extension`](crate::Extension).
    ///
    /// ```
    /// use http::Response;
    /// use sabir::Sabir;
    /// use tower::util::MapResponseLayer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), sabir::SetupError> {
    /// let named = MapResponseLayer::new(|mut response: Response<_>| {
    ///     response.headers_mut().insert("x-app", "shop".parse().unwrap());
    ///     response
    /// });
    /// let app = Sabir::new().get("/", async || "hello").layer(named).build()?;
    /// let response = app.call_in_memory(http::Request::get("/none").body("".into()).unwrap()).await;
    /// assert_eq!((response.status().as_u16(), &response.headers()["x-app"]), (404, &"shop".parse().unwrap()));
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn layer<L, B>(mut self, layer: L) -> Self
    where
        L: Layer<Service> + Send + 'static,
        L::Service: tower_service::Service<Request<RequestBody>, Response = Response<B>>
            + Clone
            + Send
            + Sync
            + 'static,
        <L::Service as tower_service::Service<Request<RequestBody>>>::Future: Send,
        <L::Service as tower_service::Service<Request<RequestBody>>>::Error: Into<StreamError>,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<StreamError>,
    {
        self.layers.push(Box::new(move |service| service.layer(&layer)));
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
        self.fallbacks.push(PendingFallback {
            prefix: String::new(),
            add: Box::new(|app, prefix, _, _| app.nest(prefix, told(service)).map(drop)),
        });
        self
    }
}

/// `path` of an application that is nested at `prefix`.
fn below(prefix: &str, path: &str) -> String {
    match path {
        "" | "/" if !prefix.is_empty() => prefix.to_owned(),
        _ if path.starts_with('/') => format!("{prefix}{path}"),
        // Put together it could be a path, though not the one that was meant: so it is refused as it is.
        _ => path.to_owned(),
    }
}
