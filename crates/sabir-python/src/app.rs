//! The application object behind `sabir.Sabir`.

use std::{
    collections::HashMap,
    os::fd::{FromRawFd, IntoRawFd, OwnedFd, RawFd},
    sync::Arc,
};

use pyo3::{
    PyTraverseError, PyVisit,
    exceptions::PyValueError,
    prelude::*,
    types::{PyBytes, PyDict, PyTuple},
};
use sabir_core::{body::FormReader, json::from_json};
use sabir_host::{Application, DocumentKind, Socket, listen, settings};

use crate::{
    arguments::ArgumentPlan,
    call::{Answers, Mode, Target},
    channel::{self, NativeEvents},
    client_socket::{self, Done},
    error,
    host::Host,
    interpreter::{self, enter},
    log,
    memory::{self, NativeConnection, NativeExchange},
    value::{members, to_json, to_python},
};

/// Routes, settings and the running server of one application.
#[pyclass(frozen, module = "sabir._sabir")]
pub(crate) struct NativeApp {
    app: Arc<Application>,
    host: Py<Host>,
}

impl NativeApp {
    fn serve(&self, py: Python<'_>, socket: Socket, address: &str) -> PyResult<String> {
        interpreter::refuse_at_exit()?;
        py.detach(|| self.app.listen(socket))
            .map_err(|error| error::listen(&error, address))
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
        let given = members(settings, "settings")?;
        let settings = settings::read(given.iter().map(|(name, value)| (name.as_str(), value)), &[])
            .map_err(error::setup)?;
        log::attach(&hooks.getattr("log")?);
        let app = Arc::new(Application::new(settings, members(components, "components")?));
        let host = Host::new(py, &app, hooks)?;
        Ok(Self {
            app,
            host: Py::new(py, host)?,
        })
    }

    fn add_components(&self, components: &Bound<'_, PyDict>) -> PyResult<()> {
        let components = members(components, "components")?;
        self.app.add_components(components).map_err(error::setup)
    }

    fn add_schemas(&self, documents: &Bound<'_, PyDict>) -> PyResult<()> {
        let documents = members(documents, "schemas")?;
        self.app.add_schemas(documents).map_err(error::setup)
    }

    fn set_stage(&self, name: &str, options: &Bound<'_, PyAny>) -> PyResult<()> {
        let options = to_json(options).map_err(|error| error.at(name).of("use"))?;
        self.app.set_stage(name, &options).map_err(error::setup)
    }

    fn add_security_scheme(&self, name: &str, scheme: &Bound<'_, PyAny>) -> PyResult<()> {
        let scheme = to_json(scheme).map_err(|error| error.of(&format!("security scheme {name}")))?;
        self.app.add_security_scheme(name, &scheme).map_err(error::setup)
    }

    fn add_converter(&self, name: &str, regex: &str, schema: &Bound<'_, PyAny>) -> PyResult<()> {
        let schema = to_json(schema).map_err(|error| error.at("schema").of(&format!("converter {name}")))?;
        self.app.add_converter(name, regex, schema).map_err(error::setup)
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
        answers: &Bound<'_, PyAny>,
        name: Option<String>,
        refused: Option<Py<PyAny>>,
    ) -> PyResult<usize> {
        let mode = Mode::from_number(mode)?;
        let place = format!("{method} {path}");
        let operation = to_json(operation).map_err(|error| error.of(&place))?;
        let answers = Answers::read(answers, &place)?;
        let body = ArgumentPlan::body_form(&arguments)?;
        let opened_by = ArgumentPlan::opened_by(&arguments)?;
        let added = self
            .app
            .add_route(method, path, &operation, body, opened_by)
            .map_err(error::setup)?;
        let arguments = ArgumentPlan::read(&arguments, &added.route, FormReader::new(self.app.settings()))?;
        let target = Target {
            function: handler,
            mode,
            refused,
            takes_request: arguments.takes_request(),
            arguments,
            answers,
        };
        let takes_refusals = target.refused.is_some();
        self.host.get().handlers.set(added.target, target);
        if takes_refusals {
            self.app.take_refusals_of(added.target).map_err(error::setup)?;
        }
        if let Some(name) = name {
            self.app.name_route(added.target, name);
        }
        Ok(added.target)
    }

    /// Has a coroutine function of a request and a problem answer requests that no route fits.
    fn take_refusals(&self, refused: Py<PyAny>, answers: &Bound<'_, PyAny>) -> PyResult<()> {
        let target = Target {
            function: refused.clone_ref(answers.py()),
            mode: Mode::Coroutine,
            refused: Some(refused),
            takes_request: true,
            arguments: ArgumentPlan::default(),
            answers: Answers::read(answers, "refusals")?,
        };
        let number = self.app.take_refusals().map_err(error::setup)?;
        self.host.get().handlers.set(number, target);
        Ok(())
    }

    /// Whether it has taken its first request, so that nothing can be added any more.
    fn has_started(&self) -> bool {
        self.app.has_started()
    }

    /// Method and path of every route, in the order added.
    fn routes(&self) -> Vec<(String, String)> {
        self.app.routes()
    }

    /// The AsyncAPI document; `info` is what it says of the whole.
    fn asyncapi<'py>(&self, py: Python<'py>, info: &Bound<'_, PyDict>) -> PyResult<Bound<'py, PyAny>> {
        let info = members(info, "info")?.into();
        let document = self.app.asyncapi(&info).map_err(error::setup)?;
        to_python(py, &from_json(&document))
    }

    /// The OpenAPI document; `info` is what it says of the whole.
    fn openapi<'py>(&self, py: Python<'py>, info: &Bound<'_, PyDict>) -> PyResult<Bound<'py, PyAny>> {
        let info = members(info, "info")?.into();
        let document = self.app.openapi(&info).map_err(error::setup)?;
        to_python(py, &from_json(&document))
    }

    /// How a document differs from the file at `path`.
    fn check_openapi(&self, info: &Bound<'_, PyDict>, path: &str) -> PyResult<Option<String>> {
        let info = members(info, "info")?.into();
        let checked = self.app.check_document(DocumentKind::OpenApi, &info, path);
        checked.map_err(error::setup)
    }

    /// How a document differs from the file at `path`.
    fn check_asyncapi(&self, info: &Bound<'_, PyDict>, path: &str) -> PyResult<Option<String>> {
        let info = members(info, "info")?.into();
        let checked = self.app.check_document(DocumentKind::AsyncApi, &info, path);
        checked.map_err(error::setup)
    }

    /// Answers requests for documents.
    fn documents(&self, documents: &Bound<'_, PyDict>) -> PyResult<()> {
        let documents = members(documents, "documents")?.into();
        self.app.documents(&documents).map_err(error::setup)
    }

    /// Answers requests with the files of a folder.
    fn static_files(
        &self,
        path: &str,
        files: &Bound<'_, PyDict>,
        operation: &Bound<'_, PyDict>,
    ) -> PyResult<()> {
        let files = members(files, "files")?.into();
        let operation = members(operation, "operation")?.into();
        let added = self.app.static_files(path, &files, &operation);
        added.map_err(error::setup)
    }

    /// Sends requests elsewhere.
    fn redirect(
        &self,
        path: &str,
        redirect: &Bound<'_, PyDict>,
        operation: &Bound<'_, PyDict>,
    ) -> PyResult<()> {
        let redirect = members(redirect, "redirect")?.into();
        let operation = members(operation, "operation")?.into();
        let added = self.app.redirect(path, &redirect, &operation);
        added.map_err(error::setup)
    }

    /// The path of the route with this `operationId` or name, for its variables' values.
    fn url_for(&self, operation_id: &str, values: HashMap<String, String>) -> PyResult<String> {
        let values = values.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        self.app.url_for(operation_id, values).map_err(error::setup)
    }

    /// How many calls Python has taken since the start.
    fn handler_calls(&self) -> u64 {
        self.app.handler_calls()
    }

    fn attach(&self, py: Python<'_>, event_loop: &Bound<'_, PyAny>) -> PyResult<()> {
        Host::attach(self.host.bind(py), event_loop)
    }

    /// Runs the calls that wait, on the loop's thread.
    fn drain(&self, py: Python<'_>) -> PyResult<()> {
        self.host.get().drain(py)
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
        let (socket, shown) = place(host, port, unix_path, is_shared);
        self.serve(py, socket, &shown)
    }

    /// Starts the server on a socket from [`bind`], which it takes over, and gives its address.
    #[allow(unsafe_code)]
    fn listen_on(&self, py: Python<'_>, descriptor: RawFd) -> PyResult<String> {
        if descriptor < 0 {
            return Err(PyValueError::new_err(format!(
                "{descriptor} is no descriptor; give that of a socket that listens"
            )));
        }
        // SAFETY: `sabir.workers` passes a descriptor that it received for this call and never uses again.
        let descriptor = unsafe { OwnedFd::from_raw_fd(descriptor) };
        self.serve(py, Socket::Descriptor(descriptor), "the socket")
    }

    /// How long [`stop`](Self::stop) lets running requests go on.
    fn shutdown_timeout_ms(&self) -> u64 {
        self.app.settings().shutdown_timeout_ms
    }

    /// Stops the server gracefully; `callback` is called on the loop when it has stopped. A socket from [`bind`] that
    /// `is_withdrawn` is served by no other process either, so that its new connections are refused from now on.
    #[pyo3(signature = (callback, *, is_withdrawn=false))]
    fn stop(&self, py: Python<'_>, callback: Py<PyAny>, is_withdrawn: bool) -> PyResult<()> {
        interpreter::refuse_at_exit()?;
        let host = self.host.clone_ref(py);
        self.app.stop(is_withdrawn, move || {
            enter(move |py| {
                log::flush(py);
                if let Err(error) = host.get().call_soon(py, &callback) {
                    error::unraisable(py, &error);
                }
            });
        })?;
        Ok(())
    }

    /// Whether a handler is at work, also one whose client has left.
    fn is_busy(&self) -> bool {
        self.calls_in_flight() > 0 || self.host.get().makes_content()
    }

    /// How many calls are in flight, and sockets whose handlers are at work.
    fn calls_in_flight(&self) -> usize {
        self.app.calls_in_flight() + self.host.get().open_sockets()
    }

    /// Sends a request through the same service without a socket; its content is bytes, or what a
    /// [`memory::NativeContentWriter`] writes. `done(status, headers, content)` is called from another thread, unless the
    /// request is cancelled before that; the content is bytes, or a [`memory::NativeContent`].
    #[pyo3(signature = (method, target, headers, content, done, connection=None))]
    fn request(
        &self,
        method: &str,
        target: &str,
        headers: Vec<(String, Bound<'_, PyAny>)>,
        content: &Bound<'_, PyAny>,
        done: Py<PyAny>,
        connection: Option<&NativeConnection>,
    ) -> PyResult<NativeExchange> {
        interpreter::refuse_at_exit()?;
        let fields = fields(headers)?;
        let content = memory::sent(content)?;
        let connection = connection.map(|connection| connection.connection.clone());
        let exchange =
            self.app
                .request_on(connection, method, target, &fields, content, move |response| {
                    let Some(response) = response else { return };
                    enter(move |py| {
                        // Whoever sees the answer can see what the log says about it.
                        log::flush(py);
                        if let Err(error) = memory::deliver(py, &done, response) {
                            error::unraisable(py, &error);
                        }
                    });
                })?;
        Ok(NativeExchange(exchange))
    }

    /// Opens a socket for a test client, in memory or, with an address, over a connection to the server there.
    /// `done(socket, status, headers, content, failure)` is called from another thread.
    #[pyo3(signature = (address, target, headers, done, connection=None))]
    fn connect(
        &self,
        address: Option<String>,
        target: &str,
        headers: Vec<(String, Bound<'_, PyAny>)>,
        done: Py<PyAny>,
        connection: Option<&NativeConnection>,
    ) -> PyResult<()> {
        interpreter::refuse_at_exit()?;
        let done = Done::new(done);
        let opened = move |outcome| client_socket::opened(done, outcome);
        let connection = connection.map(|connection| connection.connection.clone());
        self.app
            .connect_on(connection, address, target, &fields(headers)?, opened)?;
        Ok(())
    }

    /// Publishes a message on a channel. How many subscribers it has in this process.
    fn publish(&self, channel: &str, content: &Bound<'_, PyAny>) -> PyResult<usize> {
        channel::publish(self.app.hub(), channel, content)
    }

    /// Publishes JSON, as `publish` does.
    fn publish_json(&self, channel: &str, content: &Bound<'_, PyBytes>) -> PyResult<usize> {
        channel::publish_json(self.app.hub(), channel, content)
    }

    /// How many subscribers a channel has in this process.
    fn presence(&self, channel: &str) -> usize {
        self.app.hub().presence(channel)
    }

    /// The messages of a channel as the content of an answer: those after `last_event_id`, as far as they are kept, and all
    /// that come.
    fn events(&self, channel: String, last_event_id: Option<&str>) -> NativeEvents {
        NativeEvents::new(self.app.hub().clone(), channel, last_event_id)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.host)
    }
}

/// A place to listen, and its text.
fn place(host: Option<&str>, port: u16, unix_path: Option<&str>, is_shared: bool) -> (Socket, String) {
    let host = host.unwrap_or("127.0.0.1");
    let shown = unix_path.map_or_else(|| format!("{host}:{port}"), str::to_owned);
    (Socket::at(host, port, unix_path, is_shared), shown)
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
    let (socket, shown) = place(host, port, unix_path, false);
    let (descriptor, address) = py
        .detach(|| listen::bind(socket))
        .map_err(|error| error::system(&error, &shown))?;
    Ok((descriptor.into_raw_fd(), address))
}

fn fields(headers: Vec<(String, Bound<'_, PyAny>)>) -> PyResult<Vec<(String, Vec<u8>)>> {
    headers
        .into_iter()
        .map(|(name, value)| Ok((name, field_value(&value)?)))
        .collect()
}

fn field_value(value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    match value.cast::<PyBytes>() {
        Ok(bytes) => Ok(bytes.as_bytes().to_vec()),
        Err(_) => value.extract::<String>().map(String::into_bytes),
    }
}
