//! The application object behind `Sabir`.

use std::{
    collections::HashMap,
    os::fd::{FromRawFd, IntoRawFd, OwnedFd, RawFd},
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
};

use http::Method;
use napi::{
    CleanupEnvHook, Either, Env, Result,
    bindgen_prelude::{Function, Object, ObjectFinalize, Uint8Array},
};
use napi_derive::napi;
use sabir_core::{Operation, Route, RouteDefinition, Settings};
use sabir_host::{HostHandler, Queue, SETTINGS_OF_THREADS};
use sabir_http::{Address, App, Server, ServerHandle, Service};
use serde_json::{Map, Value as Json};

use crate::{
    arguments::{self, Slots},
    calls,
    data::{self, exact_members},
    error::{misuse, setup},
    host::Host,
    memory,
    wake::LoopWake,
};

/// What the end of the loop closes.
type Ending = (Weak<Host>, Weak<Mutex<Option<ServerHandle>>>);

/// Routes, settings and the running server of one application.
#[napi(custom_finalize)]
pub struct NativeApp {
    settings: Settings,
    /// The routes, until the first request or the start of the server compiles them.
    app: Mutex<Option<App>>,
    service: OnceLock<Service>,
    host: Arc<Host>,
    queue: Arc<Queue>,
    server: Arc<Mutex<Option<ServerHandle>>>,
    routes: Mutex<Vec<Arc<Route>>>,
    injected: Arc<memory::Injected>,
    /// What ends the application with the loop.
    hook: CleanupEnvHook<Ending>,
    /// Whether that has run; then it is gone.
    has_ended: Arc<AtomicBool>,
}

impl ObjectFinalize for NativeApp {
    fn finalize(self, env: Env) -> Result<()> {
        if self.has_ended.load(Ordering::Relaxed) {
            return Ok(());
        }
        env.remove_env_cleanup_hook(self.hook)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl NativeApp {
    fn service(&self) -> Result<&Service> {
        if let Some(service) = self.service.get() {
            return Ok(service);
        }
        if let Some(app) = lock(&self.app).take() {
            // Nobody else can have set it: only the taker of the builder gets here.
            let _ = self.service.set(app.build());
        }
        self.service
            .get()
            .ok_or_else(|| misuse("the application is being started"))
    }

    fn serve(&self, bind: impl FnOnce() -> std::io::Result<Server>) -> Result<Either<String, Refusal>> {
        let service = self.service()?.clone();
        let mut server = lock(&self.server);
        if server.is_some() {
            return Err(misuse("the application is already listening"));
        }
        let bound = match bind() {
            Ok(bound) => bound,
            Err(error) => return Refusal::of(&error).map(Either::B),
        };
        let address = bound.local_address();
        *server = Some(bound.serve(service).map_err(|error| misuse(error.to_string()))?);
        Ok(Either::A(address))
    }

    fn change<T>(&self, change: impl FnOnce(&mut App) -> Result<T>) -> Result<T> {
        match &mut *lock(&self.app) {
            Some(app) => change(app),
            None => Err(misuse(
                "the application has started; add routes and converters before the first request",
            )),
        }
    }
}

#[napi]
impl NativeApp {
    /// An application whose calls `drain` takes, on the event loop that it is made on.
    #[napi(constructor)]
    pub fn new(
        env: Env,
        settings: Map<String, Json>,
        components: String,
        drain: Function<'_, (), ()>,
    ) -> Result<Self> {
        let mut parsed = Settings::default();
        for (name, value) in &exact_members(settings) {
            if SETTINGS_OF_THREADS.contains(&name.as_str()) {
                return Err(misuse(format!(
                    "settings: {name}: handlers of JavaScript run on one thread"
                )));
            }
            parsed.set(name, value).map_err(setup)?;
        }
        let limit = usize::try_from(parsed.concurrency_limit).unwrap_or(usize::MAX);
        let queue = Arc::new(Queue::new(limit));
        queue.attach(Some(Box::new(LoopWake::new(&drain)?)));
        let host = Arc::new(Host::new(Arc::clone(&queue)));
        let server = Arc::new(Mutex::new(None::<ServerHandle>));
        // The threads of a server outlive the thread of JavaScript that answered its requests, such as a worker's.
        let of_loop = (Arc::downgrade(&host), Arc::downgrade(&server));
        let has_ended = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&has_ended);
        let hook = env.add_env_cleanup_hook(of_loop, move |(host, server)| {
            ended.store(true, Ordering::Relaxed);
            if let Some(server) = server
                .upgrade()
                .as_deref()
                .and_then(|server| lock(server).clone())
            {
                server.stop();
            }
            if let Some(host) = host.upgrade() {
                host.close();
            }
        })?;
        Ok(Self {
            app: Mutex::new(Some(
                App::new(parsed.clone()).components(data::parse(&components)?),
            )),
            settings: parsed,
            service: OnceLock::new(),
            host,
            queue,
            server,
            routes: Mutex::default(),
            injected: Arc::default(),
            hook,
            has_ended,
        })
    }

    /// Sets the documents that schemas may refer to.
    #[napi]
    pub fn add_schemas(&self, documents: String) -> Result<()> {
        self.change(|app| app.schemas(data::parse(&documents)?).map(drop).map_err(setup))
    }

    /// Adds a path converter.
    #[napi]
    pub fn add_converter(&self, name: String, regex: String, schema: String) -> Result<()> {
        self.change(|app| {
            app.converter(&name, &regex, data::parse(&schema)?)
                .map(drop)
                .map_err(setup)
        })
    }

    /// Adds a route and gives the number of its handler. `slots` are places and names of the parameters that the
    /// handler gets, one after the other.
    #[napi]
    pub fn add_route(
        &self,
        method: String,
        path: String,
        operation: String,
        slots: Vec<String>,
    ) -> Result<u32> {
        let name = format!("{method} {path}");
        let method = Method::from_bytes(method.as_bytes())
            .map_err(|_| misuse(format!("{method:?} is not a method (RFC 9110 §9.1)")))?;
        let operation = Operation::from_json(&data::parse(&operation)?)
            .map_err(|error| setup(error.at(name.as_str())))?;
        let target = self.host.next_target();
        let route = self.change(|app| {
            let handler =
                Arc::new(HostHandler::new(Arc::clone(&self.queue), target).preparing(arguments::prepare));
            let definition = RouteDefinition::new(method, path, operation);
            app.route(definition, handler).map_err(setup)
        })?;
        let wanted: Vec<(String, String)> = slots
            .chunks_exact(2)
            .map(|pair| (pair[0].clone(), pair[1].clone()))
            .collect();
        self.host.add(Slots::of(&route, &wanted)?);
        lock(&self.routes).push(route);
        Ok(u32::try_from(target).unwrap_or(u32::MAX))
    }

    /// The path of the route with this `operationId`, for its variables' values.
    #[napi]
    pub fn url_for(&self, operation_id: String, values: HashMap<String, String>) -> Result<String> {
        let routes = lock(&self.routes);
        let route = routes
            .iter()
            .find(|route| route.operation.operation_id.as_ref() == Some(&operation_id))
            .ok_or_else(|| misuse(format!("there is no operation {operation_id:?}")))?;
        let values: Vec<(&str, &str)> = values
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        route.pattern.build(&values).map_err(setup)
    }

    /// How many calls JavaScript has taken since the start.
    #[napi]
    #[allow(
        clippy::cast_precision_loss,
        reason = "no process answers more than 2^53 calls"
    )]
    pub fn handler_calls(&self) -> f64 {
        self.queue.entries() as f64
    }

    /// The functions by which JavaScript takes calls and answers them.
    #[napi(ts_return_type = "NativeCalls")]
    pub fn calls<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        calls::functions(env, &self.host)
    }

    /// Starts the server and gives its address. Sockets of other processes and threads may share a TCP address.
    #[napi]
    pub fn listen(
        &self,
        host: String,
        port: u16,
        unix_path: Option<String>,
        is_shared: bool,
    ) -> Result<Either<String, Refusal>> {
        let address = match unix_path {
            Some(path) => Address::Unix(path.into()),
            None => Address::Tcp(host, port),
        };
        self.serve(|| {
            if is_shared {
                Server::bind_shared(address)
            } else {
                Server::bind(address)
            }
        })
    }

    /// Starts the server on a socket that listens already, which it takes over, and gives its address.
    #[napi]
    #[allow(unsafe_code)]
    pub fn listen_on(&self, descriptor: i32) -> Result<Either<String, Refusal>> {
        if descriptor < 0 {
            return Err(misuse(format!("{descriptor} is no descriptor")));
        }
        // SAFETY: the caller of `listen({ fd })` gives the descriptor away, as the documentation of the option asks for.
        let descriptor = unsafe { OwnedFd::from_raw_fd(descriptor) };
        self.serve(|| Server::from_descriptor(descriptor))
    }

    /// How long [`stop`](Self::stop) lets running requests go on.
    #[napi]
    #[allow(clippy::cast_precision_loss, reason = "nobody waits for 2^53 milliseconds")]
    pub fn shutdown_timeout_ms(&self) -> f64 {
        self.settings.shutdown_timeout_ms as f64
    }

    /// Stops the server gracefully; the promise resolves when it has stopped.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn stop<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let (stopped, promise) = env.create_deferred()?;
        let server = lock(&self.server).take();
        std::thread::Builder::new()
            .name("sabir-stop".into())
            .spawn(move || {
                if let Some(server) = server {
                    server.stop();
                    server.wait();
                }
                stopped.resolve(|_| Ok(()));
            })
            .map_err(|error| misuse(error.to_string()))?;
        Ok(promise)
    }

    /// Sends a request through the same service without a socket. `fields` are names and values, one after the other.
    /// By its `number`, unless that is 0, it can be [cancelled](Self::cancel); the promise has `null` then.
    #[napi(ts_return_type = "Promise<InjectedResponse | null>")]
    pub fn inject<'env>(
        &self,
        env: &'env Env,
        method: String,
        target: String,
        fields: Vec<Either<String, Uint8Array>>,
        body: Option<Uint8Array>,
        number: u32,
    ) -> Result<Object<'env>> {
        let service = self.service()?.clone();
        let request = memory::request(&method, &target, &fields, body.as_ref(), service.settings());
        let (answered, promise) = env.create_deferred()?;
        let cancelled = self.injected.begin(number);
        let injected = Arc::clone(&self.injected);
        memory::runtime()?.spawn(async move {
            let response = tokio::select! {
                response = service.call_in_memory(request) => Some(response),
                () = cancelled => None,
            };
            injected.end(number);
            answered.resolve(move |_| Ok(response.map(memory::answered)));
        });
        Ok(promise)
    }

    /// Cancels the request in memory with this number, and with it its handler.
    #[napi]
    pub fn cancel(&self, number: u32) {
        self.injected.end(number);
    }
}

/// Binds a socket for several processes and gives its descriptor and its address. Starts no thread.
#[napi]
pub fn bind(host: String, port: u16, unix_path: Option<String>) -> Result<Either<Bound, Refusal>> {
    let address = match unix_path {
        Some(path) => Address::Unix(path.into()),
        None => Address::Tcp(host, port),
    };
    let bound = match Server::bind(address) {
        Ok(bound) => bound,
        Err(error) => return Refusal::of(&error).map(Either::B),
    };
    let address = bound.local_address();
    Ok(Either::A(Bound {
        address,
        descriptor: bound.into_descriptor().into_raw_fd(),
    }))
}

/// What the system says of an address that it does not give.
#[napi(object)]
pub struct Refusal {
    /// Its number for the reason.
    pub errno: i32,
    /// The reason in words.
    pub message: String,
}

impl Refusal {
    /// # Errors
    /// It was not the system that refused.
    fn of(error: &std::io::Error) -> Result<Self> {
        let errno = error.raw_os_error().ok_or_else(|| misuse(error.to_string()))?;
        Ok(Self {
            errno,
            message: error.to_string(),
        })
    }
}

/// A socket that listens, for other processes.
#[napi(object)]
pub struct Bound {
    /// `127.0.0.1:8000`, or the path of a Unix socket.
    pub address: String,
    /// The caller's to close.
    pub descriptor: RawFd,
}
