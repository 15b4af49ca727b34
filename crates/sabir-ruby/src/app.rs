//! The application object behind `Sabir::App`.

use std::{
    os::fd::{FromRawFd, IntoRawFd, OwnedFd, RawFd},
    process,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use magnus::{
    DataTypeFunctions, Error, Module, Object, RArray, RClass, RHash, RModule, RString, Ruby, TypedData,
    Value, function, gc::Marker, method, scan_args::scan_args, value::Opaque,
};
use sabir_core::json::from_json;
use sabir_host::{Application, DocumentKind, Socket, listen, settings};

use crate::{
    arguments::ArgumentPlan,
    awaited::Awaited,
    bell::Bell,
    call::{Answers, Target},
    channel::{self, NativeEvents},
    class, client_socket, error,
    host::Host,
    interpreter::{Local, without_lock},
    log, memory,
    rack::{Environment, Given, Interface, Nested, Rack},
    value::{members, to_json, to_ruby},
};

/// Routes, settings and the running server of one application.
#[derive(TypedData)]
#[magnus(class = "Sabir::Native::App", mark, free_immediately)]
pub(crate) struct NativeApp {
    app: Local<Arc<Application>>,
    host: Local<Host>,
    /// The process that serves it; 0 for none.
    server: AtomicU32,
}

impl DataTypeFunctions for NativeApp {
    fn mark(&self, marker: &Marker) {
        self.host.mark(marker);
    }
}

impl NativeApp {
    fn new(ruby: &Ruby, given: RHash, components: RHash) -> Result<Self, Error> {
        let given = members(ruby, given, "settings")?;
        let settings = settings::read(given.iter().map(|(name, value)| (name.as_str(), value)), &[])
            .map_err(|error| error::setup(ruby, error))?;
        let components = members(ruby, components, "components")?;
        log::attach();
        let app = Arc::new(Application::new(settings, components));
        Ok(Self {
            host: Local::new(Host::new(&app)),
            app: Local::new(app),
            server: AtomicU32::new(0),
        })
    }

    fn add_schemas(ruby: &Ruby, this: &Self, documents: RHash) -> Result<(), Error> {
        let documents = members(ruby, documents, "schemas")?;
        let added = this.app.add_schemas(documents);
        added.map_err(|error| error::setup(ruby, error))
    }

    fn add_security_scheme(ruby: &Ruby, this: &Self, name: String, scheme: Value) -> Result<(), Error> {
        let scheme =
            to_json(ruby, scheme).map_err(|error| error.of(ruby, &format!("security scheme {name}")))?;
        let added = this.app.add_security_scheme(&name, &scheme);
        added.map_err(|error| error::setup(ruby, error))
    }

    fn set_stage(ruby: &Ruby, this: &Self, name: String, options: Value) -> Result<(), Error> {
        let options = to_json(ruby, options).map_err(|error| error.at(&name).of(ruby, "use"))?;
        let set = this.app.set_stage(&name, &options);
        set.map_err(|error| error::setup(ruby, error))
    }

    fn add_converter(
        ruby: &Ruby,
        this: &Self,
        name: String,
        regex: String,
        schema: Value,
    ) -> Result<(), Error> {
        let schema = to_json(ruby, schema)
            .map_err(|error| error.at("schema").of(ruby, &format!("converter {name}")))?;
        let added = this.app.add_converter(&name, &regex, schema);
        added.map_err(|error| error::setup(ruby, error))
    }

    /// Adds a route with a function, the arguments that it takes, and what it says of its answers. Gives the number of its handler.
    fn add_route(ruby: &Ruby, this: &Self, arguments: &[Value]) -> Result<usize, Error> {
        let arguments =
            scan_args::<(String, String, Value, Value, RArray, Value), (), (), (), (), ()>(arguments)?;
        let (method, path, operation, function, arguments, answers) = arguments.required;
        let name = format!("{method} {path}");
        let operation = to_json(ruby, operation).map_err(|error| error.of(ruby, &name))?;
        let answers = Answers::read(ruby, answers, &name)?;
        let body = ArgumentPlan::body_form(arguments)?;
        let opened_by = ArgumentPlan::opened_by(arguments)?;
        let added = this
            .app
            .add_route(&method, path, &operation, body, opened_by)
            .map_err(|error| error::setup(ruby, error))?;
        let arguments = ArgumentPlan::read(ruby, arguments, &added.route, this.host.form_reader)?;
        let target = Target {
            function: function.into(),
            arguments,
            answers,
            route: Some(added.route),
            refused: None,
            before: None,
        };
        this.host.handlers.set(added.target, target);
        Ok(added.target)
    }

    /// Puts another function in the place of that of a handler, with the arguments that it takes, and what stands beside it: what answers
    /// refusals, and what is called before a socket is open.
    fn chain_route(
        ruby: &Ruby,
        this: &Self,
        target: usize,
        function: Value,
        arguments: RArray,
        refused: Option<Value>,
        before: Option<Value>,
    ) -> Result<(), Error> {
        let Some(known) = this.host.handlers.get(target) else {
            return Ok(());
        };
        let Some(route) = &known.route else {
            return Ok(());
        };
        let chained = Target {
            function: function.into(),
            arguments: ArgumentPlan::read(ruby, arguments, route, this.host.form_reader)?,
            answers: known.answers.clone(),
            route: Some(Arc::clone(route)),
            refused: refused.map(Opaque::from),
            before: before.map(Opaque::from),
        };
        this.host.handlers.set(target, chained);
        if before.is_some() {
            this.app.open_by_host(target);
        }
        if refused.is_some() {
            let taken = this.app.take_refusals_of(target);
            taken.map_err(|error| error::setup(ruby, error))?;
        }
        Ok(())
    }

    /// Has a function of a request and the members of a problem answer requests that no route fits.
    fn take_refusals(ruby: &Ruby, this: &Self, refused: Value, answers: Value) -> Result<(), Error> {
        let target = Target {
            function: refused.into(),
            arguments: ArgumentPlan::default(),
            answers: Answers::read(ruby, answers, "refusals")?,
            route: None,
            refused: Some(refused.into()),
            before: None,
        };
        let number = this
            .app
            .take_refusals()
            .map_err(|error| error::setup(ruby, error))?;
        this.host.handlers.set(number, target);
        Ok(())
    }

    /// Hands what comes below a prefix to an application of Rack. `constants` are the same in every environment; `input` and `answer`
    /// are the classes of its content and its answers.
    fn add_rack(
        ruby: &Ruby,
        this: &Self,
        prefix: String,
        application: Value,
        constants: RHash,
        input: Value,
        answer: Value,
    ) -> Result<(), Error> {
        let kept = ruby.ary_new();
        let environment = Environment::new(ruby, &prefix, constants, kept)?;
        let rack = Rack {
            given: Given::Environment(Box::new(environment), input.into()),
            answer: answer.into(),
        };
        let added = this.nest(ruby, &prefix, application, Interface::Rack(rack));
        // It has to be on the stack until now.
        std::hint::black_box(kept);
        added
    }

    /// Hands what comes below a prefix to an application of Rack that makes environments itself, where it needs them. `request` and `answer`
    /// are the classes of what it is called with, and of its answers.
    fn add_deferred_rack(
        ruby: &Ruby,
        this: &Self,
        prefix: String,
        application: Value,
        request: RClass,
        answer: Value,
    ) -> Result<(), Error> {
        let rack = Rack {
            given: Given::Request(request.into()),
            answer: answer.into(),
        };
        this.nest(ruby, &prefix, application, Interface::Rack(rack))
    }

    /// Hands what comes below a prefix to a function that takes a request of a class, what the answer is written to, and the
    /// content.
    fn add_exchanges(
        ruby: &Ruby,
        this: &Self,
        prefix: String,
        function: Value,
        request: RClass,
    ) -> Result<(), Error> {
        this.nest(ruby, &prefix, function, Interface::Exchange(request.into()))
    }

    fn nest(&self, ruby: &Ruby, prefix: &str, function: Value, interface: Interface) -> Result<(), Error> {
        let target = self.app.nest(prefix).map_err(|error| error::setup(ruby, error))?;
        let nested = Nested {
            function: function.into(),
            interface,
        };
        self.host.nested.set(target, nested);
        Ok(())
    }

    /// Whether it has taken its first request, so that nothing can be added any more.
    fn has_started(&self) -> bool {
        self.app.has_started()
    }

    /// Method and path of every route, in the order added.
    fn routes(ruby: &Ruby, this: &Self) -> RArray {
        ruby.ary_from_iter(this.app.routes())
    }

    /// The path of the route with this `operationId`, for its variables' values.
    fn url_for(ruby: &Ruby, this: &Self, operation_id: String, values: RHash) -> Result<String, Error> {
        let values: Vec<(String, String)> = values.to_vec()?;
        let values = values.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let path = this.app.url_for(&operation_id, values);
        path.map_err(|error| error::setup(ruby, error))
    }

    /// The AsyncAPI document; `info` is what it says of the whole.
    fn asyncapi(ruby: &Ruby, this: &Self, info: RHash) -> Result<Value, Error> {
        let info = members(ruby, info, "info")?.into();
        let document = this
            .app
            .asyncapi(&info)
            .map_err(|error| error::setup(ruby, error))?;
        to_ruby(ruby, &from_json(&document))
    }

    /// The OpenAPI document; `info` is what it says of the whole.
    fn openapi(ruby: &Ruby, this: &Self, info: RHash) -> Result<Value, Error> {
        let info = members(ruby, info, "info")?.into();
        let document = this
            .app
            .openapi(&info)
            .map_err(|error| error::setup(ruby, error))?;
        to_ruby(ruby, &from_json(&document))
    }

    /// How a document differs from the file at `path`.
    fn check_openapi(ruby: &Ruby, this: &Self, info: RHash, path: String) -> Result<Option<String>, Error> {
        let info = members(ruby, info, "info")?.into();
        let checked = this.app.check_document(DocumentKind::OpenApi, &info, &path);
        checked.map_err(|error| error::setup(ruby, error))
    }

    /// How a document differs from the file at `path`.
    fn check_asyncapi(ruby: &Ruby, this: &Self, info: RHash, path: String) -> Result<Option<String>, Error> {
        let info = members(ruby, info, "info")?.into();
        let checked = this.app.check_document(DocumentKind::AsyncApi, &info, &path);
        checked.map_err(|error| error::setup(ruby, error))
    }

    /// Answers requests for documents.
    fn documents(ruby: &Ruby, this: &Self, documents: RHash) -> Result<(), Error> {
        let documents = members(ruby, documents, "documents")?.into();
        this.app
            .documents(&documents)
            .map_err(|error| error::setup(ruby, error))
    }

    /// Answers requests with the files of a folder.
    fn static_files(
        ruby: &Ruby,
        this: &Self,
        path: String,
        files: RHash,
        operation: RHash,
    ) -> Result<(), Error> {
        let files = members(ruby, files, "files")?.into();
        let operation = members(ruby, operation, "operation")?.into();
        let added = this.app.static_files(&path, &files, &operation);
        added.map_err(|error| error::setup(ruby, error))
    }

    /// Sends requests elsewhere.
    fn redirect(
        ruby: &Ruby,
        this: &Self,
        path: String,
        redirect: RHash,
        operation: RHash,
    ) -> Result<(), Error> {
        let redirect = members(ruby, redirect, "redirect")?.into();
        let operation = members(ruby, operation, "operation")?.into();
        let added = this.app.redirect(&path, &redirect, &operation);
        added.map_err(|error| error::setup(ruby, error))
    }

    /// How many calls Ruby has taken since the start.
    fn handler_calls(&self) -> u64 {
        self.app.handler_calls()
    }

    /// How many threads run handlers.
    fn handler_threads(&self) -> u64 {
        self.app.settings().handler_threads
    }

    /// How long [`stop`](Self::stop) lets running requests go on.
    fn shutdown_timeout_ms(&self) -> u64 {
        self.app.settings().shutdown_timeout_ms
    }

    /// How many calls are in flight, and sockets whose handlers are at work.
    fn calls_in_flight(&self) -> usize {
        self.app.calls_in_flight() + self.host.open_sockets()
    }

    /// Takes and answers calls on this thread, see [`Host::work`].
    fn work(ruby: &Ruby, this: &Self, idle_ms: Option<u64>) -> Result<bool, Error> {
        this.host.work(ruby, idle_ms.map(Duration::from_millis))
    }

    /// Takes and answers one call in this fiber, see [`Host::work_once`].
    fn work_once(ruby: &Ruby, this: &Self, is_shared: bool) -> Result<(), Error> {
        this.host.work_once(ruby, is_shared)
    }

    fn attach(&self, bell: &Bell) {
        self.host.attach(bell);
    }

    fn waiting(&self) -> usize {
        self.host.waiting()
    }

    fn rests(&self) -> bool {
        self.host.rest()
    }

    /// Has all threads that wait for calls return.
    fn leave(&self) {
        self.host.leave();
    }

    /// Starts the server and gives its address. Sockets of other processes and applications may share a TCP address.
    fn listen(
        ruby: &Ruby,
        this: &Self,
        host: String,
        port: u16,
        unix_path: Option<String>,
        is_shared: bool,
    ) -> Result<String, Error> {
        let (socket, shown) = place(&host, port, unix_path.as_deref(), is_shared);
        this.serve(ruby, socket, &shown)
    }

    /// Starts the server on a socket from [`bind`], which it takes over, and gives its address.
    #[allow(unsafe_code)]
    fn listen_on(ruby: &Ruby, this: &Self, descriptor: RawFd) -> Result<String, Error> {
        if descriptor < 0 {
            let problem = format!("{descriptor} is no descriptor; give that of a socket that listens");
            return Err(error::argument(ruby, problem));
        }
        // SAFETY: `Sabir::Workers` passes a descriptor that it received for this call and never uses again.
        let descriptor = unsafe { OwnedFd::from_raw_fd(descriptor) };
        this.serve(ruby, Socket::Descriptor(descriptor), "the socket")
    }

    fn serve(&self, ruby: &Ruby, socket: Socket, address: &str) -> Result<String, Error> {
        self.enter(ruby)?;
        let mut socket = Some(socket);
        loop {
            let listen = || socket.take().map(|socket| self.app.listen(socket));
            if let Some(listening) = without_lock(listen, &|| ()).flatten() {
                return listening.map_err(|error| error::listen(ruby, &error, address));
            }
            ruby.thread_check_ints()?;
        }
    }

    /// Stops the server gracefully, and waits until it has stopped. A socket from [`bind`] that `is_withdrawn` is served by no
    /// other process either, so that its new connections are refused from now on.
    fn stop(ruby: &Ruby, this: &Self, is_withdrawn: bool) -> Result<(), Error> {
        this.enter(ruby)?;
        let awaited = Awaited::new();
        let stopped = awaited.giver();
        this.app
            .stop(is_withdrawn, move || stopped(()))
            .map_err(|error| error::system(ruby, &error, "stop"))?;
        awaited.wait(ruby).map(drop)
    }

    /// Sends a request through the same service without a socket; its content is a string, or what a
    /// [`memory::NativeContentWriter`] writes. Gives the answer: its status, header fields and content, which is a string or a
    /// [`memory::NativeContent`].
    fn request(
        ruby: &Ruby,
        this: &Self,
        method: String,
        target: String,
        headers: RArray,
        body: Value,
    ) -> Result<RArray, Error> {
        this.enter(ruby)?;
        memory::request(ruby, &this.app, &method, &target, headers, body)
    }

    /// Opens a socket for a test client, in memory or, with an address, over a connection to the server there. Gives it, or the
    /// answer that the server gives instead.
    fn connect(
        ruby: &Ruby,
        this: &Self,
        address: Option<String>,
        target: String,
        headers: RArray,
    ) -> Result<Value, Error> {
        this.enter(ruby)?;
        client_socket::connect(ruby, &this.app, address, &target, headers)
    }

    /// Publishes a message on a channel. How many subscribers it has in this process.
    fn publish(ruby: &Ruby, this: &Self, channel: String, content: RString) -> Result<usize, Error> {
        channel::publish(ruby, this.app.hub(), &channel, content)
    }

    /// How many subscribers a channel has in this process.
    fn presence(&self, channel: String) -> usize {
        self.app.hub().presence(&channel)
    }

    /// The messages of a channel as the content of an answer: those after `last_event_id`, as far as they are kept, and all
    /// that come.
    fn events(&self, channel: String, last_event_id: Option<String>) -> NativeEvents {
        NativeEvents::new(self.app.hub().clone(), channel, last_event_id.as_deref())
    }

    /// Refuses what needs threads that are another process's: they do not survive a fork.
    fn enter(&self, ruby: &Ruby) -> Result<(), Error> {
        let own = process::id();
        match self
            .server
            .compare_exchange(0, own, Ordering::Relaxed, Ordering::Relaxed)
        {
            Ok(_) => Ok(()),
            Err(server) if server == own => Ok(()),
            Err(server) => {
                let problem = format!(
                    "process {server} serves the application, and this one is a fork of it: the threads are the parent's; \
                     fork before the first request, or make an application of its own"
                );
                Err(error::runtime(ruby, problem))
            }
        }
    }
}

/// A place to listen, and its text.
fn place(host: &str, port: u16, unix_path: Option<&str>, is_shared: bool) -> (Socket, String) {
    let shown = unix_path.map_or_else(|| format!("{host}:{port}"), str::to_owned);
    (Socket::at(host, port, unix_path, is_shared), shown)
}

/// Binds a socket for several processes: its descriptor, which the caller closes, and its address. Starts no thread.
fn bind(ruby: &Ruby, host: String, port: u16, unix_path: Option<String>) -> Result<(RawFd, String), Error> {
    let (socket, shown) = place(&host, port, unix_path.as_deref(), false);
    let (descriptor, address) = listen::bind(socket).map_err(|error| error::system(ruby, &error, &shown))?;
    Ok((descriptor.into_raw_fd(), address))
}

pub(crate) fn define(ruby: &Ruby, native: RModule) -> Result<(), Error> {
    native.define_module_function("bind", function!(bind, 3))?;
    let class = class::define::<NativeApp>(ruby, native, "App")?;
    class.define_singleton_method("new", function!(NativeApp::new, 2))?;
    class.define_method("add_schemas", method!(NativeApp::add_schemas, 1))?;
    class.define_method("add_security_scheme", method!(NativeApp::add_security_scheme, 2))?;
    class.define_method("set_stage", method!(NativeApp::set_stage, 2))?;
    class.define_method("add_converter", method!(NativeApp::add_converter, 3))?;
    class.define_method("add_route", method!(NativeApp::add_route, -1))?;
    class.define_method("chain_route", method!(NativeApp::chain_route, 5))?;
    class.define_method("take_refusals", method!(NativeApp::take_refusals, 2))?;
    class.define_method("add_rack", method!(NativeApp::add_rack, 5))?;
    class.define_method("add_deferred_rack", method!(NativeApp::add_deferred_rack, 4))?;
    class.define_method("add_exchanges", method!(NativeApp::add_exchanges, 3))?;
    class.define_method("started?", method!(NativeApp::has_started, 0))?;
    class.define_method("routes", method!(NativeApp::routes, 0))?;
    class.define_method("url_for", method!(NativeApp::url_for, 2))?;
    class.define_method("asyncapi", method!(NativeApp::asyncapi, 1))?;
    class.define_method("openapi", method!(NativeApp::openapi, 1))?;
    class.define_method("documents", method!(NativeApp::documents, 1))?;
    class.define_method("static_files", method!(NativeApp::static_files, 3))?;
    class.define_method("redirect", method!(NativeApp::redirect, 3))?;
    class.define_method("check_openapi", method!(NativeApp::check_openapi, 2))?;
    class.define_method("check_asyncapi", method!(NativeApp::check_asyncapi, 2))?;
    class.define_method("handler_calls", method!(NativeApp::handler_calls, 0))?;
    class.define_method("handler_threads", method!(NativeApp::handler_threads, 0))?;
    class.define_method("shutdown_timeout_ms", method!(NativeApp::shutdown_timeout_ms, 0))?;
    class.define_method("calls_in_flight", method!(NativeApp::calls_in_flight, 0))?;
    class.define_method("work", method!(NativeApp::work, 1))?;
    class.define_method("work_once", method!(NativeApp::work_once, 1))?;
    class.define_method("attach", method!(NativeApp::attach, 1))?;
    class.define_method("waiting", method!(NativeApp::waiting, 0))?;
    class.define_method("rest?", method!(NativeApp::rests, 0))?;
    class.define_method("leave", method!(NativeApp::leave, 0))?;
    class.define_method("listen", method!(NativeApp::listen, 4))?;
    class.define_method("listen_on", method!(NativeApp::listen_on, 1))?;
    class.define_method("stop", method!(NativeApp::stop, 1))?;
    class.define_method("connect", method!(NativeApp::connect, 3))?;
    class.define_method("publish", method!(NativeApp::publish, 2))?;
    class.define_method("events", method!(NativeApp::events, 2))?;
    class.define_method("presence", method!(NativeApp::presence, 1))?;
    class.define_method("request", method!(NativeApp::request, 4))
}
