//! The application object behind `Sabir`.

use std::{
    collections::HashMap,
    os::fd::{FromRawFd, IntoRawFd, OwnedFd, RawFd},
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use napi::{
    CleanupEnvHook, Either, Env, Result,
    bindgen_prelude::{Function, JavaScriptClassExt, Object, ObjectFinalize, Uint8Array},
};
use napi_derive::napi;
use sabir_core::settings::SETTINGS_OF_THREADS;
use sabir_host::{
    Application, BodyForm, ContentWriter, DocumentKind, ListenError, OpenedBy, Socket, listen, settings,
};
use serde_json::{Map, Value as Json};

use crate::{
    arguments::Slots,
    calls,
    channel::NativeChannel,
    client_socket,
    data::{self, exact_members},
    error::{Refusal, misuse, setup},
    host::Host,
    memory::{self, NativeContentWriter},
    response::Content,
    socket,
    wake::LoopWake,
};

/// What the end of the loop closes.
type Ending = (Weak<Application>, Weak<Host>);

/// Routes, settings and the running server of one application.
#[napi(custom_finalize)]
pub struct NativeApp {
    app: Arc<Application>,
    host: Arc<Host>,
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

impl NativeApp {
    fn serve(&self, socket: Socket) -> Result<Either<String, Refusal>> {
        match self.app.listen(socket) {
            Ok(address) => Ok(Either::A(address)),
            Err(error) => Refusal::of(&error).map(Either::B),
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
        let given = exact_members(settings);
        let given = given.iter().map(|(name, value)| (name.as_str(), value));
        let settings = settings::read(given, SETTINGS_OF_THREADS).map_err(|error| setup(env, &error))?;
        let app = Application::new(settings, data::parse(&components)?);
        app.queue().attach(Some(Box::new(LoopWake::new(&drain)?)));
        let app = Arc::new(app);
        let host = Arc::new(Host::new(&app));
        // The threads of a server outlive the thread of JavaScript that answered its requests, such as a worker's.
        let of_loop = (Arc::downgrade(&app), Arc::downgrade(&host));
        let has_ended = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&has_ended);
        let hook = env.add_env_cleanup_hook(of_loop, move |(app, host)| {
            ended.store(true, Ordering::Relaxed);
            if let Some(app) = app.upgrade() {
                app.abandon();
            }
            if let Some(host) = host.upgrade() {
                host.close();
            }
        })?;
        Ok(Self {
            app,
            host,
            hook,
            has_ended,
        })
    }

    /// Sets the documents that schemas may refer to.
    #[napi]
    pub fn add_schemas(&self, env: Env, documents: String) -> Result<()> {
        let documents = data::parse(&documents)?;
        self.app
            .add_schemas(documents)
            .map_err(|error| setup(env, &error))
    }

    /// Adds a security scheme, which is JSON text.
    #[napi]
    pub fn add_security_scheme(&self, env: Env, name: String, scheme: String) -> Result<()> {
        let scheme = data::parse(&scheme)?;
        self.app
            .add_security_scheme(&name, &scheme)
            .map_err(|error| setup(env, &error))
    }

    /// Sets a stage of the application; `options` are JSON text.
    #[napi]
    pub fn set_stage(&self, env: Env, name: String, options: String) -> Result<()> {
        let options = data::parse(&options)?;
        self.app
            .set_stage(&name, &options)
            .map_err(|error| setup(env, &error))
    }

    /// Adds a path converter.
    #[napi]
    pub fn add_converter(&self, env: Env, name: String, regex: String, schema: String) -> Result<()> {
        let schema = data::parse(&schema)?;
        self.app
            .add_converter(&name, &regex, schema)
            .map_err(|error| setup(env, &error))
    }

    /// Adds a route and gives the number of its handler. `slots` are places and names of the parameters that the
    /// handler gets, one after the other. A handler whose content `is_streamed` takes that while it arrives; one of sockets that
    /// `admits` says of each whether it is opened.
    #[napi]
    #[allow(
        clippy::too_many_arguments,
        reason = "the parts of a route, given once by app.ts"
    )]
    pub fn add_route(
        &self,
        env: Env,
        method: String,
        path: String,
        operation: String,
        slots: Vec<String>,
        is_streamed: bool,
        admits: bool,
    ) -> Result<u32> {
        let operation = data::parse(&operation)?;
        let form = if is_streamed {
            BodyForm::Stream
        } else {
            BodyForm::JsonText
        };
        let opened_by = if admits { OpenedBy::Host } else { OpenedBy::Runtime };
        let added = self
            .app
            .add_route(&method, path, &operation, form, opened_by)
            .map_err(|error| setup(env, &error))?;
        let slots = Slots::of(&added.route, &slots, is_streamed).map_err(|error| setup(env, &error))?;
        self.host.handlers.set(added.target, slots);
        Ok(u32::try_from(added.target).unwrap_or(u32::MAX))
    }

    /// Has the handler of sockets with this number say of each whether it is opened. To be said before the first request.
    #[napi]
    pub fn open_by_host(&self, target: u32) {
        self.app
            .open_by_host(usize::try_from(target).unwrap_or(usize::MAX));
    }

    /// Has JavaScript answer requests that the runtime refuses because no route fits. Gives the number of the handler.
    #[napi]
    pub fn take_refusals(&self, env: Env) -> Result<u32> {
        let target = self.app.take_refusals().map_err(|error| setup(env, &error))?;
        Ok(u32::try_from(target).unwrap_or(u32::MAX))
    }

    /// Has the handler with this number answer requests for its route that the runtime refuses, too.
    #[napi]
    pub fn take_refusals_of(&self, env: Env, target: u32) -> Result<()> {
        self.app
            .take_refusals_of(usize::try_from(target).unwrap_or(usize::MAX))
            .map_err(|error| setup(env, &error))
    }

    /// The path of the route with this `operationId`, for its variables' values.
    #[napi]
    pub fn url_for(&self, env: Env, operation_id: String, values: HashMap<String, String>) -> Result<String> {
        let values = values.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        self.app
            .url_for(&operation_id, values)
            .map_err(|error| setup(env, &error))
    }

    /// The AsyncAPI document, as text of JSON; so is what it says of the whole.
    #[napi]
    pub fn asyncapi(&self, env: Env, info: String) -> Result<String> {
        let info: Json = data::parse(&info)?;
        let document = self.app.asyncapi(&info).map_err(|error| setup(env, &error))?;
        Ok(format!("{document:#}"))
    }

    /// The OpenAPI document, as text of JSON; so is what it says of the whole.
    #[napi]
    pub fn openapi(&self, env: Env, info: String) -> Result<String> {
        let info: Json = data::parse(&info)?;
        let document = self.app.openapi(&info).map_err(|error| setup(env, &error))?;
        Ok(format!("{document:#}"))
    }

    /// How a document differs from the file at `path`.
    #[napi]
    pub fn check_openapi(&self, env: Env, info: String, path: String) -> Result<Option<String>> {
        self.check_document(env, DocumentKind::OpenApi, &info, &path)
    }

    /// How a document differs from the file at `path`.
    #[napi]
    pub fn check_asyncapi(&self, env: Env, info: String, path: String) -> Result<Option<String>> {
        self.check_document(env, DocumentKind::AsyncApi, &info, &path)
    }

    fn check_document(&self, env: Env, kind: DocumentKind, info: &str, path: &str) -> Result<Option<String>> {
        let info: Json = data::parse(info)?;
        let checked = self.app.check_document(kind, &info, path);
        checked.map_err(|error| setup(env, &error))
    }

    /// Answers requests for documents; what is said of them is text of JSON.
    #[napi]
    pub fn documents(&self, env: Env, documents: String) -> Result<()> {
        let documents: Json = data::parse(&documents)?;
        self.app.documents(&documents).map_err(|error| setup(env, &error))
    }

    /// Answers requests with the files of a folder; the options and the operation are texts of JSON.
    #[napi]
    pub fn static_files(&self, env: Env, path: String, files: String, operation: String) -> Result<()> {
        let (files, operation) = (data::parse::<Json>(&files)?, data::parse::<Json>(&operation)?);
        let added = self.app.static_files(&path, &files, &operation);
        added.map_err(|error| setup(env, &error))
    }

    /// Sends requests elsewhere; where to and the operation are texts of JSON.
    #[napi]
    pub fn redirect(&self, env: Env, path: String, redirect: String, operation: String) -> Result<()> {
        let (redirect, operation) = (data::parse::<Json>(&redirect)?, data::parse::<Json>(&operation)?);
        let added = self.app.redirect(&path, &redirect, &operation);
        added.map_err(|error| setup(env, &error))
    }

    /// How many calls JavaScript has taken since the start.
    #[napi]
    #[allow(
        clippy::cast_precision_loss,
        reason = "no process answers more than 2^53 calls"
    )]
    pub fn handler_calls(&self) -> f64 {
        self.app.handler_calls() as f64
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
        self.serve(Socket::at(&host, port, unix_path.as_deref(), is_shared))
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
        self.serve(Socket::Descriptor(descriptor))
    }

    /// How long [`stop`](Self::stop) lets running requests go on.
    #[napi]
    #[allow(clippy::cast_precision_loss, reason = "nobody waits for 2^53 milliseconds")]
    pub fn shutdown_timeout_ms(&self) -> f64 {
        self.app.settings().shutdown_timeout_ms as f64
    }

    /// Stops the server gracefully; the promise resolves when it has stopped.
    #[napi(ts_return_type = "Promise<void>")]
    pub fn stop<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        let (stopped, promise) = env.create_deferred()?;
        self.app
            .stop(false, move || stopped.resolve(|_| Ok(())))
            .map_err(|error| misuse(error.to_string()))?;
        Ok(promise)
    }

    /// Sends a request through the same service without a socket. `fields` are names and values, one after the other. Gives
    /// the promise of the answer and a function that cancels the request, after which the promise has `null`. Where the
    /// content `is_streamed`, there is what writes it too.
    #[napi(ts_return_type = "NativeExchange")]
    pub fn inject<'env>(
        &self,
        env: &'env Env,
        method: String,
        target: String,
        fields: Vec<Either<String, Uint8Array>>,
        body: Option<Uint8Array>,
        is_streamed: bool,
    ) -> Result<Object<'env>> {
        let fields = memory::fields(&fields);
        let (writer, content) = if is_streamed {
            let (writer, content) = ContentWriter::new();
            (Some(writer), content)
        } else {
            // A copy: JavaScript may change what it has at any time.
            let content = body.map_or_else(Bytes::new, |bytes| Bytes::copy_from_slice(&bytes));
            (None, content.into())
        };
        let (answered, promise) = env.create_deferred()?;
        let exchange = self
            .app
            .request(&method, &target, &fields, content, move |response| {
                answered.resolve(move |_| Ok(response.map(memory::answered)));
            })
            .map_err(|error| misuse(error.to_string()))?;
        let cancel = env.create_function_from_closure::<(), (), _>("cancel", move |_| {
            exchange.cancel();
            Ok(())
        })?;
        let mut object = Object::new(env)?;
        object.set("answer", promise)?;
        object.set("cancel", cancel)?;
        if let Some(writer) = writer {
            object.set("content", NativeContentWriter(writer).into_instance(env)?)?;
        }
        Ok(object)
    }

    /// Opens a socket without a connection. `fields` are names and values, one after the other. The promise has the answer where
    /// the socket is refused.
    #[napi(ts_return_type = "Promise<NativeClientSocket | NativeResponse>")]
    pub fn connect<'env>(
        &self,
        env: &'env Env,
        target: String,
        fields: Vec<Either<String, Uint8Array>>,
    ) -> Result<Object<'env>> {
        let fields = memory::fields(&fields);
        let (opened, promise) = env.create_deferred()?;
        self.app
            .connect(None, &target, &fields, move |socket| {
                opened.resolve(move |_| client_socket::opened(socket));
            })
            .map_err(|error| misuse(error.to_string()))?;
        Ok(promise)
    }

    /// Publishes a message on a channel. Gives how many subscribers got it.
    #[napi]
    pub fn publish(&self, channel: String, content: Content) -> u32 {
        count(self.app.hub().publish(&channel, socket::message(content)))
    }

    /// How many subscribers a channel has.
    #[napi]
    pub fn presence(&self, channel: String) -> u32 {
        count(self.app.hub().presence(&channel))
    }

    /// The messages of a channel as events, from behind the one that the client has seen last.
    #[napi(ts_return_type = "NativeChannel")]
    pub fn events(&self, channel: String, last_event_id: Option<String>) -> Result<NativeChannel> {
        NativeChannel::new(self.app.hub(), &channel, last_event_id.as_deref())
    }
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Binds a socket for several processes and gives its descriptor and its address. Starts no thread.
#[napi]
pub fn bind(host: String, port: u16, unix_path: Option<String>) -> Result<Either<Bound, Refusal>> {
    match listen::bind(Socket::at(&host, port, unix_path.as_deref(), false)) {
        Ok((descriptor, address)) => Ok(Either::A(Bound {
            address,
            descriptor: descriptor.into_raw_fd(),
        })),
        Err(error) => Refusal::of(&ListenError::System(error)).map(Either::B),
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
