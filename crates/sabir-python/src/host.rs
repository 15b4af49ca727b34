//! Running calls on an asyncio loop.

use std::{
    collections::VecDeque,
    os::fd::RawFd,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use pyo3::{PyTraverseError, PyVisit, prelude::*, types::PyTuple};
use sabir_core::{Body, Problem, body::FormReader, channel::Hub};
use sabir_host::{Application, Calls, Handlers, HostMessage, Opened, Pending, Queue, SocketNews, Wake};

use crate::{
    admission::NativeAdmission,
    arguments::Given,
    blocking::BlockingCall,
    call::{Mode, Target, Ticket},
    content::{self, NativeRequestContent},
    ended::Ended,
    error::unraisable,
    event_loop::EventLoop,
    hooks::Hooks,
    interpreter::Inside,
    request::NativeRequest,
    response::Responder,
    socket::NativeSocket,
    task::Tasks,
};

/// Runs the calls of one application.
#[pyclass(frozen, module = "sabir._sabir")]
pub(crate) struct Host {
    queue: Arc<Queue>,
    hub: Hub,
    form_reader: FormReader,
    pub(crate) handlers: Handlers<Target>,
    responder: Arc<Responder>,
    tasks: Py<Tasks>,
    batch: Mutex<VecDeque<HostMessage>>,
}

impl Host {
    /// What runs the calls of `app`, with the functions of the module `hooks`.
    pub(crate) fn new(py: Python<'_>, app: &Application, hooks: &Bound<'_, PyAny>) -> PyResult<Self> {
        let settings = app.settings();
        let submit = hooks.call_method1("handler_threads", (settings.handler_threads,))?;
        let responder = Arc::new(Responder {
            hooks: Hooks::read(hooks)?,
            queue: Arc::clone(app.queue()),
            submit: submit.unbind(),
            streams: Calls::default(),
            sockets: Calls::default(),
            reading: Calls::default(),
            ended: Arc::new(Ended::new(Arc::clone(app.queue()))),
            debug: settings.debug,
        });
        Ok(Self {
            queue: Arc::clone(app.queue()),
            hub: app.hub().clone(),
            form_reader: FormReader::new(settings),
            handlers: Handlers::default(),
            tasks: Py::new(py, Tasks::new(py, Arc::clone(&responder))?)?,
            responder,
            batch: Mutex::default(),
        })
    }

    /// Runs calls on `event_loop` from now on.
    pub(crate) fn attach(slf: &Bound<'_, Self>, event_loop: &Bound<'_, PyAny>) -> PyResult<()> {
        let host = slf.get();
        host.detach(slf.py())?;
        let attached = EventLoop::new(event_loop)?;
        let wake = attached.wake.clone();
        event_loop.call_method1("add_reader", (wake.descriptor(), slf.getattr("drain")?))?;
        host.tasks.get().attachment.replace(Some(Arc::new(attached)));
        host.queue.attach(Some(Box::new(wake)));
        Ok(())
    }

    /// Calls `callback` on the loop's thread; on this one when there is no loop any more.
    pub(crate) fn call_soon(&self, py: Python<'_>, callback: &Py<PyAny>) -> PyResult<()> {
        match self.tasks.get().attachment.get() {
            Ok(attached) => attached
                .object
                .call_method1(py, "call_soon_threadsafe", (callback,))
                .map(drop),
            Err(_) => callback.call0(py).map(drop),
        }
    }

    /// Whether something makes the content of an answer.
    pub(crate) fn makes_content(&self) -> bool {
        !self.responder.streams.is_empty()
    }

    /// Leaves the loop. Calls that arrive meanwhile wait for the next one.
    pub(crate) fn detach(&self, py: Python<'_>) -> PyResult<()> {
        let tasks = self.tasks.get();
        let Some(attached) = tasks.attachment.replace(None) else {
            return Ok(());
        };
        self.queue.attach(None);
        let streams: Vec<_> = self.responder.streams.take_all().collect();
        let sockets: Vec<_> = self.responder.sockets.take_all().collect();
        let spare = tasks.take_spare();
        let event_loop = attached.object.bind(py);
        if !event_loop.call_method0("is_closed")?.is_truthy()? {
            let descriptor: RawFd = attached.wake.descriptor();
            event_loop.call_method1("remove_reader", (descriptor,))?;
            for stream in streams {
                // Nobody would tell it any more that it has room, or that its client has left.
                stream.bind(py).call_method0("cancel")?;
            }
            for socket in sockets {
                socket.bind(py).call_method0("cancel")?;
            }
            if let Some(task) = spare {
                task.bind(py).call_method0("cancel")?;
            }
        }
        Ok(())
    }

    /// How many sockets have handlers at work.
    pub(crate) fn open_sockets(&self) -> usize {
        self.responder.sockets.count()
    }

    fn start(&self, py: Python<'_>, attached: &EventLoop, mut pending: Pending) {
        if pending.reply.is_abandoned() {
            return;
        }
        let Some(target) = self.handlers.get(pending.target) else {
            return;
        };
        if let Some(problem) = pending.call.refusal.take() {
            return self.refuse(py, attached, target, pending, &problem);
        }
        let arguments = self.arguments(py, &target, &mut pending);
        let Pending { id, call, reply, .. } = pending;
        let ticket = Ticket {
            id,
            target,
            head: call.head,
            reply,
        };
        let arguments = match arguments {
            Ok(arguments) => arguments,
            Err(error) => return self.responder.answer(py, ticket, Err(error), None),
        };
        let ended = match ticket.target.mode {
            Mode::Coroutine => {
                let target = Arc::clone(&ticket.target);
                Tasks::start(
                    self.tasks.bind(py),
                    attached,
                    ticket,
                    &target.function,
                    &arguments,
                )
            }
            Mode::Inline => self.call_inline(attached, ticket, &arguments),
            Mode::Blocking => self.submit(attached, ticket, &arguments),
        };
        if let Err(error) = ended {
            unraisable(py, &error);
        }
    }

    /// Has Python answer what the runtime refuses.
    fn refuse(
        &self,
        py: Python<'_>,
        attached: &EventLoop,
        target: Arc<Target>,
        pending: Pending,
        problem: &Problem,
    ) {
        let hooks = &self.responder.hooks;
        let (id, ended) = (pending.id, Arc::clone(&self.responder.ended));
        let request = NativeRequest::new(&pending.call, id, ended, self.form_reader);
        let arguments = hooks
            .make_request
            .bind(py)
            .call1((request, py.None()))
            .and_then(|request| {
                let problem = hooks
                    .make_problem
                    .bind(py)
                    .call((), Some(&content::described(py, problem)?))?;
                PyTuple::new(py, [request, problem])
            });
        let ticket = Ticket {
            id,
            target: Arc::clone(&target),
            head: pending.call.head,
            reply: pending.reply,
        };
        let ended = match (arguments, &target.refused) {
            (Ok(arguments), Some(function)) => {
                Tasks::start(self.tasks.bind(py), attached, ticket, function, &arguments)
            }
            (Ok(_), None) => {
                ticket.reply.answer(problem.clone().into_reply());
                Ok(())
            }
            (Err(error), _) => {
                self.responder.answer(py, ticket, Err(error), None);
                Ok(())
            }
        };
        if let Err(error) = ended {
            unraisable(py, &error);
        }
    }

    fn arguments<'py>(
        &self,
        py: Python<'py>,
        target: &Target,
        pending: &mut Pending,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let mut given = Given {
            hooks: &self.responder.hooks,
            ended: &self.responder.ended,
            id: pending.id,
            source: None,
            admission: None,
        };
        let Some(make) = target.arguments.content_maker(py) else {
            return target.arguments.build(py, &pending.call, &given);
        };
        let content = pending.take_content(&self.queue);
        // Whoever asks for it as a whole is told that it is not kept.
        pending.call.body = Body::Decoded;
        let native = NativeRequestContent::new(Arc::clone(&self.responder), pending.id, content);
        let content = make.bind(py).call1((native,))?;
        given.source = Some(&content);
        target.arguments.build(py, &pending.call, &given)
    }

    fn call_inline(
        &self,
        attached: &EventLoop,
        ticket: Ticket,
        arguments: &Bound<'_, PyTuple>,
    ) -> PyResult<()> {
        let py = arguments.py();
        let run = attached.context_run(py)?;
        let result = run.call1(prepend(ticket.target.function.bind(py), arguments)?);
        self.responder.answer(py, ticket, result, Some(&run));
        Ok(())
    }

    fn submit(&self, attached: &EventLoop, ticket: Ticket, arguments: &Bound<'_, PyTuple>) -> PyResult<()> {
        let py = arguments.py();
        let run = attached.context_run(py)?;
        let call = prepend(&run, &prepend(ticket.target.function.bind(py), arguments)?)?;
        let call = BlockingCall::new(
            Arc::clone(&self.responder),
            call.unbind(),
            ticket,
            attached.object.clone_ref(py),
        );
        self.responder
            .submit
            .bind(py)
            .call1((Bound::new(py, call)?,))
            .map(drop)
    }

    /// Starts the handler of a socket. What is refused before is the answer to the client that waits to be let in.
    fn open(&self, py: Python<'_>, opened: Opened) -> PyResult<()> {
        let Opened {
            id,
            target,
            call,
            socket,
            mut admission,
        } = opened;
        let Some(target) = self.handlers.get(target) else {
            return Ok(());
        };
        if admission
            .as_ref()
            .is_some_and(|admission| admission.is_abandoned())
        {
            return Ok(());
        }
        let responder = Arc::clone(&self.responder);
        let Some(native) = NativeSocket::new(responder, self.hub.clone(), self.form_reader, &call, socket)
        else {
            return Ok(());
        };
        let hooks = &self.responder.hooks;
        let convert = target.arguments.socket_converter(py);
        let running = hooks.open_socket.bind(py).call1((native, convert))?;
        let socket = running.getattr("socket")?;
        let mut own = None;
        if target.arguments.takes_admission()
            && let Some(admission) = admission.take()
        {
            let responder = Arc::clone(&self.responder);
            let native =
                NativeAdmission::new(responder, Arc::clone(&target), Arc::clone(&call.head), admission);
            own = Some(Bound::new(py, native)?.into_any());
        }
        let given = Given {
            hooks: &self.responder.hooks,
            ended: &self.responder.ended,
            id,
            source: Some(&socket),
            admission: own.as_ref(),
        };
        let arguments = target.arguments.build(py, &call, &given);
        let arguments = match (arguments, admission) {
            (Ok(arguments), None) => arguments,
            (Ok(arguments), Some(admission)) => {
                if !admission.accept() {
                    return Ok(());
                }
                arguments
            }
            (Err(error), None) => return Err(error),
            (Err(error), Some(admission)) => {
                admission.refuse(self.responder.refusal(py, &target, &error, &call.head));
                return Ok(());
            }
        };
        running
            .call_method1("start", (&target.function, arguments))
            .map(drop)
    }

    fn lock_batch(&self) -> MutexGuard<'_, VecDeque<HostMessage>> {
        self.batch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn prepend<'py>(first: &Bound<'py, PyAny>, rest: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyTuple>> {
    let objects: Vec<_> = std::iter::once(first.clone()).chain(rest.iter()).collect();
    PyTuple::new(first.py(), objects)
}

#[pymethods]
impl Host {
    /// Runs the calls that wait. The loop calls it when the eventfd is readable.
    pub(crate) fn drain(&self, py: Python<'_>) -> PyResult<()> {
        let Some(_inside) = Inside::unless_closed() else {
            return Ok(());
        };
        let tasks = self.tasks.get();
        let attached = tasks.attachment.get()?;
        let mut batch = std::mem::take(&mut *self.lock_batch());
        self.queue.take(&mut batch);
        for message in batch.drain(..) {
            match message {
                HostMessage::Call(pending) => self.start(py, &attached, *pending),
                HostMessage::Cancelled(id) => {
                    let cancelled = tasks
                        .cancel(py, id)
                        .and_then(|()| self.responder.tell_stream(py, id, "cancel"))
                        // One that was not let in yet.
                        .and_then(|()| self.responder.tell_socket(py, id, SocketNews::Gone));
                    if let Err(error) = cancelled {
                        unraisable(py, &error);
                    }
                }
                HostMessage::Opened(opened) => {
                    if let Err(error) = self.open(py, *opened) {
                        unraisable(py, &error);
                    }
                }
                HostMessage::Socket(id, news) => {
                    if let Err(error) = self.responder.tell_socket(py, id, news) {
                        unraisable(py, &error);
                    }
                }
                HostMessage::Content(id, piece) => {
                    let told = self.responder.reading.remove(id);
                    if let Some(done) = told
                        && let Err(error) = content::tell(done.bind(py), piece)
                    {
                        unraisable(py, &error);
                    }
                }
                HostMessage::Ended(id) => {
                    if let Err(error) = self.responder.call_ended(py, id) {
                        unraisable(py, &error);
                    }
                }
                HostMessage::Writable(id) => {
                    if let Err(error) = self.responder.tell_stream(py, id, "writable") {
                        unraisable(py, &error);
                    }
                }
            }
        }
        *self.lock_batch() = batch;
        // Cleared before going idle: a wake that comes after `try_sleep` must stay visible. While calls keep arriving
        // the counter is left set, and the loop comes back here after its other callbacks had their turn.
        attached.wake.clear();
        if !self.queue.try_sleep() {
            attached.wake.wake();
        }
        Ok(())
    }

    // The collector runs at any time, also while a lock is held: what cannot be seen then counts as used from outside, and is
    // looked at again the next time.
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.responder.submit)?;
        self.responder.streams.try_visit(|running| visit.call(running))?;
        self.responder.reading.try_visit(|done| visit.call(done))?;
        self.responder.ended.waiting.try_visit(|(callback, run)| {
            visit.call(callback)?;
            visit.call(run)
        })?;
        self.responder.sockets.try_visit(|running| visit.call(running))?;
        visit.call(&self.tasks)?;
        if let Some(handlers) = self.handlers.try_read() {
            handlers
                .iter()
                .flatten()
                .try_for_each(|target| Target::visit(target, &visit))?;
        }
        Ok(())
    }

    fn __clear__(&self) {
        self.handlers.clear();
        self.responder.streams.take_all().for_each(drop);
        self.responder.sockets.take_all().for_each(drop);
        self.responder.reading.take_all().for_each(drop);
        self.responder.ended.waiting.take_all().for_each(drop);
    }
}
