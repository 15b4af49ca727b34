//! The application object behind `sabir.Sabir`.

use std::collections::HashMap;
use std::{
    os::fd::{FromRawFd, IntoRawFd, OwnedFd, RawFd},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use bytes::Bytes;
use http::{Method, Response};
use pyo3::{
    PyTraverseError, PyVisit,
    exceptions::{PyRuntimeError, PyValueError},
    prelude::*,
    types::{PyBytes, PyDict, PyTuple},
};
use sabir_core::{Operation, Route, RouteDefinition, Settings, body::FormReader};
use sabir_host::{HostHandler, Queue};
use sabir_http::{Address, App, Server, ServerHandle, Service, memory_request};

use crate::{
    arguments::ArgumentPlan,
    call::{Mode, Target},
    error::{of_system, setup, unraisable},
    host::{Hooks, Host},
    interpreter::{self, enter},
    log,
    response::status_code,
    value::to_json,
};

/// Routes, settings and the running server of one application.
#[pyclass(frozen, module = "sabir._sabir")]
pub(crate) struct NativeApp {
    settings: Settings,
    /// The routes, until the first request or the start of the server compiles them.
    app: Mutex<Option<App>>,
    service: OnceLock<Service>,
    host: Py<Host>,
    queue: Arc<Queue>,
    server: Mutex<Listening>,
    routes: Mutex<Vec<Arc<Route>>>,
}

/// Whether the application listens. No lock is held while the interpreter is left or entered: a thread that waits for the
/// lock would keep the interpreter from the one that has it.
#[derive(Debug, Default)]
enum Listening {
    #[default]
    No,
    /// A thread starts the server.
    Starting,
    /// It was stopped before it had started.
    Stopping,
    Yes(ServerHandle),
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The runtime of in-memory requests: one thread for all applications, which lives as long as the process.
fn memory() -> PyResult<tokio::runtime::Handle> {
    static MEMORY: Mutex<Option<(u32, tokio::runtime::Handle)>> = Mutex::new(None);

    let (mut memory, process) = (lock(&MEMORY), std::process::id());
    match &*memory {
        Some((owner, handle)) if *owner == process => return Ok(handle.clone()),
        // A fork has its parent's runtime without the thread that drives it.
        Some(_) => std::mem::forget(memory.take()),
        None => {}
    }
    interpreter::threads_start();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let handle = runtime.handle().clone();
    std::thread::Builder::new()
        .name("sabir-memory".into())
        .spawn(move || runtime.block_on(std::future::pending::<()>()))?;
    *memory = Some((process, handle.clone()));
    Ok(handle)
}

impl NativeApp {
    fn service(&self) -> PyResult<&Service> {
        if let Some(service) = self.service.get() {
            return Ok(service);
        }
        if let Some(app) = lock(&self.app).take() {
            // Nobody else can have set it: only the taker of the builder gets here.
            let _ = self.service.set(app.build());
        }
        self.service
            .get()
            .ok_or_else(|| PyRuntimeError::new_err("the application is being started"))
    }

    fn change<T>(&self, change: impl FnOnce(&mut App) -> PyResult<T>) -> PyResult<T> {
        match &mut *lock(&self.app) {
            Some(app) => change(app),
            None => Err(PyRuntimeError::new_err(
                "the application has started; add routes and converters before the first request",
            )),
        }
    }

    fn serve(
        &self,
        py: Python<'_>,
        address: &str,
        bind: impl FnOnce() -> std::io::Result<Server> + Send,
    ) -> PyResult<String> {
        interpreter::refuse_at_exit()?;
        let service = self.service()?.clone();
        {
            let mut listening = lock(&self.server);
            if !matches!(*listening, Listening::No) {
                return Err(PyRuntimeError::new_err("the application is already listening"));
            }
            *listening = Listening::Starting;
        }
        let started = py.detach(|| {
            let bound = bind()?;
            let address = bound.local_address();
            interpreter::threads_start();
            bound.serve(service).map(|handle| (handle, address))
        });
        let mut listening = lock(&self.server);
        let is_stopped = matches!(*listening, Listening::Stopping);
        match started {
            Ok((handle, address)) if !is_stopped => {
                *listening = Listening::Yes(handle);
                Ok(address)
            }
            Ok((handle, _)) => {
                handle.stop();
                *listening = Listening::No;
                Err(PyRuntimeError::new_err(
                    "the application was stopped before it had started",
                ))
            }
            Err(error) => {
                *listening = Listening::No;
                Err(of_system(&error, address))
            }
        }
    }
}

#[pymethods]
impl NativeApp {
    #[new]
    fn new(
        py: Python<'_>,
        settings: &Bound<'_, PyDict>,
        components: &Bound<'_, PyDict>,
        hooks: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let mut parsed = Settings::default();
        for (name, value) in settings {
            let name: String = name.extract()?;
            parsed.set(&name, &to_json(&value)?).map_err(setup)?;
        }
        log::attach(&hooks.getattr("log")?);
        let limit = usize::try_from(parsed.concurrency_limit).unwrap_or(usize::MAX);
        let queue = Arc::new(Queue::new(limit));
        let host = Host::new(
            py,
            Arc::clone(&queue),
            Hooks::read(hooks, parsed.handler_threads)?,
            parsed.debug,
        )?;
        let mut app = App::new(parsed.clone());
        if let serde_json::Value::Object(components) = to_json(components)? {
            app = app.components(components);
        }
        Ok(Self {
            settings: parsed,
            app: Mutex::new(Some(app)),
            service: OnceLock::new(),
            host: Py::new(py, host)?,
            queue,
            server: Mutex::default(),
            routes: Mutex::default(),
        })
    }

    fn add_components(&self, components: &Bound<'_, PyDict>) -> PyResult<()> {
        let serde_json::Value::Object(components) = to_json(components)? else {
            return Ok(());
        };
        self.change(|app| {
            app.add_components(components);
            Ok(())
        })
    }

    fn add_schemas(&self, documents: &Bound<'_, PyDict>) -> PyResult<()> {
        let serde_json::Value::Object(documents) = to_json(documents)? else {
            return Ok(());
        };
        self.change(|app| app.schemas(documents).map(drop).map_err(setup))
    }

    fn add_converter(&self, name: &str, regex: &str, schema: &Bound<'_, PyAny>) -> PyResult<()> {
        let schema = to_json(schema)?;
        self.change(|app| app.converter(name, regex, schema).map(drop).map_err(setup))
    }

    #[allow(
        clippy::too_many_arguments,
        reason = "the parts of a route, given once by sabir.app"
    )]
    fn add_route(
        &self,
        method: &str,
        path: String,
        operation: &Bound<'_, PyAny>,
        handler: Py<PyAny>,
        mode: u8,
        arguments: Vec<Bound<'_, PyTuple>>,
        status: Option<u16>,
        statuses: Py<PyAny>,
    ) -> PyResult<usize> {
        let mode = match mode {
            0 => Mode::Coroutine,
            1 => Mode::Blocking,
            2 => Mode::Inline,
            _ => return Err(PyValueError::new_err("mode is 0, 1 or 2")),
        };
        let name = format!("{method} {path}");
        let method = Method::from_bytes(method.as_bytes())
            .map_err(|_| PyValueError::new_err(format!("{method:?} is not a method (RFC 9110 §9.1)")))?;
        let operation =
            Operation::from_json(&to_json(operation)?).map_err(|error| setup(error.at(name.as_str())))?;
        let status = status.map(status_code).transpose()?;
        let host = self.host.get();
        let route = self.change(|app| {
            let mut handler = HostHandler::new(Arc::clone(&self.queue), host.next_target());
            if !ArgumentPlan::asks_for_request(&arguments)? {
                // What was sent is not to be in memory beside what was made of it while the call waits.
                handler = handler.preparing(|call| drop(std::mem::take(&mut call.body)));
            }
            let definition = RouteDefinition::new(method.clone(), path.as_str(), operation);
            app.route(definition, Arc::new(handler)).map_err(setup)
        })?;
        lock(&self.routes).push(Arc::clone(&route));
        let arguments = ArgumentPlan::read(&arguments, &route, FormReader::new(&self.settings))?;
        Ok(host.add(Target {
            function: handler,
            mode,
            arguments,
            status,
            statuses,
        }))
    }

    /// Whether it has taken its first request, so that nothing can be added any more.
    fn has_started(&self) -> bool {
        self.service.get().is_some()
    }

    /// Method and path of every route, in the order added.
    fn routes(&self) -> Vec<(String, String)> {
        let routes = lock(&self.routes);
        routes
            .iter()
            .map(|route| (route.method.to_string(), route.pattern.as_str().to_owned()))
            .collect()
    }

    /// The path of the route with this `operationId`, for its variables' values.
    fn url_for(&self, operation_id: &str, values: HashMap<String, String>) -> PyResult<String> {
        let routes = lock(&self.routes);
        let route = routes
            .iter()
            .find(|route| route.operation.operation_id.as_deref() == Some(operation_id))
            .ok_or_else(|| PyValueError::new_err(format!("there is no operation {operation_id:?}")))?;
        let values: Vec<(&str, &str)> = values
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        route.pattern.build(&values).map_err(setup)
    }

    /// How many calls Python has taken since the start.
    fn handler_calls(&self) -> u64 {
        self.queue.entries()
    }

    fn attach(&self, py: Python<'_>, event_loop: &Bound<'_, PyAny>) -> PyResult<()> {
        Host::attach(self.host.bind(py), event_loop)
    }

    fn detach(&self, py: Python<'_>) -> PyResult<()> {
        self.host.get().detach(py)
    }

    /// Starts the server and gives its address. Sockets of other processes and applications may share a TCP address.
    #[pyo3(signature = (host, port, unix_path=None, *, is_shared=false))]
    fn listen(
        &self,
        py: Python<'_>,
        host: Option<&str>,
        port: u16,
        unix_path: Option<&str>,
        is_shared: bool,
    ) -> PyResult<String> {
        let (address, shown) = address(host, port, unix_path);
        self.serve(py, &shown, || {
            if is_shared {
                Server::bind_shared(address)
            } else {
                Server::bind(address)
            }
        })
    }

    /// Starts the server on a socket from [`bind`], which it takes over, and gives its address.
    #[allow(unsafe_code)]
    fn listen_on(&self, py: Python<'_>, descriptor: RawFd) -> PyResult<String> {
        // SAFETY: `sabir.workers` passes a descriptor that it received for this call and never uses again.
        let descriptor = unsafe { OwnedFd::from_raw_fd(descriptor) };
        self.serve(py, "the socket", || Server::from_descriptor(descriptor))
    }

    /// How long [`stop`](Self::stop) lets running requests go on.
    fn shutdown_timeout_ms(&self) -> u64 {
        self.settings.shutdown_timeout_ms
    }

    /// Stops the server gracefully; `callback` is called on the loop when it has stopped. A socket from [`bind`] that
    /// `is_withdrawn` is served by no other process either, so that its new connections are refused from now on.
    #[pyo3(signature = (callback, *, is_withdrawn=false))]
    fn stop(&self, py: Python<'_>, callback: Py<PyAny>, is_withdrawn: bool) -> PyResult<()> {
        interpreter::refuse_at_exit()?;
        let server = {
            let mut listening = lock(&self.server);
            match std::mem::take(&mut *listening) {
                Listening::Yes(server) => Some(server),
                Listening::No => None,
                Listening::Starting | Listening::Stopping => {
                    *listening = Listening::Stopping;
                    None
                }
            }
        };
        let host = self.host.clone_ref(py);
        std::thread::Builder::new()
            .name("sabir-stop".into())
            .spawn(move || {
                if let Some(server) = server {
                    if is_withdrawn {
                        server.withdraw();
                    }
                    server.stop();
                    server.wait();
                }
                enter(move |py| {
                    log::flush(py);
                    if let Err(error) = host.get().call_soon(py, &callback) {
                        unraisable(py, &error);
                    }
                });
            })?;
        Ok(())
    }

    /// How many calls are in flight.
    fn calls_in_flight(&self) -> usize {
        self.queue.in_flight().count()
    }

    /// Sends a request through the same service without a socket. `done(status, headers, body)` is called from
    /// another thread, unless the request is cancelled before that.
    fn request(
        &self,
        method: &str,
        target: &str,
        headers: Vec<(String, Bound<'_, PyAny>)>,
        body: &Bound<'_, PyBytes>,
        done: Py<PyAny>,
    ) -> PyResult<NativeExchange> {
        interpreter::refuse_at_exit()?;
        let mut fields = Vec::with_capacity(headers.len());
        for (name, value) in headers {
            let value: Vec<u8> = match value.cast::<PyBytes>() {
                Ok(bytes) => bytes.as_bytes().to_vec(),
                Err(_) => value.extract::<String>()?.into_bytes(),
            };
            fields.push((name, value));
        }
        let content = Bytes::copy_from_slice(body.as_bytes());
        let service = self.service()?.clone();
        let request = memory_request(method, target, &fields, content, service.settings());
        let task = memory()?.spawn(async move {
            let response = service.call_in_memory(request).await;
            enter(move |py| {
                // Whoever sees the answer can see what the log says about it.
                log::flush(py);
                if let Err(error) = deliver(py, &done, response) {
                    unraisable(py, &error);
                }
            });
        });
        Ok(NativeExchange(task.abort_handle()))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.host)
    }
}

/// A request in memory.
#[pyclass(frozen, module = "sabir._sabir")]
pub(crate) struct NativeExchange(tokio::task::AbortHandle);

#[pymethods]
impl NativeExchange {
    /// Leaves, as a client does that closes its connection: a handler at work is cancelled.
    fn cancel(&self) {
        self.0.abort();
    }
}

/// An address, and its text.
fn address(host: Option<&str>, port: u16, unix_path: Option<&str>) -> (Address, String) {
    if let Some(path) = unix_path {
        return (Address::Unix(path.into()), path.to_owned());
    }
    let host = host.unwrap_or("127.0.0.1");
    (Address::Tcp(host.to_owned(), port), format!("{host}:{port}"))
}

/// Binds a socket for several processes: its descriptor, which the caller closes, and its address. Starts no thread.
#[pyfunction]
#[pyo3(signature = (host, port, unix_path=None))]
pub(crate) fn bind(
    py: Python<'_>,
    host: Option<&str>,
    port: u16,
    unix_path: Option<&str>,
) -> PyResult<(RawFd, String)> {
    let (address, shown) = address(host, port, unix_path);
    let bound = py
        .detach(|| Server::bind(address))
        .map_err(|error| of_system(&error, &shown))?;
    let address = bound.local_address();
    Ok((bound.into_descriptor().into_raw_fd(), address))
}

fn deliver(py: Python<'_>, done: &Py<PyAny>, response: Response<Bytes>) -> PyResult<()> {
    let (head, body) = response.into_parts();
    let headers: Vec<_> = head
        .headers
        .iter()
        .map(|(name, value)| {
            (
                PyBytes::new(py, name.as_str().as_bytes()),
                PyBytes::new(py, value.as_bytes()),
            )
        })
        .collect();
    done.call1(py, (head.status.as_u16(), headers, PyBytes::new(py, &body)))
        .map(drop)
}
