//! The application that a binding wraps.

use std::{
    fmt, io,
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use http::{Method, Response};
use sabir_core::{
    Connection, Handler, Operation, Route, RouteDefinition, Settings, SetupError,
    channel::{HistoryLimits, Hub},
    document::{Info, OpenApiVersion},
    pipeline::{Redirect, StaticFiles},
};
use sabir_http::{App, Documents, Service, check_snapshot, memory_request};
use serde_json::{Map, Value as Json};

use crate::{
    BodyForm, HostHandler, HostSocketHandler, ListenError, OpenedBy, Queue, Socket,
    listen::Listening,
    memory::{self, ClientSocket, Content, Exchange, InMemory, Refusal, SentContent, Server},
};

/// Routes, settings and the running server of one application, whose calls the host takes from [`queue`](Self::queue).
pub struct Application {
    settings: Settings,
    /// The routes, until the first request or the start of the server compiles them.
    app: Mutex<Option<App>>,
    service: OnceLock<Service>,
    queue: Arc<Queue>,
    hub: Hub,
    listening: Listening,
    routes: Mutex<Vec<Named>>,
}

/// A route, and what [`Application::url_for`] finds it by where its operation has no `operationId`.
struct Named {
    route: Arc<Route>,
    name: Option<String>,
    /// Whether it answers what no route fits, and so is none.
    answers_refusals: bool,
    /// What has the host open its sockets, where it has some.
    opener: Option<Arc<AtomicBool>>,
}

impl Named {
    fn is_called(&self, name: &str) -> bool {
        let id = self.route.operation.operation_id.as_deref();
        id.or(self.name.as_deref()) == Some(name)
    }
}

/// Which document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// That of operations.
    OpenApi,
    /// That of sockets and streams.
    AsyncApi,
}

/// A route that was added.
#[derive(Debug)]
pub struct Added {
    /// The number of its handler, which [`Pending::target`](crate::Pending) has.
    pub target: usize,
    /// The compiled route.
    pub route: Arc<Route>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // No code that can panic runs under the locks, so a poisoned state is still a sound one.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Application {
    /// An application without routes; `components` are what `#/components/schemas/...` refers to.
    pub fn new(settings: Settings, components: Map<String, Json>) -> Self {
        let limit = usize::try_from(settings.concurrency_limit).unwrap_or(usize::MAX);
        Self {
            app: Mutex::new(Some(App::new(settings.clone()).components(components))),
            hub: Hub::new(history(&settings)),
            settings,
            service: OnceLock::new(),
            queue: Arc::new(Queue::new(limit)),
            listening: Listening::default(),
            routes: Mutex::default(),
        }
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Where calls wait for the host.
    pub fn queue(&self) -> &Arc<Queue> {
        &self.queue
    }

    /// The channels.
    pub fn hub(&self) -> &Hub {
        &self.hub
    }

    /// Adds schemas that `#/components/schemas/...` refers to in routes added from now on.
    ///
    /// # Errors
    /// The application has started.
    pub fn add_components(&self, components: Map<String, Json>) -> Result<(), SetupError> {
        self.change("components", |app| {
            app.add_components(components);
            Ok(())
        })
    }

    /// Whether it has taken its first request, so that nothing can be added any more.
    pub fn has_started(&self) -> bool {
        self.service.get().is_some()
    }

    /// Sets the documents, by URI, that schemas of routes added from now on may refer to.
    ///
    /// # Errors
    /// A document that is no schema; the application has started.
    pub fn add_schemas(&self, documents: Map<String, Json>) -> Result<(), SetupError> {
        self.change("schemas", |app| app.schemas(documents).map(drop))
    }

    /// Sets the stage called `name` for every answer: `options` is an object, or `true` for the defaults.
    ///
    /// # Errors
    /// Names the field as `stages.cors.max_age`; the application has started.
    pub fn set_stage(&self, name: &str, options: &Json) -> Result<(), SetupError> {
        self.change("use", |app| app.stage(name, options).map(drop))
            .map_err(|error| error.at("use"))
    }

    /// Adds the security scheme that operations of routes added from now on call `name`, an OpenAPI Security Scheme Object.
    ///
    /// # Errors
    /// Names the field; the application has started.
    pub fn add_security_scheme(&self, name: &str, scheme: &Json) -> Result<(), SetupError> {
        self.change("security", |app| app.security_scheme(name, scheme).map(drop))
    }

    /// Adds a path converter for routes added from now on.
    ///
    /// # Errors
    /// A name that is taken, a regular expression that does not compile; the application has started.
    pub fn add_converter(&self, name: &str, regex: &str, schema: Json) -> Result<(), SetupError> {
        self.change("converters", |app| app.converter(name, regex, schema).map(drop))
    }

    /// Compiles and adds a route, whose calls wait in the queue with the number of its handler. It takes content in the form
    /// `body`; if it is one of sockets, they are `opened_by` the runtime or the host.
    ///
    /// # Errors
    /// Names the route, the field and the remedy. The application has started.
    pub fn add_route(
        &self,
        method: &str,
        path: String,
        operation: &Json,
        body: BodyForm,
        opened_by: OpenedBy,
    ) -> Result<Added, SetupError> {
        let place = format!("{method} {path}");
        let operation = Operation::from_json(operation).map_err(|error| error.at(place.as_str()))?;
        let method = Method::from_bytes(method.as_bytes()).map_err(|_| {
            let problem = format!("{method:?} is not a method (RFC 9110 §9.1)");
            SetupError::new("method", problem, "use a token such as GET").at(place.as_str())
        })?;
        // Held to the end: the number of the handler is the place of the route.
        let mut routes = lock(&self.routes);
        let target = routes.len();
        let is_socket = operation
            .extension
            .as_ref()
            .is_some_and(|extension| extension.websocket.is_some());
        let (handler, opener): (Arc<dyn Handler>, _) = if is_socket {
            let handler = HostSocketHandler::new(Arc::clone(&self.queue), target).opened_by(opened_by);
            let opener = handler.opener();
            (Arc::new(handler), Some(opener))
        } else {
            let handler = HostHandler::new(Arc::clone(&self.queue), target).taking(body);
            (Arc::new(handler), None)
        };
        let mut definition = RouteDefinition::new(method, path, operation);
        match body {
            BodyForm::JsonText => definition = definition.leaving_json(),
            BodyForm::Stream | BodyForm::StreamOrBytes => definition = definition.streaming(),
            BodyForm::Value | BodyForm::ValueAndContent => {}
        }
        let route = self.change(&place, |app| app.route(definition, handler))?;
        routes.push(Named {
            route: Arc::clone(&route),
            name: None,
            answers_refusals: false,
            opener,
        });
        Ok(Added { target, route })
    }

    /// Has the host handle the requests below `prefix` that have no route, whatever their method, with the empty prefix all of them.
    /// They wait in the queue once their heads are there; content is taken [while it arrives](BodyForm::StreamOrBytes), as it was sent.
    /// Gives the number of the handler.
    ///
    /// # Errors
    /// A prefix that is taken, or that is not the start of a path. The application has started.
    pub fn nest(&self, prefix: &str) -> Result<usize, SetupError> {
        let mut routes = lock(&self.routes);
        let target = routes.len();
        let handler = HostHandler::new(Arc::clone(&self.queue), target).taking(BodyForm::StreamOrBytes);
        let route = self.change(prefix, |app| app.nest_streaming(prefix, Arc::new(handler)))?;
        routes.push(Named {
            route,
            name: None,
            answers_refusals: false,
            opener: None,
        });
        Ok(target)
    }

    /// Has the host answer requests that the runtime refuses because no route fits, and gives the number of the handler. Its calls have
    /// the [`refusal`](sabir_core::Call::refusal), and neither arguments nor content. What keeps load away is answered without the host,
    /// see [`ApplicationBuilder::refusals`](sabir_core::pipeline::ApplicationBuilder::refusals).
    ///
    /// # Errors
    /// The application has started.
    pub fn take_refusals(&self) -> Result<usize, SetupError> {
        let mut routes = lock(&self.routes);
        let target = routes.len();
        let handler = Arc::new(HostHandler::new(Arc::clone(&self.queue), target));
        let route = self.change("refusals", |app| app.refusals(handler))?;
        routes.push(Named {
            route,
            name: None,
            answers_refusals: true,
            opener: None,
        });
        Ok(target)
    }

    /// Has the host answer requests for the route of this handler that the runtime refuses: their calls have the number of the handler,
    /// too, and a [`refusal`](sabir_core::Call::refusal). Those of a route of sockets are calls, not sockets.
    ///
    /// # Errors
    /// The application has started.
    pub fn take_refusals_of(&self, target: usize) -> Result<(), SetupError> {
        let routes = lock(&self.routes);
        let Some(Named { route, .. }) = routes.get(target) else {
            return Ok(());
        };
        let handler = Arc::new(HostHandler::new(Arc::clone(&self.queue), target));
        self.change("refusals", |app| {
            app.refusals_of(route, handler);
            Ok(())
        })
    }

    /// Has the host open the sockets of a handler, as [`OpenedBy::Host`] does; without effect on one of requests. To be said before
    /// the first request.
    pub fn open_by_host(&self, target: usize) {
        if let Some(Named {
            opener: Some(opener), ..
        }) = lock(&self.routes).get(target)
        {
            opener.store(true, Ordering::Relaxed);
        }
    }

    /// Gives the route of a handler a name for [`url_for`](Self::url_for), which it has where its operation has no `operationId`.
    pub fn name_route(&self, target: usize, name: String) {
        if let Some(route) = lock(&self.routes).get_mut(target) {
            route.name = Some(name);
        }
    }

    /// Method and path of every route, in the order added.
    pub fn routes(&self) -> Vec<(String, String)> {
        lock(&self.routes)
            .iter()
            .filter(|known| !known.answers_refusals)
            .map(|Named { route, .. }| (route.method.to_string(), route.pattern.as_str().to_owned()))
            .collect()
    }

    /// The path of the route with this `operationId` or name, for its variables' values, percent-encoded.
    ///
    /// # Errors
    /// There is no such route, or a value is missing, surplus or does not fit.
    pub fn url_for<'a>(
        &self,
        operation_id: &str,
        values: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<String, SetupError> {
        let routes = lock(&self.routes);
        let found = routes.iter().find(|route| route.is_called(operation_id));
        let Named { route, .. } = found.ok_or_else(|| {
            let problem = format!("there is no operation {operation_id:?}");
            SetupError::new("operationId", problem, "use that of a route").at("url_for")
        })?;
        let values: Vec<(&str, &str)> = values.into_iter().collect();
        route.pattern.build(&values)
    }

    /// The AsyncAPI document of the sockets and streams that have been added. `info` is what it says of the whole, as plain data.
    ///
    /// # Errors
    /// Names what of `info` is unknown or does not fit.
    pub fn asyncapi(&self, info: &Json) -> Result<Json, SetupError> {
        let document = Info::from_json(info).and_then(|info| match &*lock(&self.app) {
            Some(app) => app.asyncapi(&info),
            None => self.service().asyncapi(&info),
        });
        document.map_err(|error| error.at("asyncapi"))
    }

    /// The OpenAPI document of the operations that have been added. `info` is what it says of the whole, as plain data, and in
    /// `openapi_version` the version of the specification: `3.1` or `3.2`.
    ///
    /// # Errors
    /// Names what of `info` is unknown or does not fit.
    pub fn openapi(&self, info: &Json) -> Result<Json, SetupError> {
        let mut info = info.clone();
        let version = OpenApiVersion::taken_from(&mut info);
        let given = version.and_then(|version| Ok((Info::from_json(&info)?, version)));
        let (info, version) = given.map_err(|error| error.at("openapi"))?;
        Ok(match &*lock(&self.app) {
            Some(app) => app.openapi(&info, version),
            None => self.service().openapi(&info, version),
        })
    }

    /// Compares a document with the file at `path`, see [`check_snapshot`]; `info` is what it says of the whole. Says how they differ.
    ///
    /// # Errors
    /// As [`openapi`](Self::openapi) and [`asyncapi`](Self::asyncapi). The file can be neither read nor written.
    pub fn check_document(
        &self,
        kind: DocumentKind,
        info: &Json,
        path: &str,
    ) -> Result<Option<String>, SetupError> {
        let (name, document) = match kind {
            DocumentKind::OpenApi => ("openapi", self.openapi(info)?),
            DocumentKind::AsyncApi => ("asyncapi", self.asyncapi(info)?),
        };
        check_snapshot(Path::new(path), &document).map_err(|error| {
            let problem = format!("{path}: {error}");
            SetupError::new("path", problem, "give the path of a file that can be written").at(name)
        })
    }

    /// Answers requests for the documents of the application, see [`Documents::from_json`], without the host.
    ///
    /// # Errors
    /// Names what of `documents` is unknown or does not fit, or the path that is taken. The application has started.
    pub fn documents(&self, documents: &Json) -> Result<(), SetupError> {
        let documents = Documents::from_json(documents).map_err(|error| error.at("documents"))?;
        self.change("documents", |app| app.documents(&documents).map(drop))
    }

    /// Answers requests for the paths below `path` that have no route with the files of a folder, without the host: `files` are the options
    /// of [`StaticFiles`], and `operation` says the security and the stages.
    ///
    /// # Errors
    /// Names what does not fit. The application has started.
    pub fn static_files(&self, path: &str, files: &Json, operation: &Json) -> Result<(), SetupError> {
        let place = format!("static {path}");
        let files = StaticFiles::from_json(files).map_err(|error| error.at(place.as_str()))?;
        let operation = Operation::from_json(operation).map_err(|error| error.at(place.as_str()))?;
        self.change(&place, |app| app.static_files(path, &files, operation).map(drop))
    }

    /// Sends requests for `path` elsewhere, without the host: `redirect` is `to` and `status`, see [`Redirect`], and `operation` says the
    /// security and the stages.
    ///
    /// # Errors
    /// Names what does not fit. The application has started.
    pub fn redirect(&self, path: &str, redirect: &Json, operation: &Json) -> Result<(), SetupError> {
        let place = format!("redirect {path}");
        let redirect = Redirect::from_json(redirect).map_err(|error| error.at(place.as_str()))?;
        let operation = Operation::from_json(operation).map_err(|error| error.at(place.as_str()))?;
        self.change(&place, |app| app.redirect(path, &redirect, operation).map(drop))
    }

    /// How many calls the host has taken since the start.
    pub fn handler_calls(&self) -> u64 {
        self.queue.entries()
    }

    /// How many calls are in flight.
    pub fn calls_in_flight(&self) -> usize {
        self.queue.in_flight().count()
    }

    /// Starts the server on `socket` and gives its address: `127.0.0.1:8000`, or the path of a Unix socket.
    ///
    /// # Errors
    /// The application listens already or was stopped meanwhile, or the system refuses.
    pub fn listen(&self, socket: Socket) -> Result<String, ListenError> {
        self.listening.start(socket, self.service())
    }

    /// Stops the server gracefully; `stopped` is called on another thread when it has stopped, also when there is none. A
    /// socket that `is_withdrawn` is served by no other process either, so that its new connections are refused from now on.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn stop(&self, is_withdrawn: bool, stopped: impl FnOnce() + Send + 'static) -> io::Result<()> {
        self.listening.stop(is_withdrawn, stopped)
    }

    /// Stops the server without waiting for it, for the end of a host.
    pub fn abandon(&self) {
        self.listening.abandon();
    }

    /// Sends a request through the same service without a socket. What no connection would let through is answered as it
    /// would be there. `done` is called on another thread with the answer, or with `None` when the exchange was cancelled
    /// before there was one. Content that is a stream, in either direction, is read when the other side wants it.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn request<N: AsRef<[u8]>, V: AsRef<[u8]>>(
        &self,
        method: &str,
        target: &str,
        fields: &[(N, V)],
        content: impl Into<SentContent>,
        done: impl FnOnce(Option<Response<Content>>) + Send + 'static,
    ) -> io::Result<Exchange> {
        self.request_on(None, method, target, fields, content, done)
    }

    /// The same for one of several requests of a client, which stands for a `connection`.
    ///
    /// # Errors
    /// As [`request`](Self::request).
    pub fn request_on<N: AsRef<[u8]>, V: AsRef<[u8]>>(
        &self,
        connection: Option<Connection>,
        method: &str,
        target: &str,
        fields: &[(N, V)],
        content: impl Into<SentContent>,
        done: impl FnOnce(Option<Response<Content>>) + Send + 'static,
    ) -> io::Result<Exchange> {
        let service = self.service();
        let mut request = memory_request(method, target, fields, content.into(), service.settings());
        request.extensions_mut().insert(InMemory);
        connection.map(|connection| request.extensions_mut().insert(connection));
        memory::exchange(service, request, done)
    }

    /// Opens a WebSocket for a test client, in memory or, with an address, over a connection to the server there. `done` is
    /// called on another thread.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn connect<N: AsRef<[u8]>, V: AsRef<[u8]>>(
        &self,
        address: Option<String>,
        target: &str,
        fields: &[(N, V)],
        done: impl FnOnce(Result<ClientSocket, Refusal>) + Send + 'static,
    ) -> io::Result<()> {
        self.connect_on(None, address, target, fields, done)
    }

    /// The same for a client that stands for a `connection` in memory.
    ///
    /// # Errors
    /// As [`connect`](Self::connect).
    pub fn connect_on<N: AsRef<[u8]>, V: AsRef<[u8]>>(
        &self,
        connection: Option<Connection>,
        address: Option<String>,
        target: &str,
        fields: &[(N, V)],
        done: impl FnOnce(Result<ClientSocket, Refusal>) + Send + 'static,
    ) -> io::Result<()> {
        let service = self.service();
        let mut request = memory_request("GET", target, fields, Bytes::new(), service.settings());
        connection.map(|connection| request.extensions_mut().insert(connection));
        let server = address.map_or(Server::Memory(service), Server::Address);
        memory::connect(server, request, done)
    }

    fn service(&self) -> Service {
        let start = || {
            // Only this takes the routes, and only once.
            let app = lock(&self.app).take();
            app.unwrap_or_else(|| App::new(self.settings.clone())).build()
        };
        self.service.get_or_init(start).clone()
    }

    fn change<T>(
        &self,
        what: &str,
        change: impl FnOnce(&mut App) -> Result<T, SetupError>,
    ) -> Result<T, SetupError> {
        match &mut *lock(&self.app) {
            Some(app) => change(app),
            None => Err(SetupError::new(
                "app",
                "the application has started",
                "add routes, stages, schemas and converters before the first request",
            )
            .at(what)),
        }
    }
}

/// How much of a channel is kept.
fn history(settings: &Settings) -> HistoryLimits {
    let limit = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    HistoryLimits {
        messages: limit(settings.channel_history_limit),
        bytes: limit(settings.channel_history_bytes),
        ..HistoryLimits::default()
    }
}

impl fmt::Debug for Application {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Application")
            .field("settings", &self.settings)
            .field("routes", &self.routes())
            .finish_non_exhaustive()
    }
}
